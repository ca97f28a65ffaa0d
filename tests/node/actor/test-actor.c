/*
 * Actors: messages, requests, failures, links and monitors, timers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/fixture.h"

#include "node/actor/dead_letter.h"
#include "node/actor/route.h"

#include <stdatomic.h>
#include <string.h>

/* A counter, which does one of everything. What it saw goes to a log outside of it. */

struct add {
  uint64_t by;
};
struct total {
  uint64_t total;
};
struct large {
  uint64_t words[20];
};
struct fail {
  int32_t code;
};
struct owned {
  GBytes *bytes;
};
struct ask {
  inos_actor_id whom;
};

static void owned_clear (void *message)
{
  struct owned *owned = message;

  g_clear_pointer (&owned->bytes, g_bytes_unref);
}

static void owned_copy (void *to, const void *from)
{
  const struct owned *a = from;

  *(struct owned *)to = (struct owned){g_bytes_ref (a->bytes)};
}

#define COUNTER(MESSAGE, REQUEST)                                                                  \
  MESSAGE (counter, add, struct add, 1)                                                            \
  MESSAGE (counter, large, struct large, 2)                                                        \
  MESSAGE (counter, fail, struct fail, 1)                                                          \
  MESSAGE (counter, stop, struct inos_nothing, 1)                                                  \
  MESSAGE (counter, watch, struct ask, 1)                                                          \
  MESSAGE (counter, join, struct ask, 1)                                                           \
  MESSAGE (counter, ask, struct ask, 1)                                                            \
  MESSAGE (counter, urgent, struct add, 1, INOS_PRIORITY (INOS_PRIORITY_CRITICAL))                 \
  MESSAGE (counter, owned, struct owned, 1, .clear = owned_clear, .copy = owned_copy)              \
  MESSAGE (counter, tick, struct add, 1)                                                           \
  REQUEST (counter, read, struct inos_nothing, struct total, 1)                                    \
  REQUEST (counter, silence, struct inos_nothing, struct total, 1)
INOS_PROTOCOL (counter, COUNTER);
INOS_PROTOCOL_DEFINE (counter, COUNTER);

struct log {
  uint64_t sum, order;
  uint64_t started, stopped, cleared, down, exited, replied, owned;
  enum inos_replied status;
  uint64_t read, tag, ticks, last_tick;
  struct inos_exit reason;
  enum inos_action action;
  bool trap;
};

struct counter {
  struct log *log;
  uint64_t sum;
  inos_timer timer;
};

static enum inos_outcome counter_pre_start (void *state, struct inos_context *context,
                                            const void *argument)
{
  struct counter *self = state;

  self->log = *(struct log *const *)argument;
  self->log->started++;
  return INOS_OK;
}

static void counter_ended (void *state, struct inos_context *context, struct inos_exit reason)
{
  struct counter *self = state;

  self->log->stopped++;
  self->log->reason = reason;
}

static void counter_clear (void *state)
{
  struct counter *self = state;

  if (self->log)
    self->log->cleared++;
}

static enum inos_action counter_on_error (void *state, struct inos_context *context,
                                          const struct inos_failure *failure)
{
  struct counter *self = state;

  assert_string_equal (failure->text, "it was asked to");
  assert_ptr_equal (failure->type, &counter_fail_type);
  return self->log->action;
}

static enum inos_outcome counter_on_down (void *state, struct inos_context *context,
                                          inos_actor_id who, struct inos_exit reason)
{
  struct counter *self = state;

  self->log->down++;
  self->log->reason = reason;
  return INOS_OK;
}

INOS_HANDLE (counter, add, struct counter)
{
  self->sum += message->by;
  self->log->sum = self->sum;
  self->log->order = self->log->order * 10 + message->by;
  return INOS_OK;
}

INOS_HANDLE (counter, urgent, struct counter)
{
  self->log->order = self->log->order * 10 + message->by;
  return INOS_OK;
}

INOS_HANDLE (counter, large, struct counter)
{
  for (size_t i = 0; i < G_N_ELEMENTS (message->words); i++)
    self->log->sum += message->words[i];
  return INOS_OK;
}

INOS_HANDLE (counter, fail, struct counter)
{
  return inos_fail (context, message->code, "it was asked to");
}

INOS_HANDLE (counter, stop, struct counter)
{
  return INOS_DONE;
}

INOS_HANDLE (counter, watch, struct counter)
{
  inos_monitor (context, message->whom);
  return INOS_OK;
}

INOS_HANDLE (counter, join, struct counter)
{
  inos_link (context, message->whom);
  return INOS_OK;
}

