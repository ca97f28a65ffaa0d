/*
 * What may stand in an address: the protocols, and how the value of each is written.
 *
 * Private to the addresses.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/multiaddr.h"

#define INOS_MULTIADDR_VALUE_MAX 253 /* bytes: a name of full length */

/* How a protocol's value looks. */
struct inos_multiaddr_value {
  size_t size; /* bytes; 0: any number, which is written before it */
  bool (*valid) (const uint8_t *value, size_t len);
  /* @text has no end; @out has room for INOS_MULTIADDR_VALUE_MAX bytes. Returns: bytes written; 0:
   * it is no such value. What it writes is to be checked by valid(). */
  size_t (*parse) (const char *text, size_t len, uint8_t *out);
  void (*print) (GString *out, const uint8_t *value, size_t len);
};

struct inos_multiaddr_protocol {
  enum inos_multiaddr_code code;
  const char *name;
  const struct inos_multiaddr_value *value; /* NULL: it has none */
};

/** inos_multiaddr_protocol: (nullable): what @code is. */
const struct inos_multiaddr_protocol *inos_multiaddr_protocol (uint64_t code);
/** inos_multiaddr_protocol_named: (nullable): what is called so. */
const struct inos_multiaddr_protocol *inos_multiaddr_protocol_named (const char *name, size_t len);
