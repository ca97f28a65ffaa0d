/*
 * Requests that were kept to be answered later, by an actor that ends before it has.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/fixture.h"

#include "node/actor/dead_letter.h"

#include <stdatomic.h>

#define LONG (1000 * INOS_SECOND)

struct number {
  uint64_t number;
};
struct whom {
  inos_actor_id id;
  uint64_t count;
};

#define DESK(MESSAGE, REQUEST)                                                                     \
  REQUEST (desk, ask, struct number, struct number, 1)                                             \
  REQUEST (desk, ask_and_leave, struct inos_nothing, struct number, 1)                             \
  REQUEST (desk, ask_in_vain, struct inos_nothing, struct number, 1)                               \
  MESSAGE (desk, answer, struct number, 1)                                                         \
  MESSAGE (desk, stumble, struct inos_nothing, 1)                                                  \
  MESSAGE (desk, leave, struct inos_nothing, 1)
INOS_PROTOCOL (desk, DESK);
INOS_PROTOCOL_DEFINE (desk, DESK);

#define KEPT 2000

struct birth {
  enum inos_action action;
  bool says_good_bye;
  _Atomic uint32_t *senders; /* that post_stop saw */
};

/* Keeps what it is asked, and answers the oldest so many when it is told. */
struct desk {
  struct birth birth;
  struct inos_request_id kept[KEPT];
  uint64_t first, end;
};

static enum inos_outcome desk_begin (void *state, struct inos_context *context,
                                     const void *argument)
{
  ((struct desk *)state)->birth = *(const struct birth *)argument;
  return INOS_OK;
}

static void answer (struct desk *self, struct inos_context *context, uint64_t count)
{
  for (; count > 0 && self->first < self->end; count--, self->first++)
    desk_reply_ask_to (context, self->kept[self->first % KEPT], (struct number){self->first});
}

static void desk_ended (void *state, struct inos_context *context, struct inos_exit reason)
{
  struct desk *self = state;

  if (inos_sender (context) || inos_request_handled (context).id)
    atomic_fetch_add (self->birth.senders, 1);
  if (self->birth.says_good_bye)
    answer (self, context, UINT64_MAX);
}

static enum inos_action desk_on_error (void *state, struct inos_context *context,
                                       const struct inos_failure *failure)
{
  return ((struct desk *)state)->birth.action;
}

INOS_HANDLE (desk, ask, struct desk)
{
  if (self->end - self->first < KEPT)
    self->kept[self->end++ % KEPT] = inos_request_handled (context);
  return INOS_OK;
}

INOS_HANDLE (desk, ask_and_leave, struct desk)
{
  return INOS_DONE;
}

INOS_HANDLE (desk, ask_in_vain, struct desk)
{
  inos_refuse (context, inos_request_handled (context));
  return INOS_OK;
}

INOS_HANDLE (desk, answer, struct desk)
{
  answer (self, context, message->number);
  return INOS_OK;
}

INOS_HANDLE (desk, stumble, struct desk)
{
  return inos_fail (context, 1, "as it was told");
}

INOS_HANDLE (desk, leave, struct desk)
{
  return INOS_DONE;
}

INOS_BEHAVIOUR (desk, DESK, struct desk, .pre_start = desk_begin, .post_stop = desk_ended,
                .on_error = desk_on_error);

#define DESK_TO(id) ((desk_ref){INOS_TO (id)})

/* Asks, and counts what it hears. */

#define CALLER(MESSAGE, REQUEST)                                                                   \
  MESSAGE (caller, ask, struct whom, 1)                                                            \
  MESSAGE (caller, ask_and_leave, struct whom, 1)                                                  \
  MESSAGE (caller, ask_in_vain, struct whom, 1)
INOS_PROTOCOL (caller, CALLER);
INOS_PROTOCOL_DEFINE (caller, CALLER);

struct heard {
  _Atomic uint32_t of[INOS_REPLY_REFUSED + 1];
};

struct caller {
  struct heard *heard;
};

static enum inos_outcome caller_begin (void *state, struct inos_context *context,
                                       const void *argument)
{
  ((struct caller *)state)->heard = *(struct heard *const *)argument;
  return INOS_OK;
}

static enum inos_outcome on_heard (void *state, struct inos_context *context,
                                   enum inos_replied status, const struct number *reply,
                                   uint64_t tag)
{
  atomic_fetch_add (&((struct caller *)state)->heard->of[status], 1);
  return INOS_OK;
}

