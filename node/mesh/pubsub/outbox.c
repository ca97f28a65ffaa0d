/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/pubsub/gossip-private.h"

/* What waits for a peer goes in this order: who is subscribed to what, GRAFT and PRUNE, gossip,
 * messages. Where there is no room, gossip is dropped at once, messages when too many wait; the
 * rest waits as long as it takes, and as it is little, only a peer that takes nothing at all can
 * make it grow: then it is told everything anew when there is room. */
#define CONTROL_MAX 65536u /* bytes of it that may wait */

void inos_gossip_peer_clear_outbox (struct gossip_peer *peer)
{
  inos_buffer_clear (&peer->hello);
  inos_buffer_clear (&peer->control);
  inos_buffer_clear (&peer->gossip);
  g_queue_clear_full (&peer->messages, (GDestroyNotify)inos_pubsub_message_unref);
  peer->messages_bytes = 0;
}

static bool send (struct inos_gossip *gossip, struct gossip_peer *peer,
                  const struct inos_buffer *rpc)
{
  const struct inos_channel *channel = gossip->channel;

  peer->full =
    !channel->send (channel->data, &peer->id, inos_buffer_data (rpc), inos_buffer_len (rpc));
  if (!peer->full)
    gossip->stats.sent++;
  return !peer->full;
}

void inos_gossip_dirty (struct inos_gossip *gossip, struct gossip_peer *peer)
{
  if (peer->dirty)
    return;
  peer->dirty = true;
  g_ptr_array_add (gossip->dirty, peer);
}

void inos_gossip_put_hello (struct inos_gossip *gossip, struct gossip_peer *peer)
{
  for (unsigned i = 0; i < gossip->topics->len; i++) {
    const struct gossip_topic *topic = gossip->topics->pdata[i];
    if (topic->subscribed)
      inos_rpc_put_subscription (&peer->hello, topic->name, true);
  }
  peer->owes_hello = false;
  inos_gossip_dirty (gossip, peer);
}

/* It did not go: keeps what has to be said, as far as that is little. */
static void keep_control (struct inos_gossip *gossip, struct gossip_peer *peer)
{
  inos_buffer_clear (&peer->gossip);
  if (inos_buffer_len (&peer->hello) + inos_buffer_len (&peer->control) <= CONTROL_MAX)
    return;
  inos_buffer_clear (&peer->hello);
  inos_buffer_clear (&peer->control);
  for (unsigned i = 0; i < peer->ties->len; i++)
    inos_gossip_leave_mesh (gossip, peer->ties->pdata[i]);
  peer->owes_hello = true;
}

static void send_control (struct inos_gossip *gossip, struct gossip_peer *peer)
{
  struct inos_buffer rpc = {0};

  if (peer->owes_hello)
    inos_gossip_put_hello (gossip, peer);
  inos_buffer_append (&rpc, inos_buffer_data (&peer->hello), inos_buffer_len (&peer->hello));
  if (inos_buffer_len (&peer->control) + inos_buffer_len (&peer->gossip) > 0 &&
      peer->version != GOSSIP_FLOODSUB) {
    struct inos_buffer control = {0};
    inos_buffer_append (&control, inos_buffer_data (&peer->control),
                        inos_buffer_len (&peer->control));
    inos_buffer_append (&control, inos_buffer_data (&peer->gossip),
                        inos_buffer_len (&peer->gossip));
    inos_rpc_put_control (&rpc, &control);
    inos_buffer_clear (&control);
  }
  if (inos_buffer_len (&rpc) == 0 || send (gossip, peer, &rpc)) {
    inos_buffer_clear (&peer->hello);
    inos_buffer_clear (&peer->control);
    inos_buffer_clear (&peer->gossip);
  } else {
    keep_control (gossip, peer);
  }
  inos_buffer_clear (&rpc);
}

static void send_messages (struct inos_gossip *gossip, struct gossip_peer *peer)
{
  while (!peer->full && peer->messages.length > 0) {
    struct inos_pubsub_message *message = g_queue_peek_head (&peer->messages);
    struct inos_buffer rpc = {0};
    inos_rpc_put_message (&rpc, message->view.raw, message->view.raw_len);
    if (send (gossip, peer, &rpc)) {
      peer->messages_bytes -= message->view.raw_len;
      inos_pubsub_message_unref (g_queue_pop_head (&peer->messages));
    }
    inos_buffer_clear (&rpc);
  }
}

static bool queue_message (struct inos_gossip *gossip, struct gossip_peer *peer,
                           struct inos_pubsub_message *message)
{
  if (peer->messages.length >= INOS_GOSSIP_QUEUE_MESSAGES ||
      peer->messages_bytes + message->view.raw_len > INOS_GOSSIP_QUEUE_BYTES) {
    gossip->stats.dropped++;
    return false;
  }
  peer->messages_bytes += message->view.raw_len;
  g_queue_push_tail (&peer->messages, inos_pubsub_message_ref (message));
  return true;
}

bool inos_gossip_send_message (struct inos_gossip *gossip, struct gossip_peer *peer,
                               struct inos_pubsub_message *message, const struct inos_buffer *rpc)
{
  if (!peer->full && peer->messages.length == 0 && send (gossip, peer, rpc))
    return true;
  return queue_message (gossip, peer, message);
}

void inos_gossip_flush (struct inos_gossip *gossip)
{
  for (unsigned i = 0; i < gossip->dirty->len; i++) {
    struct gossip_peer *peer = gossip->dirty->pdata[i];
    peer->dirty = false;
    if (peer->full)
      keep_control (gossip, peer);
    else
      send_control (gossip, peer);
  }
  g_ptr_array_set_size (gossip->dirty, 0);
}

void inos_gossip_retry (struct inos_gossip *gossip, struct gossip_peer *peer)
{
  if (!peer->full)
    return;
  peer->full = false;
  send_control (gossip, peer);
  send_messages (gossip, peer);
}
