/*
 * One side of yamux against frames made by hand.
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

enum { DATA, WINDOW, PING, GO_AWAY };
enum { SYN = 1, ACK = 2, FIN = 4, RST = 8 };

struct side {
  struct pair pair; /* for its clock */
  struct inos_yamux yamux;
  struct inos_yamux_stream *opened[2000];
  unsigned n_opened, n_ended, n_reset, n_finish;
  size_t got;
  bool refuse, hold;
};

static struct inos_yamux_stream *on_opened (void *data)
{
  struct side *side = data;

  if (side->refuse)
    return NULL;
  side->opened[side->n_opened] = g_new0 (struct inos_yamux_stream, 1);
  return side->opened[side->n_opened++];
}

static void on_bytes (void *data, struct inos_yamux_stream *stream, const uint8_t *bytes,
                      size_t len)
{
  struct side *side = data;

  side->got += len;
  if (!side->hold)
    inos_yamux_taken (&side->yamux, stream, len);
}

static void on_finish (void *data, struct inos_yamux_stream *stream)
{
  ((struct side *)data)->n_finish++;
}

static void on_ended (void *data, struct inos_yamux_stream *stream, bool reset)
{
  struct side *side = data;

  side->n_ended++;
  side->n_reset += reset;
}

static void on_sent (void *data, struct inos_yamux_stream *stream)
{
}

static const struct inos_yamux_events events = {on_opened, on_bytes, on_finish,
                                                on_ended,  on_sent,  NULL};

static struct side *side_new (bool initiator)
{
  struct side *side = g_new0 (struct side, 1);

  pair_init (&side->pair, 1);
  inos_yamux_init (&side->yamux, &(struct inos_yamux_setup){
                                   .env = &side->pair.env,
                                   .events = &events,
                                   .data = side,
                                   .initiator = initiator,
                                   .inbound_max = 1000,
                                 });
  return side;
}

static void side_free (struct side *side)
{
  side->yamux.over = true;
  while (side->yamux.open.first)
    inos_yamux_reset (&side->yamux, side->yamux.open.first);
  for (unsigned i = 0; i < side->n_opened; i++)
    g_free (side->opened[i]);
  inos_yamux_finish (&side->yamux);
  g_rand_free (side->pair.rand);
  g_free (side);
}

static void put_head (uint8_t out[12], unsigned type, unsigned flags, uint32_t id, uint32_t len)
{
  const uint8_t head[12] = {0,
                            (uint8_t)type,
                            0,
                            (uint8_t)flags,
                            (uint8_t)(id >> 24),
                            (uint8_t)(id >> 16),
                            (uint8_t)(id >> 8),
                            (uint8_t)id,
                            (uint8_t)(len >> 24),
                            (uint8_t)(len >> 16),
                            (uint8_t)(len >> 8),
                            (uint8_t)len};

  memcpy (out, head, 12);
}

/* A frame comes; of data all bytes are 0, and come too. */
static bool come (struct side *side, unsigned type, unsigned flags, uint32_t id, uint32_t len)
{
  size_t body = type == DATA ? len : 0;
  g_autofree uint8_t *frame = g_malloc0 (12 + body);

  put_head (frame, type, flags, id, len);
  return inos_yamux_feed (&side->yamux, frame, 12 + body);
}

/* The next frame that goes. */
struct frame {
  unsigned type, flags;
  uint32_t id, len;
};

static struct frame read_frame (const uint8_t *at)
{
  return (struct frame){
    at[1], at[3], (uint32_t)at[4] << 24 | (uint32_t)at[5] << 16 | (uint32_t)at[6] << 8 | at[7],
    (uint32_t)at[8] << 24 | (uint32_t)at[9] << 16 | (uint32_t)at[10] << 8 | at[11]};
}

