/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/private.h"
#include "tests/node/mesh/member/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* One that nobody hears, and that hears nobody. */
static unsigned alone;

static bool lose_alone (const struct fixture_packet *packet)
{
  return packet->from == alone || packet->to == alone;
}

/* Those between 0 and `alone` directly, but not by way of others. */
static bool lose_direct (const struct fixture_packet *packet)
{
  return (packet->from == 0 && packet->to == alone) || (packet->from == alone && packet->to == 0);
}

static void test_join (void **state)
{
  struct fixture f;

  fixture_init (&f, 5);
  fixture_gather (&f);
  for (unsigned i = 0; i < 5; i++) {
    assert_true (inos_members_is_joined (f.all[i].members) || i == 0);
    assert_int_equal (inos_members_count (f.all[i].members), 5);
    assert_int_equal (inos_members_estimate (f.all[i].members), 5);
  }
  fixture_finish (&f);
}

/* Four intervals are the least that a suspect has in a mesh of ten or fewer; alone that counts six
 * times, but others confirm it. */
static void test_crash (void **state)
{
  struct fixture f;

  fixture_init (&f, 5);
  fixture_gather (&f);
  fixture_stop (&f, 4);
  fixture_run (&f, f.now + 30 * SECOND);
  for (unsigned i = 0; i < 4; i++) {
    assert_string_equal (f.all[i].events->str, "suspected 4\ndied 4\n");
    assert_int_equal (inos_members_count (f.all[i].members), 4);
  }
  fixture_finish (&f);
}

/* What a node says of itself before anybody has heard of it is said at once: where datagrams reach
 * it is in the first record that others get. Later it waits its turn. */
static unsigned cores_said (struct fixture *f)
{
  const struct inos_member *member = inos_members_find (f->all[0].members, &f->all[0].id);

  return inos_member_record_metadata (inos_member_record (member)).cores;
}

static void set_cores (struct fixture *f, uint16_t cores)
{
  inos_members_set_metadata (f->all[0].members, &(struct inos_member_metadata){.cores = cores});
  if (inos_members_deadline (f->all[0].members) <= f->now)
    inos_members_tick (f->all[0].members);
}

static void test_says_at_once (void **state)
{
  struct fixture f;

  fixture_init (&f, 2);
  fixture_start (&f, 0, 1);
  fixture_start (&f, 1, 1);
  set_cores (&f, 3);
  assert_int_equal (cores_said (&f), 3);
  fixture_finish (&f);
  fixture_init (&f, 3);
  fixture_gather (&f);
  set_cores (&f, 4);
  set_cores (&f, 5);
  assert_int_equal (cores_said (&f), 4);
  fixture_run (&f, f.now + 10 * SECOND);
  assert_int_equal (cores_said (&f), 5);
  fixture_finish (&f);
}

static unsigned datagrams_of (struct fixture *f, unsigned i, uint64_t time)
{
  const struct inos_members_stats *stats = inos_members_stats (f->all[i].members);
  uint64_t before = stats->datagrams;

  fixture_run (f, f->now + time);
  return (unsigned)(stats->datagrams - before);
}

/* Who rests asks less; nobody takes it for dead, and it hears still that another is. */
static void test_rests (void **state)
{
  struct fixture f;

  fixture_init (&f, 5);
  fixture_gather (&f);
  fixture_run (&f, f.now + 30 * SECOND);
  unsigned usual = datagrams_of (&f, 1, 60 * SECOND);
  for (unsigned i = 0; i < 4; i++)
    inos_members_rest (f.all[i].members, true);
  fixture_run (&f, f.now + 5 * SECOND);
  unsigned rested = datagrams_of (&f, 1, 60 * SECOND);
  assert_true (rested * 3 < usual * 2);
  for (unsigned i = 0; i < 5; i++)
    assert_string_equal (f.all[i].events->str, "");
  fixture_stop (&f, 4);
  fixture_run (&f, f.now + 90 * SECOND);
  for (unsigned i = 0; i < 4; i++) {
    assert_string_equal (f.all[i].events->str, "suspected 4\ndied 4\n");
    inos_members_rest (f.all[i].members, false);
  }
  fixture_finish (&f);
}

