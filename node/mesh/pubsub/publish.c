/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/pubsub/gossip-private.h"

#include <string.h>

#define NS_PER_MS G_GUINT64_CONSTANT (1000000)
#define PENDING_TIME (60 * G_GUINT64_CONSTANT (1000000000)) /* ns; later it is ignored */

/* Whom a message goes to. */
struct way {
  bool flood;                         /* to all that are subscribed, not to the mesh alone */
  const struct inos_seen_entry *seen; /* (nullable): who has brought it already */
  struct inos_peer_id author;
};

static bool has_brought (const struct inos_seen_entry *seen, const struct inos_peer_id *peer)
{
  if (!seen)
    return false;
  if (inos_peer_id_equal (&seen->sender, peer))
    return true;
  for (unsigned i = 0; seen->senders && i < seen->senders->len; i++)
    if (inos_peer_id_equal (&g_array_index (seen->senders, struct inos_peer_id, i), peer))
      return true;
  return false;
}

static bool is_on_way (const struct inos_gossip *gossip, const struct gossip_tie *tie,
                       const struct inos_pubsub_message *message, const struct way *way)
{
  const struct gossip_peer *peer = tie->peer;

  if (!tie->subscribed || inos_peer_id_equal (&peer->id, &way->author) ||
      has_brought (way->seen, &peer->id) || inos_gossip_is_unwanted (peer, &message->id))
    return false;
  if (tie->mesh || tie->fanout || peer->direct)
    return true;
  return (way->flood || peer->version == GOSSIP_FLOODSUB) &&
         inos_gossip_score_of (gossip, peer) >= gossip->params.score.publish;
}

/* Returns: to how many it went at once. */
static unsigned send_to_topic (struct inos_gossip *gossip, const struct gossip_topic *topic,
                               struct inos_pubsub_message *message, const struct way *way)
{
  struct inos_buffer rpc = {0};
  unsigned sent = 0;

  inos_rpc_put_message (&rpc, message->view.raw, message->view.raw_len);
  for (unsigned i = 0; i < topic->ties->len; i++) {
    const struct gossip_tie *tie = topic->ties->pdata[i];
    if (!is_on_way (gossip, tie, message, way))
      continue;
    uint64_t before = gossip->stats.sent;
    inos_gossip_send_message (gossip, tie->peer, message, &rpc);
    sent += gossip->stats.sent > before;
  }
  inos_buffer_clear (&rpc);
  return sent;
}

/* For a topic that this node is not subscribed to: some peers, the same ones for a while. */
static void fill_fanout (struct inos_gossip *gossip, struct gossip_topic *topic)
{
  g_autoptr (GPtrArray) able = g_ptr_array_new();
  unsigned fanout = 0;

  topic->fanout_until = inos_env_now (gossip->env) + gossip->params.fanout_time;
  for (unsigned i = 0; i < topic->ties->len; i++) {
    struct gossip_tie *tie = topic->ties->pdata[i];
    if (tie->fanout)
      fanout++;
    else if (tie->subscribed && !tie->peer->direct && tie->peer->version != GOSSIP_FLOODSUB &&
             inos_gossip_score_of (gossip, tie->peer) >= gossip->params.score.publish)
      g_ptr_array_add (able, tie);
  }
  inos_gossip_shuffle (gossip, able);
  for (unsigned i = 0; i < able->len && fanout < gossip->params.d; i++, fanout++)
    ((struct gossip_tie *)able->pdata[i])->fanout = true;
}

/* The next number: the time, or the one after the last. */
static uint64_t next_seqno (struct inos_gossip *gossip)
{
  uint64_t wall = (uint64_t)MAX (inos_env_wall (gossip->env), 0) * NS_PER_MS;

  gossip->seqno = MAX (gossip->seqno + 1, wall);
  return gossip->seqno;
}

static struct inos_pubsub_message *make (struct inos_gossip *gossip, const char *topic,
                                         const void *data, size_t len)
{
  struct inos_buffer raw = {0};
  struct inos_pubsub_message_view view;

  inos_pubsub_message_write (&raw, &gossip->self, next_seqno (gossip), topic, data, len,
                             &gossip->signer);
  bool read = inos_pubsub_message_read (&view, inos_buffer_data (&raw), inos_buffer_len (&raw));
  g_assert (read);
  struct inos_pubsub_message_id id = inos_pubsub_message_id_of (&view, &gossip->key);
  struct inos_pubsub_message *message = inos_pubsub_message_new (&view, &id);
  inos_buffer_clear (&raw);
  return message;
}

