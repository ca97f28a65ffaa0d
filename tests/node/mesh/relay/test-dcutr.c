/*
 * From a relayed connection to a direct one: host 1 is the relay, host 2 (B) is called by host 3
 * (A).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/dcutr.h"
#include "node/mesh/relay/dcutr_message.h"
#include "node/mesh/relay/own_place.h"
#include "tests/node/mesh/relay/relay-fixture.h"

#define B 2u
#define A 3u

struct scene {
  struct fixture *f;
  struct inos_dcutr *dcutr[PEERS + 2]; /* NULL: it has none */
};

static uint64_t dcutr_deadline (void *dcutr)
{
  return inos_dcutr_deadline (dcutr);
}

static void dcutr_tick (void *dcutr)
{
  inos_dcutr_tick (dcutr);
}

static void add_dcutr (struct scene *scene, unsigned number)
{
  scene->dcutr[number] = inos_dcutr_new (scene->f->hosts[number], true);
  world_watch (scene->f->world, dcutr_deadline, dcutr_tick, scene->dcutr[number]);
}

/* B has a place at the relay. */
static struct scene *set (uint64_t seed, bool both)
{
  struct scene *scene = g_new0 (struct scene, 1);

  scene->f = begin (seed, &defaults);
  add_dcutr (scene, B);
  if (both)
    add_dcutr (scene, A);
  keep (scene->f, B);
  return scene;
}

static void clear (struct scene *scene)
{
  struct inos_dcutr *dcutr[PEERS + 2];

  memcpy (dcutr, scene->dcutr, sizeof dcutr);
  end (scene->f);
  for (unsigned i = 0; i < G_N_ELEMENTS (dcutr); i++)
    inos_dcutr_free (dcutr[i]);
  g_free (scene);
}

static struct inos_dcutr_report report (struct scene *scene, unsigned of, unsigned about)
{
  struct inos_dcutr_report report;

  inos_dcutr_report (scene->dcutr[of], inos_host_id (scene->f->hosts[about]), &report);
  return report;
}

static bool is_direct (struct scene *scene, unsigned one, unsigned other)
{
  return inos_host_is_direct (scene->f->hosts[one], inos_host_id (scene->f->hosts[other]));
}

static struct inos_host_peer_stats stats (struct scene *scene, unsigned of, unsigned about)
{
  struct inos_host_peer_stats stats;

  inos_host_peer_stats (scene->f->hosts[of], inos_host_id (scene->f->hosts[about]), &stats);
  return stats;
}

/* A can be reached: B dials it, and what is relayed is closed after a while. */
static void test_alone (void **state)
{
  struct scene *scene = set (1, true);

  must_call (scene->f, A, B);
  world_pass (scene->f->world, SECOND);
  assert_true (is_direct (scene, A, B));
  assert_int_equal (report (scene, B, A).outcome, INOS_DCUTR_SUCCEEDED);
  assert_true (report (scene, B, A).ours);
  assert_int_equal (report (scene, B, A).tries, 0);
  assert_int_equal (stats (scene, B, A).connections, 2);
  world_pass (scene->f->world, 10 * SECOND);
  assert_int_equal (stats (scene, B, A).connections, 1);
  assert_true (is_direct (scene, B, A));
  clear (scene);
}

/* Only B can be reached: A does so when B says when. */
static void test_together (void **state)
{
  struct scene *scene = set (2, true);

  world_forbid (scene->f->world, A, true);
  must_call (scene->f, A, B);
  world_pass (scene->f->world, SECOND);
  assert_true (is_direct (scene, A, B));
  assert_int_equal (report (scene, B, A).outcome, INOS_DCUTR_SUCCEEDED);
  assert_int_equal (report (scene, A, B).outcome, INOS_DCUTR_SUCCEEDED);
  assert_false (report (scene, A, B).ours);
  assert_int_equal (report (scene, A, B).tries, 1);
  assert_false (stats (scene, A, B).inbound);
  world_pass (scene->f->world, 10 * SECOND);
  assert_int_equal (stats (scene, A, B).connections, 1);
  clear (scene);
}

