/*
 * A supervision's jobs: stopping children in reverse, starting them in order, one at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/supervision_private.h"

#define SHUTDOWN_MS_OF_WORKERS 5000u

static const struct inos_exit shut_down = {.kind = INOS_EXIT_SHUTDOWN};

/* Milliseconds, or one of the INOS_SHUTDOWN_ names but DEFAULT. */
static uint32_t shutdown_of (const struct inos_child *child)
{
  if (child->shutdown_ms != INOS_SHUTDOWN_DEFAULT)
    return child->shutdown_ms;
  return child->supervisor ? INOS_SHUTDOWN_INFINITY : SHUTDOWN_MS_OF_WORKERS;
}

void inos_job_begin (struct inos_supervision *s, enum inos_job_kind kind, enum inos_job_span span,
                     uint32_t target, enum inos_job_phase phase)
{
  s->job = (struct inos_job){.kind = kind, .span = span, .phase = phase, .target = target};
  if (phase == INOS_PHASE_START)
    s->job.cursor = span == INOS_SPAN_ALL ? s->children.first : target;
  else
    s->job.cursor = span == INOS_SPAN_ONE ? target : s->children.last;
}

void inos_job_end (struct inos_supervision *s, struct inos_exit reason)
{
  inos_job_begin (s, INOS_JOB_END, INOS_SPAN_ALL, INOS_NO_CHILD,
                  inos_supervision_is_simple (s) ? INOS_PHASE_STOP_ALL : INOS_PHASE_STOP);
  s->job.reason = reason;
}

/* The child has no actor any more, and is not waited for. */
void inos_child_set_absent (struct inos_supervision *s, uint32_t child)
{
  struct inos_supervised *c = inos_slot (s, child);

  inos_children_drop (&s->children, child);
  inos_children_bind (&s->children, child, 0);
  c->state = INOS_CHILD_ABSENT;
  c->gone = false;
  c->stamp++;
}

/* The same, and it is forgotten where nothing could start it again. */
void inos_child_let_go (struct inos_supervision *s, uint32_t child)
{
  if (inos_supervision_is_simple (s) || inos_slot (s, child)->child->lifetime == INOS_TEMPORARY)
    inos_children_remove (&s->children, child);
  else
    inos_child_set_absent (s, child);
}

enum inos_progress inos_answer (struct inos_supervision_action *action,
                                const struct inos_command *command, enum inos_command_status status,
                                inos_actor_id id)
{
  *action = (struct inos_supervision_action){.kind = INOS_ACTION_ANSWER,
                                             .child = INOS_NO_CHILD,
                                             .status = status,
                                             .id = id,
                                             .command = *command};
  g_clear_pointer (&action->command.argument, g_free);
  return INOS_ACTS;
}

/* Stopping */

/* The cursor goes to the child before, or there is none left to stop. */
static void move_back (struct inos_supervision *s, uint32_t stopped)
{
  struct inos_job *job = &s->job;

  job->cursor = inos_slot (s, stopped)->previous;
  if (job->span == INOS_SPAN_ONE || (job->span == INOS_SPAN_REST && stopped == job->target))
    job->cursor = INOS_NO_CHILD;
}

/* The child at the cursor is stopped. */
void inos_job_stopped (struct inos_supervision *s)
{
  uint32_t child = s->job.cursor;

  move_back (s, child);
  inos_child_let_go (s, child);
  s->job.phase = INOS_PHASE_STOP;
}

/* Answers a command that came too late. */
static enum inos_progress refuse (struct inos_supervision *s, uint32_t what,
                                  struct inos_supervision_action *action)
{
  struct inos_command command = inos_children_take (&s->children, what);

  return inos_answer (action, &command, INOS_COMMAND_GONE, 0);
}

/* All are. */
static enum inos_progress finish_stopping (struct inos_supervision *s,
                                           struct inos_supervision_action *action)
{
  struct inos_job *job = &s->job;
  uint32_t what;

