/*
 * Who owns what: a message, a reply or an argument that could not be had away is its sender's
 * still, and whatever was given away is released once.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/fixture.h"

#include "node/actor/dead_letter.h"

#include <stdatomic.h>

/* Something owned; `released` counts, so that twice and never both show. */

struct thing {
  _Atomic uint32_t *released; /* NULL: nothing is owned */
};

/* The same, too large for an envelope. */
struct crate {
  struct thing thing;
  uint64_t padding[3];
};

static void thing_clear (void *message)
{
  struct thing *thing = message;

  if (thing->released)
    atomic_fetch_add (thing->released, 1);
  thing->released = NULL;
}

struct whom {
  inos_actor_id id;
};

#define SHOP(MESSAGE, REQUEST)                                                                     \
  REQUEST (shop, buy, struct inos_nothing, struct crate, 1, .clear_reply = thing_clear)            \
  MESSAGE (shop, advertise, struct inos_nothing, 1)                                                \
  MESSAGE (shop, deliver, struct inos_nothing, 1)                                                  \
  MESSAGE (shop, order, struct whom, 1)                                                            \
  MESSAGE (shop, close, struct inos_nothing, 1)
INOS_PROTOCOL (shop, SHOP);
INOS_PROTOCOL_DEFINE (shop, SHOP);

struct world {
  _Atomic uint32_t released;
  enum inos_sent sent;
};

/* Replies with something owned, whether somebody asked or not. */
struct shop {
  struct world *world;
  struct inos_request_id kept;
};

static enum inos_outcome shop_begin (void *state, struct inos_context *context,
                                     const void *argument)
{
  struct shop *self = state;

  self->world = *(struct world *const *)argument;
  return INOS_OK;
}

static void hand_out (struct shop *self, struct inos_context *context,
                      struct inos_request_id request)
{
  struct crate crate = {.thing = {&self->world->released}};

  self->world->sent = shop_reply_buy_to (context, request, crate);
}

INOS_HANDLE (shop, buy, struct shop)
{
  self->kept = inos_request_handled (context);
  return INOS_OK;
}

INOS_HANDLE (shop, advertise, struct shop)
{
  hand_out (self, context, inos_request_handled (context));
  return INOS_OK;
}

INOS_HANDLE (shop, deliver, struct shop)
{
  hand_out (self, context, self->kept);
  return INOS_OK;
}

static enum inos_outcome on_bought (void *state, struct inos_context *context,
                                    enum inos_replied status, const struct crate *crate,
                                    uint64_t tag)
{
  return INOS_OK;
}

INOS_HANDLE (shop, order, struct shop)
{
  shop_request_buy (context, (shop_ref){INOS_TO (message->id)}, INOS_NOTHING, INOS_SECOND,
                    on_bought, 0);
  return INOS_OK;
}

INOS_HANDLE (shop, close, struct shop)
{
  return INOS_DONE;
}

INOS_BEHAVIOUR (shop, SHOP, struct shop, .pre_start = shop_begin);

#define TO(id) ((shop_ref){INOS_TO (id)})

static inos_actor_id open_shop (struct inos_runtime *runtime, struct world *world)
{
  return spawn (runtime, &shop_behaviour, &world, sizeof world);
}

/* Nobody asked: the reply was not taken. */
static void test_reply_unasked (void **state)
{
  struct inos_runtime *runtime = seeded (1);
  struct world world = {0};
  uint64_t counts[INOS_DEAD_REASONS];

  shop_post_advertise (runtime, TO (open_shop (runtime, &world)), INOS_NOTHING);
  run (runtime);
  assert_int_equal (world.sent, INOS_UNASKED);
  assert_false (inos_sent_took (world.sent));
  assert_string_equal (inos_sent_name (world.sent), "unasked");
  inos_dead_letters_counted (runtime, counts);
  assert_int_equal (counts[INOS_DEAD_GONE], 0);
  inos_runtime_free (runtime, INOS_SECOND);
  assert_int_equal (world.released, 0);
}

/* The asker has gone: the reply was taken, and is a dead letter. */
static void test_reply_to_the_gone (void **state)
{
  struct inos_runtime *runtime = seeded (2);
  struct world world = {0}, other = {0};
  inos_actor_id shop = open_shop (runtime, &world), asker = open_shop (runtime, &other);
  uint64_t counts[INOS_DEAD_REASONS];

  shop_post_order (runtime, TO (asker), (struct whom){shop});
  inos_runtime_run (runtime, INOS_MILLISECOND);
  shop_post_close (runtime, TO (asker), INOS_NOTHING);
  inos_runtime_run (runtime, 2 * INOS_MILLISECOND);
  shop_post_deliver (runtime, TO (shop), INOS_NOTHING);
  run (runtime);
  assert_int_equal (world.sent, INOS_DEAD);
  assert_true (inos_sent_took (world.sent));
  inos_dead_letters_counted (runtime, counts);
  assert_int_equal (counts[INOS_DEAD_GONE], 1);
  inos_runtime_free (runtime, INOS_SECOND);
  assert_int_equal (world.released, 1);
}

/* Arguments */

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

static void test_argument_on_threads (void **state)
{
  enum { GUESTS = 2000 }; /* shops that nobody visits */

  for (unsigned round = 0; round < 5; round++) {
    struct inos_runtime *runtime = threaded (2);
    _Atomic uint32_t released = 0;
    const struct thing thing = {&released};
    for (unsigned i = 0; i < GUESTS; i++) {
      const struct inos_spawn how = {.behaviour = &shop_behaviour,
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
    cmocka_unit_test (test_reply_unasked),
    cmocka_unit_test (test_reply_to_the_gone),
    cmocka_unit_test (test_argument_at_the_end),
    cmocka_unit_test (test_argument_after_the_start),
    cmocka_unit_test (test_argument_of_a_failed_start),
    cmocka_unit_test (test_argument_of_a_failed_spawn),
    cmocka_unit_test (test_argument_without_memory),
    cmocka_unit_test (test_argument_on_threads),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
