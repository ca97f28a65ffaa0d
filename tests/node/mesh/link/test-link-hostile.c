/*
 * One connection against a peer made by hand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "raw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#define GREETING "\x13/multistream/1.0.0\n"
#define NAME "/inos/test/1.0.0"
#define PROPOSAL "\x11" NAME "\n"

struct end {
  struct inos_stream *stream;
  unsigned n_open, n_finish, n_gone;
  enum inos_stream_end why;
  size_t got;
};

static void end_open (struct inos_stream *stream, void *data)
{
  struct end *end = data;

  end->stream = stream;
  end->n_open++;
}

static void end_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  ((struct end *)data)->got += len;
}

static void end_finish (struct inos_stream *stream, void *data)
{
  ((struct end *)data)->n_finish++;
}

static void end_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct end *end = data;

  end->n_gone++;
  end->why = why;
}

static const struct inos_stream_handler handler = {end_open, end_bytes, NULL, end_finish, end_gone};
static const char *const names[] = {NAME};

static void check_over (struct raw *raw, enum inos_link_error code, const char *says)
{
  const struct pair_side *side = &raw->pair.sides[1];

  assert_int_equal (side->n_closed, 1);
  assert_non_null (side->error);
  assert_true (side->error->domain == INOS_LINK_ERROR);
  assert_int_equal (side->error->code, code);
  if (!strstr (side->error->message, says))
    fail_msg ("%s", side->error->message);
  /* Nothing more is taken. */
  raw_say (raw, "x", 1);
  inos_connection_tick (raw->connection);
  inos_connection_close (raw->connection);
  inos_connection_feed_end (raw->connection, NULL);
  assert_int_equal (side->n_closed, 1);
  assert_true (inos_connection_deadline (raw->connection) == INOS_NEVER);
}

static void expect_goodbye (struct raw *raw, uint32_t code)
{
  struct raw_frame frame = {0}, last = {0};

  raw_listen (raw);
  while (raw_next (raw, &frame))
    last = frame;
  assert_int_equal (last.type, RAW_GO_AWAY);
  assert_int_equal (last.len, code);
}

/* The multiplexer is negotiated after the handshake with a peer that does not do so within. */
static void test_late_muxer (void **state)
{
  for (int dials = 0; dials < 2; dials++) {
    struct raw raw;
    raw_init (&raw, dials, NULL);
    raw_upgrade (&raw);
    assert_int_equal (raw.pair.sides[1].n_closed, 0);
    raw_clear (&raw);
  }
}

static void test_other_muxer (void **state)
{
  for (int dials = 0; dials < 2; dials++) {
    struct raw raw;
    raw_init (&raw, dials, NULL);
    raw_upgrade (&raw);
    raw_clear (&raw);
    raw_init (&raw, dials, "/mplex/6.7.0");
    struct inos_buffer out = {0};
    raw_say (&raw, GREETING "\x07/noise\n", sizeof GREETING + 7);
    raw_expect (&raw, GREETING "\x07/noise\n", sizeof GREETING + 7);
    inos_noise_start (raw.noise, &out);
    for (unsigned i = 0; i < 2; i++) {
      if (inos_buffer_len (&out) > 0)
        raw_say (&raw, inos_buffer_data (&out), inos_buffer_len (&out));
      inos_buffer_clear (&out);
      struct inos_buffer *said = inos_connection_output (raw.connection);
      inos_buffer_append (&raw.got, inos_buffer_data (said), inos_buffer_len (said));
      inos_buffer_consume (said, inos_buffer_len (said));
      if (inos_buffer_len (&raw.got) == 0)
        break;
      inos_noise_handshake (raw.noise, inos_buffer_data (&raw.got), inos_buffer_len (&raw.got),
                            &out, NULL);
      inos_buffer_clear (&raw.got);
    }
    inos_buffer_clear (&out);
    check_over (&raw, INOS_LINK_ERROR_PROTOCOL, "/yamux/1.0.0");
    raw_clear (&raw);
  }
}

