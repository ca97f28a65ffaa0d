/*
 * Who is the primary of a resource, among the members of its replica group: who has a lease of a
 * majority (2 of 3, 3 of 5, 4 of 7).
 *
 * A member that votes promises two things. That it never votes for anybody else in this epoch: it
 * stores the vote before it answers. And that it votes for nobody at all for as long as it was
 * asked for, at most INOS_ELECTION_PROMISE by its own clock; after a restart, when it does not know
 * whom it had promised, for all of that. Who has the votes of a majority holds the lease, for five
 * sixths of that time by its own clock and from when it asked. So no two ever hold it at once, as
 * long as no clock runs more than INOS_ELECTION_DRIFT_MAX fast or slow:
 *
 *     lease (1 + d) <= promise (1 - d)   with lease = 5/6 promise:   d <= 1/11
 *
 * The primary asks again long before the end. Who wants to follow a primary that is silent asks all
 * first whether they would vote for it (Raft's pre-vote), so that one who merely cannot hear does
 * not disturb; it asks for a short promise, so that votes which are split cost little, and gives
 * back what it got in vain.
 *
 * The epoch is the fencing token: what a primary writes goes with it, and whoever stores refuses
 * what has a lower one than the last (struct inos_fence). That guards against a primary that was
 * stopped between looking at its lease and writing.
 *
 * A group is fixed for its resource: members answer only those who have the same list.
 *
 * Sources: Gray, Cheriton: "Leases", 1989; Ongaro, Ousterhout: "In search of an understandable
 * consensus algorithm", 2014, and Ongaro's thesis, 9.6, for the pre-vote.
 *
 * A core: see env.h. From its events it may be looked at, not changed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/channel.h"
#include "node/mesh/env.h"

#define INOS_ELECTION_MEMBERS_MAX 7u
#define INOS_ELECTION_RESOURCES_MAX 256u
#define INOS_ELECTION_PROMISE UINT64_C (3000000000)       /* ns */
#define INOS_ELECTION_SHORT_PROMISE UINT64_C (1200000000) /* ns; what a candidate asks for */
#define INOS_ELECTION_RENEW_EVERY UINT64_C (800000000)    /* ns between a primary's questions */
#define INOS_ELECTION_PATIENCE UINT64_C (500000000)       /* ns that a candidate waits */
#define INOS_ELECTION_RANK UINT64_C (120000000) /* ns that each rank waits longer to stand */
#define INOS_ELECTION_DRIFT_MAX (1.0 / 11)
#define INOS_ELECTION_EPOCH_STEP (UINT64_C (1) << 32) /* that an epoch may be ahead of ours */
/* The same of one that a refusal tells: less, so that what a liar tells one is not too far for all.
 */
#define INOS_ELECTION_TOLD_STEP (UINT64_C (1) << 20)

struct inos_election;

/* What a voter must not forget. */
struct inos_election_vote {
  uint64_t resource, epoch;
  struct inos_peer_id candidate;
};

struct inos_election_events {
  /* Makes @vote durable, in place of the one before of the same resource. Returns: whether it is;
   * if not, there was no vote. */
  bool (*store) (void *data, const struct inos_election_vote *vote);
  /* @primary, which may be this node, has been elected in @epoch; nobody (zero): the one that this
   * node knew, itself or another, has been silent for too long or gone. May be NULL. */
  void (*changed) (void *data, uint64_t resource, const struct inos_peer_id *primary,
                   uint64_t epoch);
};

struct inos_election_setup {
  const struct inos_mesh_env *env;
  struct inos_peer_id id;
  struct inos_channel channel; /* of messages or of datagrams */
  const struct inos_election_events *events;
  void *data;
};

struct inos_election *inos_election_new (const struct inos_election_setup *setup);
void inos_election_free (struct inos_election *election);

/**
 * inos_election_join:
 * @resource: a number that the group shares
 * @members: with this node among them, each once
 * @vote: (nullable): what was stored last; NULL: nothing ever was
 *
 * Returns: whether there is room for it, and they are a group; false too where it has joined.
 */
bool inos_election_join (struct inos_election *election, uint64_t resource,
                         const struct inos_peer_id *members, unsigned n,
                         const struct inos_election_vote *vote);
/** inos_election_leave: resigns, where it is the primary, and forgets the resource: whoever joins
 * again has to bring its vote. */
void inos_election_leave (struct inos_election *election, uint64_t resource);
/** inos_election_resign: gives the lease back, where it has one, and lets others go first. */
void inos_election_resign (struct inos_election *election, uint64_t resource);

/**
 * inos_election_token: the fencing token of @resource, now.
 *
 * Returns: the epoch while this node holds the lease; else 0.
 */
uint64_t inos_election_token (const struct inos_election *election, uint64_t resource);
/** inos_election_until: ns of env->now() up to which the lease holds; 0: there is none. */
uint64_t inos_election_until (const struct inos_election *election, uint64_t resource);
/** inos_election_primary: (out) @primary, of the highest epoch that this node has heard of and that
 * is not silent. Returns: its epoch; 0: there is none. */
uint64_t inos_election_primary (const struct inos_election *election, uint64_t resource,
                                struct inos_peer_id *primary);

/** inos_election_receive: what is no message, or of no member, counts for nothing. */
void inos_election_receive (struct inos_election *election, const struct inos_peer_id *from,
                            const void *bytes, size_t len);
uint64_t inos_election_deadline (const struct inos_election *election);
void inos_election_tick (struct inos_election *election);

/* Beside what a primary may write: the highest token that wrote. Zeroed it has seen none; it is
 * stored with what it guards. */
struct inos_fence {
  uint64_t token;
};

/** inos_fence_admit: whether @token may write; none that is lower may any more. */
static inline bool inos_fence_admit (struct inos_fence *fence, uint64_t token)
{
  if (token == 0 || token < fence->token)
    return false;
  fence->token = token;
  return true;
}
