/*
 * What is said of members: by themselves, in records, and by others, in accusations.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/private.h"

#include <math.h>
#include <string.h>

#define LAST_CALL (6 * SECOND)

/* How long before its end, where it has @patience: time enough for one who is slow. */
static uint64_t last_call (uint64_t patience)
{
  return MIN (patience * 2 / 3, LAST_CALL);
}

void inos_members_tell (struct inos_members *m, enum inos_member_event event,
                        const struct inos_member *member)
{
  if (m->setup.events && m->setup.events->member)
    m->setup.events->member (m->setup.data, event, member);
}

void inos_members_worry (struct inos_members *m, int more)
{
  if (more > 0)
    m->health = MIN (m->health + (unsigned)more, HEALTH_MAX);
  else if (more < 0 && m->health > 0)
    m->health--;
}

unsigned inos_members_log10 (struct inos_members *m, unsigned n)
{
  if (n != m->log_of) {
    m->log_of = n;
    m->log = (unsigned)(log10 (MAX (n, 1)) * 1000);
  }
  return m->log;
}

/*
 * ns that a suspect has, where @n_accusers have spoken: from `suspicion_max` times the least down
 * to the least. Lifeguard, 3.2: max (min, max - (max - min) * log (C + 1) / log (K + 1)).
 * Neighbours in partial views suspect alone, and have asked more often: it is always the least.
 */
uint64_t inos_members_patience (struct inos_members *m, unsigned n_accusers)
{
  static const double shrunk[CONFIRMATIONS + 1] = {0, 0.5, 0.7924812503605781, 1};
  unsigned size = inos_members_log10 (m, inos_members_estimate (m));
  uint64_t least = m->config.probe_interval * m->config.suspicion * MAX (size, 1000) / 1000;
  unsigned confirmations = MIN (n_accusers > 0 ? n_accusers - 1 : 0, CONFIRMATIONS);

  if (m->partial || confirmations == CONFIRMATIONS)
    return least;
  return least +
         (uint64_t)((double)(least * (m->config.suspicion_max - 1)) * (1 - shrunk[confirmations]));
}

struct inos_member_claim inos_members_claim_of (const struct inos_member *member)
{
  if (member->state == INOS_MEMBER_ALIVE || member->state == INOS_MEMBER_LEFT)
    return (struct inos_member_claim){.state = INOS_MEMBER_ALIVE,
                                      .record = member->record->bytes,
                                      .record_len = member->record->len};
  return (struct inos_member_claim){.state = (enum inos_member_state)member->state,
                                    .tag = member->record->tag,
                                    .incarnation = member->record->incarnation,
                                    .accuser = member->accuser};
}

void inos_members_announce (struct inos_members *m)
{
  m->incarnation++;
  struct inos_member_record *record = inos_member_store_sign (
    m->setup.store, m->setup.trust, &m->setup.id, m->incarnation, m->leaving, &m->wanted);
  m->metadata = m->wanted;
  m->said_at = now_of (m);
  m->say_at = INOS_NEVER;
  if (m->self)
    inos_members_set_record (m, m->self, record);
  else
    m->self = inos_members_add (m, record);
  inos_member_record_unref (m->setup.store, record);
}

static void absolve (struct inos_member *member)
{
  g_clear_pointer (&member->suspicion, g_free);
}

/* What we have said ourselves in an earlier life, or has been kept from then. */
static bool take_own (struct inos_members *m, const struct inos_member_record *record)
{
  if (record == m->self->record || record->incarnation < m->incarnation)
    return false;
  m->incarnation = record->incarnation;
  inos_members_announce (m);
  inos_members_spread (m, m->self, URGENT_DEFENCE);
  return false;
}

static bool take_new (struct inos_members *m, struct inos_member_record *record)
{
  if (record->left || !inos_members_samples (m, record->tag))
    return false;
  struct inos_member *member = inos_members_add (m, record);
  if (!member)
    return false;
  inos_members_tell (m, INOS_MEMBER_JOINED, member);
  inos_members_spread (m, member, URGENT_NOT);
  inos_members_adapt (m);
  return true;
}

