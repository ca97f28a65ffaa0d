/*
 * Methods that are one message to the node each, whose payload is the method's arguments, and whose
 * reply is what the method returns: those about its actors, its mesh and its terminals.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bridge/node_link.h"

/** inos_forward: has the methods of @skeleton answered through *@link; both outlive it. */
void inos_forward (GDBusInterfaceSkeleton *skeleton, struct inos_node_link **link);
/** inos_forward_end: ends that. */
void inos_forward_end (GDBusInterfaceSkeleton *skeleton, struct inos_node_link **link);

/** inos_forward_refuse: answers a call with what the node, or the link, said is wrong. */
void inos_forward_refuse (GDBusMethodInvocation *invocation, const GError *error);
