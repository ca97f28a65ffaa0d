/*
 * One turn of one cell, and the worker's clock.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"
#include "node/actor/probe.h"
#include "node/actor/queue.h"

#include <time.h>

/* Messages between two looks at the clock; one where messages take long. Odd, so that samples do
 * not always find the same one of two that take turns. */
#define LOOK 17
#define LONG (100 * 1000)

static uint64_t read_clock (clockid_t clock)
{
  struct timespec t;

  clock_gettime (clock, &t);
  return (uint64_t)t.tv_sec * INOS_SECOND + (uint64_t)t.tv_nsec;
}

uint64_t inos_clock (struct inos_runtime *runtime)
{
  return runtime->config.seeded ? runtime->clock : read_clock (CLOCK_MONOTONIC);
}

void inos_worker_look_at_clock (struct inos_worker *worker)
{
  worker->now = inos_clock (worker->runtime);
}

/* Every so many messages: what time is it, is a timer due, does the governor want to know? */
static void look (struct inos_worker *worker)
{
  struct inos_runtime *runtime = worker->runtime;
  uint64_t before = worker->looked;

  inos_worker_look_at_clock (worker);
  uint64_t time = worker->now - before;
  worker->looked = worker->now;
  struct inos_samples *samples = atomic_load_explicit (&worker->samples, memory_order_acquire);
  if (UNLIKELY (samples))
    inos_sample (worker, samples, time);
  if (UNLIKELY (time > LONG))
    inos_watch_self (worker, time, worker->stride);
  worker->stride = time > LONG ? 1 : LOOK;
  worker->until_look = worker->stride;
  if (UNLIKELY (worker->now >=
                atomic_load_explicit (&runtime->next_deadline, memory_order_relaxed)))
    inos_timers_run (worker);
  if (UNLIKELY (worker->now >= atomic_load_explicit (&runtime->epoch_end, memory_order_relaxed)))
    inos_govern (worker);
}

struct inos_context *inos_enter (struct inos_worker *worker, struct inos_cell *cell,
                                 struct inos_envelope *e)
{
  struct inos_context *context = &worker->context;

  context->cell = cell;
  context->current = e;
  context->self = inos_id_of (cell);
  return context;
}

static void special (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e)
{
  bool mine = e->generation == atomic_load_explicit (&cell->generation, memory_order_relaxed);

  uint8_t kind = e->flags & INOS_E_KIND;

  if (kind == INOS_E_KICK)
    return;
  if (kind == INOS_E_START)
    inos_begin (worker, cell, e);
  else if (kind == INOS_E_TIMER) {
    if (mine && cell->behaviour)
      inos_timer_fired (worker, cell, e);
  } else if (mine && cell->behaviour)
    inos_replied_with (worker, cell, e);
  else
    inos_dead_letter_record (worker, (uint64_t)e->generation << 32 | cell->index, e,
                             INOS_DEAD_GONE);
}

static void expire (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e)
{
  inos_dead_letter_record (worker, inos_id_of (cell), e, INOS_DEAD_EXPIRED);
}

static inline void measure (struct inos_worker *worker, const struct inos_envelope *e)
{
  if (worker->now > e->time) {
    unsigned bucket = 64u - (unsigned)__builtin_clzll (worker->now - e->time);
    inos_count (&worker->count.latency[MIN (bucket, 39)], 1);
  }
}

/* What only some messages need when they have been handled. */
static void finish (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e)
{
  if (e->flags & INOS_E_REQUEST) /* it has no answer yet, and its actor lives */
    inos_kept_add (worker, cell, (struct inos_request_id){e->sender, e->id});
  inos_envelope_clear_payload (worker, e);
}

static inline void handle_untraced (struct inos_worker *worker, struct inos_cell *cell,
                                    struct inos_envelope *e)
{
  if (e->counted)
    inos_bound_released (worker, cell);
  if (UNLIKELY (e->flags & INOS_E_KIND)) {
    special (worker, cell, e);
    return;
  }
  if (UNLIKELY (e->generation != atomic_load_explicit (&cell->generation, memory_order_relaxed) ||
                !cell->behaviour)) {
    inos_dead_letter_record (worker, (uint64_t)e->generation << 32 | cell->index, e,
                             INOS_DEAD_GONE);
    return;
  }
  if (UNLIKELY (e->ttl_ms != 0 && worker->now > e->time + e->ttl_ms * INOS_MILLISECOND)) {
    expire (worker, cell, e);
    return;
  }
  measure (worker, e);
  inos_count (&worker->count.handled, 1);
  inos_count (&cell->handled, 1);
  const struct inos_message_type *type = inos_type_of (e);
  const struct inos_message message = {
    .type = type,
    .payload = e->flags & INOS_E_BLOCK ? (void *)e->payload.block->bytes : &e->payload.word,
  };
  struct inos_context *context = inos_enter (worker, cell, e);
  INOS_PROBE_RECEIVE_BEGIN (context->self, e->id, type->name);
  enum inos_outcome outcome = cell->behaviour->receive (cell->state, context, &message);
  INOS_PROBE_RECEIVE_END (context->self, outcome);
  if (UNLIKELY (outcome != INOS_OK))
    inos_outcome_is (worker, cell, outcome, type);
  if (UNLIKELY (e->flags & (INOS_E_BLOCK | INOS_E_REQUEST) || type->clear))
    finish (worker, cell, e);
}

/* Handles @e, which stays the caller's, but for its payload. */
static inline void handle (struct inos_worker *worker, struct inos_cell *cell,
                           struct inos_envelope *e)
{
  uint32_t traced = atomic_load_explicit (&cell->flags, memory_order_relaxed) & INOS_C_TRACED;

