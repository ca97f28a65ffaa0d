/*
 * Where things are in the DHT: the SHA-256 of a peer's id or of a key, and how far two of them are
 * from each other (their XOR, as a number).
 *
 * Source: libp2p/specs, kad-dht; Maymounkov and Mazières, "Kademlia".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/peer_id.h"

#define INOS_KAD_BITS 256

struct inos_kad_key {
  uint8_t bytes[INOS_KAD_BITS / 8];
};

struct inos_kad_key inos_kad_key_of (const void *bytes, size_t len);
struct inos_kad_key inos_kad_key_of_peer (const struct inos_peer_id *peer);
/** inos_kad_shared: how many bits @a and @b begin with that are the same; 256: all. */
unsigned inos_kad_shared (const struct inos_kad_key *a, const struct inos_kad_key *b);
/** inos_kad_nearer: <0: @a is nearer to @target than @b is; 0: they are the same; >0: farther. */
int inos_kad_nearer (const struct inos_kad_key *target, const struct inos_kad_key *a,
                     const struct inos_kad_key *b);
