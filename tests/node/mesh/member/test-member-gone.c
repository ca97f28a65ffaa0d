/*
 * Partial views: who has gone is not taken in again from what was put aside, or was under way.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/private.h"
#include "tests/node/mesh/member/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define MEMBERS 4u
#define INCARNATION 4u

/* A few neighbours with partial views, and somebody who has gone long ago, and has the first bit
 * of its tag set: of the sample of level 0, and of no other. */
struct scene {
  struct fixture f;
  struct fixture_member ghost;
  struct inos_members *one; /* who is looked at */
};

static void begin (struct scene *s)
{
  *s = (struct scene){0};
  fixture_init (&s->f, MEMBERS);
  s->f.config = (struct inos_members_config){.partial_above = 2, .full_below = 1};
  fixture_gather (&s->f);
  fixture_run (&s->f, s->f.now + 60 * SECOND);
  s->one = s->f.all[0].members;
  s->ghost.id = fixture_id (0x8f);
  s->ghost.trust = (struct inos_member_trust){.data = &s->ghost, .sign = fixture_sign};
  assert_true (inos_members_is_partial (s->one));
  for (unsigned i = 1; i < MEMBERS; i++)
    assert_non_null (inos_members_neighbor (s->one, inos_member_tag (&s->f.all[i].id)));
}

static uint64_t ghost_tag (const struct scene *s)
{
  return inos_member_tag (&s->ghost.id);
}

static enum inos_member_state ghost_state (const struct scene *s)
{
  const struct inos_member *member = inos_members_find (s->one, &s->ghost.id);

  return member ? inos_member_state (member) : 0;
}

static void put_record (struct scene *s, uint64_t incarnation, bool left, struct inos_buffer *out)
{
  const struct inos_member_metadata metadata = {0};
  struct inos_member_record *record = inos_member_store_sign (
    s->f.store, &s->ghost.trust, &s->ghost.id, incarnation, left, &metadata);

  inos_member_put_claim (out, &(struct inos_member_claim){.state = INOS_MEMBER_ALIVE,
                                                          .record = record->bytes,
                                                          .record_len = record->len});
  inos_member_record_unref (s->f.store, record);
}

static void give (struct scene *s, unsigned from, struct inos_buffer *message, bool datagram)
{
  (datagram ? inos_members_datagram : inos_members_message) (
    s->one, &s->f.all[from].id, inos_buffer_data (message), inos_buffer_len (message));
  inos_buffer_clear (message);
}

static void say_record (struct scene *s, enum inos_member_kind kind, unsigned from,
                        uint64_t incarnation, bool left)
{
  struct inos_buffer message = {0};

  inos_member_put_kind (&message, kind);
  put_record (s, incarnation, left, &message);
  give (s, from, &message, false);
}

static void say_death (struct scene *s, unsigned from)
{
  struct inos_buffer message = {0};

  inos_member_put_kind (&message, INOS_MEMBER_TREE);
  inos_member_put_claim (&message, &(struct inos_member_claim){.state = INOS_MEMBER_DEAD,
                                                               .tag = ghost_tag (s),
                                                               .incarnation = INCARNATION,
                                                               .accuser = 1});
  give (s, from, &message, false);
}

/* Who is asked to ask somebody does not take it for alive. */
static void test_asked_to_ask (void **state)
{
  struct scene s;
  struct inos_buffer message = {0};

  begin (&s);
  inos_member_put_kind (&message, INOS_MEMBER_PING_REQ);
  inos_member_put_sequence (&message, 1);
  inos_member_put_tag (&message, ghost_tag (&s));
  put_record (&s, INCARNATION, false, &message);
  give (&s, 1, &message, true);
  assert_int_equal (ghost_state (&s), 0);
  fixture_finish (&s.f);
}

/* Who was put aside while it was not of the sample does not get into it as that grows. */
static void test_widened (void **state)
{
  struct scene s;

  begin (&s);
  s.one->level = 1;
  say_record (&s, INOS_MEMBER_VIEW_REPLY, 1, INCARNATION, false);
  assert_int_equal (ghost_state (&s), INOS_MEMBER_ALIVE);
  assert_false (inos_member_is_sampled (inos_members_find (s.one, &s.ghost.id)));
  s.one->settling_since = 0;
  s.f.now += 3600 * SECOND;
  inos_members_adapt (s.one);
  assert_int_equal (s.one->level, 0);
  assert_int_equal (ghost_state (&s), 0);
  fixture_finish (&s.f);
}

/* A goodbye that came before whom it is about was known counts when it is said again. */
static void test_late_goodbye (void **state)
{
  struct scene s;

  begin (&s);
  say_record (&s, INOS_MEMBER_TREE, 1, INCARNATION + 1, true);
  assert_int_equal (ghost_state (&s), 0);
  say_record (&s, INOS_MEMBER_TREE, 2, INCARNATION, false);
  assert_int_equal (ghost_state (&s), INOS_MEMBER_ALIVE);
  say_record (&s, INOS_MEMBER_TREE, 3, INCARNATION + 1, true);
  assert_int_not_equal (ghost_state (&s), INOS_MEMBER_ALIVE);
  fixture_finish (&s.f);
}

