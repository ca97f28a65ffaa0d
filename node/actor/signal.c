/*
 * System messages: links, monitors, and being told to stop. Every list of links belongs to the
 * actor that has it, and is changed by a signal to that actor, so there is no lock.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"
#include "node/actor/queue.h"
#include "node/actor/tally.h"

static const struct inos_exit nobody = {INOS_EXIT_NOBODY, 0};
static const struct inos_signal stop = {.kind = INOS_SIGNAL_STOP,
                                        .reason = {INOS_EXIT_SHUTDOWN, 0}};

/* Makes the cell look at its signals: by a flag where it sleeps, else by an envelope. */
static void kick (struct inos_worker *worker, struct inos_cell *cell)
{
  if (atomic_load (&cell->suspended) && atomic_exchange (&cell->suspended, false)) {
    inos_schedule (worker, cell);
    return;
  }
  struct inos_envelope *e = inos_envelope_new_must (worker);
  e->flags = INOS_E_KICK;
  e->type = INOS_NO_TYPE;
  e->counted = false;
  e->payload.word = 0;
  inos_push (worker, cell, e);
}

static void push (struct inos_worker *worker, struct inos_cell *cell, struct inos_signal *signal)
{
  signal->next = atomic_load_explicit (&cell->signals, memory_order_relaxed);
  while (!atomic_compare_exchange_weak (&cell->signals, &signal->next, signal))
    ;
  kick (worker, cell);
}

/* What a signal to nobody is answered with. */
static void answer_for_nobody (struct inos_worker *worker, inos_actor_id to,
                               const struct inos_signal *signal)
{
  if (signal->kind == INOS_SIGNAL_MONITOR)
    inos_signal (worker, signal->who, INOS_SIGNAL_DOWN, to, nobody);
  else if (signal->kind == INOS_SIGNAL_LINK)
    inos_signal (worker, signal->who, INOS_SIGNAL_EXIT, to, nobody);
  else if (signal->kind == INOS_SIGNAL_CALL)
    signal->call (NULL, signal->data);
}

void inos_signal (struct inos_worker *worker, inos_actor_id to, enum inos_signal_kind kind,
                  inos_actor_id who, struct inos_exit reason)
{
  struct inos_cell *cell = inos_cell_of (worker->runtime, to);
  struct inos_signal signal = {
    .kind = kind, .generation = (uint32_t)(to >> 32), .who = who, .reason = reason};

  if (!cell) {
    answer_for_nobody (worker, to, &signal);
    return;
  }
  struct inos_signal *copy = g_new (struct inos_signal, 1);
  *copy = signal;
  push (worker, cell, copy);
}

bool inos_signal_call (struct inos_runtime *runtime, inos_actor_id to,
                       void (*call) (struct inos_context *context, void *data), void *data)
{
  struct inos_worker *worker = inos_outside_lock (runtime);
  struct inos_cell *cell = inos_cell_of (runtime, to);

  if (cell) {
    struct inos_signal *signal = g_new (struct inos_signal, 1);
    *signal = (struct inos_signal){
      .kind = INOS_SIGNAL_CALL, .generation = (uint32_t)(to >> 32), .call = call, .data = data};
    push (worker, cell, signal);
  }
  inos_outside_unlock (runtime);
  return cell;
}

static void link_add (struct inos_link **list, inos_actor_id who)
{
  struct inos_link *link = g_new (struct inos_link, 1);

  link->who = who;
  link->next = *list;
  *list = link;
}

static bool link_remove (struct inos_link **list, inos_actor_id who)
{
  for (struct inos_link **at = list; *at; at = &(*at)->next)
    if ((*at)->who == who) {
      struct inos_link *link = *at;
      *at = link->next;
      g_free (link);
      return true;
    }
  return false;
}

static bool link_has (const struct inos_link *list, inos_actor_id who)
{
  for (; list; list = list->next)
    if (list->who == who)
      return true;
  return false;
}

/* @who asks to be told: on the list, or, where there is no memory for one, told at once. */
static void take_in (struct inos_worker *worker, struct inos_cell *cell,
                     const struct inos_signal *signal)
{
  struct inos_extra *extra = inos_cell_extra (worker, cell);

  if (!extra)
    answer_for_nobody (worker, inos_id_of (cell), signal);
  else if (signal->kind == INOS_SIGNAL_MONITOR)
    inos_tally_add (&extra->monitors, signal->who);
  else if (!link_has (extra->links, signal->who))
    link_add (&extra->links, signal->who);
}

