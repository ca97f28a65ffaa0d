/*
 * Finding peers on the local network by multicast DNS: what is asked, what is answered, and what
 * answers say. Does no I/O; mdns_socket.h does. See env.h for the rules.
 *
 * Source: libp2p/specs, discovery/mdns; RFC 6762 and 6763.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"
#include "node/mesh/wire/multiaddr.h"

#define INOS_MDNS_PACKET_MAX 1400 /* bytes of one that is sent */
#define INOS_MDNS_PACKETS 100     /* taken in a second; the others are dropped */
#define INOS_MDNS_PEERS 16        /* told of one packet */
#define INOS_MDNS_ADDRESSES 16    /* of one peer, told or sent */
#define INOS_MDNS_TTL 120         /* s */
#define INOS_MDNS_QUERY_MAX 300   /* s between questions, at the end */

struct inos_mdns;

struct inos_mdns_events {
  /* To all on the local network. May not call back. */
  void (*send) (void *data, const uint8_t *bytes, size_t len);
  /* @peer says it can be reached there; told again and again. Nobody has proven it. May not call
   * back. */
  void (*found) (void *data, const struct inos_peer_id *peer,
                 const struct inos_multiaddr *addresses, unsigned n_addresses);
};

/**
 * inos_mdns_new:
 * @self: who asks, and is found
 * @network: (nullable): the fingerprint in hexadecimal of a private mesh, whose peers only find
 * each other
 */
struct inos_mdns *inos_mdns_new (const struct inos_mesh_env *env,
                                 const struct inos_mdns_events *events, void *data,
                                 const struct inos_peer_id *self, const char *network);
/** inos_mdns_free: takes NULL. */
void inos_mdns_free (struct inos_mdns *mdns);
/** inos_mdns_set_addresses: where this peer can be reached; those that mean nothing to others on
 * the network are left out. */
void inos_mdns_set_addresses (struct inos_mdns *mdns, const struct inos_multiaddr *addresses,
                              unsigned n_addresses);
/** inos_mdns_restart: the network has changed: asks and tells anew. */
void inos_mdns_restart (struct inos_mdns *mdns);
/** inos_mdns_receive: a packet came from the local network. */
void inos_mdns_receive (struct inos_mdns *mdns, const uint8_t *bytes, size_t len);
uint64_t inos_mdns_deadline (const struct inos_mdns *mdns);
void inos_mdns_tick (struct inos_mdns *mdns);
