/*
 * Senders that wait for room in a mailbox. Each keeps its messages itself, in order, and is on the
 * list of the one that it waits for first; whoever makes room there, or ends, tells it. Modelled in
 * tests/models/bounded.pml.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"

static bool waits_in_a_circle (struct inos_runtime *runtime, inos_actor_id self, inos_actor_id to)
{
  for (inos_actor_id at = to; at;) {
    if (at == self)
      return true;
    inos_actor_id *next = g_hash_table_lookup (runtime->waits, &at);
    at = next ? *next : 0;
  }
  return false;
}

/* Says that @self waits for @to. Returns: false where that would close a circle. */
static bool wait_for (struct inos_runtime *runtime, inos_actor_id self, inos_actor_id to)
{
  pthread_mutex_lock (&runtime->parking_lock);
  bool circle = waits_in_a_circle (runtime, self, to);
  if (!circle) {
    inos_actor_id *pair = g_new (inos_actor_id, 2);
    pair[0] = self;
    pair[1] = to;
    g_hash_table_replace (runtime->waits, &pair[0], &pair[1]);
  }
  pthread_mutex_unlock (&runtime->parking_lock);
  return !circle;
}

static void wait_no_more (struct inos_runtime *runtime, inos_actor_id self)
{
  pthread_mutex_lock (&runtime->parking_lock);
  g_hash_table_remove (runtime->waits, &self);
  pthread_mutex_unlock (&runtime->parking_lock);
}

/* Puts @self on the list of those that are told of room. Whoever makes room looks after it has made
 * it, and we look again after we are on the list, so one of the two sees the other. */
static void enlist (struct inos_worker *worker, struct inos_bound *bound, inos_actor_id self)
{
  struct inos_waiter *waiter = g_new (struct inos_waiter, 1);

  waiter->who = self;
  pthread_mutex_lock (&bound->lock);
  waiter->next = bound->waiters;
  bound->waiters = waiter;
  atomic_fetch_add (&bound->waiting, 1);
  pthread_mutex_unlock (&bound->lock);
  inos_barrier_for_all (worker->runtime->has_barriers);
}

void inos_waiters_wake (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_bound *bound = atomic_load_explicit (&cell->bound, memory_order_acquire);
  struct inos_waiter *next;

  pthread_mutex_lock (&bound->lock);
  struct inos_waiter *waiters = bound->waiters;
  bound->waiters = NULL;
  atomic_store (&bound->waiting, 0);
  pthread_mutex_unlock (&bound->lock);
  for (struct inos_waiter *w = waiters; w; w = next) {
    next = w->next;
    inos_signal (worker, w->who, INOS_SIGNAL_ROOM, inos_id_of (cell), (struct inos_exit){0});
    g_free (w);
  }
}

bool inos_has_parked_for (const struct inos_extra *extra, inos_actor_id to)
{
  for (const struct inos_parked *p = extra->parked; p; p = p->next)
    if (p->to == to)
      return true;
  return false;
}

static void park_envelope (struct inos_extra *extra, inos_actor_id to, struct inos_envelope *e,
                           const struct inos_route *again)
{
  struct inos_parked *parked = g_new (struct inos_parked, 1);

  *parked = (struct inos_parked){.envelope = e, .to = to, .again = again};
  *extra->parked_end = parked;
  extra->parked_end = &parked->next;
  extra->parked_count++;
}

/* Says in a signal that its receiver is on the list still. */
static const struct inos_exit still_listed = {INOS_EXIT_NORMAL, 1};

/* @from waits at @bound for the first of what it has parked. */
static void block (struct inos_worker *worker, struct inos_bound *bound, struct inos_cell *from,
                   inos_actor_id to)
{
  struct inos_extra *extra = from->extra;

  extra->blocked_on = to;
  extra->blocked_until = worker->now + atomic_load (&bound->block_timeout_ms) * INOS_MILLISECOND;
  inos_sweep_at (worker, from, extra->blocked_until);
  if (extra->listed_at != to)
    enlist (worker, bound, inos_id_of (from));
  extra->listed_at = to;
  if (inos_bound_has_low_water (bound)) /* before we were on the list, perhaps */
    inos_signal (worker, inos_id_of (from), INOS_SIGNAL_ROOM, to, still_listed);
}

