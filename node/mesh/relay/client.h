/*
 * Relays, as who uses them sees them: a place at a relay, where others find this node
 * ("/ip4/…/p2p/RELAY/p2p-circuit"), and the way to peers that have such a place.
 *
 * To the host it is a network like any other: what goes by a relay is a link over a stream of
 * another connection. Connections over it are marked as relayed by their address; the relay limits
 * what they may carry and how long.
 *
 * Does no I/O; for the thread of its host.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"

#define INOS_RELAYS_MAX 8u /* at which a place is kept */

struct inos_relay_client;

/** inos_relay_client_new: adds its network to @host. */
struct inos_relay_client *inos_relay_client_new (struct inos_host *host);
/** inos_relay_client_free: after the host; takes NULL. */
void inos_relay_client_free (struct inos_relay_client *client);

/**
 * inos_relay_client_keep: keeps a place at @relay from now on: asks again before it expires, and,
 * more and more seldom, when it was refused or the connection broke. inos_host_listen() at
 * "ADDRESS/p2p/RELAY/p2p-circuit" does the same.
 * @address: (nullable): where @relay is, beside what is known
 *
 * Returns: whether there was room for another relay, or it was one already.
 */
bool inos_relay_client_keep (struct inos_relay_client *client, const struct inos_peer_id *relay,
                             const struct inos_multiaddr *address);
/** inos_relay_client_drop: not any more. */
void inos_relay_client_drop (struct inos_relay_client *client, const struct inos_peer_id *relay);

uint64_t inos_relay_client_deadline (const struct inos_relay_client *client);
void inos_relay_client_tick (struct inos_relay_client *client);

struct inos_relay_place {
  struct inos_peer_id relay;
  bool held;        /* there is a place */
  uint64_t expires; /* ns; when held */
  const char *why;  /* why not, a sentence's end; NULL: not known yet. Until the next call */
};
/** inos_relay_client_place: (out): the @index'th relay that it keeps a place at; whether there is
 * one. */
bool inos_relay_client_place (const struct inos_relay_client *client, unsigned index,
                              struct inos_relay_place *place);
