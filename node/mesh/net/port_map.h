/*
 * Ports of this machine that the router of its network lets in: asked for, renewed, and given back
 * at the end, on a thread of its own.
 *
 * For the thread of its context.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/net/router.h"

#define INOS_PORT_MAP_MAX 4u     /* ports */
#define INOS_PORT_MAP_RENEW 1800 /* s; half of what a mapping lasts */
#define INOS_PORT_MAP_AGAIN 600  /* s, after nobody answered, or refused */
#define INOS_PORT_MAP_GOODBYE 3  /* s that the end waits for the router */

struct inos_port_mapping {
  uint16_t inside, outside;
};

struct inos_port_map_state {
  enum inos_router_kind kind;
  struct in_addr address; /* outside */
  unsigned n;
  struct inos_port_mapping mappings[INOS_PORT_MAP_MAX];
};

struct inos_port_map;

/* What the router does now; where nobody answers there are no mappings. */
typedef void (*inos_port_mapped) (void *data, const struct inos_port_map_state *state);

/** inos_port_map_new: @mapped is called on @context, which the caller's thread runs. */
struct inos_port_map *inos_port_map_new (GMainContext *context, inos_port_mapped mapped,
                                         void *data);
/** inos_port_map_free: gives the ports back; takes NULL. Nothing more is told. */
void inos_port_map_free (struct inos_port_map *map);
/** inos_port_map_want: these TCP ports from now on, in place of those before. */
void inos_port_map_want (struct inos_port_map *map, const uint16_t *ports, unsigned n);
