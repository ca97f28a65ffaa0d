/*
 * Networks of cores: who gets what, how often, when, and what it costs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"

#include "net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#define TOPIC "state-update"

static void test_two (void **state)
{
  struct net *net = net_new (2, 1, true);

  net_link_all (net);
  net_subscribe_all (net, TOPIC);
  net_run (net, 20 * MS);
  for (unsigned i = 0; i < 20; i++) {
    g_autofree char *text = net_publish (net, i % 2, TOPIC, 0);
    net_run (net, 6 * MS);
    assert_int_equal (net_count (net, text), 1);
  }
  assert_int_equal (net_latency (net, 1000), net->latency);
  assert_int_equal (net->nodes[0].extra + net->nodes[1].extra, 0);
  assert_int_equal (net->nodes[0].subscriptions, 1);
  net_free (net);
}

/* Over two hops, without a heartbeat in between, also to one that came only now. */
static void test_three (void **state)
{
  struct net *net = net_new (3, 2, true);

  net_subscribe_all (net, TOPIC);
  net_link (net, 0, 1, "/meshsub/1.1.0");
  net_link (net, 1, 2, "/meshsub/1.0.0");
  net_run (net, 6 * MS);
  g_autofree char *text = net_publish (net, 0, TOPIC, 0);
  net_run (net, 11 * MS);
  assert_int_equal (net_count (net, text), 2);
  assert_int_equal (net_latency (net, 1000), 2 * net->latency);
  net_free (net);
}

static void test_floodsub (void **state)
{
  struct net *net = net_new (3, 3, true);

  net_link (net, 0, 1, "/floodsub/1.0.0");
  net_link (net, 1, 2, "/floodsub/1.0.0");
  net_subscribe_all (net, TOPIC);
  net_run (net, 2 * SECOND);
  for (unsigned i = 0; i < 3; i++) {
    g_autofree char *text = net_publish (net, i, TOPIC, 2000);
    net_run (net, 11 * MS);
    assert_int_equal (net_count (net, text), 2);
  }
  assert_int_equal (inos_gossip_members (net->nodes[1].gossip, TOPIC, true, NULL, 0), 0);
  assert_int_equal (inos_gossip_members (net->nodes[1].gossip, TOPIC, false, NULL, 0), 2);
  net_free (net);
}

static void test_ten (void **state)
{
  struct net *net = net_new (10, 4, true);
  uint64_t duplicates = 0;

  net_link_all (net);
  net_subscribe_all (net, TOPIC);
  net_run (net, 3 * SECOND);
  for (unsigned i = 0; i < 100; i++) {
    g_autofree char *text = net_publish (net, i % 10, TOPIC, 0);
    net_run (net, 30 * MS);
    assert_int_equal (net_count (net, text), 9);
  }
  for (unsigned i = 0; i < 10; i++) {
    struct inos_gossip_stats stats;
    inos_gossip_stats (net->nodes[i].gossip, &stats);
    duplicates += stats.duplicates;
    assert_int_equal (net->nodes[i].extra, 0);
  }
  assert_int_equal (net_latency (net, 1000), net->latency); /* all in one hop */
  assert_true (duplicates <= 900 * net->params.d_high);
  net_free (net);
}

static void check_mesh (struct net *net)
{
  for (unsigned i = 0; i < net->n; i++) {
    if (!net->nodes[i].gossip)
      continue;
    unsigned degree = inos_gossip_members (net->nodes[i].gossip, TOPIC, true, NULL, 0);
    assert_in_range (degree, net->params.d_low, net->params.d_high);
  }
}

static struct net *hundred (uint64_t seed)
{
  struct net *net = net_new (100, seed, false);

  net->jitter = 20 * MS;
  net_link_random (net, 10);
  net_subscribe_all (net, TOPIC);
  net_run (net, 10 * SECOND);
  return net;
}

static void test_hundred (void **state)
{
  struct net *net = hundred (5);
  uint64_t duplicates = 0, delivered = 0;

  check_mesh (net);
  for (unsigned i = 0; i < 100; i++) {
    g_autofree char *text = net_publish (net, i, TOPIC, 0);
    net_run (net, 300 * MS);
    assert_int_equal (net_count (net, text), 99);
  }
  for (unsigned i = 0; i < 100; i++) {
    struct inos_gossip_stats stats;
    inos_gossip_stats (net->nodes[i].gossip, &stats);
    duplicates += stats.duplicates;
    delivered += stats.delivered;
    assert_int_equal (net->nodes[i].extra, 0);
    assert_true (inos_gossip_score (net->nodes[i].gossip, &net->nodes[(i + 1) % 100].id) >= 0);
  }
  check_mesh (net);
  assert_int_equal (delivered, 9900);
  print_message ("# 100 nodes: p50 %u ms, p99 %u ms, %.1f duplicates a message and node\n",
                 (unsigned)(net_latency (net, 500) / MS), (unsigned)(net_latency (net, 990) / MS),
                 (double)duplicates / (double)delivered);
  assert_true (net_latency (net, 990) <= 100 * MS);
  assert_true (duplicates <= delivered * net->params.d);
  net_free (net);
}

