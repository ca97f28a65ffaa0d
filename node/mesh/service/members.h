/*
 * Membership: who is in the mesh, alive or not, and what each says of itself. On the mesh's thread.
 *
 * A member is whoever speaks "/inos/member/1.0.0"; other peers of libp2p are peers and no members.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"
#include "node/mesh/link/datagrams.h"
#include "node/mesh/member/members.h"
#include "node/mesh/service/mesh_config.h"

struct inos_membership;

/* What of this machine the other members hear. Zero is a machine of which nothing is known. */
struct inos_member_figures {
  unsigned load; /* per mille of the processor's time */
  unsigned cores, gpus;
  uint64_t memory;  /* bytes */
  uint64_t storage; /* bytes that are free where the node keeps its state */
};

/* @peer has another state now; alive says how many are, this node too. NULL for @state: it is
 * forgotten. */
typedef void (*inos_mesh_on_member) (void *data, const struct inos_peer_id *peer, const char *state,
                                     unsigned alive);

/** inos_membership_new: on @context; @on_member is told of others. */
struct inos_membership *inos_membership_new (struct inos_host *host,
                                             const struct inos_identity *identity,
                                             GMainContext *context,
                                             const struct inos_mesh_config *config,
                                             inos_mesh_on_member on_member, void *data);
/** inos_membership_listen: takes datagrams where the host listens; says so to the others. */
void inos_membership_listen (struct inos_membership *membership,
                             const struct inos_multiaddr *address);
/** inos_membership_moved: the host's addresses have changed. */
void inos_membership_moved (struct inos_membership *membership);
/** inos_membership_describe: what the others are to know of this machine. */
void inos_membership_describe (struct inos_membership *membership,
                               const struct inos_member_figures *figures);
/** inos_membership_leave: says goodbye, for which it takes a part of a second where there are
 * others; runs the context meanwhile. */
void inos_membership_leave (struct inos_membership *membership);
/** inos_membership_stop: before the host is freed: nothing is ticked any more. */
void inos_membership_stop (struct inos_membership *membership);
/** inos_membership_free: after the host. Takes NULL. */
void inos_membership_free (struct inos_membership *membership);

/** inos_membership_expel: @peer, whom the host's guard does not let in any more, is forgotten. */
void inos_membership_expel (struct inos_membership *membership, const struct inos_peer_id *peer);
/** inos_membership_learn: where @peer says that it is, the host's book knows now too. */
void inos_membership_learn (struct inos_membership *membership, const struct inos_peer_id *peer);

struct inos_members *inos_membership_members (struct inos_membership *membership);
/** inos_membership_rest: whether this node asks others less often that they are there. */
void inos_membership_rest (struct inos_membership *membership, bool rests);
/** inos_membership_datagrams: what came and went as datagrams. */
const struct inos_datagrams_stats *
inos_membership_datagrams (const struct inos_membership *membership);
/** inos_membership_state: "alive", "suspect", "dead" or "left". */
const char *inos_membership_state (enum inos_member_state state);
