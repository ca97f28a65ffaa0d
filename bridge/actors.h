/*
 * The methods about the node's actors: each is one message to the node, whose payload is the
 * method's arguments, and whose reply is what the method returns.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bridge/node_link.h"
#include "inos-node1.h"

/** inos_actors_forward: has the methods of @node answered through *@link; both outlive it. */
void inos_actors_forward (InosNode1 *node, struct inos_node_link **link);
/** inos_actors_end: ends that. */
void inos_actors_end (InosNode1 *node, struct inos_node_link **link);
