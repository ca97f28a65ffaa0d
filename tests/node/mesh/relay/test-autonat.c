/*
 * AutoNAT v2: host 1 asks the others whether it can be reached.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/frames.h"
#include "node/mesh/host/identify.h"
#include "node/mesh/relay/autonat.h"
#include "node/mesh/relay/autonat_message.h"
#include "node/mesh/relay/autonat_server.h"
#include "tests/node/mesh/host/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)
#define HOSTS 5u

struct fixture {
  struct world *world;
  struct inos_host *hosts[HOSTS + 1];
  struct inos_identify *identify[HOSTS + 1];
  struct inos_autonat_server *servers[HOSTS + 1];
  struct inos_autonat *autonat; /* of host 1 */
};

static uint64_t server_deadline (void *server)
{
  return inos_autonat_server_deadline (server);
}

static void server_tick (void *server)
{
  inos_autonat_server_tick (server);
}

static uint64_t autonat_deadline (void *autonat)
{
  return inos_autonat_deadline (autonat);
}

static void autonat_tick (void *autonat)
{
  inos_autonat_tick (autonat);
}

/* @serve: the others answer. */
static struct fixture *begin (uint64_t seed, bool serve, bool anywhere)
{
  struct fixture *f = g_new0 (struct fixture, 1);

  f->world = world_new (seed);
  for (unsigned i = 1; i <= HOSTS; i++) {
    f->hosts[i] = world_add (f->world, NULL);
    f->identify[i] = inos_identify_new (f->hosts[i]);
    if (i == 1 || !serve)
      continue;
    f->servers[i] = inos_autonat_server_new (f->hosts[i], anywhere);
    world_watch (f->world, server_deadline, server_tick, f->servers[i]);
  }
  f->autonat = inos_autonat_new (f->hosts[1], anywhere);
  world_watch (f->world, autonat_deadline, autonat_tick, f->autonat);
  return f;
}

static void end (struct fixture *f)
{
  world_free (f->world);
  for (unsigned i = 1; i <= HOSTS; i++) {
    inos_identify_free (f->identify[i]);
    inos_autonat_server_free (f->servers[i]);
  }
  inos_autonat_free (f->autonat);
  g_free (f);
}

static void meet_all (struct fixture *f)
{
  for (unsigned i = 2; i <= HOSTS; i++)
    assert_true (world_connect (f->world, 1, i));
}

static void test_reachable (void **state)
{
  struct fixture *f = begin (1, true, true);
  struct inos_multiaddr address, own = world_address (f->world, 1, false);
  unsigned could, could_not;

  meet_all (f);
  assert_int_equal (inos_autonat_reachability (f->autonat), INOS_REACHABILITY_NO_ADDRESS);
  world_pass (f->world, 120 * SECOND);
  assert_int_equal (inos_autonat_reachability (f->autonat), INOS_REACHABILITY_REACHABLE);
  assert_true (inos_autonat_tested (f->autonat, 0, &address, &could, &could_not));
  assert_true (inos_multiaddr_equal (&address, &own));
  assert_int_equal (could, INOS_AUTONAT_ENOUGH);
  assert_int_equal (could_not, 0);
  assert_int_equal (world_links (f->world), HOSTS - 1); /* those that were dialled back are gone */
  end (f);
}

static void test_unreachable (void **state)
{
  struct fixture *f = begin (2, true, true);

  meet_all (f);
  world_forbid (f->world, 1, true);
  world_pass (f->world, 20 * SECOND);
  assert_int_equal (inos_autonat_reachability (f->autonat), INOS_REACHABILITY_UNKNOWN);
  world_pass (f->world, 120 * SECOND);
  assert_int_equal (inos_autonat_reachability (f->autonat), INOS_REACHABILITY_UNREACHABLE);
  world_forbid (f->world, 1, false); /* silent now: which takes the dials longer */
  world_pass (f->world, 2000 * SECOND);
  assert_int_equal (inos_autonat_reachability (f->autonat), INOS_REACHABILITY_UNREACHABLE);
  end (f);
}

/* What is not public is nobody's business. */
static void test_no_address (void **state)
{
  struct fixture *f = begin (3, true, false);

  meet_all (f);
  world_pass (f->world, 120 * SECOND);
  assert_int_equal (inos_autonat_reachability (f->autonat), INOS_REACHABILITY_NO_ADDRESS);
  end (f);
}

/* Raw streams */

struct raw {
  struct inos_stream *stream;
  struct inos_frames frames;
  struct inos_autonat_message last;
  unsigned messages;
  uint64_t paid;
  bool gone;
};

