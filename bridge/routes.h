/*
 * Which message of the node's socket a method of org.inos.Node1 is: one table, by which the bridge
 * forwards and by which inosctl asks a node without a bridge. The parameters and the answer are the
 * same on both sides.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stddef.h>

struct inos_route {
  const char *interface, *method;
  const char *signal; /* of the interface's skeleton */
  const char *message;
};

/** inos_routes: the table; @count: (out): how many rows there are. */
const struct inos_route *inos_routes (size_t *count);

/** inos_route_message: (nullable): the message that @method of @interface is. */
const char *inos_route_message (const char *interface, const char *method);
