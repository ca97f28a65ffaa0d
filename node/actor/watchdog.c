/*
 * The watchdog. A worker that sleeps while others are busy looks up every 2 ms anyway; what it has
 * seen of them it compares with what it sees. That a worker has counted no message in between says
 * that it is in the same handler still. Where nobody sleeps, the worker finds out itself when it
 * looks at the clock.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/health_private.h"

void inos_watchdog_init (struct inos_runtime *runtime)
{
  pthread_mutex_init (&runtime->watchdog.lock, NULL);
  atomic_store (&runtime->watchdog.after, runtime->config.seeded ? 0 : INOS_STUCK_DEFAULT);
}

void inos_watchdog_set (struct inos_runtime *runtime, uint64_t after)
{
  if (!runtime->config.seeded)
    atomic_store (&runtime->watchdog.after, after ? MAX (after, INOS_MILLISECOND) : 0);
}

uint64_t inos_watchdog_count (struct inos_runtime *runtime, struct inos_stuck *last)
{
  struct inos_watchdog *dog = &runtime->watchdog;

  pthread_mutex_lock (&dog->lock);
  uint64_t count = atomic_load (&dog->count);
  if (last && count)
    *last = dog->last;
  pthread_mutex_unlock (&dog->lock);
  return count;
}

static void write_log (const struct inos_stuck *stuck)
{
  const char *behaviour = stuck->behaviour ? stuck->behaviour->name : "an actor";
  const char *type = stuck->type ? stuck->type->name : "a hook";
  double ms = (double)stuck->time / (double)INOS_MILLISECOND;

  if (!stuck->returned)
    g_message ("Actor %" G_GINT64_MODIFIER
               "x (%s%s%s) has been handling %s for %.0f ms; what waits "
               "behind it is late.",
               stuck->who, behaviour, *stuck->name ? " " : "", stuck->name, type, ms);
  else if (stuck->messages == 1)
    g_message ("Actor %" G_GINT64_MODIFIER
               "x (%s%s%s) took %.0f ms to handle %s; what waited behind "
               "it was late.",
               stuck->who, behaviour, *stuck->name ? " " : "", stuck->name, ms, type);
  else
    g_message ("A handler took up to %.0f ms: one of %u messages, the last of them of actor "
               "%" G_GINT64_MODIFIER "x (%s%s%s).",
               ms, stuck->messages, stuck->who, behaviour, *stuck->name ? " " : "", stuck->name);
}

/* With the watchdog's lock held. */
static void report (struct inos_runtime *runtime, const struct inos_turn_seen *turn,
                    struct inos_stuck stuck)
{
  stuck.who = turn->who;
  stuck.behaviour = turn->behaviour;
  stuck.type = turn->type;
  inos_name_copy (runtime, turn->who, stuck.name);
  runtime->watchdog.last = stuck;
  atomic_fetch_add (&runtime->watchdog.count, 1);
  write_log (&stuck);
}

static void watch_one (struct inos_runtime *runtime, struct inos_worker *victim, uint64_t now,
                       uint64_t after)
{
  struct inos_watched *seen = &runtime->watchdog.seen[victim->index];
  struct inos_turn_seen turn;

  if (!inos_turn_see (victim, &turn)) {
    seen->began = 0;
    return;
  }
  if (turn.began != seen->began || turn.handled != seen->handled || turn.who != seen->who) {
    seen->began = turn.began;
    seen->handled = turn.handled;
    seen->who = turn.who;
    seen->since = now;
    seen->done = false;
  }
  if (seen->done || now - seen->since < after)
    return;
  seen->done = seen->told = true;
  report (runtime, &turn, (struct inos_stuck){.time = now - seen->since, .messages = 1});
}

/* Looks at the others. */
void inos_watch (struct inos_worker *worker)
{
  struct inos_runtime *runtime = worker->runtime;
  struct inos_watchdog *dog = &runtime->watchdog;
  uint64_t after = atomic_load_explicit (&dog->after, memory_order_relaxed);

  if (!after || pthread_mutex_trylock (&dog->lock) != 0)
    return;
  uint64_t now = inos_clock (runtime);
  for (unsigned i = 0; i < runtime->workers + 2; i++)
    if (runtime->worker[i] != worker && runtime->worker[i] != runtime->outside)
      watch_one (runtime, runtime->worker[i], now, after);
  pthread_mutex_unlock (&dog->lock);
}

/* The worker's last @messages took @time, which is long. */
void inos_watch_self (struct inos_worker *worker, uint64_t time, unsigned messages)
{
  struct inos_runtime *runtime = worker->runtime;
  struct inos_watchdog *dog = &runtime->watchdog;
  uint64_t after = atomic_load_explicit (&dog->after, memory_order_relaxed);
  struct inos_turn_seen turn;

  if (!after || time < after)
    return;
  pthread_mutex_lock (&dog->lock);
  bool told = dog->seen[worker->index].told;
  dog->seen[worker->index].told = false;
  if (!told && inos_turn_see (worker, &turn))
    report (runtime, &turn,
            (struct inos_stuck){.time = time, .returned = true, .messages = messages});
  pthread_mutex_unlock (&dog->lock);
}
