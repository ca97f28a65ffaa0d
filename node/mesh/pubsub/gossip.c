/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/pubsub/gossip-private.h"

#include <string.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)
#define REST_SLOWER 5u      /* times, that the heart is where it rests */
#define REST_D 3u           /* peers of a mesh there */
#define ALONE (30 * SECOND) /* between heartbeats that nobody hears */

const char *const inos_gossip_protocols[INOS_GOSSIP_PROTOCOLS] = {
  [GOSSIP_1_2] = "/meshsub/1.2.0",
  [GOSSIP_1_1] = "/meshsub/1.1.0",
  [GOSSIP_1_0] = "/meshsub/1.0.0",
  [GOSSIP_FLOODSUB] = "/floodsub/1.0.0",
};

void inos_gossip_defaults (struct inos_gossip_params *params)
{
  *params = (struct inos_gossip_params){
    .d = 6,
    .d_low = 4,
    .d_high = 12,
    .d_score = 4,
    .d_out = 2,
    .d_lazy = 6,
    .gossip_factor = 0.25,
    .heartbeat = SECOND,
    .fanout_time = 60 * SECOND,
    .prune_backoff = 60 * SECOND,
    .unsubscribe_backoff = 10 * SECOND,
    .graft_flood = 10 * SECOND,
    .promise_time = 3 * SECOND,
    .opportunistic_ticks = 60,
    .opportunistic_peers = 2,
    .exchange_peers = 16,
    .ihave_messages = 10,
    .ihave_ids = 5000,
    .iwant_ids = 5000,
    .iwant_times = 3,
    .idontwant_messages = 512,
    .idontwant_ids = 1024,
    .idontwant_size = 1024,
    .flood_size = 65536,
  };
  inos_score_defaults (&params->score);
  inos_topic_score_defaults (&params->topic_score);
}

static void unwanted_free (void *unwanted)
{
  g_free (unwanted);
}

static void peer_free (void *data)
{
  struct gossip_peer *peer = data;

  g_ptr_array_unref (peer->ties);
  g_hash_table_unref (peer->unwanted);
  g_queue_clear_full (&peer->unwanted_order, unwanted_free);
  inos_gossip_peer_clear_outbox (peer);
  g_free (peer);
}

static void on_forgotten (void *data, const struct inos_pubsub_message_id *id)
{
  inos_replay_forgotten (((struct inos_gossip *)data)->replay, id);
}

struct inos_gossip *inos_gossip_new (const struct inos_gossip_setup *setup)
{
  struct inos_gossip *gossip = g_new0 (struct inos_gossip, 1);

  gossip->env = setup->env;
  gossip->channel = setup->channel;
  gossip->self = setup->self;
  gossip->signer = setup->signer;
  gossip->events = setup->events;
  gossip->data = setup->data;
  if (setup->params)
    gossip->params = *setup->params;
  else
    inos_gossip_defaults (&gossip->params);
  gossip->usual = gossip->params;
  inos_env_random (gossip->env, &gossip->key, sizeof gossip->key);
  gossip->peers = g_ptr_array_new_with_free_func (peer_free);
  gossip->topics = g_ptr_array_new_with_free_func (inos_gossip_topic_free);
  gossip->dirty = g_ptr_array_new();
  gossip->scores =
    inos_scores_new (gossip->env, &gossip->params.score, &gossip->params.topic_score);
  gossip->replay = inos_replay_new();
  gossip->seen = inos_seen_new (on_forgotten, gossip);
  gossip->mcache = inos_mcache_new();
  /* Not all at the same moment. */
  gossip->next_heartbeat = inos_env_now (gossip->env) +
                           gossip->params.heartbeat / 1000 * inos_env_below (gossip->env, 1000);
  return gossip;
}

static void drop_peer (struct inos_gossip *gossip, struct gossip_peer *peer)
{
  while (peer->ties->len > 0)
    inos_gossip_cut_tie (gossip, peer->ties->pdata[peer->ties->len - 1]);
  inos_scores_remove (gossip->scores, peer->score);
  g_ptr_array_remove (gossip->dirty, peer);
  g_ptr_array_remove (gossip->peers, peer);
}

