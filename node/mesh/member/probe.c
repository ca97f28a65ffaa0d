/*
 * Who answers. One probe an interval: asked directly, then by others and over the channel of
 * messages, which gets through where datagrams do not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/private.h"

#define NACK_AFTER (300 * MILLISECOND)
#define PROBES_OF_NEIGHBORS 4u /* one in so many is of somebody else, where views are partial */

/* Lifeguard, 3.1: who doubts itself asks less often and waits longer. */
static uint64_t scaled (const struct inos_members *m, uint64_t time)
{
  return time * (m->health + 1);
}

static void put_record (const struct inos_members *m, struct inos_buffer *out, uint64_t tag)
{
  const struct inos_member *member = inos_members_lookup (m, tag);

  if (member)
    inos_member_put_claim (out, &(struct inos_member_claim){.state = INOS_MEMBER_ALIVE,
                                                            .record = member->record->bytes,
                                                            .record_len = member->record->len});
}

/* Whoever is suspected is told first, so that it can refute (the buddy system). */
static void put_suspicion (const struct inos_members *m, struct inos_buffer *out, uint64_t tag)
{
  const struct inos_member *member = m->n_suspects > 0 ? inos_members_lookup (m, tag) : NULL;

  if (!member || member->state != INOS_MEMBER_SUSPECT)
    return;
  struct inos_member_claim claim = inos_members_claim_of (member);
  inos_member_put_claim (out, &claim);
}

static struct inos_buffer *begin_ping (struct inos_members *m, uint64_t tag, uint64_t sequence)
{
  struct inos_buffer *out = inos_members_begin (m, INOS_MEMBER_PING);

  inos_member_put_sequence (out, sequence);
  inos_member_put_tag (out, tag);
  return out;
}

static void send_ping (struct inos_members *m, const struct inos_channel *channel,
                       const struct inos_peer_id *to, uint64_t tag, uint64_t sequence)
{
  struct inos_buffer *out = begin_ping (m, tag, sequence);

  put_suspicion (m, out, tag);
  inos_members_put_news (m, out, tag);
  inos_members_send (m, channel, to);
}

/* With what it has said of itself last: where it has forgotten that, and begun with a lower
 * incarnation, nothing that it says would be news to us. */
void inos_members_call (struct inos_members *m, const struct inos_member *suspect)
{
  uint64_t tag = suspect->record->tag;
  struct inos_buffer *out = begin_ping (m, tag, ++m->sequence);

  put_record (m, out, tag);
  put_suspicion (m, out, tag);
  inos_members_put_news (m, out, tag);
  inos_members_send (m, &m->setup.messages, &suspect->record->id);
}

static struct inos_member *next_neighbor (struct inos_members *m)
{
  for (unsigned i = 0; i < INOS_VIEW_ACTIVE_MAX; i++) {
    struct neighbor *neighbor = &m->view.active[m->next_probe++ % INOS_VIEW_ACTIVE_MAX];
    if (neighbor->member)
      return neighbor->member;
  }
  return NULL;
}

/* Neighbours mostly; now and then somebody of the sample, who may have no neighbour left to miss
 * it. */
static struct inos_member *some_other (struct inos_members *m)
{
  struct inos_member *neighbor =
    inos_env_below (m->setup.env, PROBES_OF_NEIGHBORS) > 0 ? next_neighbor (m) : NULL;

  return neighbor ? neighbor : inos_members_choose (m, NULL, 0);
}

/* In turn, and each time round in another order (SWIM, 4.3). */
static struct inos_member *next_target (struct inos_members *m)
{
  if (m->partial)
    return some_other (m);
  for (unsigned tries = 0; tries <= m->n; tries++) {
    if (m->next_probe >= m->n) {
      inos_members_shuffle (m);
      m->next_probe = 0;
    }
    struct inos_member *member = m->order[m->next_probe++];
    if (member != m->self && is_live (member))
      return member;
  }
  return NULL;
}

static void begin (struct inos_members *m)
{
  struct probe *probe = &m->probe;
  struct inos_member *target = next_target (m);

  *probe = (struct probe){0};
  m->probe_at = now_of (m) + scaled (m, m->config.probe_interval) * (m->thrifty ? REST_SLOWER : 1);
  if (!target)
    return;
  probe->target = target->record->id;
  probe->tag = target->record->tag;
  probe->sequence = ++m->sequence;
  probe->deadline = now_of (m) + MIN (scaled (m, m->config.probe_timeout),
                                      scaled (m, m->config.probe_interval) * 3 / 4);
  send_ping (m, &m->setup.datagrams, &probe->target, probe->tag, probe->sequence);
}

