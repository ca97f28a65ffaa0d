/*
 * The founder's seat: whoever has it has the first word, and it can be passed on and come back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/proto.h"
#include "tests/node/mesh/trust/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define MEMBER INOS_STANDING_MEMBER
#define LEFT INOS_STANDING_LEFT
#define REVOKED INOS_STANDING_REVOKED
#define REPLACED INOS_STANDING_REPLACED
#define STRANGER INOS_STANDING_STRANGER

/* 0 has founded a mesh; 1 and 2 are in by its word, 3 by 1's. */
static struct fixture *four (uint64_t seed)
{
  struct fixture *f = fixture_new (seed);

  inos_roll_found (f->peers[0].roll, "the first", NULL);
  assert_true (fixture_admit (f, 0, 1, 1));
  assert_true (fixture_admit (f, 0, 2, 1));
  assert_true (fixture_admit (f, 1, 3, 1));
  assert_true (fixture_tell (f, 3, 0));
  for (unsigned i = 1; i < 4; i++)
    assert_true (fixture_tell (f, 0, i));
  return f;
}

static bool pass (struct fixture *f, unsigned from, unsigned to, struct inos_buffer *said)
{
  return inos_roll_pass (f->peers[from].roll, &f->peers[to].id, said);
}

/* @from passes it on to @to, who hears of it. */
static bool give (struct fixture *f, unsigned from, unsigned to)
{
  return pass (f, from, to, NULL) && fixture_tell (f, from, to);
}

static bool put_out (struct fixture *f, unsigned by, unsigned peer)
{
  return inos_roll_revoke (f->peers[by].roll, &f->peers[peer].id, NULL);
}

static unsigned rank (struct fixture *f, unsigned by, unsigned peer)
{
  return inos_roll_find (f->peers[by].roll, &f->peers[peer].id)->rank;
}

static unsigned holder (struct fixture *f, unsigned by)
{
  struct inos_peer_id id;

  inos_roll_seat (f->peers[by].roll, &id);
  return fixture_number (f, &id);
}

/* Whoever knew nothing has the same by what is written, and by the proof of each. */
static void check (struct fixture *f, unsigned by)
{
  struct inos_roll *other = fixture_roll (&f->peers[7]);
  struct inos_roll_message_result result;
  struct inos_buffer all = {0};
  uint8_t a[32], b[32];

  inos_roll_write (f->peers[by].roll, &all);
  assert_true (
    inos_roll_message_take (other, inos_buffer_data (&all), inos_buffer_len (&all), NULL, &result));
  inos_roll_settle (other);
  inos_roll_digest (f->peers[by].roll, a);
  inos_roll_digest (other, b);
  assert_memory_equal (a, b, sizeof a);
  inos_roll_free (other);
  for (unsigned i = 0; i < PEERS; i++) {
    struct inos_buffer proof = {0};
    if (!inos_roll_prove (f->peers[by].roll, &f->peers[i].id, &proof))
      continue;
    other = fixture_roll (&f->peers[7]);
    /* FOUND is the first; the rest has to follow from it */
    struct inos_proto reader =
      inos_proto_begin (inos_buffer_data (&proof), inos_buffer_len (&proof));
    struct inos_proto_field field;
    assert_true (inos_proto_next (&reader, &field));
    assert_int_equal (inos_roll_take (other, field.bytes, field.len), INOS_ROLL_NEW);
    inos_roll_settle (other);
    assert_true (
      inos_roll_message_prove (other, inos_buffer_data (&proof), inos_buffer_len (&proof), NULL));
    assert_int_equal (inos_roll_standing (other, &f->peers[i].id), fixture_seen (f, by, i));
    inos_roll_free (other);
    inos_buffer_clear (&proof);
  }
  inos_buffer_clear (&all);
}

static void test_passed (void **state)
{
  struct fixture *f = four (1);

  assert_false (pass (f, 1, 2, NULL)); /* which has it not */
  assert_false (pass (f, 0, 0, NULL));
  assert_false (pass (f, 0, 5, NULL)); /* a stranger */
  assert_true (give (f, 0, 1));
  assert_false (pass (f, 0, 2, NULL)); /* not any more */
  for (unsigned i = 0; i < 2; i++) {
    assert_int_equal (holder (f, i), 1);
    assert_int_equal (rank (f, i, 1), 0);
    assert_int_equal (rank (f, i, 0), 1);
    assert_int_equal (rank (f, i, 2), 2);
    assert_int_equal (rank (f, i, 3), 1);
    assert_int_equal (inos_roll_members (f->peers[i].roll), 4);
    check (f, i);
  }
  assert_false (inos_roll_may_revoke (f->peers[0].roll, &f->peers[1].id));
  assert_false (inos_roll_may_revoke (f->peers[0].roll, &f->peers[3].id));
  assert_true (inos_roll_may_revoke (f->peers[1].roll, &f->peers[0].id));
  assert_true (fixture_admit (f, 1, 4, 1));
  assert_true (fixture_admit (f, 0, 5, 1));
  fixture_free (f);
}

