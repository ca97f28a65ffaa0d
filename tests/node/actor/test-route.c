/*
 * Services: who gets a message, with and without a key, while providers come and go.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/fixture.h"

#include "node/actor/dead_letter.h"
#include "node/actor/members.h"
#include "node/actor/route.h"

#include <stdatomic.h>

#ifdef __SANITIZE_THREAD__ /* which makes them twenty times as slow */
#define KEYS 5000
#else
#define KEYS 100000
#endif

/* A provider, which counts. */

struct number {
  uint64_t number;
};

#define CLERK(MESSAGE, REQUEST)                                                                    \
  MESSAGE (clerk, file, struct number, 1)                                                          \
  MESSAGE (clerk, begin, struct inos_nothing, 1)                                                   \
  MESSAGE (clerk, cease, struct inos_nothing, 1)                                                   \
  MESSAGE (clerk, leave, struct inos_nothing, 1)                                                   \
  REQUEST (clerk, who, struct inos_nothing, struct number, 1)
INOS_PROTOCOL (clerk, CLERK);
INOS_PROTOCOL_DEFINE (clerk, CLERK);

struct tally {
  _Atomic uint64_t filed;
};

struct clerk {
  struct tally *tally;
};

static enum inos_outcome clerk_pre_start (void *state, struct inos_context *context,
                                          const void *argument)
{
  struct clerk *self = state;

  self->tally = *(struct tally *const *)argument;
  return INOS_OK;
}

INOS_HANDLE (clerk, file, struct clerk)
{
  atomic_fetch_add (&self->tally->filed, 1);
  return INOS_OK;
}

INOS_HANDLE (clerk, begin, struct clerk)
{
  assert_true (inos_provide (context, "filing"));
  assert_true (inos_provide (context, "filing")); /* twice is once */
  return INOS_OK;
}

INOS_HANDLE (clerk, cease, struct clerk)
{
  inos_withdraw (context, "filing");
  return INOS_OK;
}

INOS_HANDLE (clerk, leave, struct clerk)
{
  return INOS_DONE;
}

INOS_HANDLE (clerk, who, struct clerk)
{
  clerk_reply_who (context, (struct number){inos_self (context)});
  return INOS_OK;
}

INOS_BEHAVIOUR (clerk, CLERK, struct clerk, .pre_start = clerk_pre_start);

static inos_actor_id clerk (struct inos_runtime *runtime, struct tally *tally, const char *service)
{
  const struct inos_spawn how = {.behaviour = &clerk_behaviour,
                                 .argument = &tally,
                                 .argument_size = sizeof tally,
                                 .service = service};
  inos_actor_id id = inos_runtime_spawn (runtime, &how);

  assert_true (id != 0);
  return id;
}

#define TO(id) ((clerk_ref){INOS_TO (id)})

