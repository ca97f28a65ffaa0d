/*
 * Relays and who uses them: places, calls, limits. Host 2 has a place, host 3 calls it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "relay-fixture.h"

/* Places */

static void test_place (void **state)
{
  struct fixture *f = begin (1, &defaults);

  assert_false (listens (f, 2));
  keep (f, 2);
  assert_true (place_of (f, 2).held);
  assert_true (listens (f, 2));
  assert_int_equal (stats_of (f).reservations, 1);
  /* peers hear of it by identify's push */
  const struct inos_peer *known =
    inos_peer_book_find (inos_host_book (f->hosts[1]), inos_host_id (f->hosts[2]));
  struct inos_multiaddr relayed = relayed_address (f);
  bool heard = false;
  for (guint i = 0; i < known->addresses->len; i++)
    heard |= inos_multiaddr_equal (
      &g_array_index (known->addresses, struct inos_known_address, i).address, &relayed);
  assert_true (heard);
  end (f);
}

static void test_is_asked_for_again (void **state)
{
  struct fixture *f = begin (2, &(struct inos_relay_limits){.life = 100 * SECOND});

  keep (f, 2);
  uint64_t expires = place_of (f, 2).expires;
  world_pass (f->world, 80 * SECOND);
  assert_true (place_of (f, 2).expires > expires);
  world_pass (f->world, 1000 * SECOND);
  assert_true (place_of (f, 2).held);
  assert_int_equal (stats_of (f).reservations, 1);
  inos_relay_client_drop (f->clients[2], inos_host_id (f->hosts[1]));
  assert_false (listens (f, 2));
  world_pass (f->world, 101 * SECOND); /* nobody asks again */
  assert_int_equal (stats_of (f).reservations, 0);
  end (f);
}

static void test_is_lost_and_found (void **state)
{
  struct fixture *f = begin (3, &defaults);

  keep (f, 2);
  inos_host_hang_up (f->hosts[1], inos_host_id (f->hosts[2]));
  world_settle (f->world);
  assert_int_equal (stats_of (f).reservations, 0);
  assert_false (place_of (f, 2).held);
  assert_false (listens (f, 2));
  assert_non_null (place_of (f, 2).why);
  world_pass (f->world, 10 * SECOND);
  assert_true (place_of (f, 2).held);
  assert_true (listens (f, 2));
  end (f);
}

static void test_is_refused (void **state)
{
  struct fixture *f = begin (4, &(struct inos_relay_limits){.reservations = 1});

  f->forbids = true;
  keep (f, 2);
  assert_false (place_of (f, 2).held);
  assert_string_equal (place_of (f, 2).why, "it does not relay for us");
  f->forbids = false;
  keep (f, 3);
  assert_true (place_of (f, 3).held);
  world_pass (f->world, 10 * SECOND);
  assert_string_equal (place_of (f, 2).why, "it has no place left for us");
  inos_relay_client_drop (f->clients[3], inos_host_id (f->hosts[1]));
  inos_host_hang_up (f->hosts[3], inos_host_id (f->hosts[1]));
  world_pass (f->world, 300 * SECOND);
  assert_true (place_of (f, 2).held);
  end (f);
}

/* As a network does it: by listening there. */
static void test_listens (void **state)
{
  struct fixture *f = begin (5, &defaults);
  struct inos_multiaddr at = relayed_address (f), self = world_address (f->world, 2, true);
  g_autoptr (GError) error = NULL;

  assert_true (inos_host_listen (f->hosts[2], &at, NULL));
  world_pass (f->world, 1);
  assert_true (listens (f, 2));
  assert_true (inos_multiaddr_append (&self, INOS_MULTIADDR_P2P_CIRCUIT, NULL, 0));
  assert_false (inos_host_listen (f->hosts[2], &self, &error));
  end (f);
}

/* Calls */

static void on_pinged (void *data, uint64_t round_trip, const GError *error)
{
  *(int *)data = error ? 0 : 1;
}

