/*
 * The node's log domain and its error domain. Include first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#define G_LOG_DOMAIN "inos-node"

#include <glib.h>

enum inos_node_error {
  INOS_NODE_ERROR_IDENTITY, /* the identity cannot be used; a restart would not help */
  INOS_NODE_ERROR_RUNNING,  /* another node has the socket */
  INOS_NODE_ERROR_SETUP,    /* a path or a descriptor that the node was given does not work */
  INOS_NODE_ERROR_FAILED,   /* anything else */
};

#define INOS_NODE_ERROR (inos_node_error_quark())
GQuark inos_node_error_quark (void);
