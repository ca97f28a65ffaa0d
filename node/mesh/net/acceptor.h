/*
 * Listening: sockets at TCP addresses, and word of where exactly that is, which for all addresses
 * of the machine changes with its interfaces.
 *
 * For the thread of its poller's context.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/net/poller.h"
#include "node/mesh/net/target.h"

#define INOS_ACCEPTOR_SOCKETS 16 /* addresses that one network listens at */
#define INOS_ACCEPTOR_BATCH 16   /* connections taken in one turn */
#define INOS_ACCEPTOR_PAUSE 1000 /* ms without accepting when there are no descriptors left */
#define INOS_ACCEPTOR_TOLD 64    /* addresses of the machine that one of them is told as */

struct inos_acceptor;

struct inos_acceptor_events {
  /* Somebody connected: @fd is the callee's, tuned and non-blocking. The addresses end as the one
   * it listens at does ("/ws"). */
  void (*accepted) (void *data, int fd, const struct inos_multiaddr *remote,
                    const struct inos_multiaddr *local);
  /* At @address from now on, or no more. */
  void (*listening) (void *data, const struct inos_multiaddr *address, bool on);
};

struct inos_acceptor *inos_acceptor_new (struct inos_poller *poller,
                                         const struct inos_acceptor_events *events, void *data);
/** inos_acceptor_free: takes NULL; nothing is told. */
void inos_acceptor_free (struct inos_acceptor *acceptor);
/** inos_acceptor_share: dials may come from the ports where it listens from now on: see reach.h. To
 * be said before inos_acceptor_listen(). */
void inos_acceptor_share (struct inos_acceptor *acceptor);
/** inos_acceptor_bound: (out): where it listens with addresses of @family, others than loopback
 * ones; whether it does. */
bool inos_acceptor_bound (const struct inos_acceptor *acceptor, int family,
                          struct inos_socket_address *address);
/** inos_acceptor_listen: at @address, an IP one; tells `listening` from inside. */
bool inos_acceptor_listen (struct inos_acceptor *acceptor, const struct inos_multiaddr *address,
                           GError **error);