/* All that goes now. Returns: how many frames. */
static unsigned go (struct side *side, struct frame *frames, unsigned max)
{
  static uint8_t out[65536];
  unsigned n = 0;

  for (size_t due = inos_yamux_due (&side->yamux); due > 0; due = inos_yamux_due (&side->yamux)) {
    size_t len = inos_yamux_fill (&side->yamux, out, MIN (due, sizeof out));
    assert_true (len > 0 && len <= MIN (due, sizeof out));
    for (size_t at = 0; at < len; n++) {
      struct frame frame = read_frame (out + at);
      assert_int_equal (out[at], 0);
      if (n < max)
        frames[n] = frame;
      at += 12 + (frame.type == DATA ? frame.len : 0);
      assert_true (at <= len);
    }
  }
  return n;
}

static void expect (struct frame frame, unsigned type, unsigned flags, uint32_t id, uint32_t len)
{
  assert_int_equal (frame.type, type);
  assert_int_equal (frame.flags, flags);
  assert_int_equal (frame.id, id);
  assert_int_equal (frame.len, len);
}

/* A side whose first ping has gone. */
static struct side *side_begun (bool initiator)
{
  struct side *side = side_new (initiator);
  struct frame frame;

  assert_int_equal (go (side, &frame, 1), 1);
  expect (frame, PING, SYN, 0, 1);
  return side;
}

static void test_outbound (void **state)
{
  struct side *side = side_begun (true);
  struct inos_yamux_stream one = {0}, two = {0};
  struct frame frames[4];

  assert_true (inos_yamux_open (&side->yamux, &one));
  assert_true (inos_yamux_open (&side->yamux, &two));
  inos_yamux_write (&side->yamux, &two, "hello", 5);
  inos_yamux_shut (&side->yamux, &two);
  assert_int_equal (go (side, frames, 4), 3);
  expect (frames[0], WINDOW, SYN, 1, 0);
  expect (frames[1], DATA, SYN, 3, 5);
  expect (frames[2], WINDOW, FIN, 3, 0);
  assert_int_equal (side->yamux.n_unacknowledged, 2);
  assert_true (come (side, WINDOW, ACK, 1, 0));
  assert_true (come (side, DATA, ACK | FIN, 3, 7));
  assert_int_equal (side->yamux.n_unacknowledged, 0);
  assert_int_equal (side->got, 7);
  assert_int_equal (side->n_finish, 1);
  assert_int_equal (side->n_ended, 1);
  assert_int_equal (side->n_reset, 0);
  assert_true (come (side, WINDOW, RST, 1, 0));
  assert_int_equal (side->n_reset, 1);
  assert_null (side->yamux.open.first);
  side_free (side);
}

static void test_inbound (void **state)
{
  struct side *side = side_begun (true);
  struct frame frames[4];

  assert_true (come (side, DATA, SYN, 2, 3));
  assert_int_equal (side->n_opened, 1);
  inos_yamux_write (&side->yamux, side->opened[0], "yes", 3);
  assert_int_equal (go (side, frames, 4), 1);
  expect (frames[0], DATA, ACK, 2, 3);
  assert_true (come (side, WINDOW, FIN, 2, 0));
  assert_int_equal (side->n_finish, 1);
  assert_int_equal (side->n_ended, 0);
  inos_yamux_shut (&side->yamux, side->opened[0]);
  assert_int_equal (go (side, frames, 4), 1);
  expect (frames[0], WINDOW, FIN, 2, 0);
  assert_int_equal (side->n_ended, 1);
  side->refuse = true;
  assert_true (come (side, WINDOW, SYN, 4, 0));
  assert_int_equal (go (side, frames, 4), 1);
  expect (frames[0], WINDOW, RST, 4, 0);
  side_free (side);
}

/* What the other side's window does not take waits, and no more than half of this side's is used up
 * before there is more. */
