/*
 * The network interfaces of this machine that are up, and word when they change.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/net/poller.h"
#include "node/mesh/net/target.h"

#define INOS_INTERFACE_ADDRESSES 256 /* more are left out */

/* One address of one interface that is up. */
struct inos_interface_address {
  unsigned index; /* of the interface */
  bool multicast; /* whether it can */
  bool loopback;
  struct inos_socket_address address; /* port 0 */
};

/** inos_interfaces_list: (transfer full): struct inos_interface_address, in the kernel's order. */
GArray *inos_interfaces_list (void);

struct inos_interfaces;

/**
 * inos_interfaces_watch:
 * @changed: called some time after an interface or an address came or went, once for many
 */
struct inos_interfaces *inos_interfaces_watch (struct inos_poller *poller,
                                               void (*changed) (void *data), void *data);
/** inos_interfaces_free: takes NULL. */
void inos_interfaces_free (struct inos_interfaces *interfaces);
