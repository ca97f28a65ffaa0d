/*
 * Why something between peers did not work.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

enum inos_mesh_error {
  INOS_MESH_ERROR_FAILED,
  INOS_MESH_ERROR_NO_ADDRESS, /* nobody knows where the peer is */
  INOS_MESH_ERROR_NO_NETWORK, /* nothing here speaks that kind of address */
  INOS_MESH_ERROR_TIMED_OUT,
  INOS_MESH_ERROR_LIMIT,       /* there are too many */
  INOS_MESH_ERROR_WRONG_PEER,  /* somebody else is there */
  INOS_MESH_ERROR_REFUSED,     /* by a rule of this node */
  INOS_MESH_ERROR_BACKING_OFF, /* it failed a moment ago */
  INOS_MESH_ERROR_CLOSED,
};

#define INOS_MESH_ERROR (inos_mesh_error_quark())
GQuark inos_mesh_error_quark (void);