static void test_windows (void **state)
{
  struct side *side = side_begun (true);
  struct inos_yamux_stream stream = {0};
  static uint8_t bytes[300000];
  struct frame frames[8];

  assert_true (inos_yamux_open (&side->yamux, &stream));
  inos_yamux_write (&side->yamux, &stream, bytes, sizeof bytes);
  unsigned n = go (side, frames, 8);
  size_t sent = 0;
  for (unsigned i = 0; i < n; i++)
    sent += frames[i].len;
  assert_int_equal (sent, INOS_YAMUX_WINDOW);
  assert_int_equal (inos_yamux_due (&side->yamux), 0);
  assert_true (come (side, WINDOW, ACK, 1, 10));
  assert_int_equal (go (side, frames, 8), 1);
  expect (frames[0], DATA, 0, 1, 10);

  assert_true (come (side, DATA, 0, 1, INOS_YAMUX_WINDOW / 2 - 1));
  assert_int_equal (go (side, frames, 8), 0);
  assert_true (come (side, DATA, 0, 1, 1));
  assert_int_equal (go (side, frames, 8), 1);
  expect (frames[0], WINDOW, 0, 1, INOS_YAMUX_WINDOW / 2);
  side->hold = true;
  assert_true (come (side, DATA, 0, 1, INOS_YAMUX_WINDOW));
  assert_int_equal (go (side, frames, 8), 0);
  inos_yamux_taken (&side->yamux, &stream, INOS_YAMUX_WINDOW);
  assert_int_equal (go (side, frames, 8), 1);
  expect (frames[0], WINDOW, 0, 1, INOS_YAMUX_WINDOW);
  side_free (side);
}

/* A window grows where its stream is fast for its round trip, up to a bound, and all together up to
 * another. */
static void test_growth (void **state)
{
  struct side *side = side_begun (false);
  struct frame frame;

  side->pair.now += 1000;
  assert_true (come (side, PING, ACK, 0, 1));
  assert_int_equal (side->yamux.round_trip, 1000);
  for (uint32_t id = 1; id < 20; id += 2) {
    assert_true (come (side, WINDOW, SYN, id, 0));
    struct inos_yamux_stream *stream = side->opened[id / 2];
    for (unsigned i = 0; i < 20; i++) {
      assert_true (come (side, DATA, 0, id, stream->credit));
      go (side, &frame, 1);
    }
    assert_true (stream->window <= INOS_YAMUX_WINDOW_MAX);
    assert_true (side->yamux.grown <= INOS_YAMUX_GROWTH_MAX);
  }
  assert_int_equal (side->opened[0]->window, INOS_YAMUX_WINDOW_MAX);
  assert_true (side->yamux.grown > INOS_YAMUX_GROWTH_MAX - INOS_YAMUX_WINDOW_MAX);
  assert_true (side->opened[9]->window < INOS_YAMUX_WINDOW_MAX);
  for (uint32_t id = 1; id < 20; id += 2)
    assert_true (come (side, WINDOW, RST, id, 0));
  assert_true (side->yamux.grown == 0);

  assert_true (come (side, WINDOW, SYN, 101, 0)); /* slow */
  struct inos_yamux_stream *slow = side->opened[10];
  for (unsigned i = 0; i < 20; i++) {
    side->pair.now += PAIR_SECOND;
    assert_true (come (side, DATA, 0, 101, slow->credit));
    go (side, &frame, 1);
  }
  assert_int_equal (slow->window, INOS_YAMUX_WINDOW);
  side_free (side);
}

/* One with much to send and one with little take turns. */
static void test_turns (void **state)
{
  struct side *side = side_begun (true);
  struct inos_yamux_stream bulk = {0}, small = {0};
  static uint8_t bytes[200000], out[65536];

  assert_true (inos_yamux_open (&side->yamux, &bulk));
  inos_yamux_write (&side->yamux, &bulk, bytes, sizeof bytes);
  inos_yamux_fill (&side->yamux, out, 20000);
  assert_true (inos_yamux_open (&side->yamux, &small));
  inos_yamux_write (&side->yamux, &small, "x", 1);
  size_t len = inos_yamux_fill (&side->yamux, out, sizeof out), before = 0;
  for (size_t at = 0; at < len;) {
    struct frame frame = read_frame (out + at);
    if (frame.id == 3)
      break;
    before += frame.len;
    at += 12 + frame.len;
  }
  assert_true (before <= INOS_YAMUX_QUANTUM);
  side_free (side);
}

