/*
 * Mailboxes with a bound: what each policy does when one is full, and what no policy may touch.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/fixture.h"

#include "node/actor/dead_letter.h"

#define CAPACITY 4

struct note {
  uint64_t number;
};

struct pour {
  inos_actor_id into;
  uint64_t from, count;
};

#define BOX(MESSAGE, REQUEST)                                                                      \
  MESSAGE (box, note, struct note, 1)                                                              \
  MESSAGE (box, gone, struct inos_nothing, 1)                                                      \
  REQUEST (box, ask, struct note, struct note, 1)
INOS_PROTOCOL (box, BOX);
INOS_PROTOCOL_DEFINE (box, BOX);

#define JUG(MESSAGE, REQUEST)                                                                      \
  MESSAGE (jug, pour, struct pour, 1)                                                              \
  MESSAGE (jug, ask, struct pour, 1)                                                               \
  MESSAGE (jug, ping, struct inos_nothing, 1)
INOS_PROTOCOL (jug, JUG);
INOS_PROTOCOL_DEFINE (jug, JUG);

/* What the two saw, outside of them. */
struct world {
  uint64_t seen[64], count;
  enum inos_sent sent[64];
  unsigned sends;
  unsigned replied, status[8], pings;
  inos_actor_id box, jug;
};

struct birth {
  struct world *world;
};

struct box {
  struct world *world;
};

struct jug {
  struct world *world;
};

static enum inos_outcome begin (void *state, struct inos_context *context, const void *argument)
{
  *(struct birth *)state = *(const struct birth *)argument;
  return INOS_OK;
}

INOS_HANDLE (box, note, struct box)
{
  assert_true (self->world->count < G_N_ELEMENTS (self->world->seen));
  self->world->seen[self->world->count++] = message->number;
  return INOS_OK;
}

INOS_HANDLE (box, gone, struct box)
{
  return INOS_DONE;
}

INOS_HANDLE (box, ask, struct box)
{
  box_reply_ask (context, (struct note){message->number + 1});
  return INOS_OK;
}

INOS_BEHAVIOUR (box, BOX, struct box, .pre_start = begin);

INOS_HANDLE (jug, pour, struct jug)
{
  for (uint64_t i = 0; i < message->count; i++)
    self->world->sent[self->world->sends++] =
      box_send_note (context, (box_ref){INOS_TO (message->into)}, (struct note){message->from + i});
  return INOS_OK;
}

static enum inos_outcome on_reply (void *state, struct inos_context *context,
                                   enum inos_replied status, const struct note *reply, uint64_t tag)
{
  struct jug *self = state;

  self->world->replied++;
  self->world->status[status]++;
  return INOS_OK;
}

INOS_HANDLE (jug, ask, struct jug)
{
  for (uint64_t i = 0; i < message->count; i++)
    box_request_ask (context, (box_ref){INOS_TO (message->into)}, (struct note){i}, INOS_SECOND,
                     on_reply, i);
  return INOS_OK;
}

INOS_HANDLE (jug, ping, struct jug)
{
  self->world->pings++;
  return INOS_OK;
}

INOS_BEHAVIOUR (jug, JUG, struct jug, .pre_start = begin);

/* A box with a bound and, without one, the jug that fills it. Nothing has run yet. */
static struct inos_runtime *make (uint64_t seed, struct world *world, enum inos_on_full on_full)
{
  struct inos_runtime *runtime = seeded (seed);
  const struct birth birth = {world};
  const struct inos_spawn box = {.behaviour = &box_behaviour,
                                 .argument = &birth,
                                 .argument_size = sizeof birth,
                                 .capacity = CAPACITY,
                                 .on_full = on_full,
                                 .block_timeout_ms = 10};

  *world = (struct world){0};
  world->box = inos_runtime_spawn (runtime, &box);
  world->jug = spawn (runtime, &jug_behaviour, &birth, sizeof birth);
  return runtime;
}

static void post (struct inos_runtime *runtime, const struct world *world, uint64_t number,
                  enum inos_sent expected)
{
  assert_int_equal (box_post_note (runtime, (box_ref){INOS_TO (world->box)}, (struct note){number}),
                    expected);
}

static void pour (struct inos_runtime *runtime, const struct world *world, uint64_t from,
                  uint64_t count)
{
  jug_post_pour (runtime, (jug_ref){INOS_TO (world->jug)}, (struct pour){world->box, from, count});
}

