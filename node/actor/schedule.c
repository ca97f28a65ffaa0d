/*
 * Which worker runs which cell, and when a worker sleeps.
 *
 * A cell that becomes ready goes to the ring of the worker that made it so: who chats stays on one
 * worker, where a message costs a tenth of what it costs from one processor to another. Another
 * worker is woken only where that pays. govern.c says when.
 *
 * A worker that sleeps while others run looks up every few milliseconds, and takes what waits
 * behind a long message. When all sleep, nobody wakes but for a timer or for something from
 * outside.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/newborn.h"
#include "node/actor/private.h"
#include "node/actor/probe.h"
#include "node/actor/ring.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define FAIR 61                      /* ticks between two looks at the global queue */
#define LOW_EVERY 32                 /* turns between two of low urgency */
#define NEWBORN_TURNS 2              /* of new actors, then one of those that have messages */
#define HIGH_MAX 8                   /* turns of high urgency one after the other */
#define WATCH (2 * INOS_MILLISECOND) /* between two looks at the others */
#define STUCK (1 * INOS_MILLISECOND) /* a turn longer than this lets others take the rest */
#define TAKE_MAX 128

static uint32_t ready_on (struct inos_worker *worker)
{
  return inos_ring_length (&worker->ring) + inos_ring_length (&worker->urgent) +
         inos_ring_length (&worker->idle) + atomic_load (&worker->spilled) +
         inos_newborn_count (&worker->newborn);
}

/* The global queue */

/* Appends a chain of @count cells. */
static void global_put_chain (struct inos_runtime *runtime, struct inos_cell *first,
                              struct inos_cell *last, uint32_t count)
{
  last->next_ready = NULL;
  pthread_mutex_lock (&runtime->ready_lock);
  if (runtime->ready_last)
    runtime->ready_last->next_ready = first;
  else
    runtime->ready_first = first;
  runtime->ready_last = last;
  atomic_fetch_add (&runtime->ready_count, count);
  pthread_mutex_unlock (&runtime->ready_lock);
}

static void global_put (struct inos_runtime *runtime, struct inos_cell *cell)
{
  global_put_chain (runtime, cell, cell, 1);
}

/* What does not fit a ring spills over, in order: ring, spill, fresh. The owner links cells to the
 * fresh ones without a lock, and many at once to the spill, where others may take them. */

static void list_append (struct inos_cell_list *list, struct inos_cell *first,
                         struct inos_cell *last, uint32_t count)
{
  last->next_ready = NULL;
  if (list->last)
    list->last->next_ready = first;
  else
    list->first = first;
  list->last = last;
  list->count += count;
}

static struct inos_cell *list_take (struct inos_cell_list *list)
{
  struct inos_cell *cell = list->first;

  if (!cell)
    return NULL;
  list->first = cell->next_ready;
  if (!list->first)
    list->last = NULL;
  list->count--;
  return cell;
}

static void spill (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_cell_list *fresh = &worker->fresh;

  list_append (fresh, cell, cell, 1);
  if (fresh->count < TAKE_MAX)
    return;
  pthread_mutex_lock (&worker->spill_lock);
  list_append (&worker->spill, fresh->first, fresh->last, fresh->count);
  atomic_store_explicit (&worker->spilled, worker->spill.count, memory_order_release);
  pthread_mutex_unlock (&worker->spill_lock);
  *fresh = (struct inos_cell_list){0};
}

/* Moves some of @victim's spill to the empty ring of @worker. */
static bool take_spill (struct inos_worker *worker, struct inos_worker *victim)
{
  struct inos_cell *cell;
  unsigned count = 0;

  if (atomic_load_explicit (&victim->spilled, memory_order_acquire) == 0)
    return false;
  pthread_mutex_lock (&victim->spill_lock);
  while (count < TAKE_MAX && (cell = list_take (&victim->spill))) {
    inos_ring_put (&worker->ring, cell);
    count++;
  }
  atomic_store_explicit (&victim->spilled, victim->spill.count, memory_order_release);
  pthread_mutex_unlock (&victim->spill_lock);
  return count > 0;
}

