/*
 * Networks of cores: what is put is found, in few hops, also when some are dead or lie.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"

#include "net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

/* Puts, gets, provides and finds at random places. Returns: the hops of a lookup on average. */
static double use (struct net *net, unsigned times, unsigned stored_min)
{
  uint64_t hops = 0, lookups = 0;

  for (unsigned i = 0; i < times; i++) {
    g_autofree char *key = g_strdup_printf ("/test/key %u", i);
    g_autofree char *value = g_strdup_printf ("%u:value", i);
    struct node *from = net_live (net), *to = net_live (net);
    struct inos_kad_stats before, after;
    struct result result = net_put (from, key, value);
    assert_true (result.n >= stored_min);
    inos_kad_stats (to->kad, &before);
    result = net_get (to, key, 1);
    assert_true (result.found);
    assert_string_equal (result.value, value);
    inos_kad_stats (to->kad, &after);
    hops += after.lookup_hops - before.lookup_hops;
    lookups += after.lookups - before.lookups;

    g_autoptr (GBytes) content = net_key (key);
    result = net_provide (from, &content, 1);
    assert_true (result.n >= stored_min);
    result = net_find_providers (net_live (net), content, 1);
    assert_int_equal (result.n, 1);
    assert_true (inos_peer_id_equal (&result.peers[0], &from->id));

    result = net_find_peer (net_live (net), &from->id);
    assert_true (result.found);
  }
  return lookups ? (double)hops / (double)lookups : 0;
}

/* How many of the nearest that a lookup finds are so in truth. */
static void check_nearest (struct net *net, unsigned times, unsigned of_k)
{
  for (unsigned i = 0; i < times; i++) {
    g_autofree char *key = g_strdup_printf ("somewhere %u", i);
    struct node *from = net_live (net);
    struct result result = net_find_nearest (from, key);
    unsigned right = 0, self = 0;
    for (unsigned rank = 0; rank < MIN (INOS_KAD_K, net->n - 1); rank++) {
      unsigned index = net_nearest (net, key, strlen (key), rank);
      self += index == from->index;
      for (unsigned j = 0; j < result.n; j++)
        right += inos_peer_id_equal (&result.peers[j], &net->nodes[index].id);
    }
    assert_true (right + self >= MIN (of_k, net->n - 1));
  }
}

static void test_five (void **state)
{
  struct net *net = net_new (5, 1);

  use (net, 20, 4);
  check_nearest (net, 5, 20);
  net_free (net);
}

static void test_twenty (void **state)
{
  struct net *net = net_new (20, 2);

  use (net, 20, 19);
  check_nearest (net, 10, 20);
  net_free (net);
}

static void test_hundred (void **state)
{
  struct net *net = net_new (100, 3);
  double hops = use (net, 50, 20);

  check_nearest (net, 20, 19);
  assert_true (hops <= log2 (100.0 / INOS_KAD_K) + 1);
  net_free (net);
}

static void test_thousand (void **state)
{
  struct net *net = net_new (1000, 4);
  uint64_t before = net->messages;
  double hops = use (net, 50, 20);

  print_message ("# 1,000 nodes: %.2f hops, %.0f messages for put, get, provide, find, find\n",
                 hops, (double)(net->messages - before) / 50);
  check_nearest (net, 20, 19);
  assert_true (hops <= log2 (1000.0 / INOS_KAD_K) + 1);
  net_free (net);
}

/* A fifth is dead: some say so, some are just silent. As those are still named by others in place
 * of the next nearest, not quite as many are reached at first. */
static void test_dead (void **state)
{
  struct net *net = net_new (200, 5);

  net_kill (net, 10, REFUSES);
  net_kill (net, 10, SILENT);
  use (net, 30, 12);
  check_nearest (net, 20, 14);
  net_free (net);
}

/* What was stored is found when a fifth of those who keep it has died since. */
static void test_dying (void **state)
{
  struct net *net = net_new (200, 6);
  unsigned found = 0, provided = 0;

  for (unsigned i = 0; i < 30; i++) {
    g_autofree char *key = g_strdup_printf ("/test/%u", i);
    g_autoptr (GBytes) content = net_key (key);
    net_put (&net->nodes[0], key, "1:it lasts");
    net_provide (&net->nodes[0], &content, 1);
  }
  net_kill (net, 20, SILENT);
  for (unsigned i = 0; i < 30; i++) {
    g_autofree char *key = g_strdup_printf ("/test/%u", i);
    g_autoptr (GBytes) content = net_key (key);
    found += net_get (net_live (net), key, 1).found;
    provided += net_find_providers (net_live (net), content, 1).n;
  }
  assert_int_equal (found, 30);
  assert_int_equal (provided, 30);
  net_free (net);
}

/* A tenth lies: names peers that are none, gives values that are wrong. */
static void test_liars (void **state)
{
  struct net *net = net_new (200, 7);

  net_kill (net, 10, LIES);
  use (net, 30, 10);
  check_nearest (net, 20, 15);
  net_free (net);
}