static void test_violations (void **state)
{
  static const struct {
    struct frame frame;
    const char *why;
  } cases[] = {
    {{DATA, SYN, 1, 0}, "an id of this side"},
    {{WINDOW, 0, 0, 5}, "without a stream"},
    {{DATA, SYN, 0, 0}, "without a stream"},
    {{DATA, 0, 2, INOS_YAMUX_WINDOW + 1}, "more than a stream's window"},
    {{DATA, SYN, 4, INOS_YAMUX_WINDOW + 1}, "more than a stream's window"},
    {{WINDOW, SYN, 2, 0}, "twice"},
    {{WINDOW, 0, 2, UINT32_MAX}, "beyond all bounds"},
    {{WINDOW, 16, 2, 0}, "unknown flags"},
    {{DATA, 0x80, 2, 0}, "unknown flags"},
    {{4, 0, 0, 0}, "unknown type"},
    {{255, 0, 2, 0}, "unknown type"},
    {{PING, 0, 0, 0}, "a ping"},
    {{PING, SYN | ACK, 0, 0}, "a ping"},
    {{PING, SYN, 2, 0}, "a ping"},
    {{GO_AWAY, 0, 2, 0}, "goodbye to a stream"},
    {{WINDOW, ACK, 7, 0}, "never opened"},
    {{DATA, 0, 6, 1}, "finished"},
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    struct side *side = side_begun (true);
    const struct frame *frame = &cases[i].frame;
    assert_true (come (side, WINDOW, SYN, 2, 0));
    assert_true (come (side, WINDOW, SYN | FIN, 6, 0));
    uint8_t head[12];
    put_head (head, frame->type, frame->flags, frame->id, frame->len);
    assert_false (inos_yamux_feed (&side->yamux, head, 12));
    if (!strstr (side->yamux.wrong, cases[i].why))
      fail_msg ("case %zu: %s", i, side->yamux.wrong);
    inos_yamux_go_away (&side->yamux, INOS_YAMUX_PROTOCOL_ERROR, head);
    expect (read_frame (head), GO_AWAY, 0, 0, 1);
    assert_true (inos_yamux_feed (&side->yamux, head, 12)); /* nothing matters any more */
    side_free (side);
  }
  struct side *side = side_begun (true);
  assert_false (inos_yamux_feed (&side->yamux, (const uint8_t *)"\1\0\0\0\0\0\0\0\0\0\0\0", 12));
  side_free (side);
}

/* What is said of a stream that has gone is what was on its way. */
static void test_gone_streams (void **state)
{
  struct side *side = side_begun (true);
  struct inos_yamux_stream stream = {0};
  struct frame frames[2];

  assert_true (inos_yamux_open (&side->yamux, &stream));
  go (side, frames, 2);
  inos_yamux_reset (&side->yamux, &stream);
  inos_yamux_reset (&side->yamux, &stream);
  inos_yamux_write (&side->yamux, &stream, "x", 1);
  inos_yamux_shut (&side->yamux, &stream);
  inos_yamux_taken (&side->yamux, &stream, 1);
  assert_int_equal (go (side, frames, 2), 1);
  expect (frames[0], WINDOW, RST, 1, 0);
  assert_true (come (side, DATA, ACK, 1, 100000));
  assert_true (come (side, WINDOW, 0, 1, 1000));
  assert_true (come (side, WINDOW, FIN, 1, 0));
  assert_true (come (side, WINDOW, RST, 1, 0));
  assert_true (come (side, WINDOW, RST, 2, 0)); /* one that gave up before it began */
  assert_int_equal (side->got, 0);
  assert_true (inos_yamux_open (&side->yamux, &stream)); /* not yet sent: nobody is to know */
  inos_yamux_reset (&side->yamux, &stream);
  assert_int_equal (go (side, frames, 2), 0);
  side_free (side);
}

