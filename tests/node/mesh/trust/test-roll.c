/*
 * The roll: who is a member, whatever order statements come in, and what nobody may say.
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
#define STRANGER INOS_STANDING_STRANGER

static struct fixture *founded (uint64_t seed)
{
  struct fixture *f = fixture_new (seed);

  inos_roll_found (f->peers[0].roll, "the first", NULL);
  return f;
}

static void test_founds_and_admits (void **state)
{
  struct fixture *f = founded (1);

  assert_int_equal (fixture_seen (f, 0, 0), MEMBER);
  assert_true (fixture_admit (f, 0, 1, 1));
  assert_true (fixture_admit (f, 1, 2, 1));
  assert_true (fixture_tell (f, 2, 0));
  assert_string_equal (f->peers[0].told->str, "0:member 1:member 2:member ");
  const struct inos_roll_entry *entry = inos_roll_find (f->peers[0].roll, &f->peers[2].id);
  assert_int_equal (entry->rank, 2);
  assert_string_equal (entry->name, "machine 2");
  assert_true (inos_peer_id_equal (&entry->by, &f->peers[1].id));
  assert_int_equal (inos_roll_members (f->peers[0].roll), 3);
  fixture_free (f);
}

static void test_needs_consent (void **state)
{
  struct fixture *f = founded (2);
  struct inos_consent consent = fixture_consent (f, 1, 0, 1), other;

  other = consent;
  other.subject = f->peers[2].id; /* somebody else's signature */
  assert_false (inos_roll_admit (f->peers[0].roll, &other, NULL));
  other = consent;
  other.name[0] ^= 1;
  assert_false (inos_roll_admit (f->peers[0].roll, &other, NULL));
  other = fixture_consent (f, 1, 0, 2); /* an era that has not come */
  assert_false (inos_roll_admit (f->peers[0].roll, &other, NULL));
  inos_roll_found (f->peers[3].roll, "another", NULL);
  other = fixture_consent (f, 1, 3, 1); /* another mesh */
  assert_false (inos_roll_admit (f->peers[0].roll, &other, NULL));
  assert_false (inos_roll_admit (f->peers[1].roll, &consent, NULL)); /* by who is no member */
  assert_true (inos_roll_admit (f->peers[0].roll, &consent, NULL));
  assert_false (inos_roll_admit (f->peers[0].roll, &consent, NULL)); /* it is one */
  fixture_free (f);
}

static void test_leaves_and_comes_back (void **state)
{
  struct fixture *f = founded (3);

  assert_true (fixture_admit (f, 0, 1, 1));
  assert_true (fixture_admit (f, 1, 2, 1));
  assert_true (inos_roll_leave (f->peers[1].roll, NULL));
  assert_false (inos_roll_leave (f->peers[1].roll, NULL));
  assert_true (fixture_tell (f, 1, 0));
  assert_int_equal (fixture_seen (f, 0, 1), LEFT);
  assert_int_equal (fixture_seen (f, 0, 2), MEMBER); /* whom it admitted stays */
  assert_false (fixture_admit (f, 0, 1, 1));         /* the old consent is used up */
  assert_int_equal (inos_roll_era (f->peers[0].roll, &f->peers[1].id), 2);
  assert_true (fixture_admit (f, 0, 1, 2));
  assert_int_equal (fixture_seen (f, 1, 1), MEMBER);
  assert_true (inos_roll_leave (f->peers[0].roll, NULL)); /* the founder too */
  assert_true (fixture_tell (f, 0, 2));
  assert_int_equal (fixture_seen (f, 2, 0), LEFT);
  assert_true (fixture_admit (f, 2, 0, 2));
  assert_int_equal (fixture_seen (f, 0, 0), MEMBER);
  fixture_free (f);
}

