/*
 * Two connections with each other, as they should be.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/yamux.h"
#include "pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

/* One end of a stream, and all that it was told. */
struct end {
  struct inos_stream *stream;
  GByteArray *got;
  unsigned n_open, n_finish, n_gone, n_room;
  enum inos_stream_end why;
  bool finish_back; /* says no more when the other side does */
  bool echo;
};

static void end_open (struct inos_stream *stream, void *data)
{
  struct end *end = data;

  end->stream = stream;
  end->n_open++;
}

static void end_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct end *end = data;

  assert_int_equal (end->n_open, 1);
  assert_int_equal (end->n_finish, 0);
  g_byte_array_append (end->got, bytes, (guint)len);
  if (end->echo)
    inos_stream_write (stream, bytes, len);
}

static void end_room (struct inos_stream *stream, void *data)
{
  ((struct end *)data)->n_room++;
}

static void end_finish (struct inos_stream *stream, void *data)
{
  struct end *end = data;

  end->n_finish++;
  if (end->finish_back)
    inos_stream_finish (stream);
}

static void end_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct end *end = data;

  end->n_gone++;
  end->why = why;
  end->stream = NULL;
}

static const struct inos_stream_handler handler = {end_open, end_bytes, end_room, end_finish,
                                                   end_gone};

static void end_init (struct end *end)
{
  *end = (struct end){.got = g_byte_array_new(), .finish_back = true};
}

static void end_clear (struct end *end)
{
  g_byte_array_unref (end->got);
}

static const char *const names[] = {"/inos/test/1.0.0"};

static void test_upgrade (void **state)
{
  for (uint32_t seed = 0; seed < 50; seed++) {
    struct pair pair;
    pair_init (&pair, seed);
    pair.piece_max = seed % 3 == 0 ? 1 : seed % 3 == 1 ? 7 : 100000;
    pair.late_host = seed % 2;
    pair_connect (&pair, NULL, NULL);
    pair_run (&pair);
    for (unsigned i = 0; i < 2; i++) {
      struct inos_peer_id other = pair_peer (1 - i);
      assert_int_equal (pair.sides[i].n_ready, 1);
      assert_int_equal (pair.sides[i].n_closed, 0);
      assert_true (inos_peer_id_equal (&pair.sides[i].peer, &other));
    }
    pair_clear (&pair);
  }
}

static void test_echo (void **state)
{
  for (uint32_t seed = 0; seed < 20; seed++) {
    struct end near, far;
    struct pair pair;
    end_init (&near);
    end_init (&far);
    far.echo = true;
    const struct inos_stream_answer offers[] = {{names[0], &handler, &far}, {0}};
    pair_ready (&pair, seed);
    pair.sides[1].offers = offers;
    struct inos_stream *stream =
      inos_connection_open (pair.sides[0].connection, names, 1, &handler, &near);
    assert_non_null (stream);
    assert_null (inos_stream_protocol (stream));
    inos_stream_write (stream, "hello", 5);
    inos_stream_finish (stream);
    pair_run (&pair);
    assert_int_equal (near.n_open, 1);
    assert_int_equal (far.n_open, 1);
    assert_int_equal (near.got->len, 5);
    assert_memory_equal (near.got->data, "hello", 5);
    assert_int_equal (near.n_finish + far.n_finish, 2);
    assert_int_equal (near.n_gone + far.n_gone, 2);
    assert_int_equal (near.why, INOS_STREAM_FINISHED);
    assert_int_equal (far.why, INOS_STREAM_FINISHED);
    pair_clear (&pair);
    end_clear (&near);
    end_clear (&far);
  }
}

