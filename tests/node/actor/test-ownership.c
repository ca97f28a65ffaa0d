/*
 * Who owns what: a message or a reply that could not be had away is its sender's
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

/* No memory. A sender fills what there is with notes to itself, then does one thing of each kind.
 */

enum way {
  WAY_SEND,
  WAY_SEND_LARGE,
  WAY_REQUEST,
  WAY_REPLY,
  WAY_FORWARD,
  WAY_PUBLISH,
  WAY_PUBLISH_LARGE,
  WAY_SEND_AFTER,
  WAYS
};

struct attempt {
  enum way way;
  uint32_t spare; /* notes fewer than there is memory for */
};

#define MISER(MESSAGE, REQUEST)                                                                    \
  REQUEST (miser, begin, struct attempt, struct crate, 1, .clear_reply = thing_clear)              \
  MESSAGE (miser, note, struct inos_nothing, 1)                                                    \
  MESSAGE (miser, gold, struct thing, 1, .clear = thing_clear, .copy = thing_copy)                 \
  MESSAGE (miser, chest, struct crate, 1, .clear = thing_clear)                                    \
  REQUEST (miser, lend, struct crate, struct inos_nothing, 1, .clear = thing_clear)

/* A copy owns as much again, and is to be released for itself: what is counted is the balance. */
static void thing_copy (void *to, const void *from)
{
  *(struct thing *)to = *(const struct thing *)from;
  atomic_fetch_sub (((struct thing *)to)->released, 1);
}

INOS_PROTOCOL (miser, MISER);
INOS_PROTOCOL_DEFINE (miser, MISER);

struct hoard {
  _Atomic uint32_t released, got, answered;
  uint32_t notes; /* there was memory for; 0: not known yet */
  enum inos_sent sent;
};

struct miser {
  struct hoard *hoard;
};

static enum inos_outcome miser_begin (void *state, struct inos_context *context,
                                      const void *argument)
{
  ((struct miser *)state)->hoard = *(struct hoard *const *)argument;
  return inos_subscribe (context, "gold") ? INOS_OK : INOS_FAILED;
}

static enum inos_outcome on_lent (void *state, struct inos_context *context,
                                  enum inos_replied status, const struct inos_nothing *reply,
                                  uint64_t tag)
{
  ((struct miser *)state)->hoard->answered++;
  return INOS_OK;
}

static enum inos_sent attempt (struct miser *self, struct inos_context *context, enum way way)
{
  miser_ref me = {INOS_TO (inos_self (context))};
  const struct thing thing = {&self->hoard->released};
  const struct crate crate = {.thing = thing};

  switch (way) {
  case WAY_SEND:
    return miser_send_gold (context, me, thing);
  case WAY_SEND_LARGE:
    return miser_send_chest (context, me, crate);
  case WAY_REQUEST:
    return miser_request_lend (context, me, crate, INOS_SECOND, on_lent, 0);
  case WAY_REPLY:
    return miser_reply_begin (context, crate);
  case WAY_FORWARD:
    return inos_forward (context, INOS_TO (0));
  case WAY_PUBLISH:
    return miser_publish_gold (context, "gold", thing);
  case WAY_PUBLISH_LARGE:
    return miser_publish_chest (context, "gold", crate);
  default:
    return miser_send_gold_after (context, me, thing, 1000, 0) ? INOS_ACCEPTED : INOS_NO_MEMORY;
  }
}

INOS_HANDLE (miser, begin, struct miser)
{
  struct hoard *hoard = self->hoard;
  uint32_t most = hoard->notes ? hoard->notes - message->spare : UINT32_MAX, notes = 0;
  miser_ref me = {INOS_TO (inos_self (context))};

  while (notes < most && miser_send_note (context, me, INOS_NOTHING) == INOS_ACCEPTED)
    notes++;
  if (!hoard->notes)
    hoard->notes = notes;
  hoard->sent = attempt (self, context, message->way);
  return INOS_OK;
}

INOS_HANDLE (miser, note, struct miser)
{
  return INOS_OK;
}

INOS_HANDLE (miser, gold, struct miser)
{
  self->hoard->got++;
  return INOS_OK;
}

INOS_HANDLE (miser, chest, struct miser)
{
  self->hoard->got++;
  return INOS_OK;
}

INOS_HANDLE (miser, lend, struct miser)
{
  self->hoard->got++;
  inos_refuse (context, inos_request_handled (context));
  return INOS_OK;
}

INOS_BEHAVIOUR (miser, MISER, struct miser, .pre_start = miser_begin);

/* Asks the miser, so that there is something to reply to. */

#define ENVOY(MESSAGE, REQUEST) MESSAGE (envoy, go, struct attempt, 1)
INOS_PROTOCOL (envoy, ENVOY);
INOS_PROTOCOL_DEFINE (envoy, ENVOY);

