/*
 * The edge: actors with `on_edge` run on the thread of one GMainContext, where GLib's sources,
 * sockets and D-Bus are. To cross costs one wake-up for all that came since the last.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/runtime.h"

struct inos_edge;

/**
 * inos_edge_new:
 * @context: (nullable): whose thread; NULL: the default one
 *
 * Call it before the first actor with `on_edge` is spawned. A runtime has one edge.
 *
 * Returns: (transfer full): the edge, or NULL where no descriptor can be had.
 */
struct inos_edge *inos_edge_new (struct inos_runtime *runtime, GMainContext *context,
                                 GError **error);

/** inos_edge_free: before the runtime is freed, on the edge's thread, which then runs the rest. */
void inos_edge_free (struct inos_edge *edge);

/**
 * inos_edge_enter:
 * @actor: one with `on_edge`
 *
 * For a callback of GLib on the edge's thread, outside of any handler: lets it act as @actor, until
 * inos_edge_leave().
 *
 * Returns: (nullable): the context, or NULL where @actor has gone.
 */
struct inos_context *inos_edge_enter (struct inos_runtime *runtime, inos_actor_id actor);
/** inos_edge_leave: @outcome is what a handler would return. */
void inos_edge_leave (struct inos_context *context, enum inos_outcome outcome);
/** inos_edge_state: the state of the actor that is entered. */
void *inos_edge_state (struct inos_context *context);
/**
 * inos_edge_context: for actors on the edge, in a hook or a handler.
 *
 * Returns: (transfer none) (nullable): where to attach sources; NULL where there is no edge, or not
 * any more: the runtime ends.
 */
GMainContext *inos_edge_context (struct inos_runtime *runtime);
