/*
 * The actor of one connection to the node's socket: it takes what a peer asks for to whoever knows
 * it, and the answer back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"

#include <glib.h>

struct inos_setup;

/* What it is started with; the descriptor is its own from then on. */
struct node_connection_seed {
  struct inos_setup *setup;
  int fd;
};

struct node_connection_frame {
  GBytes *frame; /* (transfer full): an encoded event */
  bool newest_only;
};

#define NODE_CONNECTION(MESSAGE, REQUEST)                                                          \
  MESSAGE (node_connection, event, struct node_connection_frame, 1,                                \
           .clear = node_connection_frame_clear)                                                   \
  /* The feed has forgotten who subscribed. */                                                     \
  MESSAGE (node_connection, renew, struct inos_nothing, 1)
INOS_PROTOCOL (node_connection, NODE_CONNECTION);

extern const struct inos_behaviour node_connection_behaviour;
