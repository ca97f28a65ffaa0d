/*
 * What AskNode and SteerNode of org.inos.Node1.Mesh carry: a method's arguments, and its answer,
 * each a tuple, as "av", since on D-Bus no variant may have an empty tuple in it. For the bridge,
 * and for who asks it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

/** inos_ask_node_method: which of the two passes on @method, a node's. */
const char *inos_ask_node_method (const char *method);

/** inos_ask_node_pack: (transfer floating): the members of @tuple, of type "av". */
GVariant *inos_ask_node_pack (GVariant *tuple);

/** inos_ask_node_unpack: (transfer floating): the tuple of @members, of type "av". */
GVariant *inos_ask_node_unpack (GVariant *members);
