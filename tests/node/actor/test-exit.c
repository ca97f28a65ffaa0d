/*
 * What on_exit sees of a link's end and of a stop, which it can tell apart by nothing but who.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/fixture.h"

struct ask {
  inos_actor_id whom;
};

struct seen {
  inos_actor_id who;
  struct inos_exit reason;
  unsigned count;
};

#define LISTENER(MESSAGE, REQUEST) MESSAGE (listener, join, struct ask, 1)
INOS_PROTOCOL (listener, LISTENER);
INOS_PROTOCOL_DEFINE (listener, LISTENER);

struct listener {
  struct seen *seen;
};

static enum inos_outcome listener_begin (void *state, struct inos_context *context,
                                         const void *argument)
{
  ((struct listener *)state)->seen = *(struct seen *const *)argument;
  return INOS_OK;
}

static enum inos_outcome listener_on_exit (void *state, struct inos_context *context,
                                           inos_actor_id who, struct inos_exit reason)
{
  struct seen *seen = ((struct listener *)state)->seen;

  *seen = (struct seen){who, reason, seen->count + 1};
  return who ? INOS_OK : inos_done_with (context, reason);
}

INOS_HANDLE (listener, join, struct listener)
{
  inos_link (context, message->whom);
  return INOS_OK;
}

INOS_BEHAVIOUR (listener, LISTENER, struct listener, .pre_start = listener_begin,
                .on_exit = listener_on_exit);

static void test_exit_reasons (void **state)
{
  static const struct inos_exit reasons[] = {
    {INOS_EXIT_NORMAL, 0}, {INOS_EXIT_SHUTDOWN, 3}, {INOS_EXIT_ERROR, 4}, {INOS_EXIT_KILLED, 0}};

  for (size_t i = 0; i < G_N_ELEMENTS (reasons); i++) {
    struct inos_runtime *runtime = seeded (i);
    struct seen seen = {0}, of_other = {0}, *p = &seen, *q = &of_other;
    inos_actor_id ear = spawn (runtime, &listener_behaviour, &p, sizeof p);
    inos_actor_id other = spawn (runtime, &listener_behaviour, &q, sizeof q);
    listener_post_join (runtime, (listener_ref){INOS_TO (ear)}, (struct ask){other});
    run (runtime);
    inos_runtime_stop_actor (runtime, other, reasons[i]);
    run (runtime);
    assert_int_equal (seen.count, 1);
    assert_true (seen.who == other);
    assert_int_equal (seen.reason.kind, reasons[i].kind); /* handed on as it was given */
    assert_int_equal (seen.reason.code, reasons[i].code);
    if (reasons[i].kind != INOS_EXIT_KILLED) {
      inos_runtime_stop_actor (runtime, ear, reasons[i]);
      run (runtime);
      assert_int_equal (seen.count, 2);
      assert_true (seen.who == 0);
      assert_int_equal (seen.reason.kind, reasons[i].kind); /* the same */
    }
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_exit_reasons)};

  return cmocka_run_group_tests (tests, NULL, NULL);
}