static bool on_raw_message (void *data, const uint8_t *bytes, size_t len)
{
  struct raw *raw = data;

  assert_true (inos_autonat_read (&raw->last, bytes, len));
  raw->messages++;
  if (raw->last.kind == INOS_AUTONAT_DATA)
    raw->paid += raw->last.bytes;
  return true;
}

static void on_raw_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  assert_true (inos_frames_feed (&((struct raw *)data)->frames, bytes, len, on_raw_message, data));
}

static void on_raw_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct raw *raw = data;

  raw->stream = NULL;
  raw->gone = true;
  inos_frames_clear (&raw->frames);
}

static const struct inos_stream_handler raw_handler = {.bytes = on_raw_bytes, .gone = on_raw_gone};

static bool raw_accept (void *data, struct inos_stream *stream)
{
  ((struct raw *)data)->stream = stream;
  inos_stream_take_over (stream, &raw_handler, data);
  return true;
}

static void say (struct raw *raw, const struct inos_autonat_message *message)
{
  struct inos_buffer bytes = {0};

  inos_autonat_write (message, &bytes);
  inos_frames_write (raw->stream, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

static void raw_open (struct fixture *f, struct raw *raw)
{
  static const char *const names[] = {INOS_AUTONAT_DIAL_REQUEST};

  *raw = (struct raw){.frames = {.max = INOS_AUTONAT_MESSAGE_MAX}};
  raw->stream =
    inos_host_open (f->hosts[1], inos_host_id (f->hosts[2]), names, 1, &raw_handler, raw);
  assert_non_null (raw->stream);
}

/* Who names an address that it does not come from pays first. */
static void test_pays_for_others (void **state)
{
  struct fixture *f = begin (4, true, true);
  struct inos_autonat_message request = {
    .kind = INOS_AUTONAT_REQUEST, .nonce = 7, .n_addresses = 2};
  struct raw raw;

  assert_true (world_connect (f->world, 1, 2));
  /* the first leads to somebody else, and cannot be dialled for us */
  request.addresses[0] = world_address (f->world, 4, true);
  request.addresses[1] = world_address (f->world, 5, false);
  raw_open (f, &raw);
  say (&raw, &request);
  world_settle (f->world);
  assert_int_equal (raw.last.kind, INOS_AUTONAT_DATA_REQUEST);
  assert_int_equal (raw.last.index, 1);
  assert_in_range (raw.last.bytes, INOS_AUTONAT_COST_MIN, INOS_AUTONAT_COST_MAX);
  assert_int_equal (world_links (f->world), 1);
  struct inos_autonat_message data = {.kind = INOS_AUTONAT_DATA, .bytes = INOS_AUTONAT_DATA_MAX};
  uint64_t cost = raw.last.bytes;
  for (uint64_t paid = 0; paid < cost; paid += INOS_AUTONAT_DATA_MAX) {
    assert_int_equal (raw.messages, 1);
    say (&raw, &data);
    if (paid + INOS_AUTONAT_DATA_MAX < cost)
      world_settle (f->world);
  }
  world_settle (f->world);
  assert_int_equal (raw.messages, 2);
  assert_int_equal (raw.last.kind, INOS_AUTONAT_RESPONSE);
  assert_int_equal (raw.last.status, INOS_AUTONAT_OK);
  assert_int_equal (raw.last.dial_status, INOS_AUTONAT_DIAL_ERROR); /* it is somebody else */
  inos_stream_reset (raw.stream);
  end (f);
}

static void test_is_not_asked_too_often (void **state)
{
  struct fixture *f = begin (5, true, true);
  struct inos_autonat_message request = {
    .kind = INOS_AUTONAT_REQUEST, .nonce = 7, .n_addresses = 1};
  struct raw raw;

  assert_true (world_connect (f->world, 1, 2));
  for (unsigned i = 0; i <= INOS_AUTONAT_PEER_PER_MINUTE; i++) { /* none that is understood */
    raw_open (f, &raw);
    say (&raw, &request);
    world_settle (f->world);
    assert_int_equal (raw.last.status, i < INOS_AUTONAT_PEER_PER_MINUTE ? INOS_AUTONAT_DIAL_REFUSED
                                                                        : INOS_AUTONAT_REJECTED);
    inos_stream_reset (raw.stream);
  }
  world_pass (f->world, 61 * SECOND);
  raw_open (f, &raw);
  say (&raw, &request);
  world_settle (f->world);
  assert_int_equal (raw.last.status, INOS_AUTONAT_DIAL_REFUSED);
  inos_stream_reset (raw.stream);
  raw_open (f, &raw); /* says nothing */
  world_pass (f->world, 11 * SECOND);
  assert_true (raw.gone);
  end (f);
}

/* Who is asked lies, asks for too much, or asks for as much as it may. */
static void test_liars (void **state)
{
  struct fixture *f = begin (6, false, true);
  struct raw raw = {.frames = {.max = INOS_AUTONAT_MESSAGE_MAX}};
  struct inos_protocol_offer offer = {
    .name = INOS_AUTONAT_DIAL_REQUEST, .accept = raw_accept, .data = &raw};
  struct inos_autonat_message lie = {
    .kind = INOS_AUTONAT_RESPONSE, .status = INOS_AUTONAT_OK, .dial_status = INOS_AUTONAT_DIAL_OK};
  struct inos_autonat_message cost = {.kind = INOS_AUTONAT_DATA_REQUEST,
                                      .bytes = INOS_AUTONAT_COST_MAX + 1};

  inos_host_offer (f->hosts[2], &offer);
  assert_true (world_connect (f->world, 1, 2));
  world_pass (f->world, 16 * SECOND);
  assert_non_null (raw.stream);
  assert_int_equal (raw.last.kind, INOS_AUTONAT_REQUEST);
  say (&raw, &lie);
  world_settle (f->world);
  assert_int_equal (inos_autonat_reachability (f->autonat), INOS_REACHABILITY_UNKNOWN);
  inos_stream_finish (raw.stream);
  world_pass (f->world, 930 * SECOND); /* it is asked again some day */
  assert_non_null (raw.stream);
  say (&raw, &cost);
  world_settle (f->world);
  assert_null (raw.stream);
  world_pass (f->world, 930 * SECOND);
  assert_non_null (raw.stream);
  cost.bytes = INOS_AUTONAT_COST_MAX;
  say (&raw, &cost);
  world_settle (f->world);
  assert_in_range (raw.paid, INOS_AUTONAT_COST_MAX, INOS_AUTONAT_COST_MAX + INOS_AUTONAT_DATA_MAX);
  say (&raw, &cost); /* twice */
  world_settle (f->world);
  assert_null (raw.stream);
  end (f);
}

/* The bytes that the specification's protobuf makes. */
static void test_bytes (void **state)
{
  static const struct {
    struct inos_autonat_message message;
    const char *bytes;
    size_t len;
  } known[] = {
    {{.kind = INOS_AUTONAT_REQUEST, .nonce = 7}, "\x0a\x09\x11\x07\0\0\0\0\0\0\0", 11},
    {{.kind = INOS_AUTONAT_RESPONSE,
      .status = INOS_AUTONAT_OK,
      .index = 1,
      .dial_status = INOS_AUTONAT_DIAL_ERROR},
     "\x12\x07\x08\xc8\x01\x10\x01\x18\x64",
     9},
    {{.kind = INOS_AUTONAT_DATA_REQUEST, .index = 1, .bytes = 30000},
     "\x1a\x06\x08\x01\x10\xb0\xea\x01",
     8},
    {{.kind = INOS_AUTONAT_DATA, .bytes = 2}, "\x22\x04\x0a\x02\0\0", 6},
  };
  struct inos_autonat_message got;

  for (size_t i = 0; i < G_N_ELEMENTS (known); i++) {
    struct inos_buffer bytes = {0};
    inos_autonat_write (&known[i].message, &bytes);
    assert_int_equal (inos_buffer_len (&bytes), known[i].len);
    assert_memory_equal (inos_buffer_data (&bytes), known[i].bytes, known[i].len);
    assert_true (inos_autonat_read (&got, known[i].bytes, known[i].len));
    assert_memory_equal (&got, &known[i].message, sizeof got);
    for (size_t len = 0; len < known[i].len; len++)
      assert_false (inos_autonat_read (&got, known[i].bytes, len));
    inos_buffer_clear (&bytes);
  }
  assert_false (inos_autonat_read (&got, "\x1a\0\x22\0", 4)); /* two */
  uint64_t nonce;
  assert_true (inos_autonat_read_nonce (&nonce, "\x09\x07\0\0\0\0\0\0\0", 9));
  assert_int_equal (nonce, 7);
  assert_false (inos_autonat_read_nonce (&nonce, "\x08\x07", 2));
  assert_true (inos_autonat_is_thanks ("", 0) && inos_autonat_is_thanks ("\x08\0", 2));
  assert_false (inos_autonat_is_thanks ("\x08\x01", 2));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_reachable),
    cmocka_unit_test (test_unreachable),
    cmocka_unit_test (test_no_address),
    cmocka_unit_test (test_pays_for_others),
    cmocka_unit_test (test_is_not_asked_too_often),
    cmocka_unit_test (test_liars),
    cmocka_unit_test (test_bytes),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