static void test_there_and_back (void **state)
{
  struct fixture *f = four (2);

  assert_true (give (f, 0, 1));
  assert_true (give (f, 1, 2));
  assert_true (give (f, 2, 0));
  assert_int_equal (holder (f, 0), 0);
  assert_true (give (f, 0, 1));
  assert_true (give (f, 1, 0));
  assert_int_equal (rank (f, 0, 0), 0);
  assert_int_equal (rank (f, 0, 1), 1);
  assert_int_equal (rank (f, 0, 2), 1);
  assert_int_equal (rank (f, 0, 3), 2);
  assert_int_equal (inos_roll_members (f->peers[0].roll), 4);
  check (f, 0);
  assert_true (fixture_tell (f, 0, 3));
  assert_true (fixture_same (f, 0, 3));
  fixture_free (f);
}

/* Who was put out stays out; the present holder has the last word. */
static void test_revocations (void **state)
{
  struct fixture *f = four (3);

  assert_true (put_out (f, 0, 2));
  assert_true (give (f, 0, 1));
  assert_int_equal (fixture_seen (f, 1, 2), REVOKED);
  check (f, 1);
  assert_true (put_out (f, 1, 0)); /* who had it before */
  assert_int_equal (fixture_seen (f, 1, 0), REVOKED);
  assert_int_equal (fixture_seen (f, 1, 2), REVOKED); /* by the one who has it now */
  assert_int_equal (fixture_seen (f, 1, 3), MEMBER);
  check (f, 1);
  assert_true (fixture_tell (f, 1, 0));
  assert_false (put_out (f, 0, 3));
  assert_true (fixture_tell (f, 0, 1));
  assert_int_equal (fixture_seen (f, 1, 1), MEMBER);
  assert_int_equal (holder (f, 1), 1);
  fixture_free (f);

  f = four (11); /* also whom the one who has it now had let in */
  assert_true (put_out (f, 0, 3));
  assert_true (give (f, 0, 1));
  assert_int_equal (fixture_seen (f, 1, 3), REVOKED);
  check (f, 1);
  fixture_free (f);

  f = four (4); /* each puts the other out, and neither has heard of the other */
  assert_true (give (f, 0, 1));
  assert_true (put_out (f, 1, 0));
  assert_true (put_out (f, 0, 2));
  assert_true (fixture_tell (f, 0, 1));
  assert_true (fixture_tell (f, 1, 0));
  assert_true (fixture_same (f, 0, 1));
  assert_int_equal (fixture_seen (f, 0, 0), REVOKED);
  assert_int_equal (fixture_seen (f, 0, 2), MEMBER); /* its word counts no more */
  check (f, 0);
  fixture_free (f);
}

/* Of two the first that came counts, and it is told once that there is another. */
static void test_twice (void **state)
{
  struct fixture *f = four (5);
  struct inos_buffer one = {0}, other = {0};
  struct inos_roll *twin = f->peers[0].roll;

  f->peers[0].roll = fixture_roll (&f->peers[0]); /* a copy of its state, and its key */
  assert_true (fixture_tell (f, 1, 0));
  assert_true (pass (f, 0, 1, &one));
  inos_roll_free (f->peers[0].roll);
  f->peers[0].roll = twin;
  assert_true (pass (f, 0, 2, &other));
  assert_true (fixture_take (f, 3, &one));
  g_string_truncate (f->peers[3].told, 0);
  assert_true (fixture_take (f, 3, &other));
  assert_true (fixture_take (f, 3, &other));
  assert_string_equal (f->peers[3].told->str, "0:1,2 ");
  assert_int_equal (holder (f, 3), 1);
  assert_int_equal (holder (f, 0), 2);
  inos_buffer_clear (&one);
  inos_buffer_clear (&other);
  fixture_free (f);
}

