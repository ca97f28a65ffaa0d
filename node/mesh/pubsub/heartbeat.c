/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/pubsub/gossip-private.h"

#include <stdlib.h>

#define BACKOFF_SLACK 2 /* heartbeats: the other one's clock began later */

static void break_promises (struct inos_gossip *gossip)
{
  uint64_t now = inos_env_now (gossip->env);
  struct gossip_promise *oldest = g_queue_peek_head (&gossip->promises);

  for (; oldest && oldest->until <= now; oldest = g_queue_peek_head (&gossip->promises)) {
    const struct gossip_peer *peer = inos_gossip_find_peer (gossip, &oldest->peer);
    if (peer && !inos_seen_find (gossip->seen, &oldest->id)) {
      inos_score_penalize (peer->score, 1);
      gossip->stats.promises_broken++;
    }
    g_free (g_queue_pop_head (&gossip->promises));
  }
}

static void expire_backoffs (struct inos_gossip *gossip, struct gossip_topic *topic)
{
  uint64_t now = inos_env_now (gossip->env);

  for (unsigned i = topic->backoffs->len; i > 0; i--)
    if (g_array_index (topic->backoffs, struct gossip_backoff, i - 1).until +
          BACKOFF_SLACK * gossip->params.heartbeat <
        now)
      g_array_remove_index (topic->backoffs, i - 1);
}

static void start_anew (struct inos_gossip *gossip)
{
  for (unsigned i = 0; i < gossip->peers->len; i++) {
    struct gossip_peer *peer = gossip->peers->pdata[i];
    peer->ihaves = peer->asked = peer->answered = peer->idontwants = 0;
    inos_gossip_expire_unwanted (gossip, peer);
    inos_gossip_retry (gossip, peer);
  }
}

/* Returns: (transfer container): the ties of the mesh. */
static GPtrArray *mesh_of (const struct gossip_topic *topic)
{
  GPtrArray *mesh = g_ptr_array_new();

  for (unsigned i = 0; i < topic->ties->len; i++)
    if (((const struct gossip_tie *)topic->ties->pdata[i])->mesh)
      g_ptr_array_add (mesh, topic->ties->pdata[i]);
  return mesh;
}

static void put_bad_ones_out (struct inos_gossip *gossip, const struct gossip_topic *topic)
{
  for (unsigned i = 0; i < topic->ties->len; i++) {
    struct gossip_tie *tie = topic->ties->pdata[i];
    if (tie->mesh && inos_gossip_score_of (gossip, tie->peer) < 0)
      inos_gossip_prune (gossip, tie, gossip->params.prune_backoff, false);
  }
}

static int compare_scores (const void *a, const void *b, void *data)
{
  const struct gossip_tie *x = *(struct gossip_tie *const *)a, *y = *(struct gossip_tie *const *)b;
  double x_score = inos_gossip_score_of (data, x->peer);
  double y_score = inos_gossip_score_of (data, y->peer);

  return (x_score < y_score) - (x_score > y_score);
}

/* Moves outbound ones from behind the first @keep to the front, until @wanted of those are. */
static void keep_outbound (GPtrArray *mesh, unsigned keep, unsigned wanted)
{
  unsigned outbound = 0;

  for (unsigned i = 0; i < keep; i++)
    outbound += ((const struct gossip_tie *)mesh->pdata[i])->peer->outbound;
  for (unsigned i = keep; i < mesh->len && outbound < wanted; i++) {
    if (!((const struct gossip_tie *)mesh->pdata[i])->peer->outbound)
      continue;
    unsigned last = keep; /* the last inbound one, which is random or the worst, gives way */
    while (last > 0 && ((const struct gossip_tie *)mesh->pdata[last - 1])->peer->outbound)
      last--;
    if (last == 0)
      return;
    void *way = mesh->pdata[last - 1];
    mesh->pdata[last - 1] = mesh->pdata[i];
    mesh->pdata[i] = way;
    outbound++;
  }
}

/* Too many: the best few stay, others by chance, and some that were dialled. */
static void thin_out (struct inos_gossip *gossip, struct gossip_topic *topic)
{
  const struct inos_gossip_params *params = &gossip->params;
  g_autoptr (GPtrArray) mesh = mesh_of (topic), rest = g_ptr_array_new();

  if (mesh->len <= params->d_high)
    return;
  inos_gossip_shuffle (gossip, mesh);
  g_ptr_array_sort_with_data (mesh, compare_scores, gossip);
  for (unsigned i = params->d_score; i < mesh->len; i++)
    g_ptr_array_add (rest, mesh->pdata[i]);
  inos_gossip_shuffle (gossip, rest);
  for (unsigned i = 0; i < rest->len; i++)
    mesh->pdata[params->d_score + i] = rest->pdata[i];
  keep_outbound (mesh, params->d, params->d_out);
  for (unsigned i = params->d; i < mesh->len; i++)
    inos_gossip_prune (gossip, mesh->pdata[i], params->prune_backoff, true);
}

/* Enough, but nearly all of them came by themselves. */
static void add_outbound (struct inos_gossip *gossip, struct gossip_topic *topic)
{
  g_autoptr (GPtrArray) able = g_ptr_array_new();
  unsigned outbound = 0;

  for (unsigned i = 0; i < topic->ties->len; i++) {
    struct gossip_tie *tie = topic->ties->pdata[i];
    if (!tie->peer->outbound)
      continue;
    outbound += tie->mesh;
    if (inos_gossip_may_graft (gossip, tie))
      g_ptr_array_add (able, tie);
  }
  inos_gossip_shuffle (gossip, able);
  for (unsigned i = 0; i < able->len && outbound < gossip->params.d_out; i++, outbound++)
    inos_gossip_graft (gossip, able->pdata[i]);
}

