/*
 * How an actor begins, fails and ends.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/argument.h"
#include "node/actor/private.h"
#include "node/actor/probe.h"
#include "node/actor/queue.h"

#include <stdarg.h>
#include <string.h>

static bool make_state (struct inos_worker *worker, struct inos_cell *cell)
{
  size_t size = cell->behaviour->state_size;

  if (size == 0)
    return true;
  cell->state = inos_piece_new (worker, size);
  if (!cell->state)
    return false;
  memset (cell->state, 0, size);
  return true;
}

static void free_state (struct inos_worker *worker, struct inos_cell *cell)
{
  if (!cell->state)
    return;
  if (cell->behaviour->clear)
    cell->behaviour->clear (cell->state);
  inos_piece_free (worker, cell->state, cell->behaviour->state_size);
  cell->state = NULL;
}

/* Returns: whether the actor runs. */
static bool start (struct inos_worker *worker, struct inos_cell *cell)
{
  const struct inos_behaviour *behaviour = cell->behaviour;

  cell->started = false;
  inos_enter (worker, cell, NULL);
  if (!make_state (worker, cell)) {
    inos_end (worker, cell, (struct inos_exit){INOS_EXIT_MEMORY, 0});
    return false;
  }
  if (behaviour->pre_start) {
    struct inos_context *context = inos_enter (worker, cell, NULL);
    enum inos_outcome outcome =
      behaviour->pre_start (cell->state, context, inos_argument_of (cell));
    if (outcome == INOS_FAILED) {
      inos_end (worker, cell, (struct inos_exit){INOS_EXIT_START, context->failure_code});
      return false;
    }
    cell->started = true;
    if (outcome == INOS_DONE) {
      inos_outcome_is (worker, cell, outcome, NULL);
      return false;
    }
  }
  cell->started = true;
  return true;
}

void inos_begin (struct inos_worker *worker, struct inos_cell *cell, struct inos_envelope *e)
{
  atomic_store_explicit (&cell->behaviour, (const struct inos_behaviour *)(uintptr_t)e->reply_to,
                         memory_order_release);
  inos_argument_take (cell, e);
  atomic_fetch_and (&cell->flags, ~(uint32_t)INOS_C_STARTING);
  if (!start (worker, cell))
    return;
  if (!cell->behaviour->on_error) /* it is never restarted in its place */
    inos_argument_drop (worker, cell);
  inos_actor_id watcher = atomic_load (&cell->watcher);
  if (watcher)
    inos_signal (worker, watcher, INOS_SIGNAL_STARTED, inos_id_of (cell), (struct inos_exit){0});
}

static void free_extra (struct inos_worker *worker, struct inos_cell *cell)
{
  if (!cell->extra)
    return;
  inos_parked_drop (worker, cell, INOS_DEAD_GONE);
  inos_timers_drop (worker, cell);
  inos_pending_drop (cell);
  inos_topics_leave (worker->runtime, cell);
  inos_piece_free (worker, cell->extra, sizeof *cell->extra);
  cell->extra = NULL;
}

/* Gives the cell to its next actor. What is still in the mailbox becomes dead letters, turn by
 * turn, for it names the generation before. */
static void vacate (struct inos_worker *worker, struct inos_cell *cell)
{
  uint32_t generation = atomic_load (&cell->generation) + 1;
  uint32_t flags = atomic_load_explicit (&cell->flags, memory_order_relaxed);

  /* A flag that somebody sets just now is of the actor that goes, and is lost with it. */
  atomic_store_explicit (&cell->flags, flags & INOS_C_CLASS, memory_order_release);

  atomic_store_explicit (&cell->behaviour, NULL, memory_order_relaxed);
  cell->started = false;
  atomic_store_explicit (&cell->handled, 0, memory_order_relaxed);
  atomic_store_explicit (&cell->generation, generation ? generation : 1, memory_order_release);
  if (flags & INOS_C_BOUNDED)
    inos_waiters_wake (worker, cell);
  inos_count (&worker->count.stopped, 1);
  inos_cell_put (worker, cell);
}

/* Nobody will answer what was being handled, nor what was kept. */
static void give_up_requests (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_envelope *current = worker->context.current;

  if (current && current->flags & INOS_E_REQUEST) {
    current->flags &= (uint8_t)~INOS_E_REQUEST;
    inos_reply_fail (worker, (struct inos_request_id){current->sender, current->id},
                     inos_id_of (cell), INOS_REPLY_DEAD);
  }
  inos_kept_give_up (worker, cell);
}

