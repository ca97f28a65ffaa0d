/*
 * Who owns what a spawn's argument holds: the runtime's copy is released once, whatever becomes of
 * the spawn.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/fixture.h"

#include <stdatomic.h>

/* Something owned; `released` counts, so that twice and never both show. */

struct thing {
  _Atomic uint32_t *released; /* NULL: nothing is owned */
};

static void thing_clear (void *message)
{
  struct thing *thing = message;

  if (thing->released)
    atomic_fetch_add (thing->released, 1);
  thing->released = NULL;
}

/* How the one that owns something is to behave. */
struct order {
  struct thing thing;
  _Atomic uint32_t *seen;
  bool fails;
};

#define GUEST(MESSAGE, REQUEST)                                                                    \
  MESSAGE (guest, stumble, struct inos_nothing, 1)                                                 \
  MESSAGE (guest, leave, struct inos_nothing, 1)
INOS_PROTOCOL (guest, GUEST);
INOS_PROTOCOL_DEFINE (guest, GUEST);

struct guest {
  bool there;
};

static enum inos_outcome guest_begin (void *state, struct inos_context *context,
                                      const void *argument)
{
  const struct order *order = argument;

  assert_int_equal (atomic_load (order->thing.released), 0); /* it is there still */
  atomic_fetch_add (order->seen, 1);
  return order->fails ? inos_fail (context, 1, "as ordered") : INOS_OK;
}

static enum inos_action guest_starts_anew (void *state, struct inos_context *context,
                                           const struct inos_failure *failure)
{
  return INOS_RESTART;
}

INOS_HANDLE (guest, stumble, struct guest)
{
  return inos_fail (context, 2, "as it was told");
}

INOS_HANDLE (guest, leave, struct guest)
{
  return INOS_DONE;
}

INOS_BEHAVIOUR (guest, GUEST, struct guest, .pre_start = guest_begin,
                .on_error = guest_starts_anew);

/* The same in a word, and never restarted in its place. */

static enum inos_outcome passer_begin (void *state, struct inos_context *context,
                                       const void *argument)
{
  assert_int_equal (atomic_load (((const struct thing *)argument)->released), 0);
  return INOS_OK;
}

static enum inos_outcome passer_receive (void *state, struct inos_context *context,
                                         const struct inos_message *message)
{
  return inos_unhandled (context, message);
}

static const struct inos_behaviour passer_behaviour = {
  .name = "passer", .pre_start = passer_begin, .receive = passer_receive};

struct ledger {
  _Atomic uint32_t released, seen;
};

static struct order order_of (struct ledger *ledger, bool fails)
{
  *ledger = (struct ledger){0};
  return (struct order){{&ledger->released}, &ledger->seen, fails};
}

static struct inos_spawn how_a_guest_comes (const struct order *order)
{
  return (struct inos_spawn){.behaviour = &guest_behaviour,
                             .argument = order,
                             .argument_size = sizeof *order,
                             .clear_argument = thing_clear};
}

static void test_argument_at_the_end (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    struct ledger ledger;
    const struct order order = order_of (&ledger, false);
    const struct inos_spawn how = how_a_guest_comes (&order);
    guest_ref guest = {INOS_TO (inos_runtime_spawn (runtime, &how))};
    run (runtime);
    for (unsigned i = 0; i < 2; i++)
      guest_post_stumble (runtime, guest, INOS_NOTHING);
    run (runtime);
    assert_int_equal (ledger.seen, 3); /* each new start sees it again */
    assert_int_equal (ledger.released, 0);
    if (seed % 3 == 0)
      guest_post_leave (runtime, guest, INOS_NOTHING);
    else if (seed % 3 == 1)
      inos_runtime_stop_actor (runtime, guest.address.id, (struct inos_exit){INOS_EXIT_KILLED, 0});
    if (seed % 3 < 2) {
      run (runtime);
      assert_int_equal (ledger.released, 1);
    }
    inos_runtime_free (runtime, INOS_SECOND); /* of the third kind it lives still */
    assert_int_equal (ledger.released, 1);
  }
}