static void test_revokes (void **state)
{
  struct fixture *f = founded (4);
  struct inos_roll *of[] = {f->peers[0].roll, f->peers[1].roll, f->peers[2].roll};

  assert_true (fixture_admit (f, 0, 1, 1));
  assert_true (fixture_admit (f, 0, 2, 1));
  assert_true (fixture_admit (f, 1, 3, 1));
  assert_true (fixture_tell (f, 3, 2) && fixture_tell (f, 2, 1) && fixture_tell (f, 1, 0));
  assert_false (inos_roll_revoke (of[1], &f->peers[0].id, NULL)); /* nearer */
  assert_false (inos_roll_revoke (of[1], &f->peers[2].id, NULL)); /* as near */
  assert_false (inos_roll_revoke (of[1], &f->peers[1].id, NULL)); /* itself */
  assert_true (inos_roll_may_revoke (of[2], &f->peers[3].id));
  assert_true (inos_roll_revoke (of[0], &f->peers[1].id, NULL));
  assert_int_equal (fixture_seen (f, 0, 1), REVOKED);
  assert_int_equal (fixture_seen (f, 0, 3), MEMBER); /* adopted */
  assert_int_equal (inos_roll_find (of[0], &f->peers[3].id)->rank, 1);
  assert_int_equal (inos_roll_era (of[0], &f->peers[1].id), 0);
  assert_false (fixture_admit (f, 0, 1, 1));   /* never again */
  assert_true (inos_roll_leave (of[1], NULL)); /* it may say what it likes */
  assert_true (fixture_tell (f, 1, 0));
  assert_int_equal (fixture_seen (f, 0, 1), REVOKED);
  fixture_free (f);
}

/* What the revoked one says where nobody has told it counts no more when somebody does. */
static void test_partition (void **state)
{
  struct fixture *f = founded (5);

  assert_true (fixture_admit (f, 0, 1, 1));
  assert_true (fixture_admit (f, 0, 2, 1));
  assert_true (fixture_tell (f, 2, 1));
  assert_true (inos_roll_revoke (f->peers[0].roll, &f->peers[1].id, NULL));
  assert_true (fixture_admit (f, 1, 3, 1));
  assert_true (fixture_admit (f, 3, 4, 1));
  assert_true (fixture_tell (f, 4, 2));
  assert_int_equal (fixture_seen (f, 2, 4), MEMBER);
  assert_true (fixture_tell (f, 0, 2) && fixture_tell (f, 2, 0));
  assert_true (fixture_same (f, 0, 2));
  for (unsigned by = 0; by <= 2; by += 2) {
    assert_int_equal (fixture_seen (f, by, 1), REVOKED);
    assert_int_equal (fixture_seen (f, by, 3), STRANGER);
    assert_int_equal (fixture_seen (f, by, 4), STRANGER);
  }
  assert_true (fixture_admit (f, 0, 3, 1)); /* by somebody else's word */
  assert_int_equal (fixture_seen (f, 0, 4), MEMBER);
  fixture_free (f);
}

/* All that is said in a random life of a mesh, given to new rolls in other orders, says the same.
 */
static void test_any_order (void **state)
{
  for (uint64_t seed = 1; seed <= 40; seed++) {
    struct fixture *f = founded (seed);
    uint64_t chance = seed;
    for (unsigned deed = 0; deed < 60; deed++) {
      unsigned one = world_random (&chance) % PEERS, other = world_random (&chance) % PEERS;
      struct inos_roll *roll = f->peers[one].roll;
      switch (world_random (&chance) % 6) {
      case 0:
      case 1:
        if (inos_roll_mesh (roll))
          fixture_admit (f, one, other, inos_roll_era (roll, &f->peers[other].id));
        break;
      case 2:
        inos_roll_revoke (roll, &f->peers[other].id, NULL);
        break;
      case 3:
        inos_roll_leave (roll, NULL);
        break;
      default:
        if (inos_roll_mesh (roll) && one != other)
          assert_true (fixture_tell (f, one, other));
      }
    }
    for (unsigned i = 0; i < 2 * PEERS; i++)
      if (inos_roll_mesh (f->peers[i % PEERS].roll))
        assert_true (fixture_tell (f, i % PEERS, (i + 1) % PEERS));
    for (unsigned i = 1; i < PEERS; i++) {
      assert_true (fixture_same (f, 0, i));
      for (unsigned k = 0; k < PEERS; k++)
        assert_int_equal (fixture_seen (f, i, k), fixture_seen (f, 0, k));
    }
    fixture_free (f);
  }
}