INOS_HANDLE (caller, ask, struct caller)
{
  for (uint64_t i = 0; i < message->count; i++)
    desk_request_ask (context, DESK_TO (message->id), (struct number){i}, LONG, on_heard, 0);
  return INOS_OK;
}

INOS_HANDLE (caller, ask_and_leave, struct caller)
{
  desk_request_ask_and_leave (context, DESK_TO (message->id), INOS_NOTHING, LONG, on_heard, 0);
  return INOS_OK;
}

INOS_HANDLE (caller, ask_in_vain, struct caller)
{
  desk_request_ask_in_vain (context, DESK_TO (message->id), INOS_NOTHING, LONG, on_heard, 0);
  return INOS_OK;
}

INOS_BEHAVIOUR (caller, CALLER, struct caller, .pre_start = caller_begin);

#define CALLER_TO(id) ((caller_ref){INOS_TO (id)})

struct scene {
  struct inos_runtime *runtime;
  struct heard heard;
  _Atomic uint32_t senders;
  inos_actor_id desk, caller;
};

static void scene_begin (struct scene *scene, struct inos_runtime *runtime, struct birth birth)
{
  struct heard *heard = &scene->heard;

  *scene = (struct scene){.runtime = runtime};
  birth.senders = &scene->senders;
  scene->desk = spawn (runtime, &desk_behaviour, &birth, sizeof birth);
  scene->caller = spawn (runtime, &caller_behaviour, &heard, sizeof heard);
}

static void ask (struct scene *scene, uint64_t count)
{
  caller_post_ask (scene->runtime, CALLER_TO (scene->caller), (struct whom){scene->desk, count});
}

/* Lets a second pass at most, which is far less than what is asked with. */
static void go_on (struct scene *scene)
{
  inos_runtime_run (scene->runtime, inos_runtime_run (scene->runtime, 0) + INOS_SECOND);
  assert_accounts (scene->runtime);
}

/* However it ends, who waits is told at once. */
static void test_ends (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct scene s;
    scene_begin (&s, seeded (seed), (struct birth){.action = INOS_STOP});
    ask (&s, 20);
    go_on (&s);
    desk_post_answer (s.runtime, DESK_TO (s.desk), (struct number){seed % 21});
    go_on (&s);
    assert_int_equal (s.heard.of[INOS_REPLIED], seed % 21);
    assert_int_equal (s.heard.of[INOS_REPLY_DEAD], 0);
    switch (seed % 4) {
    case 0:
      desk_post_leave (s.runtime, DESK_TO (s.desk), INOS_NOTHING);
      break;
    case 1:
      desk_post_stumble (s.runtime, DESK_TO (s.desk), INOS_NOTHING);
      break;
    case 2:
      inos_runtime_stop_actor (s.runtime, s.desk, (struct inos_exit){INOS_EXIT_SHUTDOWN, 0});
      break;
    default:
      inos_runtime_stop_actor (s.runtime, s.desk, (struct inos_exit){INOS_EXIT_KILLED, 0});
      break;
    }
    go_on (&s);
    assert_int_equal (s.heard.of[INOS_REPLIED], seed % 21);
    assert_int_equal (s.heard.of[INOS_REPLY_DEAD], 20 - seed % 21);
    assert_int_equal (s.senders, 0); /* nothing was being handled that came from an actor */
    inos_runtime_free (s.runtime, INOS_SECOND);
  }
}

/* It answers as its last act: nobody is told twice. */
static void test_good_bye (void **state)
{
  struct scene s;
  uint64_t counts[INOS_DEAD_REASONS];

  scene_begin (&s, seeded (1), (struct birth){.says_good_bye = true});
  ask (&s, 20);
  go_on (&s);
  inos_runtime_stop_actor (s.runtime, s.desk, (struct inos_exit){INOS_EXIT_SHUTDOWN, 0});
  go_on (&s);
  assert_int_equal (s.heard.of[INOS_REPLIED], 20);
  assert_int_equal (s.heard.of[INOS_REPLY_DEAD], 0);
  inos_dead_letters_counted (s.runtime, counts);
  assert_int_equal (counts[INOS_DEAD_LATE], 0);
  inos_runtime_free (s.runtime, INOS_SECOND);
}

