/*
 * Hand-overs: who rotates stays what it was, and the old key is worth nothing to who knows of it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "tests/node/mesh/trust/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define MEMBER INOS_STANDING_MEMBER
#define LEFT INOS_STANDING_LEFT
#define REVOKED INOS_STANDING_REVOKED
#define REPLACED INOS_STANDING_REPLACED
#define STRANGER INOS_STANDING_STRANGER

/* 0 has founded a mesh; 1 is in by its word, 2 by 1's. */
static struct fixture *three (uint64_t seed)
{
  struct fixture *f = fixture_new (seed);

  inos_roll_found (f->peers[0].roll, "the first", NULL);
  assert_true (fixture_admit (f, 0, 1, 1));
  assert_true (fixture_admit (f, 1, 2, 1));
  assert_true (fixture_tell (f, 2, 0));
  return f;
}

static const struct inos_roll_entry *entry (struct fixture *f, unsigned by, unsigned peer)
{
  return inos_roll_find (f->peers[by].roll, &f->peers[peer].id);
}

static unsigned latest (struct fixture *f, unsigned by, unsigned peer)
{
  return fixture_number (f, inos_roll_latest (f->peers[by].roll, &f->peers[peer].id));
}

static void test_stays_what_it_was (void **state)
{
  struct fixture *f = three (1);

  assert_true (fixture_rotate (f, 1, 3));
  assert_true (fixture_tell (f, 3, 0));
  assert_int_equal (fixture_seen (f, 0, 1), REPLACED);
  assert_int_equal (fixture_seen (f, 0, 3), MEMBER);
  assert_int_equal (fixture_seen (f, 0, 2), MEMBER); /* whom it let in */
  assert_int_equal (entry (f, 0, 3)->rank, 1);
  assert_string_equal (entry (f, 0, 3)->name, "machine 1");
  assert_int_equal (latest (f, 0, 1), 3);
  assert_int_equal (latest (f, 0, 2), 2);
  assert_int_equal (inos_roll_members (f->peers[0].roll), 3);
  assert_int_equal (inos_roll_era (f->peers[0].roll, &f->peers[1].id), 0);
  assert_true (fixture_tell (f, 0, 2));
  assert_true (fixture_same (f, 0, 2));
  assert_true (fixture_same (f, 0, 3));
  assert_true (fixture_admit (f, 3, 4, 1)); /* it may what it might */
  assert_true (inos_roll_revoke (f->peers[3].roll, &f->peers[2].id, NULL));
  fixture_free (f);
}

/* Whoever hears of it late has old statements of the old key, and gives them to nobody. */
static void test_in_any_order (void **state)
{
  struct fixture *f = three (2);
  struct inos_buffer said = {0};

  assert_true (fixture_say_rotation (f, 1, 3, &said));
  assert_true (fixture_take (f, 2, &said));
  assert_true (fixture_tell (f, 0, 2)); /* which does not know yet */
  assert_true (fixture_take (f, 0, &said));
  assert_true (fixture_take (f, 0, &said));
  assert_true (fixture_same (f, 0, 2));
  assert_int_equal (fixture_seen (f, 2, 3), MEMBER);
  assert_int_equal (fixture_seen (f, 2, 2), MEMBER);
  assert_true (fixture_tell (f, 2, 5)); /* one who knew nothing */
  assert_true (fixture_same (f, 2, 5));
  inos_buffer_clear (&said);
  fixture_free (f);
}

static void test_founder (void **state)
{
  struct fixture *f = three (3);

  assert_true (fixture_rotate (f, 0, 3));
  assert_true (fixture_tell (f, 3, 1));
  assert_int_equal (fixture_seen (f, 1, 0), REPLACED);
  assert_int_equal (entry (f, 1, 3)->rank, 0);
  assert_int_equal (entry (f, 1, 1)->rank, 1);
  assert_int_equal (fixture_seen (f, 1, 2), MEMBER);
  assert_true (inos_roll_revoke (f->peers[3].roll, &f->peers[1].id, NULL));
  assert_false (inos_roll_revoke (f->peers[1].roll, &f->peers[3].id, NULL));
  fixture_free (f);
}

