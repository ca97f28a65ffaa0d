/*
 * Reaching a TCP address: names are looked up, and where there are several addresses they are tried
 * a quarter of a second after each other, until the first answers (RFC 8305).
 *
 * For the thread of its poller's context.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/net/poller.h"
#include "node/mesh/net/target.h"

#define INOS_REACH_TIMEOUT 10000 /* ms, of the whole */
#define INOS_REACH_STAGGER 250   /* ms, between attempts: RFC 8305, section 8 */
#define INOS_REACH_ATTEMPTS 8    /* addresses of one name that are tried */

struct inos_reach;

/* How it ended: @fd is connected, and the callee's; or it is -1, and @error (in G_IO_ERROR or
 * G_RESOLVER_ERROR) says why. */
typedef void (*inos_reached) (void *data, int fd, const GError *error);

/* Where to dial public addresses from: so others see at which port this node listens, and so a NAT
 * lets those in whom it dials at the same moment. len 0: from any port. */
struct inos_reach_from {
  struct inos_socket_address ip4, ip6;
};

/**
 * inos_reach_start: calls @done once, later, unless cancelled.
 * @from: (nullable): NULL: from any port; else from any other where its ports cannot be had
 */
struct inos_reach *inos_reach_start (struct inos_poller *poller, const struct inos_target *target,
                                     const struct inos_reach_from *from, inos_reached done,
                                     void *data);
/** inos_reach_cancel: not any more; not to be called after @done was. Takes NULL. */
void inos_reach_cancel (struct inos_reach *reach);
/** inos_socket_tune: what every TCP socket of the mesh is set to. */
void inos_socket_tune (int fd);
