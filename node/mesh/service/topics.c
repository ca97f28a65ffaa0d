/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/topics.h"

#include "node/mesh/host/messenger.h"
#include "node/mesh/net/mesh_thread.h"

#include <string.h>

struct inos_topics {
  struct inos_host *host;
  struct inos_messenger *messenger;
  struct inos_channel channel;
  struct inos_gossip *gossip;
  struct inos_drive *drive;
  GTree *subscribed; /* name → uint64_t: messages that came */
  GTree *followed;   /* name → struct followed */
  inos_mesh_on_message on_message;
  void *data;
};

struct followed {
  const struct inos_topic_follower *follower;
  void *data;
};

/* What the core tells */

static void on_delivery (void *data, struct inos_pubsub_message *message,
                         const struct inos_peer_id *sender)
{
  struct inos_topics *topics = data;
  const struct followed *followed = g_tree_lookup (topics->followed, message->topic);
  uint64_t *count = g_tree_lookup (topics->subscribed, message->topic);
  char from[INOS_PEER_TEXT_MAX];

  if (followed)
    followed->follower->message (followed->data, &message->view.from, message->view.data,
                                 message->view.len);
  if (!count)
    return;
  ++*count;
  inos_peer_id_text (&message->view.from, from);
  topics->on_message (topics->data, message->topic, from, message->view.data, message->view.len);
}

static enum inos_gossip_verdict on_validate (void *data, struct inos_pubsub_message *message,
                                             const struct inos_peer_id *sender, uint64_t ticket)
{
  struct inos_topics *topics = data;
  const struct followed *followed = g_tree_lookup (topics->followed, message->topic);

  /* What strangers wrote is nobody's to hear, whoever brings it: a member that does may not know
   * yet. */
  if (!inos_host_lets_in (topics->host, &message->view.from))
    return INOS_GOSSIP_IGNORE;
  return !followed ||
             followed->follower->is_right (followed->data, message->view.data, message->view.len)
           ? INOS_GOSSIP_ACCEPT
           : INOS_GOSSIP_REJECT;
}

static void on_subscription (void *data, const struct inos_peer_id *peer, const char *topic,
                             bool on)
{
  struct inos_topics *topics = data;
  const struct followed *followed = g_tree_lookup (topics->followed, topic);

  if (followed)
    followed->follower->peer (followed->data, peer, on);
}

static void add_record (void *data, const struct inos_peer_id *id, struct inos_buffer *out)
{
  struct inos_topics *topics = data;
  const struct inos_peer *peer = inos_peer_book_find (inos_host_book (topics->host), id);
  gsize len;

  if (!peer || !peer->record)
    return;
  const void *bytes = g_bytes_get_data (peer->record, &len);
  inos_buffer_append (out, bytes, len);
}

static const struct inos_gossip_events gossip_events = {.message = on_delivery,
                                                        .validate = on_validate,
                                                        .subscription = on_subscription,
                                                        .record = add_record};

/* What the streams tell */

/* What counts as one place: an IPv4 address, an IPv6 /64; none of loopback. */
static const void *place_of (const struct inos_multiaddr *address, size_t *len)
{
  struct inos_multiaddr_part part;
  size_t offset = 0;

  *len = 0;
  if (inos_multiaddr_reach (address) == INOS_REACH_LOOPBACK ||
      !inos_multiaddr_next (address, &offset, &part))
    return NULL;
  if (part.code != INOS_MULTIADDR_IP4 && part.code != INOS_MULTIADDR_IP6)
    return NULL;
  *len = part.code == INOS_MULTIADDR_IP4 ? 4 : 8;
  return part.value;
}

static void on_up (void *data, const struct inos_peer_id *id, const char *protocol)
{
  struct inos_topics *topics = data;
  struct inos_gossip_peer peer = {.id = *id, .protocol = protocol};
  struct inos_host_peer_stats stats;
  struct inos_multiaddr address;

  inos_host_peer_stats (topics->host, id, &stats);
  peer.outbound = !stats.inbound;
  if (inos_host_peer_address (topics->host, id, &address))
    peer.ip = place_of (&address, &peer.ip_len);
  if (!inos_gossip_add_peer (topics->gossip, &peer))
    inos_gossip_renew_peer (topics->gossip, id);
}

static gboolean tell_of_end (gpointer name, gpointer value, gpointer peer)
{
  const struct followed *followed = value;

  followed->follower->peer (followed->data, peer, false);
  return FALSE;
}

static void on_down (void *data, const struct inos_peer_id *peer)
{
  struct inos_topics *topics = data;

  inos_gossip_remove_peer (topics->gossip, peer);
  g_tree_foreach (topics->followed, tell_of_end, (void *)peer);
}

static void on_room (void *data, const struct inos_peer_id *peer)
{
  inos_gossip_room (((struct inos_topics *)data)->gossip, peer);
}

static bool on_rpc (void *data, const struct inos_peer_id *peer, const uint8_t *bytes, size_t len)
{
  return inos_gossip_receive (((struct inos_topics *)data)->gossip, peer, bytes, len);
}

static const struct inos_messenger_events messenger_events = {
  .up = on_up, .down = on_down, .room = on_room, .message = on_rpc};

/* Life cycle */