/* Whoever cannot be asked directly can be asked by others: nobody is suspected. */
static void test_indirect (void **state)
{
  struct fixture f;

  fixture_init (&f, 5);
  fixture_gather (&f);
  alone = 3;
  f.lose = lose_direct;
  fixture_run (&f, f.now + 60 * SECOND);
  for (unsigned i = 0; i < 5; i++)
    assert_string_equal (f.all[i].events->str, "");
  fixture_finish (&f);
}

/* A suspect that hears of it says that it is there, with a greater incarnation. */
static void test_refute (void **state)
{
  struct fixture f;
  struct inos_buffer out = {0};

  fixture_init (&f, 4);
  fixture_gather (&f);
  uint64_t before = inos_members_incarnation (f.all[2].members);
  inos_member_put_kind (&out, INOS_MEMBER_GOSSIP);
  inos_member_put_claim (&out,
                         &(struct inos_member_claim){.state = INOS_MEMBER_DEAD,
                                                     .tag = inos_member_tag (&f.all[2].id),
                                                     .incarnation = before,
                                                     .accuser = inos_member_tag (&f.all[3].id)});
  inos_members_datagram (f.all[0].members, &f.all[3].id, inos_buffer_data (&out),
                         inos_buffer_len (&out));
  assert_string_equal (f.all[0].events->str, "suspected 2\n");
  assert_int_equal (fixture_state (&f, 2, 0), INOS_MEMBER_SUSPECT);
  fixture_run (&f, f.now + 5 * SECOND);
  assert_string_equal (f.all[0].events->str, "suspected 2\ncleared 2\n");
  assert_true (inos_members_incarnation (f.all[2].members) == before + 1);
  assert_true (inos_members_stats (f.all[2].members)->refuted > 0);
  inos_buffer_clear (&out);
  fixture_finish (&f);
}

/* An accusation of an incarnation that never was makes nobody raise its own. */
static void test_unheard_of_incarnation (void **state)
{
  struct fixture f;
  struct inos_buffer out = {0};

  fixture_init (&f, 3);
  fixture_gather (&f);
  uint64_t before = inos_members_incarnation (f.all[1].members);
  inos_member_put_kind (&out, INOS_MEMBER_GOSSIP);
  inos_member_put_claim (&out, &(struct inos_member_claim){.state = INOS_MEMBER_SUSPECT,
                                                           .tag = inos_member_tag (&f.all[1].id),
                                                           .incarnation = before + 1000});
  for (unsigned i = 0; i < 2; i++)
    inos_members_datagram (f.all[i].members, &f.all[2].id, inos_buffer_data (&out),
                           inos_buffer_len (&out));
  fixture_run (&f, f.now + 5 * SECOND);
  assert_true (inos_members_incarnation (f.all[1].members) == before);
  assert_string_equal (f.all[0].events->str, "");
  inos_buffer_clear (&out);
  fixture_finish (&f);
}

/* Whoever hears nobody doubts itself; when it hears again, it is well after some time. */
static void test_health (void **state)
{
  struct fixture f;

  fixture_init (&f, 6);
  fixture_gather (&f);
  alone = 0;
  f.lose = lose_alone;
  fixture_run (&f, f.now + 6 * SECOND);
  assert_true (inos_members_health (f.all[0].members) >= 3);
  for (unsigned i = 1; i < 6; i++)
    assert_in_range (inos_members_health (f.all[i].members), 0, 1);
  f.lose = NULL;
  fixture_run (&f, f.now + 120 * SECOND);
  assert_int_equal (inos_members_health (f.all[0].members), 0);
  for (unsigned i = 0; i < 6; i++)
    assert_int_equal (inos_members_count (f.all[i].members), 6);
  fixture_finish (&f);
}

