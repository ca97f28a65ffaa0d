/*
 * Those who do not keep to the rules of a relay: they say what they must not, do not read, do not
 * answer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "relay-fixture.h"

struct raw {
  struct inos_stream *stream;
  struct inos_buffer got;
  uint64_t received;
  bool gone, finished, check;
  enum inos_stream_end why;
};

static void on_raw_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct raw *raw = data;

  for (size_t i = 0; raw->check && i < len; i++)
    assert_int_equal (bytes[i], (uint8_t)((raw->received + i) % 251));
  raw->received += len;
  if (!raw->check)
    inos_buffer_append (&raw->got, bytes, len);
}

static void on_raw_finish (struct inos_stream *stream, void *data)
{
  ((struct raw *)data)->finished = true;
}

static void on_raw_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct raw *raw = data;

  raw->stream = NULL;
  raw->gone = true;
  raw->why = why;
}

static const struct inos_stream_handler raw_handler = {
  .bytes = on_raw_bytes, .finish = on_raw_finish, .gone = on_raw_gone};

static bool raw_accept (void *data, struct inos_stream *stream)
{
  struct raw *raw = data;

  raw->stream = stream;
  inos_stream_take_over (stream, &raw_handler, raw);
  return true;
}

static void raw_open (struct fixture *f, unsigned from, unsigned to, const char *const *names,
                      struct raw *raw)
{
  raw->stream =
    inos_host_open (f->hosts[from], inos_host_id (f->hosts[to]), names, 1, &raw_handler, raw);
  assert_non_null (raw->stream);
}

static const char *const hop_names[] = {INOS_RELAY_HOP}, *const stop_names[] = {INOS_RELAY_STOP};

static void say_hop (struct raw *raw, const struct inos_relay_message *message)
{
  struct inos_buffer bytes = {0};

  inos_hop_write (message, &bytes);
  inos_frames_write (raw->stream, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

/* What was answered, by its first message. */
static enum inos_relay_status status_of (struct raw *raw, bool hop)
{
  struct inos_relay_message message;
  const uint8_t *bytes = inos_buffer_data (&raw->got);

  assert_true (inos_buffer_len (&raw->got) > 1 && bytes[0] < 128);
  assert_true (hop ? inos_hop_read (&message, bytes + 1, bytes[0])
                   : inos_stop_read (&message, bytes + 1, bytes[0]));
  return message.status;
}

static void raw_clear (struct raw *raw)
{
  inos_buffer_clear (&raw->got);
  *raw = (struct raw){0};
}