/* What B dials comes to A, who is the initiator of it all the same. */
static void test_roles (void **state)
{
  struct scene *scene = set (3, true);

  world_forbid (scene->f->world, A, false);
  must_call (scene->f, A, B);
  world_forbid (scene->f->world, B, false);
  world_pass (scene->f->world, 2 * SECOND); /* B's dial alone goes on: nobody answers */
  assert_int_equal (report (scene, B, A).outcome, INOS_DCUTR_RUNNING);
  world_pass (scene->f->world, 4 * SECOND); /* both dial, and nobody answers yet */
  assert_int_equal (report (scene, B, A).tries, 1);
  assert_int_equal (report (scene, A, B).tries, 1);
  world_open (scene->f->world, A);
  world_pass (scene->f->world, SECOND);
  assert_true (is_direct (scene, A, B));
  assert_true (stats (scene, A, B).inbound);
  assert_int_equal (report (scene, A, B).outcome, INOS_DCUTR_SUCCEEDED);
  world_pass (scene->f->world, 10 * SECOND);
  assert_true (is_direct (scene, B, A));
  clear (scene);
}

/* Nobody lets anybody in: three tries, and what is relayed stays. */
static void test_no_way (void **state)
{
  struct scene *scene = set (4, true);

  world_forbid (scene->f->world, A, false);
  must_call (scene->f, A, B);
  world_forbid (scene->f->world, B, false);
  world_pass (scene->f->world, 40 * SECOND);
  assert_false (is_direct (scene, A, B));
  assert_true (is_connected (scene->f, A, B));
  assert_int_equal (report (scene, B, A).outcome, INOS_DCUTR_NO_WAY);
  assert_int_equal (report (scene, B, A).tries, INOS_DCUTR_TRIES);
  assert_int_equal (report (scene, A, B).outcome, INOS_DCUTR_NO_WAY);
  assert_int_equal (report (scene, A, B).tries, INOS_DCUTR_TRIES);
  clear (scene);
}

/* B's dials end at once, and A's do not: what B says next is not taken for nonsense. */
static void test_out_of_step (void **state)
{
  struct scene *scene = set (11, true);

  world_forbid (scene->f->world, A, true);
  world_forbid (scene->f->world, B, false);
  must_call (scene->f, A, B);
  world_pass (scene->f->world, 20 * SECOND);
  assert_false (is_direct (scene, A, B));
  assert_int_equal (report (scene, B, A).outcome, INOS_DCUTR_NO_WAY);
  assert_int_equal (report (scene, B, A).tries, INOS_DCUTR_TRIES);
  assert_int_equal (report (scene, A, B).tries, INOS_DCUTR_TRIES);
  assert_int_equal (report (scene, A, B).outcome, INOS_DCUTR_NO_WAY);
  clear (scene);
}

static void test_unsupported (void **state)
{
  struct scene *scene = set (5, false);

  world_forbid (scene->f->world, A, true);
  must_call (scene->f, A, B);
  world_pass (scene->f->world, 10 * SECOND);
  assert_false (is_direct (scene, A, B));
  assert_int_equal (report (scene, B, A).outcome, INOS_DCUTR_UNSUPPORTED);
  clear (scene);
}

/* Who calls again is tried again. */
static void test_again (void **state)
{
  struct scene *scene = set (6, true);
  const struct inos_peer_id *b = inos_host_id (scene->f->hosts[B]);

  world_forbid (scene->f->world, A, true);
  world_forbid (scene->f->world, B, true);
  must_call (scene->f, A, B);
  world_pass (scene->f->world, 20 * SECOND);
  assert_int_equal (report (scene, B, A).outcome, INOS_DCUTR_NO_WAY);
  inos_host_hang_up (scene->f->hosts[A], b);
  world_pass (scene->f->world, SECOND);
  world_open (scene->f->world, A);
  must_call (scene->f, A, B);
  world_pass (scene->f->world, SECOND);
  assert_true (is_direct (scene, B, A));
  assert_int_equal (report (scene, B, A).outcome, INOS_DCUTR_SUCCEEDED);
  clear (scene);
}