static void test_forged (void **state)
{
  struct fixture *f = founded (6);
  struct inos_buffer all = {0};
  uint64_t chance = 6;

  assert_true (fixture_admit (f, 0, 1, 1));
  assert_true (fixture_admit (f, 1, 2, 1));
  assert_true (inos_roll_revoke (f->peers[0].roll, &f->peers[5].id, NULL));
  assert_true (fixture_tell (f, 2, 0));
  inos_roll_write (f->peers[0].roll, &all);
  for (unsigned i = 0; i < 3000; i++) {
    struct inos_roll_message_result result;
    g_autofree uint8_t *bytes = g_memdup2 (inos_buffer_data (&all), inos_buffer_len (&all));
    struct inos_roll *roll = fixture_roll (&f->peers[3]);
    fixture_tell (f, 0, 4);
    bytes[world_random (&chance) % inos_buffer_len (&all)] ^= 1 << world_random (&chance) % 8;
    inos_roll_message_take (f->peers[4].roll, bytes, inos_buffer_len (&all), NULL, &result);
    inos_roll_settle (f->peers[4].roll);
    assert_true (fixture_same (f, 0, 4));
    inos_roll_free (roll);
  }
  inos_buffer_clear (&all);
  fixture_free (f);
}

static void test_other_mesh (void **state)
{
  struct fixture *f = founded (7);

  inos_roll_found (f->peers[1].roll, "another", NULL);
  assert_false (fixture_tell (f, 1, 0));
  assert_int_equal (inos_roll_count (f->peers[0].roll), 1);
  fixture_free (f);
}

/* A stranger can show why it is a member, and nothing that nobody's word stands behind. */
static void test_proof (void **state)
{
  struct fixture *f = founded (8);
  struct inos_buffer proof = {0}, news = {0};

  assert_true (fixture_admit (f, 0, 1, 1));
  for (unsigned i = 1; i < 5; i++)
    assert_true (fixture_admit (f, i, i + 1, 1));
  assert_true (inos_roll_prove (f->peers[5].roll, &f->peers[5].id, &proof));
  assert_false (inos_roll_prove (f->peers[5].roll, &f->peers[6].id, &proof));
  assert_true (inos_roll_message_prove (f->peers[0].roll, inos_buffer_data (&proof),
                                        inos_buffer_len (&proof), &news));
  assert_int_equal (fixture_seen (f, 0, 5), MEMBER);
  assert_true (inos_buffer_len (&news) > 0);
  inos_buffer_clear (&proof);
  inos_roll_revoke (f->peers[0].roll, &f->peers[2].id, NULL);
  assert_true (fixture_admit (f, 2, 6, 1)); /* it has not heard of it */
  assert_true (inos_roll_prove (f->peers[2].roll, &f->peers[6].id, &proof));
  unsigned before = inos_roll_count (f->peers[0].roll);
  assert_false (inos_roll_message_prove (f->peers[0].roll, inos_buffer_data (&proof),
                                         inos_buffer_len (&proof), NULL));
  assert_int_equal (inos_roll_count (f->peers[0].roll), before);
  /* that it was revoked is proven too */
  inos_buffer_clear (&proof);
  assert_true (inos_roll_prove (f->peers[0].roll, &f->peers[2].id, &proof));
  assert_true (inos_roll_message_prove (f->peers[2].roll, inos_buffer_data (&proof),
                                        inos_buffer_len (&proof), NULL));
  assert_int_equal (fixture_seen (f, 2, 2), REVOKED);
  inos_buffer_clear (&proof);
  inos_buffer_clear (&news);
  fixture_free (f);
}

/* One that is no peer of the fixture; a key for each number. */
static struct inos_consent nobody_s_consent (struct fixture *f, unsigned number)
{
  uint8_t seed[INOS_SEED_SIZE] = {0xff, (uint8_t)number, (uint8_t)(number >> 8)};
  struct peer peer = {.fixture = f, .identity = inos_identity_from_seed (seed)};
  struct inos_statement_trust trust = {&peer, fixture_sign, fixture_verify};
  struct inos_consent consent = {.mesh = *inos_roll_mesh (f->peers[0].roll), .era = 1};

  consent.subject = inos_peer_id_of_key (inos_identity_key (peer.identity));
  inos_consent_sign (&consent, &trust);
  inos_identity_free (peer.identity);
  return consent;
}

