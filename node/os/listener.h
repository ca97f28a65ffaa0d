/*
 * Listening: an actor that accepts connections and makes an actor of each (see socket.h).
 *
 * There are at most so many connections at a time; more wait in the kernel's backlog, as they do
 * while the receiver has no room. Connections outlive their listener. Runs on the edge.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/os/socket.h"

struct inos_listener {
  const struct inos_security *security; /* must live as long as the actor */
  struct inos_endpoint endpoint;        /* port 0: any, if the context allows port 0 */
  uint32_t connections_max;             /* 0: 256 */
  uint32_t mode;                        /* of a Unix socket; 0: 0600 */
  struct inos_socket_receiver receiver; /* of all connections, until each gets another */
  inos_event on_connection;             /* struct inos_accepted, to the receiver; before all
                                         * that comes in */
};

struct inos_accepted {
  inos_socket_ref socket;
  int32_t pid; /* of who connected to a Unix socket; else 0 */
  uint32_t uid;
  char address[48]; /* of who connected over the internet; else "" */
};

struct inos_listener_where {
  uint32_t port;        /* 0: a Unix socket */
  uint32_t connections; /* now */
};

/* `again` is its own. */
#define INOS_LISTENER(MESSAGE, REQUEST)                                                            \
  REQUEST (inos_listener, where, struct inos_nothing, struct inos_listener_where, 1)               \
  MESSAGE (inos_listener, again, struct inos_nothing, 1)
INOS_PROTOCOL (inos_listener, INOS_LISTENER);

/* In a supervisor's table the argument is this, with a table that lives as long as the supervisor.
 */
struct inos_listener_argument {
  const struct inos_listener *listener;
};

extern const struct inos_behaviour inos_listener_behaviour;

/** inos_listener_spawn: as inos_socket_connect(). It fails to start where it cannot listen. */
inos_listener_ref inos_listener_spawn (struct inos_context *context,
                                       const struct inos_listener *listener,
                                       const struct inos_spawn *how);
