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

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_reply_unasked),
    cmocka_unit_test (test_reply_to_the_gone),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
