/*
 * What can be seen of a supervision, and what is wrong with it or with the table it came from.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/supervision_private.h"

#include <string.h>

#define MILLISECOND UINT64_C (1000000)

/* Tables */

const char *inos_child_fault (const struct inos_supervisor *supervisor,
                              const struct inos_child *child)
{
  if (!child->name || !*child->name || strlen (child->name) >= INOS_CHILD_NAME_MAX)
    return "a child needs a name of less than 48 bytes";
  if (!child->behaviour == !child->supervisor)
    return "a child is either a worker with a behaviour or a supervisor with a table";
  if (child->significant && child->lifetime == INOS_PERMANENT)
    return "a permanent child cannot be significant";
  if (child->significant && supervisor->auto_shutdown == INOS_AUTO_SHUTDOWN_NEVER)
    return "a child is significant, but the supervisor has no auto_shutdown";
  return child->supervisor ? inos_supervisor_fault (child->supervisor) : NULL;
}

static const char *strategy_fault (const struct inos_supervisor *supervisor)
{
  if (supervisor->strategy != INOS_SIMPLE_ONE_FOR_ONE)
    return NULL;
  if (supervisor->n_children != 1)
    return "simple_one_for_one needs exactly one child, the template";
  if (supervisor->auto_shutdown != INOS_AUTO_SHUTDOWN_NEVER)
    return "simple_one_for_one has no auto_shutdown";
  return NULL;
}

const char *inos_supervisor_fault (const struct inos_supervisor *supervisor)
{
  const char *fault = strategy_fault (supervisor);
  uint32_t most = supervisor->children_max ? supervisor->children_max : INOS_CHILDREN_DEFAULT;

  if (fault)
    return fault;
  if (!supervisor->name)
    return "a supervisor needs a name";
  if (most > INOS_CHILDREN_MAX || supervisor->n_children > INOS_CHILDREN_STATIC_MAX ||
      supervisor->n_children > most)
    return "a supervisor has too many children";
  if (supervisor->restarts_max > INOS_RESTARTS_MAX &&
      supervisor->restarts_max != INOS_RESTARTS_NONE)
    return "restarts_max is above 1,024";

  for (uint32_t i = 0; i < supervisor->n_children; i++) {
    fault = inos_child_fault (supervisor, &supervisor->children[i]);
    if (fault)
      return fault;
    for (uint32_t j = 0; j < i; j++)
      if (strcmp (supervisor->children[i].name, supervisor->children[j].name) == 0)
        return "two children of one supervisor have the same name";
  }
  return NULL;
}

/* Views */

inos_child_index inos_supervision_find (const struct inos_supervision *s, inos_actor_id id)
{
  return inos_children_find (&s->children, id);
}

inos_child_index inos_supervision_last (const struct inos_supervision *s)
{
  return s->children.last;
}

inos_child_index inos_supervision_previous (const struct inos_supervision *s,
                                            inos_child_index child)
{
  return s->children.slot[child].previous;
}

struct inos_child_view inos_supervision_view (const struct inos_supervision *s,
                                              inos_child_index child)
{
  const struct inos_supervised *c = &s->children.slot[child];

  return (struct inos_child_view){
    .child = c->child,
    .argument = c->argument ? c->argument : c->child->argument,
    .argument_size = c->argument ? c->argument_size : c->child->argument_size,
    .id = c->id,
    .state = c->state,
    .restarts = c->restarts,
  };
}

struct inos_child_counts inos_supervision_counts (const struct inos_supervision *s)
{
  struct inos_child_counts counts = {0};

  for (uint32_t i = s->children.first; i != INOS_NO_CHILD; i = s->children.slot[i].next) {
    const struct inos_supervised *c = &s->children.slot[i];
    counts.specs++;
    counts.active += c->state == INOS_CHILD_RUNNING && !c->gone;
    counts.supervisors += c->child->supervisor != NULL;
    counts.workers += c->child->supervisor == NULL;
  }
  if (inos_supervision_is_simple (s))
    counts.specs = 1;
  return counts;
}

void inos_supervision_health (const struct inos_supervision *s, uint64_t now,
                              struct inos_supervision_health *health)
{
  uint32_t spent = 0;
  uint64_t first = s->restarts > INOS_RESTART_HISTORY ? s->restarts - INOS_RESTART_HISTORY : 0;

  for (uint32_t i = 0; i < s->restarted_n; i++)
    spent += s->restarted[(s->restarted_first + i) % s->restarts_max] + s->period >= now;
  *health = (struct inos_supervision_health){
    .restarts_left = s->restarts_max - spent,
    .restarts_max = s->restarts_max,
    .period_ms = (uint32_t)(s->period / MILLISECOND),
    .restarts = s->restarts,
    .busy = s->job.kind != INOS_JOB_NONE,
  };
  for (uint64_t i = first; i < s->restarts; i++)
    health->history[health->remembered++] = s->history[i % INOS_RESTART_HISTORY];
}

/* Invariants */

/* What must hold of one child. */
static const char *child_broken (const struct inos_supervision *s, uint32_t child)
{
  const struct inos_supervised *c = &s->children.slot[child];
  const struct inos_job *job = &s->job;
  bool busy = job->kind != INOS_JOB_NONE;

  if (c->gone && (c->state != INOS_CHILD_RUNNING || !c->queue.next))
    return "a child has gone, and nothing will come of it";
  if (c->queue.next && !c->gone && c->state != INOS_CHILD_RESTARTING)
    return "a child waits for nothing";
  switch (c->state) {
  case INOS_CHILD_ABSENT:
  case INOS_CHILD_RESTARTING:
    return c->id ? "a child that is not there has an id" : NULL;
  case INOS_CHILD_RUNNING:
    return c->id ? NULL : "a child runs without an id";
  case INOS_CHILD_STARTING:
    return busy && job->cursor == child && !c->id == (job->phase == INOS_PHASE_SPAWNING)
             ? NULL
             : "a child starts, but nobody waits for it";
  case INOS_CHILD_STOPPING:
    return busy && c->id && job->phase < INOS_PHASE_START &&
               (job->phase >= INOS_PHASE_STOP_ALL || job->cursor == child)
             ? NULL
             : "a child stops, but nobody waits for it";
  }
  return "a child is in no state";
}

const char *inos_supervision_broken (const struct inos_supervision *s)
{
  const char *broken = inos_children_broken (&s->children);
  uint32_t stopping = 0;

  for (uint32_t i = s->children.first; !broken && i != INOS_NO_CHILD;
       i = s->children.slot[i].next) {
    broken = child_broken (s, i);
    stopping += s->children.slot[i].state == INOS_CHILD_STOPPING;
  }
  if (broken)
    return broken;
  if (s->job.kind != INOS_JOB_NONE && stopping != s->job.stopping)
    return "the children that stop are miscounted";
  if (s->restarted_n > s->restarts_max)
    return "there were more restarts than are allowed";
  if (s->ended && s->children.first != INOS_NO_CHILD && inos_supervision_counts (s).active)
    return "it ended with children alive";
  return NULL;
}