static struct inos_member *helper (struct inos_members *m, const struct probe *probe)
{
  uint64_t but[INOS_MEMBER_HELPERS + 1] = {probe->tag};

  for (unsigned i = 0; i < probe->n_helpers; i++)
    but[i + 1] = probe->helpers[i];
  return inos_members_choose (m, but, probe->n_helpers + 1);
}

static void ask_others (struct inos_members *m)
{
  struct probe *probe = &m->probe;

  probe->indirect = true;
  while (probe->n_helpers < INOS_MEMBER_HELPERS) {
    struct inos_member *to = helper (m, probe);
    if (!to)
      break;
    probe->helpers[probe->n_helpers++] = to->record->tag;
    struct inos_buffer *out = inos_members_begin (m, INOS_MEMBER_PING_REQ);
    inos_member_put_sequence (out, probe->sequence);
    inos_member_put_tag (out, probe->tag);
    if (m->partial) /* the helper may not know whom it is to ask */
      put_record (m, out, probe->tag);
    inos_members_put_news (m, out, 0);
    inos_members_send (m, &m->setup.datagrams, &to->record->id);
  }
  send_ping (m, &m->setup.messages, &probe->target, probe->tag, probe->sequence);
}

/* Lifeguard: helpers that say nothing at all mean that we do not hear. With partial views they may
 * have gone together with whom they were to ask: whoever else was heard shows that we do. */
static int missing (const struct inos_members *m, const struct probe *probe)
{
  unsigned heard = probe->nacks + (m->partial ? probe->heard : 0);

  return (int)(probe->n_helpers - MIN (heard, probe->n_helpers));
}

static void fail (struct inos_members *m)
{
  struct probe probe = m->probe;
  struct inos_member *member = inos_members_lookup (m, probe.tag);

  m->probe.tag = 0;
  inos_members_worry (m, probe.n_helpers > 0 ? missing (m, &probe) : 1);
  if (member && is_live (member))
    inos_members_accuse (m, INOS_MEMBER_SUSPECT, probe.tag, member->record->incarnation, m->tag);
}

void inos_members_probe (struct inos_members *m)
{
  uint64_t now = now_of (m);
  struct probe *probe = &m->probe;

  if (probe->tag && now >= probe->deadline) {
    if (probe->indirect) {
      fail (m);
    } else {
      ask_others (m);
      probe->deadline = MAX (m->probe_at, now + m->config.probe_timeout);
    }
  }
  if (now >= m->probe_at && !probe->tag)
    begin (m);
}

/* Another one for whoever asks; the oldest makes room. */
static struct relay *free_relay (struct inos_members *m)
{
  struct relay *oldest = &m->relays[0];

  for (unsigned i = 0; i < RELAYS_MAX; i++) {
    if (m->relays[i].deadline == 0) {
      m->n_relays++;
      return &m->relays[i];
    }
    if (m->relays[i].deadline < oldest->deadline)
      oldest = &m->relays[i];
  }
  return oldest;
}

/* Whom the request is about: one that is known, or whose record is in it. */
static bool find_target (struct inos_members *m, const struct inos_member_message *message,
                         struct inos_peer_id *id)
{
  struct inos_member *member = inos_members_lookup (m, message->tag);
  struct inos_member_claim claim;
  size_t offset = 0;

  if (member)
    *id = member->record->id;
  if (member || !inos_member_message_claim (message, &offset, &claim) || !claim.record)
    return member;
  struct inos_member_record *record =
    inos_member_store_take (m->setup.store, claim.record, claim.record_len);
  if (!record)
    return false;
  bool same = record->tag == message->tag;
  *id = record->id;
  inos_member_record_unref (m->setup.store, record);
  return same;
}

void inos_members_on_ping_req (struct inos_members *m, const struct inos_member_message *message,
                               const struct inos_peer_id *from)
{
  struct inos_peer_id target;

  if (message->tag == m->tag || !find_target (m, message, &target))
    return;
  struct relay *relay = free_relay (m);
  *relay = (struct relay){
    .from = *from,
    .tag = message->tag,
    .sequence = ++m->sequence,
    .asked = message->sequence,
    .deadline = now_of (m) + NACK_AFTER,
  };
  m->relay_at = MIN (m->relay_at, relay->deadline);
  send_ping (m, &m->setup.datagrams, &target, relay->tag, relay->sequence);
}

