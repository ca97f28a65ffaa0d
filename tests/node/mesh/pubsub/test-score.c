/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/pubsub/score.h"

#include "../world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct world world;
static struct world_place place;
static struct inos_score_params params;
static struct inos_topic_score_params topic;

static int setup (void **state)
{
  world_init (&world, 1);
  world_place_init (&world, &place);
  inos_score_defaults (&params);
  topic = (struct inos_topic_score_params){.weight = 1};
  return 0;
}

static int teardown (void **state)
{
  world_finish (&world);
  return 0;
}

static struct inos_peer_id peer (uint8_t number)
{
  return inos_peer_id_of_key ((const uint8_t[32]){number});
}

static struct inos_score *add (struct inos_scores *scores, uint8_t number)
{
  struct inos_peer_id id = peer (number);

  return inos_scores_add (scores, &id, NULL, 0);
}

static void seconds (struct inos_scores *scores, unsigned n)
{
  for (; n > 0; n--) {
    world_run (&world, world.now + SECOND);
    inos_scores_decay (scores);
  }
}

#define assert_score(scores, score, value)                                                         \
  assert_float_equal (inos_score_value (scores, score), value, 0.0001)

static void test_time_in_mesh (void **state)
{
  topic.time_weight = 0.5;
  topic.time_quantum = 2;
  topic.time_cap = 10;
  struct inos_scores *scores = inos_scores_new (&place.env, &params, &topic);
  struct inos_score *score = add (scores, 1);
  inos_score_graft (scores, score, "t");
  seconds (scores, 4);
  assert_score (scores, score, 1);
  seconds (scores, 100);
  assert_score (scores, score, 5);
  inos_score_prune (scores, score, "t");
  assert_score (scores, score, 0);
  inos_scores_free (scores);
}

static void test_first_deliveries (void **state)
{
  topic.first_weight = 2;
  topic.first_cap = 3;
  topic.first_decay = 0.5;
  struct inos_scores *scores = inos_scores_new (&place.env, &params, &topic);
  struct inos_score *score = add (scores, 1);
  for (unsigned i = 0; i < 5; i++)
    inos_score_first (scores, score, "t");
  assert_score (scores, score, 6);
  seconds (scores, 1);
  assert_score (scores, score, 3);
  seconds (scores, 20);
  assert_score (scores, score, 0);
  inos_scores_free (scores);
}

static void test_mesh_deliveries (void **state)
{
  topic.mesh_weight = -1;
  topic.mesh_threshold = 4;
  topic.mesh_cap = 10;
  topic.mesh_decay = 1;
  topic.mesh_window = 10 * MS;
  topic.mesh_activation = 5 * SECOND;
  topic.failure_weight = -1;
  topic.failure_decay = 1;
  struct inos_scores *scores = inos_scores_new (&place.env, &params, &topic);
  struct inos_score *score = add (scores, 1);
  inos_score_duplicate (scores, score, "t", 0); /* not in the mesh: counts nothing */
  inos_score_graft (scores, score, "t");
  seconds (scores, 5);
  assert_score (scores, score, 0);
  seconds (scores, 1);
  assert_score (scores, score, -16);
  uint64_t decided = world.now;
  inos_score_first (scores, score, "t");
  inos_score_duplicate (scores, score, "t", 0);
  assert_score (scores, score, -4);
  world_run (&world, world.now + 11 * MS);
  inos_score_duplicate (scores, score, "t", decided); /* too late */
  assert_score (scores, score, -4);
  inos_score_prune (scores, score, "t"); /* what was missing sticks */
  assert_score (scores, score, -4);
  inos_scores_free (scores);
}

static void test_invalid (void **state)
{
  topic.invalid_weight = -3;
  topic.invalid_decay = 0.5;
  topic.weight = 2;
  struct inos_scores *scores = inos_scores_new (&place.env, &params, &topic);
  struct inos_score *score = add (scores, 1);
  inos_score_invalid (scores, score, "t");
  inos_score_invalid (scores, score, "t");
  assert_score (scores, score, -24);
  seconds (scores, 1);
  assert_score (scores, score, -6);
  inos_scores_free (scores);
}

