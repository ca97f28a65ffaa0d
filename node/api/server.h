/*
 * The actor that listens at the node's socket: who may connect (what a guest may ask is the
 * connection's to say). Each connection is an actor of its
 * own, and goes on when this one is restarted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"

#define INOS_CONNECTIONS_MAX 64
#define NODE_CONNECTIONS_NAME "connections" /* of their supervisor, in its runtime */

/* It is asked nothing. */
#define NODE_SERVER(MESSAGE, REQUEST) MESSAGE (node_server, nothing, struct inos_nothing, 1)
INOS_PROTOCOL (node_server, NODE_SERVER);

/* Its argument is a struct inos_setup *. */
extern const struct inos_behaviour node_server_behaviour;
