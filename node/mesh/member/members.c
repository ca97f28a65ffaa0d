/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/private.h"

#include <string.h>

#define REAP_EVERY (10 * SECOND)
#define SAY_AFTER (5 * SECOND) /* metadata again, at the soonest */

/* How each kind is carried: an acknowledgement over messages answers a ping over them. */
#define BY_DATAGRAM 1
#define BY_MESSAGE 2
static const uint8_t carried[INOS_MEMBER_KINDS] = {
  [INOS_MEMBER_PING] = BY_DATAGRAM | BY_MESSAGE,
  [INOS_MEMBER_ACK] = BY_DATAGRAM | BY_MESSAGE,
  [INOS_MEMBER_PING_REQ] = BY_DATAGRAM,
  [INOS_MEMBER_NACK] = BY_DATAGRAM,
  [INOS_MEMBER_GOSSIP] = BY_DATAGRAM,
  [INOS_MEMBER_SYNC] = BY_MESSAGE,
  [INOS_MEMBER_SYNC_SAME] = BY_MESSAGE,
  [INOS_MEMBER_SYNC_LIST] = BY_MESSAGE,
  [INOS_MEMBER_SYNC_PUSH] = BY_MESSAGE,
  [INOS_MEMBER_VIEW_JOIN] = BY_MESSAGE,
  [INOS_MEMBER_VIEW_FORWARD] = BY_MESSAGE,
  [INOS_MEMBER_VIEW_NEIGHBOR] = BY_MESSAGE,
  [INOS_MEMBER_VIEW_ANSWER] = BY_MESSAGE,
  [INOS_MEMBER_VIEW_GONE] = BY_MESSAGE,
  [INOS_MEMBER_VIEW_SHUFFLE] = BY_MESSAGE,
  [INOS_MEMBER_VIEW_REPLY] = BY_MESSAGE,
  [INOS_MEMBER_TREE] = BY_MESSAGE,
};

static uint64_t or_default (uint64_t value, uint64_t standard)
{
  return value > 0 ? value : standard;
}

static struct inos_members_config complete (const struct inos_members_config *c)
{
  return (struct inos_members_config){
    .probe_interval = or_default (c->probe_interval, SECOND),
    .probe_timeout = or_default (c->probe_timeout, 500 * MILLISECOND),
    .gossip_interval = or_default (c->gossip_interval, 200 * MILLISECOND),
    .sync_interval = or_default (c->sync_interval, 30 * SECOND),
    .forget_after = or_default (c->forget_after, 600 * SECOND),
    .suspicion = (unsigned)or_default (c->suspicion, 4),
    .suspicion_max = (unsigned)or_default (c->suspicion_max, 6),
    .partial_above = (unsigned)MIN (or_default (c->partial_above, 1024), INOS_MEMBERS_MAX * 3 / 4),
    .full_below = (unsigned)or_default (c->full_below, 600),
    .sample_max = (unsigned)or_default (c->sample_max, 192),
    .changes = (unsigned)or_default (c->changes, 20),
  };
}

/* The first of everything at some moment of its interval, so that not all do it at once. */
static void start_clocks (struct inos_members *m)
{
  uint64_t now = now_of (m);
  uint64_t interval = m->config.probe_interval / MILLISECOND;

  m->probe_at = now + (1 + inos_env_below (m->setup.env, (uint32_t)interval + 1)) * MILLISECOND;
  m->sync_at = now + inos_members_jitter (m, m->config.sync_interval / 2);
  m->reconnect_at = now + inos_members_jitter (m, 5 * SECOND);
  m->reap_at = now + REAP_EVERY;
}

static void set_clocks (struct inos_members *m)
{
  start_clocks (m);
  m->gossip_at = m->join_at = m->suspicion_at = m->relay_at = m->say_at = INOS_NEVER;
  m->view.mend_at = m->view.shuffle_at = INOS_NEVER;
  m->tree.flush_at = m->tree.lazy_at = m->tree.missing_at = INOS_NEVER;
}

/* Who knows of nobody has nothing to ask or to tell, and sleeps until somebody comes. */
static void rest_or_go_on (struct inos_members *m)
{
  bool rests = m->n <= 1 && m->n_seeds == 0;

  if (rests == m->rests || m->leaving)
    return;
  m->rests = rests;
  if (!rests) {
    start_clocks (m);
    m->gossip_at = m->n_news > 0 ? now_of (m) + m->config.gossip_interval : INOS_NEVER;
  } else {
    m->probe_at = m->gossip_at = m->sync_at = m->reconnect_at = m->reap_at = INOS_NEVER;
  }
}