static int ping (struct fixture *f, unsigned from, unsigned to)
{
  int worked = -1;

  inos_ping_send (f->pings[from], inos_host_id (f->hosts[to]), on_pinged, &worked);
  world_settle (f->world);
  return worked;
}

static void test_call (void **state)
{
  struct fixture *f = begin (6, &defaults);
  struct inos_host_peer_stats stats;

  keep (f, 2);
  must_call (f, 3, 2);
  assert_true (is_connected (f, 3, 2) && is_connected (f, 2, 3));
  inos_host_peer_stats (f->hosts[3], inos_host_id (f->hosts[2]), &stats);
  assert_true (stats.relayed);
  assert_false (inos_host_is_direct (f->hosts[3], inos_host_id (f->hosts[2])));
  assert_int_equal (ping (f, 3, 2), 1);
  assert_int_equal (ping (f, 2, 3), 1);
  const struct inos_peer *peer =
    inos_peer_book_find (inos_host_book (f->hosts[2]), inos_host_id (f->hosts[3]));
  assert_true (peer->identified);
  assert_int_equal (stats_of (f).circuits, 1);

  inos_host_hang_up (f->hosts[3], inos_host_id (f->hosts[2]));
  world_settle (f->world);
  assert_false (is_connected (f, 2, 3));
  assert_int_equal (stats_of (f).circuits, 0);
  assert_true (stats_of (f).passed > 0);
  assert_true (is_connected (f, 3, 1));
  must_call (f, 3, 2); /* and again */
  world_settle (f->world);
  assert_int_equal (ping (f, 3, 2), 1);
  end (f);
}

static void test_calls_that_fail (void **state)
{
  struct fixture *f = begin (7, &(struct inos_relay_limits){.circuits_per_peer = 1});

  must_fail (f, 3, 2, "no place there");
  keep (f, 2);
  must_call (f, 3, 2);
  world_pass (f->world, 2 * SECOND);
  must_fail (f, 4, 2, "as many circuits as it allows");
  inos_host_hang_up (f->hosts[3], inos_host_id (f->hosts[2]));
  world_pass (f->world, 400 * SECOND);
  must_call (f, 4, 2);
  /* who is no relay */
  struct inos_multiaddr address = world_address (f->world, 5, true);
  assert_true (inos_multiaddr_append (&address, INOS_MULTIADDR_P2P_CIRCUIT, NULL, 0));
  struct ending ending = {0};
  inos_host_connect (f->hosts[6], inos_host_id (f->hosts[2]), &address, 1, on_ended, &ending);
  world_settle (f->world);
  assert_int_equal (ending.times, 1);
  assert_non_null (strstr (ending.why, "it is none"));
  /* the relay itself, by itself */
  address = relayed_address (f);
  inos_host_connect (f->hosts[6], inos_host_id (f->hosts[1]), &address, 1, on_ended, &ending);
  world_settle (f->world);
  assert_int_equal (ending.times, 2);
  assert_non_null (ending.why);
  /* nobody knows whom */
  inos_host_connect (f->hosts[6], NULL, &address, 1, on_ended, &ending);
  world_settle (f->world);
  assert_int_equal (ending.times, 3);
  assert_non_null (strstr (ending.why, "whom to find"));
  g_free (ending.why);
  end (f);
}

/* A relay that does not answer is given up like any address, and nothing is left over. */
static void test_silent_relay (void **state)
{
  struct fixture *f = begin (8, &defaults);
  struct inos_multiaddr address = relayed_address (f);
  struct ending ending = {0};

  keep (f, 2);
  assert_true (world_connect (f->world, 3, 1));
  world_cut (f->world, 3, 1);
  inos_host_connect (f->hosts[3], inos_host_id (f->hosts[2]), &address, 1, on_ended, &ending);
  world_pass (f->world, 21 * SECOND);
  assert_int_equal (ending.times, 1);
  assert_non_null (ending.why);
  g_free (ending.why);
  end (f);
}

/* What is limited */