static void test_backlog (void **state)
{
  struct side *side = side_begun (true);
  static struct inos_yamux_stream streams[INOS_YAMUX_BACKLOG + 1];

  memset (streams, 0, sizeof streams);
  for (unsigned i = 0; i < INOS_YAMUX_BACKLOG; i++)
    assert_true (inos_yamux_open (&side->yamux, &streams[i]));
  assert_false (inos_yamux_open (&side->yamux, &streams[INOS_YAMUX_BACKLOG]));
  assert_true (come (side, WINDOW, ACK, 1, 0));
  assert_true (come (side, WINDOW, ACK, 1, 0)); /* twice is once */
  assert_true (inos_yamux_open (&side->yamux, &streams[INOS_YAMUX_BACKLOG]));
  assert_true (come (side, GO_AWAY, 0, 0, 0));
  assert_true (come (side, WINDOW, ACK, 3, 0));
  struct inos_yamux_stream late = {0};
  assert_false (inos_yamux_open (&side->yamux, &late));
  side_free (side);
}

/* Who floods is answered as far as there is room, and then told off. */
static void test_floods (void **state)
{
  struct side *side = side_begun (true);
  struct frame frames[INOS_YAMUX_PONGS_MAX + 2];
  unsigned n;

  for (uint32_t i = 0; i < 1000; i++)
    assert_true (come (side, PING, SYN, 0, i));
  assert_int_equal (go (side, frames, G_N_ELEMENTS (frames)), INOS_YAMUX_PONGS_MAX);
  for (n = 0; n < INOS_YAMUX_PONGS_MAX; n++)
    expect (frames[n], PING, ACK, 0, n);

  for (n = 0; n < 1000; n++)
    assert_true (come (side, WINDOW, SYN, 2 + 2 * n, 0));
  assert_int_equal (side->n_opened, 1000);
  for (; come (side, WINDOW, SYN, 2 + 2 * n, 0); n++)
    assert_true (n < 100000);
  assert_int_equal (n, 1000 + INOS_YAMUX_RESETS_MAX);
  assert_int_equal (side->n_opened, 1000);
  side_free (side);
}

static void test_alive (void **state)
{
  struct side *side = side_begun (true);
  struct frame frame;

  assert_true (inos_yamux_deadline (&side->yamux) == side->pair.now + INOS_YAMUX_DEAD);
  side->pair.now += 5000;
  assert_true (come (side, PING, ACK, 0, 7)); /* not the one that was asked */
  assert_true (side->yamux.round_trip == 0);
  assert_true (come (side, PING, ACK, 0, 1));
  assert_true (side->yamux.round_trip == 5000);
  side->pair.now = inos_yamux_deadline (&side->yamux);
  assert_true (inos_yamux_tick (&side->yamux));
  assert_int_equal (go (side, &frame, 1), 1);
  expect (frame, PING, SYN, 0, 2);
  side->pair.now += INOS_YAMUX_DEAD - 1;
  assert_true (come (side, PING, SYN, 0, 9)); /* it is there, though it does not answer */
  side->pair.now += 1;
  assert_true (inos_yamux_tick (&side->yamux));
  side->pair.now += INOS_YAMUX_DEAD;
  assert_false (inos_yamux_tick (&side->yamux));
  side_free (side);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_outbound),     cmocka_unit_test (test_inbound),
    cmocka_unit_test (test_windows),      cmocka_unit_test (test_growth),
    cmocka_unit_test (test_turns),        cmocka_unit_test (test_violations),
    cmocka_unit_test (test_gone_streams), cmocka_unit_test (test_backlog),
    cmocka_unit_test (test_floods),       cmocka_unit_test (test_alive),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