struct inos_members *inos_members_new (const struct inos_members_setup *setup)
{
  struct inos_members *m = g_new0 (struct inos_members, 1);

  m->setup = *setup;
  m->config = complete (&setup->config);
  m->room = inos_member_store_room (setup->store);
  m->tag = inos_member_tag (&setup->id);
  m->wanted = setup->metadata;
  m->incarnation = MAX (setup->incarnation, (uint64_t)MAX (inos_env_wall (setup->env), 0));
  m->incarnation = MIN (m->incarnation, INOS_MEMBER_INCARNATION_MAX / 2);
  inos_env_random (setup->env, &m->index_key, sizeof m->index_key);
  inos_env_random (setup->env, &m->sequence, sizeof m->sequence);
  set_clocks (m);
  m->awake_at = now_of (m);
  inos_members_announce (m);
  rest_or_go_on (m);
  return m;
}

void inos_members_free (struct inos_members *m)
{
  if (!m)
    return;
  inos_members_view_finish (m);
  inos_members_tree_finish (m);
  inos_members_table_finish (m);
  g_free (m);
}

struct inos_buffer *inos_members_begin (struct inos_members *m, enum inos_member_kind kind)
{
  struct inos_buffer *out = &m->room->out;

  out->head = out->tail = 0;
  inos_member_put_kind (out, kind);
  return out;
}

bool inos_members_send (struct inos_members *m, const struct inos_channel *channel,
                        const struct inos_peer_id *to)
{
  size_t len = inos_buffer_len (&m->room->out);
  bool datagram = channel == &m->setup.datagrams;

  g_assert (len <= (datagram ? INOS_MEMBER_DATAGRAM_MAX : INOS_MEMBER_MESSAGE_MAX));
  *(datagram ? &m->stats.datagrams : &m->stats.messages) += 1;
  m->stats.bytes += len;
  return channel->send (channel->data, to, inos_buffer_data (&m->room->out), len);
}

void inos_members_join (struct inos_members *m, const struct inos_peer_id *seeds, unsigned n_seeds)
{
  m->n_seeds = 0;
  for (unsigned i = 0; i < n_seeds && m->n_seeds < INOS_MEMBER_SEEDS_MAX; i++)
    if (!inos_peer_id_equal (&seeds[i], &m->setup.id))
      m->seeds[m->n_seeds++] = seeds[i];
  m->join_tries = 0;
  if (m->n_seeds > 0)
    m->join_at = now_of (m);
  rest_or_go_on (m);
}

/* The oldest seed makes room: who was met last is the likeliest to be there still. */
static void add_seed (struct inos_members *m, const struct inos_peer_id *peer)
{
  for (unsigned i = 0; i < m->n_seeds; i++)
    if (inos_peer_id_equal (&m->seeds[i], peer))
      return;
  if (m->n_seeds == INOS_MEMBER_SEEDS_MAX) {
    m->n_seeds--;
    memmove (m->seeds, m->seeds + 1, m->n_seeds * sizeof *m->seeds);
  }
  m->seeds[m->n_seeds++] = *peer;
}

void inos_members_meet (struct inos_members *m, const struct inos_peer_id *peer)
{
  const struct inos_member *member = inos_members_find (m, peer);

  if (m->leaving || inos_peer_id_equal (peer, &m->setup.id) || (member && is_live (member)))
    return;
  add_seed (m, peer);
  rest_or_go_on (m);
  inos_members_sync (m, peer);
  if (!m->joined && m->join_at == INOS_NEVER)
    m->join_at = now_of (m) + inos_members_jitter (m, SECOND);
}

static void remove_seed (struct inos_members *m, const struct inos_peer_id *peer)
{
  for (unsigned i = m->n_seeds; i > 0; i--)
    if (inos_peer_id_equal (&m->seeds[i - 1], peer)) {
      m->n_seeds--;
      memmove (m->seeds + i - 1, m->seeds + i, (m->n_seeds - (i - 1)) * sizeof *m->seeds);
    }
}

