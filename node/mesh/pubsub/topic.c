/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/pubsub/gossip-private.h"

#include <string.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)
#define BACKOFFS_MAX 4096 /* of one topic; more: the first in order goes */

static int compare_name (const struct gossip_topic *topic, const char *name, size_t len)
{
  int order = strncmp (topic->name, name, len);

  return order != 0 ? order : topic->name[len] != '\0';
}

/* Where @name is among the topics, or belongs. */
static unsigned place_of_topic (const struct inos_gossip *gossip, const char *name, size_t len)
{
  unsigned low = 0, high = gossip->topics->len;

  while (low < high) {
    unsigned middle = (low + high) / 2;
    if (compare_name (gossip->topics->pdata[middle], name, len) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

struct gossip_topic *inos_gossip_find_topic (const struct inos_gossip *gossip, const char *name,
                                             size_t len)
{
  unsigned place = place_of_topic (gossip, name, len);

  if (place >= gossip->topics->len)
    return NULL;
  struct gossip_topic *topic = gossip->topics->pdata[place];
  return compare_name (topic, name, len) == 0 ? topic : NULL;
}

struct gossip_topic *inos_gossip_add_topic (struct inos_gossip *gossip, const char *name,
                                            size_t len)
{
  struct gossip_topic *topic = inos_gossip_find_topic (gossip, name, len);

  if (topic)
    return topic;
  topic = g_new0 (struct gossip_topic, 1);
  topic->name = g_strndup (name, len);
  topic->ties = g_ptr_array_new();
  topic->backoffs = g_array_new (FALSE, FALSE, sizeof (struct gossip_backoff));
  g_ptr_array_insert (gossip->topics, (int)place_of_topic (gossip, name, len), topic);
  return topic;
}

void inos_gossip_topic_free (void *data)
{
  struct gossip_topic *topic = data;

  g_ptr_array_unref (topic->ties);
  g_array_unref (topic->backoffs);
  g_free (topic->name);
  g_free (topic);
}

void inos_gossip_release_topic (struct inos_gossip *gossip, struct gossip_topic *topic)
{
  if (!topic->subscribed && topic->ties->len == 0 && topic->backoffs->len == 0)
    g_ptr_array_remove_index (gossip->topics,
                              place_of_topic (gossip, topic->name, strlen (topic->name)));
}

/* Where the tie with @peer is among the topic's, or belongs. */
static unsigned place_in_topic (const struct gossip_topic *topic, const struct gossip_peer *peer)
{
  unsigned low = 0, high = topic->ties->len;

  while (low < high) {
    unsigned middle = (low + high) / 2;
    const struct gossip_tie *tie = topic->ties->pdata[middle];
    if (inos_peer_id_compare (&tie->peer->id, &peer->id) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

struct gossip_tie *inos_gossip_find_tie (const struct gossip_topic *topic,
                                         const struct gossip_peer *peer)
{
  unsigned place = place_in_topic (topic, peer);

  if (place >= topic->ties->len)
    return NULL;
  struct gossip_tie *tie = topic->ties->pdata[place];
  return tie->peer == peer ? tie : NULL;
}

struct gossip_tie *inos_gossip_add_tie (struct gossip_topic *topic, struct gossip_peer *peer)
{
  struct gossip_tie *tie = inos_gossip_find_tie (topic, peer);

  if (tie || peer->ties->len >= INOS_GOSSIP_PEER_TOPICS)
    return tie;
  tie = g_new0 (struct gossip_tie, 1);
  tie->peer = peer;
  tie->topic = topic;
  g_ptr_array_insert (topic->ties, (int)place_in_topic (topic, peer), tie);
  g_ptr_array_add (peer->ties, tie);
  return tie;
}

void inos_gossip_cut_tie (struct inos_gossip *gossip, struct gossip_tie *tie)
{
  struct gossip_topic *topic = tie->topic;

  inos_gossip_leave_mesh (gossip, tie);
  inos_gossip_set_subscribed (tie, false);
  g_ptr_array_remove_index (topic->ties, place_in_topic (topic, tie->peer));
  g_ptr_array_remove (tie->peer->ties, tie);
  g_free (tie);
  inos_gossip_release_topic (gossip, topic);
}

void inos_gossip_set_subscribed (struct gossip_tie *tie, bool on)
{
  if (tie->subscribed == on)
    return;
  tie->subscribed = on;
  if (on)
    tie->topic->n_subscribed++;
  else
    tie->topic->n_subscribed--;
}

bool inos_gossip_is_small (const struct gossip_topic *topic)
{
  return topic->n_subscribed < INOS_GOSSIP_SMALL;
}

/* Where the backoff of @peer is, or belongs. */
static unsigned place_of_backoff (const struct gossip_topic *topic, const struct inos_peer_id *peer)
{
  unsigned low = 0, high = topic->backoffs->len;

  while (low < high) {
    unsigned middle = (low + high) / 2;
    if (inos_peer_id_compare (&g_array_index (topic->backoffs, struct gossip_backoff, middle).peer,
                              peer) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

struct gossip_backoff *inos_gossip_find_backoff (const struct gossip_topic *topic,
                                                 const struct inos_peer_id *peer)
{
  unsigned place = place_of_backoff (topic, peer);

  if (place >= topic->backoffs->len)
    return NULL;
  struct gossip_backoff *backoff = &g_array_index (topic->backoffs, struct gossip_backoff, place);
  return inos_peer_id_equal (&backoff->peer, peer) ? backoff : NULL;
}

void inos_gossip_back_off (struct inos_gossip *gossip, struct gossip_topic *topic,
                           const struct inos_peer_id *peer, uint64_t time)
{
  uint64_t now = inos_env_now (gossip->env);
  struct gossip_backoff *old = inos_gossip_find_backoff (topic, peer);
  struct gossip_backoff backoff = {.peer = *peer, .until = now + time, .since = now};

  if (old) {
    old->until = MAX (old->until, backoff.until);
    old->since = now;
    return;
  }
  if (topic->backoffs->len >= BACKOFFS_MAX)
    g_array_remove_index (topic->backoffs, 0);
  g_array_insert_val (topic->backoffs, place_of_backoff (topic, peer), backoff);
}

void inos_gossip_join_mesh (struct inos_gossip *gossip, struct gossip_tie *tie)
{
  if (tie->mesh)
    return;
  tie->mesh = true;
  tie->fanout = false;
  tie->topic->n_mesh++;
  inos_score_graft (gossip->scores, tie->peer->score, tie->topic->name);
}

void inos_gossip_leave_mesh (struct inos_gossip *gossip, struct gossip_tie *tie)
{
  if (!tie->mesh)
    return;
  tie->mesh = false;
  tie->topic->n_mesh--;
  inos_score_prune (gossip->scores, tie->peer->score, tie->topic->name);
}

bool inos_gossip_may_graft (struct inos_gossip *gossip, const struct gossip_tie *tie)
{
  const struct gossip_peer *peer = tie->peer;

  return tie->subscribed && !tie->mesh && !peer->direct && peer->version != GOSSIP_FLOODSUB &&
         !inos_gossip_find_backoff (tie->topic, &peer->id) &&
         inos_gossip_score_of (gossip, peer) >= 0;
}

void inos_gossip_graft (struct inos_gossip *gossip, struct gossip_tie *tie)
{
  inos_gossip_join_mesh (gossip, tie);
  inos_rpc_put_graft (&tie->peer->control, tie->topic->name);
  inos_gossip_dirty (gossip, tie->peer);
}

/* Others of the topic that are no bad ones, with their records where there are any. */
static void put_exchange (struct inos_gossip *gossip, const struct gossip_tie *pruned)
{
  g_autoptr (GPtrArray) others = g_ptr_array_new();
  const struct gossip_topic *topic = pruned->topic;

  for (unsigned i = 0; i < topic->ties->len; i++) {
    struct gossip_tie *tie = topic->ties->pdata[i];
    if (tie != pruned && tie->subscribed && inos_gossip_score_of (gossip, tie->peer) >= 0)
      g_ptr_array_add (others, tie->peer);
  }
  inos_gossip_shuffle (gossip, others);
  for (unsigned i = 0; i < MIN (others->len, gossip->params.exchange_peers); i++) {
    const struct gossip_peer *other = others->pdata[i];
    struct inos_buffer record = {0};
    if (gossip->events->record)
      gossip->events->record (gossip->data, &other->id, &record);
    inos_rpc_put_peer (&pruned->peer->control, &other->id, inos_buffer_data (&record),
                       inos_buffer_len (&record));
    inos_buffer_clear (&record);
  }
}

void inos_gossip_prune (struct inos_gossip *gossip, struct gossip_tie *tie, uint64_t backoff,
                        bool exchange)
{
  struct inos_buffer *control = &tie->peer->control;

  inos_gossip_leave_mesh (gossip, tie);
  inos_gossip_back_off (gossip, tie->topic, &tie->peer->id, backoff);
  size_t opened = inos_rpc_open_prune (control, tie->topic->name);
  if (exchange && tie->peer->version <= GOSSIP_1_1)
    put_exchange (gossip, tie);
  inos_rpc_close_prune (control, opened, (backoff + SECOND - 1) / SECOND);
  inos_gossip_dirty (gossip, tie->peer);
}

void inos_gossip_fill_mesh (struct inos_gossip *gossip, struct gossip_topic *topic, unsigned wanted)
{
  g_autoptr (GPtrArray) able = g_ptr_array_new();

  for (unsigned i = 0; i < topic->ties->len; i++)
    if (inos_gossip_may_graft (gossip, topic->ties->pdata[i]))
      g_ptr_array_add (able, topic->ties->pdata[i]);
  inos_gossip_shuffle (gossip, able);
  for (unsigned i = 0; i < able->len && topic->n_mesh < wanted; i++)
    inos_gossip_graft (gossip, able->pdata[i]);
}