/* Raw streams of a stranger, host 3 without the protocol. */

struct raw {
  struct inos_stream *stream;
  struct inos_frames frames;
  unsigned messages;
  struct inos_dcutr_message last;
  bool gone;
};

static bool on_raw_message (void *data, const uint8_t *bytes, size_t len)
{
  struct raw *raw = data;

  raw->messages++;
  return inos_dcutr_read (&raw->last, bytes, len);
}

static void on_raw_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct raw *raw = data;

  assert_true (inos_frames_feed (&raw->frames, bytes, len, on_raw_message, raw));
}

static void on_raw_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct raw *raw = data;

  raw->gone = true;
  inos_frames_clear (&raw->frames);
}

static const struct inos_stream_handler raw_handler = {.bytes = on_raw_bytes, .gone = on_raw_gone};
static const struct inos_protocol_offer raw_offer = {.name = "/raw", .relayed = true};

static void open_raw (struct scene *scene, struct raw *raw, unsigned to)
{
  static const char *const names[] = {INOS_DCUTR_PROTOCOL, "/raw"};

  *raw = (struct raw){.frames.max = INOS_DCUTR_MESSAGE_MAX};
  raw->stream = inos_host_open (scene->f->hosts[A], inos_host_id (scene->f->hosts[to]), names, 2,
                                &raw_handler, raw);
  assert_non_null (raw->stream);
}

