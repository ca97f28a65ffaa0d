/*
 * What a core does with peers that lie, spam, hurry or stop reading.
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

/* What a peer that the test plays was told. */
static struct {
  unsigned subscriptions, messages, ihaves, iwants, grafts, prunes, idontwants, offered, ids;
  uint64_t backoff;
  struct inos_buffer last; /* the last message, as it was signed */
} heard;

static void hear (struct node *node, struct node *from, const uint8_t *bytes, size_t len)
{
  struct inos_rpc rpc = inos_rpc_begin (bytes, len);
  struct inos_rpc_item item;
  struct inos_peer_id peer;
  const uint8_t *id;
  size_t id_len;

  assert_true (inos_rpc_check (bytes, len));
  while (inos_rpc_next (&rpc, &item)) {
    unsigned *counters[] = {
      [INOS_RPC_SUBSCRIBE] = &heard.subscriptions,
      [INOS_RPC_UNSUBSCRIBE] = &heard.subscriptions,
      [INOS_RPC_MESSAGE] = &heard.messages,
      [INOS_RPC_IHAVE] = &heard.ihaves,
      [INOS_RPC_IWANT] = &heard.iwants,
      [INOS_RPC_GRAFT] = &heard.grafts,
      [INOS_RPC_PRUNE] = &heard.prunes,
      [INOS_RPC_IDONTWANT] = &heard.idontwants,
    };
    ++*counters[item.kind];
    if (item.kind == INOS_RPC_PRUNE) {
      heard.backoff = item.backoff;
      while (inos_rpc_next_peer (&item, &peer, &id, &id_len))
        heard.offered++;
    } else if (item.kind == INOS_RPC_MESSAGE) {
      inos_buffer_clear (&heard.last);
      inos_buffer_append (&heard.last, item.raw, item.raw_len);
    } else {
      while (inos_rpc_next_id (&item, &id, &id_len))
        heard.ids++;
    }
  }
}

/* A net in which the last node is the test's. */
static struct net *net_with_hand (unsigned n, uint64_t seed)
{
  struct net *net = net_new (n, seed, true);

  memset (&heard, 0, sizeof heard);
  net_kill (net, n - 1);
  net->nodes[n - 1].receives = hear;
  net_link_all (net);
  net_subscribe_all (net, TOPIC);
  return net;
}

static void finish (struct net *net)
{
  inos_buffer_clear (&heard.last);
  net_free (net);
}

/* Sends what @rpc holds from the last node to the first, and empties it. */
static void say (struct net *net, struct inos_buffer *rpc)
{
  net_send (net, net->n - 1, 0, inos_buffer_data (rpc), inos_buffer_len (rpc));
  inos_buffer_clear (rpc);
}

static void say_subscribed (struct net *net)
{
  struct inos_buffer rpc = {0};

  inos_rpc_put_subscription (&rpc, TOPIC, true);
  say (net, &rpc);
  net_run (net, 11 * MS);
}

static void say_graft (struct net *net)
{
  struct inos_buffer rpc = {0}, control = {0};

  inos_rpc_put_graft (&control, TOPIC);
  inos_rpc_put_control (&rpc, &control);
  inos_buffer_clear (&control);
  say (net, &rpc);
  net_run (net, 11 * MS);
}

static void say_ids (struct net *net, enum inos_rpc_kind kind,
                     const struct inos_pubsub_message_id *ids, unsigned n)
{
  struct inos_buffer rpc = {0}, control = {0};
  size_t opened = inos_rpc_open_ids (&control, kind, TOPIC);

  for (unsigned i = 0; i < n; i++)
    inos_rpc_put_id (&control, kind, ids[i].bytes, ids[i].len);
  inos_proto_close (&control, opened);
  inos_rpc_put_control (&rpc, &control);
  inos_buffer_clear (&control);
  say (net, &rpc);
  net_run (net, 11 * MS);
}

/* The raw bytes of a message of node @author. */
static struct inos_buffer made (struct net *net, unsigned author, uint64_t seqno, const char *text)
{
  struct inos_pubsub_message_signer signer = net_signer (&net->nodes[author]);
  struct inos_buffer raw = {0};