static void test_garbage (void **state)
{
  struct raw raw;

  raw_init (&raw, true, NULL);
  raw_say (&raw, "\x16\x03\x01\x02garbage that is no such thing", 30); /* TLS */
  check_over (&raw, INOS_LINK_ERROR_PROTOCOL, "does not speak libp2p");
  raw_clear (&raw);
}

static void test_security (void **state)
{
  struct raw raw;

  raw_init (&raw, true, NULL); /* proposes others before */
  raw_say (&raw, GREETING "\x0b/tls/1.0.0\n\x03ls\n", sizeof GREETING + 15);
  raw_expect (&raw, GREETING "\x03na\n", sizeof GREETING + 3);
  raw_expect (&raw, "\x09\x07/noise\n\n", 10);
  raw_say (&raw, "\x07/noise\n", 8);
  raw_expect (&raw, "\x07/noise\n", 8);
  raw_clear (&raw);
  raw_init (&raw, false, NULL); /* refuses */
  raw_say (&raw, GREETING "\x03na\n", sizeof GREETING + 3);
  check_over (&raw, INOS_LINK_ERROR_PROTOCOL, "/noise");
  raw_clear (&raw);
}

/* A handshake's message that says it is large is not waited for. */
static void test_large_handshake (void **state)
{
  struct raw raw;

  raw_init (&raw, true, NULL);
  raw_say (&raw, GREETING "\x07/noise\n\xff", sizeof GREETING + 8);
  assert_int_equal (raw.pair.sides[1].n_closed, 0);
  raw_say (&raw, "\xff", 1);
  check_over (&raw, INOS_LINK_ERROR_PROTOCOL, "too long");
  raw_clear (&raw);
}

static void test_replay (void **state)
{
  struct raw raw;
  struct inos_buffer frame = {0};
  static const uint8_t ping[12] = {0, RAW_PING, 0, RAW_SYN};

  raw_init (&raw, true, INOS_YAMUX_PROTOCOL);
  raw_upgrade (&raw);
  memcpy (inos_noise_room (&frame, 12), ping, 12);
  inos_noise_seal (raw.noise, &frame, 12);
  raw_say (&raw, inos_buffer_data (&frame), inos_buffer_len (&frame));
  assert_int_equal (raw.pair.sides[1].n_closed, 0);
  raw_say (&raw, inos_buffer_data (&frame), inos_buffer_len (&frame));
  inos_buffer_clear (&frame);
  check_over (&raw, INOS_LINK_ERROR_PROTOCOL, "changed on the way");
  expect_goodbye (&raw, INOS_YAMUX_PROTOCOL_ERROR);
  raw_clear (&raw);
}

static void test_truncated (void **state)
{
  struct raw raw;
  struct inos_buffer frame = {0};

  raw_init (&raw, true, INOS_YAMUX_PROTOCOL);
  raw_upgrade (&raw);
  memset (inos_noise_room (&frame, 100), 0, 100);
  inos_noise_seal (raw.noise, &frame, 100);
  raw_say (&raw, inos_buffer_data (&frame), 50);
  inos_connection_feed_end (raw.connection, NULL);
  assert_int_equal (raw.pair.sides[1].n_closed, 1);
  inos_buffer_clear (&frame);
  raw_clear (&raw);
}

static void test_small_frames (void **state)
{
  static const char *const frames[] = {"\0\0", "\0\1x", "\0\x0fxxxxxxxxxxxxxxx"};

  for (size_t i = 0; i < G_N_ELEMENTS (frames); i++) {
    struct raw raw;
    raw_init (&raw, true, INOS_YAMUX_PROTOCOL);
    raw_upgrade (&raw);
    raw_seal (&raw, NULL, 0); /* an empty one is harmless */
    assert_int_equal (raw.pair.sides[1].n_closed, 0);
    raw_say (&raw, frames[i], 2 + (size_t)frames[i][1]);
    check_over (&raw, INOS_LINK_ERROR_PROTOCOL, "changed on the way");
    raw_clear (&raw);
  }
}

