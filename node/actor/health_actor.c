/*
 * An actor looks at itself, when it is asked to.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/health_private.h"
#include "node/actor/tally.h"

#include <time.h>

#define TIMER_SIZE 96 /* bytes, about */

struct inos_health_question {
  _Atomic uint32_t refs;
  pthread_mutex_t lock;  /* held while `done` runs */
  inos_health_done done; /* NULL: ended, or called */
  void *data;
  struct inos_actor_health health;
};

static void see_pending (const struct inos_extra *extra, uint64_t now,
                         struct inos_actor_health *out)
{
  uint32_t told = 0;

  out->pending_count = extra->pending_count;
  for (uint32_t i = 0; i < extra->pending_size && told < INOS_HEALTH_PENDING; i++) {
    const struct inos_pending *p = &extra->pending[i];
    if (p->id)
      out->pending[told++] =
        (struct inos_pending_health){.id = p->id,
                                     .target = p->target,
                                     .age = now > p->began ? now - p->began : 0,
                                     .deadline = p->deadline};
  }
}

static uint32_t links_count (const struct inos_link *link)
{
  uint32_t count = 0;

  for (; link; link = link->next)
    count++;
  return count;
}

static void see_extra (struct inos_cell *cell, uint64_t now, struct inos_actor_health *out)
{
  const struct inos_extra *extra = cell->extra;
  const struct inos_behaviour *behaviour = cell->behaviour;
  uint64_t period = behaviour->restarts_period ? behaviour->restarts_period : INOS_RESTARTS_PERIOD;

  out->restarts_max = behaviour->restarts_max ? behaviour->restarts_max : INOS_RESTARTS_MAX;
  if (!extra)
    return;
  out->links = links_count (extra->links);
  out->monitors = inos_tally_count (extra->monitors);
  out->timers = extra->timers_count - (extra->sweep ? 1 : 0);
  out->parked = extra->parked_count;
  if (now - MIN (now, extra->restart_began) <= period)
    out->restarts = extra->restart_count;
  see_pending (extra, now, out);
  out->memory +=
    sizeof *extra + extra->pending_size * sizeof *extra->pending +
    extra->timers_size * sizeof *extra->timers + extra->timers_count * TIMER_SIZE +
    extra->parked_count * (sizeof (struct inos_parked) + sizeof (struct inos_envelope)) +
    out->links * sizeof (struct inos_link) +
    (out->monitors + inos_tally_count (extra->watched)) * (sizeof (inos_actor_id) + sizeof (gsize));
}

static void see_mailbox (struct inos_cell *cell, uint64_t now, struct inos_actor_health *out)
{
  bool oldest = atomic_load (&cell->flags) & INOS_C_OLDEST;
  struct inos_bound *bound = atomic_load_explicit (&cell->bound, memory_order_acquire);

  out->mailbox = (struct inos_mailbox_health){0};
  if (oldest)
    pthread_mutex_lock (&bound->lock);
  inos_mailbox_walk (cell, NULL, now, &out->mailbox, &out->memory);
  if (oldest)
    pthread_mutex_unlock (&bound->lock);
  inos_mailbox_bound (cell, &out->mailbox);
  out->memory += (out->mailbox.total + out->mailbox.late) * sizeof (struct inos_envelope);
  if (bound)
    out->memory += sizeof *bound;
  if (atomic_load (&cell->lanes))
    out->memory += sizeof (struct inos_lanes);
}

void inos_health_inside (struct inos_worker *worker, struct inos_cell *cell,
                         struct inos_actor_health *out)
{
  uint64_t now = inos_clock (worker->runtime);

  out->asked = true;
  out->behaviour = cell->behaviour;
  out->count = atomic_load (&cell->handled);
  out->memory = sizeof *cell + (cell->state ? out->behaviour->state_size : 0);
  if (cell->argument_block)
    out->memory += sizeof (struct inos_block) + cell->argument_size;
  see_mailbox (cell, now, out);
  see_extra (cell, now, out);
}

/* Questions */

static void question_unref (struct inos_health_question *question)
{
  if (atomic_fetch_sub (&question->refs, 1) > 1)
    return;
  pthread_mutex_destroy (&question->lock);
  g_free (question);
}

