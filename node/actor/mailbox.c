/*
 * Mailboxes that are more than a queue: with a bound, with priorities.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"
#include "node/actor/queue.h"

#define DRAIN 256 /* envelopes sorted into lanes at once */
#define AGE 32    /* how often more urgent ones may go before */

/* Priorities */

static struct inos_lanes *lanes_of (struct inos_cell *cell)
{
  struct inos_lanes *lanes = atomic_load_explicit (&cell->lanes, memory_order_acquire);

  if (!lanes) {
    lanes = g_try_new0 (struct inos_lanes, 1);
    atomic_store_explicit (&cell->lanes, lanes, memory_order_release);
  }
  return lanes;
}

static void lane_append (struct inos_lane *lane, struct inos_envelope *e)
{
  atomic_store_explicit (&e->next, NULL, memory_order_relaxed);
  if (lane->last)
    atomic_store_explicit (&lane->last->next, e, memory_order_relaxed);
  else
    lane->first = e;
  lane->last = e;
}

static struct inos_envelope *lane_remove (struct inos_lane *lane, struct inos_envelope *before,
                                          struct inos_envelope *e)
{
  struct inos_envelope *next = atomic_load_explicit (&e->next, memory_order_relaxed);

  if (before)
    atomic_store_explicit (&before->next, next, memory_order_relaxed);
  else
    lane->first = next;
  if (lane->last == e)
    lane->last = before;
  return e;
}

/* Takes what has come out of the queue and into its lane. */
static void drain (struct inos_cell *cell, struct inos_lanes *lanes)
{
  for (unsigned i = 0; i < DRAIN && !inos_queue_is_held_empty (cell); i++) {
    struct inos_envelope *e = inos_queue_first (cell);
    inos_queue_advance (cell, e, INOS_HELD);
    lane_append (&lanes->lane[e->flags & INOS_E_PRIORITY], e);
    lanes->length++;
  }
}

/* The most urgent lane that has something, or one that was passed over too often. */
static struct inos_lane *choose (struct inos_lanes *lanes)
{
  struct inos_lane *chosen = NULL;

  for (unsigned i = 0; i < INOS_PRIORITIES; i++) {
    struct inos_lane *lane = &lanes->lane[i];
    if (!lane->first)
      continue;
    if (!chosen || ++lane->passed >= AGE)
      chosen = lane;
  }
  if (chosen)
    chosen->passed = 0;
  return chosen;
}

static struct inos_envelope *next_of (struct inos_cell *cell, struct inos_lanes *lanes)
{
  drain (cell, lanes);
  struct inos_lane *lane = choose (lanes);
  if (!lane)
    return NULL;
  lanes->length--;
  return lane_remove (lane, NULL, lane->first);
}

/* Held mode: the next envelope, out of the queue; NULL: there is none. */
struct inos_envelope *inos_lanes_next (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_bound *bound =
    atomic_load_explicit (&cell->flags, memory_order_relaxed) & INOS_C_OLDEST
      ? atomic_load_explicit (&cell->bound, memory_order_acquire)
      : NULL;
  struct inos_lanes *lanes = lanes_of (cell);
  struct inos_envelope *e;
  bool last = false;

  if (!lanes) { /* no memory: in the order they came */
    if (inos_queue_is_held_empty (cell))
      return NULL;
    e = inos_queue_first (cell);
    inos_queue_advance (cell, e, INOS_HELD);
    return e;
  }
  if (!bound)
    return next_of (cell, lanes);
  pthread_mutex_lock (&bound->lock);
  e = next_of (cell, lanes);
  if (e && e->counted) {
    last = inos_bound_give (bound, worker->runtime->has_barriers);
    e->counted = false;
  }
  pthread_mutex_unlock (&bound->lock);
  if (UNLIKELY (last))
    inos_drain_look (worker, cell);
  return e;
}

/* Held mode: gives the cell up. Where the oldest are dropped, under the lock: who drops may be
 * taking the queue apart just now. Returns: false where something has come. */