void inos_end (struct inos_worker *worker, struct inos_cell *cell, struct inos_exit reason)
{
  const struct inos_behaviour *behaviour = cell->behaviour;
  inos_actor_id self = inos_id_of (cell), watcher = atomic_load (&cell->watcher);

  if (cell->ending)
    return;
  cell->ending = true;
  INOS_PROBE_EXIT (self, reason.kind, reason.code);
  if (cell->started && behaviour->post_stop && reason.kind != INOS_EXIT_KILLED)
    behaviour->post_stop (cell->state, inos_enter (worker, cell, worker->context.current), reason);
  give_up_requests (worker, cell);
  free_state (worker, cell);
  inos_argument_drop (worker, cell);
  if (atomic_load_explicit (&cell->flags, memory_order_relaxed) & INOS_C_NAMED)
    inos_name_drop (worker->runtime, self);
  if (atomic_load_explicit (&cell->flags, memory_order_relaxed) & INOS_C_PROVIDES)
    inos_services_leave (worker->runtime, self);
  if (cell->extra)
    inos_links_tell (worker, cell, reason);
  free_extra (worker, cell);
  cell->ending = false;
  vacate (worker, cell);
  if (watcher)
    inos_signal (worker, watcher, INOS_SIGNAL_DOWN, self, reason);
}

static bool may_restart (struct inos_worker *worker, struct inos_cell *cell)
{
  const struct inos_behaviour *behaviour = cell->behaviour;
  uint32_t most = behaviour->restarts_max ? behaviour->restarts_max : INOS_RESTARTS_MAX;
  uint64_t period = behaviour->restarts_period ? behaviour->restarts_period : INOS_RESTARTS_PERIOD;
  struct inos_extra *extra = inos_cell_extra (worker, cell);

  if (!extra)
    return false;
  if (worker->now - extra->restart_began > period) {
    extra->restart_began = worker->now;
    extra->restart_count = 0;
  }
  return ++extra->restart_count <= most;
}

static void restart (struct inos_worker *worker, struct inos_cell *cell, struct inos_exit reason)
{
  if (!may_restart (worker, cell)) {
    inos_end (worker, cell, reason);
    return;
  }
  inos_kept_give_up (worker, cell);
  free_state (worker, cell);
  inos_timers_drop (worker, cell);
  inos_pending_drop (cell);
  if (cell->extra) {
    cell->extra->paused = false;
    inos_watched_forget (worker, cell);
  }
  start (worker, cell);
}

static enum inos_action ask_on_error (struct inos_worker *worker, struct inos_cell *cell,
                                      const struct inos_message_type *type)
{
  struct inos_context *context = &worker->context;
  const struct inos_failure failure = {context->failure_code, context->failure_text, type};

  if (!cell->behaviour->on_error)
    return INOS_STOP;
  return cell->behaviour->on_error (cell->state, context, &failure);
}

static void failed (struct inos_worker *worker, struct inos_cell *cell,
                    const struct inos_message_type *type)
{
  struct inos_context *context = &worker->context;
  struct inos_exit reason = {INOS_EXIT_ERROR, context->failure_code};

  if (type && context->current) { /* it was counted as handled */
    inos_count (&worker->count.handled, (uint64_t)-1);
    inos_dead_letter_record (worker, inos_id_of (cell), context->current, INOS_DEAD_FAILED);
  }
  switch (ask_on_error (worker, cell, type)) {
  case INOS_RESUME:
    return;
  case INOS_RESTART:
    restart (worker, cell, reason);
    return;
  case INOS_ESCALATE:
    reason.kind = INOS_EXIT_ESCALATED;
    inos_end (worker, cell, reason);
    return;
  default:
    inos_end (worker, cell, reason);
    return;
  }
}

/* What a hook or a handler returned; @type is of the message, NULL for a hook. */
void inos_outcome_is (struct inos_worker *worker, struct inos_cell *cell, enum inos_outcome outcome,
                      const struct inos_message_type *type)
{
  struct inos_context *context = &worker->context;

  if (UNLIKELY (worker->tracing))
    inos_trace_outcome (worker, outcome);
  if (outcome == INOS_FAILED)
    failed (worker, cell, type);
  else if (outcome == INOS_DONE) {
    struct inos_exit reason = context->done_reason;
    context->done_reason = (struct inos_exit){INOS_EXIT_NORMAL, 0};
    inos_end (worker, cell, reason);
  }
}

enum inos_outcome inos_fail (struct inos_context *context, int32_t code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_vsnprintf (context->failure_text, sizeof context->failure_text, format, arguments);
  va_end (arguments);
  context->failure_code = code;
  return INOS_FAILED;
}

enum inos_outcome inos_done_with (struct inos_context *context, struct inos_exit reason)
{
  context->done_reason = reason;
  return INOS_DONE;
}

