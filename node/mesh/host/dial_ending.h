/*
 * How the dial of one address ended, in kinds: what a person can do about it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

enum inos_dial_ending {
  INOS_DIAL_NEVER, /* it was not dialled yet */
  INOS_DIAL_WORKED,
  INOS_DIAL_REFUSED,    /* the machine is there, and nobody listens at that port */
  INOS_DIAL_TIMED_OUT,  /* no answer: the machine is off, or something drops what comes */
  INOS_DIAL_NO_ROUTE,   /* no way to that network */
  INOS_DIAL_NO_NAME,    /* its name leads nowhere */
  INOS_DIAL_WRONG_PEER, /* another node is there */
  INOS_DIAL_STRANGE,    /* what answers does not speak as a node of this mesh */
  INOS_DIAL_CLOSED,     /* it hung up before it said who it is */
  INOS_DIAL_NO_NETWORK, /* nothing here speaks that kind of address */
  INOS_DIAL_NO_CIRCUIT, /* the relay did not pass the call on */
  INOS_DIAL_FAILED,     /* in another way */
};

/** inos_dial_ending_of: what @error of a network or a connection means; NULL: it was closed. */
enum inos_dial_ending inos_dial_ending_of (const GError *error);
/** inos_dial_ending_name: "refused", "timed-out" and so on; static. */
const char *inos_dial_ending_name (enum inos_dial_ending ending);