  if (job->kind == INOS_JOB_RECOVER) {
    job->phase = INOS_PHASE_START;
    job->cursor = job->span == INOS_SPAN_ALL ? s->children.first : job->target;
    return INOS_MOVED;
  }
  if (job->kind == INOS_JOB_END) {
    while ((what = inos_children_pop (&s->children)) != INOS_QUEUE_NOTHING)
      if (what & INOS_QUEUE_COMMAND)
        return refuse (s, what, action);
    *action = (struct inos_supervision_action){.kind = INOS_ACTION_EXIT, .reason = job->reason};
    s->ended = true;
    job->kind = INOS_JOB_NONE;
    return INOS_ACTS;
  }
  job->kind = INOS_JOB_NONE; /* TERMINATE */
  return inos_answer (action, &job->command, INOS_COMMAND_OK, 0);
}

/* Says that one child is to stop or be killed. */
static enum inos_progress dismiss (struct inos_supervision *s, uint32_t child,
                                   struct inos_supervision_action *action)
{
  struct inos_supervised *c = inos_slot (s, child);
  bool kill = shutdown_of (c->child) == INOS_SHUTDOWN_KILL;

  c->state = INOS_CHILD_STOPPING;
  s->job.stopping++;
  *action = (struct inos_supervision_action){.kind = kill ? INOS_ACTION_KILL : INOS_ACTION_STOP,
                                             .child = child,
                                             .id = c->id,
                                             .reason = shut_down};
  return INOS_ACTS;
}

static enum inos_progress stop_next (struct inos_supervision *s,
                                     struct inos_supervision_action *action)
{
  struct inos_supervised *c;

  if (s->job.cursor == INOS_NO_CHILD)
    return finish_stopping (s, action);
  c = inos_slot (s, s->job.cursor);
  if (c->state == INOS_CHILD_RUNNING && !c->gone) {
    s->job.phase = INOS_PHASE_ARM;
    return dismiss (s, s->job.cursor, action);
  }
  inos_job_stopped (s);
  return INOS_MOVED;
}

static enum inos_progress arm (struct inos_supervision *s, uint32_t shutdown_ms,
                               enum inos_job_phase next, struct inos_supervision_action *action)
{
  s->job.phase = next;
  if (!s->job.stopping || shutdown_ms == INOS_SHUTDOWN_KILL ||
      shutdown_ms == INOS_SHUTDOWN_INFINITY)
    return INOS_MOVED;
  s->armed = true;
  *action = (struct inos_supervision_action){.kind = INOS_ACTION_ARM,
                                             .child = INOS_NO_CHILD,
                                             .stamp = ++s->timer_stamp,
                                             .delay_ms = shutdown_ms};
  return INOS_ACTS;
}

static enum inos_progress stop_all_next (struct inos_supervision *s,
                                         struct inos_supervision_action *action)
{
  uint32_t child = s->job.cursor;

  if (child == INOS_NO_CHILD) {
    s->job.phase = INOS_PHASE_ARM_ALL;
    return INOS_MOVED;
  }
  s->job.cursor = inos_slot (s, child)->previous;
  if (inos_slot (s, child)->state == INOS_CHILD_RUNNING && !inos_slot (s, child)->gone)
    return dismiss (s, child, action);
  inos_child_let_go (s, child);
  return INOS_MOVED;
}

/* The ends of @child or of all that still stop did not come in time. */
static enum inos_progress kill_next (struct inos_supervision *s, enum inos_job_phase next,
                                     struct inos_supervision_action *action)
{
  uint32_t child = s->job.cursor;

  if (child == INOS_NO_CHILD) {
    s->job.phase = next;
    return INOS_MOVED;
  }
  if (next == INOS_PHASE_STOPPING)
    s->job.phase = next;
  else
    s->job.cursor = inos_slot (s, child)->previous;
  *action = (struct inos_supervision_action){
    .kind = INOS_ACTION_KILL, .child = child, .id = inos_slot (s, child)->id};
  return INOS_ACTS;
}

/* Starting */

