/*
 * A member that stands, and then leads.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/group/election-private.h"

#define MS UINT64_C (1000000) /* ns */
#define BACK_OFF (150 * MS)   /* ns, at most twice, after votes that were split */

static uint64_t now_of (const struct inos_election *election)
{
  return inos_env_now (election->setup.env);
}

static uint64_t some (struct inos_election *election, uint64_t ns)
{
  return inos_env_below (election->setup.env, (uint32_t)(ns / MS) + 1) * MS;
}

/* A promise of five sixths is held, the rest is for clocks that differ. */
static uint64_t lease_of (uint64_t promise)
{
  return promise / 6 * 5;
}

static bool is_majority (const struct inos_election_resource *r, unsigned members)
{
  return (unsigned)__builtin_popcount (members) > r->n_members / 2;
}

bool inos_election_holds (const struct inos_election *election,
                          const struct inos_election_resource *r)
{
  return r->role == INOS_ELECTION_LEADS && now_of (election) < r->lease;
}

static void stand_at (struct inos_election *election, struct inos_election_resource *r, uint64_t at)
{
  r->role = INOS_ELECTION_FOLLOWS;
  r->next_at = at + r->rank * INOS_ELECTION_RANK + some (election, INOS_ELECTION_RANK / 2);
}

void inos_election_wait (struct inos_election *election, struct inos_election_resource *r)
{
  bool own = inos_peer_id_equal (&r->vote.candidate, &election->setup.id);
  uint64_t now = now_of (election);

  stand_at (election, r, own ? now : MAX (now, r->promised));
}

/* Asking */

static struct inos_election_asked *new_question (struct inos_election *election,
                                                 struct inos_election_resource *r)
{
  r->asked_last = (r->asked_last + 1) % INOS_ELECTION_ASKED;
  r->asked[r->asked_last] = (struct inos_election_asked){
    .number = ++election->last_number, .at = now_of (election), .yes = 1u << r->self};
  return &r->asked[r->asked_last];
}

static void forget_questions (struct inos_election_resource *r)
{
  for (unsigned i = 0; i < INOS_ELECTION_ASKED; i++)
    r->asked[i] = (struct inos_election_asked){0};
}

static void ask (struct inos_election *election, struct inos_election_resource *r,
                 enum inos_election_kind kind, uint64_t promise)
{
  const struct inos_election_asked *asked = new_question (election, r);

  inos_election_say_all (
    election, r,
    (struct inos_election_message){
      .kind = kind, .epoch = r->epoch, .number = asked->number, .ms = (uint32_t)(promise / MS)});
}

/* The others' word counts from when they were asked. */
static void take_lease (struct inos_election_resource *r, const struct inos_election_asked *asked,
                        uint64_t promise)
{
  r->lease = MAX (r->lease, asked->at + lease_of (promise));
}

static void lead_on (struct inos_election *election, struct inos_election_resource *r)
{
  if (!inos_election_promise (election, r, &election->setup.id, r->epoch, INOS_ELECTION_PROMISE))
    return;
  ask (election, r, INOS_ELECTION_RENEW, INOS_ELECTION_PROMISE);
  r->next_at = now_of (election) + INOS_ELECTION_RENEW_EVERY;
  if (is_majority (r, 1u << r->self)) /* a group of one */
    take_lease (r, &r->asked[r->asked_last], INOS_ELECTION_PROMISE);
}

static void win (struct inos_election *election, struct inos_election_resource *r)
{
  r->role = INOS_ELECTION_LEADS;
  r->lease = 0;
  take_lease (r, &r->asked[r->asked_last], INOS_ELECTION_SHORT_PROMISE);
  forget_questions (r);
  if (!inos_election_holds (election, r)) { /* it took too long */
    inos_election_give_back (election, r);
    return;
  }
  inos_election_know (election, r, &election->setup.id, r->epoch, INOS_NEVER);
  lead_on (election, r);
}

/* Votes for itself first; whoever cannot store that does not stand. */
static void stand (struct inos_election *election, struct inos_election_resource *r)
{
  if (!inos_election_promise (election, r, &election->setup.id, r->epoch,
                              INOS_ELECTION_SHORT_PROMISE)) {
    stand_at (election, r, MAX (now_of (election) + INOS_ELECTION_PATIENCE, r->promised));
    return;
  }
  r->role = INOS_ELECTION_STANDS;
  r->wait = 0;
  r->next_at = now_of (election) + INOS_ELECTION_PATIENCE;
  ask (election, r, INOS_ELECTION_VOTE, INOS_ELECTION_SHORT_PROMISE);
  if (is_majority (r, 1u << r->self))
    win (election, r);
}