/* Fills the empty ring of @worker with what it spilled. */
static bool refill_ring (struct inos_worker *worker)
{
  struct inos_cell *cell;
  bool any = false;

  if (take_spill (worker, worker))
    return true;
  while ((cell = list_take (&worker->fresh))) {
    inos_ring_put (&worker->ring, cell);
    any = true;
  }
  return any;
}

static bool has_spilled (struct inos_worker *worker)
{
  return worker->fresh.count > 0 ||
         atomic_load_explicit (&worker->spilled, memory_order_relaxed) > 0;
}

static struct inos_ring *ring_for (struct inos_worker *worker, struct inos_cell *cell)
{
  uint32_t flags = atomic_load_explicit (&cell->flags, memory_order_relaxed);

  if (LIKELY (!(flags & (INOS_C_HIGH | INOS_C_LOW))))
    return &worker->ring;
  return flags & INOS_C_HIGH ? &worker->urgent : &worker->idle;
}

/* Takes a fair share of the global queue to the worker's rings. Returns: whether there was any. */
static bool global_take (struct inos_worker *worker)
{
  struct inos_runtime *runtime = worker->runtime;
  bool any = false;

  if (atomic_load (&runtime->ready_count) == 0)
    return false;
  pthread_mutex_lock (&runtime->ready_lock);
  uint32_t share = atomic_load (&runtime->ready_count) / runtime->workers + 1;
  for (uint32_t i = 0; i < MIN (share, TAKE_MAX) && runtime->ready_first; i++) {
    struct inos_cell *cell = runtime->ready_first, *next = cell->next_ready;
    if (!inos_ring_put (ring_for (worker, cell), cell))
      break;
    runtime->ready_first = next;
    if (!next)
      runtime->ready_last = NULL;
    atomic_fetch_sub (&runtime->ready_count, 1);
    any = true;
  }
  pthread_mutex_unlock (&runtime->ready_lock);
  return any;
}

/* Sleeping and waking */

static void futex_wait (_Atomic uint32_t *word, uint32_t value, uint64_t timeout)
{
  struct timespec t = {.tv_sec = (time_t)(timeout / INOS_SECOND),
                       .tv_nsec = (long)(timeout % INOS_SECOND)};

  syscall (SYS_futex, word, FUTEX_WAIT_PRIVATE, value, timeout == UINT64_MAX ? NULL : &t, NULL, 0);
}

/* Takes @worker off the sleepers, itself or another. It counts as active before it can know, so
 * that it cannot sleep again before it is counted. Returns: false where somebody else has. */
static bool wake_up (struct inos_runtime *runtime, struct inos_worker *worker)
{
  uint32_t yes = 1;

  atomic_fetch_add (&runtime->active, 1);
  if (atomic_compare_exchange_strong (&worker->sleeping, &yes, 0)) {
    atomic_fetch_sub (&runtime->sleepers, 1);
    atomic_fetch_add (&runtime->rises, 1);
    return true;
  }
  atomic_fetch_sub (&runtime->active, 1);
  return false;
}