  if (UNLIKELY (traced | (e->flags & INOS_E_PATH)))
    inos_trace_handle (worker, cell, e, handle_untraced);
  else
    handle_untraced (worker, cell, e);
}

void inos_handle (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e)
{
  handle (worker, cell, e);
}

static inline bool look_where_due (struct inos_worker *worker)
{
  if (LIKELY (--worker->until_look > 0))
    return false;
  look (worker);
  return true;
}

/* What a turn may use: messages handled, messages sent, time. An actor that has more to do turn
 * after turn gets longer ones, up to the time, so that it keeps up with those who send to it; one
 * that sends much gives way, so that those can. */
struct turn {
  unsigned left;
  uint64_t sent, began;
};

static struct turn begin (struct inos_worker *worker, struct inos_cell *cell)
{
  if (!cell->exhausted)
    cell->patience = 0;
  else if (cell->patience < INOS_PATIENCE_MAX)
    cell->patience++;
  cell->exhausted = false;
  return (struct turn){.left = worker->batch << cell->patience,
                       .sent = atomic_load_explicit (&worker->count.sent, memory_order_relaxed),
                       .began = worker->now};
}

static inline bool is_over (struct inos_worker *worker, struct inos_cell *cell, struct turn *turn,
                            bool looked)
{
  if (--turn->left == 0) {
    cell->exhausted = true;
    return true;
  }
  if (UNLIKELY (looked && worker->now - turn->began > INOS_BATCH_TIME)) {
    cell->exhausted = true;
    return true;
  }
  return UNLIKELY (atomic_load_explicit (&worker->count.sent, memory_order_relaxed) - turn->sent >=
                   INOS_SENDS);
}

/* Leaves the cell to whoever sends it a signal. Returns: false where one is there already. */
static bool suspend (struct inos_cell *cell)
{
  bool yes = true;

  atomic_store (&cell->suspended, true);
  return atomic_load (&cell->signals) == NULL ||
         !atomic_compare_exchange_strong (&cell->suspended, &yes, false);
}

/* Signals come before messages, but after the message that an actor starts with. */
static inline bool has_signals (struct inos_cell *cell)
{
  return UNLIKELY (atomic_load_explicit (&cell->signals, memory_order_acquire) != NULL) &&
         !(atomic_load_explicit (&cell->flags, memory_order_relaxed) & INOS_C_STARTING);
}

static inline bool is_held (struct inos_cell *cell)
{
  return atomic_load_explicit (&cell->flags, memory_order_relaxed) & (INOS_C_LANES | INOS_C_OLDEST);
}

static inline bool is_blocked (struct inos_cell *cell)
{
  return cell->extra && (cell->extra->blocked_on || cell->extra->paused);
}

/* A turn in held mode: by priority, or under the eyes of senders that drop the oldest. */
static void turn_held (struct inos_worker *worker, struct inos_cell *cell, struct turn turn)
{
  bool over = false;

  for (;;) {
    struct inos_envelope *e;
    if (has_signals (cell))
      inos_signals_handle (worker, cell);
    if (UNLIKELY (is_blocked (cell))) {
      if (suspend (cell))
        return;
      continue;
    }
    if (over) {
      inos_schedule (worker, cell);
      return;
    }
    e = inos_lanes_next (worker, cell);
    if (!e) {
      if (inos_lanes_release (cell))
        return;
      continue;
    }
    handle (worker, cell, e);
    inos_envelope_recycle (worker, e);
    over = is_over (worker, cell, &turn, look_where_due (worker));
  }
}

static void turn_plain (struct inos_worker *worker, struct inos_cell *cell, struct turn turn)
{
  for (;;) {
    struct inos_envelope *e = inos_queue_first (cell);
    if (has_signals (cell))
      inos_signals_handle (worker, cell);
    if (UNLIKELY (is_held (cell))) {
      turn_held (worker, cell, turn);
      return;
    }
    if (UNLIKELY (is_blocked (cell))) {
      if (suspend (cell))
        return;
      continue;
    }
    handle (worker, cell, e);
    bool more = inos_queue_advance (cell, e, NULL);
    inos_envelope_recycle (worker, e);
    bool looked = look_where_due (worker);
    if (!more)
      return;
    if (is_over (worker, cell, &turn, looked)) {
      inos_schedule (worker, cell);
      return;
    }
  }
}

/* Whether the turn begins where no envelope stays in the queue while it is handled. */
static inline bool begins_held (struct inos_cell *cell)
{
  struct inos_lanes *lanes;

  if (atomic_load_explicit (&cell->head, memory_order_acquire) == INOS_HELD ||
      atomic_load_explicit (&cell->flags, memory_order_relaxed) & INOS_C_OLDEST)
    return true;
  lanes = atomic_load_explicit (&cell->lanes, memory_order_acquire);
  return lanes && lanes->length > 0;
}

void inos_turn (struct inos_worker *worker, struct inos_cell *cell)
{
  struct turn turn = begin (worker, cell);

  atomic_store_explicit (&cell->home, (uint8_t)worker->index, memory_order_relaxed);
  atomic_store_explicit (&worker->running, cell, memory_order_relaxed);
  atomic_store_explicit (&worker->turn_began, turn.began, memory_order_release);
  if (UNLIKELY (begins_held (cell)))
    turn_held (worker, cell, turn);
  else
    turn_plain (worker, cell, turn);
  atomic_store_explicit (&worker->turn_began, 0, memory_order_release);
}