static void take_goodbye (struct inos_members *m, struct inos_member *member)
{
  bool was_live = is_live (member);

  absolve (member);
  inos_members_set_state (m, member, INOS_MEMBER_LEFT);
  if (was_live)
    inos_members_tell (m, INOS_MEMBER_WENT, member);
  inos_members_spread (m, member, URGENT_ACCUSATION);
  inos_members_view_lost (m, member);
  /* In full views all are hearsay after a long sleep, and leave no grave. */
  if (member->hearsay && !m->partial)
    inos_members_lose (m, member);
  inos_members_release (m, member);
}

static void take_newer (struct inos_members *m, struct inos_member *member)
{
  enum inos_member_state was = (enum inos_member_state)member->state;

  absolve (member);
  if (was != INOS_MEMBER_ALIVE)
    inos_members_set_state (m, member, INOS_MEMBER_ALIVE);
  inos_members_tell (m,
                     was == INOS_MEMBER_ALIVE     ? INOS_MEMBER_CHANGED
                     : was == INOS_MEMBER_SUSPECT ? INOS_MEMBER_CLEARED
                                                  : INOS_MEMBER_JOINED,
                     member);
  inos_members_spread (m, member, was != INOS_MEMBER_ALIVE ? URGENT_DEFENCE : URGENT_NOT);
}

/*
 * Somebody has not heard that @member has gone. Where views are partial only its neighbours would
 * ask it, and it has none any more: whoever took it into a sample that has grown would keep it, and
 * pass it on. Goes as far as it is news.
 */
static void correct (struct inos_members *m, struct inos_member *member,
                     const struct inos_member_record *said)
{
  if (m->partial && !is_live (member) && !said->left &&
      inos_peer_id_equal (&said->id, &member->record->id))
    inos_members_spread (m, member, URGENT_ACCUSATION);
}

/* Whether that @member is there was hearsay, and now somebody says so who is asked what is new. */
static bool take_said (struct inos_members *m, struct inos_member *member,
                       const struct inos_member_record *record)
{
  if (!member->hearsay || record->incarnation != member->record->incarnation ||
      !inos_peer_id_equal (&record->id, &member->record->id))
    return false;
  inos_members_set_hearsay (m, member, false);
  inos_members_spread (m, member, URGENT_NOT);
  inos_members_adapt (m);
  return true;
}

bool inos_members_take_record (struct inos_members *m, struct inos_member_record *record)
{
  if (record->tag == m->tag)
    return inos_peer_id_equal (&record->id, &m->setup.id) && take_own (m, record);
  struct inos_member *member = inos_members_lookup (m, record->tag);
  if (!member)
    return take_new (m, record);
  if (take_said (m, member, record))
    return true;
  if (record == member->record)
    inos_members_heard (m, member);
  if (record->incarnation <= member->record->incarnation ||
      !inos_peer_id_equal (&record->id, &member->record->id)) {
    correct (m, member, record);
    return false;
  }
  inos_members_set_hearsay (m, member, false);
  inos_members_set_record (m, member, record);
  if (record->left)
    take_goodbye (m, member);
  else
    take_newer (m, member);
  return true;
}

/* Whether what is said of @incarnation is about whom we know with the incarnation @known. In
 * partial views a newer one may only have been told to its neighbours. */
static bool is_about (const struct inos_members *m, uint64_t incarnation, uint64_t known)
{
  return incarnation == known || (m->partial && incarnation > known);
}

/* Nobody else can know a greater incarnation than ours without a record that shows it. */
static bool refute (struct inos_members *m, enum inos_member_state state, uint64_t incarnation)
{
  if (m->leaving || !is_about (m, incarnation, m->incarnation))
    return false;
  m->stats.refuted++;
  inos_members_worry (m, 1);
  inos_members_announce (m);
  /* In partial views only the neighbour that asks us suspects us, and gets the record with the
   * answer; but all have heard that we are dead. */
  if (!m->partial || state == INOS_MEMBER_DEAD)
    inos_members_spread (m, m->self, URGENT_DEFENCE);
  return false;
}

/* When it is over with @s, if nothing comes. */
static uint64_t end_of (struct inos_members *m, const struct suspicion *s)
{
  return s->since + inos_members_patience (m, s->n_accusers);
}

/* When its subject is asked a last time, whoever has accused it: the word of others is not enough.
 */
static uint64_t call_of (struct inos_members *m, const struct suspicion *s)
{
  uint64_t patience = inos_members_patience (m, s->n_accusers);

  return s->since + patience - last_call (patience);
}

