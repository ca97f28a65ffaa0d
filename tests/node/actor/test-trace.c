/*
 * Tracing: the ring of an actor, the path of a message.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/seen.h"

#include "node/actor/trace.h"

static void assert_traced (const struct inos_traced *t, const struct inos_message_type *type,
                           inos_actor_id sender, enum inos_traced_outcome outcome)
{
  assert_ptr_equal (t->type, type);
  assert_true (t->sender == sender);
  assert_int_equal (t->outcome, outcome);
  assert_true (t->id != 0);
  assert_true (t->handled >= t->queued);
}

static void test_ring (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    inos_actor_id id = one (runtime), other = one (runtime);
    struct inos_traced out[8];
    uint64_t total;
    run (runtime);
    assert_true (inos_trace_actor (runtime, id, 4));
    seen_post_nothing (runtime, SEEN_TO (other), (struct word){1}); /* not traced */
    for (uint64_t i = 0; i < 10; i++)
      seen_post_nothing (runtime, SEEN_TO (id), (struct word){i});
    run (runtime);
    assert_int_equal (inos_trace_read (runtime, id, out, 8, &total), 4);
    assert_int_equal (total, 10);
    for (unsigned i = 0; i < 4; i++) {
      assert_traced (&out[i], &seen_nothing_type, 0, INOS_TRACED_HANDLED);
      assert_true (out[i].recipient == id);
      assert_true (i == 0 || out[i].id > out[i - 1].id); /* as they were sent */
    }
    assert_int_equal (inos_trace_read (runtime, id, out, 2, NULL), 2); /* the latest */
    assert_int_equal (inos_trace_read (runtime, other, out, 8, &total), 0);
    assert_true (inos_trace_stop (runtime, id));
    assert_false (inos_trace_stop (runtime, id));
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

