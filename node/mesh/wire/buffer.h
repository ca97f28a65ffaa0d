/*
 * Bytes that come in at the end and leave at the beginning: what a socket has given and nobody has
 * understood yet, or what waits to be sent. A zeroed one is empty and needs no init.
 *
 * It grows as far as it is told to: who fills it with what a stranger sends asks
 * inos_buffer_len() against a limit first. For one thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inos_buffer {
  uint8_t *bytes;          /* owned */
  size_t head, tail, size; /* what is in it lies from head to tail */
};

static inline size_t inos_buffer_len (const struct inos_buffer *buffer)
{
  return buffer->tail - buffer->head;
}

/** inos_buffer_data: the first byte that is in it; until it is changed. */
static inline uint8_t *inos_buffer_data (const struct inos_buffer *buffer)
{
  return buffer->head ? buffer->bytes + buffer->head : buffer->bytes; /* which may be NULL */
}

/**
 * inos_buffer_reserve:
 * @room: bytes
 *
 * Returns: where at least @room bytes may be written, to be taken in by inos_buffer_commit().
 */
uint8_t *inos_buffer_reserve (struct inos_buffer *buffer, size_t room);
/** inos_buffer_commit: @len of the bytes that were written where inos_buffer_reserve() said. */
void inos_buffer_commit (struct inos_buffer *buffer, size_t len);
/** inos_buffer_append: copies @len bytes to the end; @bytes may be NULL where @len is 0. */
void inos_buffer_append (struct inos_buffer *buffer, const void *bytes, size_t len);
/** inos_buffer_consume: drops @len bytes, of which there are so many, from the beginning. */
void inos_buffer_consume (struct inos_buffer *buffer, size_t len);
/** inos_buffer_clear: empties it and frees its memory. Safe to call twice. */
void inos_buffer_clear (struct inos_buffer *buffer);