/* Opens a stream for NAME, with @end's handler at the other side. */
static void open_stream (struct raw *raw, struct end *end, uint32_t id)
{
  static struct inos_stream_answer offers[2];

  offers[0] = (struct inos_stream_answer){NAME, &handler, end};
  raw->pair.sides[1].offers = offers;
  raw_frame (raw, RAW_DATA, RAW_SYN, id, GREETING PROPOSAL, sizeof GREETING PROPOSAL - 1);
}

static void test_window_abuse (void **state)
{
  struct raw raw;
  struct end end = {0};
  static uint8_t bytes[60000];
  size_t sent = sizeof GREETING PROPOSAL - 1;

  raw_init (&raw, true, INOS_YAMUX_PROTOCOL);
  raw_upgrade (&raw);
  open_stream (&raw, &end, 1);
  assert_int_equal (end.n_open, 1);
  inos_stream_hold (end.stream, true);
  for (; sent + sizeof bytes <= INOS_YAMUX_WINDOW; sent += sizeof bytes)
    raw_frame (&raw, RAW_DATA, 0, 1, bytes, sizeof bytes);
  assert_int_equal (raw.pair.sides[1].n_closed, 0);
  raw_frame (&raw, RAW_DATA, 0, 1, bytes, INOS_YAMUX_WINDOW - sent + 1);
  check_over (&raw, INOS_LINK_ERROR_PROTOCOL, "more than a stream's window");
  assert_int_equal (end.n_gone, 1);
  assert_int_equal (end.why, INOS_STREAM_LOST);
  expect_goodbye (&raw, INOS_YAMUX_PROTOCOL_ERROR);
  raw_clear (&raw);
}

static void test_stream_flood (void **state)
{
  struct raw raw;
  struct raw_frame frame;
  struct inos_connection_stats stats;
  unsigned n_reset = 0;

  raw_init (&raw, true, INOS_YAMUX_PROTOCOL);
  raw_upgrade (&raw);
  for (uint32_t i = 0; i < 200; i++)
    raw_frame (&raw, RAW_WINDOW, RAW_SYN, 1 + 2 * i, NULL, 0);
  inos_connection_stats (raw.connection, &stats);
  assert_int_equal (stats.streams_in, 50);
  raw_listen (&raw);
  while (raw_next (&raw, &frame))
    n_reset += frame.flags == RAW_RST;
  assert_int_equal (n_reset, 150);
  /* One after the other, and never read: nothing of it is kept. */
  for (uint32_t i = 200; i < 20000; i++) {
    raw_frame (&raw, RAW_WINDOW, RAW_SYN, 1 + 2 * i, NULL, 0);
    raw_frame (&raw, RAW_WINDOW, RAW_RST, 1 + 2 * i, NULL, 0);
    if (raw.pair.sides[1].n_closed > 0)
      break;
  }
  check_over (&raw, INOS_LINK_ERROR_PROTOCOL, "did not read");
  raw_clear (&raw);
}

/* Streams of which the peer never says what they are for are given up. */
static void test_silent_streams (void **state)
{
  struct raw raw;
  struct raw_frame frame;
  struct inos_connection_stats stats;
  unsigned n_reset = 0;

  raw_init (&raw, true, INOS_YAMUX_PROTOCOL);
  raw_upgrade (&raw);
  for (uint32_t i = 0; i < 50; i++)
    raw_frame (&raw, RAW_DATA, RAW_SYN, 1 + 2 * i, GREETING "\x11/inos", sizeof GREETING + 5);
  assert_true (inos_connection_deadline (raw.connection) ==
               raw.pair.now + INOS_NEGOTIATION_TIMEOUT);
  raw.pair.now += INOS_NEGOTIATION_TIMEOUT;
  inos_connection_tick (raw.connection);
  inos_connection_stats (raw.connection, &stats);
  assert_int_equal (stats.streams_in, 0);
  raw_listen (&raw);
  while (raw_next (&raw, &frame))
    n_reset += frame.flags == RAW_RST;
  assert_int_equal (n_reset, 50);
  assert_int_equal (raw.pair.sides[1].n_closed, 0);
  raw_clear (&raw);
}