static void test_lasts_so_long (void **state)
{
  struct fixture *f = begin (9, &(struct inos_relay_limits){.duration = 30 * SECOND});

  keep (f, 2);
  must_call (f, 3, 2);
  world_pass (f->world, 29 * SECOND);
  assert_true (is_connected (f, 3, 2));
  world_pass (f->world, 2 * SECOND);
  assert_false (is_connected (f, 3, 2));
  assert_false (is_connected (f, 2, 3));
  assert_int_equal (stats_of (f).circuits, 0);
  end (f);
}

static void test_carries_so_much (void **state)
{
  struct fixture *f = begin (10, &(struct inos_relay_limits){.data = 8192});

  keep (f, 2);
  must_call (f, 3, 2);
  for (unsigned i = 0; i < 200 && is_connected (f, 3, 2); i++)
    ping (f, 3, 2);
  assert_false (is_connected (f, 3, 2));
  assert_int_equal (stats_of (f).circuits, 0);
  assert_in_range (stats_of (f).passed, 8192, 2 * 8192);
  end (f);
}

/* Messages */

static void on_up (void *data, const struct inos_peer_id *peer, const char *protocol)
{
  ++*(int *)data;
}

static void on_down (void *data, const struct inos_peer_id *peer)
{
  --*(int *)data;
}

static bool on_message (void *data, const struct inos_peer_id *peer, const uint8_t *message,
                        size_t len)
{
  return true;
}

static const struct inos_messenger_events messages = {
  .up = on_up, .down = on_down, .message = on_message};

/* Protocols that do not say so do not go by a relay, and come up when there is another way. */
static void test_is_for_few (void **state)
{
  struct fixture *f = begin (11, &defaults);
  static const char *const bulk[] = {"/bulk"}, *const few[] = {"/few"};
  int ups[4] = {0};
  struct inos_messenger *made[4];

  for (unsigned i = 0; i < 4; i++)
    made[i] = inos_messenger_new (f->hosts[2 + i % 2], &(struct inos_messenger_setup){
                                                         .names = i < 2 ? bulk : few,
                                                         .n_names = 1,
                                                         .message_max = 100,
                                                         .relayed = i >= 2,
                                                         .events = &messages,
                                                         .data = &ups[i],
                                                       });
  keep (f, 2);
  must_call (f, 3, 2);
  world_settle (f->world);
  assert_int_equal (ups[0] + ups[1], 0);
  assert_int_equal (ups[2] + ups[3], 2);

  struct inos_multiaddr address = world_address (f->world, 2, true);
  struct ending ending = {0};
  inos_host_connect_direct (f->hosts[3], inos_host_id (f->hosts[2]), &address, 1, on_ended,
                            &ending);
  world_settle (f->world);
  assert_int_equal (ending.times, 1);
  assert_null (ending.why);
  assert_true (inos_host_is_direct (f->hosts[2], inos_host_id (f->hosts[3])));
  assert_int_equal (ups[0] + ups[1], 2);
  inos_host_hang_up_relayed (f->hosts[3], inos_host_id (f->hosts[2]));
  world_settle (f->world);
  assert_true (is_connected (f, 3, 2));
  assert_int_equal (stats_of (f).circuits, 0);
  assert_int_equal (ups[0] + ups[1], 2);
  end (f);
  for (unsigned i = 0; i < 4; i++)
    inos_messenger_free (made[i]);
}

/* Raw streams, for what no client of ours does */

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_place),
    cmocka_unit_test (test_is_asked_for_again),
    cmocka_unit_test (test_is_lost_and_found),
    cmocka_unit_test (test_is_refused),
    cmocka_unit_test (test_listens),
    cmocka_unit_test (test_call),
    cmocka_unit_test (test_calls_that_fail),
    cmocka_unit_test (test_silent_relay),
    cmocka_unit_test (test_lasts_so_long),
    cmocka_unit_test (test_carries_so_much),
    cmocka_unit_test (test_is_for_few),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
