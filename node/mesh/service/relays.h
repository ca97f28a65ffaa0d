/*
 * Relays on the mesh's thread: who may have a place at this node, where this node has one, whether
 * it needs one: AutoNAT, and how it gets on without: DCUtR.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/identity/identity.h"
#include "node/mesh/relay/autonat.h"
#include "node/mesh/relay/client.h"
#include "node/mesh/relay/dcutr.h"
#include "node/mesh/relay/server.h"
#include "node/mesh/service/mesh_config.h"

struct inos_relays;

/** inos_relays_new: @config: is not kept. */
struct inos_relays *inos_relays_new (struct inos_host *host, const struct inos_identity *identity,
                                     const struct inos_mesh_config *config, GMainContext *context);
/** inos_relays_stop: before the host is freed: nothing is ticked any more. */
void inos_relays_stop (struct inos_relays *relays);
/** inos_relays_free: after the host. */
void inos_relays_free (struct inos_relays *relays);

/** inos_relays_rest: whether nobody gets a place here from now on. */
void inos_relays_rest (struct inos_relays *relays, bool rests);

struct inos_relay_client *inos_relays_client (struct inos_relays *relays);
const struct inos_autonat *inos_relays_autonat (const struct inos_relays *relays);
/** inos_relays_dcutr: (nullable): NULL: no holes are punched. */
const struct inos_dcutr *inos_relays_dcutr (const struct inos_relays *relays);
/** inos_relays_server: (nullable): NULL: this node is no relay. */
const struct inos_relay_server *inos_relays_server (const struct inos_relays *relays);