static void test_silent_handshake (void **state)
{
  struct raw raw;

  raw_init (&raw, true, NULL);
  raw_say (&raw, GREETING, sizeof GREETING - 1);
  raw.pair.now = inos_connection_deadline (raw.connection) - 1;
  raw_say (&raw, "\x07/noi", 4); /* slowly is not enough */
  inos_connection_tick (raw.connection);
  assert_int_equal (raw.pair.sides[1].n_closed, 0);
  raw.pair.now++;
  inos_connection_tick (raw.connection);
  check_over (&raw, INOS_LINK_ERROR_TIMEOUT, "10 seconds");
  raw_clear (&raw);
}

/* What comes with the proposal, the end too, is the protocol's. */
static void test_all_at_once (void **state)
{
  struct raw raw;
  struct raw_frame frame;
  struct end end = {0};

  raw_init (&raw, true, INOS_YAMUX_PROTOCOL);
  raw_upgrade (&raw);
  open_stream (&raw, &end, 1);
  raw_frame (&raw, RAW_DATA, RAW_FIN, 1, "hello", 5);
  assert_int_equal (end.n_open, 1);
  assert_int_equal (end.got, 5);
  assert_int_equal (end.n_finish, 1);
  inos_stream_finish (end.stream);
  raw_listen (&raw);
  assert_true (raw_next (&raw, &frame) && frame.type == RAW_PING);
  assert_true (raw_next (&raw, &frame));
  assert_int_equal (frame.flags, RAW_ACK);
  assert_int_equal (frame.len, sizeof GREETING PROPOSAL - 1);
  assert_memory_equal (frame.bytes, GREETING PROPOSAL, frame.len);
  assert_true (raw_next (&raw, &frame));
  assert_int_equal (frame.flags, RAW_FIN);
  inos_connection_tick (raw.connection);
  assert_int_equal (end.n_gone, 1);
  assert_int_equal (end.why, INOS_STREAM_FINISHED);
  raw_clear (&raw);
}

/* Takes the next frame of a stream. */
static struct raw_frame next_of (struct raw *raw, uint32_t id)
{
  struct raw_frame frame = {0};

  raw_listen (raw);
  while (raw_next (raw, &frame) && frame.id != id)
    ;
  assert_int_equal (frame.id, id);
  return frame;
}

/* Before the peer has agreed it is told neither the end, which js-libp2p would take for that of the
 * whole stream, nor bytes, unless it spoke the same protocol before. */
static void test_patience (void **state)
{
  struct raw raw;
  struct end end = {0};
  struct raw_frame frame;

  raw_init (&raw, false, INOS_YAMUX_PROTOCOL);
  raw_upgrade (&raw);
  struct inos_stream *stream = inos_connection_open (raw.connection, names, 1, &handler, &end);
  inos_stream_write (stream, "one", 3);
  inos_stream_finish (stream);
  frame = next_of (&raw, 1);
  assert_int_equal (frame.flags, RAW_SYN);
  assert_int_equal (frame.len, sizeof GREETING PROPOSAL - 1);
  assert_false (raw_next (&raw, &frame));
  raw_frame (&raw, RAW_DATA, RAW_ACK, 1, GREETING PROPOSAL, sizeof GREETING PROPOSAL - 1);
  assert_int_equal (end.n_open, 1);
  frame = next_of (&raw, 1);
  assert_int_equal (frame.len, 3);
  assert_true (raw_next (&raw, &frame));
  assert_int_equal (frame.flags, RAW_FIN);

  struct end again = {0};
  stream = inos_connection_open (raw.connection, names, 1, &handler, &again);
  inos_stream_write (stream, "two", 3);
  inos_stream_finish (stream);
  frame = next_of (&raw, 3);
  assert_int_equal (frame.len, sizeof GREETING PROPOSAL - 1 + 3);
  assert_false (raw_next (&raw, &frame)); /* still no end */
  raw_frame (&raw, RAW_DATA, RAW_ACK, 3, GREETING "\x03na\n", sizeof GREETING + 3);
  assert_int_equal (again.n_gone, 1);
  assert_int_equal (again.why, INOS_STREAM_UNSUPPORTED);

  struct end third = {0}; /* it is not taken for granted any more */
  stream = inos_connection_open (raw.connection, names, 1, &handler, &third);
  inos_stream_write (stream, "two", 3);
  frame = next_of (&raw, 5);
  assert_int_equal (frame.len, sizeof GREETING PROPOSAL - 1);
  raw_clear (&raw);
}