bool inos_lanes_release (struct inos_cell *cell)
{
  struct inos_bound *bound;
  struct inos_lanes *lanes;

  if (!(atomic_load_explicit (&cell->flags, memory_order_relaxed) & INOS_C_OLDEST))
    return inos_queue_release (cell);
  bound = atomic_load_explicit (&cell->bound, memory_order_acquire);
  lanes = atomic_load_explicit (&cell->lanes, memory_order_acquire);
  pthread_mutex_lock (&bound->lock);
  bool released = lanes->length == 0 && inos_queue_release (cell);
  pthread_mutex_unlock (&bound->lock);
  return released;
}

/* Bounds */

bool inos_bound_make (struct inos_cell *cell, const struct inos_spawn *spawn)
{
  struct inos_bound *bound = atomic_load_explicit (&cell->bound, memory_order_acquire);

  if (!bound) {
    bound = g_try_new0 (struct inos_bound, 1);
    if (!bound)
      return false;
    pthread_mutex_init (&bound->lock, NULL);
  }
  atomic_store (&bound->pool, spawn->pool);
  atomic_store (&bound->capacity, MIN (spawn->capacity, INOS_CLOSED - 1));
  atomic_store (&bound->on_full, spawn->on_full);
  atomic_store (&bound->block_timeout_ms, spawn->block_timeout_ms ? spawn->block_timeout_ms : 5000);
  atomic_fetch_and (&bound->taken, ~INOS_CLOSED); /* of the actor before */
  atomic_store_explicit (&cell->bound, bound, memory_order_release);
  return spawn->on_full != INOS_ON_FULL_DROP_OLDEST || lanes_of (cell);
}

void inos_bound_free (struct inos_bound *bound)
{
  struct inos_waiter *next;

  if (!bound)
    return;
  for (struct inos_waiter *w = bound->waiters; w; w = next) {
    next = w->next;
    g_free (w);
  }
  pthread_mutex_destroy (&bound->lock);
  g_free (bound);
}

static enum inos_sent admit (struct inos_worker *worker, struct inos_cell *cell,
                             struct inos_envelope *e)
{
  e->counted = true;
  inos_push (worker, cell, e);
  return INOS_ACCEPTED;
}

/* Whether the actor that @e is for takes no more, now that there was @room in the mailbox or not.
 * Where there was, and it is still the one that @again picked, it will come to handle @e: it does
 * not end by being drained while its mailbox counts anything. */
static inline bool takes_no_more (struct inos_cell *cell, struct inos_bound *bound,
                                  const struct inos_envelope *e, const struct inos_route *again,
                                  bool room)
{
  if (!room && inos_bound_is_closed (bound))
    return true;
  return again && UNLIKELY (atomic_load (&cell->generation) != e->generation);
}

/* Tells those who wait for room, where there is much again. */
static inline void wake_where_low (struct inos_worker *worker, struct inos_cell *cell,
                                   struct inos_bound *bound)
{
  if (UNLIKELY (atomic_load (&bound->waiting) > 0) && inos_bound_has_low_water (bound))
    inos_waiters_wake (worker, cell);
}

/* Gives the room back. */
static enum inos_sent pass_back (struct inos_worker *worker, struct inos_cell *cell, bool room)
{
  struct inos_bound *bound = atomic_load_explicit (&cell->bound, memory_order_relaxed);

  if (!room)
    return INOS_PASS_ON;
  if (inos_bound_take_back (bound))
    inos_drain_look (worker, cell);
  wake_where_low (worker, cell, bound);
  return INOS_PASS_ON;
}

static enum inos_sent drop (struct inos_worker *worker, inos_actor_id to, struct inos_envelope *e,
                            enum inos_dead_reason reason, enum inos_sent sent)
{
  inos_dead_letter (worker, to, e, reason);
  return sent;
}

static struct inos_envelope *find_oldest (struct inos_lanes *lanes)
{
  for (unsigned i = INOS_PRIORITIES; i-- > 0;) {
    struct inos_envelope *before = NULL;
    for (struct inos_envelope *e = lanes->lane[i].first; e;
         before = e, e = atomic_load_explicit (&e->next, memory_order_relaxed)) {
      if (!e->counted)
        continue;
      lanes->length--;
      return lane_remove (&lanes->lane[i], before, e);
    }
  }
  return NULL;
}

/* Takes the oldest of the least urgent that a policy may drop; with the bound's lock held. There is
 * one, for the mailbox is full of them. */
