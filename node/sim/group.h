/*
 * What nodes of a world do in groups: the first `replicas` of them share a document, in which each
 * writes until the scenario's `writing` is over, and of the first `groups` times five each five
 * elect a primary.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/group/election_message.h"
#include "node/mesh/state/document.h"
#include "node/sim/world.h"

#define INOS_SIM_GROUP 5u         /* members of a replica group */
#define INOS_SIM_REPLICAS_MAX 65u /* that share the document: as members may be of one */
#define INOS_SIM_PORT_REPLICA 1u
#define INOS_SIM_PORT_VOTER 2u
#define INOS_SIM_TOPIC "sim"

enum inos_sim_letter {
  INOS_SIM_LETTER_DELTA,
  INOS_SIM_LETTER_QUESTION,
  INOS_SIM_LETTER_ANSWER,
  INOS_SIM_LETTER_NO_ANSWER,
};

/* The service "replica" */
bool inos_sim_replica_wanted (const struct inos_sim_world *world);
void *inos_sim_replica_start (struct inos_sim_node *node);
void inos_sim_replica_stop (struct inos_sim_node *node, void *service);
void inos_sim_replica_receive (void *service, const struct inos_peer_id *from, bool datagram,
                               const uint8_t *bytes, size_t len);
uint64_t inos_sim_replica_deadline (void *service);
void inos_sim_replica_tick (void *service);
/** inos_sim_replica_document: (nullable): the one that @node shares now. */
struct inos_document *inos_sim_replica_document (const struct inos_sim_node *node);
void inos_sim_replica_say (struct inos_sim_node *node, const struct inos_peer_id *to,
                           enum inos_sim_letter letter, uint64_t ticket,
                           const struct inos_buffer *body);
/** inos_sim_check_converged: all replicas that are up and do not lie are equal. */
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
/** inos_sim_voter_heard: what @node, a member of a group, heard last in its group. */
struct inos_election_message inos_sim_voter_heard (const struct inos_sim_node *node);
/** inos_sim_check_primaries: each group has one, of which a majority has been up for ten seconds.
 */
void inos_sim_check_primaries (struct inos_sim_world *world);

/* liar_state.c, liar_group.c: one lie, to anybody. */
void inos_sim_replica_lie (struct inos_sim_node *node);
/** inos_sim_replica_answer_falsely: appends an answer to any question. */
void inos_sim_replica_answer_falsely (struct inos_sim_node *node, struct inos_buffer *out);
void inos_sim_voter_lie (struct inos_sim_node *node);
