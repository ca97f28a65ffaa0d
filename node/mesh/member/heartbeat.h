/*
 * Heartbeats between the members of replica groups, which have to know sooner than the mesh does:
 * each tells the others of its groups once a second that it is there, and who has said nothing for
 * five seconds is dead to them. Before that it is late, when so long a silence has become unlikely
 * for this peer (a phi accrual detector).
 *
 * Peers that share several groups beat once for all of them. That somebody is dead here is no
 * reason to take what it holds: a primary goes by lease, epoch and majority.
 *
 * Source: Hayashibara, Défago, Yared, Katayama: "The phi accrual failure detector", 2004.
 *
 * A core: see env.h. From its events it may be looked at, not changed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/channel.h"
#include "node/mesh/env.h"

#define INOS_HEARTBEAT_GROUP_MAX 7u /* members of a group */
#define INOS_HEARTBEAT_GROUPS_MAX 256u
#define INOS_HEARTBEAT_PEERS_MAX 256u
#define INOS_HEARTBEAT_EVERY UINT64_C (1000000000) /* ns */
#define INOS_HEARTBEAT_DEAD UINT64_C (5000000000)  /* ns of silence */
#define INOS_HEARTBEAT_PHI 8.0                     /* late: one silence of so long in 10^8 */

struct inos_heartbeat;

enum inos_heartbeat_state {
  INOS_HEARTBEAT_UNKNOWN, /* in no group */
  INOS_HEARTBEAT_NEW,     /* has said nothing yet, and still has time */
  INOS_HEARTBEAT_THERE,
  INOS_HEARTBEAT_LATE,
  INOS_HEARTBEAT_GONE,
};

struct inos_heartbeat_events {
  /* @restarted: it is there again without what it had in memory. */
  void (*changed) (void *data, const struct inos_peer_id *peer, enum inos_heartbeat_state state,
                   bool restarted);
};

struct inos_heartbeat_setup {
  const struct inos_mesh_env *env;
  struct inos_peer_id id;
  struct inos_channel channel; /* of messages or of datagrams */
  const struct inos_heartbeat_events *events;
  void *data;
};

struct inos_heartbeat *inos_heartbeat_new (const struct inos_heartbeat_setup *setup);
void inos_heartbeat_free (struct inos_heartbeat *heartbeat);
/**
 * inos_heartbeat_join:
 * @group: a number that its members share
 * @peers: its members; itself may be among them
 *
 * Whoever was in @group before and is not now leaves it.
 *
 * Returns: whether there is room for it; if not, all is as before.
 */
bool inos_heartbeat_join (struct inos_heartbeat *heartbeat, uint64_t group,
                          const struct inos_peer_id *peers, unsigned n_peers);
/** inos_heartbeat_leave: @group is none any more. */
void inos_heartbeat_leave (struct inos_heartbeat *heartbeat, uint64_t group);
/** inos_heartbeat_receive: what is no heartbeat, or of a stranger, counts for nothing. */
void inos_heartbeat_receive (struct inos_heartbeat *heartbeat, const struct inos_peer_id *from,
                             const void *bytes, size_t len);
uint64_t inos_heartbeat_deadline (const struct inos_heartbeat *heartbeat);
void inos_heartbeat_tick (struct inos_heartbeat *heartbeat);
enum inos_heartbeat_state inos_heartbeat_state (const struct inos_heartbeat *heartbeat,
                                                const struct inos_peer_id *peer);
