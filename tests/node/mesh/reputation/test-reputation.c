/*
 * What is seen of peers, what is to be expected of them, and what is forgotten. The numbers are
 * computed by hand from E = (r + 2a) / (r + s + 2).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "fixture.h"

#define NEUTRAL INOS_EVIDENCE_NEUTRAL

static void test_formula (void **state)
{
  static const struct {
    unsigned answered, silent, late, base, expected;
  } rows[] = {
    {0, 0, 0, 500, 500},  /* 1 / 2 */
    {1, 0, 0, 500, 667},  /* 2 / 3 */
    {0, 1, 0, 500, 333},  /* 1 / 3 */
    {3, 1, 0, 500, 667},  /* 4 / 6 */
    {8, 0, 0, 500, 900},  /* 9 / 10 */
    {8, 8, 0, 500, 500},  /* 9 / 18 */
    {0, 0, 1, 500, 400},  /* 1 / 2.5 */
    {0, 0, 0, 900, 900},  /* 1.8 / 2 */
    {0, 8, 0, 900, 180},  /* 1.8 / 10 */
    {8, 0, 0, 100, 820},  /* 8.2 / 10 */
    {30, 0, 0, 100, 944}, /* 30.2 / 32 */
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++) {
    struct fixture f;
    begin (&f);
    see (&f, 1, INOS_CONDUCT_ANSWERED, rows[i].answered);
    see (&f, 1, INOS_CONDUCT_SILENT, rows[i].silent);
    see (&f, 1, INOS_CONDUCT_LATE, rows[i].late);
    assert_int_equal (expect (&f, 1, rows[i].base), rows[i].expected);
    end (&f);
  }
}

static void test_weights (void **state)
{
  struct fixture f;

  begin (&f);
  see (&f, 1, INOS_CONDUCT_RULES, 1);
  assert_int_equal (expect (&f, 1, NEUTRAL), 167); /* 1 / 6 */
  see (&f, 2, INOS_CONDUCT_REACHED, 1);
  assert_int_equal (expect (&f, 2, NEUTRAL), 515); /* (1 + 1/16) / (2 + 1/16) */
  see (&f, 3, INOS_CONDUCT_ENDED, 1);
  see (&f, 3, INOS_CONDUCT_LOST, 1);
  assert_int_equal (expect (&f, 3, NEUTRAL), 500); /* 1.25 / 2.5 */
  see (&f, 4, INOS_CONDUCT_GOSSIP, 1);
  see (&f, 4, INOS_CONDUCT_UNREACHED, 1);
  assert_int_equal (expect (&f, 4, NEUTRAL), 381); /* 1 / 2.625 */
  see (&f, 5, INOS_CONDUCT_SERVED, 1);
  see (&f, 6, INOS_CONDUCT_UNSERVED, 1);
  assert_int_equal (expect (&f, 5, NEUTRAL), 667);
  assert_int_equal (expect (&f, 6, NEUTRAL), 333);
  for (unsigned i = 0; i < INOS_CONDUCTS; i++)
    assert_true (*inos_conduct_name (i) && inos_conduct_weight (i) > 0);
  end (&f);
}

/* Half in a week, a quarter in two, 2^(−1/2) in half a one; and nothing at last. */
static void test_fades (void **state)
{
  struct fixture f;

  begin (&f);
  see (&f, 1, INOS_CONDUCT_ANSWERED, 8);
  uint64_t start = f.world.now;
  world_run (&f.world, start + HOUR - 1);
  assert_int_equal (total (&f, 1), 8 * INOS_OUTCOME);
  world_run (&f.world, start + 84 * HOUR);
  assert_int_equal (expect (&f, 1, NEUTRAL), 869); /* 6.657 / 7.657 */
  world_run (&f.world, start + 168 * HOUR);
  assert_int_equal (expect (&f, 1, NEUTRAL), 833); /* 5 / 6 */
  world_run (&f.world, start + 336 * HOUR);
  assert_int_equal (expect (&f, 1, NEUTRAL), 750); /* 3 / 4 */
  world_run (&f.world, start + 40 * 168 * HOUR);
  assert_int_equal (expect (&f, 1, NEUTRAL), 500);
  assert_int_equal (total (&f, 1), 0);
  end (&f);
}

/* To look often does not have it fade faster: an hour at a time, or all at once. */
static void test_fades_alike (void **state)
{
  struct fixture f;

  begin (&f);
  see (&f, 1, INOS_CONDUCT_ANSWERED, 8);
  see (&f, 2, INOS_CONDUCT_ANSWERED, 8);
  uint64_t start = f.world.now;
  for (unsigned i = 1; i <= 1000; i++) {
    world_run (&f.world, start + i * HOUR * 7 / 10);
    total (&f, 1);
  }
  unsigned often = total (&f, 1), once = total (&f, 2);
  assert_true (often <= once && once - often < INOS_OUTCOME / 1000);
  end (&f);
}

/* Who was good for ever is below one half after 22 bad ones: 32 · (31/32)^22 = 15.9. */
static void test_bounded (void **state)
{
  struct fixture f;
  unsigned bad = 0;

  begin (&f);
  see (&f, 1, INOS_CONDUCT_ANSWERED, 1000);
  assert_in_range (total (&f, 1), 31 * INOS_OUTCOME, 32 * INOS_OUTCOME);
  assert_int_equal (expect (&f, 1, NEUTRAL), 971); /* 33 / 34 */
  for (; expect (&f, 1, NEUTRAL) >= 500; bad++)
    see (&f, 1, INOS_CONDUCT_SILENT, 1);
  assert_int_equal (bad, 22);
  see (&f, 2, INOS_CONDUCT_SILENT, 100000);
  assert_int_equal (expect (&f, 2, NEUTRAL), 29); /* 1 / 34 */
  assert_true (total (&f, 2) <= INOS_EVIDENCE_MAX * INOS_OUTCOME);
  end (&f);
}

