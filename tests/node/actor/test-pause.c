/*
 * An actor that pauses: what comes waits in its mailbox, and then with who sends; signals come.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/fixture.h"

#define CAPACITY 4
#define COUNT 20

struct note {
  uint64_t number;
};

#define GATE(MESSAGE, REQUEST) MESSAGE (gate, note, struct note, 1)
INOS_PROTOCOL (gate, GATE);
INOS_PROTOCOL_DEFINE (gate, GATE);

#define HAND(MESSAGE, REQUEST)                                                                     \
  MESSAGE (hand, pour, struct note, 1)                                                             \
  MESSAGE (hand, turn, struct inos_nothing, 1)                                                     \
  MESSAGE (hand, stop, struct inos_nothing, 1)
INOS_PROTOCOL (hand, HAND);
INOS_PROTOCOL_DEFINE (hand, HAND);

static struct {
  uint64_t seen, stopped, parked;
  inos_actor_id gate;
} world;

struct nobody {
  char nothing;
};

INOS_HANDLE (gate, note, struct nobody)
{
  assert_int_equal (message->number, world.seen);
  world.seen++;
  assert_true (inos_pause (context));
  return INOS_OK;
}

static void post_stop (void *state, struct inos_context *context, struct inos_exit reason)
{
  world.stopped++;
}

INOS_BEHAVIOUR (gate, GATE, struct nobody, .post_stop = post_stop);

INOS_HANDLE (hand, pour, struct nobody)
{
  for (uint64_t i = 0; i < message->number; i++)
    world.parked +=
      gate_send_note (context, (gate_ref){INOS_TO (world.gate)}, (struct note){i}) == INOS_PARKED;
  return INOS_OK;
}

INOS_HANDLE (hand, turn, struct nobody)
{
  inos_resume (context, world.gate);
  return INOS_OK;
}

INOS_HANDLE (hand, stop, struct nobody)
{
  inos_stop (context, world.gate, (struct inos_exit){INOS_EXIT_SHUTDOWN, 0});
  return INOS_OK;
}

INOS_BEHAVIOUR (hand, HAND, struct nobody);

static inos_actor_id begin (struct inos_runtime *runtime)
{
  world.seen = world.stopped = world.parked = 0;
  world.gate = inos_runtime_spawn (runtime, &(struct inos_spawn){.behaviour = &gate_behaviour,
                                                                 .capacity = CAPACITY,
                                                                 .block_timeout_ms = 3600000});
  assert_true (world.gate != 0);
  return spawn (runtime, &hand_behaviour, NULL, 0);
}

static void test_one_at_a_time (void **state)
{
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    hand_ref pourer = {INOS_TO (begin (runtime))};
    hand_ref hand = {INOS_TO (spawn (runtime, &hand_behaviour, NULL, 0))};

    hand_post_pour (runtime, pourer, (struct note){COUNT});
    inos_runtime_run (runtime, INOS_SECOND);
    assert_int_equal (world.seen, 1);
    assert_in_range (world.parked, COUNT - CAPACITY - 1, COUNT - CAPACITY);
    for (uint64_t i = 1; i < COUNT; i++) {
      hand_post_turn (runtime, hand, INOS_NOTHING);
      inos_runtime_run (runtime, (i + 1) * INOS_SECOND);
      assert_int_equal (world.seen, i + 1);
    }
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

static void test_signals_come (void **state)
{
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    hand_ref pourer = {INOS_TO (begin (runtime))};
    hand_ref hand = {INOS_TO (spawn (runtime, &hand_behaviour, NULL, 0))};

    hand_post_pour (runtime, pourer, (struct note){3});
    inos_runtime_run (runtime, INOS_SECOND);
    hand_post_stop (runtime, hand, INOS_NOTHING);
    run (runtime);
    assert_int_equal (world.seen, 1);
    assert_int_equal (world.stopped, 1);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

static void wait_until_quiet (struct inos_runtime *runtime)
{
  while (!inos_runtime_is_quiet (runtime))
    g_usleep (100);
}

/* With threads: none is lost, and none is handled before its turn. */
static void test_threads (void **state)
{
  struct inos_runtime *runtime = threaded (2);
  hand_ref pourer = {INOS_TO (begin (runtime))};
  hand_ref hand = {INOS_TO (spawn (runtime, &hand_behaviour, NULL, 0))};

  hand_post_pour (runtime, pourer, (struct note){500});
  for (unsigned i = 0; i < 2000; i++)
    hand_post_turn (runtime, hand, INOS_NOTHING);
  wait_until_quiet (runtime);
  for (unsigned i = 0; i < 500; i++) {
    hand_post_turn (runtime, hand, INOS_NOTHING);
    wait_until_quiet (runtime);
  }
  assert_int_equal (world.seen, 500);
  assert_accounts (runtime);
  inos_runtime_free (runtime, INOS_SECOND);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_one_at_a_time),
    cmocka_unit_test (test_signals_come),
    cmocka_unit_test (test_threads),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
