/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/pubsub/gossip-private.h"

#define SECOND G_GUINT64_CONSTANT (1000000000)
#define BACKOFF_MAX_SECONDS 3600 /* that a peer can ask for */
#define PRUNE_PEERS_READ 64      /* of one PRUNE; further ones are passed over */
#define UNWANTED_MAX 4096        /* ids that one peer can have remembered */
#define UNWANTED_HEARTBEATS 3    /* for so long */

static void on_subscription (struct inos_gossip *gossip, struct gossip_peer *peer,
                             const struct inos_rpc_item *item)
{
  bool on = item->kind == INOS_RPC_SUBSCRIBE;
  struct gossip_topic *topic = inos_gossip_find_topic (gossip, item->topic, item->topic_len);
  struct gossip_tie *tie = topic ? inos_gossip_find_tie (topic, peer) : NULL;
  g_autofree char *name = g_strndup (item->topic, item->topic_len);

  if (on == (tie && tie->subscribed))
    return;
  if (!on) {
    inos_gossip_cut_tie (gossip, tie);
  } else {
    if (!tie && peer->ties->len >= INOS_GOSSIP_PEER_TOPICS)
      return;
    topic = inos_gossip_add_topic (gossip, item->topic, item->topic_len);
    tie = inos_gossip_add_tie (topic, peer);
    inos_gossip_set_subscribed (tie, true);
    /* Not before the next heartbeat is too late for what is published now. */
    if (topic->subscribed && topic->n_mesh < gossip->params.d_low &&
        inos_gossip_may_graft (gossip, tie))
      inos_gossip_graft (gossip, tie);
  }
  if (gossip->events->subscription)
    gossip->events->subscription (gossip->data, &peer->id, name, on);
}

/* Returns: (nullable): the tie of a peer who speaks of a topic that this node is subscribed to. */
static struct gossip_tie *tie_of (struct inos_gossip *gossip, struct gossip_peer *peer,
                                  const struct inos_rpc_item *item, bool make)
{
  struct gossip_topic *topic = inos_gossip_find_topic (gossip, item->topic, item->topic_len);

  if (!topic || !topic->subscribed)
    return NULL;
  return make ? inos_gossip_add_tie (topic, peer) : inos_gossip_find_tie (topic, peer);
}

static void on_graft (struct inos_gossip *gossip, struct gossip_peer *peer,
                      const struct inos_rpc_item *item)
{
  struct gossip_tie *tie = tie_of (gossip, peer, item, true);
  const struct inos_gossip_params *params = &gossip->params;
  uint64_t now = inos_env_now (gossip->env);

  if (!tie || tie->mesh || peer->version == GOSSIP_FLOODSUB)
    return;
  inos_gossip_set_subscribed (tie, true); /* to want to be in the mesh says so */
  const struct gossip_backoff *backoff = inos_gossip_find_backoff (tie->topic, &peer->id);
  bool early = !peer->direct && backoff && now < backoff->until;
  if (early)
    inos_score_penalize (peer->score, now < backoff->since + params->graft_flood ? 2 : 1);
  if (peer->direct || early || inos_gossip_score_of (gossip, peer) < 0) {
    inos_gossip_prune (gossip, tie, params->prune_backoff, false);
  } else if (tie->topic->n_mesh >= params->d_high && !peer->outbound) {
    inos_gossip_prune (gossip, tie, params->prune_backoff, true);
  } else {
    inos_gossip_join_mesh (gossip, tie);
  }
}

static void offer_exchange (struct inos_gossip *gossip, const struct gossip_peer *by,
                            struct inos_rpc_item *item)
{
  struct inos_peer_id peer;
  const uint8_t *record;
  size_t len;

  for (unsigned i = 0; i < PRUNE_PEERS_READ && i < gossip->params.exchange_peers &&
                       inos_rpc_next_peer (item, &peer, &record, &len);
       i++)
    if (!inos_peer_id_equal (&peer, &gossip->self) && !inos_gossip_find_peer (gossip, &peer))
      gossip->events->exchange (gossip->data, &by->id, &peer, record, len);
}

static void on_prune (struct inos_gossip *gossip, struct gossip_peer *peer,
                      struct inos_rpc_item *item)
{
  struct gossip_tie *tie = tie_of (gossip, peer, item, false);
  uint64_t backoff = gossip->params.prune_backoff;

  if (!tie)
    return;
  if (item->has_backoff)
    backoff = CLAMP (item->backoff, 1, BACKOFF_MAX_SECONDS) * SECOND;
  inos_gossip_leave_mesh (gossip, tie);
  inos_gossip_back_off (gossip, tie->topic, &peer->id, backoff);
  if (gossip->events->exchange &&
      inos_gossip_score_of (gossip, peer) >= gossip->params.score.accept_px)
    offer_exchange (gossip, peer, item);
}

/* One of the ids asked for, at random, has to come in time. */
static void promise (struct inos_gossip *gossip, const struct gossip_peer *peer,
                     const struct inos_pubsub_message_id *id)
{
  struct gossip_promise *promise = g_new0 (struct gossip_promise, 1);

  *promise = (struct gossip_promise){
    .peer = peer->id,
    .id = *id,
    .until = inos_env_now (gossip->env) + gossip->params.promise_time,
  };
  g_queue_push_tail (&gossip->promises, promise);
}