static bool is_told_of_death (const struct scene *s, unsigned to)
{
  for (unsigned i = 0; i < s->f.packets->len; i++) {
    const struct fixture_packet *packet = &g_array_index (s->f.packets, struct fixture_packet, i);
    struct inos_member_message message;
    struct inos_member_claim claim;
    size_t offset = 0;
    if (packet->from != 0 || packet->to != to ||
        !inos_member_message_read (&message, packet->bytes, packet->len) ||
        message.kind != INOS_MEMBER_TREE)
      continue;
    while (inos_member_message_claim (&message, &offset, &claim))
      if (!claim.record && claim.tag == ghost_tag (s) && claim.state == INOS_MEMBER_DEAD)
        return true;
  }
  return false;
}

/* Who says that somebody is there who has died hears so at once, also for the first time, and
 * though that was said to all a moment ago. */
static void test_corrected (void **state)
{
  struct scene s;

  begin (&s);
  uint64_t begun = s.f.now;
  say_record (&s, INOS_MEMBER_TREE, 2, INCARNATION, false);
  fixture_run (&s.f, begun + 18 * SECOND);
  say_death (&s, 3); /* it may have been found out already */
  fixture_run (&s.f, begun + 36 * SECOND);
  assert_int_equal (ghost_state (&s), INOS_MEMBER_DEAD);
  say_record (&s, INOS_MEMBER_TREE, 1, INCARNATION, false);
  assert_int_equal (ghost_state (&s), INOS_MEMBER_DEAD);
  assert_true (is_told_of_death (&s, 1));
  fixture_finish (&s.f);
}

static bool is_sampled (const struct scene *s)
{
  const struct inos_member *member = inos_members_find (s->one, &s->ghost.id);

  return member && inos_member_is_sampled (member);
}

/* Whoever neighbours have put aside is not there for it: nobody else hears of it, and when it does
 * not answer it is forgotten. */
static void test_hearsay (void **state)
{
  struct scene s;

  begin (&s);
  say_record (&s, INOS_MEMBER_VIEW_REPLY, 1, INCARNATION, false);
  assert_int_equal (ghost_state (&s), INOS_MEMBER_ALIVE);
  assert_false (is_sampled (&s));
  fixture_run (&s.f, s.f.now + 120 * SECOND);
  assert_int_equal (ghost_state (&s), 0);
  for (unsigned i = 1; i < MEMBERS; i++)
    assert_null (inos_members_find (s.f.all[i].members, &s.ghost.id));
  fixture_finish (&s.f);
}

/* Whoever is asked what is new says that it is there; whoever asks to ask it does not. */
static void test_said (void **state)
{
  struct scene s;
  struct inos_buffer message = {0};

  begin (&s);
  say_record (&s, INOS_MEMBER_VIEW_REPLY, 1, INCARNATION, false);
  inos_member_put_kind (&message, INOS_MEMBER_PING_REQ);
  inos_member_put_sequence (&message, 1);
  inos_member_put_tag (&message, ghost_tag (&s));
  put_record (&s, INCARNATION, false, &message);
  give (&s, 1, &message, true);
  assert_false (is_sampled (&s));
  say_record (&s, INOS_MEMBER_TREE, 1, INCARNATION - 1, false);
  assert_false (is_sampled (&s));
  say_record (&s, INOS_MEMBER_TREE, 1, INCARNATION, false);
  assert_true (is_sampled (&s));
  fixture_finish (&s.f);
}

/* It answers itself. */
static void test_answered (void **state)
{
  struct scene s;
  struct inos_buffer message = {0};

  begin (&s);
  say_record (&s, INOS_MEMBER_VIEW_REPLY, 1, INCARNATION, false);
  s.one->probe =
    (struct probe){.target = s.ghost.id, .tag = ghost_tag (&s), .sequence = 7, .deadline = s.f.now};
  inos_member_put_kind (&message, INOS_MEMBER_ACK);
  inos_member_put_sequence (&message, 7);
  inos_members_datagram (s.one, &s.ghost.id, inos_buffer_data (&message),
                         inos_buffer_len (&message));
  inos_buffer_clear (&message);
  assert_true (is_sampled (&s));
  fixture_finish (&s.f);
}

/* What was put aside may be newer than what is known of its end, and older than that end. */
static void test_not_back_aside (void **state)
{
  struct scene s;

  begin (&s);
  say_record (&s, INOS_MEMBER_TREE, 2, INCARNATION, false);
  say_death (&s, 3);
  fixture_run (&s.f, s.f.now + 60 * SECOND);
  assert_int_equal (ghost_state (&s), INOS_MEMBER_DEAD);
  say_record (&s, INOS_MEMBER_VIEW_REPLY, 1, INCARNATION + 1, false);
  assert_int_equal (ghost_state (&s), INOS_MEMBER_DEAD);
  say_record (&s, INOS_MEMBER_TREE, 1, INCARNATION + 1, false);
  assert_int_equal (ghost_state (&s), INOS_MEMBER_ALIVE);
  fixture_finish (&s.f);
}

