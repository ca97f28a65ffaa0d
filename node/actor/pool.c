/*
 * The actor that runs a pool.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/pool-private.h"

#include <errno.h>

struct size {
  uint32_t size;
};

#define POOL(MESSAGE, REQUEST)                                                                     \
  MESSAGE (inos_pool, resize, struct size, 1, INOS_PRIORITY (INOS_PRIORITY_HIGH))                  \
  MESSAGE (inos_pool, look_at_load, struct inos_nothing, 1)
INOS_PROTOCOL (inos_pool, POOL);
INOS_PROTOCOL_DEFINE (inos_pool, POOL);

struct state {
  struct inos_pool *pool; /* NULL: not ours */
  inos_actor_id self;
  GArray *leaving; /* ids of members that finish what they have */
  bool ending;
  struct inos_exit reason; /* where it is ending */
  uint32_t long_looks, short_looks;
  uint64_t died_began; /* ns; of the window that `died` counts in */
  uint32_t died;
};

static struct inos_spawn how_a_member_is_made (const struct inos_pool *pool, inos_actor_id watcher)
{
  const struct inos_pool_config *config = &pool->config;

  return (struct inos_spawn){.behaviour = config->behaviour,
                             .argument = config->argument,
                             .argument_size = config->argument_size,
                             .capacity = config->capacity,
                             .on_full = config->on_full,
                             .block_timeout_ms = config->block_timeout_ms,
                             .watcher = watcher,
                             .link = true,
                             .pool = pool->route.again};
}

static inos_actor_id spawn_member (struct state *self, struct inos_context *context)
{
  const struct inos_spawn how = how_a_member_is_made (self->pool, self->self);
  inos_actor_id id = inos_spawn_actor (context, &how);

  if (!id)
    g_warning ("A pool has a member less: there is no memory, or there are too many actors.");
  return id;
}

static bool grow (struct state *self, struct inos_context *context)
{
  inos_actor_id id = spawn_member (self, context);

  return id && inos_pool_put_in (context->runtime, self->pool, id);
}

static void shrink (struct state *self, struct inos_context *context)
{
  uint32_t last = inos_roster_count (&self->pool->members) - 1;
  inos_actor_id id = inos_roster_at (&self->pool->members, last);

  g_array_append_val (self->leaving, id);
  atomic_store (&self->pool->draining, self->leaving->len);
  inos_pool_take_out (self->pool, last);
  inos_signal (context->worker, id, INOS_SIGNAL_DRAIN, self->self, (struct inos_exit){0});
}

static void set_size (struct state *self, struct inos_context *context, uint32_t size)
{
  struct inos_pool *pool = self->pool;

  size = CLAMP (size, pool->config.min, pool->config.max);
  while (inos_roster_count (&pool->members) < size && grow (self, context))
    atomic_fetch_add (&pool->grown, 1);
  while (inos_roster_count (&pool->members) > size) {
    shrink (self, context);
    atomic_fetch_add (&pool->shrunk, 1);
  }
}

/* Makes @self the one that runs @pool. Those members that inos_pool_new() has made are there. */
static bool take_over (struct state *self, struct inos_context *context, struct inos_pool *pool)
{
  pthread_mutex_lock (&pool->lock);
  inos_actor_id actor = atomic_load (&pool->actor);
  bool mine = actor == self->self || actor == 0;
  if (mine) {
    self->pool = pool;
    atomic_store (&pool->actor, self->self);
  }
  pthread_mutex_unlock (&pool->lock);
  for (uint32_t i = 0; mine && i < inos_roster_count (&pool->members); i++)
    inos_link (context, inos_roster_at (&pool->members, i));
  return mine;
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  struct state *self = state;
  struct inos_pool *pool = (struct inos_pool *)((const struct inos_address *)argument)->route;

  self->self = inos_self (context);
  if (!take_over (self, context, pool))
    return inos_fail (context, EBUSY, "the pool is run by another actor already");
  self->leaving = g_array_new (FALSE, FALSE, sizeof (inos_actor_id));
  while (inos_roster_count (&pool->members) < pool->config.size)
    if (!grow (self, context))
      return inos_fail (context, ENOMEM, "the pool's members cannot be made");
  if (pool->config.look_every)
    inos_pool_send_look_at_load_after (context, (inos_pool_ref){INOS_TO (self->self)}, INOS_NOTHING,
                                       pool->config.look_every, pool->config.look_every);
  return INOS_OK;
}

/* Also where it was killed: the members, which are linked to it, go after this. */
static void clear (void *state)
{
  struct state *self = state;

  if (!self->pool)
    return;
  pthread_mutex_lock (&self->pool->lock);
  for (uint32_t count = inos_roster_count (&self->pool->members); count-- > 0;)
    inos_pool_take_out (self->pool, count);
  atomic_store (&self->pool->draining, 0);
  atomic_store (&self->pool->actor, 0);
  pthread_mutex_unlock (&self->pool->lock);
  g_array_unref (self->leaving);
}

INOS_HANDLE (inos_pool, resize, struct state)
{
  if (!self->ending)
    set_size (self, context, message->size);
  return INOS_OK;
}

