/*
 * What is new, and how often it was said: it rides on probes, what cannot wait
 * first, such as what a suspect has to say, and then what was said least. Each piece
 * goes out as often as everybody hears of it with near certainty (SWIM, 4.1: a multiple of the
 * logarithm of the mesh's size).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/private.h"

#define REPEATS 3u      /* lambda */
#define REPEATS_LESS 2u /* of what can wait: comparing all makes good for it */
#define FANOUT 3u
#define LEAST_CLAIM 27u /* bytes; below that nothing fits */
#define LOOKED_MAX 64u  /* pieces of news for one datagram */

/* memberlist's figure: lambda times the logarithm, rounded up. Who leaves says so for as long as it
 * is there: behind a partition most of those that it tells do not hear it, and nobody else can. */
static unsigned transmits_max (struct inos_members *m, unsigned urgency)
{
  if (m->leaving)
    return TRANSMITS_MAX;
  unsigned repeats = urgency == URGENT_NOT ? REPEATS_LESS : REPEATS;
  unsigned log = inos_members_log10 (m, inos_members_estimate (m) + 1);

  return CLAMP (repeats * ((log + 999) / 1000), repeats, TRANSMITS_MAX);
}

static void link_news (struct inos_members *m, struct inos_member *member, enum urgency urgency,
                       unsigned transmits)
{
  struct news *list = &m->news[urgency][transmits];

  member->transmits = (uint8_t)transmits;
  member->is_news = true;
  member->urgency = (uint8_t)urgency;
  member->next = NULL;
  member->previous = list->last;
  if (member->previous)
    member->previous->next = member;
  else
    list->first = member;
  list->last = member;
  m->n_news++;
  m->news_in[urgency] |= 1u << transmits;
}

void inos_members_hush (struct inos_members *m, struct inos_member *member)
{
  struct news *list = &m->news[member->urgency][member->transmits];

  if (!member->is_news)
    return;
  if (member->previous)
    member->previous->next = member->next;
  else
    list->first = member->next;
  if (member->next)
    member->next->previous = member->previous;
  else
    list->last = member->previous;
  if (!list->first)
    m->news_in[member->urgency] &= ~(1u << member->transmits);
  member->is_news = false;
  m->n_news--;
}

void inos_members_spread (struct inos_members *m, struct inos_member *member, enum urgency urgency)
{
  if (m->quiet && urgency == URGENT_NOT) {
    inos_members_tree_know (m, member);
    return;
  }
  if (m->view.n_active > 0)
    inos_members_tree_spread (m, member);
  if (m->partial)
    return;
  inos_members_hush (m, member);
  link_news (m, member, urgency, 0);
  if (m->gossip_at == INOS_NEVER && !m->rests)
    m->gossip_at = now_of (m) + m->config.gossip_interval;
}

static void count (struct inos_members *m, struct inos_member *member)
{
  unsigned transmits = member->transmits + 1u;

  inos_members_hush (m, member);
  if (transmits < transmits_max (m, member->urgency))
    link_news (m, member, (enum urgency)member->urgency, transmits);
}

static void said (struct inos_members *m, struct inos_member *member)
{
  member->stamp = m->stamp;
  count (m, member);
}

/* What can wait and is no news to others is worth less (Demers and others: "Epidemic algorithms for
 * replicated database maintenance", 1987, 1.4: feedback and counters). */
void inos_members_heard (struct inos_members *m, struct inos_member *member)
{
  if (member->is_news && member->urgency == URGENT_NOT)
    count (m, member);
}

/* Returns: whether to look on. */
static bool put_list (struct inos_members *m, struct inos_buffer *out, const struct news *list,
                      uint64_t already, unsigned *looked)
{
  struct inos_member *next;

  for (struct inos_member *member = list->first; member; member = next) {
    next = member->next;
    if (member->stamp == m->stamp || member->record->tag == already)
      continue;
    if ((*looked)++ == LOOKED_MAX || inos_buffer_len (out) + LEAST_CLAIM > INOS_MEMBER_DATAGRAM_MAX)
      return false;
    struct inos_member_claim claim = inos_members_claim_of (member);
    if (inos_buffer_len (out) + inos_member_claim_size (&claim) > INOS_MEMBER_DATAGRAM_MAX)
      continue;
    inos_member_put_claim (out, &claim);
    said (m, member);
  }
  return true;
}

/* Appends what is new and fits; @already: not of the one with this tag, which is in it. */
void inos_members_put_news (struct inos_members *m, struct inos_buffer *out, uint64_t already)
{
  unsigned looked = 0;

  m->stamp++;
  for (unsigned i = 0; i < URGENCIES; i++)
    /* What is said moves on, to a list that comes later: all are looked at that are left then. */
    for (uint32_t from = 0; m->news_in[i] >> from;) {
      from += (unsigned)__builtin_ctz (m->news_in[i] >> from);
      if (!put_list (m, out, &m->news[i][from], already, &looked))
        return;
      if (++from == TRANSMITS_MAX)
        break;
    }
}

/* (nullable): anybody; by who leaves, and has only so long for it, one after the other. */
static struct inos_member *whom_to_tell (struct inos_members *m)
{
  if (!m->leaving)
    return inos_members_choose (m, NULL, 0);
  for (unsigned tries = 0; tries < m->n; tries++) {
    struct inos_member *member = m->order[m->next_probe++ % m->n];
    if (member != m->self && is_live (member))
      return member;
  }
  return NULL;
}

void inos_members_gossip (struct inos_members *m)
{
  for (unsigned i = 0; i < FANOUT && m->n_news > 0; i++) {
    struct inos_member *to = whom_to_tell (m);
    if (!to)
      break;
    struct inos_buffer *out = inos_members_begin (m, INOS_MEMBER_GOSSIP);
    inos_members_put_news (m, out, 0);
    inos_members_send (m, &m->setup.datagrams, &to->record->id);
  }
  m->gossip_at = m->n_news > 0 ? now_of (m) + m->config.gossip_interval : INOS_NEVER;
}
