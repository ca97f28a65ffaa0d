/*
 * Making and ending a runtime; the seeded one's loop.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

#define DEAD_LETTERS 256
#define SEEDED_TURN 100 /* ns of the virtual clock that a message takes */

static void lock_init (pthread_mutex_t *lock)
{
  pthread_mutex_init (lock, NULL);
}

static unsigned processors (void)
{
  cpu_set_t set;

  if (sched_getaffinity (0, sizeof set, &set) != 0)
    return 1;
  return (unsigned)CPU_COUNT (&set);
}

static struct inos_worker *new_worker (struct inos_runtime *runtime, unsigned index)
{
  void *place;

  if (posix_memalign (&place, 64, sizeof (struct inos_worker)) != 0)
    return NULL;
  struct inos_worker *worker = memset (place, 0, sizeof *worker);
  worker->runtime = runtime;
  worker->index = index;
  worker->context.runtime = runtime;
  worker->context.worker = worker;
  lock_init (&worker->spill_lock);
  worker->until_look = worker->stride = 1;
  worker->batch = INOS_BATCH;
  worker->random = (uint32_t)runtime->config.seed + index * 0x9e3779b9u;
  return worker;
}

static bool make_workers (struct inos_runtime *runtime)
{
  unsigned count = runtime->workers + 2;

  for (unsigned i = 0; i < count; i++)
    if (!(runtime->worker[i] = new_worker (runtime, i)))
      return false;
  runtime->outside = runtime->worker[runtime->workers];
  runtime->edge = runtime->worker[runtime->workers + 1];
  return true;
}

static void init_locks (struct inos_runtime *runtime)
{
  lock_init (&runtime->outside_lock);
  lock_init (&runtime->cells_lock);
  lock_init (&runtime->depot_lock);
  lock_init (&runtime->ready_lock);
  lock_init (&runtime->governor_lock);
  lock_init (&runtime->timer_lock);
  lock_init (&runtime->registry_lock);
  lock_init (&runtime->parking_lock);
}

static void free_route (gpointer route)
{
  struct inos_route *r = route;

  r->free (r);
}

static bool make_tables (struct inos_runtime *runtime)
{
  runtime->names = g_hash_table_new (g_str_hash, g_str_equal);
  runtime->named = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  runtime->topics =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
  runtime->routes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_route);
  runtime->provided = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  runtime->waits = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  runtime->ready = g_ptr_array_new();
  runtime->dead = inos_dead_letters_new (runtime->config.dead_letters ? runtime->config.dead_letters
                                                                      : DEAD_LETTERS);
  void *chunks = mmap (NULL, INOS_CHUNKS_MAX * sizeof *runtime->chunks, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (chunks == MAP_FAILED)
    return false;
  runtime->chunks = chunks;
  return runtime->dead && inos_traces_init (runtime);
}

static bool start_threads (struct inos_runtime *runtime)
{
  sigset_t all, before;
  bool good = true;

  if (runtime->config.seeded)
    return true;
  atomic_store (&runtime->active, runtime->workers);
  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before); /* signals are the main thread's */
  for (unsigned i = 0; i < runtime->workers && good; i++) {
    good =
      pthread_create (&runtime->worker[i]->thread, NULL, inos_worker_main, runtime->worker[i]) == 0;
    if (good)
      runtime->threads++;
  }
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  return good;
}

static void destroy (struct inos_runtime *runtime)
{
  inos_compute_free (runtime->compute); /* first: what it still does may end as a dead letter */
  atomic_store (&runtime->ending, true);
  for (unsigned i = 0; i < runtime->threads; i++)
    inos_unpark_one (runtime);
  for (unsigned i = 0; i < runtime->threads; i++)
    pthread_join (runtime->worker[i]->thread, NULL);
  inos_traces_free (runtime);
  if (runtime->outside)
    inos_dead_letters_free (runtime->outside, runtime->dead);
  if (runtime->chunks)
    inos_cells_free (runtime);
  inos_slabs_free (runtime);
  for (unsigned i = 0; i < G_N_ELEMENTS (runtime->worker); i++) {
    if (runtime->worker[i])
      g_free (runtime->worker[i]->samples_kept);
    g_clear_pointer (&runtime->worker[i], free);
  }
  g_clear_pointer (&runtime->names, g_hash_table_unref);
  g_clear_pointer (&runtime->named, g_hash_table_unref);
  g_clear_pointer (&runtime->topics, g_hash_table_unref);
  g_clear_pointer (&runtime->routes, g_hash_table_unref);
  g_clear_pointer (&runtime->provided, g_hash_table_unref);
  g_clear_pointer (&runtime->waits, g_hash_table_unref);
  g_clear_pointer (&runtime->ready, g_ptr_array_unref);
  g_free (runtime->heap);
  g_free (runtime);
}

struct inos_runtime *inos_runtime_new (const struct inos_runtime_config *config, GError **error)
{
  struct inos_runtime *runtime = g_new0 (struct inos_runtime, 1);