  inos_pubsub_message_write (&raw, &net->nodes[author].id, seqno, TOPIC, text, strlen (text),
                             &signer);
  return raw;
}

static void say_message (struct net *net, const struct inos_buffer *raw)
{
  struct inos_buffer rpc = {0};

  inos_rpc_put_message (&rpc, inos_buffer_data (raw), inos_buffer_len (raw));
  say (net, &rpc);
  net_run (net, 11 * MS);
}

static double score (struct net *net)
{
  return inos_gossip_score (net->nodes[0].gossip, &net->nodes[net->n - 1].id);
}

static struct inos_gossip_stats stats_of (struct net *net, unsigned index)
{
  struct inos_gossip_stats stats;

  inos_gossip_stats (net->nodes[index].gossip, &stats);
  return stats;
}

/* Forged ones are neither delivered nor sent on, and the third is the last that is read. */
static void test_forged (void **state)
{
  struct net *net = net_with_hand (4, 1);

  say_subscribed (net);
  for (unsigned i = 0; i < 10; i++) {
    struct inos_buffer raw = made (net, 1, 1000 + i, "forged");
    inos_buffer_data (&raw)[inos_buffer_len (&raw) - 1] ^= 1;
    say_message (net, &raw);
    inos_buffer_clear (&raw);
  }
  assert_int_equal (stats_of (net, 0).rejected, 3);
  assert_int_equal (stats_of (net, 0).graylisted, 7);
  for (unsigned i = 0; i < 3; i++) {
    assert_int_equal (g_hash_table_size (net->nodes[i].got), 0);
    assert_int_equal (stats_of (net, i).delivered, 0);
  }
  net_run (net, SECOND); /* out of the mesh with the next heartbeat */
  assert_int_equal (inos_gossip_members (net->nodes[0].gossip, TOPIC, true, NULL, 0), 2);
  /* Others go on as before; it is told nothing any more. */
  unsigned before = heard.messages;
  g_autofree char *text = net_publish (net, 0, TOPIC, 0);
  net_run (net, SECOND);
  assert_int_equal (net_count (net, text), 2);
  /* Of the other two, who do not know it as one who is subscribed, it gets nothing either. */
  assert_int_equal (heard.messages, before);
  /* To go and come again does not help. */
  net_unlink (net, 0, 3);
  net_link (net, 0, 3, inos_gossip_protocols[0]);
  assert_true (score (net) < net->params.score.graylist);
  finish (net);
}

/* A forged message with the number of a true one that is yet to come does not keep that away. */
static void test_squatted (void **state)
{
  struct net *net = net_with_hand (3, 2);
  struct inos_buffer raw = made (net, 1, 1000, "true");

  say_subscribed (net);
  inos_buffer_data (&raw)[inos_buffer_len (&raw) - 1] ^= 1;
  say_message (net, &raw);
  assert_int_equal (net_count (net, "true"), 0);
  inos_buffer_data (&raw)[inos_buffer_len (&raw) - 1] ^= 1;
  say_message (net, &raw);
  assert_int_equal (net_count (net, "true"), 1); /* its author is not told */
  inos_buffer_clear (&raw);
  finish (net);
}

/* Once is enough: at once, after the cache of seen ones has forgotten it, and much later. */
static void test_replay (void **state)
{
  struct net *net = net_with_hand (3, 3);

  say_subscribed (net);
  g_autofree char *text = net_publish (net, 1, TOPIC, 0);
  g_autofree char *own = net_publish (net, 0, TOPIC, 0);
  net_run (net, SECOND);
  assert_true (heard.messages > 0);
  struct inos_buffer raw = heard.last;
  heard.last = (struct inos_buffer){0};
  for (unsigned i = 0; i < 20; i++) {
    g_autofree char *more = net_publish (net, 1, TOPIC, 0);
    net_run (net, 100 * SECOND);
    assert_int_equal (net_count (net, more), 1);
    say_message (net, &raw);
    say_message (net, &raw);
  }
  assert_true (stats_of (net, 0).replays > 0 || stats_of (net, 0).duplicates > 0);
  assert_int_equal (net->nodes[0].extra, 0);
  assert_int_equal (net->nodes[1].extra, 0);
  assert_int_equal (g_hash_table_size (net->nodes[0].got), 21);
  inos_buffer_clear (&raw);
  finish (net);
}