static struct inos_envelope *take_oldest (struct inos_cell *cell, struct inos_lanes *lanes)
{
  struct inos_envelope *oldest;

  do {
    drain (cell, lanes);
    oldest = find_oldest (lanes);
  } while (!oldest);
  return oldest;
}

/* Puts @e in, and drops the oldest where there is no room. All that is counted goes in and out
 * under the lock here, so there is an oldest wherever it is full. */
static enum inos_sent admit_or_drop_oldest (struct inos_worker *worker, struct inos_cell *cell,
                                            struct inos_bound *bound, inos_actor_id to,
                                            struct inos_envelope *e, const struct inos_route *again)
{
  struct inos_lanes *lanes = atomic_load_explicit (&cell->lanes, memory_order_acquire);
  struct inos_envelope *oldest = NULL;

  pthread_mutex_lock (&bound->lock);
  bool room = inos_bound_take (bound);
  bool gone = takes_no_more (cell, bound, e, again, room);
  if (!room && !gone)
    oldest = take_oldest (cell, lanes);
  if (!gone)
    admit (worker, cell, e);
  pthread_mutex_unlock (&bound->lock);
  if (UNLIKELY (gone))
    return pass_back (worker, cell, room);
  if (oldest)
    inos_dead_letter (worker, to, oldest, INOS_DEAD_OLDEST);
  return INOS_ACCEPTED;
}

/* One counted envelope has been taken out to be handled. */
void inos_bound_released (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_bound *bound = atomic_load_explicit (&cell->bound, memory_order_relaxed);

  if (UNLIKELY (inos_bound_give (bound, worker->runtime->has_barriers)))
    inos_drain_look (worker, cell);
  wake_where_low (worker, cell, bound);
}

enum inos_sent inos_bound_admit (struct inos_worker *worker, struct inos_cell *cell,
                                 struct inos_envelope *e, struct inos_cell *from,
                                 const struct inos_route *again)
{
  struct inos_bound *bound = atomic_load_explicit (&cell->bound, memory_order_acquire);
  inos_actor_id to = (uint64_t)e->generation << 32 | cell->index;

  if (e->flags & INOS_E_REPLY) {
    inos_push (worker, cell, e);
    return INOS_ACCEPTED;
  }
  enum inos_on_full on_full = atomic_load_explicit (&bound->on_full, memory_order_relaxed);
  if (on_full == INOS_ON_FULL_DROP_OLDEST)
    return admit_or_drop_oldest (worker, cell, bound, to, e, again);
  /* What went before to the same mailbox and waits goes first. */
  bool behind = on_full == INOS_ON_FULL_BLOCK && from && from->extra && from->extra->parked &&
                inos_has_parked_for (from->extra, to);
  bool room = !behind && inos_bound_take (bound);
  if (UNLIKELY (takes_no_more (cell, bound, e, again, room)))
    return pass_back (worker, cell, room);
  if (room)
    return admit (worker, cell, e);
  switch (on_full) {
  case INOS_ON_FULL_DROP_NEWEST:
    return drop (worker, to, e, INOS_DEAD_FULL, INOS_DROPPED);
  case INOS_ON_FULL_BLOCK:
    if (from)
      return inos_park (worker, bound, to, e, from, again);
    return drop (worker, to, e, INOS_DEAD_FULL, INOS_FULL);
  default:
    return drop (worker, to, e, INOS_DEAD_FULL, INOS_FULL);
  }
}

/* Puts @e, which was parked, in where there is room. Returns: INOS_ACCEPTED; INOS_PASS_ON, the
 * actor takes no more; or INOS_FULL. What was not accepted is the caller's still. */
enum inos_sent inos_bound_retry (struct inos_worker *worker, struct inos_cell *cell,
                                 struct inos_envelope *e, const struct inos_route *again)
{
  struct inos_bound *bound = atomic_load_explicit (&cell->bound, memory_order_acquire);
  bool room = inos_bound_take (bound);

  if (UNLIKELY (takes_no_more (cell, bound, e, again, room)))
    return pass_back (worker, cell, room);
  return room ? admit (worker, cell, e) : INOS_FULL;
}
