/*
 * A member as a voter, and what it knows; see candidate.c for how it stands itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/group/election-private.h"

#include <sodium.h>
#include <string.h>

#define MS UINT64_C (1000000) /* ns */

static uint64_t now_of (const struct inos_election *election)
{
  return inos_env_now (election->setup.env);
}

struct inos_election *inos_election_new (const struct inos_election_setup *setup)
{
  struct inos_election *election = g_new0 (struct inos_election, 1);

  election->setup = *setup;
  inos_env_random (setup->env, &election->last_number, sizeof election->last_number);
  return election;
}

void inos_election_free (struct inos_election *election)
{
  if (!election)
    return;
  for (unsigned i = 0; i < election->n; i++)
    g_free (election->resources[i]);
  g_free (election);
}

static struct inos_election_resource *find (const struct inos_election *election, uint64_t resource)
{
  for (unsigned i = 0; i < election->n; i++)
    if (election->resources[i]->resource == resource)
      return election->resources[i];
  return NULL;
}

/* Returns: its place among the members; n_members: it is none. */
static unsigned place_of (const struct inos_election_resource *r, const struct inos_peer_id *id)
{
  unsigned i = 0;

  while (i < r->n_members && !inos_peer_id_equal (&r->members[i], id))
    i++;
  return i;
}

/* Groups */

static int compare_ids (const void *a, const void *b)
{
  return inos_peer_id_compare (a, b);
}