/* Who passed it on and has another key later does not get it back by saying otherwise. */
static void test_not_taken_back (void **state)
{
  struct fixture *f = four (6);
  struct inos_buffer said = {0}, lie = {0};
  const struct inos_statement statement = {.kind = INOS_STATEMENT_PASS,
                                           .mesh = *inos_roll_mesh (f->peers[0].roll),
                                           .author = f->peers[4].id,
                                           .subject = f->peers[2].id,
                                           .era = 1,
                                           .number = 1};
  struct inos_buffer bytes = {0};

  inos_statement_write (&bytes, &statement, &f->peers[4].trust);
  inos_roll_message_add (&lie, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  assert_true (fixture_say_rotation (f, 0, 4, &said)); /* says nothing of the seat */
  assert_true (give (f, 0, 1));
  assert_true (fixture_tell (f, 0, 3));
  assert_true (fixture_take (f, 3, &lie));
  assert_true (fixture_take (f, 3, &said));
  assert_true (fixture_take (f, 3, &lie));
  assert_int_equal (holder (f, 3), 1);
  assert_int_equal (rank (f, 3, 4), 1);
  check (f, 3);
  inos_buffer_clear (&bytes);
  inos_buffer_clear (&said);
  inos_buffer_clear (&lie);
  fixture_free (f);
}

/* The one who gets it has another key before, the one who gave it after that; in any order. */
static void test_rotated (void **state)
{
  struct fixture *f = four (7);
  struct inos_buffer said = {0};

  assert_true (fixture_rotate (f, 1, 4));
  assert_true (fixture_tell (f, 4, 0));
  assert_false (pass (f, 0, 1, NULL)); /* an old id */
  assert_true (give (f, 0, 4));
  assert_int_equal (rank (f, 4, 4), 0);
  assert_int_equal (fixture_seen (f, 4, 4), MEMBER);
  assert_int_equal (fixture_seen (f, 4, 1), REPLACED);
  check (f, 4);
  assert_true (fixture_say_rotation (f, 0, 5, &said)); /* who had it */
  assert_true (fixture_take (f, 4, &said));
  assert_true (fixture_take (f, 2, &said)); /* who has not heard that it was passed on */
  assert_true (fixture_tell (f, 0, 2));     /* with the old key, by one who does not know */
  assert_true (fixture_tell (f, 4, 2));
  assert_true (fixture_same (f, 4, 2));
  assert_int_equal (holder (f, 2), 4);
  assert_int_equal (rank (f, 2, 5), 1);
  assert_int_equal (fixture_seen (f, 2, 5), MEMBER);
  check (f, 2);
  assert_true (fixture_rotate (f, 4, 6)); /* who has it, again */
  assert_true (fixture_tell (f, 6, 2));
  assert_int_equal (holder (f, 2), 6);
  assert_int_equal (fixture_seen (f, 2, 6), MEMBER);
  assert_int_equal (fixture_number (f, inos_roll_latest (f->peers[2].roll, &f->peers[1].id)), 6);
  check (f, 2);
  assert_true (fixture_tell (f, 6, 5));
  assert_true (give (f, 6, 5)); /* back to the founder's later key */
  assert_int_equal (rank (f, 5, 5), 0);
  assert_int_equal (rank (f, 5, 6), 1);
  assert_int_equal (inos_roll_members (f->peers[5].roll), 4);
  check (f, 5);
  assert_true (put_out (f, 5, 6));
  assert_int_equal (fixture_seen (f, 5, 4), REVOKED);
  assert_int_equal (fixture_seen (f, 5, 1), REVOKED);
  assert_int_equal (fixture_seen (f, 5, 3), MEMBER); /* whom it had let in */
  check (f, 5);
  inos_buffer_clear (&said);
  fixture_free (f);
}

/* A thief's copy of a key that was handed over passes nothing on. */
static void test_thief (void **state)
{
  struct fixture *f = four (8);
  struct inos_buffer said = {0};

  assert_true (fixture_say_rotation (f, 0, 4, &said));
  assert_true (fixture_take (f, 3, &said));
  assert_true (give (f, 0, 2));
  assert_true (fixture_tell (f, 0, 3));
  assert_int_equal (holder (f, 3), 4);
  assert_int_equal (rank (f, 3, 2), 1);
  inos_buffer_clear (&said);
  fixture_free (f);
}

static void test_forged (void **state)
{
  struct fixture *f = four (9);
  struct inos_buffer said = {0};

  assert_true (pass (f, 0, 1, &said));
  for (size_t i = 0; i < inos_buffer_len (&said); i++) {
    g_autofree uint8_t *bytes = g_memdup2 (inos_buffer_data (&said), inos_buffer_len (&said));
    struct inos_roll_message_result result;
    bytes[i] ^= 1;
    inos_roll_message_take (f->peers[3].roll, bytes, inos_buffer_len (&said), NULL, &result);
    assert_int_equal (result.taken, 0);
  }
  inos_roll_settle (f->peers[3].roll);
  assert_int_equal (holder (f, 3), 0);
  assert_true (fixture_take (f, 3, &said));
  assert_int_equal (holder (f, 3), 1);
  inos_buffer_clear (&said);
  fixture_free (f);
}

/* There is an end to it, before anybody would be too far from the founder. */
static void test_bound (void **state)
{
  struct fixture *f = four (10);
  struct inos_buffer proof = {0};
  unsigned n = 0;

  while (n <= INOS_ROLL_PATH_MAX && give (f, n % 2, 1 - n % 2))
    n++;
  assert_in_range (n, INOS_ROLL_PATH_MAX - 3, INOS_ROLL_PATH_MAX);
  assert_int_equal (inos_roll_members (f->peers[0].roll), 4);
  check (f, n % 2);
  for (unsigned i = 0; i < 4; i++) {
    assert_true (inos_roll_prove (f->peers[n % 2].roll, &f->peers[i].id, &proof));
    assert_in_range (inos_buffer_len (&proof), 1, INOS_ROLL_PROOF_MAX);
    inos_buffer_clear (&proof);
  }
  fixture_free (f);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_passed),         cmocka_unit_test (test_there_and_back),
    cmocka_unit_test (test_revocations),    cmocka_unit_test (test_twice),
    cmocka_unit_test (test_not_taken_back), cmocka_unit_test (test_rotated),
    cmocka_unit_test (test_thief),          cmocka_unit_test (test_forged),
    cmocka_unit_test (test_bound),
  };

  return cmocka_run_group_tests_name ("seat", tests, NULL, NULL);
}
