/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "node/actor/supervision_private.h"

#include <string.h>

#define MILLISECOND UINT64_C (1000000)
#define PERIOD_MS 5000u
#define BACKOFF_MAX_MS 30000u

static const struct inos_exit shut_down = {.kind = INOS_EXIT_SHUTDOWN};

/* Restarts */

/* Forgets restarts of before the period. */
static void forget_restarts (struct inos_supervision *s)
{
  uint64_t threshold = s->now > s->period ? s->now - s->period : 0;

  while (s->restarted_n && s->restarted[s->restarted_first] < threshold) {
    s->restarted_first = (s->restarted_first + 1) % s->restarts_max;
    s->restarted_n--;
  }
}

/* Returns: whether one more restart is allowed, which is then counted. */
static bool count_restart (struct inos_supervision *s, struct inos_supervised *c)
{
  struct inos_restart_record *record = &s->history[s->restarts % INOS_RESTART_HISTORY];

  forget_restarts (s);
  if (s->restarted_n == s->restarts_max)
    return false;
  s->restarted[(s->restarted_first + s->restarted_n++) % s->restarts_max] = s->now;
  s->restarts++;
  c->restarts++;
  *record = (struct inos_restart_record){.at = s->now, .reason = c->reason};
  g_strlcpy (record->name, c->child->name, sizeof record->name);
  return true;
}

static void recover (struct inos_supervision *s, uint32_t child)
{
  enum inos_job_span span = INOS_SPAN_ONE;

  if (!count_restart (s, inos_slot (s, child))) {
    inos_child_let_go (s, child);
    inos_job_end (s, shut_down);
    return;
  }
  inos_child_set_absent (s, child);
  if (s->supervisor->strategy == INOS_ONE_FOR_ALL)
    span = INOS_SPAN_ALL;
  else if (s->supervisor->strategy == INOS_REST_FOR_ONE)
    span = INOS_SPAN_REST;
  inos_job_begin (s, INOS_JOB_RECOVER, span, child,
                  span == INOS_SPAN_ONE ? INOS_PHASE_START : INOS_PHASE_STOP);
}

/* How long the child's next restart is put off. */
static uint32_t backoff (struct inos_supervision *s, struct inos_supervised *c)
{
  uint64_t delay = s->supervisor->backoff_ms;
  uint64_t most = s->supervisor->backoff_max_ms ? s->supervisor->backoff_max_ms : BACKOFF_MAX_MS;

  for (uint32_t i = 0; i < c->failures && delay < most; i++)
    delay *= 2;
  c->failures++;
  return (uint32_t)MIN (delay, most);
}

/* The child will be tried again: soon, but after what waits already, or when the back-off is over.
 */
enum inos_progress inos_child_retry (struct inos_supervision *s, uint32_t child,
                                     struct inos_supervision_action *action)
{
  struct inos_supervised *c = inos_slot (s, child);

  inos_child_set_absent (s, child);
  c->state = INOS_CHILD_RESTARTING;
  *action = (struct inos_supervision_action){
    .kind = INOS_ACTION_RETRY, .child = child, .stamp = c->stamp, .delay_ms = backoff (s, c)};
  return INOS_ACTS;
}

/* Whether the last significant child, or one of them, has just ended by itself. */
static bool is_over (struct inos_supervision *s, bool significant)
{
  if (!significant || s->supervisor->auto_shutdown == INOS_AUTO_SHUTDOWN_NEVER)
    return false;
  if (s->supervisor->auto_shutdown == INOS_AUTO_SHUTDOWN_ANY)
    return true;
  for (uint32_t i = s->children.first; i != INOS_NO_CHILD; i = inos_slot (s, i)->next)
    if (inos_slot (s, i)->child->significant && inos_slot (s, i)->state != INOS_CHILD_ABSENT)
      return false;
  return true;
}

static bool is_restarted (const struct inos_child *child, struct inos_exit reason)
{
  if (child->lifetime == INOS_PERMANENT)
    return true;
  return child->lifetime == INOS_TRANSIENT && reason.kind != INOS_EXIT_NORMAL &&
         reason.kind != INOS_EXIT_SHUTDOWN;
}

