/*
 * Circuit breakers: what opens one, what closes it again, and who hears of it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/actor/fixture.h"

#include "node/actor/breaker.h"
#include "node/actor/dead_letter.h"
#include "node/actor/pool.h"

#include <stdatomic.h>
#include <string.h>

/* A server that answers, or does not. */

#define SERVER(MESSAGE, REQUEST)                                                                   \
  MESSAGE (server, note, struct inos_nothing, 1)                                                   \
  REQUEST (server, ask, struct inos_nothing, struct inos_nothing, 1)
INOS_PROTOCOL (server, SERVER);
INOS_PROTOCOL_DEFINE (server, SERVER);

enum mode { ANSWERS, IS_SILENT, REFUSES };

struct service {
  _Atomic uint32_t mode;
  _Atomic uint64_t asked, noted;
};

struct server {
  struct service *service;
};

static enum inos_outcome server_pre_start (void *state, struct inos_context *context,
                                           const void *argument)
{
  struct server *self = state;

  self->service = *(struct service *const *)argument;
  return INOS_OK;
}

INOS_HANDLE (server, note, struct server)
{
  atomic_fetch_add (&self->service->noted, 1);
  return INOS_OK;
}

INOS_HANDLE (server, ask, struct server)
{
  enum mode mode = (enum mode)atomic_load (&self->service->mode);

  atomic_fetch_add (&self->service->asked, 1);
  if (mode == ANSWERS)
    server_reply_ask (context, INOS_NOTHING);
  else if (mode == REFUSES)
    inos_refuse (context, inos_request_handled (context));
  return INOS_OK;
}

INOS_BEHAVIOUR (server, SERVER, struct server, .pre_start = server_pre_start);

/* A client that asks so many times at once. */

struct times {
  uint32_t asks;
};

#define CLIENT(MESSAGE, REQUEST)                                                                   \
  MESSAGE (client, go, struct times, 1)                                                            \
  MESSAGE (client, leave, struct inos_nothing, 1)
INOS_PROTOCOL (client, CLIENT);
INOS_PROTOCOL_DEFINE (client, CLIENT);

#define TIMEOUT (10 * INOS_MILLISECOND)

struct answers {
  _Atomic uint64_t of[INOS_REPLY_REFUSED + 1];
};

struct client {
  server_ref to;
  struct answers *answers;
};

static enum inos_outcome client_pre_start (void *state, struct inos_context *context,
                                           const void *argument)
{
  *(struct client *)state = *(const struct client *)argument;
  return INOS_OK;
}

static enum inos_outcome on_answer (void *state, struct inos_context *context,
                                    enum inos_replied status, const struct inos_nothing *reply,
                                    uint64_t tag)
{
  struct client *self = state;

  atomic_fetch_add (&self->answers->of[status], 1);
  return INOS_OK;
}

INOS_HANDLE (client, go, struct client)
{
  for (uint32_t i = 0; i < message->asks; i++)
    server_request_ask (context, self->to, INOS_NOTHING, TIMEOUT, on_answer, 0);
  return INOS_OK;
}

INOS_HANDLE (client, leave, struct client)
{
  server_request_ask (context, self->to, INOS_NOTHING, TIMEOUT, on_answer, 0);
  return INOS_DONE;
}

INOS_BEHAVIOUR (client, CLIENT, struct client, .pre_start = client_pre_start);

/* Who hears of changes. */

struct changes {
  uint64_t count, number;
  enum inos_breaker_state last;
};

struct listener {
  struct changes *changes;
};

static enum inos_outcome listener_pre_start (void *state, struct inos_context *context,
                                             const void *argument)
{
  struct listener *self = state;

  self->changes = *(struct changes *const *)argument;
  return inos_subscribe (context, INOS_BREAKER_TOPIC) ? INOS_OK : INOS_FAILED;
}

static enum inos_outcome listener_receive (void *state, struct inos_context *context,
                                           const struct inos_message *message)
{
  struct listener *self = state;
  const struct inos_breaker_change *change = message->payload;

  if (message->type != &inos_breaker_changed_type)
    return inos_unhandled (context, message);
  assert_non_null (strstr (change->name, "guard"));
  assert_int_equal (change->from, self->changes->last);
  assert_true (change->number > self->changes->number);
  self->changes->count++;
  self->changes->number = change->number;
  self->changes->last = change->to;
  return INOS_OK;
}