static void answer (struct inos_health_question *question, const struct inos_actor_health *health)
{
  inos_health_done done = question->done;

  question->done = NULL;
  if (done)
    done (health, question->data);
}

static void on_call (struct inos_context *context, void *data)
{
  struct inos_health_question *question = data;

  pthread_mutex_lock (&question->lock);
  if (context && question->done)
    inos_health_inside (context->worker, context->cell, &question->health);
  answer (question, context ? &question->health : NULL);
  pthread_mutex_unlock (&question->lock);
  question_unref (question);
}

/* What needs no turn of the actor: it is nowhere, or is stuck, or all is on this thread. */
static bool answer_at_once (struct inos_runtime *runtime, inos_actor_id id,
                            struct inos_health_question *question)
{
  struct inos_cell *cell = inos_cell_of (runtime, id);
  bool there = inos_health_outside (runtime, id, &question->health);

  if (there && runtime->config.seeded && question->health.behaviour)
    inos_health_inside (runtime->outside, cell, &question->health);
  else if (there && !runtime->config.seeded && question->health.state != INOS_STATE_STUCK)
    return false;
  answer (question, there ? &question->health : NULL);
  return true;
}

struct inos_health_question *inos_health_ask (struct inos_runtime *runtime, inos_actor_id id,
                                              inos_health_done done, void *data)
{
  struct inos_health_question *question = g_new0 (struct inos_health_question, 1);

  atomic_init (&question->refs, 2);
  pthread_mutex_init (&question->lock, NULL);
  question->done = done;
  question->data = data;
  if (answer_at_once (runtime, id, question))
    question_unref (question);
  else if (!inos_signal_call (runtime, id, on_call, question))
    on_call (NULL, question);
  return question;
}

void inos_health_question_end (struct inos_health_question *question)
{
  pthread_mutex_lock (&question->lock);
  question->done = NULL;
  pthread_mutex_unlock (&question->lock);
  question_unref (question);
}

/* Waiting */

void inos_latch_init (struct inos_latch *latch)
{
  pthread_condattr_t attributes;

  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_mutex_init (&latch->lock, NULL);
  pthread_cond_init (&latch->cond, &attributes);
  pthread_condattr_destroy (&attributes);
}

void inos_latch_finish (struct inos_latch *latch)
{
  pthread_cond_destroy (&latch->cond);
  pthread_mutex_destroy (&latch->lock);
}

uint64_t inos_latch_until (uint64_t timeout)
{
  uint64_t now = (uint64_t)g_get_monotonic_time() * 1000;

  return now + MIN (timeout, (uint64_t)G_MAXINT64 - now);
}

bool inos_latch_wait (struct inos_latch *latch, uint64_t until)
{
  const struct timespec t = {.tv_sec = (time_t)(until / INOS_SECOND),
                             .tv_nsec = (long)(until % INOS_SECOND)};

  return pthread_cond_timedwait (&latch->cond, &latch->lock, &t) == 0;
}

struct waiting {
  struct inos_latch latch;
  bool answered, there;
  struct inos_actor_health *out;
};

static void on_answer (const struct inos_actor_health *health, void *data)
{
  struct waiting *w = data;

  pthread_mutex_lock (&w->latch.lock);
  w->answered = true;
  w->there = health;
  if (health)
    *w->out = *health;
  pthread_cond_signal (&w->latch.cond);
  pthread_mutex_unlock (&w->latch.lock);
}

bool inos_health_actor (struct inos_runtime *runtime, inos_actor_id id, uint64_t timeout,
                        struct inos_actor_health *out)
{
  struct waiting w = {.out = out};
  uint64_t until = inos_latch_until (timeout);

  inos_latch_init (&w.latch);
  struct inos_health_question *question = inos_health_ask (runtime, id, on_answer, &w);
  pthread_mutex_lock (&w.latch.lock);
  while (!w.answered && inos_latch_wait (&w.latch, until))
    ;
  pthread_mutex_unlock (&w.latch.lock);
  inos_health_question_end (question);
  inos_latch_finish (&w.latch);
  return w.answered ? w.there : inos_health_outside (runtime, id, out);
}