static void hurry (struct inos_members *m, const struct inos_member *member)
{
  const struct suspicion *s = member->suspicion;

  m->suspicion_at = MIN (m->suspicion_at, s->called ? end_of (m, s) : call_of (m, s));
}

static void suspect (struct inos_members *m, struct inos_member *member, uint64_t accuser)
{
  member->suspicion = g_new0 (struct suspicion, 1);
  member->suspicion->since = now_of (m);
  member->suspicion->accusers[0] = accuser;
  member->suspicion->n_accusers = 1;
  member->accuser = accuser;
  m->stats.suspected++;
  inos_members_set_state (m, member, INOS_MEMBER_SUSPECT);
  hurry (m, member);
  inos_members_tell (m, INOS_MEMBER_SUSPECTED, member);
  inos_members_view_doubt (m, member);
  inos_members_spread (m, member, URGENT_ACCUSATION);
}

static bool confirm (struct inos_members *m, struct inos_member *member, uint64_t accuser)
{
  struct suspicion *s = member->suspicion;

  for (unsigned i = 0; i < s->n_accusers; i++)
    if (s->accusers[i] == accuser)
      return false;
  if (s->n_accusers == G_N_ELEMENTS (s->accusers))
    return false;
  s->accusers[s->n_accusers++] = accuser;
  member->accuser = accuser;
  hurry (m, member);
  inos_members_spread (m, member, URGENT_ACCUSATION);
  return true;
}

bool inos_members_accuse (struct inos_members *m, enum inos_member_state state, uint64_t tag,
                          uint64_t incarnation, uint64_t accuser)
{
  if (tag == m->tag)
    return refute (m, state, incarnation);
  struct inos_member *member = inos_members_lookup (m, tag);
  if (!member || !is_about (m, incarnation, member->record->incarnation))
    return false;
  switch (member->state) {
  case INOS_MEMBER_ALIVE:
    suspect (m, member, accuser);
    return true;
  case INOS_MEMBER_SUSPECT:
    return confirm (m, member, accuser);
  default:
    return false;
  }
}

/*
 * Who is dead here has said something since, as @record shows, and is suspected or dead to whoever
 * shows it, as @doubt says. That is no word of its being there: it would be alive here again for as
 * long as a suspect has, and to all who hear so from here. It stays dead, and is told so itself: if
 * it is there after all, and this was a liar's word, it says so. Returns: whether that was all.
 */
static bool stays_dead (struct inos_members *m, struct inos_member_record *record,
                        enum inos_member_state doubt)
{
  struct inos_member *member = inos_members_lookup (m, record->tag);
  uint64_t now = now_of (m);

  if (!doubt || record->left)
    return false;
  if (!member)
    return doubt == INOS_MEMBER_DEAD;
  if (is_live (member) || !inos_peer_id_equal (&record->id, &member->record->id))
    return false;
  if (record->incarnation <= member->record->incarnation)
    return true;
  bool tell = member->state == INOS_MEMBER_LEFT || now - member->since >= SECOND;
  inos_members_set_record (m, member, record);
  inos_members_set_state (m, member, INOS_MEMBER_DEAD);
  member->accuser = m->tag;
  if (tell)
    inos_members_call (m, member);
  return true;
}

/* What is said of whom @record is about in the same breath, as sync.c does. 0: nothing. */
static enum inos_member_state doubt_of (const struct inos_member_message *message, size_t offset,
                                        const struct inos_member_record *record)
{
  struct inos_member_claim next;

  if (!inos_member_message_claim (message, &offset, &next) || next.record ||
      next.tag != record->tag || next.incarnation != record->incarnation)
    return 0;
  return next.state;
}

/* Whoever is asked to ask somebody is given the record of whom, since it may not know it: that says
 * nothing of its being there, rather the contrary. */
static bool is_hearsay (const struct inos_members *m, const struct inos_member_message *message,
                        const struct inos_member_record *record)
{
  if (message->kind != INOS_MEMBER_PING_REQ || record->tag != message->tag)
    return false;
  const struct inos_member *member = inos_members_lookup (m, record->tag);
  return !member || member->hearsay;
}

/* @offset: of what comes after @record. */
static void take_shown (struct inos_members *m, const struct inos_member_message *message,
                        size_t offset, struct inos_member_record *record,
                        struct corrections *corrections)
{
  enum inos_member_state doubt = doubt_of (message, offset, record);