static const struct inos_behaviour listener_behaviour = {.name = "listener",
                                                         .protocol = &inos_breaker_protocol,
                                                         .state_size = sizeof (struct listener),
                                                         .pre_start = listener_pre_start,
                                                         .receive = listener_receive};

/* A runtime with all three. */
struct world {
  struct inos_runtime *runtime;
  struct service service;
  struct answers answers;
  struct changes changes;
  inos_actor_id server;
  server_ref guard;
  client_ref client;
};

static client_ref client_of (struct world *w)
{
  const struct client client = {w->guard, &w->answers};

  return (client_ref){INOS_TO (spawn (w->runtime, &client_behaviour, &client, sizeof client))};
}

static struct world *world (uint64_t seed, struct inos_breaker_config config)
{
  struct world *w = g_new0 (struct world, 1);
  struct service *service = &w->service;
  struct changes *changes = &w->changes;

  w->runtime = seeded (seed);
  w->server = spawn (w->runtime, &server_behaviour, &service, sizeof service);
  w->guard.address = inos_breaker_new (w->runtime, "guard", INOS_TO (w->server), &config);
  assert_non_null (w->guard.address.route);
  spawn (w->runtime, &listener_behaviour, &changes, sizeof changes);
  w->client = client_of (w);
  run (w->runtime);
  return w;
}

static void end (struct world *w)
{
  run (w->runtime);
  inos_runtime_free (w->runtime, INOS_SECOND);
  g_free (w);
}

static void ask (struct world *w, uint32_t times)
{
  client_post_go (w->runtime, w->client, (struct times){times});
  run (w->runtime);
}

static void wait_for (struct world *w, uint64_t ns)
{
  inos_runtime_run (w->runtime, inos_runtime_run (w->runtime, 0) + ns);
}

static struct inos_breaker_look look (struct world *w)
{
  struct inos_breaker_look look;

  inos_breaker_look (w->runtime, w->guard.address, &look);
  return look;
}

static void assert_state (struct world *w, enum inos_breaker_state state)
{
  assert_int_equal (look (w).state, state);
}

static void test_all_states (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct world *w = world (
      seed, (struct inos_breaker_config){.failures = 3, .open_for = INOS_SECOND, .probes = 2});
    ask (w, 10);
    assert_state (w, INOS_BREAKER_CLOSED);
    assert_int_equal (w->answers.of[INOS_REPLIED], 10);
    w->service.mode = seed % 2 ? IS_SILENT : REFUSES;
    ask (w, 3);
    assert_state (w, INOS_BREAKER_OPEN);
    assert_int_equal (w->service.asked, 13);
    uint64_t refused = w->answers.of[INOS_REPLY_REFUSED];
    ask (w, 5);
    assert_int_equal (w->answers.of[INOS_REPLY_REFUSED], refused + 5);
    assert_int_equal (server_post_note (w->runtime, w->guard, INOS_NOTHING), INOS_REFUSED);
    run (w->runtime);
    assert_int_equal (w->service.asked, 13); /* nothing got there */
    assert_int_equal (w->service.noted, 0);
    assert_int_equal (look (w).refused, 6);

    wait_for (w, INOS_SECOND);
    assert_state (w, INOS_BREAKER_HALF_OPEN);
    ask (w, 5);
    assert_int_equal (w->service.asked, 15); /* two probes, which fail */
    assert_state (w, INOS_BREAKER_OPEN);
    w->service.mode = ANSWERS;
    wait_for (w, INOS_SECOND);
    ask (w, 1);
    assert_state (w, INOS_BREAKER_HALF_OPEN);
    ask (w, 1);
    assert_state (w, INOS_BREAKER_CLOSED);
    ask (w, 10);
    assert_int_equal (w->answers.of[INOS_REPLIED], 22);
    assert_int_equal (look (w).opened, 2);
    assert_int_equal (w->changes.count, 5);
    assert_int_equal (w->changes.last, INOS_BREAKER_CLOSED);
    end (w);
  }
}

static void test_one_after_the_other (void **state)
{
  struct world *w = world (1, (struct inos_breaker_config){.failures = 3});

  for (unsigned i = 0; i < 5; i++) {
    w->service.mode = REFUSES;
    ask (w, 2);
    w->service.mode = ANSWERS;
    ask (w, 1);
  }
  assert_state (w, INOS_BREAKER_CLOSED);
  w->service.mode = REFUSES;
  ask (w, 3);
  assert_state (w, INOS_BREAKER_OPEN);
  end (w);
}