static struct inos_exit passed_on (struct inos_exit reason)
{
  if (reason.kind == INOS_EXIT_KILLED || reason.kind == INOS_EXIT_NOBODY)
    return (struct inos_exit){INOS_EXIT_ERROR, 0};
  return reason;
}

static void exit_signal (struct inos_worker *worker, struct inos_cell *cell,
                         const struct inos_signal *signal)
{
  const struct inos_behaviour *behaviour = cell->behaviour;
  struct inos_extra *extra = cell->extra;

  /* One that was unlinked meanwhile is nobody's concern. */
  if (signal->kind == INOS_SIGNAL_EXIT && (!extra || !link_remove (&extra->links, signal->who)))
    return;
  if (behaviour->on_exit)
    inos_outcome_is (worker, cell,
                     behaviour->on_exit (cell->state, inos_enter (worker, cell, NULL), signal->who,
                                         signal->reason),
                     NULL);
  else if (signal->kind == INOS_SIGNAL_STOP)
    inos_end (worker, cell, signal->reason);
  else if (signal->reason.kind != INOS_EXIT_NORMAL)
    inos_end (worker, cell, passed_on (signal->reason));
}

static void tell (struct inos_worker *worker, struct inos_cell *cell,
                  const struct inos_signal *signal)
{
  const struct inos_behaviour *b = cell->behaviour;

  if (signal->kind == INOS_SIGNAL_DOWN && cell->extra)
    inos_tally_take (cell->extra->watched, signal->who);
  if (signal->kind == INOS_SIGNAL_STARTED && b->on_started)
    inos_outcome_is (worker, cell,
                     b->on_started (cell->state, inos_enter (worker, cell, NULL), signal->who),
                     NULL);
  else if (signal->kind == INOS_SIGNAL_DOWN && b->on_down)
    inos_outcome_is (
      worker, cell,
      b->on_down (cell->state, inos_enter (worker, cell, NULL), signal->who, signal->reason), NULL);
}

static void handle (struct inos_worker *worker, struct inos_cell *cell,
                    const struct inos_signal *signal)
{
  inos_enter (worker, cell, NULL); /* no message is being handled, should the actor end of it */
  switch (signal->kind) {
  case INOS_SIGNAL_KILL:
    inos_end (worker, cell, (struct inos_exit){INOS_EXIT_KILLED, 0});
    return;
  case INOS_SIGNAL_STOP:
  case INOS_SIGNAL_EXIT:
    exit_signal (worker, cell, signal);
    return;
  case INOS_SIGNAL_DOWN:
  case INOS_SIGNAL_STARTED:
    tell (worker, cell, signal);
    return;
  case INOS_SIGNAL_LINK:
  case INOS_SIGNAL_MONITOR:
    take_in (worker, cell, signal);
    return;
  case INOS_SIGNAL_UNLINK:
    if (cell->extra)
      link_remove (&cell->extra->links, signal->who);
    return;
  case INOS_SIGNAL_DEMONITOR:
    if (cell->extra)
      inos_tally_take (cell->extra->monitors, signal->who);
    return;
  case INOS_SIGNAL_ROOM:
    inos_unpark (worker, cell, signal->reason.code == 0);
    return;
  case INOS_SIGNAL_SWEEP:
    inos_swept (worker, cell);
    return;
  case INOS_SIGNAL_DRAIN:
    inos_drain_begin (worker, cell);
    return;
  case INOS_SIGNAL_DRAINED:
    if (inos_is_drained (cell))
      exit_signal (worker, cell, &stop);
    return;
  case INOS_SIGNAL_RESUME:
    if (cell->extra)
      cell->extra->paused = false;
    return;
  case INOS_SIGNAL_CALL:
    signal->call (inos_enter (worker, cell, NULL), signal->data);
    return;
  }
}

static struct inos_signal *take_all (struct inos_cell *cell)
{
  struct inos_signal *last = atomic_exchange (&cell->signals, NULL), *first = NULL;

  while (last) {
    struct inos_signal *next = last->next;
    last->next = first;
    first = last;
    last = next;
  }
  return first;
}

