/* org.inos.Node1: the node as the session bus sees it.
 *
 * It keeps the last figures that the node sent, says what changed in one signal a sample, and asks
 * the node only as often as the most eager subscriber wants.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

struct inos_node_object;

/* Exports /org/inos/Node1 on `connection` and links to the node's socket at `path`. Returns NULL
 * and sets error where the object cannot be exported. */
struct inos_node_object *inos_node_object_create (GDBusConnection *connection, const char *path,
                                                  GError **error);
/* NULL does nothing. */
void inos_node_object_destroy (struct inos_node_object *object);