static void test_in_turn (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    struct tally tally[3] = {0};
    inos_actor_id id[3];
    clerk_ref filing = {inos_address_of_service (runtime, "filing", 0)};
    assert_int_equal (clerk_post_file (runtime, filing, (struct number){1}), INOS_DEAD);
    for (unsigned i = 0; i < 3; i++)
      id[i] = clerk (runtime, &tally[i], "filing");
    for (unsigned i = 0; i < 30; i++)
      assert_int_equal (clerk_post_file (runtime, filing, (struct number){1}), INOS_ACCEPTED);
    run (runtime);
    for (unsigned i = 0; i < 3; i++)
      assert_int_equal (tally[i].filed, 10);
    clerk_post_leave (runtime, TO (id[seed % 3]), INOS_NOTHING);
    run (runtime);
    assert_int_equal (inos_service_providers (runtime, "filing", id, 3), 2);
    for (unsigned i = 0; i < 30; i++)
      assert_int_equal (clerk_post_file (runtime, filing, (struct number){1}), INOS_ACCEPTED);
    run (runtime);
    assert_int_equal (tally[0].filed + tally[1].filed + tally[2].filed, 60);
    assert_int_equal (tally[seed % 3].filed, 10);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

static void test_by_call (void **state)
{
  struct inos_runtime *runtime = seeded (1);
  struct tally tally = {0};
  clerk_ref filing = {inos_address_of_service (runtime, "filing", 0)};
  inos_actor_id id = clerk (runtime, &tally, NULL);

  clerk_post_begin (runtime, TO (id), INOS_NOTHING);
  run (runtime);
  assert_int_equal (clerk_post_file (runtime, filing, (struct number){1}), INOS_ACCEPTED);
  clerk_post_cease (runtime, TO (id), INOS_NOTHING);
  run (runtime);
  assert_int_equal (tally.filed, 1);
  assert_int_equal (clerk_post_file (runtime, filing, (struct number){1}), INOS_DEAD);
  clerk_post_begin (runtime, TO (id), INOS_NOTHING);
  run (runtime);
  inos_runtime_stop_actor (runtime, id, (struct inos_exit){INOS_EXIT_KILLED, 0});
  run (runtime);
  assert_int_equal (inos_service_providers (runtime, "filing", NULL, 0), 0); /* left by itself */
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_too_many (void **state)
{
  struct inos_runtime *runtime = seeded (2);
  struct tally tally = {0}, *p = &tally;
  const struct inos_spawn how = {.behaviour = &clerk_behaviour,
                                 .argument = &p,
                                 .argument_size = sizeof p,
                                 .name = "one too many",
                                 .service = "filing"};

  for (unsigned i = 0; i < INOS_MEMBERS_MAX; i++)
    clerk (runtime, &tally, "filing");
  assert_true (inos_runtime_spawn (runtime, &how) == 0);
  assert_true (inos_lookup (runtime, "one too many") == 0);
  run (runtime);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* The same key reaches the same provider, by the address or by the message. */
static void test_keys (void **state)
{
  struct inos_runtime *runtime = seeded (3);
  struct tally tally[8] = {0};

  for (unsigned i = 0; i < 8; i++)
    clerk (runtime, &tally[i], "filing");
  for (unsigned k = 0; k < 100; k++) {
    const struct inos_send_options options = {.key = inos_key (&k, sizeof k)};
    struct inos_address any = inos_address_of_service (runtime, "filing", 0);
    clerk_ref by_key = {inos_address_of_service (runtime, "filing", options.key)};
    const struct number one = {1};
    uint64_t before[8];
    for (unsigned i = 0; i < 8; i++)
      before[i] = tally[i].filed;
    for (unsigned i = 0; i < 5; i++) {
      inos_post (runtime, any, &clerk_file_type, &one, &options);
      clerk_post_file (runtime, by_key, one);
    }
    run (runtime);
    unsigned changed = 0;
    for (unsigned i = 0; i < 8; i++)
      changed += tally[i].filed != before[i];
    assert_int_equal (changed, 1);
  }
  inos_runtime_free (runtime, INOS_SECOND);
}

/* The table itself */

static uint32_t draw (uint64_t *random)
{
  *random = *random * 6364136223846793005ull + 1442695040888963407ull;
  return (uint32_t)(*random >> 33);
}

static void look (const struct inos_roster *members, uint32_t first, inos_actor_id *of)
{
  for (uint32_t i = 0; i < KEYS; i++) {
    uint32_t number = first + i;
    of[i] = inos_roster_of_key (members, inos_key (&number, sizeof number));
  }
}

/* All have the same number of slots, to within one. */
static void assert_even (const struct inos_roster *members)
{
  uint32_t count = inos_roster_count (members), have[INOS_MEMBERS_MAX] = {0};

  for (uint32_t slot = 0; slot < INOS_KEY_SLOTS; slot++)
    have[members->slot[slot]]++;
  for (uint32_t i = 0; i < count; i++)
    assert_in_range (have[i], INOS_KEY_SLOTS / count, INOS_KEY_SLOTS / count + 1);
  for (uint32_t i = count; i < INOS_MEMBERS_MAX; i++)
    assert_int_equal (have[i], i == 0 && count == 0 ? INOS_KEY_SLOTS : 0);
}

/* What moved of the keys when one of @n came or went: their n-th part, but for one slot and for
 * what a sample of so many keys may be off by (four standard deviations). */
static void assert_few_moved (uint32_t moved, uint32_t n)
{
  double share = 1.0 / n + 1.0 / INOS_KEY_SLOTS;
  double over = moved - KEYS * share;

  assert_true (over <= 0 || over * over <= 16 * KEYS * share * (1 - share));
}

static void look_again (const struct inos_roster *members, bool grow, inos_actor_id who,
                        uint32_t first, const inos_actor_id *before)
{
  static inos_actor_id after[KEYS];
  uint32_t moved = 0, count = inos_roster_count (members);

  look (members, first, after);
  for (uint32_t i = 0; i < KEYS; i++)
    if (before[i] != after[i]) {
      moved++;
      assert_true (who == (grow ? after[i] : before[i])); /* to who came, or from who went */
    }
  assert_few_moved (moved, grow ? count : count + 1);
  assert_even (members);
}

static void change (struct inos_roster *members, bool grow, inos_actor_id *last, uint64_t *random)
{
  static inos_actor_id before[KEYS];
  uint32_t first = draw (random);
  inos_actor_id who;

  look (members, first, before);
  if (grow) {
    who = ++*last;
    assert_true (inos_roster_add (members, who));
  } else {
    uint32_t place = draw (random) % inos_roster_count (members);
    who = inos_roster_at (members, place);
    inos_roster_remove (members, place);
    assert_true (inos_roster_find (members, who) == INOS_MEMBERS_MAX);
  }
  look_again (members, grow, who, first, before);
}

static void test_few_keys_move (void **state)
{
  static struct inos_roster members;
  inos_actor_id last = 0;
  uint64_t random = 1;

  while (inos_roster_count (&members) < INOS_MEMBERS_MAX)
    change (&members, true, &last, &random);
  assert_false (inos_roster_add (&members, ++last));
  for (unsigned i = 0; i < 300; i++) {
    uint32_t count = inos_roster_count (&members);
    change (&members, count < 2 || (count < INOS_MEMBERS_MAX && draw (&random) % 3 == 0), &last,
            &random);
  }
  while (inos_roster_count (&members) > 0)
    change (&members, false, &last, &random);
}

/* Threads: providers come and go while others send. */

#define ROUNDS 200

static gpointer send_on (gpointer data)
{
  struct inos_runtime *runtime = data;

  for (uint32_t i = 0; i < 20000; i++) {
    uint32_t key = i % 3 ? inos_key (&i, sizeof i) : 0;
    clerk_ref filing = {inos_address_of_service (runtime, "filing", key)};
    clerk_post_file (runtime, filing, (struct number){1});
  }
  return NULL;
}

static void test_threads (void **state)
{
  struct inos_runtime *runtime = threaded (2);
  static struct tally tally;
  inos_actor_id id[8];
  uint64_t counts[INOS_DEAD_REASONS];

  for (unsigned i = 0; i < 8; i++)
    id[i] = clerk (runtime, &tally, "filing");
  GThread *a = g_thread_new ("a", send_on, runtime), *b = g_thread_new ("b", send_on, runtime);
  for (unsigned i = 0; i < ROUNDS; i++) {
    clerk_post_leave (runtime, TO (id[i % 8]), INOS_NOTHING);
    id[i % 8] = clerk (runtime, &tally, "filing");
  }
  g_thread_join (a);
  g_thread_join (b);
  settle (runtime);
  inos_dead_letters_counted (runtime, counts);
  /* What was in the mailbox of one that left is lost, and nothing else. */
  assert_int_equal (tally.filed + counts[INOS_DEAD_GONE], 40000);
  assert_int_equal (inos_service_providers (runtime, "filing", NULL, 0), 8);
  inos_runtime_free (runtime, INOS_SECOND);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_in_turn),       cmocka_unit_test (test_by_call),
    cmocka_unit_test (test_too_many),      cmocka_unit_test (test_keys),
    cmocka_unit_test (test_few_keys_move), cmocka_unit_test (test_threads),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