static void test_leave (void **state)
{
  struct fixture f;

  fixture_init (&f, 5);
  fixture_gather (&f);
  inos_members_leave (f.all[1].members);
  fixture_run (&f, f.now + SECOND);
  fixture_stop (&f, 1);
  fixture_run (&f, f.now + 5 * SECOND);
  for (unsigned i = 0; i < 5; i++)
    if (i != 1)
      assert_string_equal (f.all[i].events->str, "went 1\n");
  fixture_finish (&f);
}

/* A restart is with a greater incarnation, also where the disk has forgotten and the clock is
 * wrong: others have what it said then. */
static void test_rejoin (void **state)
{
  struct fixture f;

  fixture_init (&f, 4);
  fixture_gather (&f);
  for (unsigned i = 0; i < 3; i++) { /* so that it has an incarnation of its own making */
    inos_members_set_metadata (f.all[2].members,
                               &(struct inos_member_metadata){.load = (uint16_t)(i + 1)});
    fixture_run (&f, f.now + 10 * SECOND);
  }
  uint64_t before = inos_members_incarnation (f.all[2].members);
  fixture_stop (&f, 2);
  fixture_run (&f, f.now + 30 * SECOND);
  assert_int_equal (fixture_state (&f, 2, 0), INOS_MEMBER_DEAD);
  uint64_t now = f.now;
  f.now = 1; /* so that the wall clock is behind what it said */
  fixture_start (&f, 2, 0);
  f.now = now;
  assert_true (inos_members_incarnation (f.all[2].members) < before);
  inos_members_join (f.all[2].members, &f.all[0].id, 1);
  fixture_run (&f, f.now + 20 * SECOND);
  assert_true (inos_members_incarnation (f.all[2].members) > before);
  for (unsigned i = 0; i < 4; i++)
    assert_int_equal (inos_members_count (f.all[i].members), 4);
  fixture_finish (&f);
}

/* Both sides of a partition call each other dead, and find each other again by themselves. */
static bool lose_across (const struct fixture_packet *packet)
{
  return packet->from / 2 != packet->to / 2;
}

static void test_partition (void **state)
{
  struct fixture f;

  fixture_init (&f, 4);
  fixture_gather (&f);
  f.lose = lose_across;
  fixture_run (&f, f.now + 90 * SECOND);
  assert_int_equal (inos_members_count (f.all[0].members), 2);
  assert_int_equal (inos_members_count (f.all[3].members), 2);
  f.lose = NULL;
  fixture_run (&f, f.now + 60 * SECOND);
  for (unsigned i = 0; i < 4; i++)
    assert_int_equal (inos_members_count (f.all[i].members), 4);
  fixture_finish (&f);
}

/* Nothing wakes who knows nobody; who comes finds it awake. */
static void test_alone (void **state)
{
  struct fixture f;

  fixture_init (&f, 2);
  fixture_start (&f, 0, 0);
  fixture_run (&f, f.now + 60 * SECOND);
  assert_true (inos_members_deadline (f.all[0].members) == INOS_NEVER);
  fixture_start (&f, 1, 0);
  inos_members_meet (f.all[1].members, &f.all[0].id);
  fixture_run (&f, f.now + 5 * SECOND);
  assert_int_equal (inos_members_count (f.all[0].members), 2);
  assert_int_equal (inos_members_count (f.all[1].members), 2);
  assert_true (inos_members_deadline (f.all[0].members) < f.now + 2 * SECOND);
  /* it asks: who falls silent is noticed */
  fixture_stop (&f, 1);
  fixture_run (&f, f.now + 60 * SECOND);
  assert_int_equal (inos_members_count (f.all[0].members), 1);
  fixture_finish (&f);
}

/* Two meshes of two that have each answered: one of each hears that there is a way to the other. */
static void test_meet (void **state)
{
  struct fixture f;

  fixture_init (&f, 4);
  for (unsigned i = 0; i < 4; i++)
    fixture_start (&f, i, 0);
  inos_members_meet (f.all[0].members, &f.all[1].id);
  inos_members_meet (f.all[2].members, &f.all[3].id);
  inos_members_meet (f.all[2].members, &f.all[2].id); /* of itself: nothing */
  fixture_run (&f, f.now + 5 * SECOND);
  for (unsigned i = 0; i < 4; i++)
    assert_int_equal (inos_members_count (f.all[i].members), 2);
  inos_members_meet (f.all[1].members, &f.all[2].id);
  fixture_run (&f, f.now + 10 * SECOND);
  for (unsigned i = 0; i < 4; i++)
    assert_int_equal (inos_members_count (f.all[i].members), 4);
  fixture_finish (&f);
}

