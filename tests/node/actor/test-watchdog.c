/*
 * The watchdog: a handler that does not return is reported, once.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/seen.h"

#include "node/actor/health.h"

#include <pthread.h>

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static GString *logged;

static GLogWriterOutput write_log (GLogLevelFlags level, const GLogField *fields, gsize count,
                                   gpointer data)
{
  pthread_mutex_lock (&log_lock);
  for (gsize i = 0; i < count; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      g_string_append_printf (logged, "%s\n", (const char *)fields[i].value);
  pthread_mutex_unlock (&log_lock);
  return G_LOG_WRITER_HANDLED;
}

static void assert_logged (const char *what)
{
  pthread_mutex_lock (&log_lock);
  assert_non_null (strstr (logged->str, what));
  pthread_mutex_unlock (&log_lock);
}

static int begin (void **state)
{
  g_string_truncate (logged, 0);
  return 0;
}

/* While it runs, where somebody sleeps meanwhile. */
static void test_while_it_runs (void **state)
{
  struct inos_runtime *runtime = threaded (2);
  const struct inos_spawn how = {.behaviour = &seen_behaviour, .name = "sloth"};
  inos_actor_id id = inos_runtime_spawn (runtime, &how), other = one (runtime);
  struct inos_actor_health health;
  struct inos_stuck last;

  inos_watchdog_set (runtime, 20 * INOS_MILLISECOND);
  settle (runtime);
  for (uint64_t i = 1; i <= 3; i++) {
    shut (runtime, id);
    seen_post_nothing (runtime, SEEN_TO (other), (struct word){1}); /* has somebody look up */
    while (inos_watchdog_count (runtime, &last) < i)
      g_usleep (1000);
    assert_true (last.who == id);
    assert_ptr_equal (last.behaviour, &seen_behaviour);
    assert_ptr_equal (last.type, &seen_spin_type);
    assert_string_equal (last.name, "sloth");
    assert_false (last.returned);
    assert_in_range (last.time, 20 * INOS_MILLISECOND, 20 * INOS_SECOND);
    g_usleep (50000);
    assert_int_equal (inos_watchdog_count (runtime, NULL), i); /* once */
    assert_true (inos_health_outside (runtime, other, &health));
    assert_int_equal (health.count, i); /* it did not wait for the other */
    open_gate (runtime);
    seen_post_nothing (runtime, SEEN_TO (id), (struct word){1}); /* it looks at the clock */
    settle (runtime);
    assert_int_equal (inos_watchdog_count (runtime, NULL), i); /* not again when it returns */
  }
  assert_logged ("(seen sloth) has been handling seen.spin for ");
  inos_runtime_free (runtime, INOS_SECOND);
}

/* When it returns, where nobody else is. */
static void test_on_return (void **state)
{
  struct inos_runtime *runtime = threaded (1);
  inos_actor_id id = one (runtime);
  struct inos_stuck last;

  inos_watchdog_set (runtime, 20 * INOS_MILLISECOND);
  settle (runtime);
  seen_post_spin (runtime, SEEN_TO (id), (struct spin){30});
  settle (runtime);
  assert_int_equal (inos_watchdog_count (runtime, &last), 1);
  assert_true (last.who == id);
  assert_true (last.returned);
  assert_int_equal (last.messages, 1);
  assert_ptr_equal (last.type, &seen_spin_type);
  assert_in_range (last.time, 30 * INOS_MILLISECOND, 20 * INOS_SECOND);
  assert_logged ("(seen) took ");
  inos_watchdog_set (runtime, 0);
  seen_post_spin (runtime, SEEN_TO (id), (struct spin){30});
  settle (runtime);
  assert_int_equal (inos_watchdog_count (runtime, NULL), 1);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* Many short messages are no long one, and a runtime with nothing to do sleeps. */
static void test_nothing_wrong (void **state)
{
  struct inos_runtime *runtime = threaded (2);
  inos_actor_id a = one (runtime), b = one (runtime);
  struct inos_totals before, after;

  inos_watchdog_set (runtime, 2 * INOS_SECOND); /* sanitizers and a busy machine are slow */
  for (unsigned i = 0; i < 100; i++)
    seen_post_many (runtime, SEEN_TO (a), (struct many){b, 1000, 0});
  settle (runtime);
  assert_int_equal (inos_watchdog_count (runtime, NULL), 0);
  g_usleep (10000);
  inos_runtime_totals (runtime, &before);
  g_usleep (300000);
  inos_runtime_totals (runtime, &after);
  assert_int_equal (after.parks, before.parks);
  inos_runtime_free (runtime, INOS_SECOND);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup (test_while_it_runs, begin),
    cmocka_unit_test_setup (test_on_return, begin),
    cmocka_unit_test_setup (test_nothing_wrong, begin),
  };

  logged = g_string_new (NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
  int failed = cmocka_run_group_tests (tests, NULL, NULL);
  g_string_free (logged, TRUE);
  return failed;
}