static gint compare_names (gconstpointer a, gconstpointer b, gpointer data)
{
  return strcmp (a, b);
}

static uint64_t deadline (void *data)
{
  return inos_gossip_deadline (data);
}

static void tick (void *data)
{
  inos_gossip_tick (data);
}

struct inos_topics *inos_topics_new (struct inos_host *host, const struct inos_identity *identity,
                                     GMainContext *context, inos_mesh_on_message on_message,
                                     void *data)
{
  struct inos_topics *topics = g_new0 (struct inos_topics, 1);

  topics->host = host;
  topics->on_message = on_message;
  topics->data = data;
  topics->subscribed = g_tree_new_full (compare_names, NULL, g_free, g_free);
  topics->followed = g_tree_new_full (compare_names, NULL, g_free, g_free);
  topics->messenger =
    inos_messenger_new (host, &(struct inos_messenger_setup){.names = inos_gossip_protocols,
                                                             .n_names = INOS_GOSSIP_PROTOCOLS,
                                                             .message_max = INOS_RPC_MAX,
                                                             .events = &messenger_events,
                                                             .data = topics});
  topics->channel = inos_messenger_channel (topics->messenger);
  topics->gossip =
    inos_gossip_new (&(struct inos_gossip_setup){.env = inos_host_env (host),
                                                 .channel = &topics->channel,
                                                 .self = *inos_host_id (host),
                                                 .signer = inos_identity_signer (identity),
                                                 .events = &gossip_events,
                                                 .data = topics});
  topics->drive = inos_drive (context, inos_host_env (host),
                              &(struct inos_driven){deadline, tick, topics->gossip});
  return topics;
}

void inos_topics_stop (struct inos_topics *topics)
{
  inos_drive_end (&topics->drive);
}

void inos_topics_free (struct inos_topics *topics)
{
  if (!topics)
    return;
  inos_topics_stop (topics);
  inos_gossip_free (topics->gossip);
  inos_messenger_free (topics->messenger);
  g_tree_unref (topics->subscribed);
  g_tree_unref (topics->followed);
  g_free (topics);
}

/* Topics */

bool inos_topics_subscribe (struct inos_topics *topics, const char *topic)
{
  if (g_tree_lookup (topics->subscribed, topic))
    return true;
  if (!inos_gossip_subscribe (topics->gossip, topic))
    return false;
  g_tree_insert (topics->subscribed, g_strdup (topic), g_new0 (uint64_t, 1));
  return true;
}

bool inos_topics_unsubscribe (struct inos_topics *topics, const char *topic)
{
  if (!g_tree_remove (topics->subscribed, topic))
    return false;
  if (!g_tree_lookup (topics->followed, topic))
    inos_gossip_unsubscribe (topics->gossip, topic);
  return true;
}

bool inos_topics_follow (struct inos_topics *topics, const char *topic,
                         const struct inos_topic_follower *follower, void *data)
{
  struct inos_peer_id *peers = NULL;
  struct followed *followed;

  if (g_tree_lookup (topics->followed, topic) || !inos_gossip_subscribe (topics->gossip, topic))
    return false;
  followed = g_new0 (struct followed, 1);
  *followed = (struct followed){follower, data};
  g_tree_insert (topics->followed, g_strdup (topic), followed);
  unsigned n = inos_gossip_members (topics->gossip, topic, false, NULL, 0);
  peers = g_new0 (struct inos_peer_id, n);
  inos_gossip_members (topics->gossip, topic, false, peers, n);
  for (unsigned i = 0; i < n; i++)
    follower->peer (data, &peers[i], true);
  g_free (peers);
  return true;
}

void inos_topics_unfollow (struct inos_topics *topics, const char *topic)
{
  if (g_tree_remove (topics->followed, topic) && !g_tree_lookup (topics->subscribed, topic))
    inos_gossip_unsubscribe (topics->gossip, topic);
}

int inos_topics_publish (struct inos_topics *topics, const char *topic, const void *bytes,
                         size_t len)
{
  return inos_gossip_publish (topics->gossip, topic, bytes, len);
}

struct listing {
  struct inos_topics *topics;
  GArray *list;
};

static gboolean add_stats (gpointer name, gpointer count, gpointer data)
{
  struct listing *listing = data;
  struct inos_topic_stats stats = {.topic = name, .messages = *(uint64_t *)count};

  stats.peers = inos_gossip_members (listing->topics->gossip, name, false, NULL, 0);
  stats.direct = inos_gossip_members (listing->topics->gossip, name, true, NULL, 0);
  g_array_append_val (listing->list, stats);
  return FALSE;
}

GArray *inos_topics_list (struct inos_topics *topics)
{
  struct listing listing = {topics, g_array_new (FALSE, FALSE, sizeof (struct inos_topic_stats))};

  g_tree_foreach (topics->subscribed, add_stats, &listing);
  return listing.list;
}

void inos_topics_rest (struct inos_topics *topics, bool rests)
{
  inos_gossip_rest (topics->gossip, rests);
}

void inos_topics_blamed (struct inos_topics *topics,
                         void (*each) (void *data, const struct inos_peer_id *peer), void *data)
{
  inos_gossip_blamed (topics->gossip, each, data);
}