struct endless {
  struct inos_kad *kad;
  uint64_t asked, random, ticket[1024];
  unsigned waiting;
  bool done;
};

static void endless_ask (void *data, const struct inos_peer_id *peer, const void *message,
                         size_t len, bool expects, uint64_t ticket)
{
  struct endless *endless = data;

  endless->asked++;
  endless->ticket[endless->waiting++] = ticket;
}

static void endless_done (void *data, const struct inos_peer_id *peers, unsigned n, bool found)
{
  ((struct endless *)data)->done = true;
}

/* Peers that all answer, and always name others that nobody has heard of: it ends all the same. */
static void test_endless (void **state)
{
  struct world world;
  struct world_place place;
  struct endless endless = {0};
  struct inos_kad_network network = {.data = &endless, .ask = endless_ask};

  world_init (&world, 1);
  world_place_init (&world, &place);
  struct inos_kad_setup setup = {
    .env = &place.env,
    .network = &network,
    .self = inos_peer_id_of_key ((const uint8_t[32]){1}),
  };
  endless.kad = inos_kad_new (&setup);
  struct inos_peer_id first = inos_peer_id_of_key ((const uint8_t[32]){2});
  inos_kad_add_peer (endless.kad, &first);
  inos_kad_find_nearest (endless.kad, "x", 1, endless_done, &endless);
  while (endless.waiting > 0) {
    struct inos_buffer answer = {0};
    inos_kad_put_head (&answer, INOS_KAD_FIND_NODE, "x", 1);
    for (unsigned i = 0; i < 20; i++) {
      uint64_t number[4] = {world_random (&endless.random), 3};
      struct inos_peer_id other = inos_peer_id_of_key ((const uint8_t *)number);
      inos_kad_put_peer (&answer, false, &other, NULL, 0);
    }
    inos_kad_answer (endless.kad, endless.ticket[--endless.waiting], inos_buffer_data (&answer),
                     inos_buffer_len (&answer));
    inos_buffer_clear (&answer);
  }
  assert_true (endless.done);
  assert_true (endless.asked <= 256);
  inos_kad_free (endless.kad);
  world_finish (&world);
}

/* With a quorum the newest is found, and who had an older one or none has it afterwards. */
static void test_quorum (void **state)
{
  struct net *net = net_new (100, 8);
  const char *key = "/test/corrected";
  unsigned old = 0;

  net_put (&net->nodes[1], key, "1:old");
  /* Some were away when it was put anew. */
  for (unsigned rank = 0; rank < 6; rank++)
    net->nodes[net_nearest (net, key, strlen (key), 0)].life = REFUSES;
  assert_true (net_put (&net->nodes[2], key, "2:new").n >= 14);
  for (unsigned i = 0; i < net->n; i++)
    net->nodes[i].life = ALIVE;
  struct node *asker = &net->nodes[net_nearest (net, key, strlen (key), 60)];
  for (unsigned i = 0; i < net->n; i++) /* as each would hear when they come again */
    inos_kad_add_peer (asker->kad, &net->nodes[i].id);
  struct result result = net_get (asker, key, 25); /* all of them */
  assert_string_equal (result.value, "2:new");
  net_run (net, 5 * SECOND);
  for (unsigned rank = 0; rank < 16; rank++) {
    struct node *node = &net->nodes[net_nearest (net, key, strlen (key), rank)];
    result = net_get (node, key, 1); /* what it has itself */
    old += strcmp (result.value, "2:new") != 0;
  }
  assert_int_equal (old, 0);
  /* An old one does not come back. */
  assert_false (inos_kad_put (net->nodes[net_nearest (net, key, strlen (key), 0)].kad, key,
                              strlen (key), "1:old", 5, NULL, NULL));
  assert_false (inos_kad_put (asker->kad, "/else/x", 7, "1:x", 3, NULL, NULL));
  assert_false (inos_kad_put (asker->kad, "/test/x", 7, "1:bad", 5, NULL, NULL));
  assert_false (net_get (asker, "/test/nothing", 1).found);
  net_free (net);
}

/* A thousand keys take about as many lookups as there are regions, and each is found. */
static void test_batch (void **state)
{
  struct net *net = net_new (300, 9);
  GPtrArray *keys = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  struct inos_kad_stats before, after;
  struct node *from = &net->nodes[7];

  for (unsigned i = 0; i < 1000; i++) {
    g_autofree char *text = g_strdup_printf ("content %u", i);
    g_ptr_array_add (keys, net_key (text));
  }
  g_ptr_array_add (keys, net_key ("content 5")); /* twice */
  inos_kad_stats (from->kad, &before);
  struct result result = net_provide (from, (GBytes **)keys->pdata, keys->len);
  inos_kad_stats (from->kad, &after);
  assert_true (result.n >= 19);
  print_message ("# 1,000 keys, 300 nodes: %u lookups\n",
                 (unsigned)(after.lookups - before.lookups));
  assert_true (after.lookups - before.lookups <= 64);
  assert_int_equal (after.own_keys, 1000);
  for (unsigned i = 0; i < 1000; i += 20) {
    result = net_find_providers (net_random (net), keys->pdata[i], 1);
    assert_int_equal (result.n, 1);
  }
  g_ptr_array_unref (keys);
  net_free (net);
}