/* An author of random numbers is not held to their order. */
static void test_random_numbers (void **state)
{
  struct net *net = net_with_hand (3, 4);
  uint64_t random = 1;

  say_subscribed (net);
  for (unsigned i = 0; i < 100; i++) {
    g_autofree char *text = g_strdup_printf ("number %u", i);
    struct inos_buffer raw = made (net, 2, world_random (&random), text);
    say_message (net, &raw);
    inos_buffer_clear (&raw);
    assert_int_equal (net_count (net, text), 2);
    net_run (net, 30 * SECOND);
  }
  finish (net);
}

static void test_backoff (void **state)
{
  struct net *net = net_with_hand (3, 5);

  say_subscribed (net);
  assert_int_equal (heard.grafts, 1);
  inos_gossip_unsubscribe (net->nodes[0].gossip, TOPIC);
  inos_gossip_subscribe (net->nodes[0].gossip, TOPIC);
  net_run (net, 11 * MS);
  assert_int_equal (heard.prunes, 1);
  assert_int_equal (heard.backoff, 10);
  /* It keeps to it itself. */
  net_run (net, 9 * SECOND);
  assert_int_equal (heard.grafts, 1);
  net_run (net, 6 * SECOND);
  assert_int_equal (heard.grafts, 2);
  /* And minds that others do: each time anew for a minute. */
  inos_gossip_unsubscribe (net->nodes[0].gossip, TOPIC);
  inos_gossip_subscribe (net->nodes[0].gossip, TOPIC);
  net_run (net, 11 * MS);
  for (unsigned i = 0; i < 3; i++)
    say_graft (net);
  assert_int_equal (heard.prunes, 5);
  assert_int_equal (heard.backoff, 60);
  assert_true (score (net) < net->params.score.graylist);
  finish (net);
}

/* A peer's word to stay away is kept too, and whom it offers is passed on if it is a good one. */
static void test_pruned_by_peer (void **state)
{
  struct net *net = net_with_hand (3, 6);
  struct inos_buffer rpc = {0}, control = {0};
  struct inos_peer_id stranger = inos_peer_id_of_key ((const uint8_t[32]){1, 2, 3});

  say_subscribed (net);
  assert_int_equal (heard.grafts, 1);
  for (unsigned good = 0; good < 2; good++) {
    inos_gossip_set_app_score (net->nodes[0].gossip, &net->nodes[2].id, good ? 5 : -0.1);
    size_t opened = inos_rpc_open_prune (&control, TOPIC);
    inos_rpc_put_peer (&control, &stranger, stranger.bytes, stranger.len);
    inos_rpc_put_peer (&control, &net->nodes[1].id, "x", 1); /* is there already */
    inos_rpc_close_prune (&control, opened, 30);
    inos_rpc_put_control (&rpc, &control);
    inos_buffer_clear (&control);
    say (net, &rpc);
    net_run (net, SECOND);
    assert_int_equal (net->nodes[0].exchanged, good);
  }
  net_run (net, 27 * SECOND);
  assert_int_equal (heard.grafts, 1);
  net_run (net, 10 * SECOND);
  assert_int_equal (heard.grafts, 2);
  finish (net);
}

/* One that grafts into a full mesh is told whom else it may ask. */
static void test_exchange (void **state)
{
  struct net *net = net_with_hand (40, 7);

  net->params.d_high = 6;
  for (unsigned i = 0; i < 39; i++) { /* with that */
    net_kill (net, i);
    net_revive (net, i);
  }
  net_link_all (net);
  net_subscribe_all (net, TOPIC);
  net_run (net, 5 * SECOND);
  net_unlink (net, 39, 0);
  *(&net->arrivals[39 * 40]) = net->arrivals[39] = net->world.now;
  struct inos_gossip_peer peer = {.id = net->nodes[39].id, .protocol = "/meshsub/1.1.0"};
  assert_true (inos_gossip_add_peer (net->nodes[0].gossip, &peer));
  assert_false (inos_gossip_add_peer (net->nodes[0].gossip, &peer));
  while (inos_gossip_members (net->nodes[0].gossip, TOPIC, true, NULL, 0) < 6)
    net_run (net, SECOND);
  say_subscribed (net);
  unsigned before = heard.grafts;
  say_graft (net);
  assert_int_equal (heard.grafts, before);
  assert_int_equal (heard.prunes, 1);
  assert_int_equal (heard.offered, 16);
  finish (net);
}

