/*
 * What nodes of a world do in groups: the first `replicas` of them share a document, in which each
 * writes until the scenario's `writing` is over, and of the first `groups` times five each five
 * elect a primary.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/sim/world.h"

#define INOS_SIM_GROUP 5u         /* members of a replica group */
#define INOS_SIM_REPLICAS_MAX 65u /* that share the document: as members may be of one */
#define INOS_SIM_PORT_REPLICA 1u
#define INOS_SIM_PORT_VOTER 2u

/* The service "replica" */
bool inos_sim_replica_wanted (const struct inos_sim_world *world);
void *inos_sim_replica_start (struct inos_sim_node *node);
void inos_sim_replica_stop (struct inos_sim_node *node, void *service);
void inos_sim_replica_receive (void *service, const struct inos_peer_id *from, bool datagram,
                               const uint8_t *bytes, size_t len);
uint64_t inos_sim_replica_deadline (void *service);
void inos_sim_replica_tick (void *service);
/** inos_sim_check_converged: all replicas that are up are equal. */
void inos_sim_check_converged (struct inos_sim_world *world);

/* The service "voter". That no group has two primaries, and no epoch, is checked whenever one of
 * them hears or does something. */
bool inos_sim_voter_wanted (const struct inos_sim_world *world);
void *inos_sim_voter_start (struct inos_sim_node *node);
void inos_sim_voter_stop (struct inos_sim_node *node, void *service);
void inos_sim_voter_receive (void *service, const struct inos_peer_id *from, bool datagram,
                             const uint8_t *bytes, size_t len);
uint64_t inos_sim_voter_deadline (void *service);
void inos_sim_voter_tick (void *service);
/** inos_sim_check_primaries: each group has one, of which a majority has been up for ten seconds.
 */
void inos_sim_check_primaries (struct inos_sim_world *world);
