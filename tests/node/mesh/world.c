/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"

#include "world.h"

#include <string.h>

#define WALL_AT_START G_GINT64_CONSTANT (1760000000000) /* ms since 1970 */

struct world_event {
  uint64_t time, sequence;
  world_happens happens;
  GDestroyNotify drop;
  void *data;
};

static bool is_before (const struct world_event *a, const struct world_event *b)
{
  return a->time != b->time ? a->time < b->time : a->sequence < b->sequence;
}

void world_init (struct world *world, uint64_t seed)
{
  *world = (struct world){.now = SECOND, .seed = seed, .heap = g_ptr_array_new()};
}

static void event_free (struct world_event *event)
{
  if (event->drop)
    event->drop (event->data);
  g_free (event);
}

void world_finish (struct world *world)
{
  for (unsigned i = 0; i < world->heap->len; i++)
    event_free (world->heap->pdata[i]);
  g_ptr_array_unref (world->heap);
}

/* splitmix64; source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators". */
uint64_t world_random (uint64_t *state)
{
  uint64_t z = *state += 0x9e3779b97f4a7c15;

  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

static uint64_t place_now (void *data)
{
  return ((struct world_place *)data)->world->now;
}

static int64_t place_wall (void *data)
{
  return WALL_AT_START + (int64_t)(((struct world_place *)data)->world->now / MS);
}

static void place_random (void *data, void *bytes, size_t len)
{
  struct world_place *place = data;

  for (size_t i = 0; i < len; i += 8) {
    uint64_t value = world_random (&place->random);
    memcpy ((uint8_t *)bytes + i, &value, MIN (8, len - i));
  }
}

void world_place_init (struct world *world, struct world_place *place)
{
  *place = (struct world_place){
    .world = world,
    .random = world_random (&world->seed),
    .env = {.data = place, .now = place_now, .wall = place_wall, .random = place_random},
  };
}

void world_at (struct world *world, uint64_t time, world_happens happens, GDestroyNotify drop,
               void *data)
{
  struct world_event *event = g_new0 (struct world_event, 1);
  unsigned at = world->heap->len;

  *event = (struct world_event){MAX (time, world->now), world->sequence++, happens, drop, data};
  g_ptr_array_add (world->heap, event);
  for (void **heap = world->heap->pdata; at > 0 && is_before (event, heap[(at - 1) / 2]);
       at = (at - 1) / 2) {
    heap[at] = heap[(at - 1) / 2];
    heap[(at - 1) / 2] = event;
  }
}

static struct world_event *pop (struct world *world)
{
  struct world_event *first = world->heap->pdata[0];
  struct world_event *last = g_ptr_array_steal_index_fast (world->heap, world->heap->len - 1);
  void **heap = world->heap->pdata;
  unsigned at = 0, len = world->heap->len;

  if (len == 0)
    return first;
  for (unsigned child = 1; child < len; child = 2 * at + 1) {
    if (child + 1 < len && is_before (heap[child + 1], heap[child]))
      child++;
    if (!is_before (heap[child], last))
      break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return first;
}

void world_run (struct world *world, uint64_t until)
{
  while (world->heap->len > 0 && ((struct world_event *)world->heap->pdata[0])->time <= until) {
    struct world_event *event = pop (world);
    world->now = event->time;
    world->happened++;
    event->happens (event->data);
    event_free (event);
  }
  world->now = until;
}