struct envoy {
  inos_actor_id to;
};

static enum inos_outcome envoy_begin (void *state, struct inos_context *context,
                                      const void *argument)
{
  ((struct envoy *)state)->to = *(const inos_actor_id *)argument;
  return INOS_OK;
}

static enum inos_outcome on_begun (void *state, struct inos_context *context,
                                   enum inos_replied status, const struct crate *crate,
                                   uint64_t tag)
{
  return INOS_OK;
}

INOS_HANDLE (envoy, go, struct envoy)
{
  miser_request_begin (context, (miser_ref){INOS_TO (self->to)}, *message, INOS_SECOND, on_begun,
                       0);
  return INOS_OK;
}

INOS_BEHAVIOUR (envoy, ENVOY, struct envoy, .pre_start = envoy_begin);

#define SUBSCRIBERS 3

/* One attempt in a runtime of its own, with as much memory as @hoard->notes and the spare. */
static void try_one (struct hoard *hoard, struct attempt attempt)
{
  const struct inos_runtime_config config = {.seeded = true, .memory_max = 3u << 20};
  struct inos_runtime *runtime = inos_runtime_new (&config, NULL);
  inos_actor_id miser = 0;

  for (unsigned i = 0; i < SUBSCRIBERS; i++)
    miser = spawn (runtime, &miser_behaviour, &hoard, sizeof hoard);
  inos_actor_id envoy = spawn (runtime, &envoy_behaviour, &miser, sizeof miser);
  run (runtime); /* all have subscribed */
  envoy_post_go (runtime, (envoy_ref){INOS_TO (envoy)}, attempt);
  run (runtime);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* What was not sent reached nobody and was not released; what was sent was released by all that got
 * it, or as a dead letter. */
static void test_no_memory (void **state)
{
  for (enum way way = 0; way < WAYS; way++) {
    struct hoard hoard = {0};
    unsigned failed = 0, good = 0;
    try_one (&hoard, (struct attempt){way, 0}); /* finds out how many notes there are */
    for (uint32_t spare = 0; spare < 8; spare++) {
      hoard = (struct hoard){.notes = hoard.notes};
      try_one (&hoard, (struct attempt){way, spare});
      if (inos_sent_took (hoard.sent)) {
        good++;
        if (way == WAY_PUBLISH || way == WAY_PUBLISH_LARGE)
          assert_int_equal (hoard.got, SUBSCRIBERS);
        assert_int_equal (hoard.released, way == WAY_FORWARD ? 0 : 1);
      } else {
        failed++;
        assert_int_equal (hoard.sent, INOS_NO_MEMORY);
        assert_int_equal (hoard.got, 0);
        assert_int_equal (hoard.answered, 0);
        assert_int_equal (hoard.released, 0);
      }
    }
    if (way != WAY_SEND_AFTER) /* timers are no envelopes until they are due */
      assert_true (failed > 0);
    assert_true (good > 0 || way == WAY_SEND_LARGE || way == WAY_REQUEST || way == WAY_REPLY ||
                 way == WAY_PUBLISH_LARGE);
  }
}

/* From outside, and a dead letter, of which nothing is lost. */
static void test_post_without_memory (void **state)
{
  const struct inos_runtime_config config = {.seeded = true, .memory_max = 3u << 20};
  struct inos_runtime *runtime = inos_runtime_new (&config, NULL);
  struct hoard hoard = {0}, *p = &hoard;
  miser_ref miser = {INOS_TO (spawn (runtime, &miser_behaviour, &p, sizeof p))};
  const struct thing thing = {&hoard.released};
  struct inos_dead_letter letter;
  uint32_t accepted = 0;

  assert_int_equal (miser_post_gold (runtime, (miser_ref){INOS_TO (0)}, thing), INOS_DEAD);
  assert_int_equal (inos_dead_letters (runtime, &letter, 1), 1);
  while (miser_post_gold (runtime, miser, thing) == INOS_ACCEPTED)
    accepted++;
  assert_int_equal (miser_post_gold (runtime, miser, thing), INOS_NO_MEMORY);
  assert_int_equal (inos_dead_letter_resend (runtime, letter.number, &miser.address),
                    INOS_NO_MEMORY);
  assert_int_equal (hoard.released, 0);
  run (runtime);
  assert_int_equal (hoard.released, accepted);
  assert_int_equal (inos_dead_letter_resend (runtime, letter.number, &miser.address),
                    INOS_ACCEPTED);
  run (runtime);
  assert_int_equal (hoard.released, accepted + 1);
  assert_int_equal (hoard.got, accepted + 1);
  inos_runtime_free (runtime, INOS_SECOND);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_reply_unasked),
    cmocka_unit_test (test_reply_to_the_gone),
    cmocka_unit_test (test_no_memory),
    cmocka_unit_test (test_post_without_memory),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