static void test_chain (void **state)
{
  struct fixture *f = three (4);

  assert_true (fixture_rotate (f, 1, 3));
  assert_true (fixture_rotate (f, 3, 4));
  assert_true (fixture_rotate (f, 4, 5));
  assert_true (fixture_tell (f, 5, 0));
  assert_int_equal (latest (f, 0, 1), 5);
  assert_int_equal (latest (f, 0, 4), 5);
  assert_int_equal (entry (f, 0, 5)->rotations, 3);
  assert_int_equal (fixture_seen (f, 0, 5), MEMBER);
  assert_int_equal (fixture_seen (f, 0, 3), REPLACED);
  assert_int_equal (fixture_seen (f, 0, 2), MEMBER);
  assert_true (fixture_tell (f, 5, 4));
  assert_false (fixture_say_rotation (f, 5, 1, &(struct inos_buffer){0})); /* back to an old one */
  assert_false (fixture_say_rotation (f, 4, 6, &(struct inos_buffer){0})); /* with an old one */
  assert_false (fixture_say_rotation (f, 5, 2, &(struct inos_buffer){0})); /* to a member */
  fixture_free (f);
}

/* The old key signs whatever it likes: nobody who knows takes it. */
static void test_thief (void **state)
{
  struct fixture *f = three (5);

  assert_true (fixture_rotate (f, 1, 3));
  assert_true (fixture_tell (f, 3, 0));
  assert_true (fixture_admit (f, 1, 4, 1)); /* the thief lets a friend in */
  assert_true (inos_roll_revoke (f->peers[1].roll, &f->peers[2].id, NULL));
  assert_true (inos_roll_leave (f->peers[1].roll, NULL));
  assert_true (fixture_tell (f, 1, 0));
  assert_int_equal (fixture_seen (f, 0, 4), STRANGER);
  assert_int_equal (fixture_seen (f, 0, 2), MEMBER);
  assert_int_equal (fixture_seen (f, 0, 3), MEMBER);
  assert_true (fixture_tell (f, 0, 4)); /* who had believed it hears */
  assert_int_equal (fixture_seen (f, 4, 1), REPLACED);
  assert_int_equal (fixture_seen (f, 4, 4), STRANGER);
  fixture_free (f);
}

/* The first one counts, and it is told once that there is another. */
static void test_two_hand_overs (void **state)
{
  struct fixture *f = three (6);
  struct inos_buffer one = {0}, other = {0};

  assert_true (fixture_say_rotation (f, 1, 3, &one));
  assert_true (fixture_say_rotation (f, 1, 4, &other));
  assert_true (fixture_take (f, 0, &one));
  g_string_truncate (f->peers[0].told, 0);
  assert_true (fixture_take (f, 0, &other));
  assert_true (fixture_take (f, 0, &other));
  assert_string_equal (f->peers[0].told->str, "1:3,4 ");
  assert_int_equal (latest (f, 0, 1), 3);
  assert_int_equal (fixture_seen (f, 0, 4), STRANGER);
  assert_true (fixture_take (f, 2, &other)); /* one who had heard the other first stays with that */
  assert_true (fixture_tell (f, 0, 2));
  assert_int_equal (latest (f, 2, 1), 4);
  assert_non_null (strstr (f->peers[2].told->str, "1:4,3 "));
  assert_false (fixture_same (f, 0, 2)); /* so that they go on telling each other */
  assert_true (fixture_admit (f, 2, 5, 1));
  inos_buffer_clear (&one);
  inos_buffer_clear (&other);
  fixture_free (f);
}

/* Nobody escapes by it, and who is revoked under a new id is so under the old ones. */
static void test_revoked (void **state)
{
  struct fixture *f = three (7);
  struct inos_buffer said = {0};

  assert_true (fixture_say_rotation (f, 1, 3, &said));
  assert_true (inos_roll_revoke (f->peers[0].roll, &f->peers[1].id, NULL));
  assert_true (fixture_take (f, 0, &said));
  assert_int_equal (fixture_seen (f, 0, 1), REVOKED);
  assert_int_equal (fixture_seen (f, 0, 3), REVOKED);
  assert_int_equal (fixture_seen (f, 0, 2), MEMBER); /* by the founder's word */
  inos_buffer_clear (&said);
  fixture_free (f);

  f = three (8);
  assert_true (fixture_rotate (f, 1, 3));
  assert_true (fixture_tell (f, 3, 0));
  assert_false (inos_roll_may_revoke (f->peers[0].roll, &f->peers[1].id));
  assert_true (inos_roll_revoke (f->peers[0].roll, &f->peers[3].id, NULL));
  assert_int_equal (fixture_seen (f, 0, 3), REVOKED);
  assert_int_equal (fixture_seen (f, 0, 1), REVOKED);
  assert_true (fixture_say_rotation (f, 1, 4, &said)); /* with the old key, where nobody knows */
  assert_true (fixture_take (f, 2, &said));
  assert_int_equal (fixture_seen (f, 2, 4), MEMBER);
  assert_true (fixture_tell (f, 0, 2));
  assert_int_equal (fixture_seen (f, 2, 4), REVOKED);
  assert_int_equal (fixture_seen (f, 2, 2), MEMBER);
  inos_buffer_clear (&said);
  fixture_free (f);
}

