/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/opening.h"

#include "node/mesh/wire/varint.h"

#include <glib.h>

/* The length, byte by byte: what follows it may be somebody else's. Returns: bytes used; -1: it is
 * wrong. */
static gssize feed_head (struct inos_opening *opening, size_t max, const uint8_t *bytes, size_t len)
{
  size_t used = 0;

  while (opening->head == 0 && used < len) {
    uint64_t size;
    inos_buffer_append (&opening->bytes, bytes + used++, 1);
    int read = inos_varint_get (inos_buffer_data (&opening->bytes),
                                inos_buffer_len (&opening->bytes), &size);
    if (read < 0 || (read > 0 && size > max))
      return -1;
    if (read > 0) {
      opening->head = (size_t)read;
      opening->size = (size_t)size;
    }
  }
  return (gssize)used;
}

enum inos_opening_state inos_opening_feed (struct inos_opening *opening, size_t max,
                                           const uint8_t *bytes, size_t len, size_t *used)
{
  gssize head = feed_head (opening, max, bytes, len);

  *used = head > 0 ? (size_t)head : 0;
  if (head < 0)
    return INOS_OPENING_WRONG;
  if (opening->head == 0)
    return INOS_OPENING_MORE;
  size_t left = opening->head + opening->size - inos_buffer_len (&opening->bytes);
  size_t rest = MIN (left, len - *used);
  inos_buffer_append (&opening->bytes, bytes + *used, rest);
  *used += rest;
  return rest == left ? INOS_OPENING_WHOLE : INOS_OPENING_MORE;
}

const uint8_t *inos_opening_message (const struct inos_opening *opening, size_t *len)
{
  *len = opening->size;
  return inos_buffer_data (&opening->bytes) + opening->head;
}

void inos_opening_clear (struct inos_opening *opening)
{
  inos_buffer_clear (&opening->bytes);
  *opening = (struct inos_opening){0};
}
