/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"

#include "net.h"

#include <sodium.h>
#include <string.h>

struct parcel {
  struct net *net;
  unsigned from, to;
  size_t len;
  uint8_t bytes[];
};

static void sign (void *data, const void *bytes, size_t len, uint8_t signature[64])
{
  const struct node *node = data;

  if (node->net->real_signatures)
    crypto_sign_detached (signature, NULL, bytes, len, node->key);
  else
    crypto_generichash (signature, 64, bytes, len, node->id.bytes, node->id.len);
}

static bool verify (void *data, const struct inos_peer_id *from, const void *bytes, size_t len,
                    const uint8_t signature[64])
{
  const struct node *node = data;
  uint8_t key[32], right[64];

  if (node->net->real_signatures)
    return inos_peer_id_key (from, key) &&
           crypto_sign_verify_detached (signature, bytes, len, key) == 0;
  crypto_generichash (right, 64, bytes, len, from->bytes, from->len);
  return memcmp (right, signature, 64) == 0;
}

struct inos_pubsub_message_signer net_signer (struct node *node)
{
  return (struct inos_pubsub_message_signer){node, sign, verify};
}

static void on_message (void *data, struct inos_pubsub_message *message,
                        const struct inos_peer_id *sender)
{
  struct node *node = data;
  char *text = g_strndup ((const char *)message->view.data, MIN (message->view.len, 64));
  gpointer times = g_hash_table_lookup (node->got, text);
  uint64_t sent = g_ascii_strtoull (text, NULL, 10), took = node->net->world.now - sent;

  if (times)
    node->extra++;
  if (sent > 0)
    g_array_append_val (node->net->latencies, took);
  node->net->digest = (node->net->digest ^ node->net->world.now ^ node->index) * 1099511628211u;
  g_hash_table_insert (node->got, text, GUINT_TO_POINTER (GPOINTER_TO_UINT (times) + 1));
}

static enum inos_gossip_verdict on_validate (void *data, struct inos_pubsub_message *message,
                                             const struct inos_peer_id *sender, uint64_t ticket)
{
  struct node *node = data;

  node->ticket = ticket;
  return node->verdict;
}

static void on_subscription (void *data, const struct inos_peer_id *peer, const char *topic,
                             bool on)
{
  ((struct node *)data)->subscriptions++;
}

static void on_exchange (void *data, const struct inos_peer_id *by, const struct inos_peer_id *peer,
                         const void *record, size_t len)
{
  struct node *node = data;

  node->exchanged++;
  g_assert (len == peer->len && memcmp (record, peer->bytes, len) == 0);
}

static void on_record (void *data, const struct inos_peer_id *peer, struct inos_buffer *out)
{
  inos_buffer_append (out, peer->bytes, peer->len); /* stands for a record */
}

static const struct inos_gossip_events events = {
  .message = on_message,
  .validate = on_validate,
  .subscription = on_subscription,
  .exchange = on_exchange,
  .record = on_record,
};

static void update (struct node *node);

static void on_tick (void *data)
{
  struct node *node = data;

  if (!node->gossip || node->ticks_at > node->net->world.now)
    return;
  node->ticks_at = INOS_NEVER;
  inos_gossip_tick (node->gossip);
  update (node);
}

static void update (struct node *node)
{
  uint64_t deadline = inos_gossip_deadline (node->gossip);

  if (deadline >= node->ticks_at)
    return;
  node->ticks_at = deadline;
  world_at (&node->net->world, deadline, on_tick, NULL, node);
}

static uint64_t *arrival (struct net *net, unsigned from, unsigned to)
{
  return &net->arrivals[from * net->n + to];
}

static void on_parcel (void *data)
{
  struct parcel *parcel = data;
  struct node *to = &parcel->net->nodes[parcel->to], *from = &parcel->net->nodes[parcel->from];

  if (!*arrival (parcel->net, parcel->from, parcel->to) || (!to->gossip && !to->receives))
    return;
  if (to->receives) {
    to->receives (to, from, parcel->bytes, parcel->len);
    return;
  }
  inos_gossip_receive (to->gossip, &from->id, parcel->bytes, parcel->len);
  update (to);
}

void net_send (struct net *net, unsigned from, unsigned to, const void *bytes, size_t len)
{
  struct parcel *parcel = g_malloc (sizeof *parcel + len);
  uint64_t jitter = net->jitter ? world_random (&net->random) % net->jitter : 0;

  net->rpcs++;
  net->bytes += len;
  *parcel = (struct parcel){net, from, to, len};
  memcpy (parcel->bytes, bytes, len);
  if (net->loss && world_random (&net->random) % 1000 < net->loss) {
    g_free (parcel);
    return;
  }
  uint64_t time = MAX (*arrival (net, from, to), net->world.now + net->latency + jitter);
  *arrival (net, from, to) = time;
  world_at (&net->world, time, on_parcel, g_free, parcel);
}

static bool channel_send (void *data, const struct inos_peer_id *to, const void *bytes, size_t len)
{
  struct node *node = data;

  if (node->deaf > 0) {
    node->deaf -= node->deaf != UINT_MAX;
    return false;
  }
  for (unsigned i = 0; i < node->net->n; i++)
    if (inos_peer_id_equal (&node->net->nodes[i].id, to)) {
      net_send (node->net, node->index, i, bytes, len);
      return true;
    }
  g_assert_not_reached();
}

