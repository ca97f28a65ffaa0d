/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/buffer.h"

#include <string.h>

#define FIRST_SIZE 256u
#define KEPT_SIZE 65536u /* an empty buffer keeps no more than this */

static void make_room (struct inos_buffer *buffer, size_t room)
{
  size_t len = inos_buffer_len (buffer);

  if (buffer->bytes && buffer->head > 0 && (len == 0 || buffer->head >= len)) {
    memmove (buffer->bytes, buffer->bytes + buffer->head, len);
    buffer->head = 0;
    buffer->tail = len;
  }
  if (buffer->size - buffer->tail >= room)
    return;
  g_assert (room < G_MAXSSIZE / 2 && buffer->size < G_MAXSSIZE / 2);
  size_t size = MAX (buffer->size, FIRST_SIZE);
  while (size - buffer->tail < room)
    size *= 2;
  buffer->bytes = g_realloc (buffer->bytes, size);
  buffer->size = size;
}

uint8_t *inos_buffer_reserve (struct inos_buffer *buffer, size_t room)
{
  if (!buffer->bytes || buffer->size - buffer->tail < room)
    make_room (buffer, room);
  return buffer->bytes + buffer->tail;
}

void inos_buffer_commit (struct inos_buffer *buffer, size_t len)
{
  g_assert (buffer->size - buffer->tail >= len);
  buffer->tail += len;
}

void inos_buffer_append (struct inos_buffer *buffer, const void *bytes, size_t len)
{
  if (len == 0)
    return;
  memcpy (inos_buffer_reserve (buffer, len), bytes, len);
  buffer->tail += len;
}

void inos_buffer_consume (struct inos_buffer *buffer, size_t len)
{
  g_assert (len <= inos_buffer_len (buffer));
  buffer->head += len;
  if (buffer->head < buffer->tail)
    return;
  buffer->head = buffer->tail = 0;
  if (buffer->size > KEPT_SIZE)
    inos_buffer_clear (buffer);
}

void inos_buffer_clear (struct inos_buffer *buffer)
{
  g_free (buffer->bytes);
  *buffer = (struct inos_buffer){0};
}
