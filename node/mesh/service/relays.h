/*
 * Relays on the mesh's thread: who may have a place at this node, where this node has one, and
 * whether it needs one: AutoNAT.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/identity/identity.h"
#include "node/mesh/relay/autonat.h"
#include "node/mesh/relay/client.h"
#include "node/mesh/relay/server.h"
#include "node/mesh/service/mesh_config.h"

struct inos_relays;

/** inos_relays_new: @is_private: the mesh has a key of its own, so that whoever is here is a
 * member. */
struct inos_relays *inos_relays_new (struct inos_host *host, const struct inos_identity *identity,
                                     enum inos_relay_mode mode, bool is_private,
                                     GMainContext *context);
/** inos_relays_stop: before the host is freed: nothing is ticked any more. */
void inos_relays_stop (struct inos_relays *relays);
/** inos_relays_free: after the host. */
void inos_relays_free (struct inos_relays *relays);

struct inos_relay_client *inos_relays_client (struct inos_relays *relays);
const struct inos_autonat *inos_relays_autonat (const struct inos_relays *relays);
/** inos_relays_server: (nullable): NULL: this node is no relay. */
const struct inos_relay_server *inos_relays_server (const struct inos_relays *relays);
