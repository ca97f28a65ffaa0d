/*
 * Reputation on the mesh's thread: whoever has dealt with a peer says how it went
 * (inos_reputations_saw()), whoever has to choose between peers asks what to expect of them. The
 * members hear of it in this node's signed state, and this node of what they saw in theirs; it is
 * there again after a restart.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/reputation/hearsay.h"
#include "node/mesh/reputation/reputation.h"
#include "node/mesh/service/states.h"
#include "node/mesh/service/topics.h"
#include "node/mesh/service/trust.h"

struct inos_reputations;

struct inos_reputations_setup {
  struct inos_host *host;
  struct inos_trust *trust;
  struct inos_topics *topics;
  struct inos_states *states;
  struct inos_membership *membership;
  GMainContext *context;
  const char *state_dir; /* (nullable): it remembers nothing */
};

/** inos_reputations_new: with what it remembers; watches the host's dials. */
struct inos_reputations *inos_reputations_new (const struct inos_reputations_setup *setup);
/** inos_reputations_stop: before any of the setup is stopped: nothing counts any more, and what
 * there is is saved, for which it may run the context. */
void inos_reputations_stop (struct inos_reputations *reputations);
/** inos_reputations_free: after the host, and whoever sees. Takes NULL. */
void inos_reputations_free (struct inos_reputations *reputations);

/** inos_reputations_saw: @peer did so to this node, now. @reputations: (nullable): nobody looks. */
void inos_reputations_saw (struct inos_reputations *reputations, const struct inos_peer_id *peer,
                           enum inos_conduct conduct);
/** inos_reputations_tell: looks at the scores of pubsub, and has this node's state say what it
 * thinks of others when it is told next. */
void inos_reputations_tell (struct inos_reputations *reputations);

/** inos_reputations_hear: (transfer full): what the members say now. */
struct inos_hearsay *inos_reputations_hear (struct inos_reputations *reputations);
/** inos_reputations_expect: what is to be expected of @peer, per mille; never 0. */
unsigned inos_reputations_expect (struct inos_reputations *reputations,
                                  const struct inos_hearsay *hearsay,
                                  const struct inos_peer_id *peer);
/** inos_reputations_own: what this node has seen itself. */
struct inos_reputation *inos_reputations_own (struct inos_reputations *reputations);
/** inos_reputations_forget: what it has seen of @peer. Returns: whether there was anything. */
bool inos_reputations_forget (struct inos_reputations *reputations,
                              const struct inos_peer_id *peer);