INOS_HANDLE (inos_pool, look_at_load, struct state)
{
  const struct inos_pool_config *config = &self->pool->config;
  uint32_t count = inos_roster_count (&self->pool->members);
  uint64_t waiting = inos_pool_waiting (self->pool);

  self->long_looks = waiting > (uint64_t)config->grow_above * count ? self->long_looks + 1 : 0;
  self->short_looks = waiting < (uint64_t)config->shrink_below * count ? self->short_looks + 1 : 0;
  if (self->ending || MAX (self->long_looks, self->short_looks) < config->looks)
    return INOS_OK;
  set_size (self, context, self->long_looks ? count + 1 : count - 1);
  self->long_looks = self->short_looks = 0;
  return INOS_OK;
}

static bool too_many_died (struct state *self, struct inos_context *context)
{
  const struct inos_pool_config *config = &self->pool->config;
  uint32_t most =
    config->restarts_max ? config->restarts_max : 3 * inos_roster_count (&self->pool->members);

  if (self->died == 0 || inos_now (context) - self->died_began > config->restarts_period) {
    self->died_began = inos_now (context);
    self->died = 0;
  }
  return ++self->died > most;
}

static enum inos_outcome replace (struct state *self, struct inos_context *context, uint32_t place,
                                  struct inos_exit reason)
{
  if (too_many_died (self, context))
    return inos_fail (context, reason.code, "too many members of the pool died");
  inos_actor_id id = spawn_member (self, context);
  if (id)
    inos_pool_put_at (context->runtime, self->pool, place, id);
  else
    inos_pool_take_out (self->pool, place);
  atomic_fetch_add (&self->pool->replaced, 1);
  return INOS_OK;
}

static guint place_in_leaving (const struct state *self, inos_actor_id who)
{
  guint i = 0;

  while (i < self->leaving->len && g_array_index (self->leaving, inos_actor_id, i) != who)
    i++;
  return i;
}

static enum inos_outcome on_down (void *state, struct inos_context *context, inos_actor_id who,
                                  struct inos_exit reason)
{
  struct state *self = state;
  uint32_t place = inos_roster_find (&self->pool->members, who);

  if (place < INOS_MEMBERS_MAX)
    return replace (self, context, place, reason);
  guint i = place_in_leaving (self, who);
  if (i < self->leaving->len)
    g_array_remove_index_fast (self->leaving, i);
  atomic_store (&self->pool->draining, self->leaving->len);
  return self->ending && self->leaving->len == 0 ? inos_done_with (context, self->reason) : INOS_OK;
}

static enum inos_outcome on_exit_of (void *state, struct inos_context *context, inos_actor_id who,
                                     struct inos_exit reason)
{
  struct state *self = state;

  /* Of a member on_down says it; that one had gone before it was linked may come after that. */
  if (self->ending || reason.kind == INOS_EXIT_NOBODY ||
      inos_roster_find (&self->pool->members, who) < INOS_MEMBERS_MAX ||
      place_in_leaving (self, who) < self->leaving->len)
    return INOS_OK;
  self->ending = true;
  self->reason = reason;
  while (inos_roster_count (&self->pool->members) > 0)
    shrink (self, context);
  return self->leaving->len == 0 ? inos_done_with (context, reason) : INOS_OK;
}

INOS_BEHAVIOUR (inos_pool, POOL, struct state, .pre_start = pre_start, .on_down = on_down,
                .on_exit = on_exit_of, .clear = clear);

/* An actor for @pool, and its first members, so that it can be sent to at once. */
static void run (struct inos_runtime *runtime, struct inos_pool *pool)
{
  const struct inos_address address = {.route = &pool->route};
  const struct inos_spawn how = {
    .behaviour = &inos_pool_behaviour, .argument = &address, .argument_size = sizeof address};
  inos_actor_id actor = inos_runtime_spawn (runtime, &how);
  const struct inos_spawn member = how_a_member_is_made (pool, actor);

  atomic_store (&pool->actor, actor);
  for (uint32_t i = 0; actor && i < pool->config.size; i++) {
    inos_actor_id id = inos_runtime_spawn (runtime, &member);
    if (id)
      inos_pool_put_in (runtime, pool, id);
  }
}

struct inos_address inos_pool_new (struct inos_runtime *runtime, const char *name,
                                   const struct inos_pool_config *config)
{
  struct inos_address address = inos_pool_define (runtime, name, config);
  struct inos_pool *pool = (struct inos_pool *)address.route;

  if (!pool)
    return address;
  pthread_mutex_lock (&pool->lock);
  if (atomic_load (&pool->actor) == 0)
    run (runtime, pool);
  pthread_mutex_unlock (&pool->lock);
  return address;
}

void inos_pool_resize (struct inos_runtime *runtime, struct inos_address pool, uint32_t size)
{
  inos_actor_id actor = atomic_load (&((struct inos_pool *)pool.route)->actor);

  inos_pool_post_resize (runtime, (inos_pool_ref){INOS_TO (actor)}, (struct size){size});
}

void inos_pool_look (struct inos_runtime *runtime, struct inos_address address,
                     struct inos_pool_state *state)
{
  struct inos_pool *pool = (struct inos_pool *)address.route;

  *state = (struct inos_pool_state){.actor = atomic_load (&pool->actor),
                                    .members = inos_roster_count (&pool->members),
                                    .draining = atomic_load (&pool->draining),
                                    .waiting = inos_pool_waiting (pool),
                                    .replaced = atomic_load (&pool->replaced),
                                    .grown = atomic_load (&pool->grown),
                                    .shrunk = atomic_load (&pool->shrunk)};
}
