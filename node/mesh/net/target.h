/*
 * Addresses of the mesh as those of sockets, and back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/multiaddr.h"

#include <sys/socket.h>

struct inos_socket_address {
  struct sockaddr_storage storage;
  socklen_t len;
};

/* The part of an address that TCP is about: "/ip4/…/tcp/…", "/ip6zone/…/ip6/…/tcp/…",
 * "/dns4/…/tcp/…". */
struct inos_target {
  struct inos_socket_address ip; /* where there is no name */
  char name[254];                /* or "" */
  int family;                    /* which addresses of the name: AF_UNSPEC, AF_INET or AF_INET6 */
  uint16_t port;
  size_t rest; /* offset in the address of what stands behind */
};

/** inos_target_read: whether @address begins with one. */
bool inos_target_read (struct inos_target *target, const struct inos_multiaddr *address);
/** inos_target_multiaddr: "/ip4/…/tcp/…" or "/ip6/…/tcp/…" of a socket's address. */
void inos_target_multiaddr (const struct sockaddr *address, struct inos_multiaddr *out);
/** inos_target_set_port: of an IP address. */
void inos_target_set_port (struct inos_socket_address *address, uint16_t port);
uint16_t inos_target_port (const struct inos_socket_address *address);
/** inos_target_is_any: whether it is all of the machine's addresses: 0.0.0.0 or [::]. */
bool inos_target_is_any (const struct inos_socket_address *address);
