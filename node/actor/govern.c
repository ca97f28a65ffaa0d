/*
 * How many workers run at once.
 *
 * Long messages pay for another worker always. Short ones pay only where the actors have little to
 * do with each other, which nobody can know: so the governor tries, every so often, one worker more
 * for a few milliseconds, counts messages, and keeps what was faster.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"

#define EPOCH (4 * INOS_MILLISECOND) /* of the governor */
#define HEAVY 2000                   /* ns; messages this long are worth another worker */
#define TRIAL_FIRST (20 * INOS_MILLISECOND)
#define TRIAL_LONGEST INOS_SECOND
#define CONFIRM (500 * INOS_MILLISECOND) /* how long a good trial counts */

static uint64_t handled_in_all (struct inos_runtime *runtime)
{
  uint64_t sum = 0;

  for (unsigned i = 0; i < runtime->workers; i++)
    sum += atomic_load_explicit (&runtime->worker[i]->count.handled, memory_order_relaxed) +
           atomic_load_explicit (&runtime->worker[i]->count.dead, memory_order_relaxed) +
           atomic_load_explicit (&runtime->worker[i]->count.stopped, memory_order_relaxed);
  return sum;
}

static void set_limit (struct inos_runtime *runtime, uint32_t limit)
{
  atomic_store (&runtime->limit, limit);
}

static void try_one_more (struct inos_runtime *runtime, double rate)
{
  runtime->governor.trial = true;
  runtime->governor.rate = rate;
  set_limit (runtime, atomic_load (&runtime->limit) + 1);
  inos_unpark_one (runtime);
}

static void judge_trial (struct inos_runtime *runtime, uint64_t now, double rate)
{
  struct inos_governor *g = &runtime->governor;

  g->trial = false;
  if (rate > g->rate * 1.25) {
    g->wait = TRIAL_FIRST;
    g->next_trial = now + TRIAL_FIRST;
    g->confirmed = now + CONFIRM;
    return;
  }
  set_limit (runtime, atomic_load (&runtime->limit) - 1);
  g->wait = MIN (g->wait * 2, TRIAL_LONGEST);
  g->next_trial = now + g->wait;
}

static void decide (struct inos_runtime *runtime, uint64_t now, uint64_t span, uint64_t handled)
{
  struct inos_governor *g = &runtime->governor;
  uint32_t limit = atomic_load (&runtime->limit), active = MAX (atomic_load (&runtime->active), 1);
  double rate = (double)handled / (double)span;

  if (span * active > handled * HEAVY) { /* long messages */
    g->trial = false;
    g->heavy = true;
    set_limit (runtime, runtime->workers);
  } else if (g->trial)
    judge_trial (runtime, now, rate);
  else if (limit > 1 && (g->heavy || now > g->confirmed)) {
    g->heavy = false;
    set_limit (runtime, 1);
    g->next_trial = now + 2 * EPOCH;
  } else if (limit < runtime->workers && now >= g->next_trial)
    try_one_more (runtime, rate);
}

/* Every few milliseconds while there is work, by whoever looks at the clock first. */
void inos_govern (struct inos_worker *worker)
{
  struct inos_runtime *runtime = worker->runtime;
  struct inos_governor *g = &runtime->governor;

  if (runtime->workers == 1 || pthread_mutex_trylock (&runtime->governor_lock) != 0)
    return;
  uint64_t now = worker->now, handled = handled_in_all (runtime);
  if (now >= atomic_load (&runtime->epoch_end)) {
    /* An epoch that began before a sleep says nothing. */
    if (now - g->began < 4 * EPOCH)
      decide (runtime, now, now - g->began, handled - g->handled);
    g->began = now;
    g->handled = handled;
    atomic_store (&runtime->epoch_end, now + EPOCH);
  }
  pthread_mutex_unlock (&runtime->governor_lock);
}