static void test_wrong_peer (void **state)
{
  struct pair pair;
  struct inos_peer_id other = pair_peer (2);

  pair_init (&pair, 5);
  struct inos_connection_setup setup = pair_setup (&pair, 0);
  setup.expect = &other;
  pair_connect (&pair, &setup, NULL);
  pair_run (&pair);
  assert_int_equal (pair.sides[0].n_ready + pair.sides[1].n_ready, 0);
  assert_int_equal (pair.sides[0].error->code, INOS_LINK_ERROR_IDENTITY);
  assert_non_null (
    strstr (pair.sides[0].error->message, inos_identity_peer_id (pair_identity (1))));
  assert_int_equal (pair.sides[1].error->code, INOS_LINK_ERROR_CLOSED);
  pair_clear (&pair);

  other = pair_peer (1);
  pair_init (&pair, 6);
  setup = pair_setup (&pair, 0);
  setup.expect = &other;
  pair_connect (&pair, &setup, NULL);
  pair_run (&pair);
  assert_int_equal (pair.sides[0].n_ready + pair.sides[1].n_ready, 2);
  pair_clear (&pair);
}

static void test_private_mesh (void **state)
{
  static const uint8_t keys[2][INOS_PSK_SIZE] = {{1}, {2}};
  static const struct {
    const uint8_t *keys[2];
    bool ready;
  } cases[] = {
    {{keys[0], keys[0]}, true},
    {{keys[0], keys[1]}, false},
    {{keys[0], NULL}, false},
    {{NULL, keys[1]}, false},
  };

  for (uint32_t seed = 0; seed < 40; seed++) {
    struct pair pair;
    pair_init (&pair, seed);
    pair.piece_max = seed % 2 ? 10 : 100000;
    struct inos_connection_setup setups[2] = {pair_setup (&pair, 0), pair_setup (&pair, 1)};
    for (unsigned i = 0; i < 2; i++)
      setups[i].psk = cases[seed % 4].keys[i];
    pair_connect (&pair, &setups[0], &setups[1]);
    pair_turn (&pair, 2 * INOS_HANDSHAKE_TIMEOUT);
    for (unsigned i = 0; i < 2; i++) {
      assert_int_equal (pair.sides[i].n_ready, cases[seed % 4].ready);
      assert_int_equal (pair.sides[i].n_closed, !cases[seed % 4].ready);
      assert_int_equal (pair.sides[i].error != NULL, !cases[seed % 4].ready);
    }
    pair_clear (&pair);
  }
}

static void test_alive (void **state)
{
  struct pair pair;
  struct inos_connection_stats stats;

  pair_ready (&pair, 1);
  pair_turn (&pair, 600 * PAIR_SECOND);
  for (unsigned i = 0; i < 2; i++) {
    inos_connection_stats (pair.sides[i].connection, &stats);
    assert_int_equal (pair.sides[i].n_closed, 0);
    assert_true (stats.round_trip > 0 && stats.round_trip < PAIR_SECOND);
    assert_true (stats.sent > 0 && stats.received > 0);
  }
  /* Nothing is delivered any more. */
  uint64_t end = pair.now + 2 * INOS_YAMUX_ALIVE + INOS_YAMUX_DEAD;
  while (pair.sides[0].n_closed == 0 && pair.now < end) {
    pair.now = inos_connection_deadline (pair.sides[0].connection);
    inos_connection_tick (pair.sides[0].connection);
    struct inos_buffer *out = inos_connection_output (pair.sides[0].connection);
    inos_buffer_consume (out, inos_buffer_len (out));
  }
  assert_int_equal (pair.sides[0].n_closed, 1);
  assert_int_equal (pair.sides[0].error->code, INOS_LINK_ERROR_TIMEOUT);
  pair_clear (&pair);
}

