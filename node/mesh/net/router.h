/*
 * What is asked of the router of this network: a port outside that leads to one of this machine, by
 * NAT-PMP (RFC 6886) or else UPnP (UPnP IGD 1 and 2). All of this waits for answers, and so is for
 * a thread of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#define INOS_ROUTER_LIFETIME 3600u /* s that a mapping lasts, if the router knows of ends */

enum inos_router_kind {
  INOS_ROUTER_NONE, /* nobody answers */
  INOS_ROUTER_NAT_PMP,
  INOS_ROUTER_UPNP,
};

struct inos_router;

/** inos_router_find: (transfer full): whoever answers here, after 2 s for each protocol at most; of
 * the kind %INOS_ROUTER_NONE where nobody does. */
struct inos_router *inos_router_find (void);
/** inos_router_free: takes NULL; mappings stay. */
void inos_router_free (struct inos_router *router);

enum inos_router_kind inos_router_kind (const struct inos_router *router);
/** inos_router_outside: (out): its address outside; whether it told. */
bool inos_router_outside (const struct inos_router *router, struct in_addr *address);
/**
 * inos_router_map: has the TCP port @inside of this machine be found outside.
 * @outside: (inout): where it was last, or where it would best be; where it is
 *
 * Returns: whether it is.
 */
bool inos_router_map (struct inos_router *router, uint16_t inside, uint16_t *outside);
/** inos_router_unmap: no more. */
void inos_router_unmap (struct inos_router *router, uint16_t inside, uint16_t outside);
