/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy.h"

/* cmocka wants these first */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define SECOND G_USEC_PER_SEC

static void test_third_death_in_window_fails (void **state)
{
  struct inos_policy policy = {0};
  assert_int_equal (inos_policy_death (&policy, 100 * SECOND, SECOND, TRUE), 0);
  assert_int_equal (inos_policy_death (&policy, 105 * SECOND, SECOND, TRUE), 250);
  assert_int_equal (inos_policy_death (&policy, 115 * SECOND, SECOND, TRUE), -1);
}

static void test_pauses_grow_while_deaths_are_apart (void **state)
{
  struct inos_policy policy = {0};
  static const int expected[] = {0, 250, 500, 1000, 2000, 4000, 8000, 8000, 8000};
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    assert_int_equal (
      inos_policy_death (&policy, (gint64)(100 + 10 * i) * SECOND, 9 * SECOND, TRUE), expected[i]);
}

static void test_a_long_life_is_forgiven (void **state)
{
  struct inos_policy policy = {0};
  assert_int_equal (inos_policy_death (&policy, 100 * SECOND, SECOND, TRUE), 0);
  assert_int_equal (inos_policy_death (&policy, 101 * SECOND, SECOND, TRUE), 250);
  assert_int_equal (inos_policy_death (&policy, 200 * SECOND, 90 * SECOND, TRUE), 0);
}

static void test_three_starts_without_ready_fail_however_slow (void **state)
{
  struct inos_policy policy = {0};
  assert_int_equal (inos_policy_death (&policy, 100 * SECOND, 20 * SECOND, FALSE), 0);
  assert_int_equal (inos_policy_death (&policy, 120 * SECOND, 20 * SECOND, FALSE), 250);
  assert_int_equal (inos_policy_death (&policy, 140 * SECOND, 20 * SECOND, FALSE), -1);
}

static void test_reset_forgets (void **state)
{
  struct inos_policy policy = {0};
  for (int i = 0; i < 3; i++)
    inos_policy_death (&policy, (100 + i) * SECOND, 0, FALSE);
  inos_policy_reset (&policy);
  assert_int_equal (inos_policy_death (&policy, 104 * SECOND, SECOND, TRUE), 0);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_third_death_in_window_fails),
    cmocka_unit_test (test_pauses_grow_while_deaths_are_apart),
    cmocka_unit_test (test_a_long_life_is_forgiven),
    cmocka_unit_test (test_three_starts_without_ready_fail_however_slow),
    cmocka_unit_test (test_reset_forgets),
  };
  cmocka_set_message_output (CM_OUTPUT_TAP);
  return cmocka_run_group_tests_name ("policy", tests, NULL, NULL);
}