  if (is_hearsay (m, message, record) || stays_dead (m, record, doubt))
    return;
  inos_members_take_record (m, record);
  if (!doubt && !record->left)
    inos_members_note_gone (m, corrections, INOS_MEMBER_ALIVE, record->tag, record->incarnation);
}

/* Returns: whether it is one. */
static bool take_claim (struct inos_members *m, const struct inos_member_message *message,
                        const struct heard *heard, struct corrections *corrections)
{
  const struct inos_member_claim *claim = &heard->claim;

  if (!claim->record) {
    inos_members_accuse (m, claim->state, claim->tag, claim->incarnation, claim->accuser);
    inos_members_note_gone (m, corrections, claim->state, claim->tag, claim->incarnation);
    return true;
  }
  const struct inos_member *member = inos_members_lookup (m, heard->tag);
  struct inos_member_record *record = inos_member_store_take_like (
    m->setup.store, member ? member->record : NULL, claim->record, claim->record_len);
  if (!record) {
    m->stats.refused++;
    return false;
  }
  take_shown (m, message, heard->after, record, corrections);
  inos_member_record_unref (m->setup.store, record);
  return true;
}

void inos_members_take_claims (struct inos_members *m, const struct inos_member_message *message,
                               const struct inos_peer_id *from)
{
  struct corrections corrections = {0};
  struct heard heard[INOS_MEMBERS_HEARD];
  size_t offset = 0;

  for (unsigned n; (n = inos_members_hear (m, message, &offset, heard)) > 0;)
    for (unsigned i = 0; i < n; i++)
      if (!take_claim (m, message, &heard[i], &corrections))
        return; /* whoever sends such a thing has nothing to say */
  inos_members_send_corrections (m, &corrections, from);
}

static void die (struct inos_members *m, struct inos_member *member)
{
  absolve (member);
  member->accuser = m->tag;
  m->stats.died++;
  inos_members_set_state (m, member, INOS_MEMBER_DEAD);
  inos_members_tell (m, INOS_MEMBER_DIED, member);
  inos_members_spread (m, member, URGENT_ACCUSATION);
  inos_members_view_lost (m, member);
  inos_members_release (m, member);
}

/* Late as this may be, the answer has its time. */
static void call (struct inos_members *m, struct inos_member *member)
{
  struct suspicion *s = member->suspicion;
  uint64_t patience = inos_members_patience (m, s->n_accusers), now = now_of (m);

  s->called = true;
  s->since = MAX (s->since, now + last_call (patience) - patience);
  inos_members_call (m, member);
}

void inos_members_suspicions (struct inos_members *m)
{
  uint64_t now = now_of (m);
  unsigned left = m->n_suspects;

  m->suspicion_at = INOS_NEVER;
  for (unsigned i = m->n; i > 0 && left > 0; i--) {
    struct inos_member *member = m->order[i - 1];
    if (i > 8)
      __builtin_prefetch (m->order[i - 9]);
    if (member->state != INOS_MEMBER_SUSPECT)
      continue;
    left--;
    struct suspicion *s = member->suspicion;
    if (s->called && now >= end_of (m, s)) {
      die (m, member);
      continue;
    }
    if (!s->called && now >= call_of (m, s)) {
      s->called = true;
      call (m, member);
    }
    hurry (m, member);
  }
}

/* Called at once: it may not have heard that it is suspected, or has forgotten what it said last.
 */
void inos_members_answered (struct inos_members *m, uint64_t tag)
{
  struct inos_member *member = m->n_suspects > 0 ? inos_members_lookup (m, tag) : NULL;
  struct suspicion *s = member && member->state == INOS_MEMBER_SUSPECT ? member->suspicion : NULL;

  if (!s || (s->called && now_of (m) - s->since < SECOND))
    return;
  s->since = now_of (m);
  s->called = true;
  inos_members_call (m, member);
}

/* It was asleep itself, and could not hear what the suspects said meanwhile. */
void inos_members_postpone (struct inos_members *m, uint64_t late)
{
  m->suspicion_at = INOS_NEVER;
  for (unsigned i = 0; i < m->n && m->n_suspects > 0; i++)
    if (m->order[i]->suspicion) {
      m->order[i]->suspicion->since += late;
      hurry (m, m->order[i]);
    }
}
