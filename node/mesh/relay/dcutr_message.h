/*
 * What the two sides of a hole say to each other: where each can be met, and "now".
 *
 * Source: libp2p/specs, relay/DCUtR.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"
#include "node/mesh/wire/multiaddr.h"

#define INOS_DCUTR_PROTOCOL "/libp2p/dcutr"
#define INOS_DCUTR_MESSAGE_MAX 4096u /* bytes */
#define INOS_DCUTR_ADDRESSES_MAX 8u  /* of one message; more are left out */

enum inos_dcutr_kind {
  INOS_DCUTR_CONNECT = 100,
  INOS_DCUTR_SYNC = 300,
};

struct inos_dcutr_message {
  enum inos_dcutr_kind kind;
  unsigned n_addresses;
  struct inos_multiaddr addresses[INOS_DCUTR_ADDRESSES_MAX];
};

/** inos_dcutr_read: whether @bytes are a message. Addresses that are not understood are left out.
 */
bool inos_dcutr_read (struct inos_dcutr_message *message, const void *bytes, size_t len);
/** inos_dcutr_write: appends @message to @out. */
void inos_dcutr_write (const struct inos_dcutr_message *message, struct inos_buffer *out);