/* What is not taken is not sent beyond the window, and what is taken lets more come. */
static void test_hold (void **state)
{
  struct end near, far;
  struct pair pair;
  static uint8_t bytes[400000];
  end_init (&near);
  end_init (&far);
  const struct inos_stream_answer offers[] = {{names[0], &handler, &far}, {0}};
  pair_ready (&pair, 9);
  pair.sides[1].offers = offers;
  struct inos_stream *stream =
    inos_connection_open (pair.sides[0].connection, names, 1, &handler, &near);
  pair_run (&pair);
  inos_stream_hold (far.stream, true);
  inos_stream_write (stream, bytes, sizeof bytes);
  pair_run (&pair);
  /* The proposal was within the window, and is taken. */
  assert_true (far.got->len <= 256 * 1024 && far.got->len > 255 * 1024);
  unsigned before = far.got->len;
  inos_stream_taken (far.stream, 128 * 1024);
  pair_run (&pair);
  assert_true (far.got->len > before + 127 * 1024);
  inos_stream_hold (far.stream, false);
  pair_run (&pair);
  assert_int_equal (far.got->len, sizeof bytes);
  pair_clear (&pair);
  assert_int_equal (near.why, INOS_STREAM_LOST);
  assert_int_equal (near.n_gone + far.n_gone, 2);
  end_clear (&near);
  end_clear (&far);
}

/* The queue of a stream whose peer does not take, its room, and its bound. */
static void test_room (void **state)
{
  struct end near, far;
  struct pair pair;
  static uint8_t bytes[INOS_STREAM_QUEUE_MAX / 2];
  end_init (&near);
  end_init (&far);
  const struct inos_stream_answer offers[] = {{names[0], &handler, &far}, {0}};
  pair_ready (&pair, 10);
  pair.sides[1].offers = offers;
  struct inos_stream *stream =
    inos_connection_open (pair.sides[0].connection, names, 1, &handler, &near);
  inos_stream_write (stream, bytes, sizeof bytes); /* before both agree */
  assert_int_equal (inos_stream_room (stream), 0);
  pair_run (&pair);
  assert_int_equal (near.n_room, 1);
  assert_true (inos_stream_room (stream) == sizeof bytes);
  inos_stream_hold (far.stream, true);
  for (unsigned i = 0; i < 100 && inos_stream_room (stream) > 0; i++) {
    inos_stream_write (stream, bytes, inos_stream_room (stream));
    pair_run (&pair);
  }
  assert_int_equal (inos_stream_room (stream), 0);
  unsigned told = near.n_room;
  inos_stream_hold (far.stream, false);
  pair_run (&pair);
  assert_int_equal (near.n_room, told + 1);
  inos_stream_hold (far.stream, true);
  for (unsigned i = 0; i < 3 + INOS_YAMUX_WINDOW_MAX / sizeof bytes; i++) {
    inos_stream_write (stream, bytes, sizeof bytes);
    assert_int_equal (near.n_gone, 0); /* never from inside */
    pair_run (&pair);
    if (near.n_gone > 0)
      break;
  }
  assert_int_equal (near.n_gone, 1);
  assert_int_equal (near.why, INOS_STREAM_GIVEN_UP);
  assert_int_equal (far.why, INOS_STREAM_RESET);
  pair_clear (&pair);
  end_clear (&near);
  end_clear (&far);
}

/* While one side sends all that it can, what the other asks is answered soon: js-libp2p ends
 * connections on which its ping waits. */
static void test_answers_while_busy (void **state)
{
  struct end bulk, sink, asked, answered;
  struct pair pair;
  static uint8_t bytes[INOS_STREAM_QUEUE_MAX / 2];
  static const char *const ping[] = {"/ping"};
  end_init (&bulk);
  end_init (&sink);
  end_init (&asked);
  end_init (&answered);
  answered.echo = true;
  const struct inos_stream_answer first[] = {{ping[0], &handler, &answered}, {0}};
  const struct inos_stream_answer second[] = {{names[0], &handler, &sink}, {0}};
  pair_ready (&pair, 11);
  pair.piece_max = 20000;
  pair.wire_max = 64 * 1024;
  pair.sides[0].offers = first;
  pair.sides[1].offers = second;
  struct inos_stream *stream =
    inos_connection_open (pair.sides[0].connection, names, 1, &handler, &bulk);
  uint64_t asked_at = 0;
  for (unsigned step = 0; asked.got->len < 32; step++) {
    assert_int_equal (bulk.n_gone, 0);
    inos_stream_write (stream, bytes, inos_stream_room (stream));
    pair_step (&pair);
    if (step == 1000) {
      inos_stream_write (inos_connection_open (pair.sides[1].connection, ping, 1, &handler, &asked),
                         bytes, 32);
      asked_at = sink.got->len;
    }
  }
  assert_true (asked_at > INOS_STREAM_QUEUE_MAX);
  /* Two round trips, in each of which waits what the link has taken already, and a quantum. */
  assert_true (sink.got->len - asked_at < 3 * (256 + 64 + 64) * 1024);
  pair_clear (&pair);
  end_clear (&bulk);
  end_clear (&sink);
  end_clear (&asked);
  end_clear (&answered);
}