enum inos_outcome inos_unhandled (struct inos_context *context, const struct inos_message *message)
{
  struct inos_worker *worker = context->worker;

  inos_count (&worker->count.handled, (uint64_t)-1);
  inos_dead_letter_record (worker, context->self, context->current, INOS_DEAD_UNHANDLED);
  return INOS_OK;
}

inos_actor_id inos_self (const struct inos_context *context)
{
  return context->self;
}

struct inos_runtime *inos_context_runtime (const struct inos_context *context)
{
  return context->runtime;
}

uint64_t inos_now (const struct inos_context *context)
{
  return context->worker->now;
}

inos_actor_id inos_sender (const struct inos_context *context)
{
  return context->current ? context->current->sender : 0;
}

bool inos_is_blocked (const struct inos_context *context)
{
  return context->cell->extra && context->cell->extra->blocked_on;
}

/* Spawning */

static struct inos_envelope *start_envelope (struct inos_worker *worker,
                                             const struct inos_spawn *spawn)
{
  struct inos_envelope *e = inos_envelope_new (worker);

  if (UNLIKELY (!e))
    return NULL;
  e->reply_to = (uintptr_t)spawn->behaviour;
  e->id = 0;
  e->sender = 0;
  e->time = worker->now;
  e->type = INOS_NO_TYPE;
  e->flags = INOS_E_START;
  e->counted = false;
  if (LIKELY (inos_argument_put (worker, e, spawn)))
    return e;
  inos_envelope_recycle (worker, e);
  return NULL;
}

static uint32_t flags_of (const struct inos_spawn *spawn)
{
  const struct inos_behaviour *behaviour = spawn->behaviour;
  uint32_t flags = INOS_C_ALIVE | INOS_C_STARTING;

  if (behaviour->urgency == INOS_URGENCY_HIGH)
    flags |= INOS_C_HIGH;
  else if (behaviour->urgency == INOS_URGENCY_LOW)
    flags |= INOS_C_LOW;
  if (behaviour->on_edge)
    flags |= INOS_C_EDGE;
  if (spawn->capacity)
    flags |= INOS_C_BOUNDED;
  if (spawn->capacity && spawn->on_full == INOS_ON_FULL_DROP_OLDEST)
    flags |= INOS_C_OLDEST;
  if (spawn->name)
    flags |= INOS_C_NAMED;
  if (spawn->service)
    flags |= INOS_C_PROVIDES;
  return flags;
}

static inos_actor_id spawn_by (struct inos_worker *worker, const struct inos_spawn *spawn)
{
  struct inos_envelope *e = start_envelope (worker, spawn);

  if (!e) {
    inos_argument_refuse (spawn);
    return 0;
  }
  struct inos_cell *cell = inos_cell_take (worker, flags_of (spawn));
  if (!cell)
    goto no_cell;
  inos_actor_id id = inos_id_of (cell);
  if (spawn->capacity && !inos_bound_make (cell, spawn))
    goto no_bound;
  bool registered = spawn->name || spawn->service;
  if (registered && !inos_registry_begin (worker->runtime, spawn))
    goto no_bound;
  e->generation = (uint32_t)(id >> 32);
  atomic_store_explicit (&cell->watcher, spawn->watcher, memory_order_relaxed);
  atomic_store_explicit (&cell->flags, flags_of (spawn), memory_order_release);
  inos_count (&worker->count.spawned, 1);
  INOS_PROBE_SPAWN (id, spawn->behaviour->name);
  if (inos_queue_push (cell, e))
    inos_schedule_new (worker, cell);
  if (registered)
    inos_registry_end (worker->runtime, spawn, id);
  return id;

no_bound:
  inos_cell_put (worker, cell);
no_cell:
  inos_argument_unput (worker, e);
  inos_envelope_recycle (worker, e);
  return 0;
}

inos_actor_id inos_spawn_actor (struct inos_context *context, const struct inos_spawn *spawn)
{
  inos_actor_id id = spawn_by (context->worker, spawn);

  if (id && spawn->link)
    inos_link (context, id);
  return id;
}

inos_actor_id inos_spawn_simple (struct inos_context *context,
                                 const struct inos_behaviour *behaviour, const void *argument,
                                 uint32_t size)
{
  const struct inos_spawn spawn = {
    .behaviour = behaviour, .argument = argument, .argument_size = size};

  return spawn_by (context->worker, &spawn);
}

inos_actor_id inos_runtime_spawn (struct inos_runtime *runtime, const struct inos_spawn *spawn)
{
  struct inos_worker *worker = inos_outside_lock (runtime);
  inos_actor_id id = spawn_by (worker, spawn);

  inos_outside_unlock (runtime);
  return id;
}
