/*
 * Sockets for datagrams, one for each address that the mesh listens at, and addresses as places of
 * datagrams.
 *
 * For the thread of its context.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/link/datagrams.h"
#include "node/mesh/wire/multiaddr.h"

#include <glib.h>

#define INOS_UDP_SOCKETS 16u
#define INOS_UDP_BATCH 64u /* datagrams taken in one turn */

struct inos_udp;

/* One came; longer ones than INOS_DATAGRAM_MAX do not. */
typedef void (*inos_udp_received) (void *data, const struct inos_datagram_place *from,
                                   const uint8_t *bytes, size_t len);

struct inos_udp *inos_udp_new (GMainContext *context, inos_udp_received received, void *data);
/** inos_udp_free: takes NULL. */
void inos_udp_free (struct inos_udp *udp);
/**
 * inos_udp_listen:
 * @address: "/ip4/…/tcp/…" or "/ip6/…/tcp/…": where TCP is to listen
 *
 * Takes datagrams there, at the same number where that is free and else at another. An address that
 * there is a socket for already is left as it is.
 */
bool inos_udp_listen (struct inos_udp *udp, const struct inos_multiaddr *address, GError **error);
/** inos_udp_send: nobody hears of one that cannot be sent. */
void inos_udp_send (struct inos_udp *udp, const struct inos_datagram_place *to, const void *bytes,
                    size_t len);
/**
 * inos_udp_at:
 * @tcp: an address of this node, "/ip4/…/tcp/…" or "/ip6/…/tcp/…"
 * @address: (out): where it takes datagrams at the same IP address, "/ip4/…/udp/…"
 *
 * Returns: whether it does.
 */
bool inos_udp_at (const struct inos_udp *udp, const struct inos_multiaddr *tcp,
                  struct inos_multiaddr *address);
/** inos_datagram_place_read: whether @address is "/ip4/…/udp/…" or "/ip6/…/udp/…", and somewhere.
 */
bool inos_datagram_place_read (struct inos_datagram_place *place,
                               const struct inos_multiaddr *address);