static void sink_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
}

static const struct inos_stream_handler sink = {.gone = sink_gone};

/* Many streams whose peer does not read share what may wait, and all go on when it does. */
static void test_crowd (void **state)
{
  enum { STREAMS = 200 };
  static struct end ends[STREAMS];
  static uint8_t bytes[INOS_STREAM_QUEUE_MAX / 2];
  struct inos_stream *streams[STREAMS];
  struct pair pair;
  size_t wrote = 0, got = 0;
  const struct inos_stream_answer offers[] = {{names[0], &sink, NULL}, {0}};
  pair_ready (&pair, 14);
  pair.sides[1].offers = offers;
  for (unsigned i = 0; i < STREAMS; i++) {
    end_init (&ends[i]);
    streams[i] = inos_connection_open (pair.sides[0].connection, names, 1, &handler, &ends[i]);
    size_t room = inos_stream_room (streams[i]);
    inos_stream_write (streams[i], bytes, room);
    wrote += room;
    assert_int_equal (inos_stream_room (streams[i]), 0);
  }
  assert_true (wrote > 8 * 1024 * 1024 && wrote < 13 * 1024 * 1024);
  pair.piece_max = 1 << 20;
  pair_run (&pair);
  for (unsigned i = 0; i < STREAMS; i++) {
    assert_int_equal (ends[i].n_gone, 0);
    assert_int_equal (ends[i].n_room, 1);
    assert_true (inos_stream_room (streams[i]) == sizeof bytes);
  }
  for (unsigned i = 0; i < STREAMS; i++) /* without asking */
    for (unsigned j = 0; j < 2 && ends[i].n_gone == 0; j++)
      inos_stream_write (streams[i], bytes, sizeof bytes);
  pair_run (&pair);
  for (unsigned i = 0; i < STREAMS; i++)
    got += ends[i].n_gone;
  assert_true (got > STREAMS / 2 && got < STREAMS);
  pair_clear (&pair);
  for (unsigned i = 0; i < STREAMS; i++)
    end_clear (&ends[i]);
}

static void test_unsupported (void **state)
{
  static const char *const both[] = {"/x", "/inos/test/1.0.0"};
  struct end near, far;
  struct pair pair;
  end_init (&near);
  end_init (&far);
  const struct inos_stream_answer offers[] = {{names[0], &handler, &far}, {0}};
  pair_ready (&pair, 12);
  pair.sides[1].offers = offers;
  struct inos_stream *stream =
    inos_connection_open (pair.sides[0].connection, both, 1, &handler, &near);
  inos_stream_write (stream, "x", 1);
  pair_run (&pair);
  assert_int_equal (near.n_open, 0);
  assert_int_equal (near.n_gone, 1);
  assert_int_equal (near.why, INOS_STREAM_UNSUPPORTED);
  near.n_gone = 0;
  stream = inos_connection_open (pair.sides[0].connection, both, 2, &handler, &near);
  inos_stream_write (stream, "x", 1);
  pair_run (&pair);
  assert_int_equal (near.n_open, 1);
  assert_string_equal (inos_stream_protocol (stream), names[0]);
  assert_string_equal (inos_stream_protocol (far.stream), names[0]);
  assert_int_equal (far.got->len, 1);
  pair_clear (&pair);
  end_clear (&near);
  end_clear (&far);
}

