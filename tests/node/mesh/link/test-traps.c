/*
 * A trap that other implementations set; those that need one of them are in
 * tests/mesh/test_traps.py.
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
#define NAME "/some/1.0.0"
#define PROPOSAL "\x0c" NAME "\n"

static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
}

/* What the connection said since the last time: its bytes, and whether a FIN was with them. */
static bool heard (struct raw *raw, GString *said)
{
  struct raw_frame frame;
  bool finished = false;

  raw_listen (raw);
  while (raw_next (raw, &frame)) {
    if (frame.type == RAW_DATA)
      g_string_append_len (said, (const char *)frame.bytes, frame.len);
    finished = finished || (frame.flags & RAW_FIN);
  }
  return finished;
}

/* @known: the peer is known to speak it, so that a stream says all at once. */
static void ask (struct raw *raw, uint32_t id, bool known)
{
  static const char *const names[] = {NAME};
  static const struct inos_stream_handler handler = {.gone = on_gone};
  g_autoptr (GString) said = g_string_new (NULL);
  struct inos_stream *stream = inos_connection_open (raw->connection, names, 1, &handler, NULL);

  inos_stream_write (stream, "request", 7);
  inos_stream_finish (stream);
  assert_false (heard (raw, said));
  assert_non_null (strstr (said->str, NAME));
  assert_int_equal (g_str_has_suffix (said->str, "request"), known);
  raw_frame (raw, RAW_DATA, RAW_ACK, id, GREETING, sizeof GREETING - 1);
  assert_false (heard (raw, said));
  raw_frame (raw, RAW_DATA, 0, id, PROPOSAL, sizeof PROPOSAL - 1);
  assert_true (heard (raw, said));
  assert_true (g_str_has_suffix (said->str, "request"));
}

/* js-libp2p 3.3.11 loses a request where the FIN follows it before the protocol was echoed. */
static void test_g1_no_fin_before_the_echo (void **state)
{
  struct raw raw;

  raw_init (&raw, false, INOS_YAMUX_PROTOCOL);
  raw_upgrade (&raw);
  ask (&raw, 1, false);
  ask (&raw, 3, true);
  raw_clear (&raw);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_g1_no_fin_before_the_echo),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