static void test_window (void **state)
{
  struct world *w = world (2, (struct inos_breaker_config){.failures = 3, .window = INOS_SECOND});

  for (unsigned i = 0; i < 10; i++) { /* two a second, and a success between */
    w->service.mode = REFUSES;
    ask (w, 1);
    w->service.mode = ANSWERS;
    ask (w, 1);
    wait_for (w, INOS_SECOND * 6 / 10);
  }
  assert_state (w, INOS_BREAKER_CLOSED);
  for (unsigned i = 0; i < 2; i++) {
    w->service.mode = REFUSES;
    ask (w, 1);
    w->service.mode = ANSWERS;
    ask (w, 1);
    wait_for (w, INOS_SECOND / 10);
  }
  assert_state (w, INOS_BREAKER_OPEN);
  end (w);
}

/* Every way in which a request can end but one. */
static void test_failures (void **state)
{
  struct world *w = world (3, (struct inos_breaker_config){.failures = 1});

  w->service.mode = IS_SILENT;
  ask (w, 1);
  assert_int_equal (w->answers.of[INOS_TIMED_OUT], 1);
  assert_state (w, INOS_BREAKER_OPEN);
  end (w);

  w = world (4, (struct inos_breaker_config){.failures = 1});
  inos_runtime_stop_actor (w->runtime, w->server, (struct inos_exit){INOS_EXIT_KILLED, 0});
  run (w->runtime);
  ask (w, 1);
  assert_int_equal (w->answers.of[INOS_REPLY_DEAD], 1);
  assert_state (w, INOS_BREAKER_OPEN);
  end (w);

  w = world (5, (struct inos_breaker_config){0});
  struct service *service = &w->service;
  const struct inos_breaker_config once = {.failures = 1};
  const struct inos_spawn narrow = {.behaviour = &server_behaviour,
                                    .argument = &service,
                                    .argument_size = sizeof service,
                                    .capacity = 1,
                                    .on_full = INOS_ON_FULL_FAIL};
  inos_actor_id full = inos_runtime_spawn (w->runtime, &narrow);
  w->guard.address = inos_breaker_new (w->runtime, "full guard", INOS_TO (full), &once);
  w->client = client_of (w);
  ask (w, 2); /* at once, where there is room for one */
  assert_int_equal (w->answers.of[INOS_REPLIED], 1);
  assert_int_equal (w->answers.of[INOS_REPLY_FULL], 1);
  assert_int_equal (look (w).opened, 1);
  end (w);
}

/* What was let through before the breaker changed its state says nothing about the new one. */
static void test_late_ends (void **state)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct world *w = world (
      seed, (struct inos_breaker_config){.failures = 2, .open_for = TIMEOUT / 2, .probes = 1});
    w->service.mode = IS_SILENT;
    client_post_go (w->runtime, w->client, (struct times){1}); /* ends after 10 ms */
    wait_for (w, INOS_MILLISECOND);
    w->service.mode = REFUSES;
    client_post_go (w->runtime, w->client, (struct times){2});
    wait_for (w, INOS_MILLISECOND);
    assert_int_equal (look (w).opened, 1);
    w->service.mode = ANSWERS;
    wait_for (w, TIMEOUT / 2);
    client_post_go (w->runtime, w->client, (struct times){1}); /* a probe */
    wait_for (w, INOS_MILLISECOND);
    assert_state (w, INOS_BREAKER_CLOSED);
    wait_for (w, 2 * TIMEOUT);
    assert_int_equal (w->answers.of[INOS_TIMED_OUT], 1);
    assert_int_equal (look (w).failed, 0);
    assert_int_equal (look (w).opened, 1);
    end (w);
  }
}

static void open_it (struct world *w)
{
  w->service.mode = REFUSES;
  ask (w, 5);
  assert_state (w, INOS_BREAKER_OPEN);
  w->service.mode = ANSWERS;
  wait_for (w, 10 * INOS_SECOND);
  assert_state (w, INOS_BREAKER_HALF_OPEN);
}

/* A probe whose sender has gone does not keep the breaker half-open for ever. */
static void test_lost_probe (void **state)
{
  struct world *w = world (7, (struct inos_breaker_config){.failures = 5});

  open_it (w);
  w->service.mode = IS_SILENT;
  client_post_leave (w->runtime, client_of (w), INOS_NOTHING);
  run (w->runtime);
  w->service.mode = ANSWERS;
  ask (w, 1);
  assert_state (w, INOS_BREAKER_HALF_OPEN);
  assert_int_equal (w->answers.of[INOS_REPLIED], 0);
  wait_for (w, 10 * INOS_SECOND);
  ask (w, 1);
  assert_state (w, INOS_BREAKER_CLOSED);
  end (w);
}