/* Those whom a rotated one had let in stay when it is revoked, also those that have rotated. */
static void test_adopts (void **state)
{
  struct fixture *f = three (9);

  assert_true (fixture_rotate (f, 2, 4));
  assert_true (fixture_tell (f, 4, 0));
  assert_true (inos_roll_revoke (f->peers[0].roll, &f->peers[1].id, NULL));
  assert_int_equal (fixture_seen (f, 0, 4), MEMBER);
  assert_int_equal (entry (f, 0, 4)->rank, 1);
  fixture_free (f);
}

static void test_who_left (void **state)
{
  struct fixture *f = three (10);
  struct inos_buffer said = {0};

  assert_true (fixture_say_rotation (f, 1, 3, &said));
  assert_true (inos_roll_leave (f->peers[1].roll, NULL));
  assert_true (fixture_tell (f, 1, 0));
  assert_true (fixture_take (f, 0, &said));
  assert_int_equal (fixture_seen (f, 0, 3), LEFT); /* not back by it */
  inos_buffer_clear (&said);
  assert_false (fixture_say_rotation (f, 1, 4, &said));
  fixture_free (f);

  f = three (11);
  assert_true (fixture_rotate (f, 1, 3));
  assert_true (inos_roll_leave (f->peers[3].roll, NULL));
  assert_true (fixture_tell (f, 3, 0));
  assert_int_equal (fixture_seen (f, 0, 3), LEFT);
  assert_int_equal (inos_roll_era (f->peers[0].roll, &f->peers[3].id), 2);
  assert_true (fixture_admit (f, 0, 3, 2));
  assert_int_equal (fixture_seen (f, 3, 3), MEMBER);
  fixture_free (f);
}

/* Each bit of it counts, and both signatures. */
static void test_forged (void **state)
{
  struct fixture *f = three (12);
  struct inos_buffer said = {0};

  assert_true (fixture_say_rotation (f, 2, 3, &said)); /* it has said nothing else: one statement */
  for (size_t i = 0; i < inos_buffer_len (&said); i++) {
    g_autofree uint8_t *bytes = g_memdup2 (inos_buffer_data (&said), inos_buffer_len (&said));
    struct inos_roll_message_result result;
    bytes[i] ^= 1;
    inos_roll_message_take (f->peers[0].roll, bytes, inos_buffer_len (&said), NULL, &result);
    assert_int_equal (result.taken, 0);
  }
  inos_roll_settle (f->peers[0].roll);
  assert_int_equal (fixture_seen (f, 0, 2), MEMBER);
  inos_buffer_clear (&said);
  assert_true (inos_roll_rotate (f->peers[2].roll, &f->peers[3].id, &f->peers[4].trust, &said));
  assert_false (fixture_take (f, 0, &said)); /* signed by another than who is to take over */
  inos_buffer_clear (&said);
  fixture_free (f);
}

/* What a stranger shows is enough for one who knows nothing of it. */
static void test_proof (void **state)
{
  struct fixture *f = three (13);
  struct inos_buffer proof = {0}, news = {0};

  assert_true (fixture_rotate (f, 0, 3));
  assert_true (fixture_rotate (f, 1, 4));
  assert_true (fixture_tell (f, 3, 4));
  assert_true (fixture_rotate (f, 4, 5));
  assert_true (inos_roll_prove (f->peers[5].roll, &f->peers[5].id, &proof));
  assert_true (inos_roll_message_prove (f->peers[2].roll, inos_buffer_data (&proof),
                                        inos_buffer_len (&proof), &news));
  assert_int_equal (fixture_seen (f, 2, 5), MEMBER);
  inos_buffer_clear (&proof);
  assert_true (inos_roll_prove (f->peers[5].roll, &f->peers[1].id, &proof));
  assert_true (inos_roll_message_prove (f->peers[1].roll, inos_buffer_data (&proof),
                                        inos_buffer_len (&proof), &news));
  assert_int_equal (fixture_seen (f, 1, 1), REPLACED); /* a backup of it hears that it is */
  inos_buffer_clear (&proof);
  inos_buffer_clear (&news);
  fixture_free (f);
}

