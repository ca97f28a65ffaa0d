/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/event.h"

#include <sanitizer/asan_interface.h> /* which does nothing where that does not look */
#include <sys/mman.h>

#define ROOM_FIRST_POWER 6u
#define ROOM_FIRST (1u << ROOM_FIRST_POWER) /* bytes; then 3/2 of it and twice as much, in turn */
#define ROOMS 24u
#define ROOM_OWN ROOMS   /* too large for the pool */
#define BLOCK (2u << 20) /* bytes: a large page */

struct unused {
  struct unused *next;
};

struct inos_sim_pool {
  struct unused *unused[ROOMS];
  GPtrArray *blocks; /* owned */
  uint8_t *at;       /* in the last block */
  size_t left;
};

static size_t size_of (unsigned room)
{
  return (size_t)ROOM_FIRST << room / 2 | (room % 2 ? (size_t)ROOM_FIRST << room / 2 >> 1 : 0);
}

static unsigned room_for (size_t size)
{
  if (size <= ROOM_FIRST)
    return 0;
  unsigned power = 63u - (unsigned)__builtin_clzll (size - 1);
  unsigned room = (power - ROOM_FIRST_POWER) * 2 + (size > (size_t)3 << (power - 1) ? 2 : 1);
  return MIN (room, ROOMS);
}

struct inos_sim_pool *inos_sim_pool_new (void)
{
  struct inos_sim_pool *pool = g_new0 (struct inos_sim_pool, 1);

  pool->blocks = g_ptr_array_new_with_free_func (g_aligned_free);
  return pool;
}

void inos_sim_pool_free (struct inos_sim_pool *pool)
{
  if (!pool)
    return;
  g_ptr_array_unref (pool->blocks);
  g_free (pool);
}

static void add_block (struct inos_sim_pool *pool)
{
  pool->at = g_aligned_alloc (1, BLOCK, BLOCK);
  pool->left = BLOCK;
  madvise (pool->at, BLOCK, MADV_HUGEPAGE);
  g_ptr_array_add (pool->blocks, pool->at);
}

static void *cut_off (struct inos_sim_pool *pool, size_t size)
{
  if (pool->left < size)
    add_block (pool);
  pool->left -= size;
  pool->at += size;
  return pool->at - size;
}

static void *take (struct inos_sim_pool *pool, unsigned room)
{
  struct unused *unused = pool->unused[room];

  if (!unused)
    return cut_off (pool, size_of (room));
  ASAN_UNPOISON_MEMORY_REGION (unused, size_of (room));
  pool->unused[room] = unused->next;
  return unused;
}

struct inos_sim_event *inos_sim_pool_event (struct inos_sim_pool *pool, size_t len)
{
  size_t size = offsetof (struct inos_sim_event, bytes) + len;
  unsigned room = room_for (size);
  struct inos_sim_event *event = room < ROOMS ? take (pool, room) : g_malloc (size);

  *event = (struct inos_sim_event){.room = (uint8_t)room, .len = (uint32_t)len};
  if (room < ROOMS)
    ASAN_POISON_MEMORY_REGION (event->bytes + len, size_of (room) - size);
  return event;
}

void inos_sim_pool_drop (struct inos_sim_pool *pool, struct inos_sim_event *event)
{
  unsigned room = event->room;

  if (room == ROOM_OWN) {
    g_free (event);
    return;
  }
  struct unused *unused = (struct unused *)event;
  ASAN_UNPOISON_MEMORY_REGION (unused, sizeof *unused);
  unused->next = pool->unused[room];
  pool->unused[room] = unused;
  ASAN_POISON_MEMORY_REGION (unused, size_of (room));
}
