/*
 * Two that talk, and a ring of many: nothing but the way of one message at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bench.h"
#include "node/actor/breaker.h"
#include "node/actor/pool.h"
#include "node/actor/route.h"

struct answer {
  uint64_t value;
};

/* pingpong N: N round trips. */

#define PING(MESSAGE, REQUEST)                                                                     \
  MESSAGE (ping, begin, struct inos_nothing, 1)                                                    \
  MESSAGE (ping, ball, struct inos_nothing, 1)
INOS_PROTOCOL (ping, PING);
INOS_PROTOCOL_DEFINE (ping, PING);
#define PONG(MESSAGE, REQUEST) MESSAGE (pong, ball, struct inos_nothing, 1)
INOS_PROTOCOL (pong, PONG);
INOS_PROTOCOL_DEFINE (pong, PONG);

struct pong {
  ping_ref back; /* nobody: to the sender */
};
BENCH_START (pong)

INOS_HANDLE (pong, ball, struct pong)
{
  ping_ref back = self->back.address.route ? self->back : BENCH_REF (ping, inos_sender (context));

  ping_send_ball (context, back, *message);
  return INOS_OK;
}
INOS_BEHAVIOUR (pong, PONG, struct pong, .pre_start = pong_start);

struct ping {
  struct bench *bench;
  pong_ref pong;
  uint64_t left;
};

BENCH_START (ping)

INOS_HANDLE (ping, begin, struct ping)
{
  pong_send_ball (context, self->pong, *message);
  return INOS_OK;
}

INOS_HANDLE (ping, ball, struct ping)
{
  if (--self->left == 0) {
    bench_finish (self->bench);
    return INOS_DONE;
  }
  pong_send_ball (context, self->pong, *message);
  return INOS_OK;
}
INOS_BEHAVIOUR (ping, PING, struct ping, .pre_start = ping_start);

static void play (struct bench *bench, struct pong pong, struct ping ping, struct inos_spawn how)
{
  struct inos_spawn pong_how = how, ping_how = how;

  ping.bench = bench;
  ping.left = (uint64_t)bench->args[0];
  bench->messages = 2 * ping.left;
  pong_how.behaviour = &pong_behaviour;
  pong_how.argument = &pong;
  pong_how.argument_size = sizeof pong;
  pong_how.name = how.name ? "bench.pong" : NULL;
  bench_start (bench);
  inos_actor_id id = inos_runtime_spawn (bench->runtime, &pong_how);
  if (!ping.pong.address.route)
    ping.pong = BENCH_REF (pong, id);
  ping_how.behaviour = &ping_behaviour;
  ping_how.argument = &ping;
  ping_how.argument_size = sizeof ping;
  ping_ref to = BENCH_REF (ping, inos_runtime_spawn (bench->runtime, &ping_how));
  ping_post_begin (bench->runtime, to, INOS_NOTHING);
  bench_wait (bench);
}

static void pingpong (struct bench *bench)
{
  bench_new_runtime (bench);
  play (bench, (struct pong){0}, (struct ping){0}, (struct inos_spawn){0});
}

/* bounded N C: both mailboxes hold no more than C. */
static void bounded (struct bench *bench)
{
  bench_new_runtime (bench);
  play (bench, (struct pong){0}, (struct ping){0},
        (struct inos_spawn){.capacity = (uint32_t)bench->args[1]});
}

/* named N: each sends to the name of the other. */
static void named (struct bench *bench)
{
  bench_new_runtime (bench);
  struct pong pong = {{inos_address_of_name (bench->runtime, "bench.ping")}};
  struct ping ping = {.pong = {inos_address_of_name (bench->runtime, "bench.pong")}};
  play (bench, pong, ping, (struct inos_spawn){.name = "bench.ping"});
}

/* guarded N: the same with a closed breaker before each name. */
static void guarded (struct bench *bench)
{
  bench_new_runtime (bench);
  struct inos_address to_ping = inos_address_of_name (bench->runtime, "bench.ping");
  struct inos_address to_pong = inos_address_of_name (bench->runtime, "bench.pong");
  struct pong pong = {{inos_breaker_new (bench->runtime, "ping", to_ping, NULL)}};
  struct ping ping = {.pong = {inos_breaker_new (bench->runtime, "pong", to_pong, NULL)}};
  play (bench, pong, ping, (struct inos_spawn){.name = "bench.ping"});
}

/* pool N S: one way to a pool of four that picks by strategy S, back to the sender. */
static void pool (struct bench *bench)
{
  const struct pong pong = {0};
  const struct inos_pool_config config = {.behaviour = &pong_behaviour,
                                          .argument = &pong,
                                          .argument_size = sizeof pong,
                                          .strategy = (enum inos_pool_strategy)bench->args[1],
                                          .size = 4};

  bench_new_runtime (bench);
  struct ping ping = {.pong = {inos_pool_new (bench->runtime, "pongs", &config)}};
  ping.pong.address.id = 1; /* a key */
  play (bench, pong, ping, (struct inos_spawn){0});
}

