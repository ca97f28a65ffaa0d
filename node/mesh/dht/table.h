/*
 * The peers that a node knows for the DHT: up to INOS_KAD_K for each length of what their keys
 * share with its own, those that have been there longest first. One that comes to a full bucket
 * waits in its replacements until another does not answer any more.
 *
 * From one group of addresses (a prefix, see kad.h) only few are taken, so that nobody fills it
 * alone.
 *
 * Source: libp2p/specs, kad-dht; Maymounkov and Mazières, "Kademlia", 2.2 and 4.1.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/dht/key.h"

#include <glib.h>

#define INOS_KAD_K 20
#define INOS_KAD_GROUP_IN_BUCKET 3 /* peers of one group */
#define INOS_KAD_GROUP_IN_TABLE 12
#define INOS_KAD_GROUP_MAX 16 /* bytes */

/* Which group of addresses a peer belongs to; len 0: none, it is not counted. */
struct inos_kad_group {
  uint8_t len;
  uint8_t bytes[INOS_KAD_GROUP_MAX];
};

struct inos_kad_entry {
  struct inos_peer_id peer;
  struct inos_kad_key key;
  struct inos_kad_group group;
  uint64_t heard; /* ns, when it last answered or asked */
  bool checking;  /* it is being asked whether it is there */
};

struct inos_kad_table;

struct inos_kad_table *inos_kad_table_new (const struct inos_kad_key *self);
void inos_kad_table_free (struct inos_kad_table *table);
/**
 * inos_kad_table_add: @peer is there.
 *
 * Returns: (nullable): one that is to be checked, since it has been quiet longest in a bucket that
 * has no room for @peer; it is until inos_kad_table_add() or inos_kad_table_remove().
 */
struct inos_kad_entry *inos_kad_table_add (struct inos_kad_table *table,
                                           const struct inos_peer_id *peer,
                                           const struct inos_kad_group *group, uint64_t now);
/** inos_kad_table_remove: it does not answer, or serves no more; one that waits takes its place. */
void inos_kad_table_remove (struct inos_kad_table *table, const struct inos_peer_id *peer);
/** inos_kad_table_find: (nullable): its entry, until the table changes. */
struct inos_kad_entry *inos_kad_table_find (struct inos_kad_table *table,
                                            const struct inos_peer_id *peer);
/** inos_kad_table_nearest: up to @max that are nearest to @target, the nearest first. */
unsigned inos_kad_table_nearest (const struct inos_kad_table *table,
                                 const struct inos_kad_key *target, struct inos_kad_entry *out,
                                 unsigned max);
unsigned inos_kad_table_count (const struct inos_kad_table *table);
/** inos_kad_table_in_bucket: how many share just @shared bits; @waiting: (out) (optional). */
unsigned inos_kad_table_in_bucket (const struct inos_kad_table *table, unsigned shared,
                                   unsigned *waiting);
/** inos_kad_table_depth: one more than the most bits that any shares; 0: there is none. */
unsigned inos_kad_table_depth (const struct inos_kad_table *table);