static bool wake (struct inos_runtime *runtime, struct inos_worker *worker)
{
  if (!wake_up (runtime, worker))
    return false;
  syscall (SYS_futex, &worker->sleeping, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
  return true;
}

void inos_unpark_one (struct inos_runtime *runtime)
{
  for (unsigned i = 0; i < runtime->workers; i++)
    if (atomic_load (&runtime->worker[i]->sleeping) && wake (runtime, runtime->worker[i]))
      return;
}

void inos_wake_for_timer (struct inos_runtime *runtime)
{
  if (!runtime->config.seeded && atomic_load (&runtime->active) == 0)
    inos_unpark_one (runtime);
}

/* Something has come to the global queue: somebody has to see it. */
static void global_ready (struct inos_runtime *runtime)
{
  uint32_t active = atomic_load (&runtime->active);

  if (active == 0 || (atomic_load_explicit (&runtime->sleepers, memory_order_relaxed) > 0 &&
                      (active < atomic_load_explicit (&runtime->limit, memory_order_relaxed) ||
                       !atomic_load (&runtime->watching))))
    inos_unpark_one (runtime);
}

static void edge_put (struct inos_runtime *runtime, struct inos_cell *cell)
{
  struct inos_cell *first = atomic_load_explicit (&runtime->edge_ready, memory_order_relaxed);

  do
    cell->next_ready = first;
  while (!atomic_compare_exchange_weak (&runtime->edge_ready, &first, cell));
  if (!first && runtime->wake_edge)
    runtime->wake_edge (runtime->wake_edge_data);
}

static void local_put (struct inos_worker *worker, struct inos_cell *cell)
{
  if (UNLIKELY (has_spilled (worker)) || UNLIKELY (!inos_ring_put (ring_for (worker, cell), cell)))
    spill (worker, cell);
}

/* Puts @cell where it does not matter which worker this is. Returns: false where it has to be put
 * on this worker. */
static bool put_elsewhere (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_runtime *runtime = worker->runtime;

  if (runtime->config.seeded)
    g_ptr_array_add (runtime->ready, cell);
  else if (atomic_load_explicit (&cell->flags, memory_order_relaxed) & INOS_C_EDGE)
    edge_put (runtime, cell);
  else if (worker->index >= runtime->workers) {
    global_put (runtime, cell);
    if (!worker->holds_wakes)
      global_ready (runtime);
  } else
    return false;
  return true;
}

void inos_release_wakes (struct inos_worker *worker)
{
  worker->holds_wakes = false;
  global_ready (worker->runtime);
}

static inline bool is_elsewhere (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_runtime *runtime = worker->runtime;

  return UNLIKELY (worker->index >= runtime->workers || runtime->config.seeded ||
                   atomic_load_explicit (&cell->flags, memory_order_relaxed) & INOS_C_EDGE);
}

/* Something waits behind the turn that runs: another worker may have it, where that pays, and in
 * any case one has to watch, for this turn may take long. */
static inline void share (struct inos_worker *worker)
{
  struct inos_runtime *runtime = worker->runtime;

  if (LIKELY (atomic_load_explicit (&runtime->sleepers, memory_order_relaxed) == 0))
    return;
  if (!atomic_load_explicit (&runtime->watching, memory_order_relaxed) ||
      (atomic_load_explicit (&runtime->active, memory_order_relaxed) <
         atomic_load_explicit (&runtime->limit, memory_order_relaxed) &&
       inos_ring_length (&worker->ring) + inos_newborn_count (&worker->newborn) >= 2))
    inos_unpark_one (runtime);
}

/* Has @cell run soon, after all others: so that what is sent to it meanwhile is one turn's. */
void inos_schedule (struct inos_worker *worker, struct inos_cell *cell)
{
  if (is_elsewhere (worker, cell) && put_elsewhere (worker, cell))
    return;
  local_put (worker, cell);
  share (worker);
}

/* Has a new actor run next: a tree then grows branch by branch, and most of it is never there at
 * once. */
void inos_schedule_new (struct inos_worker *worker, struct inos_cell *cell)
{
  if (is_elsewhere (worker, cell) && put_elsewhere (worker, cell))
    return;
  if (ring_for (worker, cell) == &worker->ring)
    cell = inos_newborn_put (&worker->newborn, cell);
  if (cell)
    local_put (worker, cell);
  share (worker);
}

/* Whether @victim has been busy with one turn for long, so that what waits there is anybody's. */
static bool is_stuck (struct inos_worker *victim, uint64_t now)
{
  uint64_t began = atomic_load_explicit (&victim->turn_began, memory_order_acquire);

  return began && now > began + STUCK;
}

static bool any_stuck (struct inos_worker *worker, uint64_t now)
{
  struct inos_runtime *runtime = worker->runtime;

  for (unsigned i = 0; i < runtime->workers; i++)
    if (runtime->worker[i] != worker && is_stuck (runtime->worker[i], now) &&
        (ready_on (runtime->worker[i]) > 0 || atomic_load (&runtime->ready_count) > 0))
      return true;
  return false;
}

static bool steal_newborn (struct inos_worker *worker, struct inos_worker *victim)
{
  struct inos_cell *cell[INOS_NEWBORN_MAX];
  uint32_t count = inos_newborn_steal (&victim->newborn, cell);

  for (uint32_t i = 0; i < count; i++)
    inos_ring_put (&worker->ring, cell[i]);
  return count > 0;
}

static bool steal_from (struct inos_worker *worker, struct inos_worker *victim)
{
  if (!inos_ring_steal (&worker->urgent, &victim->urgent) && !steal_newborn (worker, victim) &&
      !inos_ring_steal (&worker->ring, &victim->ring) && !take_spill (worker, victim) &&
      !inos_ring_steal (&worker->idle, &victim->idle))
    return false;
  inos_count (&worker->count.steals, 1);
  INOS_PROBE_STEAL (worker->index, victim->index);
  return true;
}

static bool steal (struct inos_worker *worker)
{
  struct inos_runtime *runtime = worker->runtime;
  bool within = atomic_load (&runtime->active) <= atomic_load (&runtime->limit);
  uint64_t now = inos_clock (runtime);

  for (unsigned i = 1; i < runtime->workers; i++) {
    struct inos_worker *victim = runtime->worker[(worker->index + i) % runtime->workers];
    if ((within || is_stuck (victim, now)) && steal_from (worker, victim))
      return true;
  }
  return false;
}

static struct inos_cell *take_local (struct inos_worker *worker)
{
  struct inos_cell *cell;

  if (worker->newborn_turns < NEWBORN_TURNS && (cell = inos_newborn_take (&worker->newborn))) {
    worker->newborn_turns++;
    return cell;
  }
  worker->newborn_turns = 0;
  if (UNLIKELY (worker->high_turns < HIGH_MAX && (cell = inos_ring_take (&worker->urgent)))) {
    worker->high_turns++;
    return cell;
  }
  worker->high_turns = 0;
  if (++worker->since_low >= LOW_EVERY) {
    worker->since_low = 0;
    if ((cell = inos_ring_take (&worker->idle)))
      return cell;
  }
  if ((cell = inos_ring_take (&worker->ring)) || (cell = inos_ring_take (&worker->urgent)))
    return cell;
  while (UNLIKELY (has_spilled (worker)) && refill_ring (worker))
    if ((cell = inos_ring_take (&worker->ring))) /* unless a thief was faster */
      return cell;
  if ((cell = inos_newborn_take (&worker->newborn)))
    return cell;
  return inos_ring_take (&worker->idle);
}

static bool anything_waits (struct inos_runtime *runtime)
{
  if (atomic_load (&runtime->ready_count) > 0)
    return true;
  for (unsigned i = 0; i < runtime->workers; i++)
    if (ready_on (runtime->worker[i]) > 0)
      return true;
  return false;
}

/* This worker has taken cells from elsewhere, and may have been the one that watched: where more
 * wait than the one that it runs now, another has to watch. */
static void keep_watched (struct inos_worker *worker)
{
  struct inos_runtime *runtime = worker->runtime;

  if (atomic_load (&runtime->sleepers) > 0 && !atomic_load (&runtime->watching) &&
      anything_waits (runtime))
    inos_unpark_one (runtime);
}

static struct inos_cell *next_cell (struct inos_worker *worker)
{
  struct inos_cell *cell;
  bool moved = UNLIKELY (++worker->tick % FAIR == 0) && global_take (worker);

  if (UNLIKELY (!(cell = take_local (worker))) && (global_take (worker) || steal (worker))) {
    cell = take_local (worker);
    moved = true;
  }
  if (UNLIKELY (moved))
    keep_watched (worker);
  return cell;
}

/* Whether the worker had better not sleep; it has said that it will. @others are awake, as read
 * before anything else: who wakes later than that sees what we do not. */
static bool is_wanted (struct inos_worker *worker, uint32_t others)
{
  struct inos_runtime *runtime = worker->runtime;
  uint64_t now = inos_clock (runtime);
  bool within = others < atomic_load (&runtime->limit);

  if (atomic_load (&runtime->ending) || now >= atomic_load (&runtime->next_deadline))
    return true;
  if (within && atomic_load (&runtime->ready_count) > 0)
    return true;
  for (unsigned i = 0; within && i < runtime->workers; i++)
    if (runtime->worker[i] != worker && ready_on (runtime->worker[i]) > 1)
      return true;
  return any_stuck (worker, now);
}

/* How long the one sleeper sleeps that waits for the next timer; @kept is what it says so with. Who
 * sleeps for a later one does not count: it slept already when the timer was set. */
static uint64_t keep (struct inos_runtime *runtime, uint64_t *kept)
{
  uint64_t deadline = atomic_load (&runtime->next_deadline), now = inos_clock (runtime);
  uint64_t other = atomic_load (&runtime->kept);

  if (deadline == UINT64_MAX)
    return UINT64_MAX;
  do
    if (other && other <= deadline)
      return UINT64_MAX;
  while (!atomic_compare_exchange_weak (&runtime->kept, &other, deadline));
  *kept = deadline;
  return deadline > now ? deadline - now : 0;
}

/* Whether this sleeper is now the one that watches those who are awake. */
static bool begin_watch (struct inos_runtime *runtime)
{
  uint32_t nobody = 0;

  return atomic_compare_exchange_strong (&runtime->watching, &nobody, 1);
}

/* Sleeps once: to watch the others, until the next timer, or for ever. */
static void nap (struct inos_worker *worker, uint32_t others)
{
  struct inos_runtime *runtime = worker->runtime;
  bool watch = others > 0 && begin_watch (runtime);
  uint64_t kept = 0, time = watch ? WATCH : keep (runtime, &kept);

  if (time > 0) {
    inos_count (&worker->count.parks, 1);
    INOS_PROBE_PARK (worker->index, time);
    futex_wait (&worker->sleeping, 1, time);
  }
  if (watch)
    atomic_store (&runtime->watching, 0);
  if (kept) /* unless another sleeps for an earlier one by now */
    atomic_compare_exchange_strong (&runtime->kept, &kept, 0);
}

static void park (struct inos_worker *worker)
{
  struct inos_runtime *runtime = worker->runtime;

  atomic_store (&worker->sleeping, 1);
  atomic_fetch_add (&runtime->sleepers, 1);
  atomic_fetch_sub (&runtime->active, 1);
  atomic_store_explicit (&worker->slept_since, inos_clock (runtime), memory_order_relaxed);
  while (atomic_load (&worker->sleeping)) {
    inos_watch (worker);
    uint32_t others = atomic_load (&runtime->active);
    if (is_wanted (worker, others))
      wake_up (runtime, worker);
    else
      nap (worker, others);
  }
  worker->until_look = worker->stride = 1;
  inos_worker_look_at_clock (worker);
  worker->looked = worker->now;
  atomic_store_explicit (&worker->slept_since, 0, memory_order_relaxed);
}

/* More workers run than pay: this one gives its cells to the others. */
static bool is_too_many (struct inos_worker *worker)
{
  struct inos_runtime *runtime = worker->runtime;
  uint32_t active = atomic_load_explicit (&runtime->active, memory_order_relaxed);

  return UNLIKELY (active > atomic_load_explicit (&runtime->limit, memory_order_relaxed)) &&
         active > 1 && !any_stuck (worker, worker->now);
}

static void give_away (struct inos_worker *worker)
{
  struct inos_cell *cell;

  while ((cell = take_local (worker)))
    global_put (worker->runtime, cell);
}

void *inos_worker_main (void *data)
{
  struct inos_worker *worker = data;
  struct inos_runtime *runtime = worker->runtime;

  inos_worker_look_at_clock (worker);
  worker->looked = worker->now;
  worker->until_look = 1;
  while (!atomic_load_explicit (&runtime->ending, memory_order_relaxed)) {
    struct inos_cell *cell = is_too_many (worker) ? (give_away (worker), NULL) : next_cell (worker);
    if (cell)
      inos_turn (worker, cell);
    else {
      if (inos_clock (runtime) >= atomic_load (&runtime->next_deadline)) {
        inos_worker_look_at_clock (worker);
        inos_timers_run (worker);
      } else
        park (worker);
    }
  }
  return NULL;
}
