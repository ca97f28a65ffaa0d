/*
 * The mesh over WebSockets: "/ip4/192.0.2.1/tcp/80/ws", "/dns4/node.example/tcp/443/tls/ws" (or
 * "/wss"). Whatever the page, it may connect: who a peer is, Noise proves.
 *
 * Not over libsoup's WebSockets: they can be told neither to stop reading nor what still waits to
 * be written (docs/decisions/0017-own-websocket.md).
 *
 * For the thread of its context.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/network.h"

#include <gio/gio.h>

#define INOS_WEBSOCKET_TIMEOUT 10000 /* ms, of a handshake that this side began */
#define INOS_WEBSOCKET_DRAIN 2000    /* ms that what was sent has before a link is cut off */

struct inos_websocket;

/** inos_websocket_new: for @host, on @context. */
struct inos_websocket *inos_websocket_new (struct inos_host *host, GMainContext *context);
/** inos_websocket_free: cuts off what there is, and tells nobody, since the host may have gone;
 * takes NULL. */
void inos_websocket_free (struct inos_websocket *websocket);
/** inos_websocket_set_certificate: with which it listens at addresses with TLS from now on; with
 * its key. @certificate: (transfer none) */
void inos_websocket_set_certificate (struct inos_websocket *websocket,
                                     GTlsCertificate *certificate);
/** inos_websocket_network: for inos_host_add_network(); lives as long as @websocket. */
const struct inos_network *inos_websocket_network (const struct inos_websocket *websocket);
