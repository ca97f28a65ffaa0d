/*
 * How a pool picks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/pool-private.h"

#include <stdlib.h>
#include <string.h>

_Static_assert (INOS_POOL_MAX == INOS_MEMBERS_MAX, "a pool is as large as its table");

/* PCG, https://www.pcg-random.org, RXS M XS 32. */
static uint32_t draw (struct inos_worker *worker)
{
  uint32_t state = worker->random;

  worker->random = state * 747796405u + 2891336453u;
  state = ((state >> ((state >> 28) + 4)) ^ state) * 277803737u;
  return state >> 22 ^ state;
}

static inline uint32_t below (uint32_t bits16, uint32_t limit)
{
  return (bits16 & 0xffff) * limit >> 16;
}

static inos_actor_id pick_in_turn (struct inos_worker *worker, const struct inos_route *route,
                                   uint32_t key)
{
  return inos_roster_next (&((struct inos_pool *)route)->members, worker);
}

static inos_actor_id pick_anew (struct inos_worker *worker, const struct inos_route *route,
                                uint32_t key)
{
  char *pool = (char *)route - offsetof (struct inos_pool, in_turn);

  return inos_roster_next (&((struct inos_pool *)(void *)pool)->members, worker);
}

static inos_actor_id pick_at_random (struct inos_worker *worker, const struct inos_route *route,
                                     uint32_t key)
{
  const struct inos_pool *pool = (const struct inos_pool *)route;
  uint32_t count = inos_roster_count (&pool->members);

  return count ? inos_roster_at (&pool->members, below (draw (worker), count)) : 0;
}

static uint32_t length_at (struct inos_pool *pool, uint32_t place)
{
  return inos_bound_length (atomic_load_explicit (&pool->bound[place], memory_order_acquire));
}

static inos_actor_id pick_least (struct inos_worker *worker, const struct inos_route *route,
                                 uint32_t key)
{
  struct inos_pool *pool = (struct inos_pool *)route;
  uint32_t count = inos_roster_count (&pool->members);

  if (UNLIKELY (count < 2))
    return count ? inos_roster_at (&pool->members, 0) : 0;
  uint32_t drawn = draw (worker);
  uint32_t a = below (drawn, count), b = below (drawn >> 16, count - 1);
  b += b >= a;
  return inos_roster_at (&pool->members, length_at (pool, a) <= length_at (pool, b) ? a : b);
}

static inos_actor_id pick_by_key (struct inos_worker *worker, const struct inos_route *route,
                                  uint32_t key)
{
  struct inos_pool *pool = (struct inos_pool *)route;

  return key ? inos_roster_of_key (&pool->members, key) : inos_roster_next (&pool->members, worker);
}

/* The bound of the cell that had @id, which may be gone already. A cell keeps it. */
static struct inos_bound *bound_of (struct inos_runtime *runtime, inos_actor_id id)
{
  uint32_t index = (uint32_t)id;
  struct inos_cell *chunk = atomic_load (&runtime->chunks[index / INOS_CHUNK]);

  return atomic_load (&chunk[index % INOS_CHUNK].bound);
}

void inos_pool_put_at (struct inos_runtime *runtime, struct inos_pool *pool, uint32_t place,
                       inos_actor_id member)
{
  atomic_store (&pool->bound[place], bound_of (runtime, member));
  atomic_store (&pool->members.id[place], member);
}

bool inos_pool_put_in (struct inos_runtime *runtime, struct inos_pool *pool, inos_actor_id member)
{
  uint32_t place = inos_roster_count (&pool->members);

  if (place == INOS_MEMBERS_MAX)
    return false;
  atomic_store (&pool->bound[place], bound_of (runtime, member));
  return inos_roster_add (&pool->members, member);
}

void inos_pool_take_out (struct inos_pool *pool, uint32_t place)
{
  uint32_t last = inos_roster_count (&pool->members) - 1;

  atomic_store (&pool->bound[place], atomic_load (&pool->bound[last]));
  inos_roster_remove (&pool->members, place);
}

uint64_t inos_pool_waiting (struct inos_pool *pool)
{
  uint32_t count = inos_roster_count (&pool->members);
  uint64_t sum = 0;

  for (uint32_t place = 0; place < count; place++)
    sum += length_at (pool, place);
  return sum;
}

static void complete (struct inos_pool_config *config)
{
  config->min = CLAMP (config->min, 1, INOS_POOL_MAX);
  config->max = config->max ? CLAMP (config->max, config->min, INOS_POOL_MAX) : INOS_POOL_MAX;
  config->size = CLAMP (config->size, config->min, config->max);
  config->looks = config->looks ? config->looks : 3;
  config->restarts_period = config->restarts_period ? config->restarts_period : 5 * INOS_SECOND;
  if (config->capacity == 0) { /* it counts, and is never full */
    config->capacity = UINT32_MAX;
    config->on_full = INOS_ON_FULL_FAIL;
  }
}

static void free_pool (struct inos_route *route)
{
  pthread_mutex_destroy (&((struct inos_pool *)route)->lock);
  free (route);
}

static struct inos_route *make (struct inos_runtime *runtime, const char *name, const void *data)
{
  static inos_actor_id (*const picks[]) (struct inos_worker *worker, const struct inos_route *route,
                                         uint32_t key) = {pick_in_turn, pick_least, pick_at_random,
                                                          pick_by_key};
  const struct inos_pool_config *config = data;
  void *place;

  if (posix_memalign (&place, _Alignof (struct inos_pool),
                      sizeof (struct inos_pool) + config->argument_size) != 0)
    return NULL;
  struct inos_pool *pool = memset (place, 0, sizeof *pool);
  pool->route = (struct inos_route){
    .pick = picks[config->strategy], .free = free_pool, .again = &pool->in_turn, .drains = true};
  if (config->strategy == INOS_POOL_IN_TURN || config->strategy == INOS_POOL_BY_KEY)
    pool->route.again = &pool->route;
  pool->in_turn = (struct inos_route){.pick = pick_anew, .drains = true};
  pthread_mutex_init (&pool->lock, NULL);
  pool->config = *config;
  complete (&pool->config);
  if (config->argument_size)
    memcpy (pool->argument, config->argument, config->argument_size);
  pool->config.argument = pool->argument;
  return &pool->route;
}

struct inos_address inos_pool_define (struct inos_runtime *runtime, const char *name,
                                      const struct inos_pool_config *config)
{
  g_return_val_if_fail (config->strategy <= INOS_POOL_BY_KEY, (struct inos_address){0});
  return (struct inos_address){.route = inos_route_intern (runtime, "pool", name, make, config)};
}
