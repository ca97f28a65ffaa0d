/*
 * Who is busy, by samples. A worker looks at the clock every 17 messages, or after each where they
 * take long, and charges what has passed to the actor that it runs then. It keeps a small table,
 * which the one who is busy wins against the one who is not, and only while somebody looks on.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"

static void put (struct inos_sampled *at, inos_actor_id who, uint64_t total, uint64_t recent,
                 uint32_t epoch)
{
  atomic_store_explicit (&at->who, 0, memory_order_relaxed);
  atomic_store_explicit (&at->time, total, memory_order_release);
  atomic_store_explicit (&at->who, who, memory_order_release);
  at->recent = recent;
  at->epoch = epoch;
}

void inos_sample (struct inos_worker *worker, struct inos_samples *samples, uint64_t time)
{
  struct inos_cell *cell = atomic_load_explicit (&worker->running, memory_order_relaxed);
  struct inos_sampled *at = &samples->at[cell->index % INOS_SAMPLES];
  uint32_t epoch = atomic_load_explicit (&samples->epoch, memory_order_relaxed);
  inos_actor_id who = inos_id_of (cell);
  uint64_t recent = at->epoch == epoch ? at->recent : 0;

  if (atomic_load_explicit (&at->who, memory_order_relaxed) == who) {
    inos_count (&at->time, time);
    at->recent = recent + time;
    at->epoch = epoch;
  } else if (recent > time)
    at->recent = recent - time;
  else
    put (at, who, time, time, epoch);
}

bool inos_samples_begin (struct inos_runtime *runtime)
{
  bool good = true;

  pthread_mutex_lock (&runtime->watchdog.lock);
  runtime->watchdog.viewers++;
  for (unsigned i = 0; i < runtime->workers + 2; i++) {
    struct inos_worker *worker = runtime->worker[i];
    if (!worker->samples_kept)
      worker->samples_kept = g_try_new0 (struct inos_samples, 1);
    good = good && worker->samples_kept;
    atomic_store_explicit (&worker->samples, worker->samples_kept, memory_order_release);
  }
  pthread_mutex_unlock (&runtime->watchdog.lock);
  return good;
}

void inos_samples_end (struct inos_runtime *runtime)
{
  pthread_mutex_lock (&runtime->watchdog.lock);
  if (--runtime->watchdog.viewers == 0)
    for (unsigned i = 0; i < runtime->workers + 2; i++)
      atomic_store_explicit (&runtime->worker[i]->samples, NULL, memory_order_relaxed);
  pthread_mutex_unlock (&runtime->watchdog.lock);
}

void inos_samples_add (struct inos_runtime *runtime, GHashTable *times)
{
  for (unsigned i = 0; i < runtime->workers + 2; i++) {
    struct inos_samples *samples = atomic_load (&runtime->worker[i]->samples);
    for (unsigned k = 0; samples && k < INOS_SAMPLES; k++) {
      struct inos_sampled *at = &samples->at[k];
      inos_actor_id who = atomic_load_explicit (&at->who, memory_order_acquire);
      uint64_t time = atomic_load_explicit (&at->time, memory_order_acquire);
      if (!who || who != atomic_load_explicit (&at->who, memory_order_relaxed))
        continue;
      uint64_t *sum = g_hash_table_lookup (times, &who);
      if (!sum) {
        sum = g_new0 (uint64_t, 2);
        sum[0] = who;
        g_hash_table_insert (times, &sum[0], sum);
      }
      sum[1] += time;
    }
    if (samples)
      atomic_fetch_add_explicit (&samples->epoch, 1, memory_order_relaxed);
  }
}
