/*
 * org.inos.Node1 on the bus: what the node said last, who wants to hear it how often, and the three
 * methods. Figures are rounded so that a machine that does nothing says nothing; all that changed
 * in a sample goes out as one PropertiesChanged.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

struct inos_node_object;

/**
 * inos_node_object_new:
 * @bus: where the object goes, at /org/inos/Node1
 * @socket: path of the node's socket
 * @system: (nullable): path of the socket of the machine's node, where that one is in the mesh and
 * not the person's own: then the mesh is asked there, with the person's rights
 * @error: why it could not be exported
 */
struct inos_node_object *inos_node_object_new (GDBusConnection *bus, const char *socket,
                                               const char *system, GError **error);

/* Takes the object off the bus; calls that wait get an error. NULL is allowed. */
void inos_node_object_free (struct inos_node_object *object);
