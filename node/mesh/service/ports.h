/*
 * Port mapping on the mesh's thread: what listens at a private address is to be found at the
 * router's, and is told as an address of this node.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"

struct inos_ports;

/** inos_ports_new: @context: of @host's thread. */
struct inos_ports *inos_ports_new (struct inos_host *host, GMainContext *context);
/** inos_ports_stop: before the host: gives the ports back. Takes NULL. */
void inos_ports_stop (struct inos_ports *ports);
/** inos_ports_free: after the host, who tells it of addresses. Takes NULL. */
void inos_ports_free (struct inos_ports *ports);
/** inos_ports_state: "searching", "none" (no router answers), "refused", "private" (the router has
 * no public address itself), "nat-pmp" or "upnp"; NULL: "off". Static. */
const char *inos_ports_state (const struct inos_ports *ports);