static uint64_t hash (uint64_t resource, const struct inos_peer_id *ids, unsigned n)
{
  uint8_t out[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_state state;
  uint64_t value = GUINT64_TO_LE (resource);

  crypto_hash_sha256_init (&state);
  crypto_hash_sha256_update (&state, (const uint8_t *)&value, sizeof value);
  for (unsigned i = 0; i < n; i++) {
    crypto_hash_sha256_update (&state, &ids[i].len, 1);
    crypto_hash_sha256_update (&state, ids[i].bytes, ids[i].len);
  }
  crypto_hash_sha256_final (&state, out);
  memcpy (&value, out, sizeof value);
  return GUINT64_FROM_LE (value);
}

/* Which member goes first is another one for each resource, and the same to all. */
static unsigned rank_of (const struct inos_election_resource *r)
{
  uint64_t own = hash (r->resource, &r->members[r->self], 1);
  unsigned rank = 0;

  for (unsigned i = 0; i < r->n_members; i++)
    rank += hash (r->resource, &r->members[i], 1) < own;
  return rank;
}

static bool make_group (const struct inos_election *election, struct inos_election_resource *r,
                        const struct inos_peer_id *members, unsigned n)
{
  if (n == 0 || n > INOS_ELECTION_MEMBERS_MAX)
    return false;
  r->n_members = n;
  memcpy (r->members, members, n * sizeof *members);
  qsort (r->members, n, sizeof *members, compare_ids);
  for (unsigned i = 1; i < n; i++)
    if (inos_peer_id_equal (&r->members[i], &r->members[i - 1]))
      return false;
  r->self = place_of (r, &election->setup.id);
  if (r->self == n)
    return false;
  r->group = hash (r->resource, r->members, n);
  r->rank = rank_of (r);
  return true;
}

bool inos_election_join (struct inos_election *election, uint64_t resource,
                         const struct inos_peer_id *members, unsigned n,
                         const struct inos_election_vote *vote)
{
  struct inos_election_resource made = {.resource = resource};

  if (election->n == INOS_ELECTION_RESOURCES_MAX || find (election, resource) ||
      (vote && vote->resource != resource) || !make_group (election, &made, members, n))
    return false;
  made.vote.resource = resource;
  if (vote && vote->epoch > 0) {
    made.vote = *vote;
    made.promised = now_of (election) + INOS_ELECTION_PROMISE; /* it may have promised as much */
  }
  made.seen = made.vote.epoch;
  election->resources[election->n] = g_memdup2 (&made, sizeof made);
  inos_election_wait (election, election->resources[election->n++]);
  return true;
}

void inos_election_leave (struct inos_election *election, uint64_t resource)
{
  for (unsigned i = 0; i < election->n; i++) {
    struct inos_election_resource *r = election->resources[i];
    if (r->resource != resource)
      continue;
    inos_election_give_back (election, r);
    g_free (r);
    election->resources[i] = election->resources[--election->n];
    return;
  }
}

/* Saying */

void inos_election_say (struct inos_election *election, const struct inos_election_resource *r,
                        const struct inos_peer_id *to, struct inos_election_message message)
{
  uint8_t bytes[INOS_ELECTION_MESSAGE_SIZE];

  message.resource = r->resource;
  message.group = r->group;
  inos_election_message_write (&message, bytes);
  election->setup.channel.send (election->setup.channel.data, to, bytes, sizeof bytes);
}

void inos_election_say_all (struct inos_election *election, const struct inos_election_resource *r,
                            struct inos_election_message message)
{
  for (unsigned i = 0; i < r->n_members; i++)
    if (i != r->self)
      inos_election_say (election, r, &r->members[i], message);
}

/* Knowing */

void inos_election_know (struct inos_election *election, struct inos_election_resource *r,
                         const struct inos_peer_id *primary, uint64_t epoch, uint64_t until)
{
  static const struct inos_peer_id nobody;
  bool is_same = inos_peer_id_equal (&r->primary, primary ? primary : &nobody) &&
                 (!primary || r->primary_epoch == epoch);

  r->primary = primary ? *primary : nobody;
  r->primary_epoch = primary ? epoch : 0;
  r->primary_until = primary ? until : INOS_NEVER;
  if (!is_same && election->setup.events->changed)
    election->setup.events->changed (election->setup.data, r->resource, &r->primary, epoch);
}

uint64_t inos_election_primary (const struct inos_election *election, uint64_t resource,
                                struct inos_peer_id *primary)
{
  const struct inos_election_resource *r = find (election, resource);

  *primary = r ? r->primary : (struct inos_peer_id){0};
  return r ? r->primary_epoch : 0;
}

/* Voting */

static bool is_promised_to_another (const struct inos_election *election,
                                    const struct inos_election_resource *r,
                                    const struct inos_peer_id *candidate)
{
  return now_of (election) < r->promised && !inos_peer_id_equal (&r->vote.candidate, candidate);
}

bool inos_election_promise (struct inos_election *election, struct inos_election_resource *r,
                            const struct inos_peer_id *candidate, uint64_t epoch, uint64_t length)
{
  struct inos_election_vote vote = {r->resource, epoch, *candidate};
  bool is_same = inos_peer_id_equal (&r->vote.candidate, candidate);
  uint64_t until = now_of (election) + MIN (length, INOS_ELECTION_PROMISE);

  if (is_promised_to_another (election, r, candidate) || epoch == 0 || epoch < r->vote.epoch ||
      (epoch == r->vote.epoch && !is_same) || epoch - r->vote.epoch > INOS_ELECTION_EPOCH_STEP)
    return false;
  if (epoch > r->vote.epoch && !election->setup.events->store (election->setup.data, &vote))
    return false;
  r->promised = is_same ? MAX (r->promised, until) : until;
  r->vote = vote;
  r->seen = MAX (r->seen, epoch);
  return true;
}

static void refuse (struct inos_election *election, struct inos_election_resource *r,
                    const struct inos_peer_id *from, const struct inos_election_message *question)
{
  uint64_t now = now_of (election);
  bool promised = is_promised_to_another (election, r, from);

  inos_election_say (
    election, r, from,
    (struct inos_election_message){.kind = INOS_ELECTION_REFUSE,
                                   .epoch = r->vote.epoch,
                                   .number = question->number,
                                   .ms = promised ? (uint32_t)((r->promised - now) / MS + 1) : 0});
}

static void on_probe (struct inos_election *election, struct inos_election_resource *r,
                      const struct inos_peer_id *from, const struct inos_election_message *question)
{
  if (is_promised_to_another (election, r, from) || question->epoch <= r->vote.epoch ||
      inos_election_holds (election, r))
    refuse (election, r, from, question);
  else
    inos_election_say (election, r, from,
                       (struct inos_election_message){.kind = INOS_ELECTION_WOULD,
                                                      .epoch = question->epoch,
                                                      .number = question->number});
}

/* A promise to another ends what this node had begun itself: it could not vote for itself. */
static void on_vote (struct inos_election *election, struct inos_election_resource *r,
                     const struct inos_peer_id *from, const struct inos_election_message *question)
{
  uint64_t length = question->ms * MS;

  if (!inos_election_promise (election, r, from, question->epoch, length)) {
    refuse (election, r, from, question);
    return;
  }
  inos_election_wait (election, r);
  if (inos_peer_id_equal (&r->primary, &election->setup.id)) /* it was, and has not noticed yet */
    inos_election_know (election, r, NULL, r->primary_epoch, 0);
  if (question->kind == INOS_ELECTION_RENEW)
    inos_election_know (election, r, from, question->epoch, r->promised);
  inos_election_say (election, r, from,
                     (struct inos_election_message){.kind = INOS_ELECTION_GRANT,
                                                    .epoch = question->epoch,
                                                    .number = question->number});
}

static void on_release (struct inos_election *election, struct inos_election_resource *r,
                        const struct inos_peer_id *from,
                        const struct inos_election_message *message)
{
  if (message->epoch != r->vote.epoch || !inos_peer_id_equal (&r->vote.candidate, from))
    return;
  r->promised = MIN (r->promised, now_of (election));
  if (inos_peer_id_equal (&r->primary, from))
    inos_election_know (election, r, NULL, message->epoch, 0);
  inos_election_wait (election, r);
}

void inos_election_receive (struct inos_election *election, const struct inos_peer_id *from,
                            const void *bytes, size_t len)
{
  struct inos_election_message message;

  if (!inos_election_message_read (&message, bytes, len))
    return;
  struct inos_election_resource *r = find (election, message.resource);
  unsigned place = r ? place_of (r, from) : 0;
  if (!r || place == r->n_members || place == r->self || message.group != r->group)
    return;
  switch (message.kind) {
  case INOS_ELECTION_PROBE:
    on_probe (election, r, from, &message);
    break;
  case INOS_ELECTION_VOTE:
  case INOS_ELECTION_RENEW:
    on_vote (election, r, from, &message);
    break;
  case INOS_ELECTION_RELEASE:
    on_release (election, r, from, &message);
    break;
  default:
    inos_election_answered (election, r, place, &message);
  }
}

/* When */

static uint64_t deadline_of (const struct inos_election_resource *r)
{
  return MIN (r->next_at, r->primary.len > 0 ? r->primary_until : INOS_NEVER);
}

uint64_t inos_election_deadline (const struct inos_election *election)
{
  uint64_t at = INOS_NEVER;

  for (unsigned i = 0; i < election->n; i++)
    at = MIN (at, deadline_of (election->resources[i]));
  return at;
}

void inos_election_tick (struct inos_election *election)
{
  uint64_t now = now_of (election);

  for (unsigned i = 0; i < election->n; i++) {
    struct inos_election_resource *r = election->resources[i];
    if (r->primary.len > 0 && now >= r->primary_until && r->role != INOS_ELECTION_LEADS)
      inos_election_know (election, r, NULL, r->primary_epoch, 0);
    if (now >= r->next_at || r->role == INOS_ELECTION_LEADS)
      inos_election_step (election, r);
  }
}

/* What it holds */

uint64_t inos_election_token (const struct inos_election *election, uint64_t resource)
{
  const struct inos_election_resource *r = find (election, resource);

  return r && inos_election_holds (election, r) ? r->epoch : 0;
}

uint64_t inos_election_until (const struct inos_election *election, uint64_t resource)
{
  const struct inos_election_resource *r = find (election, resource);

  return r && inos_election_holds (election, r) ? r->lease : 0;
}

void inos_election_resign (struct inos_election *election, uint64_t resource)
{
  struct inos_election_resource *r = find (election, resource);

  if (!r || r->role != INOS_ELECTION_LEADS)
    return;
  inos_election_give_back (election, r);
  r->next_at = now_of (election) + INOS_ELECTION_PROMISE;
}