/* A member that fills the roll up fills it with what goes first. */
static void test_bounded (void **state)
{
  struct fixture *f = founded (9);
  struct inos_buffer said = {0};
  struct inos_roll_message_result result;

  assert_true (fixture_admit (f, 0, 1, 1));
  assert_true (fixture_admit (f, 0, 2, 1));
  for (unsigned i = 0; i < INOS_ROLL_STATEMENTS_MAX + 20; i++) {
    struct inos_consent consent = nobody_s_consent (f, i);
    struct inos_statement statement = {.kind = INOS_STATEMENT_ADMIT,
                                       .mesh = consent.mesh,
                                       .author = f->peers[1].id,
                                       .subject = consent.subject,
                                       .era = 1};
    struct inos_buffer one = {0};
    memcpy (statement.consent, consent.signature, sizeof consent.signature);
    inos_statement_write (&one, &statement, &f->peers[1].trust);
    inos_roll_message_add (&said, inos_buffer_data (&one), inos_buffer_len (&one));
    inos_buffer_clear (&one);
  }
  assert_true (inos_roll_message_take (f->peers[0].roll, inos_buffer_data (&said),
                                       inos_buffer_len (&said), NULL, &result));
  inos_roll_settle (f->peers[0].roll);
  assert_int_equal (inos_roll_count (f->peers[0].roll), INOS_ROLL_STATEMENTS_MAX);
  assert_true (fixture_admit (f, 0, 3, 1));
  assert_int_equal (fixture_seen (f, 0, 2), MEMBER);
  assert_int_equal (fixture_seen (f, 0, 3), MEMBER);
  assert_true (inos_roll_revoke (f->peers[0].roll, &f->peers[1].id, NULL));
  assert_int_equal (fixture_seen (f, 0, 1), REVOKED);
  assert_true (inos_roll_count (f->peers[0].roll) <= INOS_ROLL_STATEMENTS_MAX);
  inos_buffer_clear (&said);
  fixture_free (f);
}

/* Messages of the roll are cut where a statement ends. */
static void test_cut (void **state)
{
  struct fixture *f = founded (10);
  struct inos_buffer all = {0};
  struct inos_roll_message_result result;
  size_t at = 0, len;
  unsigned messages = 0, taken = 0;

  for (unsigned i = 0; i < 400; i++) {
    struct inos_consent consent = nobody_s_consent (f, i);
    assert_true (inos_roll_admit (f->peers[0].roll, &consent, NULL));
  }
  inos_roll_write (f->peers[0].roll, &all);
  while ((len = inos_roll_message_next (inos_buffer_data (&all), inos_buffer_len (&all), &at)) >
         0) {
    assert_true (len <= INOS_ROLL_MESSAGE_MAX);
    assert_true (inos_roll_message_take (f->peers[1].roll, inos_buffer_data (&all) + at - len, len,
                                         NULL, &result));
    taken += result.taken;
    messages++;
  }
  assert_int_equal (taken, 401);
  assert_true (messages > 1 && at == inos_buffer_len (&all));
  inos_roll_settle (f->peers[1].roll);
  assert_true (fixture_same (f, 0, 1));
  inos_buffer_clear (&all);
  fixture_free (f);
}

/* What is known is not verified again. */
static void test_known_is_cheap (void **state)
{
  struct fixture *f = founded (11);

  assert_true (fixture_admit (f, 0, 1, 1));
  unsigned before = f->verified;
  assert_true (fixture_tell (f, 0, 1));
  assert_int_equal (f->verified, before);
  fixture_free (f);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_founds_and_admits),
    cmocka_unit_test (test_needs_consent),
    cmocka_unit_test (test_leaves_and_comes_back),
    cmocka_unit_test (test_revokes),
    cmocka_unit_test (test_partition),
    cmocka_unit_test (test_any_order),
    cmocka_unit_test (test_forged),
    cmocka_unit_test (test_other_mesh),
    cmocka_unit_test (test_proof),
    cmocka_unit_test (test_bounded),
    cmocka_unit_test (test_cut),
    cmocka_unit_test (test_known_is_cheap),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