static void probe (struct inos_election *election, struct inos_election_resource *r)
{
  bool own = inos_peer_id_equal (&r->vote.candidate, &election->setup.id);

  if (!own && now_of (election) < r->promised) {
    inos_election_wait (election, r);
    return;
  }
  r->role = INOS_ELECTION_PROBES;
  r->epoch = MAX (r->seen, r->vote.epoch) + 1;
  r->wait = 0;
  r->next_at = now_of (election) + INOS_ELECTION_PATIENCE;
  ask (election, r, INOS_ELECTION_PROBE, 0);
  if (is_majority (r, 1u << r->self))
    stand (election, r);
}

/* Giving up */

void inos_election_give_back (struct inos_election *election, struct inos_election_resource *r)
{
  bool stood = r->role == INOS_ELECTION_STANDS || r->role == INOS_ELECTION_LEADS;
  bool own = inos_peer_id_equal (&r->vote.candidate, &election->setup.id);

  r->lease = 0;
  r->role = INOS_ELECTION_FOLLOWS;
  forget_questions (r);
  if (stood)
    inos_election_say_all (
      election, r,
      (struct inos_election_message){.kind = INOS_ELECTION_RELEASE, .epoch = r->epoch});
  if (stood && own)
    r->promised = MIN (r->promised, now_of (election));
  if (inos_peer_id_equal (&r->primary, &election->setup.id))
    inos_election_know (election, r, NULL, r->epoch, 0);
  inos_election_wait (election, r);
}

/* The next time is when those who refused may be free, a little apart from others in the same
 * place. */
static void try_again (struct inos_election *election, struct inos_election_resource *r)
{
  uint64_t wait = MIN (r->wait, INOS_ELECTION_PROMISE);

  inos_election_give_back (election, r);
  r->next_at = MAX (r->next_at, now_of (election) + wait + some (election, 2 * BACK_OFF));
}

/* Being answered */

static struct inos_election_asked *find_question (struct inos_election_resource *r, uint64_t number)
{
  for (unsigned i = 0; i < INOS_ELECTION_ASKED; i++)
    if (r->asked[i].number == number && r->asked[i].at > 0)
      return &r->asked[i];
  return NULL;
}

static void on_yes (struct inos_election *election, struct inos_election_resource *r,
                    struct inos_election_asked *asked, enum inos_election_kind kind)
{
  bool fits = kind == (r->role == INOS_ELECTION_PROBES ? INOS_ELECTION_WOULD : INOS_ELECTION_GRANT);

  if (!fits || !is_majority (r, asked->yes))
    return;
  switch (r->role) {
  case INOS_ELECTION_PROBES:
    stand (election, r);
    break;
  case INOS_ELECTION_STANDS:
    win (election, r);
    break;
  case INOS_ELECTION_LEADS:
    take_lease (r, asked, INOS_ELECTION_PROMISE);
    break;
  case INOS_ELECTION_FOLLOWS:
    break;
  }
}

/* Where a majority cannot be had any more, nobody waits for the rest. A primary goes on until its
 * lease is over: it may get a majority yet. */
static void on_no (struct inos_election *election, struct inos_election_resource *r,
                   const struct inos_election_asked *asked,
                   const struct inos_election_message *answer)
{
  unsigned all = (1u << r->n_members) - 1;

  if (answer->epoch - r->vote.epoch <= INOS_ELECTION_TOLD_STEP)
    r->seen = MAX (r->seen, answer->epoch);
  r->wait = MAX (r->wait, answer->ms * MS);
  if (r->role != INOS_ELECTION_LEADS && !is_majority (r, all & ~asked->no))
    try_again (election, r);
}

void inos_election_answered (struct inos_election *election, struct inos_election_resource *r,
                             unsigned member, const struct inos_election_message *answer)
{
  struct inos_election_asked *asked = find_question (r, answer->number);

  if (!asked || r->role == INOS_ELECTION_FOLLOWS)
    return;
  if (answer->kind == INOS_ELECTION_REFUSE) {
    asked->no |= 1u << member;
    on_no (election, r, asked, answer);
  } else if (answer->epoch == r->epoch) {
    asked->yes |= 1u << member;
    on_yes (election, r, asked, answer->kind);
  }
}

void inos_election_step (struct inos_election *election, struct inos_election_resource *r)
{
  if (r->role == INOS_ELECTION_FOLLOWS)
    probe (election, r);
  else if (r->role != INOS_ELECTION_LEADS)
    try_again (election, r);
  else if (!inos_election_holds (election, r))
    inos_election_give_back (election, r);
  else if (now_of (election) >= r->next_at)
    lead_on (election, r);
}