/* Where nobody answers at first it asks again, whom it met last too. */
static void test_meet_later (void **state)
{
  struct fixture f;

  fixture_init (&f, 2);
  fixture_start (&f, 0, 0);
  for (unsigned i = 0; i < 2 * INOS_MEMBER_SEEDS_MAX; i++) {
    struct inos_peer_id nobody = fixture_id (100 + i);
    inos_members_meet (f.all[0].members, &nobody);
  }
  inos_members_meet (f.all[0].members, &f.all[1].id);
  fixture_run (&f, f.now + 60 * SECOND);
  assert_false (inos_members_is_joined (f.all[0].members));
  fixture_start (&f, 1, 0);
  fixture_run (&f, f.now + 1200 * SECOND);
  assert_int_equal (inos_members_count (f.all[0].members), 2);
  assert_int_equal (inos_members_count (f.all[1].members), 2);
  fixture_finish (&f);
}

static unsigned count_dead_passive (const struct fixture *f, unsigned at)
{
  const struct view *view = &f->all[at].members->view;
  unsigned n = 0;

  for (unsigned i = 0; i < view->n_passive; i++)
    n += !f->all[view->passive[i]->record->id.bytes[37] - 1].members;
  return n;
}

/* Partial views: those that were to take a neighbour's place, and have died with it, go when they
 * do not answer. */
static void test_dead_passive (void **state)
{
  struct fixture f;

  fixture_init (&f, FIXTURE_MAX);
  f.config = (struct inos_members_config){.partial_above = 2, .full_below = 1, .sample_max = 2};
  fixture_gather (&f);
  fixture_run (&f, f.now + 120 * SECOND);
  unsigned passive = 0;
  for (unsigned i = 0; i < FIXTURE_MAX; i++) {
    assert_true (inos_members_is_partial (f.all[i].members));
    passive += f.all[i].members->view.n_passive;
  }
  assert_true (passive > 0);
  fixture_stop (&f, 5);
  fixture_stop (&f, 6);
  fixture_stop (&f, 7);
  /* Of those that are put aside one in four probes asks. */
  fixture_run (&f, f.now + 240 * SECOND);
  for (unsigned i = 0; i < 5; i++) {
    assert_int_equal (count_dead_passive (&f, i), 0);
    assert_true (f.all[i].members->view.n_active > 0);
  }
  fixture_finish (&f);
}

static void test_metadata (void **state)
{
  struct inos_member_metadata metadata = {.load = 375, .cores = 8, .region = "Köln"};
  struct fixture f;

  fixture_init (&f, 3);
  fixture_gather (&f);
  inos_members_set_metadata (f.all[1].members, &metadata);
  fixture_run (&f, f.now + 10 * SECOND);
  const struct inos_member *member = inos_members_find (f.all[2].members, &f.all[1].id);
  struct inos_member_metadata said = inos_member_record_metadata (inos_member_record (member));
  assert_memory_equal (&said, &metadata, sizeof metadata);
  assert_string_equal (f.all[2].events->str, "changed 1\n");
  fixture_finish (&f);
}

/* However often it changes, it is said once in five seconds at most. */
static void test_metadata_rate (void **state)
{
  struct inos_member_metadata metadata = {0};
  struct fixture f;

  fixture_init (&f, 3);
  fixture_gather (&f);
  uint64_t before = inos_members_incarnation (f.all[1].members);
  for (unsigned i = 0; i < 100; i++) {
    metadata.load = (uint16_t)(i + 1);
    inos_members_set_metadata (f.all[1].members, &metadata);
    fixture_run (&f, f.now + SECOND / 10);
  }
  assert_in_range (inos_members_incarnation (f.all[1].members) - before, 1, 3);
  fixture_run (&f, f.now + 10 * SECOND);
  const struct inos_member *member = inos_members_find (f.all[2].members, &f.all[1].id);
  assert_int_equal (inos_member_record_metadata (inos_member_record (member)).load, 100);
  fixture_finish (&f);
}

