/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/terminal/ring.h"

#include <glib.h>
#include <string.h>

#define ROOM_FIRST ((size_t)16 * 1024)
#define LINE_MAX_LOOK 4096 /* bytes in which a line's end is looked for */

void inos_ring_init (struct inos_ring *ring, size_t most)
{
  *ring = (struct inos_ring){.most = most};
}

void inos_ring_finish (struct inos_ring *ring)
{
  g_clear_pointer (&ring->bytes, g_free);
  ring->room = 0;
}

static void grow (struct inos_ring *ring)
{
  size_t room = ring->room ? ring->room * 2 : MIN (ROOM_FIRST, ring->most);
  uint8_t *bytes = g_malloc (room);

  for (uint64_t at = ring->start; at < ring->end;) {
    size_t n;
    const uint8_t *from = inos_ring_peek (ring, at, &n);
    n = MIN (n, room - (size_t)(at & (room - 1)));
    memcpy (bytes + (at & (room - 1)), from, n);
    at += n;
  }
  g_free (ring->bytes);
  ring->bytes = bytes;
  ring->room = room;
}

uint8_t *inos_ring_space (struct inos_ring *ring, size_t *size)
{
  while (ring->room < ring->most && ring->end - ring->start + *size > ring->room)
    grow (ring);
  size_t index = (size_t)(ring->end & (ring->room - 1));
  *size = MIN (*size, ring->room - index);
  if (ring->end + *size - ring->start > ring->room)
    ring->start = ring->end + *size - ring->room;
  return ring->bytes + index;
}

void inos_ring_add (struct inos_ring *ring, size_t size)
{
  ring->end += size;
}

void inos_ring_put (struct inos_ring *ring, const void *bytes, size_t size)
{
  const uint8_t *from = bytes;

  while (size > 0) {
    size_t n = size;
    uint8_t *to = inos_ring_space (ring, &n);
    memcpy (to, from, n);
    inos_ring_add (ring, n);
    from += n;
    size -= n;
  }
}

const uint8_t *inos_ring_peek (const struct inos_ring *ring, uint64_t at, size_t *size)
{
  if (ring->room == 0) {
    *size = 0;
    return NULL;
  }
  size_t index = (size_t)(at & (ring->room - 1));
  *size = MIN ((size_t)(ring->end - at), ring->room - index);
  return ring->bytes + index;
}

uint64_t inos_ring_first_line (const struct inos_ring *ring)
{
  uint64_t limit = MIN (ring->end, ring->start + LINE_MAX_LOOK);

  if (ring->start == 0)
    return 0;
  for (uint64_t at = ring->start; at < limit;) {
    size_t n;
    const uint8_t *bytes = inos_ring_peek (ring, at, &n);
    n = MIN (n, (size_t)(limit - at));
    const uint8_t *line = memchr (bytes, '\n', n);
    if (line)
      return at + (uint64_t)(line - bytes) + 1;
    at += n;
  }
  return ring->start;
}