int inos_gossip_publish (struct inos_gossip *gossip, const char *name, const void *data, size_t len)
{
  size_t name_len = strlen (name);
  struct inos_peer_id nobody = {0};

  if (name_len == 0 || name_len > INOS_RPC_TOPIC_MAX || len > INOS_GOSSIP_DATA_MAX ||
      !g_utf8_validate (name, (gssize)name_len, NULL))
    return -1;
  struct inos_pubsub_message *message = make (gossip, name, data, len);
  inos_seen_add (gossip->seen, &message->id, &nobody, inos_env_now (gossip->env))->state =
    INOS_SEEN_VALID;
  inos_mcache_put (gossip->mcache, message);
  gossip->stats.published++;
  struct gossip_topic *topic = inos_gossip_find_topic (gossip, name, name_len);
  unsigned sent = 0;
  if (topic) {
    struct way way = {.author = gossip->self};
    way.flood = len <= gossip->params.flood_size || inos_gossip_is_small (topic) ||
                (topic->subscribed && topic->n_mesh < gossip->params.d_low);
    if (!topic->subscribed && !way.flood)
      fill_fanout (gossip, topic);
    sent = send_to_topic (gossip, topic, message, &way);
  }
  inos_pubsub_message_unref (message);
  inos_gossip_flush (gossip);
  return (int)sent;
}

static void blame (struct inos_gossip *gossip, const struct inos_peer_id *id, const char *topic)
{
  const struct gossip_peer *peer = inos_gossip_find_peer (gossip, id);

  if (peer)
    inos_score_invalid (gossip->scores, peer->score, topic);
}

static void blame_all (struct inos_gossip *gossip, const struct inos_seen_entry *entry,
                       const struct inos_pubsub_message *message)
{
  blame (gossip, &entry->sender, message->topic);
  for (unsigned i = 0; entry->senders && i < entry->senders->len; i++)
    blame (gossip, &g_array_index (entry->senders, struct inos_peer_id, i), message->topic);
}

static void praise_all (struct inos_gossip *gossip, const struct inos_seen_entry *entry,
                        const struct inos_pubsub_message *message)
{
  const struct gossip_peer *peer = inos_gossip_find_peer (gossip, &entry->sender);

  if (peer)
    inos_score_first (gossip->scores, peer->score, message->topic);
  for (unsigned i = 0; entry->senders && i < entry->senders->len; i++) {
    peer = inos_gossip_find_peer (gossip, &g_array_index (entry->senders, struct inos_peer_id, i));
    if (peer)
      inos_score_duplicate (gossip->scores, peer->score, message->topic, 0);
  }
}

static void accept (struct inos_gossip *gossip, struct inos_pubsub_message *message,
                    struct inos_seen_entry *entry)
{
  const struct gossip_topic *topic =
    inos_gossip_find_topic (gossip, message->topic, message->view.topic_len);
  struct inos_peer_id sender = entry->sender;

  entry->state = INOS_SEEN_VALID;
  entry->decided = inos_env_now (gossip->env);
  praise_all (gossip, entry, message);
  if (!topic || !topic->subscribed) /* unsubscribed meanwhile */
    return;
  struct way way = {
    .seen = entry, .author = message->view.from, .flood = inos_gossip_is_small (topic)};
  inos_mcache_put (gossip->mcache, message);
  gossip->stats.forwarded += send_to_topic (gossip, topic, message, &way);
  gossip->stats.delivered++;
  if (gossip->events->message)
    gossip->events->message (gossip->data, message, &sender);
}

static void decide (struct inos_gossip *gossip, struct inos_pubsub_message *message,
                    enum inos_gossip_verdict verdict)
{
  struct inos_seen_entry *entry = inos_seen_find (gossip->seen, &message->id);

  if (!entry) /* so many came meanwhile that this one is forgotten */
    return;
  if (verdict == INOS_GOSSIP_ACCEPT) {
    accept (gossip, message, entry);
  } else if (verdict == INOS_GOSSIP_REJECT) {
    entry->state = INOS_SEEN_REJECTED;
    gossip->stats.rejected++;
    blame_all (gossip, entry, message);
  } else {
    entry->state = INOS_SEEN_IGNORED;
    gossip->stats.ignored++;
  }
}

static void on_duplicate (struct inos_gossip *gossip, const struct gossip_peer *peer,
                          struct inos_seen_entry *entry, const char *topic)
{
  gossip->stats.duplicates++;
  if (entry->state == INOS_SEEN_REJECTED) {
    inos_score_invalid (gossip->scores, peer->score, topic);
    return;
  }
  if (has_brought (entry, &peer->id))
    return;
  if (entry->state == INOS_SEEN_VALID)
    inos_score_duplicate (gossip->scores, peer->score, topic, entry->decided);
  if (entry->state == INOS_SEEN_CHECKING)
    inos_seen_add_sender (entry, &peer->id);
}