static void node_start (struct node *node)
{
  struct inos_gossip_setup setup = {
    .env = &node->place.env,
    .channel = &node->channel,
    .self = node->id,
    .signer = net_signer (node),
    .params = &node->net->params,
    .events = &events,
    .data = node,
  };

  node->gossip = inos_gossip_new (&setup);
  node->ticks_at = INOS_NEVER;
}

struct net *net_new (unsigned n, uint64_t seed, bool real_signatures)
{
  struct net *net = g_new0 (struct net, 1);

  net->n = n;
  net->nodes = g_new0 (struct node, n);
  net->arrivals = g_new0 (uint64_t, (size_t)n *n);
  net->latencies = g_array_new (FALSE, FALSE, sizeof (uint64_t));
  net->latency = 5 * MS;
  net->real_signatures = real_signatures;
  net->random = seed;
  inos_gossip_defaults (&net->params);
  world_init (&net->world, seed);
  for (unsigned i = 0; i < n; i++) {
    struct node *node = &net->nodes[i];
    uint8_t seed_bytes[32] = {(uint8_t)i, (uint8_t)(i >> 8), 7}, key[32];
    node->net = net;
    node->index = i;
    world_place_init (&net->world, &node->place);
    crypto_sign_seed_keypair (key, node->key, seed_bytes);
    node->id = inos_peer_id_of_key (key);
    node->channel = (struct inos_channel){node, channel_send};
    node->got = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    node_start (node);
  }
  return net;
}

void net_free (struct net *net)
{
  world_finish (&net->world);
  for (unsigned i = 0; i < net->n; i++) {
    inos_gossip_free (net->nodes[i].gossip);
    g_hash_table_unref (net->nodes[i].got);
  }
  g_array_unref (net->latencies);
  g_free (net->arrivals);
  g_free (net->nodes);
  g_free (net);
}

static void add (struct net *net, unsigned a, unsigned b, const char *protocol, bool outbound)
{
  struct inos_gossip_peer peer = {
    .id = net->nodes[b].id,
    .protocol = protocol,
    .outbound = outbound,
  };

  if (!net->nodes[a].gossip)
    return;
  inos_gossip_add_peer (net->nodes[a].gossip, &peer);
  update (&net->nodes[a]);
}

void net_link (struct net *net, unsigned a, unsigned b, const char *protocol)
{
  if (a == b || *arrival (net, a, b))
    return;
  *arrival (net, a, b) = *arrival (net, b, a) = net->world.now;
  add (net, a, b, protocol, true);
  add (net, b, a, protocol, false);
}

void net_unlink (struct net *net, unsigned a, unsigned b)
{
  *arrival (net, a, b) = *arrival (net, b, a) = 0;
  if (net->nodes[a].gossip)
    inos_gossip_remove_peer (net->nodes[a].gossip, &net->nodes[b].id);
  if (net->nodes[b].gossip)
    inos_gossip_remove_peer (net->nodes[b].gossip, &net->nodes[a].id);
}

void net_link_all (struct net *net)
{
  for (unsigned i = 0; i < net->n; i++)
    for (unsigned j = i + 1; j < net->n; j++)
      net_link (net, i, j, inos_gossip_protocols[0]);
}

void net_link_random (struct net *net, unsigned degree)
{
  for (unsigned i = 0; i < net->n; i++)
    for (unsigned k = 0; k < degree; k++)
      net_link (net, i, (unsigned)(world_random (&net->random) % net->n), inos_gossip_protocols[0]);
}

void net_subscribe_all (struct net *net, const char *topic)
{
  for (unsigned i = 0; i < net->n; i++)
    if (net->nodes[i].gossip)
      inos_gossip_subscribe (net->nodes[i].gossip, topic);
}

void net_kill (struct net *net, unsigned index)
{
  for (unsigned i = 0; i < net->n; i++)
    if (*arrival (net, index, i))
      net_unlink (net, index, i);
  inos_gossip_free (net->nodes[index].gossip);
  net->nodes[index].gossip = NULL;
}

void net_revive (struct net *net, unsigned index)
{
  node_start (&net->nodes[index]);
}

void net_run (struct net *net, uint64_t time)
{
  world_run (&net->world, net->world.now + time);
}

char *net_publish (struct net *net, unsigned index, const char *topic, size_t size)
{
  struct node *node = &net->nodes[index];
  char *text = g_strdup_printf ("%" G_GUINT64_FORMAT " of %u: %" G_GUINT64_FORMAT, net->world.now,
                                index, world_random (&net->random));
  size_t len = strlen (text) + 1;
  g_autofree char *data = g_malloc0 (MAX (size, len));

  memcpy (data, text, len);
  int sent = inos_gossip_publish (node->gossip, topic, data, MAX (size, len));
  g_assert (sent >= 0);
  update (node);
  return text;
}

unsigned net_count (struct net *net, const char *text)
{
  unsigned count = 0;

  for (unsigned i = 0; i < net->n; i++)
    count +=
      net->nodes[i].gossip && g_hash_table_lookup (net->nodes[i].got, text) == GUINT_TO_POINTER (1);
  return count;
}

static int compare (const void *a, const void *b)
{
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

  return (x > y) - (x < y);
}

uint64_t net_latency (struct net *net, unsigned permille)
{
  g_assert (net->latencies->len > 0);
  g_array_sort (net->latencies, compare);
  return g_array_index (net->latencies, uint64_t,
                        (size_t)(net->latencies->len - 1) * permille / 1000);
}
