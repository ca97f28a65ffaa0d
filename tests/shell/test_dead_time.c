/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "permit/dead_time.h"

#include "test.h"

#define BEGUN (7 * G_TIME_SPAN_SECOND)
#define DEAD INOS_PROMPT_DEAD_TIME

/* An Escape on its way when the question comes up, whose page does not listen yet. */
static void escape_in_flight_denies_nothing (void **state)
{
  InosDeadTime time = {0};

  inos_dead_time_begin (&time, BEGUN);
  assert_false (inos_dead_time_may_escape (&time, BEGUN));
  assert_false (inos_dead_time_may_escape (&time, BEGUN + DEAD - 1));
  assert_true (inos_dead_time_may_escape (&time, BEGUN + DEAD));
}

/* Nor is one for a question an answer to the next. */
static void each_question_has_its_own (void **state)
{
  InosDeadTime time = {0};

  inos_dead_time_begin (&time, BEGUN);
  inos_dead_time_draw (&time, BEGUN);
  inos_dead_time_begin (&time, BEGUN + 2 * DEAD);
  assert_false (inos_dead_time_may_escape (&time, BEGUN + 3 * DEAD - 1));
  assert_false (inos_dead_time_may_allow (&time, BEGUN + 9 * DEAD));
}

static void allowed_once_it_was_seen (void **state)
{
  InosDeadTime time = {0};

  inos_dead_time_begin (&time, BEGUN);
  assert_false (inos_dead_time_may_allow (&time, BEGUN + 9 * DEAD));
  inos_dead_time_draw (&time, BEGUN + 9 * DEAD);
  inos_dead_time_draw (&time, BEGUN + 10 * DEAD - 1);
  assert_false (inos_dead_time_may_allow (&time, BEGUN + 10 * DEAD - 1));
  assert_true (inos_dead_time_may_allow (&time, BEGUN + 10 * DEAD));
  /* A page that begins anew does not keep anybody in. */
  inos_dead_time_undraw (&time);
  assert_false (inos_dead_time_may_allow (&time, BEGUN + 20 * DEAD));
  assert_true (inos_dead_time_may_escape (&time, BEGUN + 10 * DEAD));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (escape_in_flight_denies_nothing),
    cmocka_unit_test (each_question_has_its_own),
    cmocka_unit_test (allowed_once_it_was_seen),
  };

  return cmocka_run_group_tests_name ("dead time", tests, NULL, NULL);
}