static enum inos_outcome on_total (void *state, struct inos_context *context,
                                   enum inos_replied status, const struct total *reply,
                                   uint64_t tag)
{
  struct counter *self = state;

  self->log->replied++;
  self->log->status = status;
  self->log->tag = tag;
  if (status == INOS_REPLIED)
    self->log->read = reply->total;
  else
    assert_null (reply);
  return INOS_OK;
}

INOS_HANDLE (counter, ask, struct counter)
{
  counter_ref to = {INOS_TO (message->whom)};

  counter_request_read (context, to, INOS_NOTHING, INOS_SECOND, on_total, 7);
  return INOS_OK;
}

INOS_HANDLE (counter, owned, struct counter)
{
  self->log->owned += g_bytes_get_size (message->bytes);
  return INOS_OK;
}

INOS_HANDLE (counter, tick, struct counter)
{
  self->log->ticks++;
  self->log->last_tick = inos_now (context);
  return INOS_OK;
}

INOS_HANDLE (counter, read, struct counter)
{
  counter_reply_read (context, (struct total){self->sum});
  return INOS_OK;
}

INOS_HANDLE (counter, silence, struct counter)
{
  return INOS_OK;
}

INOS_BEHAVIOUR (counter, COUNTER, struct counter, .pre_start = counter_pre_start,
                .post_stop = counter_ended, .on_error = counter_on_error,
                .on_down = counter_on_down, .clear = counter_clear);

static inos_actor_id counter (struct inos_runtime *runtime, struct log *log)
{
  return spawn (runtime, &counter_behaviour, &log, sizeof log);
}

#define TO(id) ((counter_ref){INOS_TO (id)})

static void test_messages (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    struct log log = {0};
    inos_actor_id id = counter (runtime, &log);
    for (uint64_t i = 1; i <= 9; i++)
      assert_int_equal (counter_post_add (runtime, TO (id), (struct add){i}), INOS_ACCEPTED);
    run (runtime);
    assert_int_equal (log.sum, 45);
    assert_int_equal (log.order, 123456789); /* as they were sent */
    struct large large = {{[0] = 5, [19] = 7}};
    counter_post_large (runtime, TO (id), large);
    run (runtime);
    assert_int_equal (log.sum, 57);
    assert_int_equal (log.started, 1);
    inos_runtime_free (runtime, INOS_SECOND);
    assert_int_equal (log.stopped, 1);
    assert_int_equal (log.cleared, 1);
    assert_int_equal (log.reason.kind, INOS_EXIT_SHUTDOWN);
  }
}

static void test_owned (void **state)
{
  struct inos_runtime *runtime = seeded (1);
  struct log log = {0};
  inos_actor_id id = counter (runtime, &log);
  GBytes *bytes = g_bytes_new ("hello", 5);

  counter_post_owned (runtime, TO (id), (struct owned){g_bytes_ref (bytes)});
  run (runtime);
  assert_int_equal (log.owned, 5);
  counter_post_stop (runtime, TO (id), INOS_NOTHING);
  counter_post_owned (runtime, TO (id), (struct owned){g_bytes_ref (bytes)}); /* a dead letter */
  run (runtime);
  inos_runtime_free (runtime, INOS_SECOND);
  size_t size;
  g_free (g_bytes_unref_to_data (bytes, &size)); /* the last reference: no copy, no leak */
}