/* request N: the same with requests that have a deadline, and their replies. */

#define SERVER(MESSAGE, REQUEST) REQUEST (server, ask, struct inos_nothing, struct answer, 1)
INOS_PROTOCOL (server, SERVER);
INOS_PROTOCOL_DEFINE (server, SERVER);
#define CLIENT(MESSAGE, REQUEST) MESSAGE (client, begin, struct inos_nothing, 1)
INOS_PROTOCOL (client, CLIENT);
INOS_PROTOCOL_DEFINE (client, CLIENT);

INOS_HANDLE (server, ask, struct inos_nothing)
{
  server_reply_ask (context, (struct answer){.value = 1});
  return INOS_OK;
}
INOS_BEHAVIOUR (server, SERVER, struct inos_nothing);

struct client {
  struct bench *bench;
  server_ref server;
  uint64_t left;
};

BENCH_START (client)

static enum inos_outcome client_answered (void *state, struct inos_context *context,
                                          enum inos_replied status, const struct answer *reply,
                                          uint64_t tag)
{
  struct client *self = state;

  if (status != INOS_REPLIED || reply->value != 1)
    bench_die ("a request was not answered");
  if (--self->left == 0) {
    bench_finish (self->bench);
    return INOS_DONE;
  }
  server_request_ask (context, self->server, INOS_NOTHING, INOS_SECOND, client_answered, 0);
  return INOS_OK;
}

INOS_HANDLE (client, begin, struct client)
{
  server_request_ask (context, self->server, INOS_NOTHING, INOS_SECOND, client_answered, 0);
  return INOS_OK;
}
INOS_BEHAVIOUR (client, CLIENT, struct client, .pre_start = client_start);

static void request (struct bench *bench)
{
  struct client client = {.bench = bench, .left = (uint64_t)bench->args[0]};

  bench_new_runtime (bench);
  bench->messages = 2 * client.left;
  bench_start (bench);
  client.server = BENCH_REF (server, bench_spawn (bench, &server_behaviour, NULL, 0));
  client_ref to =
    BENCH_REF (client, bench_spawn (bench, &client_behaviour, &client, sizeof client));
  client_post_begin (bench->runtime, to, INOS_NOTHING);
  bench_wait (bench);
}

/* threadring A R: A actors in a ring, R hops. */

struct ring_next {
  inos_actor_id id;
};
struct ring_hop {
  uint64_t left;
};
#define RING(MESSAGE, REQUEST)                                                                     \
  MESSAGE (ring, next, struct ring_next, 1)                                                        \
  MESSAGE (ring, hop, struct ring_hop, 1)
INOS_PROTOCOL (ring, RING);
INOS_PROTOCOL_DEFINE (ring, RING);

struct ring {
  struct bench *bench;
  ring_ref next;
};

BENCH_START (ring)

INOS_HANDLE (ring, next, struct ring)
{
  self->next = BENCH_REF (ring, message->id);
  return INOS_OK;
}

INOS_HANDLE (ring, hop, struct ring)
{
  if (message->left == 0)
    bench_finish (self->bench);
  else
    ring_send_hop (context, self->next, (struct ring_hop){.left = message->left - 1});
  return INOS_OK;
}
INOS_BEHAVIOUR (ring, RING, struct ring, .pre_start = ring_start);

static void threadring (struct bench *bench)
{
  struct ring ring = {.bench = bench};

  bench_new_runtime (bench);
  bench->messages = (uint64_t)bench->args[1];
  ring_ref first = BENCH_REF (ring, bench_spawn (bench, &ring_behaviour, &ring, sizeof ring));
  ring.next = first;
  for (long i = 1; i < bench->args[0]; i++)
    ring.next = BENCH_REF (ring, bench_spawn (bench, &ring_behaviour, &ring, sizeof ring));
  ring_post_next (bench->runtime, first, (struct ring_next){.id = ring.next.address.id});
  while (!inos_runtime_is_quiet (bench->runtime))
    g_usleep (1000);
  bench_start (bench);
  ring_post_hop (bench->runtime, first, (struct ring_hop){.left = bench->messages});
  bench_wait (bench);
}

const struct bench_program bench_chat[] = {
  {"pingpong", "N          N round trips of two actors", 1, pingpong},
  {"bounded", "N C         the same with bounded mailboxes", 2, bounded},
  {"named", "N             the same to names", 1, named},
  {"guarded", "N           the same behind closed breakers", 1, guarded},
  {"pool", "N S            one way to a pool of strategy S", 2, pool},
  {"request", "N           the same by request and reply", 1, request},
  {"threadring", "A R      a message goes R hops round a ring of A", 2, threadring},
  {NULL}};
