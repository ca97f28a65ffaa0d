/*
 * The mesh over TCP: "/ip4/192.0.2.1/tcp/4001", "/ip6/…", "/ip6zone/eth0/ip6/fe80::1/…",
 * "/dns4/node.example/tcp/4001".
 *
 * For the thread of its context.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/network.h"

struct inos_tcp;

/** inos_tcp_new: for @host, on @context. */
struct inos_tcp *inos_tcp_new (struct inos_host *host, GMainContext *context);
/** inos_tcp_free: cuts off what there is, and tells nobody, since the host may have gone; takes
 * NULL. */
void inos_tcp_free (struct inos_tcp *tcp);
/** inos_tcp_dial_from_same_port: public addresses are dialled from the port where it listens, as
 * hole punching needs; to be said before it listens. */
void inos_tcp_dial_from_same_port (struct inos_tcp *tcp);
/** inos_tcp_network: for inos_host_add_network(); lives as long as @tcp. */
const struct inos_network *inos_tcp_network (const struct inos_tcp *tcp);