/* The peer gets a key that nobody else has: @n'th of its own; whether it could. */
static bool rotate_to_new (struct fixture *f, unsigned number, unsigned n)
{
  uint8_t seed[INOS_SEED_SIZE] = {(uint8_t)n, 1};
  struct inos_identity *identity = inos_identity_from_seed (seed);
  struct peer *peer = &f->peers[number];
  struct peer next = {.identity = identity, .fixture = f};
  const struct inos_statement_trust signer = {&next, fixture_sign, fixture_verify};
  struct inos_buffer said = {0};
  struct inos_roll_message_result result;

  next.id = inos_peer_id_of_key (inos_identity_key (identity));
  inos_roll_write (peer->roll, &said);
  bool can = inos_roll_rotate (peer->roll, &next.id, &signer, &said);
  if (can) {
    struct inos_identity *before = peer->identity;
    inos_roll_free (peer->roll);
    peer->identity = identity;
    peer->id = next.id;
    peer->roll = fixture_roll (peer);
    inos_roll_message_take (peer->roll, inos_buffer_data (&said), inos_buffer_len (&said), NULL,
                            &result);
    inos_roll_settle (peer->roll);
    identity = before;
  }
  inos_identity_free (identity);
  inos_buffer_clear (&said);
  return can;
}

/* There is an end to it, before anybody would be too far from the founder. */
static void test_bound (void **state)
{
  struct fixture *f = fixture_new (14);
  struct inos_buffer proof = {0};
  unsigned n = 0;

  inos_roll_found (f->peers[0].roll, "the first", NULL);
  assert_true (fixture_admit (f, 0, 1, 1));
  while (n < INOS_ROLL_PATH_MAX && rotate_to_new (f, 0, n + 1)) {
    n++;
    assert_int_equal (fixture_seen (f, 0, 0), MEMBER);
    assert_int_equal (fixture_seen (f, 0, 1), MEMBER);
  }
  assert_int_equal (n, INOS_ROLL_PATH_MAX - 1); /* and the one statement of the other's */
  assert_true (inos_roll_prove (f->peers[0].roll, &f->peers[1].id, &proof));
  assert_in_range (inos_buffer_len (&proof), 1, INOS_ROLL_PROOF_MAX);
  inos_buffer_clear (&proof);
  fixture_free (f);
}

/* Whose way is long stands in nobody's but those whose way leads through it. */
static void test_bound_of_others (void **state)
{
  struct fixture *f = fixture_new (15);
  unsigned n = 0;

  inos_roll_found (f->peers[0].roll, "the first", NULL);
  assert_true (fixture_admit (f, 0, 1, 1));
  assert_true (fixture_admit (f, 0, 2, 1));
  assert_true (fixture_tell (f, 0, 1));
  while (n < INOS_ROLL_PATH_MAX && rotate_to_new (f, 1, n + 1))
    n++;
  assert_int_equal (n, INOS_ROLL_PATH_MAX - 1);
  assert_true (fixture_tell (f, 1, 0));
  assert_true (fixture_tell (f, 1, 2));
  assert_int_equal (fixture_seen (f, 2, 1), MEMBER);
  assert_true (rotate_to_new (f, 2, 100));
  assert_false (rotate_to_new (f, 0, 101)); /* that one's way begins there */
  fixture_free (f);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_stays_what_it_was),
    cmocka_unit_test (test_in_any_order),
    cmocka_unit_test (test_founder),
    cmocka_unit_test (test_chain),
    cmocka_unit_test (test_thief),
    cmocka_unit_test (test_two_hand_overs),
    cmocka_unit_test (test_revoked),
    cmocka_unit_test (test_adopts),
    cmocka_unit_test (test_who_left),
    cmocka_unit_test (test_forged),
    cmocka_unit_test (test_proof),
    cmocka_unit_test (test_bound),
    cmocka_unit_test (test_bound_of_others),
  };

  return cmocka_run_group_tests_name ("rotate", tests, NULL, NULL);
}