/* Those of the mesh need not send what this node has just got. */
static void tell_unwanted (struct inos_gossip *gossip, const struct gossip_topic *topic,
                           const struct gossip_peer *sender,
                           const struct inos_pubsub_message *message)
{
  if (message->view.len < gossip->params.idontwant_size)
    return;
  for (unsigned i = 0; i < topic->ties->len; i++) {
    const struct gossip_tie *tie = topic->ties->pdata[i];
    struct gossip_peer *peer = tie->peer;
    bool wants = tie->mesh || (tie->subscribed && inos_gossip_is_small (topic));
    if (!wants || peer == sender || peer->version != GOSSIP_1_2)
      continue;
    size_t opened = inos_rpc_open_ids (&peer->gossip, INOS_RPC_IDONTWANT, NULL);
    inos_rpc_put_id (&peer->gossip, INOS_RPC_IDONTWANT, message->id.bytes, message->id.len);
    inos_proto_close (&peer->gossip, opened);
    inos_gossip_dirty (gossip, peer);
  }
  inos_gossip_flush (gossip); /* before it takes the time to be checked and sent on */
}

void inos_gossip_pending_free (void *data)
{
  struct gossip_pending *pending = data;

  inos_pubsub_message_unref (pending->message);
  g_free (pending);
}

/* Asks whether @message is valid, or keeps it until somebody says. */
static void judge (struct inos_gossip *gossip, struct inos_pubsub_message *message,
                   const struct inos_peer_id *sender)
{
  enum inos_gossip_verdict verdict = INOS_GOSSIP_ACCEPT;
  uint64_t ticket = ++gossip->ticket;
  struct gossip_pending *pending;

  if (gossip->events->validate) {
    /* Before it is asked, since it may say so from inside. */
    pending = g_new0 (struct gossip_pending, 1);
    *pending = (struct gossip_pending){
      .ticket = ticket,
      .since = inos_env_now (gossip->env),
      .message = inos_pubsub_message_ref (message),
      .sender = *sender,
    };
    if (gossip->pending.length >= INOS_GOSSIP_PENDING)
      inos_gossip_decide (gossip, ((struct gossip_pending *)gossip->pending.head->data)->ticket,
                          INOS_GOSSIP_IGNORE);
    g_queue_push_tail (&gossip->pending, pending);
    verdict = gossip->events->validate (gossip->data, message, sender, ticket);
    if (verdict != INOS_GOSSIP_LATER)
      inos_gossip_decide (gossip, ticket, verdict);
    return;
  }
  decide (gossip, message, verdict);
}

void inos_gossip_decide (struct inos_gossip *gossip, uint64_t ticket,
                         enum inos_gossip_verdict verdict)
{
  if (verdict == INOS_GOSSIP_LATER)
    return;
  for (GList *link = gossip->pending.head; link; link = link->next) {
    struct gossip_pending *pending = link->data;
    if (pending->ticket != ticket)
      continue;
    g_queue_delete_link (&gossip->pending, link);
    decide (gossip, pending->message, verdict);
    inos_gossip_pending_free (pending);
    inos_gossip_flush (gossip);
    return;
  }
}

void inos_gossip_expire_pending (struct inos_gossip *gossip)
{
  uint64_t now = inos_env_now (gossip->env);
  const struct gossip_pending *oldest = g_queue_peek_head (&gossip->pending);

  for (; oldest && oldest->since + PENDING_TIME <= now;
       oldest = g_queue_peek_head (&gossip->pending))
    inos_gossip_decide (gossip, oldest->ticket, INOS_GOSSIP_IGNORE);
}

void inos_gossip_incoming (struct inos_gossip *gossip, struct gossip_peer *peer, const void *raw,
                           size_t len)
{
  const struct inos_peer_id nobody = {0};
  struct inos_pubsub_message_view view;

  if (!inos_pubsub_message_read (&view, raw, len) || view.len > INOS_GOSSIP_DATA_MAX) {
    gossip->stats.rejected++;
    inos_score_penalize (peer->score, 1);
    return;
  }
  const struct gossip_topic *topic = inos_gossip_find_topic (gossip, view.topic, view.topic_len);
  if (!topic || !topic->subscribed || inos_peer_id_equal (&view.from, &gossip->self))
    return;
  struct inos_pubsub_message_id id = inos_pubsub_message_id_of (&view, &gossip->key);
  struct inos_seen_entry *entry = inos_seen_find (gossip->seen, &id);
  if (entry) {
    on_duplicate (gossip, peer, entry, topic->name);
    return;
  }
  /* Before it counts as seen: else a forged one would keep the true one away. */
  if (!inos_pubsub_message_verify (&view, &gossip->signer)) {
    gossip->stats.rejected++;
    inos_score_invalid (gossip->scores, peer->score, topic->name);
    return;
  }
  uint64_t now = inos_env_now (gossip->env);
  if (inos_replay_check (gossip->replay, &view.from, view.seqno, inos_env_wall (gossip->env),
                         now)) {
    gossip->stats.replays++;
    inos_seen_add (gossip->seen, &id, &nobody, now)->state = INOS_SEEN_IGNORED;
    return;
  }
  inos_seen_add (gossip->seen, &id, &peer->id, now);
  struct inos_pubsub_message *message = inos_pubsub_message_new (&view, &id);
  tell_unwanted (gossip, topic, peer, message);
  judge (gossip, message, &peer->id);
  inos_pubsub_message_unref (message);
}
