/*
 * Addresses that say how to get there: "/ip4/192.0.2.1/tcp/4001/p2p/12D3KooW…".
 *
 * Source: multiformats/multiaddr and its protocols.csv; libp2p/specs, addressing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/peer_id.h"

#include <glib.h>

#define INOS_MULTIADDR_MAX 382 /* bytes: a relayed one with a name of full length */
#define INOS_MULTIADDR_TEXT_MAX 1024

enum inos_multiaddr_code {
  INOS_MULTIADDR_IP4 = 4,
  INOS_MULTIADDR_TCP = 6,
  INOS_MULTIADDR_IP6 = 41,
  INOS_MULTIADDR_IP6ZONE = 42,
  INOS_MULTIADDR_DNS = 53,
  INOS_MULTIADDR_DNS4 = 54,
  INOS_MULTIADDR_DNS6 = 55,
  INOS_MULTIADDR_DNSADDR = 56,
  INOS_MULTIADDR_UDP = 273,
  INOS_MULTIADDR_P2P_CIRCUIT = 290,
  INOS_MULTIADDR_P2P = 421,
  INOS_MULTIADDR_TLS = 448,
  INOS_MULTIADDR_SNI = 449,
  INOS_MULTIADDR_QUIC_V1 = 461,
  INOS_MULTIADDR_WS = 477,
  INOS_MULTIADDR_WSS = 478,
  INOS_MULTIADDR_MEMORY = 777,
};

/* A value in the binary form, always a valid one; len 0: none. */
struct inos_multiaddr {
  uint16_t len;
  uint8_t bytes[INOS_MULTIADDR_MAX];
};

/* One part, where it lies in the address. */
struct inos_multiaddr_part {
  enum inos_multiaddr_code code;
  const uint8_t *value; /* without the length of those that have one */
  size_t len;
};

/**
 * inos_multiaddr_parse:
 * @error: (optional): what of @text is wrong
 *
 * Returns: whether @text is an address.
 */
bool inos_multiaddr_parse (struct inos_multiaddr *address, const char *text, GError **error);
/** inos_multiaddr_read: the same of the binary form. Unknown protocols are refused. */
bool inos_multiaddr_read (struct inos_multiaddr *address, const void *bytes, size_t len);
/** inos_multiaddr_text: (transfer full): its text. */
char *inos_multiaddr_text (const struct inos_multiaddr *address);
/**
 * inos_multiaddr_next:
 * @offset: (inout): 0 for the first part; moved past it
 *
 * A part's value is checked already: an IP address has 4 or 16 bytes, a port 2, a name only
 * letters, digits, "-", "_" and ".", and the id of a peer is one.
 *
 * Returns: whether there was another one.
 */
bool inos_multiaddr_next (const struct inos_multiaddr *address, size_t *offset,
                          struct inos_multiaddr_part *part);
/** inos_multiaddr_append: adds a part; whether it is valid there and fits. */
bool inos_multiaddr_append (struct inos_multiaddr *address, enum inos_multiaddr_code code,
                            const void *value, size_t len);
/** inos_multiaddr_has: whether it has a part of @code. */
bool inos_multiaddr_has (const struct inos_multiaddr *address, enum inos_multiaddr_code code);
/** inos_multiaddr_peer: the last /p2p/ of it; whether there is one. */
bool inos_multiaddr_peer (const struct inos_multiaddr *address, struct inos_peer_id *id);
/** inos_multiaddr_without_peer: the same without a /p2p/ at its end. */
void inos_multiaddr_without_peer (const struct inos_multiaddr *address, struct inos_multiaddr *out);
bool inos_multiaddr_equal (const struct inos_multiaddr *a, const struct inos_multiaddr *b);

/* Whom an address can be reached by. */
enum inos_multiaddr_reach {
  INOS_REACH_LOOPBACK,
  INOS_REACH_LINK,    /* link-local */
  INOS_REACH_PRIVATE, /* RFC 1918, RFC 6598, unique local */
  INOS_REACH_PUBLIC,
  INOS_REACH_UNKNOWN, /* a name, or what no peer can have (multicast, reserved) */
};
/** inos_multiaddr_reach: by the first part: of a relayed address it is the relay's. */
enum inos_multiaddr_reach inos_multiaddr_reach (const struct inos_multiaddr *address);