void inos_members_expel (struct inos_members *m, const struct inos_peer_id *peer)
{
  struct inos_member *member = inos_members_lookup (m, inos_member_tag (peer));

  remove_seed (m, peer);
  inos_members_forget_lost (m, peer);
  if (member && member != m->self && inos_peer_id_equal (&member->record->id, peer))
    inos_members_remove (m, member);
  rest_or_go_on (m);
}

/* Sent to some at once: who leaves may not have another turn. */
void inos_members_leave (struct inos_members *m)
{
  if (m->leaving)
    return;
  m->leaving = true;
  inos_members_announce (m);
  inos_members_spread (m, m->self, URGENT_DEFENCE);
  inos_members_gossip (m);
  m->tree.flush_at = MIN (m->tree.flush_at, now_of (m));
  inos_members_tree_tick (m);
  inos_members_view_leave (m);
  m->join_at = m->sync_at = m->reconnect_at = INOS_NEVER;
}

/* Nothing has gone out yet: what is said now, such as where this node is, which it knows only when
 * it listens, is no change to anybody. */
static bool nobody_knows (const struct inos_members *m)
{
  return m->stats.datagrams + m->stats.messages == 0;
}

void inos_members_set_metadata (struct inos_members *m, const struct inos_member_metadata *metadata)
{
  uint64_t share = inos_members_estimate (m) * (SECOND / m->config.changes);

  m->wanted = *metadata;
  /* Padding that differs has the same said once more. */
  // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
  if (memcmp (&m->wanted, &m->metadata, sizeof m->wanted) != 0)
    m->say_at =
      nobody_knows (m) ? now_of (m) : MAX (m->said_at + MAX (share, SAY_AFTER), now_of (m));
  else
    m->say_at = INOS_NEVER;
}

/* Only those of whom everybody has a record say what has changed to everybody. */
static void say (struct inos_members *m)
{
  inos_members_announce (m);
  if (inos_members_may_sample (m, m->tag))
    inos_members_spread (m, m->self, URGENT_NOT);
}

static bool read_message (struct inos_members *m, struct inos_member_message *message,
                          const struct inos_peer_id *from, const void *bytes, size_t len,
                          uint8_t way)
{
  if (inos_member_message_read (message, bytes, len) && carried[message->kind] & way) {
    inos_members_heard_from (m, from);
    return true;
  }
  m->stats.refused++;
  return false;
}

static void take (struct inos_members *m, const struct inos_member_message *message,
                  const struct inos_peer_id *from, const struct inos_channel *channel)
{
  switch (message->kind) {
  case INOS_MEMBER_PING:
    inos_members_on_ping (m, message, from, channel);
    return; /* its claims are taken before it is answered */
  case INOS_MEMBER_ACK:
    inos_members_on_ack (m, message, from);
    break;
  case INOS_MEMBER_NACK:
    inos_members_on_nack (m, message, from);
    break;
  case INOS_MEMBER_PING_REQ:
    inos_members_on_ping_req (m, message, from);
    break;
  default:
    break;
  }
  inos_members_take_claims (m, message, from);
}

/*
 * Who was asleep for longer than others remember who has gone, such as a computer that was closed,
 * would bring those back to all: that they are there is hearsay, until they answer or somebody says
 * so. In partial views it is the neighbours that know, and a sample without members would be taken
 * for a small mesh.
 */
static void wake (struct inos_members *m)
{
  uint64_t now = now_of (m), slept = now - m->awake_at;

  m->awake_at = now;
  if (slept < m->config.forget_after || m->partial || m->leaving || m->rests)
    return;
  for (unsigned i = 0; i < m->n; i++)
    if (m->order[i] != m->self && is_live (m->order[i])) {
      inos_members_set_hearsay (m, m->order[i], true);
      inos_members_hush (m, m->order[i]); /* what was news is none any more */
    }
  m->joined_at = now; /* what it hears now is no news to others */
  m->n_syncs = 0;
  m->sync_at = now;
}

void inos_members_datagram (struct inos_members *m, const struct inos_peer_id *from,
                            const void *bytes, size_t len)
{
  struct inos_member_message message;

  wake (m);
  if (read_message (m, &message, from, bytes, len, BY_DATAGRAM))
    take (m, &message, from, &m->setup.datagrams);
  rest_or_go_on (m);
}

