/*
 * The generated skeleton of org.inos.Node1 with an Uptime that is worked out when it is read.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "inos-node1.h"

/* Uptime counts from StartedAt, and stands still while Connected is false. */
InosNode1 *inos_node_skeleton_new (void);
