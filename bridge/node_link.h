/* The bridge's connection to the node's socket: made again whenever it breaks.
 *
 * It waits for the socket to appear instead of asking again and again; between an appearance and
 * the node's first answer it tries with a pause that doubles. One thread, the default GMainContext.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/api/messages.h"

struct inos_node_link;

struct inos_node_link_hooks {
  /* A connection to a trusted node is there; requests may be sent. */
  void (*connected) (void *data);
  /* It is gone; every request that had no answer will have none. */
  void (*disconnected) (void *data);
  /* A reply, error or event whose payload is of its type. The envelope stays the link's. */
  void (*received) (const struct inos_envelope *envelope, void *data);
};

/* path: of the socket, copied. hooks and data must outlive the link. */
struct inos_node_link *inos_node_link_create (const char *path,
                                              const struct inos_node_link_hooks *hooks, void *data);

/* NULL does nothing. No hook is called. */
void inos_node_link_destroy (struct inos_node_link *link);

/* Sends a request of the message table. payload: consumed where floating, NULL for `()`.
 * Returns the id that the answer names, or 0 where there is no connection. */
uint64_t inos_node_link_request (struct inos_node_link *link, const char *type, GVariant *payload);

/* Breaks the connection, which is then made again: the node no longer makes sense. */
void inos_node_link_drop (struct inos_node_link *link, const char *why);
