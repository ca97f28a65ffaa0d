/*
 * Why a connection could not be made, or ended.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

enum inos_link_error {
  INOS_LINK_ERROR_PROTOCOL, /* the peer broke the rules, or speaks something else */
  INOS_LINK_ERROR_IDENTITY, /* it is not who it should be, or cannot prove who it is */
  INOS_LINK_ERROR_TIMEOUT,  /* it did not answer in time */
  INOS_LINK_ERROR_CLOSED,   /* the link ended in the middle of something */
  INOS_LINK_ERROR_FLOOD,    /* it asks for more than it takes */
};

#define INOS_LINK_ERROR (inos_link_error_quark())
GQuark inos_link_error_quark (void);
