/*
 * Limits of single protocols, of what waits, and what goes before the rest.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/perf.h"
#include "node/mesh/host/ping.h"
#include "tests/node/mesh/host/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)
#define RATE 100000u /* bytes a second */

struct pair {
  struct world *world;
  struct inos_host *hosts[2];
  struct inos_perf *perfs[2];
  struct inos_ping *pings[2];
  unsigned done;
};

static void begin (struct pair *pair, const struct inos_host_limits *limits)
{
  *pair = (struct pair){.world = world_new (31)};
  for (unsigned i = 0; i < 2; i++) {
    pair->hosts[i] = world_add (pair->world, i == 0 ? limits : NULL);
    pair->perfs[i] = inos_perf_new (pair->hosts[i], true);
    pair->pings[i] = inos_ping_new (pair->hosts[i]);
  }
  assert_true (world_connect (pair->world, 1, 2));
}

static void end (struct pair *pair)
{
  world_free (pair->world);
  for (unsigned i = 0; i < 2; i++) {
    inos_perf_free (pair->perfs[i]);
    inos_ping_free (pair->pings[i]);
  }
}

static void on_moved (void *data, const struct inos_perf_result *result, const GError *error)
{
  ++*(unsigned *)data;
}

static void on_pong (void *data, uint64_t round_trip, const GError *error)
{
  assert_null (error);
  ++*(unsigned *)data;
}

static void move (struct pair *pair, uint64_t up, uint64_t down)
{
  inos_perf_run (pair->perfs[0], inos_host_id (pair->hosts[1]), up, down, on_moved, &pair->done);
}

static bool ping (struct pair *pair, uint64_t patience)
{
  unsigned answered = 0;

  inos_ping_send (pair->pings[0], inos_host_id (pair->hosts[1]), on_pong, &answered);
  world_pass (pair->world, patience);
  unsigned by_then = answered;
  while (answered == 0)
    world_pass (pair->world, SECOND);
  return by_then > 0;
}

static const struct inos_usage *usage_of (struct inos_host *host, const char *protocol)
{
  const struct inos_usage *usage;

  for (unsigned i = 0; (usage = inos_meter_at (inos_host_meter (host), i)) != NULL; i++)
    if (g_str_equal (usage->protocol, protocol))
      return usage;
  return NULL;
}

/* Five at once take as long as their sum, and another protocol does not wait for them. */
static void test_sends_of_a_protocol (void **state)
{
  struct pair pair;
  uint64_t peer = 0;

  begin (&pair, NULL);
  assert_true (inos_host_limit_protocol (pair.hosts[0], INOS_PERF_PROTOCOL,
                                         &(struct inos_protocol_limits){.send_max = RATE}));
  for (unsigned i = 0; i < 5; i++)
    move (&pair, 200000, 0);
  world_pass (pair.world, 5 * SECOND);
  peer = usage_of (pair.hosts[1], INOS_PERF_PROTOCOL)->in.bytes;
  assert_in_range (peer, RATE * 5 - RATE / 4, RATE * 5 + RATE / 4);
  assert_true (ping (&pair, SECOND / 10));
  assert_int_equal (pair.done, 0); /* side by side, and none before the others */
  world_pass (pair.world, 6 * SECOND);
  assert_int_equal (pair.done, 5);
  end (&pair);
}

static void test_takes_of_a_protocol (void **state)
{
  struct pair pair;

  begin (&pair, NULL);
  inos_host_limit_protocol (pair.hosts[0], INOS_PERF_PROTOCOL,
                            &(struct inos_protocol_limits){.receive_max = RATE});
  move (&pair, 0, 1000000);
  world_pass (pair.world, 5 * SECOND);
  /* the window of a stream comes at once, and counts */
  assert_in_range (usage_of (pair.hosts[0], INOS_PERF_PROTOCOL)->in.bytes, RATE * 4, RATE * 8);
  assert_true (ping (&pair, SECOND / 10));
  assert_int_equal (pair.done, 0);
  world_pass (pair.world, 6 * SECOND);
  assert_int_equal (pair.done, 1);
  end (&pair);
}