void inos_gossip_free (struct inos_gossip *gossip)
{
  if (!gossip)
    return;
  while (gossip->peers->len > 0)
    drop_peer (gossip, gossip->peers->pdata[gossip->peers->len - 1]);
  g_queue_clear_full (&gossip->promises, g_free);
  g_queue_clear_full (&gossip->pending, inos_gossip_pending_free);
  g_ptr_array_unref (gossip->peers);
  g_ptr_array_unref (gossip->topics);
  g_ptr_array_unref (gossip->dirty);
  inos_scores_free (gossip->scores);
  inos_seen_free (gossip->seen);
  inos_replay_free (gossip->replay);
  inos_mcache_free (gossip->mcache);
  g_free (gossip);
}

/* Where @id is among the peers, or belongs. */
static unsigned place_of (const struct inos_gossip *gossip, const struct inos_peer_id *id)
{
  unsigned low = 0, high = gossip->peers->len;

  while (low < high) {
    unsigned middle = (low + high) / 2;
    const struct gossip_peer *peer = gossip->peers->pdata[middle];
    if (inos_peer_id_compare (&peer->id, id) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

struct gossip_peer *inos_gossip_find_peer (const struct inos_gossip *gossip,
                                           const struct inos_peer_id *id)
{
  unsigned place = place_of (gossip, id);

  if (place >= gossip->peers->len)
    return NULL;
  struct gossip_peer *peer = gossip->peers->pdata[place];
  return inos_peer_id_equal (&peer->id, id) ? peer : NULL;
}

double inos_gossip_score_of (const struct inos_gossip *gossip, const struct gossip_peer *peer)
{
  return peer->direct ? G_MAXDOUBLE : inos_score_value (gossip->scores, peer->score);
}

void inos_gossip_shuffle (const struct inos_gossip *gossip, GPtrArray *array)
{
  for (unsigned i = array->len; i > 1; i--) {
    unsigned other = inos_env_below (gossip->env, i);
    void *last = array->pdata[i - 1];
    array->pdata[i - 1] = array->pdata[other];
    array->pdata[other] = last;
  }
}

static bool version_of (const char *protocol, enum gossip_version *version)
{
  for (unsigned i = 0; i < INOS_GOSSIP_PROTOCOLS; i++)
    if (g_str_equal (protocol, inos_gossip_protocols[i])) {
      *version = (enum gossip_version)i;
      return true;
    }
  return false;
}

bool inos_gossip_add_peer (struct inos_gossip *gossip, const struct inos_gossip_peer *info)
{
  enum gossip_version version;

  if (inos_peer_id_equal (&info->id, &gossip->self) || gossip->peers->len >= INOS_GOSSIP_PEERS ||
      !version_of (info->protocol, &version) || inos_gossip_find_peer (gossip, &info->id))
    return false;
  struct gossip_peer *peer = g_new0 (struct gossip_peer, 1);
  peer->id = info->id;
  peer->serial = ++gossip->serial;
  peer->version = version;
  peer->outbound = info->outbound;
  peer->direct = info->direct;
  peer->score = inos_scores_add (gossip->scores, &info->id, info->ip, info->ip_len);
  peer->ties = g_ptr_array_new();
  peer->unwanted = g_hash_table_new (inos_pubsub_message_id_hash, inos_pubsub_message_id_same);
  g_ptr_array_insert (gossip->peers, (int)place_of (gossip, &info->id), peer);
  inos_gossip_put_hello (gossip, peer);
  inos_gossip_flush (gossip);
  return true;
}

void inos_gossip_renew_peer (struct inos_gossip *gossip, const struct inos_peer_id *id)
{
  struct gossip_peer *peer = inos_gossip_find_peer (gossip, id);

  if (!peer)
    return;
  inos_gossip_put_hello (gossip, peer);
  inos_gossip_retry (gossip, peer);
  inos_gossip_flush (gossip);
}

void inos_gossip_remove_peer (struct inos_gossip *gossip, const struct inos_peer_id *id)
{
  struct gossip_peer *peer = inos_gossip_find_peer (gossip, id);

  if (peer)
    drop_peer (gossip, peer);
}

void inos_gossip_room (struct inos_gossip *gossip, const struct inos_peer_id *id)
{
  struct gossip_peer *peer = inos_gossip_find_peer (gossip, id);

  if (peer)
    inos_gossip_retry (gossip, peer);
}

bool inos_gossip_receive (struct inos_gossip *gossip, const struct inos_peer_id *from,
                          const void *bytes, size_t len)
{
  struct gossip_peer *peer = inos_gossip_find_peer (gossip, from);
  unsigned messages = 0, controls = 0;
  struct inos_rpc_item item;

  if (!peer)
    return true;
  gossip->stats.received++;
  if (inos_gossip_score_of (gossip, peer) < gossip->params.score.graylist) {
    gossip->stats.graylisted++;
    return true;
  }
  if (!inos_rpc_check (bytes, len)) {
    inos_score_penalize (peer->score, 2);
    return false;
  }
  struct inos_rpc rpc = inos_rpc_begin (bytes, len);
  while (inos_rpc_next (&rpc, &item))
    if (item.kind != INOS_RPC_MESSAGE && controls++ < INOS_GOSSIP_RPC_CONTROL)
      inos_gossip_control (gossip, peer, &item);
    else if (item.kind == INOS_RPC_MESSAGE && messages++ < INOS_GOSSIP_RPC_MESSAGES)
      inos_gossip_incoming (gossip, peer, item.raw, item.raw_len);
  inos_gossip_flush (gossip);
  return true;
}

static bool is_idle (const struct inos_gossip *gossip)
{
  return gossip->peers->len == 0 && inos_seen_count (gossip->seen) == 0 &&
         inos_mcache_count (gossip->mcache) == 0 && inos_scores_retained (gossip->scores) == 0;
}

void inos_gossip_rest (struct inos_gossip *gossip, bool rests)
{
  struct inos_gossip_params *params = &gossip->params;

  *params = gossip->usual;
  if (!rests)
    return;
  params->heartbeat *= REST_SLOWER;
  params->d = MIN (params->d, REST_D);
  params->d_low = MIN (params->d_low, REST_D - 1);
  params->d_high = MIN (params->d_high, REST_D + 1);
  params->d_score = MIN (params->d_score, REST_D - 1);
  params->d_out = MIN (params->d_out, 1);
  params->d_lazy = MIN (params->d_lazy, REST_D);
}

uint64_t inos_gossip_deadline (const struct inos_gossip *gossip)
{
  if (is_idle (gossip))
    return INOS_NEVER;
  /* With nobody there the heart only has to forget what it said, and to nobody. */
  bool alone = gossip->peers->len == 0 && inos_scores_retained (gossip->scores) == 0;
  return gossip->next_heartbeat + (alone ? ALONE : 0);
}

void inos_gossip_tick (struct inos_gossip *gossip)
{
  uint64_t now = inos_env_now (gossip->env);

  if (now < gossip->next_heartbeat)
    return;
  gossip->next_heartbeat += gossip->params.heartbeat;
  if (gossip->next_heartbeat <= now) /* late, or it had nothing to do for a while */
    gossip->next_heartbeat = now + gossip->params.heartbeat;
  inos_gossip_heartbeat (gossip);
  inos_gossip_flush (gossip);
}

static bool is_topic (const char *topic)
{
  size_t len = strlen (topic);

  return len > 0 && len <= INOS_RPC_TOPIC_MAX && g_utf8_validate (topic, (gssize)len, NULL);
}

static void tell_all (struct inos_gossip *gossip, const char *topic, bool on)
{
  for (unsigned i = 0; i < gossip->peers->len; i++) {
    struct gossip_peer *peer = gossip->peers->pdata[i];
    inos_rpc_put_subscription (&peer->hello, topic, on);
    inos_gossip_dirty (gossip, peer);
  }
}

bool inos_gossip_subscribe (struct inos_gossip *gossip, const char *name)
{
  if (!is_topic (name))
    return false;
  struct gossip_topic *topic = inos_gossip_find_topic (gossip, name, strlen (name));
  if (topic && topic->subscribed)
    return true;
  if (gossip->n_subscribed >= INOS_GOSSIP_TOPICS)
    return false;
  topic = inos_gossip_add_topic (gossip, name, strlen (name));
  topic->subscribed = true;
  topic->fanout_until = 0;
  gossip->n_subscribed++;
  tell_all (gossip, name, true);
  inos_gossip_fill_mesh (gossip, topic, gossip->params.d);
  for (unsigned i = 0; i < topic->ties->len; i++)
    ((struct gossip_tie *)topic->ties->pdata[i])->fanout = false;
  inos_gossip_flush (gossip);
  return true;
}

void inos_gossip_unsubscribe (struct inos_gossip *gossip, const char *name)
{
  struct gossip_topic *topic = inos_gossip_find_topic (gossip, name, strlen (name));

  if (!topic || !topic->subscribed)
    return;
  topic->subscribed = false;
  gossip->n_subscribed--;
  tell_all (gossip, name, false);
  for (unsigned i = 0; i < topic->ties->len; i++) {
    struct gossip_tie *tie = topic->ties->pdata[i];
    if (tie->mesh)
      inos_gossip_prune (gossip, tie, gossip->params.unsubscribe_backoff, false);
  }
  inos_gossip_flush (gossip);
  inos_gossip_release_topic (gossip, topic);
}

bool inos_gossip_set_topic_score (struct inos_gossip *gossip, const char *topic,
                                  const struct inos_topic_score_params *params)
{
  return inos_scores_set_topic (gossip->scores, topic, params);
}

void inos_gossip_set_app_score (struct inos_gossip *gossip, const struct inos_peer_id *id,
                                double value)
{
  struct gossip_peer *peer = inos_gossip_find_peer (gossip, id);

  if (peer)
    inos_score_set_app (peer->score, value);
}

double inos_gossip_score (const struct inos_gossip *gossip, const struct inos_peer_id *id)
{
  const struct gossip_peer *peer = inos_gossip_find_peer (gossip, id);

  return peer ? inos_score_value (gossip->scores, peer->score) : 0;
}

unsigned inos_gossip_members (const struct inos_gossip *gossip, const char *name, bool mesh,
                              struct inos_peer_id *peers, unsigned max)
{
  const struct gossip_topic *topic = inos_gossip_find_topic (gossip, name, strlen (name));
  unsigned count = 0;

  for (unsigned i = 0; topic && i < topic->ties->len; i++) {
    const struct gossip_tie *tie = topic->ties->pdata[i];
    if (mesh ? !tie->mesh : !tie->subscribed)
      continue;
    if (count < max)
      peers[count] = tie->peer->id;
    count++;
  }
  return count;
}

void inos_gossip_stats (const struct inos_gossip *gossip, struct inos_gossip_stats *stats)
{
  *stats = gossip->stats;
  stats->peers = gossip->peers->len;
  stats->topics = gossip->n_subscribed;
  stats->seen = inos_seen_count (gossip->seen);
  stats->cached = inos_mcache_count (gossip->mcache);
  for (unsigned i = 0; i < gossip->peers->len; i++)
    stats->waiting += ((const struct gossip_peer *)gossip->peers->pdata[i])->messages.length;
}

void inos_gossip_blamed (const struct inos_gossip *gossip,
                         void (*each) (void *data, const struct inos_peer_id *peer), void *data)
{
  for (guint i = 0; i < gossip->peers->len; i++) {
    const struct gossip_peer *peer = gossip->peers->pdata[i];
    if (inos_gossip_score_of (gossip, peer) < 0)
      each (data, &peer->id);
  }
}