/* A mesh that is no good: some that are better than its middle come in. */
static void graft_better (struct inos_gossip *gossip, struct gossip_topic *topic)
{
  const struct inos_gossip_params *params = &gossip->params;
  g_autoptr (GPtrArray) mesh = mesh_of (topic), able = g_ptr_array_new();

  if (mesh->len < 2)
    return;
  g_ptr_array_sort_with_data (mesh, compare_scores, gossip);
  double median =
    inos_gossip_score_of (gossip, ((const struct gossip_tie *)mesh->pdata[mesh->len / 2])->peer);
  if (median >= params->score.opportunistic)
    return;
  for (unsigned i = 0; i < topic->ties->len; i++) {
    struct gossip_tie *tie = topic->ties->pdata[i];
    if (inos_gossip_may_graft (gossip, tie) && inos_gossip_score_of (gossip, tie->peer) > median)
      g_ptr_array_add (able, tie);
  }
  inos_gossip_shuffle (gossip, able);
  for (unsigned i = 0; i < MIN (able->len, params->opportunistic_peers); i++)
    inos_gossip_graft (gossip, able->pdata[i]);
}

static void keep_mesh (struct inos_gossip *gossip, struct gossip_topic *topic)
{
  const struct inos_gossip_params *params = &gossip->params;

  put_bad_ones_out (gossip, topic);
  if (topic->n_mesh < params->d_low)
    inos_gossip_fill_mesh (gossip, topic, params->d);
  thin_out (gossip, topic);
  if (topic->n_mesh >= params->d_low)
    add_outbound (gossip, topic);
  if (params->opportunistic_ticks > 0 && gossip->heartbeats % params->opportunistic_ticks == 0)
    graft_better (gossip, topic);
}

static void keep_fanout (const struct inos_gossip *gossip, struct gossip_topic *topic)
{
  bool over = topic->fanout_until <= inos_env_now (gossip->env);

  for (unsigned i = 0; i < topic->ties->len; i++) {
    struct gossip_tie *tie = topic->ties->pdata[i];
    if (over || inos_gossip_score_of (gossip, tie->peer) < gossip->params.score.publish)
      tie->fanout = false;
  }
  if (over)
    topic->fanout_until = 0;
}

static void collect (void *data, const struct inos_pubsub_message *message)
{
  g_ptr_array_add (data, (void *)message);
}

static void tell_of (struct inos_gossip *gossip, const struct gossip_topic *topic,
                     struct gossip_peer *peer, GPtrArray *messages)
{
  unsigned count = MIN (messages->len, gossip->params.ihave_ids);

  if (messages->len > count) /* another choice for each */
    inos_gossip_shuffle (gossip, messages);
  size_t opened = inos_rpc_open_ids (&peer->gossip, INOS_RPC_IHAVE, topic->name);
  for (unsigned i = 0; i < count; i++) {
    const struct inos_pubsub_message *message = messages->pdata[i];
    inos_rpc_put_id (&peer->gossip, INOS_RPC_IHAVE, message->id.bytes, message->id.len);
  }
  inos_proto_close (&peer->gossip, opened);
  inos_gossip_dirty (gossip, peer);
}

/* Says what there is to some that are not in the mesh. In a small topic to all: that costs little
 * and mends what was lost when a connection broke. */
static void emit_gossip (struct inos_gossip *gossip, const struct gossip_topic *topic)
{
  const struct inos_gossip_params *params = &gossip->params;
  g_autoptr (GPtrArray) messages = g_ptr_array_new(), able = g_ptr_array_new();

  inos_mcache_gossip (gossip->mcache, topic->name, collect, messages);
  if (messages->len == 0)
    return;
  for (unsigned i = 0; i < topic->ties->len; i++) {
    const struct gossip_tie *tie = topic->ties->pdata[i];
    if (tie->subscribed && (!tie->mesh || inos_gossip_is_small (topic)) && !tie->peer->direct &&
        tie->peer->version != GOSSIP_FLOODSUB &&
        inos_gossip_score_of (gossip, tie->peer) >= params->score.gossip)
      g_ptr_array_add (able, tie->peer);
  }
  inos_gossip_shuffle (gossip, able);
  unsigned count = MAX (params->d_lazy, (unsigned)(params->gossip_factor * able->len));
  for (unsigned i = 0; i < MIN (able->len, inos_gossip_is_small (topic) ? able->len : count); i++)
    tell_of (gossip, topic, able->pdata[i], messages);
}

void inos_gossip_heartbeat (struct inos_gossip *gossip)
{
  gossip->heartbeats++;
  inos_seen_expire (gossip->seen, inos_env_now (gossip->env));
  inos_gossip_expire_pending (gossip);
  break_promises (gossip);
  inos_scores_decay (gossip->scores);
  start_anew (gossip);
  for (unsigned i = gossip->topics->len; i > 0; i--) {
    struct gossip_topic *topic = gossip->topics->pdata[i - 1];
    expire_backoffs (gossip, topic);
    if (topic->subscribed)
      keep_mesh (gossip, topic);
    else
      keep_fanout (gossip, topic);
    if (topic->subscribed || topic->fanout_until > 0)
      emit_gossip (gossip, topic);
    inos_gossip_release_topic (gossip, topic);
  }
  inos_mcache_shift (gossip->mcache);
}