/* More than waits in a stream at once. */
static void test_sends_much (void **state)
{
  struct pair pair;

  begin (&pair, NULL);
  inos_host_limit_protocol (pair.hosts[0], INOS_PERF_PROTOCOL,
                            &(struct inos_protocol_limits){.send_max = 1 << 20});
  move (&pair, 3 << 20, 0);
  world_pass (pair.world, 2 * SECOND);
  assert_int_equal (pair.done, 0);
  world_pass (pair.world, 2 * SECOND);
  assert_int_equal (pair.done, 1);
  end (&pair);
}

static void on_moved_right (void *data, const struct inos_perf_result *result, const GError *error)
{
  *(unsigned *)data += error == NULL;
}

/* Whether a little gets through within @patience. */
static bool moves_little (struct pair *pair, uint64_t patience)
{
  unsigned right = 0;

  inos_perf_run (pair->perfs[0], inos_host_id (pair->hosts[1]), 1000, 0, on_moved_right, &right);
  world_pass (pair->world, patience);
  return right > 0;
}

/* Streams that end in debt leave nothing behind that keeps later ones out for ever. */
static void test_debt_is_paid (void **state)
{
  struct pair pair;

  begin (&pair, NULL);
  inos_host_limit_protocol (pair.hosts[1], INOS_PERF_PROTOCOL,
                            &(struct inos_protocol_limits){.receive_max = 16384});
  for (unsigned i = 0; i < 8; i++)
    move (&pair, 250000, 0); /* a window: it comes at once */
  world_pass (pair.world, SECOND);
  inos_host_hang_up (pair.hosts[0], inos_host_id (pair.hosts[1]));
  world_pass (pair.world, SECOND);
  assert_true (world_connect (pair.world, 1, 2));
  assert_false (moves_little (&pair, 5 * SECOND));
  world_pass (pair.world, 300 * SECOND);
  assert_true (moves_little (&pair, 10 * SECOND));
  end (&pair);
}

/* A limit comes and goes while something is under way. */
static void test_changes (void **state)
{
  struct pair pair;
  struct inos_host_limits limits = {.send_max = RATE};

  begin (&pair, &limits);
  move (&pair, 10000000, 0);
  world_pass (pair.world, 2 * SECOND);
  assert_int_equal (pair.done, 0);
  inos_host_limit (pair.hosts[0], &(struct inos_host_limits){0});
  world_pass (pair.world, SECOND);
  assert_int_equal (pair.done, 1);
  inos_host_limit (pair.hosts[0], &(struct inos_host_limits){.receive_max = RATE});
  move (&pair, 0, 1000000);
  world_pass (pair.world, 2 * SECOND);
  assert_int_equal (pair.done, 1);
  inos_host_limit (pair.hosts[0], &(struct inos_host_limits){0});
  inos_host_limit_protocol (pair.hosts[0], INOS_PERF_PROTOCOL,
                            &(struct inos_protocol_limits){.send_max = RATE});
  world_pass (pair.world, SECOND);
  assert_int_equal (pair.done, 2);
  move (&pair, 1000000, 0);
  world_pass (pair.world, 2 * SECOND);
  assert_int_equal (pair.done, 2);
  inos_host_limit_protocol (pair.hosts[0], INOS_PERF_PROTOCOL, &(struct inos_protocol_limits){0});
  world_pass (pair.world, SECOND);
  assert_int_equal (pair.done, 3);
  end (&pair);
}

/* At the least rate there is, and with the bulk of four streams: what is urgent is there soon, and
 * what is not waits with the bulk; both together stay within the limit. */
static void test_urgent_goes_first (void **state)
{
  for (unsigned urgent = 0; urgent < 2; urgent++) {
    struct pair pair;
    begin (&pair, &(struct inos_host_limits){.send_max = 16384});
    if (urgent)
      inos_host_urge (pair.hosts[0], INOS_PING_PROTOCOL);
    for (unsigned i = 0; i < 4; i++)
      move (&pair, 1000000, 0);
    world_pass (pair.world, 10 * SECOND);
    unsigned soon = 0;
    for (unsigned i = 0; i < 5; i++)
      soon += ping (&pair, SECOND / 10);
    if (urgent)
      assert_int_equal (soon, 5);
    else
      assert_true (soon < 5);
    const struct inos_peer *peer =
      inos_peer_book_find (inos_host_book (pair.hosts[0]), inos_host_id (pair.hosts[1]));
    assert_true (peer->out.bytes <
                 16384 * (world_now (pair.world) / SECOND + 3)); /* from the world's beginning */
    end (&pair);
  }
}