void inos_members_message (struct inos_members *m, const struct inos_peer_id *from,
                           const void *bytes, size_t len)
{
  struct inos_member_message message;

  wake (m);
  if (!read_message (m, &message, from, bytes, len, BY_MESSAGE))
    return;
  if (message.kind <= INOS_MEMBER_GOSSIP)
    take (m, &message, from, &m->setup.messages);
  else if (message.kind <= INOS_MEMBER_SYNC_PUSH)
    inos_members_on_sync (m, &message, from);
  else if (message.kind < INOS_MEMBER_TREE)
    inos_members_on_view (m, &message, from);
  else
    inos_members_on_tree (m, &message, from);
  rest_or_go_on (m);
}

void inos_members_rest (struct inos_members *m, bool rests)
{
  m->thrifty = rests;
}

uint64_t inos_members_deadline (const struct inos_members *m)
{
  uint64_t at = MIN (m->probe_at, m->gossip_at);

  if (m->probe.tag)
    at = MIN (m->probe.deadline, m->gossip_at);
  at = MIN (at, MIN (m->sync_at, m->join_at));
  at = MIN (at, MIN (m->reconnect_at, m->suspicion_at));
  at = MIN (at, MIN (m->relay_at, m->reap_at));
  at = MIN (at, m->say_at);
  return MIN (at, MIN (inos_members_view_deadline (m), inos_members_tree_deadline (m)));
}

/* Whoever was not called in time was asleep, and what it waited for may be waiting for it. */
static void make_allowance (struct inos_members *m)
{
  uint64_t now = now_of (m), due = inos_members_deadline (m);

  if (due == INOS_NEVER || now < due + m->config.probe_timeout)
    return;
  inos_members_worry (m, 1);
  inos_members_postpone (m, now - due);
  if (m->probe.tag)
    m->probe.deadline = now + m->config.probe_timeout;
}

void inos_members_tick (struct inos_members *m)
{
  uint64_t now = now_of (m);

  make_allowance (m);
  wake (m);
  if (now >= m->suspicion_at)
    inos_members_suspicions (m);
  if (!m->leaving)
    inos_members_probe (m);
  else
    m->probe_at = INOS_NEVER, m->probe.tag = 0;
  if (now >= m->relay_at)
    inos_members_relay (m);
  if (now >= m->say_at)
    say (m);
  inos_members_sync_tick (m);
  inos_members_view_tick (m);
  inos_members_tree_tick (m);
  if (now >= m->gossip_at)
    inos_members_gossip (m);
  if (now >= m->reap_at) {
    m->reap_at = now + REAP_EVERY;
    inos_members_reap (m);
    inos_members_adapt (m);
    rest_or_go_on (m);
  }
}

unsigned inos_members_count (const struct inos_members *m)
{
  return m->n_live;
}

unsigned inos_members_estimate (const struct inos_members *m)
{
  return m->partial ? MAX (m->n_sampled << m->level, 1u) : m->n_live;
}

bool inos_members_is_partial (const struct inos_members *m)
{
  return m->partial;
}

bool inos_members_is_joined (const struct inos_members *m)
{
  return m->joined;
}

uint64_t inos_members_incarnation (const struct inos_members *m)
{
  return m->incarnation;
}

unsigned inos_members_health (const struct inos_members *m)
{
  return m->health;
}

unsigned inos_members_total (const struct inos_members *m)
{
  return m->n;
}

const struct inos_member *inos_members_at (const struct inos_members *m, unsigned i)
{
  return m->order[i];
}

const struct inos_member *inos_members_find (const struct inos_members *m,
                                             const struct inos_peer_id *id)
{
  const struct inos_member *member = inos_members_lookup (m, inos_member_tag (id));

  return member && inos_peer_id_equal (&member->record->id, id) ? member : NULL;
}

const struct inos_member_record *inos_member_record (const struct inos_member *member)
{
  return member->record;
}

enum inos_member_state inos_member_state (const struct inos_member *member)
{
  return (enum inos_member_state)member->state;
}

uint64_t inos_member_since (const struct inos_member *member)
{
  return member->since;
}

bool inos_member_is_sampled (const struct inos_member *member)
{
  return member->marked;
}

const struct inos_members_stats *inos_members_stats (const struct inos_members *m)
{
  return &m->stats;
}