static void test_dead_letters (void **state)
{
  struct inos_runtime *runtime = seeded (2);
  struct log log = {0};
  inos_actor_id id = counter (runtime, &log);
  struct inos_dead_letter letters[8];

  counter_post_stop (runtime, TO (id), INOS_NOTHING);
  counter_post_add (runtime, TO (id), (struct add){1});
  run (runtime);
  assert_int_equal (log.reason.kind, INOS_EXIT_NORMAL);
  assert_int_equal (counter_post_add (runtime, TO (id), (struct add){2}), INOS_DEAD);
  assert_int_equal (inos_dead_letters (runtime, letters, 8), 2);
  assert_ptr_equal (letters[0].type, &counter_add_type);
  assert_int_equal (letters[0].reason, INOS_DEAD_GONE);
  assert_int_equal (letters[1].recipient, id);
  inos_actor_id second = counter (runtime, &log);
  assert_true (second != id);
  run (runtime);
  assert_int_equal (log.sum, 0); /* the one before got them, not this one */
  struct inos_address to = INOS_TO (second);
  assert_int_equal (inos_dead_letter_resend (runtime, letters[0].number, &to), INOS_ACCEPTED);
  run (runtime);
  assert_int_equal (log.sum, 2);
  assert_int_equal (inos_dead_letters (runtime, letters, 8), 1);
  assert_int_equal (inos_dead_letter_resend (runtime, 12345, NULL), INOS_DEAD);
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_requests (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    struct log a = {0}, b = {0};
    inos_actor_id asks = counter (runtime, &a), answers = counter (runtime, &b);
    counter_post_add (runtime, TO (answers), (struct add){5});
    counter_post_ask (runtime, TO (asks), (struct ask){answers});
    run (runtime);
    assert_int_equal (a.replied, 1);
    assert_int_equal (a.status, INOS_REPLIED);
    assert_int_equal (a.tag, 7);
    assert_true (a.read == 5);
    counter_post_stop (runtime, TO (answers), INOS_NOTHING);
    run (runtime);
    counter_post_ask (runtime, TO (asks), (struct ask){answers});
    run (runtime);
    assert_int_equal (a.replied, 2);
    assert_int_equal (a.status, INOS_REPLY_DEAD);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

static void test_failures (void **state)
{
  struct inos_runtime *runtime = seeded (3);
  struct log log = {.action = INOS_RESUME};
  inos_actor_id id = counter (runtime, &log);

  counter_post_add (runtime, TO (id), (struct add){1});
  counter_post_fail (runtime, TO (id), (struct fail){9});
  counter_post_add (runtime, TO (id), (struct add){1});
  run (runtime);
  assert_int_equal (log.sum, 2); /* resumed with its state */
  log.action = INOS_RESTART;
  counter_post_fail (runtime, TO (id), (struct fail){9});
  counter_post_add (runtime, TO (id), (struct add){4});
  run (runtime);
  assert_int_equal (log.sum, 4); /* a new state, the same id and mailbox */
  assert_int_equal (log.started, 2);
  for (unsigned i = 0; i < 3; i++)
    counter_post_fail (runtime, TO (id), (struct fail){11});
  run (runtime);
  assert_int_equal (log.started, 4); /* three times, and no more */
  assert_int_equal (log.stopped, 1);
  assert_int_equal (log.reason.kind, INOS_EXIT_ERROR);
  assert_int_equal (log.reason.code, 11);
  assert_int_equal (log.cleared, 4);
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_monitors (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    struct log a = {0}, b = {0};
    inos_actor_id watcher = counter (runtime, &a), other = counter (runtime, &b);
    counter_post_watch (runtime, TO (watcher), (struct ask){other});
    counter_post_watch (runtime, TO (watcher), (struct ask){other});
    if (seed % 2)
      run (runtime);
    inos_runtime_stop_actor (runtime, other, (struct inos_exit){INOS_EXIT_SHUTDOWN, 3});
    run (runtime);
    assert_int_equal (a.down, 2); /* once for each */
    counter_post_watch (runtime, TO (watcher), (struct ask){other});
    run (runtime);
    assert_int_equal (a.down, 3);
    assert_int_equal (a.reason.kind, INOS_EXIT_NOBODY);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

static void test_links (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct inos_runtime *runtime = seeded (seed);
    struct log a = {0}, b = {0}, c = {0};
    inos_actor_id one = counter (runtime, &a), two = counter (runtime, &b),
                  three = counter (runtime, &c);
    counter_post_join (runtime, TO (one), (struct ask){two});
    counter_post_join (runtime, TO (two), (struct ask){three});
    run (runtime);
    counter_post_fail (runtime, TO (three), (struct fail){4}); /* action: stop */
    run (runtime);
    assert_int_equal (a.stopped + b.stopped + c.stopped, 3);
    assert_int_equal (a.reason.kind, INOS_EXIT_ERROR);
    assert_int_equal (a.reason.code, 4);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

static void test_kill (void **state)
{
  struct inos_runtime *runtime = seeded (5);
  struct log log = {0};
  inos_actor_id id = counter (runtime, &log);

  run (runtime);
  inos_runtime_stop_actor (runtime, id, (struct inos_exit){INOS_EXIT_KILLED, 0});
  run (runtime);
  assert_int_equal (log.stopped, 0);
  assert_int_equal (log.cleared, 1);
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_names (void **state)
{
  struct inos_runtime *runtime = seeded (6);
  struct log a = {0}, b = {0};
  struct log *p = &a;
  struct inos_spawn how = {
    .behaviour = &counter_behaviour, .argument = &p, .argument_size = sizeof p, .name = "count"};
  counter_ref name = {inos_address_of_name (runtime, "count")};

  assert_int_equal (counter_post_add (runtime, name, (struct add){1}), INOS_DEAD);
  inos_actor_id id = inos_runtime_spawn (runtime, &how);
  assert_true (id != 0);
  assert_true (inos_runtime_spawn (runtime, &how) == 0); /* taken */
  assert_true (inos_lookup (runtime, "count") == id);
  assert_int_equal (counter_post_add (runtime, name, (struct add){2}), INOS_ACCEPTED);
  run (runtime);
  assert_int_equal (a.sum, 2);
  counter_post_stop (runtime, name, INOS_NOTHING);
  run (runtime);
  assert_true (inos_lookup (runtime, "count") == 0);
  p = &b;
  assert_true (inos_runtime_spawn (runtime, &how) != 0);
  counter_post_add (runtime, name, (struct add){3});
  run (runtime);
  assert_int_equal (b.sum, 3); /* the address found the new one */
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_priorities (void **state)
{
  struct inos_runtime *runtime = seeded (7);
  struct log log = {0};
  inos_actor_id id = counter (runtime, &log);

  run (runtime);
  for (uint64_t i = 1; i <= 3; i++)
    counter_post_add (runtime, TO (id), (struct add){i});
  counter_post_urgent (runtime, TO (id), (struct add){9});
  run (runtime);
  assert_int_equal (log.order, 9123);
  inos_runtime_free (runtime, INOS_SECOND);
}

/* Threads */

#define SENDERS 8
#define EACH 20000

struct burst_go {
  inos_actor_id to;
};

struct mark {
  uint32_t who, number;
};

#define SINK(MESSAGE, REQUEST) MESSAGE (sink, mark, struct mark, 1)
INOS_PROTOCOL (sink, SINK);
INOS_PROTOCOL_DEFINE (sink, SINK);

struct sink {
  uint32_t next[SENDERS];
  _Atomic uint64_t *done;
};

static enum inos_outcome sink_pre_start (void *state, struct inos_context *context,
                                         const void *argument)
{
  struct sink *self = state;

  self->done = *(_Atomic uint64_t *const *)argument;
  return INOS_OK;
}

INOS_HANDLE (sink, mark, struct sink)
{
  assert_int_equal (message->number, self->next[message->who]); /* the order of a pair */
  self->next[message->who]++;
  atomic_fetch_add (self->done, 1);
  return INOS_OK;
}

INOS_BEHAVIOUR (sink, SINK, struct sink, .pre_start = sink_pre_start);

#define BURST(MESSAGE, REQUEST) MESSAGE (burst, go, struct mark, 1)
INOS_PROTOCOL (burst, BURST);
INOS_PROTOCOL_DEFINE (burst, BURST);

struct burst {
  inos_actor_id to;
};

static enum inos_outcome burst_pre_start (void *state, struct inos_context *context,
                                          const void *argument)
{
  struct burst *self = state;

  self->to = *(const inos_actor_id *)argument;
  return INOS_OK;
}

INOS_HANDLE (burst, go, struct burst)
{
  struct mark mark = *message;

  for (unsigned i = 0; i < 100 && mark.number < EACH && !inos_is_blocked (context);
       i++, mark.number++)
    sink_send_mark (context, (sink_ref){INOS_TO (self->to)}, mark);
  if (mark.number < EACH)
    burst_send_go (context, (burst_ref){INOS_TO (inos_self (context))}, mark);
  return INOS_OK;
}

INOS_BEHAVIOUR (burst, BURST, struct burst, .pre_start = burst_pre_start);

static void many_to_one (unsigned workers, uint32_t capacity)
{
  struct inos_runtime *runtime = threaded (workers);
  _Atomic uint64_t done = 0, *p = &done;
  const struct inos_spawn how = {.behaviour = &sink_behaviour,
                                 .argument = &p,
                                 .argument_size = sizeof p,
                                 .capacity = capacity,
                                 .on_full = INOS_ON_FULL_BLOCK,
                                 .block_timeout_ms = 600000};
  inos_actor_id to = inos_runtime_spawn (runtime, &how);

  for (uint32_t i = 0; i < SENDERS; i++) {
    inos_actor_id sender = spawn (runtime, &burst_behaviour, &to, sizeof to);
    burst_post_go (runtime, (burst_ref){INOS_TO (sender)}, (struct mark){i, 0});
  }
  for (unsigned i = 0; i < 60000 && atomic_load (&done) < (uint64_t)SENDERS * EACH; i++)
    g_usleep (1000);
  assert_int_equal (atomic_load (&done), (uint64_t)SENDERS * EACH);
  settle (runtime);
  inos_runtime_free (runtime, INOS_SECOND);
}

static void test_threads (void **state)
{
  many_to_one (1, 0);
  many_to_one (2, 0);
  many_to_one (4, 0);
}

static void test_threads_blocked (void **state)
{
  many_to_one (1, 1);
  many_to_one (2, 2);
  many_to_one (4, 50);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_messages),     cmocka_unit_test (test_owned),
    cmocka_unit_test (test_dead_letters), cmocka_unit_test (test_requests),
    cmocka_unit_test (test_failures),     cmocka_unit_test (test_monitors),
    cmocka_unit_test (test_links),        cmocka_unit_test (test_kill),
    cmocka_unit_test (test_names),        cmocka_unit_test (test_priorities),
    cmocka_unit_test (test_threads),      cmocka_unit_test (test_threads_blocked),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