#define VICTIM 3u

static bool lose_victims (const struct fixture_packet *packet)
{
  return packet->from + packet->to == VICTIM && packet->from * packet->to == 0;
}

/* Somebody who is there, and is hearsay to 0, which cannot reach it and is told by a liar that it
 * is dead: nobody calls it so, 0 neither, since it hears of it and says that it is there. */
static void test_accused_hearsay (void **state)
{
  struct scene s;
  struct inos_buffer message = {0};

  begin (&s);
  uint64_t tag = inos_member_tag (&s.f.all[VICTIM].id);
  s.f.lose = lose_victims;
  for (unsigned i = 0; i < 10; i++) {
    struct inos_member *victim = inos_members_lookup (s.one, tag);
    assert_non_null (victim);
    inos_members_view_lost (s.one, victim);
    inos_members_set_hearsay (s.one, victim, true);
    inos_member_put_kind (&message, INOS_MEMBER_TREE);
    inos_member_put_claim (
      &message, &(struct inos_member_claim){.state = INOS_MEMBER_DEAD,
                                            .tag = tag,
                                            .incarnation = victim->record->incarnation,
                                            .accuser = inos_member_tag (&s.f.all[2].id)});
    give (&s, 1, &message, false);
    fixture_run (&s.f, s.f.now + 30 * SECOND);
  }
  for (unsigned i = 0; i < VICTIM; i++)
    assert_null (strstr (s.f.all[i].events->str, "died 3\n"));
  assert_non_null (strstr (s.f.all[0].events->str, "cleared 3\n"));
  fixture_finish (&s.f);
}

static void say_level (struct scene *s, unsigned level, bool asked)
{
  struct inos_buffer message = {0};

  s->one->syncs[0].tag = asked ? inos_member_tag (&s->f.all[1].id) : 0;
  s->one->syncs[0].until = s->f.now + SECOND;
  inos_member_put_kind (&message, asked ? INOS_MEMBER_SYNC_LIST : INOS_MEMBER_SYNC);
  inos_member_put_summary (&message, level, 1, 1);
  inos_member_put_flag (&message);
  give (s, 1, &message, false);
}

/* Of a hundred and more, those ten whose tags begin with four bits of zero. */
static void know_ten (struct scene *s)
{
  for (unsigned i = MEMBERS; i < 10; i++) {
    s->ghost.id = fixture_id (i);
    say_record (s, INOS_MEMBER_TREE, 2, INCARNATION, false);
  }
  assert_int_equal (s->one->n_sampled, 10);
}

/* Who has learnt only of the sample that others have takes that one: it would take all for so few.
 * Whatever they say, its own is not emptied for it. */
static void test_sample_of_others (void **state)
{
  struct scene s;

  begin (&s);
  know_ten (&s);
  inos_members_reap (s.one);
  assert_int_equal (s.one->level, 0);
  say_level (&s, 3, false); /* who was not asked can say what they like */
  inos_members_reap (s.one);
  assert_int_equal (s.one->level, 0);
  say_level (&s, 3, true);
  inos_members_reap (s.one);
  assert_int_equal (s.one->level, 3);
  assert_int_equal (s.one->n_sampled, 10);
  say_level (&s, 24, true);
  inos_members_reap (s.one);
  assert_int_equal (s.one->level, 4);
  assert_int_equal (s.one->n_sampled, 10);
  fixture_finish (&s.f);
}

/* Whoever came before one is told how large the mesh is, and is not of the sample of such a mesh,
 * does not stay in it: nobody would ever say of it that it has gone. */
static void test_welcomed (void **state)
{
  struct scene s;
  struct inos_buffer message = {0};

  begin (&s);
  s.one->partial = s.one->joined = false;
  say_record (&s, INOS_MEMBER_TREE, 1, INCARNATION, false);
  assert_true (is_sampled (&s));
  s.one->syncs[0].tag = inos_member_tag (&s.f.all[1].id);
  s.one->syncs[0].until = s.f.now + SECOND;
  inos_member_put_kind (&message, INOS_MEMBER_SYNC_LIST);
  inos_member_put_summary (&message, 1, 1, 1);
  inos_member_put_flag (&message);
  give (&s, 1, &message, false);
  assert_int_equal (s.one->level, 1);
  assert_false (is_sampled (&s));
  fixture_finish (&s.f);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_asked_to_ask),     cmocka_unit_test (test_widened),
    cmocka_unit_test (test_late_goodbye),     cmocka_unit_test (test_corrected),
    cmocka_unit_test (test_hearsay),          cmocka_unit_test (test_said),
    cmocka_unit_test (test_answered),         cmocka_unit_test (test_not_back_aside),
    cmocka_unit_test (test_sample_of_others), cmocka_unit_test (test_welcomed),
    cmocka_unit_test (test_accused_hearsay),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
