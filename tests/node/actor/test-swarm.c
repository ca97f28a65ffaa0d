/*
 * Everything at once, at random: on the seeded scheduler, where a seed that fails can be played
 * again (INOS_SEED=n), and on threads.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/fixture.h"

#include "tests/node/actor/swarm.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static void check (struct inos_runtime *runtime, struct swarm *swarm, uint64_t seed)
{
  struct inos_totals t;

  inos_runtime_totals (runtime, &t);
  if (t.sent != t.handled + t.dead + t.dropped + t.expired || swarm->disorder || swarm->wrong)
    fail_msg ("seed %" G_GUINT64_FORMAT ": sent %" G_GUINT64_FORMAT " handled %" G_GUINT64_FORMAT
              " dead %" G_GUINT64_FORMAT " dropped %" G_GUINT64_FORMAT " expired %" G_GUINT64_FORMAT
              "; disorder %" G_GUINT64_FORMAT " wrong %" G_GUINT64_FORMAT,
              seed, t.sent, t.handled, t.dead, t.dropped, t.expired, (uint64_t)swarm->disorder,
              (uint64_t)swarm->wrong);
}

/* Answered are all that were asked, but for those whose asker went or started anew. */
static void check_end (struct swarm *swarm, uint64_t seed)
{
  if (swarm->begun != swarm->cleared || swarm->asked != swarm->answered + swarm->abandoned)
    fail_msg ("seed %" G_GUINT64_FORMAT ": begun %" G_GUINT64_FORMAT " cleared %" G_GUINT64_FORMAT
              "; asked %" G_GUINT64_FORMAT " answered %" G_GUINT64_FORMAT
              " abandoned %" G_GUINT64_FORMAT,
              seed, (uint64_t)swarm->begun, (uint64_t)swarm->cleared, (uint64_t)swarm->asked,
              (uint64_t)swarm->answered, (uint64_t)swarm->abandoned);
}

static void one_seed (uint64_t seed)
{
  struct inos_runtime *runtime = seeded (seed);
  struct swarm swarm = {0};

  swarm_begin (runtime, &swarm, seed, 6, 300);
  inos_runtime_run (runtime, 50 * INOS_MILLISECOND); /* timers that come again never end */
  check (runtime, &swarm, seed);
  inos_runtime_free (runtime, INOS_SECOND);
  check_end (&swarm, seed);
}

static void test_seeds (void **state)
{
  const char *one = g_getenv ("INOS_SEED");
  uint64_t seeds = g_getenv ("INOS_LONG") && *g_getenv ("INOS_LONG") ? 100000 : 2000;

  if (one)
    one_seed (g_ascii_strtoull (one, NULL, 10));
  for (uint64_t seed = 0; !one && seed < seeds; seed++)
    one_seed (seed);
}

/* The same seed gives the same history. */
static void test_replay (void **state)
{
  struct inos_totals t[2];

  for (unsigned i = 0; i < 2; i++) {
    struct inos_runtime *runtime = seeded (77);
    struct swarm swarm = {0};
    swarm_begin (runtime, &swarm, 77, 40, 20000);
    inos_runtime_run (runtime, 50 * INOS_MILLISECOND);
    inos_runtime_totals (runtime, &t[i]);
    inos_runtime_free (runtime, INOS_SECOND);
  }
  assert_memory_equal (&t[0], &t[1], sizeof t[0]);
  /* And it is a history: something of everything has come about. */
  assert_true (t[0].handled > 2000 && t[0].dead > 200 && t[0].dropped > 50);
  assert_true (t[0].spawned > 200 && t[0].stopped > 20);
}

static void threads (unsigned workers, uint32_t fuel)
{
  struct inos_runtime *runtime = threaded (workers);
  struct swarm swarm = {0};

  swarm_begin (runtime, &swarm, workers, 50, fuel);
  g_usleep (300000);
  inos_runtime_free (runtime, 5 * INOS_SECOND);
  assert_int_equal (swarm.disorder, 0);
  assert_int_equal (swarm.wrong, 0);
  check_end (&swarm, workers);
}

static void test_threads (void **state)
{
  for (unsigned round = 0; round < 3; round++)
    for (unsigned workers = 1; workers <= 4; workers++)
      threads (workers, 200000);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_seeds),
    cmocka_unit_test (test_replay),
    cmocka_unit_test (test_threads),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