static uint64_t count_adverts (const struct net *net)
{
  uint64_t adverts = 0;

  for (unsigned i = 0; i < net->n; i++)
    adverts += net->nodes[i].adverts;
  return adverts;
}

/* What is provided is said again, in time; what is given up is not, and is forgotten. */
static void test_provide_again (void **state)
{
  struct net *net = net_new (14, 15);
  GPtrArray *keys = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (unsigned i = 0; i < 100; i++) {
    g_autofree char *text = g_strdup_printf ("content %u", i);
    g_ptr_array_add (keys, net_key (text));
  }
  net_provide (&net->nodes[7], (GBytes **)keys->pdata, keys->len);
  inos_kad_unprovide (net->nodes[7].kad, (GBytes **)keys->pdata, 50);
  net_run (net, 21 * 3600 * SECOND);
  uint64_t before = count_adverts (net);
  net_run (net, 2 * 3600 * SECOND);
  assert_in_range (count_adverts (net) - before, 50 * 13, 50 * 13);
  net_run (net, 30 * 3600 * SECOND); /* 53 h after they were said first */
  assert_int_equal (net_find_providers (&net->nodes[3], keys->pdata[0], 1).n, 0);
  assert_int_equal (net_find_providers (&net->nodes[3], keys->pdata[70], 1).n, 1);
  g_ptr_array_unref (keys);
  net_free (net);
}

/* Values are put again before they expire, as long as they are wanted. */
static void test_republish (void **state)
{
  struct net *net = net_new (14, 10);

  net_put (&net->nodes[1], "/test/kept", "1:kept");
  net_put (&net->nodes[1], "/test/left", "1:left");
  inos_kad_forget (net->nodes[1].kad, "/test/left", 10);
  net_run (net, 60 * 3600 * SECOND);
  assert_true (net_get (&net->nodes[2], "/test/kept", 2).found);
  assert_false (net_get (&net->nodes[2], "/test/left", 2).found);
  struct inos_kad_stats stats;
  inos_kad_stats (net->nodes[2].kad, &stats);
  assert_true (stats.records <= 1);
  net_free (net);
}

/* A client asks, and is never asked. */
static void test_client (void **state)
{
  struct net *net = net_new (20, 11);
  struct inos_buffer question = {0}, answer = {0};

  inos_kad_set_server (net->nodes[5].kad, false);
  assert_true (net_put (&net->nodes[5], "/test/client", "1:x").n >= 18);
  assert_true (net_get (&net->nodes[6], "/test/client", 1).found);
  inos_kad_put_head (&question, INOS_KAD_PING, NULL, 0);
  assert_false (inos_kad_serve (net->nodes[5].kad, &net->nodes[6].id, inos_buffer_data (&question),
                                inos_buffer_len (&question), &answer));
  inos_kad_set_server (net->nodes[5].kad, true);
  assert_true (inos_kad_serve (net->nodes[5].kad, &net->nodes[6].id, inos_buffer_data (&question),
                               inos_buffer_len (&question), &answer));
  inos_buffer_clear (&question);
  inos_buffer_clear (&answer);
  net_free (net);
}

/* Alone: everything ends at once. */
static void test_alone (void **state)
{
  struct net *net = net_new (1, 12);
  g_autoptr (GBytes) content = net_key ("mine");

  assert_int_equal (net_put (&net->nodes[0], "/test/mine", "1:mine").n, 0);
  assert_string_equal (net_get (&net->nodes[0], "/test/mine", 1).value, "1:mine");
  assert_string_equal (net_get (&net->nodes[0], "/test/mine", 5).value, "1:mine");
  assert_int_equal (net_provide (&net->nodes[0], &content, 1).n, 0);
  struct result result = net_find_providers (&net->nodes[0], content, 5);
  assert_int_equal (result.n, 1);
  assert_int_equal (net->messages, 0);
  net_free (net);
}

static uint64_t digest_of (uint64_t seed)
{
  struct net *net = net_new (60, seed);

  net_kill (net, 20, SILENT);
  use (net, 5, 1);
  uint64_t digest = net->digest;
  net_free (net);
  return digest;
}

static void test_same_seed (void **state)
{
  assert_true (digest_of (13) == digest_of (13));
  assert_true (digest_of (13) != digest_of (14));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_five),      cmocka_unit_test (test_twenty),
    cmocka_unit_test (test_hundred),   cmocka_unit_test (test_thousand),
    cmocka_unit_test (test_dead),      cmocka_unit_test (test_dying),
    cmocka_unit_test (test_liars),     cmocka_unit_test (test_quorum),
    cmocka_unit_test (test_batch),     cmocka_unit_test (test_provide_again),
    cmocka_unit_test (test_republish), cmocka_unit_test (test_client),
    cmocka_unit_test (test_alone),     cmocka_unit_test (test_endless),
    cmocka_unit_test (test_same_seed),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
