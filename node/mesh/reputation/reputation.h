/*
 * Reputation: what this node has seen of its peers, of each as evidence.h keeps it, and so what is
 * to be expected of them. What a peer says of itself is nowhere in it.
 *
 * A core (env.h) without deadlines and events.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"
#include "node/mesh/reputation/evidence.h"
#include "node/mesh/reputation/opinion.h"

#define INOS_REPUTATION_PEERS_MAX 1024u /* above it the one goes of whom least is known */

struct inos_reputation;

/* One peer; all of it as of when it was looked at. */
struct inos_reputed {
  struct inos_peer_id id;
  struct inos_evidence evidence;
  uint64_t last[INOS_CONDUCTS]; /* ns, when it last counted; 0: not since the node started */
};

struct inos_reputation *inos_reputation_new (const struct inos_mesh_env *env);
/** inos_reputation_free: takes NULL. */
void inos_reputation_free (struct inos_reputation *reputation);

/** inos_reputation_saw: @peer did so, now. Returns: whether it counts. */
bool inos_reputation_saw (struct inos_reputation *reputation, const struct inos_peer_id *peer,
                          enum inos_conduct conduct);
/** inos_reputation_find: (nullable): until anything is changed. */
const struct inos_reputed *inos_reputation_find (struct inos_reputation *reputation,
                                                 const struct inos_peer_id *peer);
unsigned inos_reputation_count (const struct inos_reputation *reputation);
/** inos_reputation_at: the @index'th, by id, of which there are so many; as inos_reputation_find().
 */
const struct inos_reputed *inos_reputation_at (struct inos_reputation *reputation, unsigned index);
/** inos_reputation_expect: what is to be expected of @peer, per mille, where others say @base of
 * it. */
unsigned inos_reputation_expect (struct inos_reputation *reputation,
                                 const struct inos_peer_id *peer, unsigned base);
/** inos_reputation_forget: what was seen of @peer. Returns: whether there was anything. */
bool inos_reputation_forget (struct inos_reputation *reputation, const struct inos_peer_id *peer);
/** inos_reputation_succeed: @peer is @latest now, and what it did is that one's doing, beside what
 * it did already. Returns: whether there was anything. */
bool inos_reputation_succeed (struct inos_reputation *reputation, const struct inos_peer_id *peer,
                              const struct inos_peer_id *latest);
/** inos_reputation_restore: @peer, of whom nothing is known, as it was kept. Returns: whether there
 * is room, and anything worth it. */
bool inos_reputation_restore (struct inos_reputation *reputation, const struct inos_peer_id *peer,
                              const struct inos_evidence *evidence);

/**
 * inos_reputation_opinions: what this node says to others: those of whom it has seen an outcome or
 * more, the best known first, as many as @share.
 * @counts: whether @peer is one to speak of
 */
void inos_reputation_opinions (struct inos_reputation *reputation, unsigned share,
                               bool (*counts) (void *data, const struct inos_peer_id *peer),
                               void *data, struct inos_opinions *opinions);
