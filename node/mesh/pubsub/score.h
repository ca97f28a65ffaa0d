/*
 * What a node thinks of its peers of pubsub: a number that falls when they misbehave and rises when
 * they are useful. Nobody else hears of it. A bad one is remembered for a while after the peer has
 * gone, so that to come again does not help.
 *
 * Source: libp2p/specs, pubsub/gossipsub 1.1: "Peer Scoring"; P1 to P7 are its names.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"
#include "node/mesh/wire/peer_id.h"

#include <glib.h>

#define INOS_SCORE_TOPICS 64     /* that one peer's behaviour is kept for */
#define INOS_SCORE_RETAINED 4096 /* peers that have gone and are remembered */
#define INOS_SCORE_IP_MAX 16     /* bytes of an address, or of the prefix that counts as one */

/* Of one topic; weights of penalties are negative, a weight of 0 turns one off. */
struct inos_topic_score_params {
  double weight;
  double time_weight, time_quantum, time_cap;               /* P1; quantum in s */
  double first_weight, first_decay, first_cap;              /* P2 */
  double mesh_weight, mesh_decay, mesh_cap, mesh_threshold; /* P3 */
  uint64_t mesh_window, mesh_activation;                    /* P3; ns */
  double failure_weight, failure_decay;                     /* P3b */
  double invalid_weight, invalid_decay;                     /* P4 */
};

struct inos_score_params {
  double topic_cap;              /* of all topics together; 0: none */
  double app_weight;             /* P5 */
  double colocation_weight;      /* P6 */
  unsigned colocation_threshold; /* peers that may share an address */
  double behaviour_weight, behaviour_decay, behaviour_threshold; /* P7 */
  double decay_to_zero;                                          /* below this a counter is 0 */
  uint64_t retain; /* ns that one of a peer that has gone is kept */
  /* Thresholds, from the best to the worst. */
  double opportunistic, accept_px, gossip, publish, graylist;
};

/**
 * inos_score_defaults: for meshes of 5 to 700 members that trust each other somewhat.
 *
 * P3 is off: it punishes peers of a topic in which there is just nothing said. The others are such
 * that a peer is graylisted by its third forged message within a minute, or its fifth broken
 * promise, and that nobody ever is by what honest peers do in a net that loses connections.
 */
void inos_score_defaults (struct inos_score_params *params);
void inos_topic_score_defaults (struct inos_topic_score_params *params);

struct inos_scores; /* of all peers */
struct inos_score;  /* of one */

struct inos_scores *inos_scores_new (const struct inos_mesh_env *env,
                                     const struct inos_score_params *params,
                                     const struct inos_topic_score_params *topic_params);
void inos_scores_free (struct inos_scores *scores);
const struct inos_score_params *inos_scores_params (const struct inos_scores *scores);
/** inos_scores_set_topic: other parameters for one topic, from now on. At most INOS_SCORE_TOPICS
 * topics have some; whether it was taken. */
bool inos_scores_set_topic (struct inos_scores *scores, const char *topic,
                            const struct inos_topic_score_params *params);

/**
 * inos_scores_add: @peer is there.
 * @ip: (nullable): where from, of at most INOS_SCORE_IP_MAX bytes; NULL: it does not count
 *
 * Returns: its score, until inos_scores_remove().
 */
struct inos_score *inos_scores_add (struct inos_scores *scores, const struct inos_peer_id *peer,
                                    const void *ip, size_t ip_len);
/** inos_scores_remove: the peer has gone; its score is kept where it is bad. */
void inos_scores_remove (struct inos_scores *scores, struct inos_score *score);
/** inos_scores_decay: one period, of a second. */
void inos_scores_decay (struct inos_scores *scores);
/** inos_scores_retained: peers that have gone and are remembered. */
unsigned inos_scores_retained (const struct inos_scores *scores);

double inos_score_value (const struct inos_scores *scores, const struct inos_score *score);
/** inos_score_set_app: P5. */
void inos_score_set_app (struct inos_score *score, double value);
/** inos_score_penalize: adds @count to P7. */
void inos_score_penalize (struct inos_score *score, double count);
void inos_score_graft (struct inos_scores *scores, struct inos_score *score, const char *topic);
void inos_score_prune (struct inos_scores *scores, struct inos_score *score, const char *topic);
/** inos_score_first: it brought a valid message before all others. */
void inos_score_first (struct inos_scores *scores, struct inos_score *score, const char *topic);
/**
 * inos_score_duplicate: it brought a valid message after another peer.
 * @decided: when that was found valid; 0: it is only now
 */
void inos_score_duplicate (struct inos_scores *scores, struct inos_score *score, const char *topic,
                           uint64_t decided);
/** inos_score_invalid: it brought what no honest peer forwards. */
void inos_score_invalid (struct inos_scores *scores, struct inos_score *score, const char *topic);
