/*
 * The bridge's end of the node's socket: connects, asks, hands events on, and connects again when
 * the node has gone. Trusts a peer of its own user or root only. Nothing runs while nothing
 * happens: after a few tries the folder's monitor says when a new socket appears.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

struct inos_node_link;

struct inos_node_link_events {
  void (*up) (void *data);   /* connected; requests may go out */
  void (*down) (void *data); /* was up; every pending request has failed */
  void (*event) (const char *type, GVariant *payload, void *data);
};

/* What a node may wait for a person who is asked for a password, beside what its answer takes. */
#define INOS_NODE_LINK_PASSWORD 125000u /* ms */

/* payload is NULL where error says why. The payload has the type of the message table. */
typedef void (*inos_node_link_reply) (GVariant *payload, const GError *error, void *data);

/**
 * inos_node_link_new:
 * @path: the node's socket
 * @events: what to call
 * @data: for @events
 *
 * Starts to connect in the thread's default main context.
 */
struct inos_node_link *inos_node_link_new (const char *path,
                                           const struct inos_node_link_events *events, void *data);

/**
 * inos_node_link_new_system: the same for the machine's node.
 *
 * Every answer may take %INOS_NODE_LINK_PASSWORD longer, and its folder is not made where it is
 * missing: it is the machine's, and one of root's session would keep everybody else out.
 */
struct inos_node_link *inos_node_link_new_system (const char *path,
                                                  const struct inos_node_link_events *events,
                                                  void *data);

/**
 * inos_node_link_free:
 * @link: (nullable): a link; pending requests fail with G_IO_ERROR_CANCELLED
 */
void inos_node_link_free (struct inos_node_link *link);

/**
 * inos_node_link_request:
 * @link: a link
 * @type: a message of the table
 * @payload: (nullable): what to send, consumed where floating; NULL for `()`
 * @reply: (nullable): called once, from the main loop or, where the link is down, at once
 * @data: for @reply
 */
void inos_node_link_request (struct inos_node_link *link, const char *type, GVariant *payload,
                             inos_node_link_reply reply, void *data);

/**
 * inos_node_link_take_fds:
 * @link: a link, inside of the reply to a message that has descriptors
 *
 * Returns: (transfer full) (nullable): what came with it.
 */
GUnixFDList *inos_node_link_take_fds (struct inos_node_link *link);