/* Many at once: 256 may wait for the peer's word, and it takes as many as it says. */
static void test_many (void **state)
{
  static struct end ends[400];
  struct end far;
  struct pair pair;
  unsigned open = 0, n = 0, reset = 0;
  end_init (&far);
  const struct inos_stream_answer offers[] = {{names[0], &handler, &far}, {0}};
  pair_init (&pair, 13);
  struct inos_connection_setup setup = pair_setup (&pair, 1);
  setup.streams_max = 300;
  pair_connect (&pair, NULL, &setup);
  pair_run (&pair);
  pair.sides[1].offers = offers;
  for (unsigned round = 0; round < 2; round++) {
    unsigned before = n;
    while (n < G_N_ELEMENTS (ends)) {
      end_init (&ends[n]);
      if (!inos_connection_open (pair.sides[0].connection, names, 1, &handler, &ends[n])) {
        end_clear (&ends[n]);
        break;
      }
      n++;
    }
    if (round == 0)
      assert_int_equal (n - before, INOS_YAMUX_BACKLOG);
    pair_run (&pair);
  }
  for (unsigned i = 0; i < n; i++) {
    open += ends[i].n_open;
    reset += ends[i].n_gone == 1 && ends[i].why == INOS_STREAM_RESET;
  }
  assert_int_equal (n, G_N_ELEMENTS (ends));
  assert_int_equal (open, 300);
  assert_int_equal (reset, 100);
  pair_clear (&pair);
  for (unsigned i = 0; i < n; i++)
    end_clear (&ends[i]);
  end_clear (&far);
}

/* The end, and who is told what of it. */
static void test_ends (void **state)
{
  for (unsigned how = 0; how < 4; how++) {
    struct end near, far;
    struct pair pair;
    end_init (&near);
    end_init (&far);
    const struct inos_stream_answer offers[] = {{names[0], &handler, &far}, {0}};
    pair_ready (&pair, how);
    pair.sides[1].offers = offers;
    inos_connection_open (pair.sides[0].connection, names, 1, &handler, &near);
    pair_run (&pair);
    if (how == 0) {
      inos_connection_close (pair.sides[0].connection);
      inos_connection_close (pair.sides[0].connection);
      assert_int_equal (near.n_gone, 1);
      assert_int_equal (pair.sides[0].n_closed, 1);
      pair_run (&pair);
      assert_null (pair.sides[0].error);
      assert_null (pair.sides[1].error);
    } else if (how == 1) {
      inos_connection_feed_end (pair.sides[0].connection, NULL);
      assert_int_equal (pair.sides[0].error->code, INOS_LINK_ERROR_CLOSED);
    } else if (how == 2) {
      g_autoptr (GError) error = g_error_new_literal (INOS_LINK_ERROR, 99, "the cable is cut");
      inos_connection_feed_end (pair.sides[0].connection, error);
      assert_string_equal (pair.sides[0].error->message, "the cable is cut");
    }
    if (how > 0 && how < 3)
      assert_int_equal (pair.sides[0].n_closed, 1);
    if (how < 3)
      assert_null (inos_connection_open (pair.sides[0].connection, names, 1, &handler, &near));
    pair_clear (&pair);
    assert_int_equal (near.n_gone, 1);
    assert_int_equal (far.n_gone, 1);
    assert_int_equal (near.why, INOS_STREAM_LOST);
    assert_int_equal (far.why, INOS_STREAM_LOST);
    end_clear (&near);
    end_clear (&far);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_upgrade),    cmocka_unit_test (test_echo),
    cmocka_unit_test (test_wrong_peer), cmocka_unit_test (test_private_mesh),
    cmocka_unit_test (test_alive),      cmocka_unit_test (test_hold),
    cmocka_unit_test (test_room),       cmocka_unit_test (test_answers_while_busy),
    cmocka_unit_test (test_crowd),      cmocka_unit_test (test_unsupported),
    cmocka_unit_test (test_many),       cmocka_unit_test (test_ends),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
