/*
 * The messages of the last heartbeats, for those who ask for them after an IHAVE.
 *
 * Source: libp2p/specs, pubsub/gossipsub 1.0: "Message cache".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/pubsub/message.h"

#define INOS_MCACHE_WINDOWS 5                 /* heartbeats that one is kept */
#define INOS_MCACHE_GOSSIP 3                  /* of them, those that are told of */
#define INOS_MCACHE_BYTES (32u * 1024 * 1024) /* in all; more: the oldest go */
#define INOS_MCACHE_MESSAGES 16384

struct inos_mcache;

struct inos_mcache *inos_mcache_new (void);
void inos_mcache_free (struct inos_mcache *mcache);
/** inos_mcache_put: keeps a reference, unless it is there. */
void inos_mcache_put (struct inos_mcache *mcache, struct inos_pubsub_message *message);
/**
 * inos_mcache_get:
 * @asker: who asks, by a number that no other peer gets
 * @times: (out): how often it has asked for this one, this time included
 *
 * Returns: (nullable): the message.
 */
struct inos_pubsub_message *inos_mcache_get (struct inos_mcache *mcache,
                                             const struct inos_pubsub_message_id *id,
                                             uint64_t asker, unsigned *times);
/** inos_mcache_gossip: calls @each for those of @topic that are to be told of, the newest first. */
void inos_mcache_gossip (struct inos_mcache *mcache, const char *topic,
                         void (*each) (void *data, const struct inos_pubsub_message *message),
                         void *data);
/** inos_mcache_shift: a heartbeat: what has been there for INOS_MCACHE_WINDOWS goes. */
void inos_mcache_shift (struct inos_mcache *mcache);
unsigned inos_mcache_count (const struct inos_mcache *mcache);