static void test_late_stream (void **state)
{
  struct raw raw;
  struct end end = {0};

  raw_init (&raw, false, INOS_YAMUX_PROTOCOL);
  raw_upgrade (&raw);
  assert_non_null (inos_connection_open (raw.connection, names, 1, &handler, &end));
  assert_int_equal (next_of (&raw, 1).flags, RAW_SYN);
  raw.pair.now += INOS_NEGOTIATION_TIMEOUT;
  inos_connection_tick (raw.connection);
  assert_int_equal (end.n_gone, 1);
  assert_int_equal (end.why, INOS_STREAM_LATE);
  assert_int_equal (next_of (&raw, 1).flags, RAW_RST);
  raw_clear (&raw);
}

/* A peer that says goodbye, or that something is wrong. */
static void test_told_off (void **state)
{
  for (uint32_t code = 0; code < 4; code++) {
    struct raw raw;
    struct end end = {0};
    raw_init (&raw, true, INOS_YAMUX_PROTOCOL);
    raw_upgrade (&raw);
    open_stream (&raw, &end, 1);
    raw_frame (&raw, RAW_GO_AWAY, 0, 0, NULL, code);
    assert_int_equal (raw.pair.sides[1].n_closed, code > 0);
    if (code > 0)
      check_over (&raw, INOS_LINK_ERROR_PROTOCOL, "ended the connection");
    assert_null (inos_connection_open (raw.connection, names, 1, &handler, &end));
    raw_frame (&raw, RAW_WINDOW, RAW_RST, 1, NULL, 0);
    assert_int_equal (end.n_gone, 1);
    assert_int_equal (raw.pair.sides[1].n_closed, 1); /* also after the last stream */
    assert_int_equal (raw.pair.sides[1].error != NULL, code > 0);
    raw_clear (&raw);
  }
}

/* Who sends pings and never reads costs no memory. */
static void test_ping_flood (void **state)
{
  struct raw raw;

  raw_init (&raw, true, INOS_YAMUX_PROTOCOL);
  raw_upgrade (&raw);
  for (uint32_t i = 0; i < 100000; i++)
    raw_frame (&raw, RAW_PING, RAW_SYN, 0, NULL, i);
  assert_true (inos_buffer_len (inos_connection_output (raw.connection)) < 512 * 1024);
  assert_int_equal (raw.pair.sides[1].n_closed, 0);
  raw_clear (&raw);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_late_muxer),      cmocka_unit_test (test_other_muxer),
    cmocka_unit_test (test_garbage),         cmocka_unit_test (test_security),
    cmocka_unit_test (test_large_handshake), cmocka_unit_test (test_replay),
    cmocka_unit_test (test_truncated),       cmocka_unit_test (test_small_frames),
    cmocka_unit_test (test_window_abuse),    cmocka_unit_test (test_stream_flood),
    cmocka_unit_test (test_silent_streams),  cmocka_unit_test (test_silent_handshake),
    cmocka_unit_test (test_all_at_once),     cmocka_unit_test (test_patience),
    cmocka_unit_test (test_late_stream),     cmocka_unit_test (test_told_off),
    cmocka_unit_test (test_ping_flood),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