static void test_messages_that_are_no_requests (void **state)
{
  struct world *w = world (8, (struct inos_breaker_config){.failures = 5, .probes = 2});

  open_it (w);
  assert_int_equal (server_post_note (w->runtime, w->guard, INOS_NOTHING), INOS_ACCEPTED);
  assert_int_equal (server_post_note (w->runtime, w->guard, INOS_NOTHING), INOS_ACCEPTED);
  assert_int_equal (server_post_note (w->runtime, w->guard, INOS_NOTHING), INOS_REFUSED);
  run (w->runtime);
  assert_state (w, INOS_BREAKER_HALF_OPEN);
  wait_for (w, 10 * INOS_SECOND);
  for (unsigned i = 0; i < 5; i++)
    assert_int_equal (server_post_note (w->runtime, w->guard, INOS_NOTHING), INOS_ACCEPTED);
  assert_state (w, INOS_BREAKER_CLOSED);
  run (w->runtime);
  assert_int_equal (w->service.noted, 7);
  end (w);
}

/* In front of a pool; and not in front of another breaker. */
static void test_target (void **state)
{
  struct world *w = world (9, (struct inos_breaker_config){0});
  struct service *service = &w->service;
  const struct inos_pool_config config = {.behaviour = &server_behaviour,
                                          .argument = &service,
                                          .argument_size = sizeof service,
                                          .size = 3};
  struct inos_address pool = inos_pool_new (w->runtime, "servers", &config);

  assert_null (inos_breaker_new (w->runtime, "other", w->guard.address, NULL).route);
  w->guard.address = inos_breaker_new (w->runtime, "pool guard", pool, NULL);
  w->client = client_of (w);
  inos_pool_resize (w->runtime, pool, 1);
  ask (w, 30);
  assert_int_equal (w->answers.of[INOS_REPLIED], 30);
  end (w);
}

/* Threads: the server fails by turns, and no answer is lost. */

#define CLIENTS 4
#define ROUNDS 300
#define ASKS 20

static void test_threads (void **state)
{
  struct inos_runtime *runtime = threaded (4);
  static struct service service;
  static struct answers answers;
  struct service *p = &service;
  inos_actor_id server = spawn (runtime, &server_behaviour, &p, sizeof p);
  const struct inos_breaker_config config = {
    .failures = 10, .open_for = INOS_MILLISECOND / 2, .probes = 3};
  const struct client client = {{inos_breaker_new (runtime, "guard", INOS_TO (server), &config)},
                                &answers};
  client_ref clients[CLIENTS];
  struct inos_breaker_look look;

  for (unsigned i = 0; i < CLIENTS; i++)
    clients[i].address = INOS_TO (spawn (runtime, &client_behaviour, &client, sizeof client));
  for (unsigned round = 0; round < ROUNDS; round++) {
    atomic_store (&service.mode, round / 20 % 2 ? REFUSES : ANSWERS);
    for (unsigned i = 0; i < CLIENTS; i++)
      client_post_go (runtime, clients[i], (struct times){ASKS});
    g_usleep (100);
  }
  const uint64_t all = (uint64_t)CLIENTS * ROUNDS * ASKS;
  uint64_t sum = 0;
  for (unsigned i = 0; i < 10000 && sum < all; i++) {
    g_usleep (1000);
    sum = 0;
    for (unsigned k = 0; k < G_N_ELEMENTS (answers.of); k++)
      sum += atomic_load (&answers.of[k]);
  }
  assert_int_equal (sum, all);
  settle (runtime);
  inos_breaker_look (runtime, client.to.address, &look);
  assert_true (look.opened > 0);
  assert_int_equal (service.asked + look.refused, all);
  inos_runtime_free (runtime, INOS_SECOND);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_all_states),
    cmocka_unit_test (test_one_after_the_other),
    cmocka_unit_test (test_window),
    cmocka_unit_test (test_failures),
    cmocka_unit_test (test_late_ends),
    cmocka_unit_test (test_lost_probe),
    cmocka_unit_test (test_messages_that_are_no_requests),
    cmocka_unit_test (test_target),
    cmocka_unit_test (test_threads),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