/* It starts once and never again, so the copy goes as soon as it has started. */
static void test_argument_after_the_start (void **state)
{
  struct inos_runtime *runtime = seeded (3);
  _Atomic uint32_t released = 0;
  const struct thing thing = {&released};
  const struct inos_spawn how = {.behaviour = &passer_behaviour,
                                 .argument = &thing,
                                 .argument_size = sizeof thing,
                                 .clear_argument = thing_clear};

  assert_true (inos_runtime_spawn (runtime, &how) != 0);
  assert_int_equal (released, 0);
  run (runtime);
  assert_int_equal (released, 1);
  inos_runtime_free (runtime, INOS_SECOND);
  assert_int_equal (released, 1);
  assert_ptr_equal (thing.released, &released); /* what was cleared was the copy */
}

static void test_argument_of_a_failed_start (void **state)
{
  struct inos_runtime *runtime = seeded (4);
  struct ledger ledger;
  const struct order order = order_of (&ledger, true);
  const struct inos_spawn how = how_a_guest_comes (&order);

  assert_true (inos_runtime_spawn (runtime, &how) != 0);
  run (runtime);
  assert_int_equal (ledger.seen, 1);
  assert_int_equal (ledger.released, 1);
  inos_runtime_free (runtime, INOS_SECOND);
  assert_int_equal (ledger.released, 1);
}

/* The name is taken, or there are too many actors. */
static void test_argument_of_a_failed_spawn (void **state)
{
  const struct inos_runtime_config config = {.seeded = true, .actors_max = 1};
  struct inos_runtime *runtime = inos_runtime_new (&config, NULL), *named = seeded (5);
  struct ledger first, second;
  struct order order = order_of (&first, false);
  struct inos_spawn how = how_a_guest_comes (&order);

  assert_true (inos_runtime_spawn (runtime, &how) != 0);
  how.name = "guest";
  assert_true (inos_runtime_spawn (named, &how) != 0);
  run (runtime);
  run (named);
  order = order_of (&second, false);
  assert_true (inos_runtime_spawn (named, &how) == 0);
  assert_int_equal (second.released, 1);
  how.name = NULL;
  assert_true (inos_runtime_spawn (runtime, &how) == 0);
  assert_int_equal (second.released, 2);
  assert_int_equal (second.seen, 0);
  inos_runtime_free (runtime, INOS_SECOND);
  inos_runtime_free (named, INOS_SECOND);
  assert_int_equal (first.released, 2);
  assert_int_equal (second.released, 2);
}

static void test_argument_without_memory (void **state)
{
  const struct inos_runtime_config config = {.seeded = true, .memory_max = 1u << 20};
  struct inos_runtime *runtime = inos_runtime_new (&config, NULL);
  struct ledger ledger;
  const struct order order = order_of (&ledger, false);
  const struct inos_spawn how = how_a_guest_comes (&order);
  uint32_t spawned = 0;

  while (inos_runtime_spawn (runtime, &how) != 0)
    assert_true (++spawned < 100000);
  assert_int_equal (ledger.released, 1);
  inos_runtime_free (runtime, INOS_SECOND); /* kills what has not begun */
  assert_int_equal (ledger.released, spawned + 1);
}

/* Looks at nothing: on threads others are released at the same time. */
static const struct inos_behaviour stroller_behaviour = {.name = "stroller",
                                                         .receive = passer_receive};

static void test_argument_on_threads (void **state)
{
  enum { GUESTS = 2000 };

  for (unsigned round = 0; round < 5; round++) {
    struct inos_runtime *runtime = threaded (2);
    _Atomic uint32_t released = 0;
    const struct thing thing = {&released};
    for (unsigned i = 0; i < GUESTS; i++) {
      const struct inos_spawn how = {.behaviour = &stroller_behaviour,
                                     .argument = &thing,
                                     .argument_size = sizeof thing,
                                     .clear_argument = thing_clear};
      inos_actor_id id = inos_runtime_spawn (runtime, &how);
      if (i % 2)
        inos_runtime_stop_actor (runtime, id, (struct inos_exit){INOS_EXIT_KILLED, 0});
    }
    inos_runtime_free (runtime, round ? INOS_SECOND : 0);
    assert_int_equal (released, GUESTS);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_argument_at_the_end),
    cmocka_unit_test (test_argument_after_the_start),
    cmocka_unit_test (test_argument_of_a_failed_start),
    cmocka_unit_test (test_argument_of_a_failed_spawn),
    cmocka_unit_test (test_argument_without_memory),
    cmocka_unit_test (test_argument_on_threads),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