static enum inos_sent refuse (struct inos_worker *worker, inos_actor_id to, struct inos_envelope *e,
                              enum inos_dead_reason reason, enum inos_sent sent)
{
  inos_dead_letter (worker, to, e, reason);
  return sent;
}

/* @e waits with its sender, @from. */
enum inos_sent inos_park (struct inos_worker *worker, struct inos_bound *bound, inos_actor_id to,
                          struct inos_envelope *e, struct inos_cell *from,
                          const struct inos_route *again)
{
  struct inos_extra *extra = inos_cell_extra (worker, from);

  if (!extra || extra->parked_count >= INOS_PARKED_MAX)
    return refuse (worker, to, e, INOS_DEAD_FULL, INOS_FULL);
  if (!extra->blocked_on) {
    if (!wait_for (worker->runtime, inos_id_of (from), to))
      return refuse (worker, to, e, INOS_DEAD_REFUSED, INOS_REFUSED);
    block (worker, bound, from, to);
  }
  park_envelope (extra, to, e, again ? again : atomic_load (&bound->pool));
  return INOS_PARKED;
}

static struct inos_envelope *take_parked (struct inos_extra *extra)
{
  struct inos_parked *parked = extra->parked;
  struct inos_envelope *e = parked->envelope;

  extra->parked = parked->next;
  if (!extra->parked)
    extra->parked_end = &extra->parked;
  extra->parked_count--;
  g_free (parked);
  return e;
}

static void unblock (struct inos_worker *worker, struct inos_cell *cell)
{
  cell->extra->blocked_on = 0;
  wait_no_more (worker->runtime, inos_id_of (cell));
}

/* The first that is parked goes to another of its pool; where there is none, nowhere. */
static void pick_anew (struct inos_worker *worker, struct inos_extra *extra)
{
  struct inos_parked *parked = extra->parked;
  struct inos_envelope *e = parked->envelope;
  inos_actor_id to = 0;

  if (parked->again && parked->picks++ < INOS_PICKS_MAX)
    to = inos_route_pick (worker, parked->again, e->key);
  if (to <= INOS_PICK_REFUSED) {
    to = parked->to;
    inos_dead_letter (worker, to, take_parked (extra), INOS_DEAD_GONE);
    return;
  }
  parked->to = to;
  e->generation = (uint32_t)(to >> 32);
}

/* Delivers the first that is parked, as far as it goes. Returns: false where it has to wait. */
static bool unpark_first (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_extra *extra = cell->extra;
  const struct inos_parked *parked = extra->parked;
  inos_actor_id to = parked->to;
  struct inos_cell *target = inos_cell_of (worker->runtime, to);

  if (!target) {
    pick_anew (worker, extra);
    return true;
  }
  enum inos_sent sent = inos_bound_retry (worker, target, parked->envelope, parked->again);
  if (sent != INOS_FULL) {
    if (sent == INOS_PASS_ON)
      pick_anew (worker, extra);
    else
      take_parked (extra);
    return true;
  }
  if (wait_for (worker->runtime, inos_id_of (cell), to)) {
    block (worker, atomic_load_explicit (&target->bound, memory_order_acquire), cell, to);
    return false;
  }
  inos_dead_letter (worker, to, take_parked (extra), INOS_DEAD_REFUSED);
  return true;
}

/* There may be room: delivers what is parked, as far as it goes. */
void inos_unpark (struct inos_worker *worker, struct inos_cell *cell, bool off_the_list)
{
  struct inos_extra *extra = cell->extra;

  if (!extra)
    return;
  if (off_the_list)
    extra->listed_at = 0;
  if (!extra->blocked_on)
    return;
  unblock (worker, cell);
  while (extra->parked)
    if (!unpark_first (worker, cell))
      return;
  inos_drain_look (worker, cell);
}

/* Gives up on what is parked: it waited too long, or its sender ends. */
void inos_parked_drop (struct inos_worker *worker, struct inos_cell *cell,
                       enum inos_dead_reason reason)
{
  struct inos_extra *extra = cell->extra;

  if (!extra || !extra->blocked_on)
    return;
  unblock (worker, cell);
  while (extra->parked) {
    inos_actor_id to = extra->parked->to;
    inos_dead_letter (worker, to, take_parked (extra), reason);
  }
}
