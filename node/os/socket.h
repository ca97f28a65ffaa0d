/*
 * Sockets: each connection is the life of one actor, which connects or is what a listener (see
 * listener.h) has accepted.
 *
 * What comes in is sent to a receiver, and not read while that has no room for it. When the other
 * side sends no more the receiver is told, and may go on writing. After both sides have finished
 * the actor ends normally; when the connection breaks, or cannot be made, with INOS_EXIT_ERROR and
 * errno as its code. To stop or kill the actor closes the connection.
 *
 * Addresses are literal ones: what a name stands for today is not for a security context to trust.
 *
 * Runs on the edge.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/os/endpoint.h"
#include "node/os/stream.h"

/* Who gets what comes in. All messages come from the connection's actor: see inos_sender(). */
struct inos_socket_receiver {
  struct inos_address to;
  inos_event on_data;   /* struct inos_chunk, with inos_chunk_clear; NULL: nothing is read yet */
  inos_event on_finish; /* struct inos_nothing: no more comes; NULL: is not told */
  uint32_t window;      /* bytes that may be sent and not said to be taken; 0: the receiver's
                         * mailbox alone is the bound, if it has one */
};

struct inos_socket {
  const struct inos_security *security; /* must live as long as the actor */
  struct inos_endpoint endpoint;
  uint32_t timeout_ms; /* of connecting; 0: 30 s */
  struct inos_socket_receiver receiver;
  inos_event on_open; /* struct inos_nothing: it is connected; NULL: is not told */
};

struct inos_socket_taken {
  uint64_t bytes;
};

/* A descriptor that a message owns, plus one; 0: none. */
struct inos_socket_owned {
  int32_t fd_and_one;
};
void inos_socket_owned_clear (void *message);

/* A write is answered when the kernel has all of it; see inos_outflow_put(). `finish`: nothing will
 * be written any more. `receive` names another receiver for what has not come yet. `adopt` is a
 * listener's, `again` is its own. */
#define INOS_SOCKET(MESSAGE, REQUEST)                                                              \
  REQUEST (inos_socket, write, struct inos_chunk, struct inos_os_result, 1,                        \
           .clear = inos_chunk_clear, .copy = inos_chunk_copy)                                     \
  MESSAGE (inos_socket, finish, struct inos_nothing, 1)                                            \
  MESSAGE (inos_socket, taken, struct inos_socket_taken, 1)                                        \
  MESSAGE (inos_socket, receive, struct inos_socket_receiver, 1)                                   \
  MESSAGE (inos_socket, adopt, struct inos_socket_owned, 1, .clear = inos_socket_owned_clear)      \
  MESSAGE (inos_socket, again, struct inos_nothing, 1)
INOS_PROTOCOL (inos_socket, INOS_SOCKET);

/* In a supervisor's table the argument is this, with a table that lives as long as the supervisor.
 */
struct inos_socket_argument {
  const struct inos_socket *socket;
};

extern const struct inos_behaviour inos_socket_behaviour;

/**
 * inos_socket_connect:
 * @socket: copied with its strings
 * @how: (nullable): the name, the watcher and the link; the rest is not looked at
 *
 * Returns: the actor, which fails to start where @socket is refused; an id of 0 where it could not
 * be spawned.
 */
inos_socket_ref inos_socket_connect (struct inos_context *context, const struct inos_socket *socket,
                                     const struct inos_spawn *how);
