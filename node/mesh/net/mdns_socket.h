/*
 * Multicast DNS on all interfaces of this machine that can do it, IPv4 and IPv6, as they come and
 * go.
 *
 * For the thread of its context.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/net/mdns.h"

#include <glib.h>

#define INOS_MDNS_INTERFACES 32 /* more are left out */

struct inos_mdns_socket;

/* @peer says it can be reached there; told again and again, and nobody has proven it. */
typedef void (*inos_mdns_found) (void *data, const struct inos_peer_id *peer,
                                 const struct inos_multiaddr *addresses, unsigned n_addresses);

/**
 * inos_mdns_socket_new:
 * @self, @network: as of inos_mdns_new()
 * @error: why there is not even one of the two sockets
 *
 * Returns: (transfer full) (nullable): it asks from now on.
 */
struct inos_mdns_socket *inos_mdns_socket_new (GMainContext *context,
                                               const struct inos_peer_id *self, const char *network,
                                               inos_mdns_found found, void *data, GError **error);
/** inos_mdns_socket_free: takes NULL. */
void inos_mdns_socket_free (struct inos_mdns_socket *socket);
/** inos_mdns_socket_set_addresses: as inos_mdns_set_addresses(). */
void inos_mdns_socket_set_addresses (struct inos_mdns_socket *socket,
                                     const struct inos_multiaddr *addresses, unsigned n_addresses);