/* Whose way has changed hears again who is subscribed, and what it is subscribed to stays. */
static void test_renewed (void **state)
{
  struct net *net = net_with_hand (2, 9);

  say_subscribed (net);
  net_run (net, SECOND);
  assert_int_equal (inos_gossip_members (net->nodes[0].gossip, TOPIC, false, NULL, 0), 1);
  heard.subscriptions = 0;
  inos_gossip_renew_peer (net->nodes[0].gossip, &net->nodes[1].id);
  net_run (net, SECOND);
  assert_int_equal (heard.subscriptions, 1);
  assert_int_equal (inos_gossip_members (net->nodes[0].gossip, TOPIC, false, NULL, 0), 1);
  finish (net);
}

/* Ids that nobody has: what was promised and did not come costs. */
static void test_promises (void **state)
{
  struct net *net = net_with_hand (3, 8);
  struct inos_pubsub_message_key key = {{0}};

  say_subscribed (net);
  for (unsigned i = 0; i < 8; i++) {
    struct inos_buffer raw = made (net, 1, 5000 + i, "nothing");
    struct inos_pubsub_message_view view;
    assert_true (inos_pubsub_message_read (&view, inos_buffer_data (&raw), inos_buffer_len (&raw)));
    struct inos_pubsub_message_id id = inos_pubsub_message_id_of (&view, &key);
    inos_buffer_clear (&raw);
    say_ids (net, INOS_RPC_IHAVE, &id, 1);
    net_run (net, SECOND);
  }
  net_run (net, 5 * SECOND);
  assert_true (heard.iwants >= 5); /* then it is not listened to any more */
  assert_true (stats_of (net, 0).promises_broken >= 5);
  assert_true (score (net) < net->params.score.gossip);
  finish (net);
}

/* Too many ids in too many IHAVEs of one heartbeat. */
static void test_ihave_flood (void **state)
{
  struct net *net = net_with_hand (3, 9);
  g_autofree struct inos_pubsub_message_id *ids = g_new0 (struct inos_pubsub_message_id, 4000);

  net->params.heartbeat = 100 * SECOND;
  net_kill (net, 0);
  net_revive (net, 0);
  inos_gossip_subscribe (net->nodes[0].gossip, TOPIC);
  net_link_all (net);
  say_subscribed (net);
  for (unsigned i = 0; i < 4000; i++) {
    ids[i].len = 46;
    memcpy (ids[i].bytes + 38, &i, sizeof i);
  }
  heard.ids = 0;
  say_ids (net, INOS_RPC_IHAVE, ids, 4000);
  assert_int_equal (heard.ids, 4000);
  say_ids (net, INOS_RPC_IHAVE, ids, 4000);
  assert_int_equal (heard.ids, 5000);
  for (unsigned i = 0; i < 20; i++)
    say_ids (net, INOS_RPC_IHAVE, ids, 10);
  assert_int_equal (heard.ids, 5000);
  finish (net);
}

/* A message is sent three times to one that asks for it again and again. */
static void test_iwant_flood (void **state)
{
  struct net *net = net_with_hand (3, 10);
  struct inos_pubsub_message_key key = {{0}};
  struct inos_pubsub_message_view view;

  say_subscribed (net);
  g_autofree char *text = net_publish (net, 0, TOPIC, 0);
  net_run (net, 11 * MS);
  assert_int_equal (heard.messages, 1);
  assert_true (inos_pubsub_message_read (&view, inos_buffer_data (&heard.last),
                                         inos_buffer_len (&heard.last)));
  struct inos_pubsub_message_id id = inos_pubsub_message_id_of (&view, &key);
  for (unsigned i = 0; i < 10; i++)
    say_ids (net, INOS_RPC_IWANT, &id, 1);
  assert_int_equal (heard.messages, 4);
  finish (net);
}