/* A child has gone by itself. */
static enum inos_progress handle_gone (struct inos_supervision *s, uint32_t child,
                                       struct inos_supervision_action *action)
{
  struct inos_supervised *c = inos_slot (s, child);
  struct inos_exit reason = c->reason;
  uint64_t most = s->supervisor->backoff_max_ms ? s->supervisor->backoff_max_ms : BACKOFF_MAX_MS;
  bool significant = c->child->significant;

  if (s->now - c->since >= most * MILLISECOND)
    c->failures = 0;
  if (reason.kind == INOS_EXIT_ESCALATED) {
    inos_child_let_go (s, child);
    inos_job_end (s, (struct inos_exit){.kind = INOS_EXIT_ERROR, .code = reason.code});
    return INOS_MOVED;
  }
  if (is_restarted (c->child, reason)) {
    if (s->supervisor->backoff_ms)
      return inos_child_retry (s, child, action);
    recover (s, child);
    return INOS_MOVED;
  }
  inos_child_let_go (s, child);
  if (is_over (s, significant))
    inos_job_end (s, shut_down);
  return INOS_MOVED;
}

/* Commands */

static enum inos_command_status child_for (struct inos_supervision *s,
                                           const struct inos_command *command, uint32_t *child)
{
  if (inos_supervision_is_simple (s) && (command->kind != INOS_COMMAND_TERMINATE || !command->id))
    return INOS_COMMAND_WRONG;
  *child = command->id ? inos_children_find (&s->children, command->id)
                       : inos_children_named (&s->children, command->name);
  return *child == INOS_NO_CHILD ? INOS_COMMAND_NOT_FOUND : INOS_COMMAND_OK;
}

/* What keeps an absent child from being started or forgotten: that it is not absent. */
static enum inos_command_status check_absent (struct inos_supervised *c)
{
  if (c->state == INOS_CHILD_ABSENT)
    return INOS_COMMAND_OK;
  return c->state == INOS_CHILD_RESTARTING ? INOS_COMMAND_RESTARTING : INOS_COMMAND_RUNNING;
}

static enum inos_command_status add_child (struct inos_supervision *s, struct inos_command *command,
                                           uint32_t *added)
{
  const struct inos_child *child = command->child;

  if (inos_supervision_is_simple (s) == (child != NULL) ||
      (child && inos_child_fault (s->supervisor, child)))
    return INOS_COMMAND_WRONG;
  if (child) {
    *added = inos_children_named (&s->children, child->name);
    if (*added != INOS_NO_CHILD)
      return inos_slot (s, *added)->id ? INOS_COMMAND_RUNNING : INOS_COMMAND_PRESENT;
  }
  *added = inos_children_add (&s->children, child ? child : s->supervisor->children);
  if (*added == INOS_NO_CHILD)
    return INOS_COMMAND_FULL;
  inos_slot (s, *added)->argument = g_steal_pointer (&command->argument);
  inos_slot (s, *added)->argument_size = command->argument_size;
  return INOS_COMMAND_OK;
}

static enum inos_progress handle_command (struct inos_supervision *s, struct inos_command command,
                                          struct inos_supervision_action *action)
{
  enum inos_command_status status = INOS_COMMAND_OK;
  enum inos_job_kind job = INOS_JOB_NONE;
  uint32_t child = INOS_NO_CHILD;

  if (command.kind == INOS_COMMAND_START)
    status = add_child (s, &command, &child);
  else if (command.kind != INOS_COMMAND_QUERY)
    status = child_for (s, &command, &child);

  if (status == INOS_COMMAND_OK &&
      (command.kind == INOS_COMMAND_RESTART || command.kind == INOS_COMMAND_DELETE))
    status = check_absent (inos_slot (s, child));
  /* It has ended meanwhile, which is all that was wanted. */
  if (status == INOS_COMMAND_NOT_FOUND && command.kind == INOS_COMMAND_TERMINATE && command.known)
    return inos_answer (action, &command, INOS_COMMAND_OK, 0);
  if (status == INOS_COMMAND_RUNNING)
    return inos_answer (action, &command, status, inos_slot (s, child)->id);
  if (status != INOS_COMMAND_OK)
    return inos_answer (action, &command, status, 0);

