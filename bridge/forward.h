/*
 * Methods that are one message to the node each, whose payload is the method's arguments, and whose
 * reply is what the method returns: those about its actors, its mesh and its terminals.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bridge/node_link.h"
#include "bridge/permit/permit.h"

/* Of one caller that are looked for at once; the node looks for 32 of all. */
#define INOS_FORWARD_LOOKS 8

/**
 * inos_forward: has the methods of @skeleton answered through *@link; all outlive it.
 * @permit: (nullable): who knows the callers, where each may wait for INOS_FORWARD_LOOKS looks
 * only, and for as many deeds as it likes; NULL: for as many of both
 */
void inos_forward (GDBusInterfaceSkeleton *skeleton, struct inos_node_link **link,
                   struct inos_permit *permit);
/** inos_forward_letters: what is for an actor of another node, PEER/NAME, goes by *@link. */
void inos_forward_letters (GDBusInterfaceSkeleton *skeleton, struct inos_node_link **link);
/** inos_forward_end: ends that. */
void inos_forward_end (GDBusInterfaceSkeleton *skeleton);

/** inos_forward_find: (nullable): which message a method of org.inos.Node1 or its Machine is. */
const char *inos_forward_find (const char *method);

/** inos_forward_count: @caller waits for @by more answers; who waits for none is forgotten. */
void inos_forward_count (GHashTable *waiting, const char *caller, int by);

/** inos_forward_refuse: answers a call with what the node, or the link, said is wrong. */
void inos_forward_refuse (GDBusMethodInvocation *invocation, const GError *error);