/* Who said that it needs not be sent a message is not sent it; it hears the same of us. */
static void test_unwanted (void **state)
{
  struct net *net = net_with_hand (3, 11);
  g_autofree char *large = g_strnfill (2000, 'x');
  struct inos_buffer raw = made (net, 1, 7000, large);
  struct inos_pubsub_message_key key = {{0}};
  struct inos_pubsub_message_view view;

  say_subscribed (net);
  assert_true (inos_pubsub_message_read (&view, inos_buffer_data (&raw), inos_buffer_len (&raw)));
  struct inos_pubsub_message_id id = inos_pubsub_message_id_of (&view, &key);
  say_ids (net, INOS_RPC_IDONTWANT, &id, 1);
  struct inos_buffer rpc = {0};
  inos_rpc_put_message (&rpc, inos_buffer_data (&raw), inos_buffer_len (&raw));
  net_send (net, 1, 0, inos_buffer_data (&rpc), inos_buffer_len (&rpc));
  net_run (net, 11 * MS);
  assert_int_equal (stats_of (net, 0).delivered, 1);
  assert_int_equal (heard.messages, 0);
  assert_int_equal (heard.idontwants, 1);
  inos_buffer_clear (&rpc);
  inos_buffer_clear (&raw);
  finish (net);
}

/* What the validator says: later, never, and that somebody is to blame. */
static void test_validator (void **state)
{
  struct net *net = net_with_hand (3, 12);
  static const enum inos_gossip_verdict verdicts[] = {INOS_GOSSIP_ACCEPT, INOS_GOSSIP_IGNORE,
                                                      INOS_GOSSIP_REJECT};

  say_subscribed (net);
  for (unsigned i = 0; i < 3; i++) {
    g_autofree char *text = g_strdup_printf ("verdict %u", i);
    struct inos_buffer raw = made (net, 2, 100 + i, text);
    net->nodes[0].verdict = INOS_GOSSIP_LATER;
    say_message (net, &raw);
    assert_int_equal (net_count (net, text), 0);
    inos_gossip_decide (net->nodes[0].gossip, net->nodes[0].ticket + 1, INOS_GOSSIP_ACCEPT);
    inos_gossip_decide (net->nodes[0].gossip, net->nodes[0].ticket, verdicts[i]);
    inos_gossip_decide (net->nodes[0].gossip, net->nodes[0].ticket, INOS_GOSSIP_ACCEPT);
    net_run (net, 11 * MS);
    assert_int_equal (net_count (net, text), i == 0 ? 2 : 0);
    inos_buffer_clear (&raw);
  }
  assert_true (score (net) < 0);
  assert_int_equal (stats_of (net, 0).ignored, 1);
  assert_int_equal (stats_of (net, 0).rejected, 1);
  finish (net);
}

/* A peer that takes nothing: what waits is bounded, and goes in order when there is room. */
static void test_full (void **state)
{
  struct net *net = net_with_hand (3, 13);
  struct node *node = &net->nodes[0];

  say_subscribed (net);
  inos_gossip_remove_peer (node->gossip, &net->nodes[1].id);
  node->deaf = UINT_MAX;
  for (unsigned i = 0; i < INOS_GOSSIP_QUEUE_MESSAGES + 100; i++)
    g_free (net_publish (net, 0, TOPIC, 0));
  assert_true (inos_gossip_subscribe (node->gossip, "another"));
  assert_int_equal (stats_of (net, 0).waiting, INOS_GOSSIP_QUEUE_MESSAGES);
  assert_int_equal (stats_of (net, 0).dropped, 100);
  for (unsigned i = 0; i < 100; i++)
    g_free (net_publish (net, 0, TOPIC, 65536));
  net_run (net, 3 * SECOND);
  assert_int_equal (heard.messages, 0);
  node->deaf = 0;
  heard.subscriptions = 0;
  inos_gossip_room (node->gossip, &net->nodes[2].id);
  net_run (net, 11 * MS);
  assert_int_equal (heard.messages, INOS_GOSSIP_QUEUE_MESSAGES);
  assert_int_equal (heard.subscriptions, 1);
  assert_int_equal (stats_of (net, 0).waiting, 0);
  g_autofree char *text = net_publish (net, 0, TOPIC, 0);
  net_run (net, 11 * MS);
  assert_int_equal (heard.messages, INOS_GOSSIP_QUEUE_MESSAGES + 1);
  /* Without a word of room the heartbeat tries again. */
  node->deaf = 1;
  g_autofree char *late = net_publish (net, 0, TOPIC, 0);
  net_run (net, 2 * SECOND);
  assert_int_equal (heard.messages, INOS_GOSSIP_QUEUE_MESSAGES + 2);
  finish (net);
}

