/*
 * The compute pool: results, deadlines, refusals, and what becomes of work whose actor has gone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/fixture.h"

#include "node/actor/compute.h"
#include "node/actor/dead_letter.h"

#include <dirent.h>
#include <string.h>
#include <stdatomic.h>

#define MANY 3000

/* What the tests see of it all; written by the pool's threads too. */
static struct {
  _Atomic uint64_t freed, worked, cancelled, inside, most_inside;
  _Atomic bool gate;
  _Atomic uint64_t done, replied, full, late, sum, order;
} seen;

struct job {
  uint64_t number, square;
};

static void job_free (gpointer data)
{
  atomic_fetch_add (&seen.freed, 1);
  g_free (data);
}

static struct job *job_new (uint64_t number)
{
  struct job *job = g_new0 (struct job, 1);

  job->number = number;
  return job;
}

static void square (const struct inos_task *task, void *argument)
{
  struct job *job = argument;

  job->square = job->number * job->number;
  atomic_fetch_add (&seen.worked, 1);
}

static void wait_at_gate (const struct inos_task *task, void *argument)
{
  uint64_t inside = atomic_fetch_add (&seen.inside, 1) + 1;

  uint64_t most = atomic_load (&seen.most_inside);
  while (inside > most && !atomic_compare_exchange_weak (&seen.most_inside, &most, inside))
    ;
  while (!atomic_load (&seen.gate) && !inos_task_is_cancelled (task))
    g_usleep (1000);
  if (inos_task_is_cancelled (task))
    atomic_fetch_add (&seen.cancelled, 1);
  atomic_fetch_sub (&seen.inside, 1);
  atomic_fetch_add (&seen.worked, 1);
}

#define ASKER(MESSAGE, REQUEST)                                                                    \
  MESSAGE (asker, ask, struct job, 1)                                                              \
  MESSAGE (asker, hang, struct job, 1)                                                             \
  MESSAGE (asker, quit, struct inos_nothing, 1)
INOS_PROTOCOL (asker, ASKER);
INOS_PROTOCOL_DEFINE (asker, ASKER);

struct asker {
  uint64_t asked;
};

static enum inos_outcome asker_done (void *state, struct inos_context *context,
                                     enum inos_replied status, const void *reply, uint64_t tag)
{
  const struct job *job = inos_computed (reply);

  seen.done++;
  seen.replied += status == INOS_REPLIED;
  seen.full += status == INOS_REPLY_FULL;
  seen.late += status == INOS_TIMED_OUT;
  assert_int_equal (status == INOS_REPLIED, job != NULL);
  if (job) {
    assert_int_equal (job->number, tag);
    seen.sum += job->square;
    seen.order = seen.order * 31 + tag;
  }
  return INOS_OK;
}

INOS_HANDLE (asker, ask, struct asker)
{
  for (uint64_t i = 0; i < message->number; i++)
    inos_compute (context, square, job_new (i), job_free, UINT64_MAX, asker_done, i);
  return INOS_OK;
}

INOS_HANDLE (asker, hang, struct asker)
{
  inos_compute (context, wait_at_gate, job_new (message->number), job_free, message->square,
                asker_done, message->number);
  return INOS_OK;
}

INOS_HANDLE (asker, quit, struct asker)
{
  return INOS_DONE;
}

INOS_BEHAVIOUR (asker, ASKER, struct asker);

static asker_ref new_asker (struct inos_runtime *runtime)
{
  return (asker_ref){INOS_TO (spawn (runtime, &asker_behaviour, NULL, 0))};
}

static int clear_seen (void **state)
{
  memset (&seen, 0, sizeof seen);
  return 0;
}

static unsigned count_threads (void)
{
  DIR *dir = opendir ("/proc/self/task");
  unsigned count = 0;

  while (readdir (dir))
    count++;
  closedir (dir);
  return count - 2;
}

static void wait_until (const _Atomic uint64_t *what, uint64_t value)
{
  for (int i = 0; i < 20000 && atomic_load (what) != value; i++)
    g_usleep (1000);
  assert_int_equal (atomic_load (what), value);
}

static void test_results (void **state)
{
  struct inos_runtime *runtime = threaded (2);
  asker_ref asker = new_asker (runtime);

  asker_post_ask (runtime, asker, (struct job){.number = 100});
  settle (runtime);
  assert_int_equal (seen.replied, 100);
  assert_int_equal (seen.sum, 328350);
  inos_runtime_free (runtime, INOS_SECOND);
  assert_int_equal (atomic_load (&seen.freed), 100);
}

/* What is refused is refused at once, told to the actor, and accounted for. */
static void test_bounds (void **state)
{
  const struct inos_runtime_config config = {
    .workers = 1, .compute_threads = 2, .compute_queue = 50};
  struct inos_runtime *runtime = inos_runtime_new (&config, NULL);
  asker_ref asker = new_asker (runtime);

  for (int i = 0; i < 2; i++)
    asker_post_hang (runtime, asker, (struct job){i, UINT64_MAX});
  wait_until (&seen.inside, 2);
  asker_post_ask (runtime, asker, (struct job){.number = MANY});
  while (seen.full < MANY - 50) /* read while it grows; only the end counts */
    g_usleep (1000);
  atomic_store (&seen.gate, true);
  settle (runtime);
  assert_int_equal (seen.replied, 52);
  assert_int_equal (seen.full, MANY - 50);
  assert_int_equal (atomic_load (&seen.most_inside), 2);
  inos_runtime_free (runtime, INOS_SECOND);
  assert_int_equal (atomic_load (&seen.freed), MANY + 2);
}

