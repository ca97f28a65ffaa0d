/*
 * The node's actors: one tree, declared in one table, with a runtime of its own. It starts in the
 * order of the table and stops in reverse. An actor that fails is started again by its supervisor,
 * and the others go on.
 *
 * All of it is used from one thread, whose default main context is the edge of the runtime.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/runtime.h"
#include "node/tree/setup.h"

struct inos_tree;

struct inos_tree_events {
  void (*ready) (const char *peer_id, void *data); /* every actor of the table has started */
  /* The tree has gone without being asked to, or never stood. @error says why. */
  void (*ended) (const GError *error, void *data);
};

/**
 * inos_tree_new:
 * @setup: what to do; must outlive the tree
 * @events: what to call, from the main context
 * @data: for @events
 *
 * Returns: (transfer full): a tree that is starting, or NULL where there is no memory or no thread.
 */
struct inos_tree *inos_tree_new (struct inos_setup *setup, const struct inos_tree_events *events,
                                 void *data, GError **error);

/** inos_tree_free: stops all actors in order, then frees all; no event is called. Takes NULL. */
void inos_tree_free (struct inos_tree *tree);

/** inos_tree_runtime: what the actors run on. */
struct inos_runtime *inos_tree_runtime (struct inos_tree *tree);
