/*
 * To look at other nodes of the mesh and to steer them: methods of org.inos.Node1.Mesh that say a
 * method of org.inos.Node1 or org.inos.Node1.Machine to another node.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bridge/node_link.h"
#include "bridge/permit/permit.h"
#include "inos-node1.h"

/* Answers of other nodes that one caller waits for; the mesh's link waits for 16 of all. */
#define INOS_OTHER_NODES_LOOKS 6

/** inos_other_nodes: has them answered through *@link; it and @permit, which knows the callers,
 * outlive @mesh. */
void inos_other_nodes (InosNode1Mesh *mesh, struct inos_node_link **link,
                       struct inos_permit *permit);