  if (config)
    runtime->config = *config;
  if (runtime->config.actors_max == 0)
    runtime->config.actors_max = INOS_CHUNK * INOS_CHUNKS_MAX;
  runtime->workers = runtime->config.seeded    ? 1
                     : runtime->config.workers ? runtime->config.workers
                                               : processors();
  runtime->workers = CLAMP (runtime->workers, 1, INOS_WORKERS_MAX);
  runtime->rng = runtime->config.seed;
  atomic_store (&runtime->limit, 1);
  atomic_store (&runtime->next_deadline, UINT64_MAX);
  runtime->governor.wait = 10 * INOS_MILLISECOND;
  runtime->compute = inos_compute_new (runtime, processors());
  init_locks (runtime);
  runtime->has_barriers = inos_barriers_init();
  inos_watchdog_init (runtime);
  if (make_tables (runtime) && make_workers (runtime) && start_threads (runtime))
    return runtime;
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOMEM,
               "The actor runtime could not be started: no memory, or no thread, is to be had.");
  destroy (runtime);
  return NULL;
}

/* Ending */

/* So many signals between two wakes of a worker, and between two chances for others outside. */
#define SIGNALS_AT_ONCE 1024

/* Signals the actors in a part of the table that @wanted picks. */
static void signal_some (struct inos_runtime *runtime, uint32_t from, uint32_t to,
                         enum inos_signal_kind kind,
                         bool (*wanted) (struct inos_runtime *, struct inos_cell *))
{
  struct inos_worker *worker = inos_outside_lock (runtime);

  worker->holds_wakes = true;
  for (uint32_t i = from; i < to; i++) {
    struct inos_cell *cell = atomic_load (&runtime->chunks[i / INOS_CHUNK]) + i % INOS_CHUNK;
    if (wanted (runtime, cell))
      inos_signal (worker, inos_id_of (cell), kind, 0, (struct inos_exit){INOS_EXIT_SHUTDOWN, 0});
  }
  inos_release_wakes (worker);
  inos_outside_unlock (runtime);
}

static void signal_all (struct inos_runtime *runtime, enum inos_signal_kind kind,
                        bool (*wanted) (struct inos_runtime *, struct inos_cell *))
{
  uint32_t cells = atomic_load (&runtime->cells);

  for (uint32_t i = 0; i < cells; i += SIGNALS_AT_ONCE)
    signal_some (runtime, i, MIN (cells - i, SIGNALS_AT_ONCE) + i, kind, wanted);
}

/* Who is watched is stopped by who watches, in the order that is right for it. */
static bool is_to_stop (struct inos_runtime *runtime, struct inos_cell *cell)
{
  uint32_t flags = atomic_load (&cell->flags);

  if (!(flags & INOS_C_ALIVE) || flags & INOS_C_TOLD ||
      inos_cell_of (runtime, atomic_load (&cell->watcher)))
    return false;
  atomic_fetch_or (&cell->flags, INOS_C_TOLD);
  return true;
}

static bool is_alive (struct inos_runtime *runtime, struct inos_cell *cell)
{
  return atomic_load (&cell->flags) & INOS_C_ALIVE;
}

static uint64_t living (struct inos_runtime *runtime)
{
  uint64_t sum = 0;

  for (unsigned i = 0; i < runtime->workers + 2; i++)
    sum += atomic_load (&runtime->worker[i]->count.spawned) -
           atomic_load (&runtime->worker[i]->count.stopped);
  return sum;
}

static bool is_at_end (struct inos_runtime *runtime)
{
  return living (runtime) == 0 && inos_runtime_is_quiet (runtime);
}

/* Lets some time pass. */
static void go_on (struct inos_runtime *runtime)
{
  if (runtime->config.seeded)
    inos_runtime_run (runtime, runtime->clock + INOS_MILLISECOND);
  else if (runtime->wake_edge)
    g_usleep (200);
  else { /* the edge's own loop does not run it any more */
    inos_edge_run (runtime);
    g_usleep (200);
  }
}

static bool wait_for_end (struct inos_runtime *runtime, bool stop, uint64_t timeout)
{
  uint64_t until = inos_clock (runtime) + timeout;

  while (!is_at_end (runtime)) {
    if (inos_clock (runtime) >= until)
      return false;
    if (stop)
      signal_all (runtime, INOS_SIGNAL_STOP, is_to_stop);
    go_on (runtime);
  }
  return true;
}

void inos_runtime_free (struct inos_runtime *runtime, uint64_t timeout)
{
  if (!runtime)
    return;
  if (!wait_for_end (runtime, true, timeout))
    while (signal_all (runtime, INOS_SIGNAL_KILL, is_alive),
           !wait_for_end (runtime, false, INOS_SECOND))
      g_warning ("An actor does not return from its handler; the runtime waits for it.");
  destroy (runtime);
}