  switch (command.kind) {
  case INOS_COMMAND_QUERY:
    return inos_answer (action, &command, INOS_COMMAND_OK, 0);
  case INOS_COMMAND_DELETE:
    inos_children_remove (&s->children, child);
    return inos_answer (action, &command, INOS_COMMAND_OK, 0);
  case INOS_COMMAND_START:
    job = INOS_JOB_START;
    break;
  case INOS_COMMAND_RESTART:
    job = INOS_JOB_RESTART;
    break;
  case INOS_COMMAND_TERMINATE:
    job = INOS_JOB_TERMINATE;
    break;
  }
  inos_job_begin (s, job, INOS_SPAN_ONE, child,
                  job == INOS_JOB_TERMINATE ? INOS_PHASE_STOP : INOS_PHASE_START);
  s->job.command = command;
  return INOS_MOVED;
}

/* The machine */

/* Takes up what has waited longest. */
static enum inos_progress step_queue (struct inos_supervision *s,
                                      struct inos_supervision_action *action)
{
  uint32_t what = inos_children_pop (&s->children);

  if (what == INOS_QUEUE_NOTHING)
    return INOS_WAITS;
  if (what == INOS_QUEUE_STOP) {
    inos_job_end (s, s->stop);
    return INOS_MOVED;
  }
  if (what & INOS_QUEUE_COMMAND)
    return handle_command (s, inos_children_take (&s->children, what), action);
  if (inos_slot (s, what)->state == INOS_CHILD_RUNNING)
    return handle_gone (s, what, action);
  recover (s, what);
  return INOS_MOVED;
}

bool inos_supervision_next (struct inos_supervision *s, uint64_t now,
                            struct inos_supervision_action *action)
{
  enum inos_progress progress = INOS_MOVED;

  s->now = now;
  while (progress == INOS_MOVED && !s->ended) {
    if (s->armed && s->job.phase != INOS_PHASE_STOPPING &&
        (s->job.phase != INOS_PHASE_STOPPING_ALL || !s->job.stopping)) {
      s->armed = false;
      *action = (struct inos_supervision_action){.kind = INOS_ACTION_DISARM};
      return true;
    }
    progress = s->job.kind == INOS_JOB_NONE ? step_queue (s, action) : inos_job_step (s, action);
  }
  return progress == INOS_ACTS;
}

/* Events */

static void tell_down (struct inos_supervision *s, uint32_t child, struct inos_exit reason)
{
  struct inos_supervised *c = inos_slot (s, child);

  switch (c->state) {
  case INOS_CHILD_STARTING:
    inos_job_not_started (s, reason);
    break;
  case INOS_CHILD_STOPPING:
    s->job.stopping--;
    if (s->job.phase < INOS_PHASE_STOP_ALL) {
      inos_job_stopped (s);
      break;
    }
    if (s->job.cursor == child)
      s->job.cursor = c->previous;
    inos_child_let_go (s, child);
    break;
  default:
    if (c->gone)
      break;
    c->gone = true;
    c->reason = reason;
    inos_children_push (&s->children, child);
  }
}

static void tell_timer (struct inos_supervision *s, uint32_t stamp)
{
  if (!s->armed || stamp != s->timer_stamp)
    return;
  s->armed = false;
  if (s->job.phase == INOS_PHASE_STOPPING)
    s->job.phase = INOS_PHASE_KILL;
  else if (s->job.phase == INOS_PHASE_STOPPING_ALL) {
    s->job.phase = INOS_PHASE_KILL_ALL;
    s->job.cursor = s->children.last;
  }
}

static void tell_retry (struct inos_supervision *s, uint32_t child, uint32_t stamp)
{
  if (child < s->children.n_slots && inos_slot (s, child)->child &&
      inos_slot (s, child)->state == INOS_CHILD_RESTARTING && inos_slot (s, child)->stamp == stamp)
    inos_children_push (&s->children, child);
}