/* Memory */

struct sink {
  struct inos_protocol_offer offer;
  struct inos_stream *stream;
  unsigned gone;
};

static void on_open (struct inos_stream *stream, void *data)
{
  ((struct sink *)data)->stream = stream;
  inos_stream_hold (stream, true);
}

static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  ((struct sink *)data)->gone++;
  ((struct sink *)data)->stream = NULL;
}

static const struct inos_stream_handler sink_handler = {.open = on_open, .gone = on_gone};

/* To a peer that does not read: what waits is seen, and what is too much ends its stream. */
static void test_memory (void **state)
{
  enum { CAP = 1 << 20, STREAMS = 4 };
  static const char *const names[] = {"/sink/1"};
  static const uint8_t bulk[400000];

  for (unsigned of_peer = 0; of_peer < 2; of_peer++) {
    struct pair pair;
    struct sink there = {.offer = {.name = names[0], .handler = &sink_handler, .data = &there}};
    struct sink here[STREAMS] = {0};
    struct inos_stream *streams[STREAMS];
    unsigned ended = 0;

    begin (&pair, &(struct inos_host_limits){.peer_memory_max = of_peer ? CAP : 0});
    if (!of_peer)
      inos_host_limit_protocol (pair.hosts[0], names[0],
                                &(struct inos_protocol_limits){.memory_max = CAP});
    inos_host_offer (pair.hosts[1], &there.offer);
    const struct inos_usage *usage = NULL;
    const struct inos_peer *peer =
      inos_peer_book_find (inos_host_book (pair.hosts[0]), inos_host_id (pair.hosts[1]));
    for (unsigned i = 0; i < STREAMS; i++) {
      streams[i] = inos_host_open (pair.hosts[0], inos_host_id (pair.hosts[1]), names, 1,
                                   &sink_handler, &here[i]);
      world_settle (pair.world);
      inos_stream_write (streams[i], bulk, sizeof bulk);
      world_settle (pair.world);
      inos_stream_write (here[i].gone ? streams[0] : streams[i], bulk,
                         here[i].gone ? 1 : sizeof bulk);
      world_settle (pair.world);
      usage = usage_of (pair.hosts[0], names[0]);
      assert_true (usage->memory.used <= CAP);
      assert_true (peer->memory.used <= CAP);
    }
    for (unsigned i = 0; i < STREAMS; i++)
      ended += here[i].gone;
    assert_in_range (ended, 1, STREAMS - 1);
    assert_true (usage->memory.used > CAP / 4);
    assert_int_equal (usage->memory.used, peer->memory.used);
    inos_host_hang_up (pair.hosts[0], inos_host_id (pair.hosts[1]));
    world_settle (pair.world);
    assert_int_equal (usage->memory.used, 0);
    assert_int_equal (peer->memory.used, 0);
    end (&pair);
  }
}

/* What came and is not done with counts too. */
static void test_memory_of_who_sends (void **state)
{
  static const char *const names[] = {"/sink/1"};
  static const uint8_t bulk[100000];
  struct pair pair;
  struct sink sink = {.offer = {.name = names[0], .handler = &sink_handler, .data = &sink}},
              from = {0};

  begin (&pair, NULL);
  inos_host_offer (pair.hosts[0], &sink.offer);
  struct inos_stream *stream =
    inos_host_open (pair.hosts[1], inos_host_id (pair.hosts[0]), names, 1, &sink_handler, &from);
  inos_stream_write (stream, bulk, sizeof bulk);
  world_settle (pair.world);
  const struct inos_usage *usage = usage_of (pair.hosts[0], names[0]);
  assert_int_equal (usage->memory.used, sizeof bulk);
  inos_stream_taken (sink.stream, 60000);
  assert_int_equal (usage->memory.used, sizeof bulk - 60000);
  inos_stream_hold (sink.stream, false);
  assert_int_equal (usage->memory.used, 0);
  end (&pair);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_sends_of_a_protocol), cmocka_unit_test (test_sends_much),
    cmocka_unit_test (test_takes_of_a_protocol), cmocka_unit_test (test_changes),
    cmocka_unit_test (test_urgent_goes_first),   cmocka_unit_test (test_memory),
    cmocka_unit_test (test_memory_of_who_sends), cmocka_unit_test (test_debt_is_paid),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
