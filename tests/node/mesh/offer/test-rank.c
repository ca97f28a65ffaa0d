/*
 * Who is turned to first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/offer/rank.h"
#include "node/mesh/reputation/reputation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <math.h>

#define MS UINT64_C (1000000)

static struct inos_candidate make (uint8_t number, enum inos_rank_place place)
{
  return (struct inos_candidate){.peer = inos_peer_id_of_key ((const uint8_t[32]){number}),
                                 .place = place,
                                 .has_load = true,
                                 .has_cost = true,
                                 .load = 300,
                                 .reputation = 500,
                                 .cores = 4,
                                 .memory = 8,
                                 .round_trip = 10 * MS,
                                 .cost = 100};
}

static bool is (const struct inos_candidate *candidate, uint8_t number)
{
  struct inos_peer_id id = inos_peer_id_of_key ((const uint8_t[32]){number});

  return inos_peer_id_equal (&candidate->peer, &id);
}

static void test_near_first (void **state)
{
  struct inos_candidate c[] = {make (1, INOS_RANK_DHT), make (2, INOS_RANK_MESH),
                               make (3, INOS_RANK_REGION), make (4, INOS_RANK_HERE)};

  c[3].load = 1000;
  inos_rank (c, 4);
  assert_true (is (&c[0], 4) && is (&c[1], 3) && is (&c[2], 2) && is (&c[3], 1));
}

/* Each of the five alone decides, and what is not known is between good and bad. */
static void test_each_counts (void **state)
{
  for (unsigned i = 0; i < 5; i++) {
    struct inos_candidate c[] = {make (1, INOS_RANK_MESH), make (2, INOS_RANK_MESH)};
    struct inos_candidate *better = &c[1];
    if (i == 0)
      better->cores = 8;
    else if (i == 1)
      better->load = 299;
    else if (i == 2)
      better->round_trip = 9 * MS;
    else if (i == 3)
      better->cost = 99;
    else
      better->reputation = 501;
    inos_rank (c, 2);
    assert_true (is (&c[0], 2));
    assert_true (c[0].score > c[1].score && c[0].score <= 1 && c[1].score >= 0);
  }
  struct inos_candidate c[] = {make (1, INOS_RANK_MESH), make (2, INOS_RANK_MESH),
                               make (3, INOS_RANK_MESH)};
  c[0].load = 900;
  c[1].has_load = false;
  c[2].load = 100;
  inos_rank (c, 3);
  assert_true (is (&c[0], 3) && is (&c[1], 2) && is (&c[2], 1));
}

static void test_extremes (void **state)
{
  struct inos_candidate c[] = {
    make (2, INOS_RANK_MESH), make (1, INOS_RANK_MESH), {.place = INOS_RANK_HERE}};

  c[0].load = c[1].load = UINT32_MAX;
  c[0].memory = c[1].memory = UINT64_MAX;
  c[0].round_trip = c[1].round_trip = UINT64_MAX;
  c[0].cost = c[1].cost = UINT32_MAX;
  c[0].reputation = c[1].reputation = UINT32_MAX;
  inos_rank (c, 3);
  for (unsigned i = 0; i < 3; i++)
    assert_true (c[i].score >= 0 && c[i].score <= 1);
  assert_int_equal (c[0].place, INOS_RANK_HERE);
  assert_true (inos_peer_id_compare (&c[1].peer, &c[2].peer) < 0);
  inos_rank (c, 0);
}

static uint64_t now (void *data)
{
  return 1;
}

/* Of equals the one comes first of whom good was seen, then who is new, then the one that failed:
 * 0.15 · (9/10 − 1/2) and 0.15 · (1/2 − 1/10) are between them. */
static void test_what_was_seen (void **state)
{
  struct inos_reputation *seen = inos_reputation_new (&(struct inos_mesh_env){.now = now});
  struct inos_candidate c[] = {make (1, INOS_RANK_MESH), make (2, INOS_RANK_MESH),
                               make (3, INOS_RANK_MESH)};

  for (unsigned i = 0; i < 8; i++) {
    inos_reputation_saw (seen, &c[0].peer, INOS_CONDUCT_SILENT);
    inos_reputation_saw (seen, &c[2].peer, INOS_CONDUCT_ANSWERED);
  }
  for (unsigned i = 0; i < 3; i++)
    c[i].reputation = inos_reputation_expect (seen, &c[i].peer, INOS_EVIDENCE_NEUTRAL);
  inos_rank (c, 3);
  assert_true (is (&c[0], 3) && is (&c[1], 2) && is (&c[2], 1));
  assert_true (fabs (c[0].score - c[1].score - 0.06) < 1e-9);
  assert_true (fabs (c[1].score - c[2].score - 0.06) < 1e-9);
  inos_reputation_free (seen);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_near_first),
    cmocka_unit_test (test_each_counts),
    cmocka_unit_test (test_extremes),
    cmocka_unit_test (test_what_was_seen),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