static void test_outcomes (void **state)
{
  struct inos_runtime *runtime = seeded (1);
  inos_actor_id id = one (runtime), other = one (runtime);
  struct inos_traced out[16];
  struct inos_traced *t = out;

  assert_true (inos_trace_actor (runtime, id, 16));
  seen_post_nothing (runtime, SEEN_TO (id), (struct word){1});
  seen_post_fail (runtime, SEEN_TO (id), (struct word){2});
  seen_post_forward (runtime, SEEN_TO (id), (struct whom){other});
  run (runtime);
  seen_post_pass (runtime, SEEN_TO (other), (struct whom){id});
  run (runtime);
  seen_post_pass (runtime, SEEN_TO (id), (struct whom){other});
  run (runtime);
  seen_post_end (runtime, SEEN_TO (id), (struct word){2});
  seen_post_nothing (runtime, SEEN_TO (id), (struct word){3}); /* too late: not its own any more */
  run (runtime);
  size_t count = inos_trace_read (runtime, id, out, 16, NULL);
  assert_int_equal (count, 8); /* it is gone: the ring is not */
  assert_traced (t++, &seen_nothing_type, 0, INOS_TRACED_HANDLED);
  assert_traced (t, &seen_fail_type, 0, INOS_TRACED_FAILED);
  assert_int_equal (t++->reason, INOS_DEAD_FAILED);
  assert_traced (t++, &seen_forward_type, 0, INOS_TRACED_FORWARDED);
  assert_traced (t++, &seen_answer_type, other, INOS_TRACED_HANDLED);
  assert_traced (t++, &seen_nothing_type, other, INOS_TRACED_HANDLED);
  assert_traced (t++, &seen_pass_type, 0, INOS_TRACED_HANDLED);
  assert_traced (t++, &seen_answer_reply_type, other, INOS_TRACED_HANDLED);
  assert_traced (t++, &seen_end_type, 0, INOS_TRACED_DONE);
  assert_string_equal (inos_traced_outcome_name (INOS_TRACED_FORWARDED), "forwarded");
  assert_false (inos_trace_actor (runtime, id, 16)); /* gone */
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_expired (void **state)
{
  struct inos_runtime *runtime = seeded (1);
  inos_actor_id id = one (runtime);
  const struct inos_send_options options = {.ttl_ms = 1};
  const struct word word = {1};
  struct inos_traced out[2];

  run (runtime);
  for (unsigned i = 0; i < 20000; i++) /* 2 ms of work before it */
    seen_post_nothing (runtime, SEEN_TO (id), word);
  inos_post (runtime, INOS_TO (id), &seen_nothing_type, &word, &options);
  assert_true (inos_trace_actor (runtime, id, 2));
  run (runtime);
  assert_int_equal (inos_trace_read (runtime, id, out, 2, NULL), 2);
  assert_int_equal (out[0].outcome, INOS_TRACED_HANDLED);
  assert_int_equal (out[1].outcome, INOS_TRACED_DEAD); /* too late */
  assert_int_equal (out[1].reason, INOS_DEAD_EXPIRED);
  inos_runtime_free (runtime, INOS_SECOND);
}

static const struct inos_traced *find (const struct inos_traced *steps, size_t count,
                                       const struct inos_message_type *type)
{
  for (size_t i = 0; i < count; i++)
    if (steps[i].type == type)
      return &steps[i];
  return NULL;
}

/* a is told to pass → a asks b and sends to b → b answers a. */
static void assert_path (const struct inos_traced *steps, size_t count, inos_actor_id a,
                         inos_actor_id b)
{
  assert_int_equal (count, 4);
  const struct inos_traced *pass = find (steps, count, &seen_pass_type),
                           *ask = find (steps, count, &seen_answer_type),
                           *word = find (steps, count, &seen_nothing_type),
                           *reply = find (steps, count, &seen_answer_reply_type);
  if (!pass || !ask || !word || !reply)
    fail_msg ("a step is missing");
  assert_true (pass->cause == 0 && pass->recipient == a);
  assert_true (ask->cause == pass->id && ask->sender == a && ask->recipient == b);
  assert_true (word->cause == pass->id && word->recipient == b);
  assert_true (reply->cause == ask->id && reply->sender == b && reply->recipient == a);
}

static void test_path (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    inos_actor_id a = one (runtime), b = one (runtime);
    struct inos_traced out[16];
    bool more;
    assert_true (inos_trace_path (runtime, a, 0));
    seen_post_nothing (runtime, SEEN_TO (b), (struct word){1}); /* not on the path */
    seen_post_pass (runtime, SEEN_TO (a), (struct whom){b});
    seen_post_pass (runtime, SEEN_TO (a), (struct whom){b}); /* the second: not either */
    run (runtime);
    size_t count = inos_trace_path_read (runtime, out, 16, &more);
    assert_path (out, count, a, b);
    assert_true (more);
    inos_trace_path_stop (runtime);
    assert_int_equal (inos_trace_path_read (runtime, out, 16, &more), 4);
    assert_false (more);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

static void test_path_bound (void **state)
{
  struct inos_runtime *runtime = seeded (4);
  inos_actor_id a = one (runtime), b = one (runtime);
  struct inos_traced out[16];
  bool more;

  assert_true (inos_trace_path (runtime, a, 5));
  seen_post_many (runtime, SEEN_TO (a), (struct many){b, 100, 0});
  run (runtime);
  assert_int_equal (inos_trace_path_read (runtime, out, 16, &more), 5);
  assert_false (more);
  assert_ptr_equal (out[0].type, &seen_many_type);
  for (unsigned i = 1; i < 5; i++)
    assert_true (out[i].cause == out[0].id);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* What is on the path of before does not come into the one of now. */
static void test_path_anew (void **state)
{
  struct inos_runtime *runtime = seeded (5);
  inos_actor_id a = one (runtime), b = one (runtime);
  struct inos_traced out[16];

  run (runtime);
  assert_int_equal (inos_trace_path_number (runtime), 0);
  assert_int_equal (inos_trace_path (runtime, a, 0), 1);
  seen_post_pass (runtime, SEEN_TO (a), (struct whom){b});
  inos_runtime_run (runtime, 300); /* a has sent; b may have handled some of it */
  assert_int_equal (inos_trace_path (runtime, b, 0), 2);
  assert_int_equal (inos_trace_path (runtime, 0, 0), 0); /* nobody's; the one that is goes on */
  assert_int_equal (inos_trace_path_number (runtime), 2);
  run (runtime);
  size_t count = inos_trace_path_read (runtime, out, 16, NULL);
  assert_null (find (out, count, &seen_pass_type));
  for (size_t i = 1; i < count; i++)
    assert_true (out[i].cause == out[0].id);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* A step that reaches nobody is on the path, and so is the answer that comes in its place. */
static void test_path_dead (void **state)
{
  struct inos_runtime *runtime = seeded (6);
  inos_actor_id a = one (runtime), b = one (runtime);
  struct inos_traced out[16];

  seen_post_end (runtime, SEEN_TO (b), (struct word){1});
  run (runtime);
  assert_true (inos_trace_path (runtime, a, 0));
  seen_post_pass (runtime, SEEN_TO (a), (struct whom){b});
  run (runtime);
  size_t count = inos_trace_path_read (runtime, out, 16, NULL);
  assert_int_equal (count, 4);
  const struct inos_traced *ask = find (out, count, &seen_answer_type),
                           *reply = find (out, count, NULL);
  assert_non_null (ask);
  assert_int_equal (ask->outcome, INOS_TRACED_DEAD);
  assert_int_equal (ask->reason, INOS_DEAD_GONE);
  assert_non_null (reply);
  assert_true (reply->cause == ask->id && reply->recipient == a);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* On and off from outside while threads run. */
static void test_threads (void **state)
{
  struct inos_runtime *runtime = threaded (2);
  inos_actor_id a = one (runtime), b = one (runtime);
  struct inos_traced out[64];
  uint64_t seen = 0, total;

  for (unsigned i = 0; i < 200; i++) {
    assert_true (inos_trace_actor (runtime, b, 32));
    assert_true (inos_trace_path (runtime, a, 16));
    seen_post_many (runtime, SEEN_TO (a), (struct many){b, 50, i % 2});
    g_usleep (i % 7 * 50);
    inos_trace_path_read (runtime, out, 64, NULL);
    inos_trace_read (runtime, b, out, 64, &total);
    seen += total;
    if (i % 3 == 0)
      inos_trace_path_stop (runtime);
    if (i % 2)
      inos_trace_stop (runtime, b);
  }
  settle (runtime);
  assert_true (seen > 0);
  inos_trace_stop (runtime, b);
  inos_trace_path_stop (runtime);
  seen_post_nothing (runtime, SEEN_TO (b), (struct word){1});
  settle (runtime);
  assert_int_equal (inos_trace_read (runtime, b, out, 64, &total), 0);
  assert_true (inos_trace_path (runtime, a, 16));
  seen_post_pass (runtime, SEEN_TO (a), (struct whom){b});
  settle (runtime);
  assert_path (out, inos_trace_path_read (runtime, out, 64, NULL), a, b);
  inos_runtime_free (runtime, INOS_SECOND);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_ring),       cmocka_unit_test (test_outcomes),
    cmocka_unit_test (test_expired),    cmocka_unit_test (test_path),
    cmocka_unit_test (test_path_bound), cmocka_unit_test (test_path_anew),
    cmocka_unit_test (test_path_dead),  cmocka_unit_test (test_threads),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