/* Between two looks a worker may rise, take what is ready and lie down again: where none has risen,
 * what was seen was so at one moment. Nobody outside wakes one meanwhile. */
static bool is_asleep (struct inos_runtime *runtime)
{
  uint64_t rises = atomic_load (&runtime->rises);

  return atomic_load (&runtime->active) == 0 && atomic_load (&runtime->ready_count) == 0 &&
         !atomic_load (&runtime->edge_ready) && !atomic_load (&runtime->edge_busy) &&
         atomic_load (&runtime->active) == 0 && atomic_load (&runtime->rises) == rises;
}

bool inos_runtime_is_quiet (struct inos_runtime *runtime)
{
  uint64_t begun = inos_compute_begun (runtime->compute);

  if (runtime->config.seeded)
    return runtime->ready->len + inos_compute_seeded_count (runtime->compute) == 0;
  pthread_mutex_lock (&runtime->outside_lock); /* nor do results come */
  bool quiet = inos_compute_is_idle (runtime->compute, begun) && is_asleep (runtime) &&
               inos_compute_is_idle (runtime->compute, begun);
  pthread_mutex_unlock (&runtime->outside_lock);
  return quiet;
}

void inos_runtime_totals (struct inos_runtime *runtime, struct inos_totals *totals)
{
  *totals = (struct inos_totals){.memory = atomic_load (&runtime->memory)};
  for (unsigned i = 0; i < runtime->workers + 2; i++) {
    const struct inos_cells_counted *c = &runtime->worker[i]->count;
    totals->sent += atomic_load (&c->sent);
    totals->handled += atomic_load (&c->handled);
    totals->dead += atomic_load (&c->dead);
    totals->dropped += atomic_load (&c->dropped);
    totals->expired += atomic_load (&c->expired);
    totals->spawned += atomic_load (&c->spawned);
    totals->stopped += atomic_load (&c->stopped);
    totals->parks += atomic_load (&c->parks);
    totals->steals += atomic_load (&c->steals);
    for (unsigned k = 0; k < G_N_ELEMENTS (totals->latency); k++)
      totals->latency[k] += atomic_load (&c->latency[k]);
  }
  for (unsigned k = 1; k < G_N_ELEMENTS (totals->latency); k++)
    totals->latency[0] += totals->latency[k];
  totals->latency[0] = totals->handled - MIN (totals->handled, totals->latency[0]);
}

/* Seeded */

/* splitmix64, https://prng.di.unimi.it/splitmix64.c */
static uint64_t draw (struct inos_runtime *runtime)
{
  uint64_t z = runtime->rng += 0x9e3779b97f4a7c15ull;

  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ z >> 27) * 0x94d049bb133111ebull;
  return z ^ z >> 31;
}

/* A task of the compute pool; the work takes no time of the virtual clock, and its result is sent
 * afterwards. */
static void run_task (struct inos_runtime *runtime, unsigned which)
{
  inos_compute_run_seeded (runtime->compute, which);
  runtime->clock += SEEDED_TURN;
  inos_worker_look_at_clock (runtime->worker[0]);
}

/* Cells, and behind them tasks. */
static guint ready_in_all (struct inos_runtime *runtime)
{
  return runtime->ready->len + inos_compute_seeded_count (runtime->compute);
}

/* One turn of a cell, or one task. */
static void run_one (struct inos_runtime *runtime)
{
  struct inos_worker *worker = runtime->worker[0];
  guint place = (guint)(draw (runtime) % ready_in_all (runtime));

  if (place >= runtime->ready->len) {
    run_task (runtime, place - runtime->ready->len);
    return;
  }
  struct inos_cell *cell = g_ptr_array_remove_index (runtime->ready, place);
  worker->batch = 1 + (unsigned)(draw (runtime) % 8);
  uint64_t before = atomic_load (&worker->count.handled);
  worker->looked = worker->now;
  inos_turn (worker, cell);
  runtime->clock += SEEDED_TURN * (1 + atomic_load (&worker->count.handled) - before);
  inos_worker_look_at_clock (worker);
}

uint64_t inos_runtime_run (struct inos_runtime *runtime, uint64_t until)
{
  struct inos_worker *worker = runtime->worker[0];

  g_return_val_if_fail (runtime->config.seeded, 0);
  for (;;) {
    uint64_t deadline = atomic_load (&runtime->next_deadline);
    bool due = runtime->clock >= deadline, idle = ready_in_all (runtime) == 0;
    if (due) {
      inos_worker_look_at_clock (worker);
      inos_timers_run (worker);
    } else if (runtime->clock >= until || (idle && (deadline == UINT64_MAX || deadline > until)))
      break;
    else if (idle)
      runtime->clock = deadline;
    else
      run_one (runtime);
  }
  if (until != UINT64_MAX && runtime->clock < until)
    runtime->clock = until;
  inos_worker_look_at_clock (worker);
  return runtime->clock;
}
