/*
 * Ping: 32 bytes there and back.
 *
 * Source: libp2p/specs, ping.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"

#define INOS_PING_PROTOCOL "/ipfs/ping/1.0.0"
#define INOS_PING_SIZE 32u

struct inos_ping;

/** inos_ping_new: answers pings of @host from now on; freed before @host's next event. */
struct inos_ping *inos_ping_new (struct inos_host *host);
void inos_ping_free (struct inos_ping *ping);

/* @round_trip: ns; @error: why there was none. */
typedef void (*inos_ping_done) (void *data, uint64_t round_trip, const GError *error);

/** inos_ping_send: one ping to @peer, to whom there is a connection. Calls @done once. */
void inos_ping_send (struct inos_ping *ping, const struct inos_peer_id *peer, inos_ping_done done,
                     void *data);
