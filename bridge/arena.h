/*
 * OpenArena: descriptors of the node's arena, for the shell. Nothing of it stays here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bridge/node_link.h"
#include "inos-node1.h"

/**
 * inos_bridge_arena:
 * @node: whose OpenArena it answers, until inos_forward_end()
 * @link: where the link to the node is, which may change
 */
void inos_bridge_arena (InosNode1 *node, struct inos_node_link **link);