/* Nodes that rest have fewer neighbours, wake up more seldom and tell less, and hear of everything
 * all the same; when they rest no more they are as before. */
static void test_rest (void **state)
{
  enum { RESTING = 10 };
  struct net *net = hundred (11);
  uint64_t rpcs = net->rpcs, heard;

  net_run (net, 60 * SECOND);
  uint64_t usual = net->rpcs - rpcs;
  for (unsigned i = 0; i < net->n; i++)
    inos_gossip_rest (net->nodes[i].gossip, true);
  net_run (net, 120 * SECOND); /* meshes become smaller, which takes words */
  rpcs = net->rpcs;
  for (unsigned i = 0; i < RESTING; i++) {
    g_autofree char *text = net_publish (net, i, TOPIC, 0);
    net_run (net, 6 * SECOND);
    assert_int_equal (net_count (net, text), 99);
  }
  heard = net->rpcs - rpcs;
  for (unsigned i = 0; i < net->n; i++) {
    assert_true (inos_gossip_deadline (net->nodes[i].gossip) > net->world.now);
    inos_gossip_rest (net->nodes[i].gossip, false);
  }
  net_run (net, 120 * SECOND);
  rpcs = net->rpcs;
  for (unsigned i = 0; i < RESTING; i++) {
    g_autofree char *text = net_publish (net, i, TOPIC, 0);
    net_run (net, 6 * SECOND);
    assert_int_equal (net_count (net, text), 99);
  }
  print_message (
    "# RPCs in a minute: %u where nothing is said, %u with ten messages, %u by who rests\n",
    (unsigned)usual, (unsigned)(net->rpcs - rpcs), (unsigned)heard);
  assert_true (heard * 3 < (net->rpcs - rpcs) * 2);
  net_free (net);
}

/* A twentieth of all RPCs is lost, control too; gossip brings what is missing. */
static void test_loss (void **state)
{
  struct net *net = hundred (6);
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

  net->loss = 50;
  for (unsigned i = 0; i < 100; i++) {
    g_ptr_array_add (texts, net_publish (net, i, TOPIC, 0));
    net_run (net, 100 * MS);
  }
  net_run (net, 10 * SECOND);
  for (unsigned i = 0; i < 100; i++)
    assert_int_equal (net_count (net, texts->pdata[i]), 99);
  g_ptr_array_unref (texts);
  net_free (net);
}

/* What is lost between few is mended too, though all are in the mesh. */
static void test_loss_small (void **state)
{
  struct net *net = net_new (3, 7, true);
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

  net_link_all (net);
  net_subscribe_all (net, TOPIC);
  net_run (net, SECOND);
  net->loss = 100;
  for (unsigned i = 0; i < 100; i++) {
    g_ptr_array_add (texts, net_publish (net, i % 3, TOPIC, 0));
    net_run (net, 50 * MS);
  }
  net->loss = 0;
  net_run (net, 5 * SECOND);
  for (unsigned i = 0; i < 100; i++)
    assert_int_equal (net_count (net, texts->pdata[i]), 2);
  g_ptr_array_unref (texts);
  net_free (net);
}

/* 30 of 100 go at once and come again later; nobody who is there misses anything. */
static void test_churn (void **state)
{
  struct net *net = hundred (8);

  for (unsigned round = 0; round < 3; round++) {
    for (unsigned i = 0; i < 30; i++)
      net_kill (net, round * 30 + i);
    net_run (net, 3 * SECOND);
    for (unsigned i = 0; i < 20; i++) {
      g_autofree char *text = net_publish (net, (round * 30 + 30 + i) % 100, TOPIC, 0);
      net_run (net, 3 * SECOND);
      assert_int_equal (net_count (net, text), 69);
    }
    for (unsigned i = 0; i < 30; i++) {
      unsigned index = round * 30 + i;
      net_revive (net, index);
      inos_gossip_subscribe (net->nodes[index].gossip, TOPIC);
      for (unsigned k = 0; k < 10; k++)
        net_link (net, index, (unsigned)(world_random (&net->random) % 100),
                  inos_gossip_protocols[0]);
    }
    net_run (net, 5 * SECOND);
    g_autofree char *text = net_publish (net, 99, TOPIC, 0);
    net_run (net, SECOND);
    assert_int_equal (net_count (net, text), 99);
  }
  net_run (net, 90 * SECOND); /* those who knew them before have to wait */
  check_mesh (net);
  net_free (net);
}

