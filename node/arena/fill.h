/*
 * From what the parts of the node say to rows of the arena. Every row is whole: what is not known
 * is zero, or what the schema says.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/health.h"
#include "node/arena/layout.h"
#include "node/monitor/sample.h"

/** inos_fill_resources: of one look at the machine. */
void inos_fill_resources (struct inos_arena_resources *row, const struct inos_sample *sample);

/** inos_fill_actor: of a list of actors; without its restarts. */
void inos_fill_actor (struct inos_arena_actors *row, const struct inos_actor_row *actor);

/**
 * inos_fill_peers:
 * @rows: %INOS_ARENA_PEERS_ROWS
 * @payload: a reply to `mesh.peers`
 *
 * Returns: how many rows there are.
 */
uint32_t inos_fill_peers (struct inos_arena_peers *rows, GVariant *payload);

/** inos_fill_nodes: the same of a reply to `mesh.nodes`; @rows has room for INOS_ARENA_NODES_ROWS.
 */
uint32_t inos_fill_nodes (struct inos_arena_nodes *rows, GVariant *payload);
