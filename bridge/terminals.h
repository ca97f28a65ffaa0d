/*
 * org.inos.Node1.Terminals on the bus. Methods but Attach are one message to the node each; Attach
 * knocks at the node's door for terminals and hands over what comes in.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bridge/node_link.h"
#include "bridge/permit/permit.h"

#include <stdbool.h>

struct inos_terminals_object;

/**
 * inos_terminals_object_new:
 * @bus: where it is exported
 * @path: of the object
 * @socket: path of the node's socket; the door is beside it
 * @link: outlives this
 * @permit: likewise
 *
 * Returns: (nullable): NULL where it could not be exported, and @error says why.
 */
struct inos_terminals_object *inos_terminals_object_new (GDBusConnection *bus, const char *path,
                                                         const char *socket,
                                                         struct inos_node_link **link,
                                                         struct inos_permit *permit,
                                                         GError **error);
/** inos_terminals_object_free: after @link has answered what waits; takes NULL. */
void inos_terminals_object_free (struct inos_terminals_object *object);

/** inos_terminals_object_up: the node is there; has it tell what becomes of its terminals. */
void inos_terminals_object_up (struct inos_terminals_object *object);

/** inos_terminals_object_event: tells the bus. Returns: whether @type is about terminals. */
bool inos_terminals_object_event (struct inos_terminals_object *object, const char *type,
                                  GVariant *payload);
