/*
 * The DHT on the streams of a host, on the mesh's thread, and what its keys are called.
 *
 * A value is at "/inos/PEER/NAME" and signed by PEER: each node writes below its own id, and reads
 * everybody's. What is provided is named by a CID; a text that is none stands for the CID of its
 * SHA-256.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/dht/kad.h"
#include "node/mesh/host/host.h"

#define INOS_DHT_SPACE "inos"
#define INOS_DHT_KEY_MAX 256u    /* bytes */
#define INOS_DHT_VALUE_MAX 8192u /* bytes of what a person puts */

struct inos_dht;

/** inos_dht_new: @state_dir (nullable): where values outlive it. */
struct inos_dht *inos_dht_new (struct inos_host *host, const struct inos_identity *identity,
                               GMainContext *context, const char *state_dir);
/** inos_dht_stop: before the host is freed: nothing is ticked any more. */
void inos_dht_stop (struct inos_dht *dht);
/** inos_dht_free: after the host. */
void inos_dht_free (struct inos_dht *dht);
/** inos_dht_serve: whether others may ask this node from now on, and it is in their tables.
 * Returns: whether that has changed: peers are to be told what it speaks. */
bool inos_dht_serve (struct inos_dht *dht, bool serves);
struct inos_kad *inos_dht_kad (struct inos_dht *dht);

/**
 * inos_dht_key: the key that @name stands for: "/inos/PEER/NAME" itself, "PEER/NAME", or a NAME of
 * this node's own.
 *
 * Returns: (transfer full) (nullable): the key; NULL: @name is none.
 */
char *inos_dht_key (struct inos_dht *dht, const char *name);
/** inos_dht_provide: as inos_kad_provide(), of one key, and again by the node's next life. */
bool inos_dht_provide (struct inos_dht *dht, GBytes *key, inos_kad_stored done, void *data);
/** inos_dht_unprovide: does not say so again; others forget it when it expires. Returns: false
 * where it was not provided. */
bool inos_dht_unprovide (struct inos_dht *dht, GBytes *key);
/** inos_dht_content: the multihash that @name stands for. */
GBytes *inos_dht_content (const char *name);
/**
 * inos_dht_put: signs @data and stores it at @key, which is of this node.
 *
 * Returns: false: it is not, or the DHT does not take it; then @done is not called.
 */
bool inos_dht_put (struct inos_dht *dht, const char *key, const void *data, size_t len,
                   inos_kad_stored done, void *done_data);
