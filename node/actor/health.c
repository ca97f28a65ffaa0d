/*
 * All actors at once, and what has happened since the last look.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/health_list.h"

#define BUCKETS G_N_ELEMENTS (((struct inos_totals *)0)->latency)

struct inos_health *inos_health_new (struct inos_runtime *runtime)
{
  struct inos_health *health = g_new0 (struct inos_health, 1);

  health->runtime = runtime;
  health->looked = inos_clock (runtime);
  health->busy = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  inos_samples_begin (runtime); /* without memory for one, its samples are missing */
  inos_health_look (health);
  return health;
}

void inos_health_free (struct inos_health *health)
{
  if (!health)
    return;
  inos_samples_end (health->runtime);
  g_hash_table_unref (health->busy);
  g_clear_pointer (&health->busy_before, g_hash_table_unref);
  g_free (health->seen);
  g_free (health);
}

struct inos_cell *inos_health_cell (struct inos_runtime *runtime, uint32_t index)
{
  struct inos_cell *chunk =
    atomic_load_explicit (&runtime->chunks[index / INOS_CHUNK], memory_order_acquire);

  return chunk + index % INOS_CHUNK;
}

static void see_cell (struct inos_health *health, uint32_t index)
{
  struct inos_cell *cell = inos_health_cell (health->runtime, index);
  struct inos_seen *seen = &health->seen[index];

  if (!(atomic_load_explicit (&cell->flags, memory_order_relaxed) & INOS_C_ALIVE)) {
    seen->generation = 0;
    return;
  }
  uint32_t generation = atomic_load_explicit (&cell->generation, memory_order_relaxed);
  uint64_t handled = atomic_load_explicit (&cell->handled, memory_order_relaxed);
  uint64_t before = generation == seen->generation ? seen->handled : 0;
  seen->delta = (uint32_t)MIN (handled - MIN (before, handled), UINT32_MAX);
  seen->generation = generation;
  seen->handled = handled;
}

/* Returns: how many cells there are to be seen. */
static uint32_t make_room (struct inos_health *health)
{
  uint32_t cells = atomic_load_explicit (&health->runtime->cells, memory_order_acquire);

  if (cells > health->room) {
    struct inos_seen *seen = g_try_renew (struct inos_seen, health->seen, cells);
    if (!seen)
      return health->room;
    memset (seen + health->room, 0, (cells - health->room) * sizeof *seen);
    health->seen = seen;
    health->room = cells;
  }
  return cells;
}

static void see_busy (struct inos_health *health)
{
  g_clear_pointer (&health->busy_before, g_hash_table_unref);
  health->busy_before = health->busy;
  health->busy = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  inos_samples_add (health->runtime, health->busy);
}

void inos_health_look (struct inos_health *health)
{
  uint32_t cells = make_room (health);

  health->before = health->totals;
  inos_runtime_totals (health->runtime, &health->totals);
  for (uint32_t i = 0; i < cells; i++)
    see_cell (health, i);
  see_busy (health);
  uint64_t now = inos_clock (health->runtime);
  health->interval = now - MIN (health->looked, now);
  health->looked = now;
}

uint64_t inos_health_busy (struct inos_health *health, inos_actor_id id)
{
  const uint64_t *now = g_hash_table_lookup (health->busy, &id);
  const uint64_t *before =
    health->busy_before ? g_hash_table_lookup (health->busy_before, &id) : NULL;

  if (!now)
    return 0;
  return before && before[1] <= now[1] ? now[1] - before[1] : now[1];
}

/* The system */

/* Where in the counts of the interval the share @per_mille ends, within its bucket in proportion.
 */
static uint64_t percentile (const uint64_t counts[BUCKETS], uint64_t sum, unsigned per_mille)
{
  double rank = (double)sum * per_mille / 1000;

  for (unsigned k = 0; k < BUCKETS; k++) {
    if (counts[k] == 0 || (double)counts[k] < rank) {
      rank -= (double)counts[k];
      continue;
    }
    double low = k ? (double)(1ull << (k - 1)) : 0, high = k ? low * 2 : 1;
    return (uint64_t)(low + (high - low) * rank / (double)counts[k]);
  }
  return 0;
}

static void see_latency (const struct inos_health *health, struct inos_system_health *out)
{
  uint64_t counts[BUCKETS], sum = 0;

  for (unsigned k = 0; k < BUCKETS; k++) {
    uint64_t now = health->totals.latency[k];
    counts[k] = now - MIN (now, health->before.latency[k]);
    sum += counts[k];
    if (counts[k])
      out->longest = k ? 1ull << k : 1;
  }
  if (sum == 0)
    return;
  out->p50 = percentile (counts, sum, 500);
  out->p90 = percentile (counts, sum, 900);
  out->p99 = percentile (counts, sum, 990);
  out->p999 = percentile (counts, sum, 999);
}

static void see_worker (struct inos_runtime *runtime, struct inos_worker *worker,
                        struct inos_worker_health *out)
{
  uint64_t now = inos_clock (runtime), since;
  struct inos_turn_seen turn;

  if (inos_turn_see (worker, &turn)) {
    out->who = turn.who;
    since = turn.began;
  } else {
    since = atomic_load_explicit (&worker->slept_since, memory_order_relaxed);
    out->asleep = since != 0;
  }
  out->since = since ? now - MIN (since, now) : 0;
}

static double per_second (uint64_t now, uint64_t before, uint64_t interval)
{
  return interval && now > before ? (double)(now - before) * (double)INOS_SECOND / (double)interval
                                  : 0;
}

void inos_health_system (struct inos_health *health, struct inos_system_health *out)
{
  struct inos_runtime *runtime = health->runtime;
  const struct inos_totals *now = &health->totals, *before = &health->before;

  *out = (struct inos_system_health){
    .actors = now->spawned - MIN (now->spawned, now->stopped),
    .interval = health->interval,
    .totals = *now,
    .handled = per_second (now->handled, before->handled, health->interval),
    .spawned = per_second (now->spawned, before->spawned, health->interval),
    .dead = per_second (now->dead + now->dropped + now->expired,
                        before->dead + before->dropped + before->expired, health->interval),
    .workers = runtime->workers + 1,
    .stuck = inos_watchdog_count (runtime, NULL),
  };
  see_latency (health, out);
  for (unsigned i = 0; i < runtime->workers; i++)
    see_worker (runtime, runtime->worker[i], &out->worker[i]);
  see_worker (runtime, runtime->edge, &out->worker[runtime->workers]);
}