static void tell_spawned (struct inos_supervision *s, const struct inos_supervision_event *event)
{
  if (s->job.kind == INOS_JOB_NONE || s->job.phase != INOS_PHASE_SPAWNING ||
      event->child != s->job.cursor)
    return;
  if (event->kind == INOS_EVENT_UNBORN) {
    inos_job_not_started (s, event->reason);
    return;
  }
  inos_children_bind (&s->children, event->child, event->id);
  s->job.phase = INOS_PHASE_STARTING;
}

static void tell_stop (struct inos_supervision *s, struct inos_exit reason)
{
  if (s->children.stop.next || s->job.kind == INOS_JOB_END)
    return;
  s->stop = reason;
  inos_children_push (&s->children, INOS_QUEUE_STOP);
}

static bool tell_command (struct inos_supervision *s, const struct inos_command *command)
{
  struct inos_command kept = *command;

  kept.known = inos_children_find (&s->children, command->id) != INOS_NO_CHILD;
  return inos_children_keep (&s->children, &kept);
}

bool inos_supervision_tell (struct inos_supervision *s, const struct inos_supervision_event *event)
{
  uint32_t child;

  if (s->ended)
    return event->kind != INOS_EVENT_COMMAND;
  switch (event->kind) {
  case INOS_EVENT_SPAWNED:
  case INOS_EVENT_UNBORN:
    tell_spawned (s, event);
    break;
  case INOS_EVENT_STARTED:
    child = inos_children_find (&s->children, event->id);
    if (child != INOS_NO_CHILD && inos_slot (s, child)->state == INOS_CHILD_STARTING)
      inos_job_started (s);
    break;
  case INOS_EVENT_DOWN:
    child = inos_children_find (&s->children, event->id);
    if (child != INOS_NO_CHILD)
      tell_down (s, child, event->reason);
    break;
  case INOS_EVENT_STOP:
    tell_stop (s, event->reason);
    break;
  case INOS_EVENT_TIMER:
    tell_timer (s, event->stamp);
    break;
  case INOS_EVENT_RETRY:
    tell_retry (s, event->child, event->stamp);
    break;
  case INOS_EVENT_COMMAND:
    return tell_command (s, event->command);
  }
  return true;
}

/* Life cycle */

struct inos_supervision *inos_supervision_new (const struct inos_supervisor *supervisor)
{
  struct inos_supervision *s = g_try_new0 (struct inos_supervision, 1);
  uint32_t n = supervisor->strategy == INOS_SIMPLE_ONE_FOR_ONE ? 0 : supervisor->n_children;
  uint32_t most = supervisor->children_max ? supervisor->children_max : INOS_CHILDREN_DEFAULT;

  if (!s)
    return NULL;
  s->supervisor = supervisor;
  s->restarts_max = supervisor->restarts_max ? supervisor->restarts_max : 1;
  if (s->restarts_max == INOS_RESTARTS_NONE)
    s->restarts_max = 0;
  s->period = (supervisor->period_ms ? supervisor->period_ms : PERIOD_MS) * MILLISECOND;
  s->restarted = g_try_new0 (uint64_t, MAX (s->restarts_max, 1));
  if (!s->restarted || !inos_children_init (&s->children, n, most)) {
    inos_supervision_free (s);
    return NULL;
  }
  for (uint32_t i = 0; i < n; i++)
    inos_children_add (&s->children, &supervisor->children[i]);
  inos_job_begin (s, INOS_JOB_BOOT, INOS_SPAN_ALL, INOS_NO_CHILD, INOS_PHASE_START);
  return s;
}

void inos_supervision_free (struct inos_supervision *s)
{
  if (!s)
    return;
  if (s->children.slot)
    inos_children_finish (&s->children);
  if (s->job.kind >= INOS_JOB_START)
    g_free (s->job.command.argument);
  g_free (s->restarted);
  g_free (s);
}