static void assert_seen (const struct world *world, uint64_t from, uint64_t count)
{
  assert_int_equal (world->count, count);
  for (uint64_t i = 0; i < count; i++)
    assert_int_equal (world->seen[i], from + i);
}

static void test_drop_newest (void **state)
{
  struct world world;
  struct inos_runtime *runtime = make (1, &world, INOS_ON_FULL_DROP_NEWEST);
  uint64_t counts[INOS_DEAD_REASONS];

  for (uint64_t i = 0; i < 7; i++)
    post (runtime, &world, i, i < CAPACITY ? INOS_ACCEPTED : INOS_DROPPED);
  run (runtime);
  assert_seen (&world, 0, CAPACITY);
  inos_dead_letters_counted (runtime, counts);
  assert_int_equal (counts[INOS_DEAD_FULL], 3);
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_fail (void **state)
{
  struct world world;
  struct inos_runtime *runtime = make (2, &world, INOS_ON_FULL_FAIL);

  for (uint64_t i = 0; i < 7; i++)
    post (runtime, &world, i, i < CAPACITY ? INOS_ACCEPTED : INOS_FULL);
  run (runtime);
  assert_seen (&world, 0, CAPACITY);
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_drop_oldest (void **state)
{
  struct world world;
  struct inos_runtime *runtime = make (3, &world, INOS_ON_FULL_DROP_OLDEST);
  struct inos_dead_letter letters[8];

  for (uint64_t i = 0; i < 7; i++)
    post (runtime, &world, i, INOS_ACCEPTED);
  assert_int_equal (inos_dead_letters (runtime, letters, 8), 3);
  assert_int_equal (letters[0].reason, INOS_DEAD_OLDEST);
  run (runtime);
  assert_seen (&world, 3, CAPACITY);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* The least urgent goes first, however new it is. */
static void test_drop_least_urgent (void **state)
{
  struct world world;
  struct inos_runtime *runtime = make (4, &world, INOS_ON_FULL_DROP_OLDEST);
  const struct inos_send_options low = {.has_priority = true, .priority = INOS_PRIORITY_LOW};
  const struct note note = {99};

  for (uint64_t i = 0; i < 3; i++)
    post (runtime, &world, i, INOS_ACCEPTED);
  inos_post (runtime, INOS_TO (world.box), &box_note_type, &note, &low);
  post (runtime, &world, 3, INOS_ACCEPTED);
  run (runtime);
  assert_seen (&world, 0, CAPACITY);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* More envelopes that no bound counts than are sorted at once lie before the oldest. */
static void test_oldest_behind_replies (void **state)
{
  enum { REPLIES = 600 };
  struct inos_runtime *runtime = threaded (2);
  struct world world = {0};
  const struct birth birth = {&world};
  struct inos_spawn box = {.behaviour = &jug_behaviour,
                           .argument = &birth,
                           .argument_size = sizeof birth,
                           .capacity = CAPACITY,
                           .on_full = INOS_ON_FULL_DROP_OLDEST};
  inos_actor_id asker = inos_runtime_spawn (runtime, &box);
  inos_actor_id answers = spawn (runtime, &box_behaviour, &birth, sizeof birth);

  const struct pour ask = {answers, 0, REPLIES};
  const struct inos_send_options urgent = {.has_priority = true,
                                           .priority = INOS_PRIORITY_CRITICAL};
  inos_post (runtime, INOS_TO (asker), &jug_ask_type, &ask, &urgent);
  for (unsigned i = 0; i < 3 * REPLIES; i++)
    jug_post_ping (runtime, (jug_ref){INOS_TO (asker)}, INOS_NOTHING);
  settle (runtime);
  assert_int_equal (world.replied, REPLIES); /* no policy drops a reply */
  assert_int_equal (world.status[INOS_REPLIED], REPLIES);
  assert_true (world.pings >= CAPACITY - 1); /* the one that asked had a place too */
  inos_runtime_free (runtime, INOS_SECOND);
}

/* The sender waits, nothing is lost, and the order holds; whoever is no actor is told. */
static void test_block (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct world world;
    struct inos_runtime *runtime = make (seed, &world, INOS_ON_FULL_BLOCK);
    pour (runtime, &world, 0, 20);
    pour (runtime, &world, 20, 20);
    inos_runtime_run (runtime, 5 * INOS_MILLISECOND);
    assert_accounts (runtime);
    assert_seen (&world, 0, 40);
    unsigned parked = 0;
    for (unsigned i = 0; i < 40; i++) {
      assert_true (world.sent[i] == INOS_ACCEPTED || world.sent[i] == INOS_PARKED);
      parked += world.sent[i] == INOS_PARKED;
    }
    assert_true (parked > 0);
    for (uint64_t i = 0; i < CAPACITY; i++)
      post (runtime, &world, 0, INOS_ACCEPTED);
    post (runtime, &world, 0, INOS_FULL);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

/* A mailbox that nobody empties: the sender gives up after its time, and goes on. */
static void test_block_gives_up (void **state)
{
  struct inos_runtime *runtime = seeded (9);
  struct world world = {0};
  const struct birth birth = {&world};
  const struct inos_spawn full = {.behaviour = &jug_behaviour,
                                  .argument = &birth,
                                  .argument_size = sizeof birth,
                                  .capacity = 1,
                                  .on_full = INOS_ON_FULL_BLOCK,
                                  .block_timeout_ms = 10};
  uint64_t counts[INOS_DEAD_REASONS];
  /* Two jugs that pour into each other's full mailbox would wait for each other. */
  inos_actor_id a = inos_runtime_spawn (runtime, &full), b = inos_runtime_spawn (runtime, &full);

  inos_runtime_run (runtime, 1);
  for (unsigned i = 0; i < 4; i++) {
    jug_post_pour (runtime, (jug_ref){INOS_TO (a)}, (struct pour){b, 0, 3});
    jug_post_pour (runtime, (jug_ref){INOS_TO (b)}, (struct pour){a, 0, 3});
  }
  inos_runtime_run (runtime, INOS_SECOND);
  assert_true (inos_runtime_is_quiet (runtime));
  assert_accounts (runtime);
  inos_dead_letters_counted (runtime, counts);
  assert_true (counts[INOS_DEAD_FULL] > 0);
  unsigned refused = 0;
  for (unsigned i = 0; i < world.sends; i++)
    refused += world.sent[i] == INOS_REFUSED;
  assert_true (refused > 0 || counts[INOS_DEAD_UNHANDLED] > 0);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* Who waits for one that goes is told, and goes on. */
static void test_block_on_the_dying (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct world world;
    struct inos_runtime *runtime = make (seed, &world, INOS_ON_FULL_BLOCK);
    box_post_gone (runtime, (box_ref){INOS_TO (world.box)}, INOS_NOTHING);
    pour (runtime, &world, 0, 20);
    jug_post_ping (runtime, (jug_ref){INOS_TO (world.jug)}, INOS_NOTHING);
    inos_runtime_run (runtime, 5 * INOS_MILLISECOND);
    assert_int_equal (world.pings, 1);
    assert_int_equal (world.count, 0);
    assert_accounts (runtime);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

/* Stopped or killed at any moment, with a time to wait of 1000 s: what it did not handle is dead
 * letters, parked or not, whoever asked is answered, and the blocked one goes on at once. */
static void test_block_on_the_stopped (void **state)
{
  unsigned parked = 0;

  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    struct world world = {0};
    const struct birth birth = {&world};
    const struct inos_spawn how = {.behaviour = &box_behaviour,
                                   .argument = &birth,
                                   .argument_size = sizeof birth,
                                   .capacity = 2,
                                   .on_full = INOS_ON_FULL_BLOCK,
                                   .block_timeout_ms = 1000000};
    const enum inos_exit_kind kind = seed % 2 ? INOS_EXIT_KILLED : INOS_EXIT_SHUTDOWN;
    uint64_t counts[INOS_DEAD_REASONS];

    world.box = inos_runtime_spawn (runtime, &how);
    world.jug = spawn (runtime, &jug_behaviour, &birth, sizeof birth);
    pour (runtime, &world, 0, 20);
    jug_post_ask (runtime, (jug_ref){INOS_TO (world.jug)}, (struct pour){world.box, 0, 10});
    jug_post_ping (runtime, (jug_ref){INOS_TO (world.jug)}, INOS_NOTHING);
    inos_runtime_run (runtime, seed * 30);
    inos_runtime_stop_actor (runtime, world.box, (struct inos_exit){kind, 0});
    inos_runtime_run (runtime, INOS_SECOND / 2);
    assert_accounts (runtime);
    assert_int_equal (world.pings, 1);
    assert_int_equal (world.replied, 10);
    assert_int_equal (world.status[INOS_REPLIED] + world.status[INOS_REPLY_DEAD], 10);
    inos_dead_letters_counted (runtime, counts);
    assert_int_equal (counts[INOS_DEAD_GONE], 20 - world.count + world.status[INOS_REPLY_DEAD]);
    assert_int_equal (counts[INOS_DEAD_FULL], 0);
    for (unsigned i = 0; i < world.sends; i++)
      parked += world.sent[i] == INOS_PARKED;
    inos_runtime_free (runtime, INOS_SECOND);
  }
  assert_true (parked > SEEDS);
}

/* Threads: what is sent to one that is full and goes is accounted for, and nobody waits for ever.
 */
static void test_block_on_the_dying_by_threads (void **state)
{
  for (unsigned round = 0; round < 50; round++) {
    struct inos_runtime *runtime = threaded (2);
    struct world world = {0};
    const struct birth birth = {&world};
    const struct inos_spawn how = {.behaviour = &box_behaviour,
                                   .argument = &birth,
                                   .argument_size = sizeof birth,
                                   .capacity = 1,
                                   .on_full = INOS_ON_FULL_BLOCK,
                                   .block_timeout_ms = 1000000};
    inos_actor_id box = inos_runtime_spawn (runtime, &how);
    struct world jugs[4] = {0};

    for (unsigned i = 0; i < G_N_ELEMENTS (jugs); i++) {
      const struct birth other = {&jugs[i]};
      jug_ref jug = {INOS_TO (spawn (runtime, &jug_behaviour, &other, sizeof other))};
      jug_post_pour (runtime, jug, (struct pour){box, 0, 10});
      jug_post_ping (runtime, jug, INOS_NOTHING);
    }
    g_usleep (round * 2);
    inos_runtime_stop_actor (runtime, box, (struct inos_exit){INOS_EXIT_KILLED, 0});
    settle (runtime);
    for (unsigned i = 0; i < G_N_ELEMENTS (jugs); i++)
      assert_int_equal (jugs[i].pings, 1);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

static void test_expires (void **state)
{
  struct world world;
  struct inos_runtime *runtime = make (11, &world, INOS_ON_FULL_FAIL);
  const struct inos_send_options soon = {.ttl_ms = 1};
  const struct note note = {1};
  struct inos_totals totals;

  inos_runtime_run (runtime, 1);
  inos_post (runtime, INOS_TO (world.box), &box_note_type, &note, &soon);
  inos_runtime_run (runtime, 2 * INOS_MILLISECOND);
  assert_int_equal (world.count, 1);   /* in time */
  for (unsigned i = 0; i < 20000; i++) /* 2 ms of the virtual clock */
    jug_post_ping (runtime, (jug_ref){INOS_TO (world.jug)}, INOS_NOTHING);
  for (unsigned i = 0; i < CAPACITY; i++)
    inos_post (runtime, INOS_TO (world.box), &box_note_type, &note, &soon);
  run (runtime);
  inos_runtime_totals (runtime, &totals);
  assert_int_equal (world.count + totals.expired, 1 + CAPACITY);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* However many urgent messages come, one that can wait is handled among them. */
static void test_low_is_not_starved (void **state)
{
  struct inos_runtime *runtime = seeded (12);
  struct world world = {0};
  const struct birth birth = {&world};
  inos_actor_id id = spawn (runtime, &box_behaviour, &birth, sizeof birth);
  struct inos_send_options urgent = {.has_priority = true, .priority = INOS_PRIORITY_CRITICAL};
  const struct inos_send_options low = {.has_priority = true, .priority = INOS_PRIORITY_LOW};
  struct note note = {1};
  uint64_t at = 0;

  inos_post (runtime, INOS_TO (id), &box_note_type, &note, &low);
  note.number = 0;
  for (unsigned i = 0; i < 63; i++)
    inos_post (runtime, INOS_TO (id), &box_note_type, &note, &urgent);
  run (runtime);
  assert_int_equal (world.count, 64);
  while (!world.seen[at])
    at++;
  assert_true (at > 0 && at < 40);
  inos_runtime_free (runtime, INOS_SECOND);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_drop_newest),
    cmocka_unit_test (test_fail),
    cmocka_unit_test (test_drop_oldest),
    cmocka_unit_test (test_drop_least_urgent),
    cmocka_unit_test (test_oldest_behind_replies),
    cmocka_unit_test (test_block),
    cmocka_unit_test (test_block_gives_up),
    cmocka_unit_test (test_block_on_the_dying),
    cmocka_unit_test (test_block_on_the_stopped),
    cmocka_unit_test (test_block_on_the_dying_by_threads),
    cmocka_unit_test (test_expires),
    cmocka_unit_test (test_low_is_not_starved),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