/* What happens by itself counts once a minute, however often it happens. */
static void test_pauses (void **state)
{
  struct inos_peer_id id = peer_of (1);
  struct fixture f;

  begin (&f);
  assert_true (inos_reputation_saw (f.reputation, &id, INOS_CONDUCT_REACHED));
  for (unsigned i = 0; i < 1000; i++)
    assert_false (inos_reputation_saw (f.reputation, &id, INOS_CONDUCT_REACHED));
  assert_true (inos_reputation_saw (f.reputation, &id, INOS_CONDUCT_UNREACHED));
  assert_true (inos_reputation_saw (f.reputation, &id, INOS_CONDUCT_ANSWERED));
  assert_true (inos_reputation_saw (f.reputation, &id, INOS_CONDUCT_ANSWERED));
  world_run (&f.world, f.world.now + 61 * SECOND);
  assert_true (inos_reputation_saw (f.reputation, &id, INOS_CONDUCT_REACHED));
  end (&f);
}

/* Made-up ids push out each other, and nobody of whom more is known. */
static void test_evicts (void **state)
{
  struct fixture f;

  begin (&f);
  for (unsigned i = 0; i < 24; i++)
    see (&f, i, i % 2 ? INOS_CONDUCT_SILENT : INOS_CONDUCT_ANSWERED, 1 + i % 3);
  for (unsigned i = 1000; i < 6000; i++)
    see (&f, i, INOS_CONDUCT_REACHED, 1);
  assert_int_equal (inos_reputation_count (f.reputation), INOS_REPUTATION_PEERS_MAX);
  for (unsigned i = 0; i < 24; i++)
    assert_int_equal (total (&f, i), (1 + i % 3) * INOS_OUTCOME);
  for (unsigned i = 1; i < INOS_REPUTATION_PEERS_MAX; i++)
    assert_true (inos_peer_id_compare (&inos_reputation_at (f.reputation, i - 1)->id,
                                       &inos_reputation_at (f.reputation, i)->id) < 0);
  end (&f);
}

/* A new key is the same peer, with what both did; a person can forget it all. */
static void test_succeeds_and_forgets (void **state)
{
  struct inos_peer_id one = peer_of (1), other = peer_of (2), third = peer_of (3);
  struct fixture f;

  begin (&f);
  see (&f, 1, INOS_CONDUCT_SILENT, 6);
  see (&f, 2, INOS_CONDUCT_ANSWERED, 2);
  assert_true (inos_reputation_succeed (f.reputation, &one, &other));
  assert_null (inos_reputation_find (f.reputation, &one));
  assert_int_equal (expect (&f, 2, NEUTRAL), 300); /* 3 / 10 */
  assert_true (inos_reputation_succeed (f.reputation, &other, &third));
  assert_int_equal (expect (&f, 3, NEUTRAL), 300);
  assert_false (inos_reputation_succeed (f.reputation, &other, &third));
  assert_false (inos_reputation_succeed (f.reputation, &third, &third));
  see (&f, 1, INOS_CONDUCT_SILENT, 32);
  assert_true (inos_reputation_succeed (f.reputation, &one, &third));
  assert_true (total (&f, 3) <= INOS_EVIDENCE_MAX * INOS_OUTCOME);
  assert_true (inos_reputation_forget (f.reputation, &third));
  assert_false (inos_reputation_forget (f.reputation, &third));
  assert_int_equal (expect (&f, 3, NEUTRAL), 500);
  end (&f);
}

static bool is_even (void *data, const struct inos_peer_id *peer)
{
  for (unsigned i = 0; i < 200; i += 2) {
    struct inos_peer_id id = peer_of (i);
    if (inos_peer_id_equal (&id, peer))
      return true;
  }
  return false;
}

/* Said is what was seen oneself, of whom it concerns, and enough of it; the best known first. */
static void test_opinions (void **state)
{
  struct inos_opinions said;
  struct inos_peer_id best = peer_of (4);
  struct fixture f;

  begin (&f);
  see (&f, 1, INOS_CONDUCT_ANSWERED, 5);
  see (&f, 2, INOS_CONDUCT_SILENT, 3);
  see (&f, 4, INOS_CONDUCT_ANSWERED, 8);
  see (&f, 6, INOS_CONDUCT_LATE, 1);
  inos_reputation_opinions (f.reputation, 8, is_even, NULL, &said);
  assert_true (said.told && said.all);
  assert_int_equal (said.n, 2);
  assert_true (inos_peer_id_equal (&said.of[0].about, &best));
  assert_int_equal (said.of[0].expected, 900);
  assert_int_equal (said.of[0].outcomes, 8);
  assert_int_equal (said.of[1].expected, 200); /* 1 / 5 */
  inos_reputation_opinions (f.reputation, 1, is_even, NULL, &said);
  assert_true (said.n == 1 && !said.all && inos_peer_id_equal (&said.of[0].about, &best));
  for (unsigned i = 10; i < 200; i++)
    see (&f, i, INOS_CONDUCT_ANSWERED, 2);
  inos_reputation_opinions (f.reputation, 1000, is_even, NULL, &said);
  assert_int_equal (said.n, INOS_OPINIONS_MAX);
  end (&f);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_formula),  cmocka_unit_test (test_weights),
    cmocka_unit_test (test_fades),    cmocka_unit_test (test_fades_alike),
    cmocka_unit_test (test_bounded),  cmocka_unit_test (test_pauses),
    cmocka_unit_test (test_evicts),   cmocka_unit_test (test_succeeds_and_forgets),
    cmocka_unit_test (test_opinions),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