static void say (struct raw *raw, enum inos_dcutr_kind kind, const char *const *addresses)
{
  struct inos_dcutr_message message = {.kind = kind};
  struct inos_buffer bytes = {0};

  for (; addresses && *addresses; addresses++)
    assert_true (
      inos_multiaddr_parse (&message.addresses[message.n_addresses++], *addresses, NULL));
  inos_dcutr_write (&message, &bytes);
  inos_frames_write (raw->stream, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

/* The stranger called B, and A's side of it is played by hand. */
static struct scene *set_raw (uint64_t seed)
{
  struct scene *scene = set (seed, false);

  inos_host_offer (scene->f->hosts[A], &raw_offer);
  world_forbid (scene->f->world, A, true);
  must_call (scene->f, A, B);
  world_pass (scene->f->world, SECOND);
  assert_int_equal (report (scene, B, A).outcome, INOS_DCUTR_UNSUPPORTED);
  return scene;
}

static void test_nonsense (void **state)
{
  struct scene *scene = set_raw (7);
  struct raw raw;

  open_raw (scene, &raw, B); /* SYNC before CONNECT */
  say (&raw, INOS_DCUTR_SYNC, NULL);
  world_settle (scene->f->world);
  assert_true (raw.gone);
  open_raw (scene, &raw, B); /* no message at all */
  inos_frames_write (raw.stream, "\xff\xff\xff", 3);
  world_settle (scene->f->world);
  assert_true (raw.gone);
  open_raw (scene, &raw, B); /* longer than any */
  inos_stream_write (raw.stream, "\xff\x7f", 2);
  world_settle (scene->f->world);
  assert_true (raw.gone);
  open_raw (scene, &raw, B); /* nothing that we could dial: it may dial us, for a while */
  say (&raw, INOS_DCUTR_CONNECT, (const char *const[]){"/ip4/192.0.2.1/udp/1", NULL});
  world_settle (scene->f->world);
  say (&raw, INOS_DCUTR_SYNC, NULL);
  world_pass (scene->f->world, 4 * SECOND);
  assert_false (raw.gone);
  world_pass (scene->f->world, 2 * SECOND);
  assert_true (raw.gone);
  assert_int_equal (report (scene, B, A).outcome, INOS_DCUTR_NO_ADDRESS_THERE);
  assert_false (is_direct (scene, B, A));
  clear (scene);
}

/* One who says nothing more does not keep its place. */
static void test_silence (void **state)
{
  struct scene *scene = set_raw (8);
  struct raw raw;

  open_raw (scene, &raw, B);
  say (&raw, INOS_DCUTR_CONNECT, (const char *const[]){"/memory/4", NULL});
  world_pass (scene->f->world, 10 * SECOND);
  assert_int_equal (raw.messages, 1);
  assert_int_equal (raw.last.kind, INOS_DCUTR_CONNECT);
  assert_false (raw.gone);
  world_pass (scene->f->world, 30 * SECOND);
  assert_true (raw.gone);
  assert_int_equal (report (scene, B, A).outcome, INOS_DCUTR_BROKEN);
  clear (scene);
}

/* It has us dial a few times, and whoever is there is not taken for it. */
static void test_dials_are_bounded (void **state)
{
  struct scene *scene = set_raw (9);
  struct raw raw;
  unsigned rounds = 0;

  for (unsigned tries = 0; tries < 20; tries++) {
    open_raw (scene, &raw, B);
    say (&raw, INOS_DCUTR_CONNECT, (const char *const[]){"/memory/4", NULL});
    world_settle (scene->f->world);
    if (raw.gone)
      break;
    say (&raw, INOS_DCUTR_SYNC, NULL);
    world_pass (scene->f->world, 2 * SECOND);
    assert_false (is_direct (scene, B, A));
    assert_false (is_connected (scene->f, B, 4));
    inos_stream_reset (raw.stream);
    world_settle (scene->f->world);
    rounds++;
  }
  assert_int_equal (rounds, INOS_DCUTR_ROUNDS_MAX);
  clear (scene);
}

static void test_places (void **state)
{
  struct inos_multiaddr seen, listening, joined, expected;

  inos_multiaddr_parse (&seen, "/ip4/203.0.113.9/tcp/61234", NULL);
  inos_multiaddr_parse (&listening, "/ip4/192.168.1.2/tcp/4630", NULL);
  inos_multiaddr_parse (&expected, "/ip4/203.0.113.9/tcp/4630", NULL);
  assert_true (inos_own_place_join (&seen, &listening, &joined));
  assert_true (inos_multiaddr_equal (&joined, &expected));
  inos_multiaddr_parse (&listening, "/ip6/::1/tcp/4630", NULL);
  assert_false (inos_own_place_join (&seen, &listening, &joined));
}

/* Behind a NAT: what others see comes before what is only likely, and nothing that is not public.
 */
static void test_own_places (void **state)
{
  struct fixture *f = begin (10, &defaults);
  struct inos_multiaddr address, places[4];
  static const char *const expected[] = {"/ip4/203.0.113.9/tcp/61234", "/ip4/203.0.113.9/tcp/4630"};

  inos_multiaddr_parse (&address, "/ip4/192.168.1.2/tcp/4630", NULL);
  inos_host_listening (f->hosts[A], &address, true);
  inos_multiaddr_parse (&address, "/ip4/192.168.1.2/tcp/4631/ws", NULL);
  inos_host_listening (f->hosts[A], &address, true);
  inos_multiaddr_parse (&address, expected[0], NULL);
  inos_host_observed (f->hosts[A], inos_host_id (f->hosts[1]), address.bytes, address.len);
  inos_multiaddr_parse (&address, "/ip4/10.0.0.1/tcp/5000", NULL);
  inos_host_observed (f->hosts[A], inos_host_id (f->hosts[1]), address.bytes, address.len);
  assert_int_equal (inos_own_places (f->hosts[A], false, places, 4), 2);
  for (unsigned i = 0; i < 2; i++) {
    g_autofree char *text = inos_multiaddr_text (&places[i]);
    assert_string_equal (text, expected[i]);
  }
  assert_int_equal (inos_own_places (f->hosts[A], false, places, 1), 1);
  end (f);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_alone),       cmocka_unit_test (test_together),
    cmocka_unit_test (test_roles),       cmocka_unit_test (test_no_way),
    cmocka_unit_test (test_out_of_step), cmocka_unit_test (test_unsupported),
    cmocka_unit_test (test_again),       cmocka_unit_test (test_nonsense),
    cmocka_unit_test (test_silence),     cmocka_unit_test (test_dials_are_bounded),
    cmocka_unit_test (test_places),      cmocka_unit_test (test_own_places),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