static void answer (struct inos_members *m, const struct inos_channel *channel,
                    enum inos_member_kind kind, const struct inos_peer_id *to, uint64_t sequence,
                    bool with_record)
{
  struct inos_buffer *out = inos_members_begin (m, kind);

  inos_member_put_sequence (out, sequence);
  if (with_record) {
    struct inos_member_claim claim = inos_members_claim_of (m->self);
    inos_member_put_claim (out, &claim);
  }
  inos_members_put_news (m, out, with_record ? m->tag : 0);
  inos_members_send (m, channel, to);
}

/* After its nack a relay waits on for as long, in case the answer comes after all. */
void inos_members_relay (struct inos_members *m)
{
  uint64_t now = now_of (m);

  m->relay_at = INOS_NEVER;
  for (unsigned i = 0; i < RELAYS_MAX && m->n_relays > 0; i++) {
    struct relay *relay = &m->relays[i];
    if (relay->deadline == 0)
      continue;
    if (now >= relay->deadline && relay->nacked) {
      relay->deadline = 0;
      m->n_relays--;
      continue;
    }
    if (now >= relay->deadline) {
      relay->nacked = true;
      relay->deadline = now + m->config.probe_interval;
      answer (m, &m->setup.datagrams, INOS_MEMBER_NACK, &relay->from, relay->asked, false);
    }
    m->relay_at = MIN (m->relay_at, relay->deadline);
  }
}

/* Whether it says something of us that we have to deny, or have denied before. */
static bool is_accused (const struct inos_members *m, const struct inos_member_message *message)
{
  struct inos_member_claim claim;
  size_t offset = 0;

  while (inos_member_message_claim (message, &offset, &claim))
    if (!claim.record && claim.tag == m->tag)
      return true;
  return false;
}

void inos_members_on_ping (struct inos_members *m, const struct inos_member_message *message,
                           const struct inos_peer_id *from, const struct inos_channel *channel)
{
  if (message->tag != m->tag || m->leaving)
    return;
  inos_members_take_claims (m, message, from);
  answer (m, channel, INOS_MEMBER_ACK, from, message->sequence, is_accused (m, message));
  /* Who asks a stranger has joined elsewhere. */
  if (!m->partial && !inos_members_lookup (m, inos_member_tag (from)))
    inos_members_sync (m, from);
}

static bool is_helper (const struct probe *probe, uint64_t tag)
{
  for (unsigned i = 0; i < probe->n_helpers; i++)
    if (probe->helpers[i] == tag)
      return true;
  return false;
}

void inos_members_heard_from (struct inos_members *m, const struct inos_peer_id *from)
{
  struct probe *probe = &m->probe;

  if (!m->partial || !probe->tag || probe->heard == INOS_MEMBER_HELPERS)
    return;
  uint64_t tag = inos_member_tag (from);
  probe->heard += tag != probe->tag && !is_helper (probe, tag);
}

static void pass_on (struct inos_members *m, uint64_t tag, uint64_t sequence)
{
  for (unsigned i = 0; i < RELAYS_MAX && m->n_relays > 0; i++) {
    struct relay *relay = &m->relays[i];
    if (relay->deadline == 0 || relay->sequence != sequence || relay->tag != tag)
      continue;
    relay->deadline = 0;
    m->n_relays--;
    answer (m, &m->setup.datagrams, INOS_MEMBER_ACK, &relay->from, relay->asked, false);
    return;
  }
}

/* Who was only heard of, which no neighbour is, has answered, itself or to a helper. */
static void was_there (struct inos_members *m, uint64_t tag)
{
  struct inos_member *member =
    m->partial && !inos_members_neighbor (m, tag) ? inos_members_lookup (m, tag) : NULL;

  if (member)
    inos_members_set_hearsay (m, member, false);
}

void inos_members_on_ack (struct inos_members *m, const struct inos_member_message *message,
                          const struct inos_peer_id *from)
{
  uint64_t tag = inos_member_tag (from);
  struct probe *probe = &m->probe;

  inos_members_answered (m, tag);
  if (probe->tag && message->sequence == probe->sequence &&
      (tag == probe->tag || is_helper (probe, tag))) {
    was_there (m, probe->tag);
    probe->tag = 0;
    inos_members_worry (m, -1);
  } else {
    pass_on (m, tag, message->sequence);
  }
}

void inos_members_on_nack (struct inos_members *m, const struct inos_member_message *message,
                           const struct inos_peer_id *from)
{
  struct probe *probe = &m->probe;

  if (probe->tag && message->sequence == probe->sequence && probe->nacks < probe->n_helpers &&
      is_helper (probe, inos_member_tag (from)))
    probe->nacks++;
}