static void on_ihave (struct inos_gossip *gossip, struct gossip_peer *peer,
                      struct inos_rpc_item *item)
{
  const struct inos_gossip_params *params = &gossip->params;
  struct inos_pubsub_message_id id, promised = {0};
  const uint8_t *bytes;
  unsigned asked = 0;
  size_t len, opened = 0;

  if (++peer->ihaves > params->ihave_messages || !tie_of (gossip, peer, item, false) ||
      inos_gossip_score_of (gossip, peer) < params->score.gossip)
    return;
  while (peer->asked < params->ihave_ids && inos_rpc_next_id (item, &bytes, &len)) {
    if (!inos_pubsub_message_id_read (&id, bytes, len, &gossip->key) ||
        inos_seen_find (gossip->seen, &id))
      continue;
    if (asked++ == 0)
      opened = inos_rpc_open_ids (&peer->gossip, INOS_RPC_IWANT, NULL);
    inos_rpc_put_id (&peer->gossip, INOS_RPC_IWANT, id.bytes, id.len);
    peer->asked++;
    if (inos_env_below (gossip->env, asked) == 0)
      promised = id;
  }
  if (asked == 0)
    return;
  inos_proto_close (&peer->gossip, opened);
  promise (gossip, peer, &promised);
  gossip->stats.gossip_asked += asked;
  inos_gossip_dirty (gossip, peer);
}

static void on_iwant (struct inos_gossip *gossip, struct gossip_peer *peer,
                      struct inos_rpc_item *item)
{
  const struct inos_gossip_params *params = &gossip->params;
  struct inos_pubsub_message_id id;
  const uint8_t *bytes;
  unsigned times;
  size_t len;

  if (inos_gossip_score_of (gossip, peer) < params->score.gossip)
    return;
  while (inos_rpc_next_id (item, &bytes, &len) && peer->answered++ < params->iwant_ids) {
    if (!inos_pubsub_message_id_read (&id, bytes, len, &gossip->key))
      continue;
    struct inos_pubsub_message *message =
      inos_mcache_get (gossip->mcache, &id, peer->serial, &times);
    if (!message || times > params->iwant_times)
      continue;
    struct inos_buffer rpc = {0};
    inos_rpc_put_message (&rpc, message->view.raw, message->view.raw_len);
    if (inos_gossip_send_message (gossip, peer, message, &rpc))
      gossip->stats.gossip_answered++;
    inos_buffer_clear (&rpc);
  }
}

bool inos_gossip_is_unwanted (const struct gossip_peer *peer,
                              const struct inos_pubsub_message_id *id)
{
  return g_hash_table_contains (peer->unwanted, id);
}

static void drop_unwanted (struct gossip_peer *peer)
{
  struct gossip_unwanted *unwanted = g_queue_pop_head (&peer->unwanted_order);

  g_hash_table_remove (peer->unwanted, &unwanted->id);
  g_free (unwanted);
}

void inos_gossip_expire_unwanted (struct inos_gossip *gossip, struct gossip_peer *peer)
{
  const struct gossip_unwanted *oldest = g_queue_peek_head (&peer->unwanted_order);

  for (; oldest && oldest->heartbeat + UNWANTED_HEARTBEATS <= gossip->heartbeats;
       oldest = g_queue_peek_head (&peer->unwanted_order))
    drop_unwanted (peer);
}

static void on_idontwant (struct inos_gossip *gossip, struct gossip_peer *peer,
                          struct inos_rpc_item *item)
{
  const uint8_t *bytes;
  struct inos_pubsub_message_id id;
  size_t len;

  if (++peer->idontwants > gossip->params.idontwant_messages)
    return;
  for (unsigned i = 0; i < gossip->params.idontwant_ids && inos_rpc_next_id (item, &bytes, &len);
       i++) {
    if (!inos_pubsub_message_id_read (&id, bytes, len, &gossip->key) ||
        inos_gossip_is_unwanted (peer, &id))
      continue;
    if (peer->unwanted_order.length >= UNWANTED_MAX)
      drop_unwanted (peer);
    struct gossip_unwanted *unwanted = g_new0 (struct gossip_unwanted, 1);
    unwanted->id = id;
    unwanted->heartbeat = gossip->heartbeats;
    g_queue_push_tail (&peer->unwanted_order, unwanted);
    g_hash_table_add (peer->unwanted, &unwanted->id);
  }
}

void inos_gossip_control (struct inos_gossip *gossip, struct gossip_peer *peer,
                          struct inos_rpc_item *item)
{
  switch (item->kind) {
  case INOS_RPC_SUBSCRIBE:
  case INOS_RPC_UNSUBSCRIBE:
    on_subscription (gossip, peer, item);
    break;
  case INOS_RPC_GRAFT:
    on_graft (gossip, peer, item);
    break;
  case INOS_RPC_PRUNE:
    on_prune (gossip, peer, item);
    break;
  case INOS_RPC_IHAVE:
    on_ihave (gossip, peer, item);
    break;
  case INOS_RPC_IWANT:
    on_iwant (gossip, peer, item);
    break;
  case INOS_RPC_IDONTWANT:
    on_idontwant (gossip, peer, item);
    break;
  case INOS_RPC_MESSAGE: /* has a way of its own */
  default:
    break;
  }
}
