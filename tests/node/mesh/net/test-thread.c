/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/clock.h"
#include "node/mesh/net/mesh_thread.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define CALLS 20000

struct work {
  struct inos_mesh_thread *thread;
  unsigned n, wrong;
  unsigned ticks, seen;
  uint64_t deadline;
  struct inos_drive *drive;
};

struct number {
  struct work *work;
  unsigned number;
};

static struct number numbers[CALLS];

static void count (void *data)
{
  struct number *number = data;
  struct work *work = number->work;

  if (number->number != work->n++ || !inos_mesh_thread_is_current (work->thread))
    work->wrong++;
}

/* All that was asked is done, in order, on the thread, also when it ends meanwhile. */
static void test_order (void **state)
{
  struct work work = {.thread = inos_mesh_thread_new (NULL)};

  assert_false (inos_mesh_thread_is_current (work.thread));
  for (unsigned i = 0; i < CALLS; i++) {
    numbers[i] = (struct number){&work, i};
    if (i % 1000 == 999)
      inos_mesh_thread_call (work.thread, count, &numbers[i]);
    else
      inos_mesh_thread_invoke (work.thread, count, &numbers[i]);
    if (i % 1000 == 999)
      assert_int_equal (work.n, i + 1);
  }
  inos_mesh_thread_free (work.thread);
  assert_int_equal (work.n, CALLS);
  assert_int_equal (work.wrong, 0);
  inos_mesh_thread_free (NULL);
}

static gboolean let_go (gpointer data)
{
  ((struct work *)data)->seen++;
  return ((struct work *)data)->wrong != 0;
}

static void leave (void *data)
{
  struct work *work = data;
  GSource *source = g_idle_source_new();

  g_source_set_callback (source, let_go, work, NULL);
  g_source_attach (source, inos_mesh_thread_context (work->thread));
  g_source_unref (source);
}

/* So long that the end has been asked for before anything else is done. */
static void be_slow (void *data)
{
  g_usleep (50000);
}

/* What a library left in its loop for later, such as GDBus the end of a subscription, is done; what
 * is always ready does not keep it from ending. */
static void test_last_rounds (void **state)
{
  struct work work = {.thread = inos_mesh_thread_new (NULL)};

  inos_mesh_thread_invoke (work.thread, be_slow, NULL);
  inos_mesh_thread_invoke (work.thread, leave, &work);
  inos_mesh_thread_free (work.thread);
  assert_int_equal (work.seen, 1);

  work = (struct work){.thread = inos_mesh_thread_new (NULL), .wrong = 1};
  inos_mesh_thread_invoke (work.thread, be_slow, NULL);
  inos_mesh_thread_invoke (work.thread, leave, &work);
  inos_mesh_thread_free (work.thread);
  assert_true (work.seen > 1);
}

static uint64_t deadline (void *data)
{
  return ((struct work *)data)->deadline;
}

static void tick (void *data)
{
  struct work *work = data;

  if (inos_env_now (inos_clock_env()) < work->deadline)
    work->wrong++;
  work->ticks++;
  work->deadline = work->ticks < 20 ? inos_env_now (inos_clock_env()) + 2000000 : INOS_NEVER;
}

static void begin (void *data)
{
  struct work *work = data;
  struct inos_driven driven = {deadline, tick, work};

  work->deadline = 1; /* long ago */
  work->drive = inos_drive (inos_mesh_thread_context (work->thread), inos_clock_env(), &driven);
}

static void look (void *data)
{
  struct work *work = data;

  work->seen = work->ticks;
}

static void end (void *data)
{
  inos_drive_end (&((struct work *)data)->drive);
  inos_drive_end (&((struct work *)data)->drive);
}

/* Ticks come at their deadlines and not before them, and none where there is none. */
static void test_drive (void **state)
{
  struct work work = {.thread = inos_mesh_thread_new (NULL)};
  unsigned ticks = 0;

  inos_mesh_thread_call (work.thread, begin, &work);
  for (gint64 until = g_get_monotonic_time() + 20 * G_USEC_PER_SEC; ticks < 20;) {
    assert_true (g_get_monotonic_time() < until);
    g_usleep (1000);
    inos_mesh_thread_call (work.thread, look, &work);
    ticks = work.seen;
  }
  inos_mesh_thread_call (work.thread, end, &work);
  inos_mesh_thread_free (work.thread);
  assert_int_equal (work.ticks, 20);
  assert_int_equal (work.wrong, 0);
}

struct ending {
  struct inos_drive *drive;
  struct ending *other; /* ended by the tick, as it is itself; may be NULL */
  unsigned ticks;
};

static uint64_t always (void *data)
{
  return 1;
}

static void tick_and_end (void *data)
{
  struct ending *ending = data;

  ending->ticks++;
  if (ending->other)
    inos_drive_end (&ending->other->drive);
  inos_drive_end (&ending->drive);
}

/* A tick may end its own drive, the next, which is due too, and the last of all. */
static void test_drives_end (void **state)
{
  g_autoptr (GMainContext) context = g_main_context_new();
  struct ending all[4] = {{.other = &all[1]}, {0}, {.other = &all[0]}, {0}};

  for (unsigned round = 1; round <= 2; round++) {
    for (unsigned i = 0; i < G_N_ELEMENTS (all); i++)
      all[i].drive = inos_drive (context, inos_clock_env(),
                                 &(struct inos_driven){always, tick_and_end, &all[i]});
    assert_true (g_main_context_iteration (context, FALSE));
    assert_false (g_main_context_pending (context));
    for (unsigned i = 0; i < G_N_ELEMENTS (all); i++) {
      assert_null (all[i].drive);
      assert_int_equal (all[i].ticks, i == 1 ? 0 : round);
    }
  }
}

static uint64_t at_once (void *data)
{
  return inos_env_now (inos_clock_env());
}

static void tick_and_count (void *data)
{
  ++*(unsigned *)data;
}

/* A core that reads the clock itself is due when it says "now", which is later each time. */
static void test_due_now (void **state)
{
  g_autoptr (GMainContext) context = g_main_context_new();
  unsigned ticks = 0;
  struct inos_drive *drive =
    inos_drive (context, inos_clock_env(), &(struct inos_driven){at_once, tick_and_count, &ticks});

  for (unsigned i = 0; i < 10; i++)
    g_main_context_iteration (context, FALSE);
  assert_int_equal (ticks, 10);
  inos_drive_end (&drive);
}

static void test_clock (void **state)
{
  const struct inos_mesh_env *env = inos_clock_env();
  uint64_t before = inos_env_now (env);
  uint8_t a[32] = {0}, b[32] = {0};

  assert_true (before > 0);
  assert_true (inos_env_now (env) >= before);
  assert_true (inos_env_wall (env) > 1700000000000);
  inos_env_random (env, a, sizeof a);
  inos_env_random (env, b, sizeof b);
  assert_memory_not_equal (a, b, sizeof a);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_order),      cmocka_unit_test (test_drive),
    cmocka_unit_test (test_drives_end), cmocka_unit_test (test_due_now),
    cmocka_unit_test (test_clock),      cmocka_unit_test (test_last_rounds),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