static void test_hostile (void **state)
{
  struct fixture *f = begin (12, &defaults);
  struct raw raw = {0};

  assert_true (world_connect (f->world, 3, 1));
  keep (f, 2);

  raw_open (f, 3, 1, hop_names, &raw); /* says nothing */
  world_pass (f->world, 9 * SECOND);
  assert_false (raw.gone);
  world_pass (f->world, 2 * SECOND);
  assert_true (raw.gone);
  raw_clear (&raw);

  raw_open (f, 3, 1, hop_names, &raw); /* too long */
  inos_stream_write (raw.stream, "\xff\xff\x7f", 3);
  world_settle (f->world);
  assert_true (raw.gone);
  raw_clear (&raw);

  raw_open (f, 3, 1, hop_names, &raw); /* no message */
  inos_frames_write (raw.stream, "garbage", 7);
  world_settle (f->world);
  assert_int_equal (status_of (&raw, true), INOS_RELAY_MALFORMED_MESSAGE);
  assert_true (raw.finished);
  world_pass (f->world, 20 * SECOND); /* and does not end itself */
  assert_true (raw.gone);
  raw_clear (&raw);

  raw_open (f, 3, 1, hop_names, &raw); /* the wrong one */
  say_hop (&raw, &(struct inos_relay_message){.type = INOS_RELAY_STATUS});
  world_settle (f->world);
  assert_int_equal (status_of (&raw, true), INOS_RELAY_UNEXPECTED_MESSAGE);
  inos_stream_reset (raw.stream);
  raw_clear (&raw);

  raw_open (f, 3, 1, hop_names, &raw); /* itself */
  say_hop (&raw, &(struct inos_relay_message){.type = INOS_RELAY_CONNECT,
                                              .peer = *inos_host_id (f->hosts[3])});
  world_settle (f->world);
  assert_int_equal (status_of (&raw, true), INOS_RELAY_NO_RESERVATION);
  inos_stream_reset (raw.stream);
  raw_clear (&raw);

  raw_open (f, 3, 1, hop_names, &raw); /* bytes before the answer */
  say_hop (&raw, &(struct inos_relay_message){.type = INOS_RELAY_RESERVE});
  inos_stream_write (raw.stream, "more", 4);
  world_settle (f->world);
  assert_true (raw.gone);
  raw_clear (&raw);

  assert_true (world_connect (f->world, 3, 2)); /* who is nobody's relay */
  raw_open (f, 3, 2, stop_names, &raw);
  struct inos_relay_message stop = {.type = INOS_RELAY_CONNECT,
                                    .peer = *inos_host_id (f->hosts[4])};
  struct inos_buffer bytes = {0};
  inos_stop_write (&stop, &bytes);
  inos_frames_write (raw.stream, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  world_settle (f->world);
  assert_int_equal (status_of (&raw, false), INOS_RELAY_PERMISSION_DENIED);
  inos_buffer_clear (&bytes);
  world_pass (f->world, 20 * SECOND);
  assert_true (raw.gone);
  raw_clear (&raw);
  assert_true (place_of (f, 2).held); /* others are not worse off */
  end (f);
}

static void fill (struct raw *raw, uint64_t *sent, uint64_t len)
{
  uint8_t block[4096];

  while (*sent < len) {
    size_t room = inos_stream_room (raw->stream), piece = MIN (sizeof block, len - *sent);
    if (room < piece)
      return;
    for (size_t i = 0; i < piece; i++)
      block[i] = (uint8_t)((*sent + i) % 251);
    inos_stream_write (raw->stream, block, piece);
    *sent += piece;
  }
}

/* Who does not read makes the other wait, and the relay holds a window and little more; then all
 * arrives. */
static void test_back_pressure (void **state)
{
  struct fixture *f = begin (13, &(struct inos_relay_limits){.data = 64 * 1024 * 1024});
  const uint64_t len = 16 * 1024 * 1024;
  struct raw from = {0}, to = {0};
  struct inos_protocol_offer stop = {.name = INOS_RELAY_STOP, .accept = raw_accept, .data = &to};
  uint64_t sent = 0;

  keep (f, 2);
  inos_host_offer (f->hosts[2], &stop); /* in place of the client's */
  assert_true (world_connect (f->world, 3, 1));
  raw_open (f, 3, 1, hop_names, &from);
  say_hop (&from, &(struct inos_relay_message){.type = INOS_RELAY_CONNECT,
                                               .peer = *inos_host_id (f->hosts[2])});
  world_settle (f->world);
  assert_non_null (to.stream);
  struct inos_relay_message answer = {.type = INOS_RELAY_STATUS, .status = INOS_RELAY_OK};
  struct inos_buffer bytes = {0};
  inos_stop_write (&answer, &bytes);
  inos_frames_write (to.stream, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_stream_write (to.stream, "at once", 7); /* the peer called may speak first */
  inos_buffer_clear (&bytes);
  world_settle (f->world);
  assert_int_equal (status_of (&from, true), INOS_RELAY_OK);
  assert_memory_equal (inos_buffer_data (&from.got) + inos_buffer_len (&from.got) - 7, "at once",
                       7);

  to.check = true;
  to.received = 0;
  inos_stream_hold (to.stream, true);
  for (unsigned i = 0; i < 100; i++) {
    fill (&from, &sent, len);
    world_pass (f->world, SECOND / 100);
  }
  uint64_t arrived = to.received, waits = 512 * 1024; /* in the sender's own queue */
  assert_in_range (arrived, 1, WINDOW);
  assert_in_range (sent, waits, arrived + waits + WINDOW + INOS_CIRCUIT_QUEUE);
  inos_stream_hold (to.stream, false);
  for (unsigned i = 0; i < 10000 && to.received < len; i++) {
    fill (&from, &sent, len);
    world_pass (f->world, SECOND / 1000);
  }
  assert_int_equal (to.received, len);
  inos_stream_finish (from.stream); /* each side ends for itself */
  world_settle (f->world);
  assert_true (to.finished && !to.gone);
  inos_stream_finish (to.stream);
  world_settle (f->world);
  assert_true (to.gone && from.gone);
  assert_int_equal (to.why, INOS_STREAM_FINISHED);
  assert_int_equal (stats_of (f).circuits, 0);
  assert_true (stats_of (f).passed >= len);
  raw_clear (&from);
  raw_clear (&to);
  end (f);
}

/* A peer that is called and does not answer. */
static void test_silent_target (void **state)
{
  struct fixture *f = begin (14, &defaults);
  struct raw from = {0}, to = {0};
  struct inos_protocol_offer stop = {.name = INOS_RELAY_STOP, .accept = raw_accept, .data = &to};

  keep (f, 2);
  inos_host_offer (f->hosts[2], &stop);
  assert_true (world_connect (f->world, 3, 1));
  raw_open (f, 3, 1, hop_names, &from);
  say_hop (&from, &(struct inos_relay_message){.type = INOS_RELAY_CONNECT,
                                               .peer = *inos_host_id (f->hosts[2])});
  world_pass (f->world, 19 * SECOND);
  assert_int_equal (from.received, 0);
  world_pass (f->world, 2 * SECOND);
  assert_int_equal (status_of (&from, true), INOS_RELAY_CONNECTION_FAILED);
  assert_true (to.gone);
  world_pass (f->world, 20 * SECOND);
  assert_true (from.gone);
  raw_clear (&from);
  raw_clear (&to);

  raw_open (f, 3, 1, hop_names, &from); /* who calls goes before */
  say_hop (&from, &(struct inos_relay_message){.type = INOS_RELAY_CONNECT,
                                               .peer = *inos_host_id (f->hosts[2])});
  world_settle (f->world);
  assert_non_null (to.stream);
  inos_stream_reset (from.stream);
  world_settle (f->world);
  assert_true (to.gone);
  raw_clear (&from);
  raw_clear (&to);
  end (f);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_hostile),
    cmocka_unit_test (test_back_pressure),
    cmocka_unit_test (test_silent_target),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