/* So it is where views are partial, where nobody compares all that there is. */
static void test_rejoin_partial (void **state)
{
  struct fixture f;

  fixture_init (&f, 5);
  f.config = (struct inos_members_config){.partial_above = 2, .full_below = 1, .sample_max = 8};
  fixture_gather (&f);
  for (unsigned i = 0; i < 12; i++) {
    inos_members_set_metadata (f.all[2].members,
                               &(struct inos_member_metadata){.load = (uint16_t)(i + 1)});
    fixture_run (&f, f.now + 10 * SECOND);
  }
  uint64_t before = inos_members_incarnation (f.all[2].members);
  fixture_stop (&f, 2);
  fixture_run (&f, f.now + 60 * SECOND);
  for (unsigned i = 0; i < 5; i++)
    if (i != 2)
      assert_int_equal (fixture_state (&f, 2, i), INOS_MEMBER_DEAD);
  uint64_t now = f.now;
  f.now = 1;
  fixture_start (&f, 2, 0);
  f.now = now;
  assert_true (inos_members_incarnation (f.all[2].members) + 2 < before);
  inos_members_join (f.all[2].members, &f.all[0].id, 1);
  fixture_run (&f, f.now + 20 * SECOND);
  assert_true (inos_members_incarnation (f.all[2].members) > before);
  for (unsigned i = 0; i < 5; i++)
    if (i != 2)
      assert_int_equal (fixture_state (&f, 2, i), INOS_MEMBER_ALIVE);
  fixture_finish (&f);
}

/* The dead are forgotten after a while. */
static void test_forget (void **state)
{
  struct fixture f;

  fixture_init (&f, 3);
  fixture_gather (&f);
  fixture_stop (&f, 2);
  fixture_run (&f, f.now + 60 * SECOND);
  assert_int_equal (inos_members_total (f.all[0].members), 3);
  fixture_run (&f, f.now + 700 * SECOND);
  assert_int_equal (inos_members_total (f.all[0].members), 2);
  assert_true (g_str_has_suffix (f.all[0].events->str, "dropped 2\n"));
  assert_int_equal (inos_member_store_count (f.store), 2);
  fixture_finish (&f);
}

/* Who was asleep does not take those for dead that it did not listen to. */
static void test_asleep (void **state)
{
  struct fixture f;

  fixture_init (&f, 4);
  fixture_gather (&f);
  for (unsigned i = 0; i < 20; i++) {
    fixture_run (&f, f.now + SECOND);
    fixture_deliver (&f);
    /* Nobody is called for ten seconds: the whole machine was. */
    f.now += 10 * SECOND;
  }
  for (unsigned i = 0; i < 4; i++)
    assert_null (strstr (f.all[i].events->str, "died"));
  fixture_finish (&f);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_join),
    cmocka_unit_test (test_crash),
    cmocka_unit_test (test_rests),
    cmocka_unit_test (test_says_at_once),
    cmocka_unit_test (test_indirect),
    cmocka_unit_test (test_refute),
    cmocka_unit_test (test_unheard_of_incarnation),
    cmocka_unit_test (test_health),
    cmocka_unit_test (test_leave),
    cmocka_unit_test (test_rejoin),
    cmocka_unit_test (test_rejoin_partial),
    cmocka_unit_test (test_partition),
    cmocka_unit_test (test_alone),
    cmocka_unit_test (test_meet),
    cmocka_unit_test (test_meet_later),
    cmocka_unit_test (test_dead_passive),
    cmocka_unit_test (test_metadata),
    cmocka_unit_test (test_metadata_rate),
    cmocka_unit_test (test_forget),
    cmocka_unit_test (test_asleep),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
