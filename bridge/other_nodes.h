/*
 * To look at other nodes of the mesh and to steer them: methods of org.inos.Node1.Mesh that say a
 * method of org.inos.Node1 or org.inos.Node1.Machine to another node.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bridge/node_link.h"
#include "inos-node1.h"

/** inos_other_nodes: has them answered through *@link, which outlives @mesh. */
void inos_other_nodes (InosNode1Mesh *mesh, struct inos_node_link **link);