/* Large messages: who has one says so, and is not sent it again. */
static void test_idontwant (void **state)
{
  uint64_t duplicates[2] = {0};

  for (unsigned with = 0; with < 2; with++) {
    struct net *net = net_new (40, 9, false);
    net->params.flood_size = 0;
    net->params.idontwant_size = with ? 1024 : SIZE_MAX;
    for (unsigned i = 0; i < 40; i++) {
      net_kill (net, i);
      net_revive (net, i);
    }
    net->jitter = 40 * MS;
    net_link_random (net, 6);
    net_subscribe_all (net, TOPIC);
    net_run (net, 5 * SECOND);
    for (unsigned i = 0; i < 40; i++) {
      g_autofree char *text = net_publish (net, i, TOPIC, 4096);
      net_run (net, SECOND);
      assert_int_equal (net_count (net, text), 39);
    }
    for (unsigned i = 0; i < 40; i++) {
      struct inos_gossip_stats stats;
      inos_gossip_stats (net->nodes[i].gossip, &stats);
      duplicates[with] += stats.duplicates;
    }
    net_free (net);
  }
  print_message ("# duplicates: %u, with IDONTWANT %u\n", (unsigned)duplicates[0],
                 (unsigned)duplicates[1]);
  assert_true (duplicates[1] < duplicates[0]);
}

/* One who is not subscribed publishes by fanout where a message is too large to flood. */
static void test_fanout (void **state)
{
  struct net *net = net_new (30, 10, false);

  net_link_all (net);
  for (unsigned i = 1; i < 30; i++)
    inos_gossip_subscribe (net->nodes[i].gossip, TOPIC);
  net_run (net, 3 * SECOND);
  for (unsigned i = 0; i < 5; i++) {
    uint64_t before = net->rpcs;
    g_autofree char *text = net_publish (net, 0, TOPIC, 100000);
    assert_true (net->rpcs - before <= net->params.d);
    net_run (net, SECOND);
    assert_int_equal (net_count (net, text), 29);
  }
  net_free (net);
}

/* Whoever leaves a topic hears nothing of it any more, and may come again. */
static void test_unsubscribe (void **state)
{
  struct net *net = net_new (10, 11, false);

  net_link_all (net);
  net_subscribe_all (net, TOPIC);
  net_run (net, 2 * SECOND);
  inos_gossip_unsubscribe (net->nodes[3].gossip, TOPIC);
  inos_gossip_unsubscribe (net->nodes[3].gossip, TOPIC);
  net_run (net, SECOND);
  g_autofree char *text = net_publish (net, 0, TOPIC, 0);
  net_run (net, SECOND);
  assert_int_equal (net_count (net, text), 8);
  assert_int_equal (inos_gossip_members (net->nodes[0].gossip, TOPIC, false, NULL, 0), 8);
  assert_true (inos_gossip_subscribe (net->nodes[3].gossip, TOPIC));
  net_run (net, 20 * MS);
  g_autofree char *again = net_publish (net, 0, TOPIC, 0);
  net_run (net, SECOND);
  assert_int_equal (net_count (net, again), 9);
  net_run (net, 15 * SECOND); /* the backoff is over */
  assert_true (inos_gossip_members (net->nodes[3].gossip, TOPIC, true, NULL, 0) >=
               net->params.d_low);
  for (unsigned i = 0; i < 10; i++)
    assert_true (inos_gossip_score (net->nodes[i].gossip, &net->nodes[3].id) >= 0 || i == 3);
  net_free (net);
}

static uint64_t digest_of (uint64_t seed)
{
  struct net *net = hundred (seed);

  net->loss = 20;
  for (unsigned i = 0; i < 20; i++) {
    g_free (net_publish (net, i, TOPIC, 0));
    net_run (net, 100 * MS);
  }
  net_run (net, 5 * SECOND);
  uint64_t digest = net->digest ^ net->rpcs ^ net->bytes << 20;
  net_free (net);
  return digest;
}

static void test_same_seed (void **state)
{
  assert_true (digest_of (12) == digest_of (12));
  assert_true (digest_of (12) != digest_of (13));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_two),       cmocka_unit_test (test_three),
    cmocka_unit_test (test_floodsub),  cmocka_unit_test (test_ten),
    cmocka_unit_test (test_hundred),   cmocka_unit_test (test_rest),
    cmocka_unit_test (test_loss),      cmocka_unit_test (test_loss_small),
    cmocka_unit_test (test_churn),     cmocka_unit_test (test_idontwant),
    cmocka_unit_test (test_fanout),    cmocka_unit_test (test_unsubscribe),
    cmocka_unit_test (test_same_seed),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