/* Subscriptions without end, and bytes that are nothing. */
static void test_bounds (void **state)
{
  struct net *net = net_with_hand (3, 14);
  struct inos_buffer rpc = {0};

  for (unsigned i = 0; i < 3 * INOS_GOSSIP_PEER_TOPICS; i++) {
    g_autofree char *topic = g_strdup_printf ("topic %u", i);
    inos_rpc_put_subscription (&rpc, topic, true);
  }
  say (net, &rpc);
  net_run (net, 11 * MS);
  assert_int_equal (net->nodes[0].subscriptions, 1 + INOS_GOSSIP_PEER_TOPICS);
  for (unsigned i = 0; i < 10; i++) {
    inos_buffer_append (&rpc, "\x0a\x05oh no", 5);
    say (net, &rpc);
  }
  net_run (net, 11 * MS);
  assert_true (score (net) < net->params.score.graylist);
  assert_int_equal (inos_gossip_publish (net->nodes[0].gossip, "", "x", 1), -1);
  assert_int_equal (inos_gossip_publish (net->nodes[0].gossip, "\xff", "x", 1), -1);
  assert_false (inos_gossip_subscribe (net->nodes[0].gossip, ""));
  for (unsigned i = 1; i < INOS_GOSSIP_TOPICS; i++) {
    g_autofree char *topic = g_strdup_printf ("own %u", i);
    assert_true (inos_gossip_subscribe (net->nodes[0].gossip, topic));
  }
  assert_false (inos_gossip_subscribe (net->nodes[0].gossip, "one more"));
  finish (net);
}

/* Nothing to do: it need not wake. */
static void test_idle (void **state)
{
  struct net *net = net_new (2, 15, false);

  inos_gossip_subscribe (net->nodes[0].gossip, TOPIC);
  assert_true (inos_gossip_deadline (net->nodes[0].gossip) == INOS_NEVER);
  net_link_all (net);
  assert_true (inos_gossip_deadline (net->nodes[0].gossip) != INOS_NEVER);
  net_run (net, 10 * SECOND);
  net_unlink (net, 0, 1);
  net_run (net, 2 * SECOND);
  assert_true (inos_gossip_deadline (net->nodes[0].gossip) == INOS_NEVER);
  /* What it says to nobody is forgotten in time, and without a heartbeat each second. */
  g_autofree char *text = net_publish (net, 0, TOPIC, 5);
  assert_true (inos_gossip_deadline (net->nodes[0].gossip) > net->world.now + 20 * SECOND);
  net_run (net, 400 * SECOND);
  assert_true (inos_gossip_deadline (net->nodes[0].gossip) == INOS_NEVER);
  net_free (net);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_forged),      cmocka_unit_test (test_squatted),
    cmocka_unit_test (test_replay),      cmocka_unit_test (test_random_numbers),
    cmocka_unit_test (test_backoff),     cmocka_unit_test (test_pruned_by_peer),
    cmocka_unit_test (test_exchange),    cmocka_unit_test (test_promises),
    cmocka_unit_test (test_renewed),     cmocka_unit_test (test_ihave_flood),
    cmocka_unit_test (test_iwant_flood), cmocka_unit_test (test_unwanted),
    cmocka_unit_test (test_validator),   cmocka_unit_test (test_full),
    cmocka_unit_test (test_bounds),      cmocka_unit_test (test_idle),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