/* A new state does not know what the one before was asked. */
static void test_starts_anew (void **state)
{
  struct scene s;

  scene_begin (&s, seeded (2), (struct birth){.action = INOS_RESTART});
  ask (&s, 20);
  go_on (&s);
  desk_post_stumble (s.runtime, DESK_TO (s.desk), INOS_NOTHING);
  go_on (&s);
  assert_int_equal (s.heard.of[INOS_REPLY_DEAD], 20);
  ask (&s, 5);
  go_on (&s);
  desk_post_answer (s.runtime, DESK_TO (s.desk), (struct number){5});
  go_on (&s);
  assert_int_equal (s.heard.of[INOS_REPLIED], 5);
  inos_runtime_free (s.runtime, INOS_SECOND);
}

/* One that resumes knows it still. */
static void test_resumes (void **state)
{
  struct scene s;

  scene_begin (&s, seeded (3), (struct birth){.action = INOS_RESUME});
  ask (&s, 20);
  go_on (&s);
  desk_post_stumble (s.runtime, DESK_TO (s.desk), INOS_NOTHING);
  desk_post_answer (s.runtime, DESK_TO (s.desk), (struct number){20});
  go_on (&s);
  assert_int_equal (s.heard.of[INOS_REPLIED], 20);
  inos_runtime_free (s.runtime, INOS_SECOND);
}

/* The handler itself ends the actor, or refuses, which is an answer. */
static void test_in_the_handler (void **state)
{
  struct scene s;
  uint64_t counts[INOS_DEAD_REASONS];

  scene_begin (&s, seeded (4), (struct birth){0});
  caller_post_ask_in_vain (s.runtime, CALLER_TO (s.caller), (struct whom){.id = s.desk});
  go_on (&s);
  assert_int_equal (s.heard.of[INOS_REPLY_REFUSED], 1);
  caller_post_ask_and_leave (s.runtime, CALLER_TO (s.caller), (struct whom){.id = s.desk});
  go_on (&s);
  assert_int_equal (s.heard.of[INOS_REPLY_DEAD], 1);
  inos_dead_letters_counted (s.runtime, counts);
  assert_int_equal (counts[INOS_DEAD_LATE], 0);
  inos_runtime_free (s.runtime, INOS_SECOND);
}

/* Many, some answered while others come, so that the table grows and has gaps. */
static void test_many (void **state)
{
  for (uint64_t seed = 0; seed < 20; seed++) {
    struct scene s;
    uint32_t asked = 0;
    scene_begin (&s, seeded (seed), (struct birth){0});
    for (uint32_t i = 0; i < 60; i++) {
      ask (&s, 1 + (i * (seed + 3)) % 40);
      asked += 1 + (i * (seed + 3)) % 40;
      desk_post_answer (s.runtime, DESK_TO (s.desk), (struct number){(i * (seed + 7)) % 30});
      go_on (&s);
    }
    inos_runtime_stop_actor (s.runtime, s.desk, (struct inos_exit){INOS_EXIT_KILLED, 0});
    go_on (&s);
    assert_true (s.heard.of[INOS_REPLIED] > 0 && s.heard.of[INOS_REPLY_DEAD] > 0);
    assert_int_equal (s.heard.of[INOS_REPLIED] + s.heard.of[INOS_REPLY_DEAD], asked);
    inos_runtime_free (s.runtime, INOS_SECOND);
  }
}

static void test_threads (void **state)
{
  for (unsigned round = 0; round < 20; round++) {
    struct scene s;
    scene_begin (&s, threaded (2), (struct birth){0});
    ask (&s, 300);
    desk_post_answer (s.runtime, DESK_TO (s.desk), (struct number){round});
    ask (&s, 300);
    g_usleep (round * 20);
    inos_runtime_stop_actor (s.runtime, s.desk, (struct inos_exit){INOS_EXIT_KILLED, 0});
    settle (s.runtime);
    assert_int_equal (s.heard.of[INOS_REPLIED] + s.heard.of[INOS_REPLY_DEAD], 600);
    inos_runtime_free (s.runtime, INOS_SECOND);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_ends),           cmocka_unit_test (test_good_bye),
    cmocka_unit_test (test_starts_anew),    cmocka_unit_test (test_resumes),
    cmocka_unit_test (test_in_the_handler), cmocka_unit_test (test_many),
    cmocka_unit_test (test_threads),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
