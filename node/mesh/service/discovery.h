/*
 * Discovery: peers that the local network tells of are dialled, on the mesh's thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"
#include "node/mesh/link/connection.h"

struct inos_discovery;

/**
 * inos_discovery_new: asks and tells by multicast DNS from now on.
 * @psk: (nullable): of a private mesh, whose peers only find each other
 *
 * Returns: (nullable): NULL where this machine has no multicast, which the log says.
 */
struct inos_discovery *inos_discovery_new (struct inos_host *host, GMainContext *context,
                                           const uint8_t psk[INOS_PSK_SIZE]);
/** inos_discovery_free: before the host is freed; takes NULL. */
void inos_discovery_free (struct inos_discovery *discovery);
/** inos_discovery_moved: the host listens elsewhere; takes NULL. */
void inos_discovery_moved (struct inos_discovery *discovery);