static enum inos_progress finish_starting (struct inos_supervision *s,
                                           struct inos_supervision_action *action)
{
  struct inos_job *job = &s->job;
  enum inos_job_kind kind = job->kind;

  job->kind = INOS_JOB_NONE;
  if (kind == INOS_JOB_BOOT) {
    *action = (struct inos_supervision_action){.kind = INOS_ACTION_READY};
    return INOS_ACTS;
  }
  if (kind == INOS_JOB_START || kind == INOS_JOB_RESTART)
    return inos_answer (action, &job->command, INOS_COMMAND_OK, inos_slot (s, job->target)->id);
  return INOS_MOVED; /* RECOVER */
}

/* The child at the cursor is absent and should not be. */
static enum inos_progress fail_starting (struct inos_supervision *s,
                                         struct inos_supervision_action *action)
{
  struct inos_job *job = &s->job;
  enum inos_job_kind kind = job->kind;

  job->kind = INOS_JOB_NONE;
  switch (kind) {
  case INOS_JOB_BOOT:
    inos_job_end (s, (struct inos_exit){.kind = INOS_EXIT_START});
    return INOS_MOVED;
  case INOS_JOB_RECOVER:
    return inos_child_retry (s, job->cursor, action);
  case INOS_JOB_START:
    inos_children_remove (&s->children, job->cursor);
    return inos_answer (action, &job->command, INOS_COMMAND_FAILED, 0);
  default:
    return inos_answer (action, &job->command, INOS_COMMAND_FAILED, 0);
  }
}

static enum inos_progress start_next (struct inos_supervision *s,
                                      struct inos_supervision_action *action)
{
  struct inos_supervised *c;

  if (s->job.cursor == INOS_NO_CHILD)
    return finish_starting (s, action);
  c = inos_slot (s, s->job.cursor);
  c->state = INOS_CHILD_STARTING;
  s->job.phase = INOS_PHASE_SPAWNING;
  *action = (struct inos_supervision_action){.kind = INOS_ACTION_START, .child = s->job.cursor};
  return INOS_ACTS;
}

/* The child at the cursor has started. */
void inos_job_started (struct inos_supervision *s)
{
  struct inos_supervised *c = inos_slot (s, s->job.cursor);

  c->state = INOS_CHILD_RUNNING;
  c->since = s->now;
  s->job.cursor = s->job.span == INOS_SPAN_ONE ? INOS_NO_CHILD : c->next;
  s->job.phase = INOS_PHASE_START;
}

/* It has not, and @reason is why. */
void inos_job_not_started (struct inos_supervision *s, struct inos_exit reason)
{
  inos_child_set_absent (s, s->job.cursor);
  inos_slot (s, s->job.cursor)->reason = reason;
  s->job.phase = INOS_PHASE_DONE;
}

enum inos_progress inos_job_step (struct inos_supervision *s,
                                  struct inos_supervision_action *action)
{
  switch (s->job.phase) {
  case INOS_PHASE_STOP:
    return stop_next (s, action);
  case INOS_PHASE_ARM:
    return arm (s, shutdown_of (inos_slot (s, s->job.cursor)->child), INOS_PHASE_STOPPING, action);
  case INOS_PHASE_KILL:
    return kill_next (s, INOS_PHASE_STOPPING, action);
  case INOS_PHASE_STOP_ALL:
    return stop_all_next (s, action);
  case INOS_PHASE_ARM_ALL:
    return arm (s, shutdown_of (s->supervisor->children), INOS_PHASE_STOPPING_ALL, action);
  case INOS_PHASE_KILL_ALL:
    return kill_next (s, INOS_PHASE_STOPPING_ALL, action);
  case INOS_PHASE_STOPPING_ALL:
    return s->job.stopping ? INOS_WAITS : finish_stopping (s, action);
  case INOS_PHASE_START:
    return start_next (s, action);
  case INOS_PHASE_DONE:
    return fail_starting (s, action);
  case INOS_PHASE_STOPPING:
  case INOS_PHASE_SPAWNING:
  case INOS_PHASE_STARTING:
    break;
  }
  return INOS_WAITS;
}