static void test_others (void **state)
{
  params.colocation_threshold = 2;
  params.topic_cap = 7;
  topic.first_weight = 100;
  topic.first_cap = 100;
  struct inos_scores *scores = inos_scores_new (&place.env, &params, &topic);
  struct inos_score *score = add (scores, 1);
  inos_score_first (scores, score, "t");
  assert_score (scores, score, 7);
  inos_score_set_app (score, -2);
  assert_score (scores, score, 5);
  inos_score_penalize (score, 3);
  assert_score (scores, score, 5 + params.behaviour_weight * 4);
  struct inos_score *same[4];
  for (uint8_t i = 0; i < 4; i++) {
    struct inos_peer_id id = peer (10 + i);
    same[i] = inos_scores_add (scores, &id, "\x7f\0\0\1", 4);
  }
  assert_score (scores, same[3], params.colocation_weight * 4);
  inos_scores_remove (scores, same[0]);
  assert_score (scores, same[3], params.colocation_weight);
  inos_scores_free (scores);
}

/* A bad one is remembered for a while; a good one is not. */
static void test_retained (void **state)
{
  topic.invalid_weight = -1;
  topic.invalid_decay = 0.9;
  topic.first_weight = 1;
  topic.first_decay = 1;
  topic.first_cap = 10;
  struct inos_scores *scores = inos_scores_new (&place.env, &params, &topic);
  struct inos_score *score = add (scores, 1);
  inos_score_first (scores, score, "t");
  inos_scores_remove (scores, score);
  assert_int_equal (inos_scores_retained (scores), 0);
  score = add (scores, 1);
  assert_score (scores, score, 0);
  inos_score_invalid (scores, score, "t");
  inos_scores_remove (scores, score);
  assert_int_equal (inos_scores_retained (scores), 1);
  seconds (scores, 300);
  score = add (scores, 1);
  assert_score (scores, score, -1);
  inos_scores_remove (scores, score);
  seconds (scores, 601);
  assert_int_equal (inos_scores_retained (scores), 0);
  for (unsigned i = 0; i < INOS_SCORE_RETAINED + 10; i++) {
    struct inos_peer_id id =
      inos_peer_id_of_key ((const uint8_t[32]){(uint8_t)i, (uint8_t)(i >> 8), 1});
    score = inos_scores_add (scores, &id, NULL, 0);
    inos_score_invalid (scores, score, "t");
    inos_scores_remove (scores, score);
  }
  assert_int_equal (inos_scores_retained (scores), INOS_SCORE_RETAINED);
  inos_scores_free (scores);
}

/* What a topic has of its own counts; and a peer cannot make many topics. */
static void test_topics (void **state)
{
  struct inos_topic_score_params own = {.weight = 1, .first_weight = 1, .first_cap = 9};
  struct inos_scores *scores = inos_scores_new (&place.env, &params, &topic);
  struct inos_score *score = add (scores, 1);

  assert_true (inos_scores_set_topic (scores, "own", &own));
  inos_score_first (scores, score, "own");
  inos_score_first (scores, score, "other");
  assert_score (scores, score, 1);
  own.first_weight = 2;
  for (unsigned i = 0; i < INOS_SCORE_TOPICS - 1; i++) {
    g_autofree char *name = g_strdup_printf ("%u", i);
    assert_true (inos_scores_set_topic (scores, name, &own));
    inos_score_first (scores, score, name);
  }
  assert_false (inos_scores_set_topic (scores, "one more", &own));
  assert_score (scores, score, 50); /* the cap */
  inos_scores_free (scores);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_time_in_mesh, setup, teardown),
    cmocka_unit_test_setup_teardown (test_first_deliveries, setup, teardown),
    cmocka_unit_test_setup_teardown (test_mesh_deliveries, setup, teardown),
    cmocka_unit_test_setup_teardown (test_invalid, setup, teardown),
    cmocka_unit_test_setup_teardown (test_others, setup, teardown),
    cmocka_unit_test_setup_teardown (test_retained, setup, teardown),
    cmocka_unit_test_setup_teardown (test_topics, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