static void test_deadline (void **state)
{
  struct inos_runtime *runtime = threaded (1);
  asker_ref asker = new_asker (runtime);

  asker_post_hang (runtime, asker, (struct job){7, 100 * INOS_MILLISECOND});
  wait_until (&seen.done, 1);
  settle (runtime);
  assert_int_equal (seen.done, 1);
  assert_int_equal (seen.late, 1);
  inos_runtime_free (runtime, INOS_SECOND);
  /* Its thread has ended. On a machine that is busy enough the time is over before the work has
   * begun. */
  assert_int_equal (atomic_load (&seen.cancelled), atomic_load (&seen.worked));
  assert_int_equal (atomic_load (&seen.freed), 1);
}

/* Work that gives up when its time is over may be quicker than the timer: it has no result. */
static void test_late_is_never_a_result (void **state)
{
  struct inos_runtime *runtime = threaded (1);
  asker_ref asker = new_asker (runtime);

  for (uint64_t i = 1; i <= 50; i++) {
    asker_post_hang (runtime, asker, (struct job){i, 2 * INOS_MILLISECOND});
    wait_until (&seen.done, i);
  }
  settle (runtime);
  assert_int_equal (seen.late, 50);
  assert_int_equal (seen.replied, 0);
  inos_runtime_free (runtime, INOS_SECOND);
  assert_int_equal (atomic_load (&seen.freed), 50);
}

/* The work sees that its actor has gone; what had not begun is left undone; the results are dead
 * letters. */
static void test_actor_stops (void **state)
{
  const struct inos_runtime_config config = {.workers = 1, .compute_threads = 1};
  struct inos_runtime *runtime = inos_runtime_new (&config, NULL);
  asker_ref asker = new_asker (runtime);
  uint64_t counts[INOS_DEAD_REASONS];

  asker_post_hang (runtime, asker, (struct job){1, UINT64_MAX});
  wait_until (&seen.inside, 1);
  asker_post_ask (runtime, asker, (struct job){.number = 10});
  asker_post_quit (runtime, asker, INOS_NOTHING);
  wait_until (&seen.worked, 1);
  settle (runtime);
  assert_int_equal (atomic_load (&seen.cancelled), 1);
  assert_int_equal (seen.done, 0);
  inos_dead_letters_counted (runtime, counts);
  assert_int_equal (counts[INOS_DEAD_GONE], 11);
  inos_runtime_free (runtime, INOS_SECOND);
  assert_int_equal (atomic_load (&seen.freed), 11);
}

static void test_idle_threads_go (void **state)
{
  struct inos_runtime *runtime = threaded (1);
  asker_ref asker = new_asker (runtime);
  unsigned before = count_threads();

  for (int round = 0; round < 2; round++) {
    asker_post_ask (runtime, asker, (struct job){.number = 20});
    settle (runtime);
    assert_true (count_threads() > before);
    for (int i = 0; i < 300 && count_threads() > before; i++)
      g_usleep (10000);
    assert_int_equal (count_threads(), before);
  }
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_detached (void **state)
{
  struct inos_runtime *runtime = threaded (1);

  for (int i = 0; i < 10; i++)
    assert_true (inos_compute_detached (runtime, square, job_new (1), job_free));
  inos_runtime_free (runtime, INOS_SECOND);
  assert_int_equal (atomic_load (&seen.worked), 10);
  assert_int_equal (atomic_load (&seen.freed), 10);
}

static uint64_t order_of (uint64_t seed)
{
  struct inos_runtime *runtime = seeded (seed);
  asker_ref asker = new_asker (runtime);

  clear_seen (NULL);
  asker_post_ask (runtime, asker, (struct job){.number = 10});
  run (runtime);
  assert_int_equal (seen.replied, 10);
  inos_runtime_free (runtime, INOS_SECOND);
  return seen.order;
}

static void test_seeds (void **state)
{
  unsigned differ = 0;

  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    uint64_t order = order_of (seed);
    assert_int_equal (order, order_of (seed));
    differ += order != order_of (seed + 1);
  }
  assert_true (differ > SEEDS / 2);
}

/* Work that is left on a seeded runtime when it ends. */
static void test_seeded_end (void **state)
{
  struct inos_runtime *runtime = seeded (3);
  asker_ref asker = new_asker (runtime);

  asker_post_ask (runtime, asker, (struct job){.number = 10});
  inos_runtime_run (runtime, 200);
  inos_runtime_free (runtime, 0);
  assert_int_equal (atomic_load (&seen.freed), 10);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup (test_results, clear_seen),
    cmocka_unit_test_setup (test_bounds, clear_seen),
    cmocka_unit_test_setup (test_deadline, clear_seen),
    cmocka_unit_test_setup (test_late_is_never_a_result, clear_seen),
    cmocka_unit_test_setup (test_actor_stops, clear_seen),
    cmocka_unit_test_setup (test_idle_threads_go, clear_seen),
    cmocka_unit_test_setup (test_detached, clear_seen),
    cmocka_unit_test_setup (test_seeds, clear_seen),
    cmocka_unit_test_setup (test_seeded_end, clear_seen),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