void inos_signals_handle (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_signal *next;

  for (struct inos_signal *signal = take_all (cell); signal; signal = next) {
    next = signal->next;
    if (cell->behaviour && signal->generation == atomic_load (&cell->generation))
      handle (worker, cell, signal);
    else
      answer_for_nobody (worker, (uint64_t)signal->generation << 32 | cell->index, signal);
    g_free (signal);
  }
}

struct farewell {
  struct inos_worker *worker;
  inos_actor_id self;
  struct inos_exit reason;
};

static void tell_gone (void *data, inos_actor_id who)
{
  const struct farewell *farewell = data;

  inos_signal (farewell->worker, who, INOS_SIGNAL_DOWN, farewell->self, farewell->reason);
}

static void tell_forget (void *data, inos_actor_id who)
{
  const struct farewell *farewell = data;

  inos_signal (farewell->worker, who, INOS_SIGNAL_DEMONITOR, farewell->self, farewell->reason);
}

void inos_watched_forget (struct inos_worker *worker, struct inos_cell *cell)
{
  struct farewell farewell = {.worker = worker, .self = inos_id_of (cell)};

  inos_tally_empty (&cell->extra->watched, tell_forget, &farewell);
}

void inos_links_tell (struct inos_worker *worker, struct inos_cell *cell, struct inos_exit reason)
{
  struct inos_extra *extra = cell->extra;
  struct farewell farewell = {worker, inos_id_of (cell), reason};
  struct inos_link *next;

  for (struct inos_link *l = extra->links; l; l = next) {
    next = l->next;
    inos_signal (worker, l->who, INOS_SIGNAL_EXIT, inos_id_of (cell), reason);
    g_free (l);
  }
  extra->links = NULL;
  inos_tally_empty (&extra->monitors, tell_gone, &farewell);
  inos_watched_forget (worker, cell);
}

/* What actors say */

void inos_link (struct inos_context *context, inos_actor_id other)
{
  const struct inos_signal here = {.kind = INOS_SIGNAL_LINK, .who = other};

  if (other == context->self)
    return;
  take_in (context->worker, context->cell, &here);
  inos_signal (context->worker, other, INOS_SIGNAL_LINK, context->self, (struct inos_exit){0});
}

void inos_unlink (struct inos_context *context, inos_actor_id other)
{
  if (!context->cell->extra || !link_remove (&context->cell->extra->links, other))
    return;
  inos_signal (context->worker, other, INOS_SIGNAL_UNLINK, context->self, (struct inos_exit){0});
}

void inos_monitor (struct inos_context *context, inos_actor_id other)
{
  struct inos_extra *extra = inos_cell_extra (context->worker, context->cell);

  if (!extra) { /* no memory to know it by: told at once */
    inos_signal (context->worker, context->self, INOS_SIGNAL_DOWN, other, nobody);
    return;
  }
  inos_tally_add (&extra->watched, other);
  inos_signal (context->worker, other, INOS_SIGNAL_MONITOR, context->self, (struct inos_exit){0});
}

void inos_demonitor (struct inos_context *context, inos_actor_id other)
{
  if (!context->cell->extra || !inos_tally_take (context->cell->extra->watched, other))
    return;
  inos_signal (context->worker, other, INOS_SIGNAL_DEMONITOR, context->self, (struct inos_exit){0});
}

bool inos_pause (struct inos_context *context)
{
  struct inos_extra *extra = inos_cell_extra (context->worker, context->cell);

  if (extra)
    extra->paused = true;
  return extra;
}

void inos_resume (struct inos_context *context, inos_actor_id actor)
{
  inos_signal (context->worker, actor, INOS_SIGNAL_RESUME, context->self, (struct inos_exit){0});
}

void inos_stop (struct inos_context *context, inos_actor_id actor, struct inos_exit reason)
{
  inos_signal (context->worker, actor, INOS_SIGNAL_STOP, context->self, reason);
}

void inos_kill (struct inos_context *context, inos_actor_id actor)
{
  inos_signal (context->worker, actor, INOS_SIGNAL_KILL, context->self, (struct inos_exit){0});
}

void inos_runtime_stop_actor (struct inos_runtime *runtime, inos_actor_id actor,
                              struct inos_exit reason)
{
  struct inos_worker *worker = inos_outside_lock (runtime);
  bool kill = reason.kind == INOS_EXIT_KILLED;

  inos_signal (worker, actor, kill ? INOS_SIGNAL_KILL : INOS_SIGNAL_STOP, 0, reason);
  inos_outside_unlock (runtime);
}
