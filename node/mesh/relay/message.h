/*
 * What peers and relays say to each other (circuit relay v2): HOP, from a peer to a relay, and
 * STOP, from a relay to the peer that is called.
 *
 * Source: libp2p/specs, relay/circuit-v2.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/identity/identity.h"
#include "node/mesh/wire/buffer.h"
#include "node/mesh/wire/multiaddr.h"

#define INOS_RELAY_HOP "/libp2p/circuit/relay/0.2.0/hop"
#define INOS_RELAY_STOP "/libp2p/circuit/relay/0.2.0/stop"
#define INOS_RELAY_MESSAGE_MAX 4096u /* bytes, as go-libp2p has it */
#define INOS_RELAY_ADDRESSES_MAX 8u  /* of a relay; more are left out */

enum inos_relay_type {
  INOS_RELAY_RESERVE, /* HOP only */
  INOS_RELAY_CONNECT,
  INOS_RELAY_STATUS,
};

enum inos_relay_status {
  INOS_RELAY_UNUSED = 0,
  INOS_RELAY_OK = 100,
  INOS_RELAY_RESERVATION_REFUSED = 200,
  INOS_RELAY_LIMIT_EXCEEDED = 201,
  INOS_RELAY_PERMISSION_DENIED = 202,
  INOS_RELAY_CONNECTION_FAILED = 203,
  INOS_RELAY_NO_RESERVATION = 204,
  INOS_RELAY_MALFORMED_MESSAGE = 400,
  INOS_RELAY_UNEXPECTED_MESSAGE = 401,
};

struct inos_relay_limit {
  uint32_t duration; /* s; 0: none */
  uint64_t data;     /* bytes each way; 0: none */
};

struct inos_relay_message {
  enum inos_relay_type type;
  enum inos_relay_status status; /* may be one that is not in the list */
  struct inos_peer_id peer;      /* nobody: none was named */
  struct inos_relay_limit limit;
  bool has_reservation;
  uint64_t expires; /* s since 1970 */
  unsigned n_addresses;
  struct inos_multiaddr addresses[INOS_RELAY_ADDRESSES_MAX];
  const uint8_t *voucher; /* NULL: none; lies in the bytes that were read */
  size_t voucher_len;
};

/**
 * inos_hop_read:
 *
 * Addresses that Inos does not understand are left out.
 *
 * Returns: whether @bytes are a message of HOP; inos_stop_read(): of STOP.
 */
bool inos_hop_read (struct inos_relay_message *message, const void *bytes, size_t len);
bool inos_stop_read (struct inos_relay_message *message, const void *bytes, size_t len);
/** inos_hop_write: appends @message to @out. */
void inos_hop_write (const struct inos_relay_message *message, struct inos_buffer *out);
void inos_stop_write (const struct inos_relay_message *message, struct inos_buffer *out);
/** inos_relay_status_text: a sentence's end: "it has no place left". */
const char *inos_relay_status_text (enum inos_relay_status status);

/* What a relay signs for who has a place there. */
struct inos_relay_voucher {
  struct inos_peer_id relay, peer;
  uint64_t expires; /* s since 1970 */
};
/** inos_relay_voucher_seal: appends an envelope that @identity, who is @voucher->relay, signs. */
void inos_relay_voucher_seal (const struct inos_identity *identity,
                              const struct inos_relay_voucher *voucher, struct inos_buffer *out);
/** inos_relay_voucher_open: whether @bytes are one, signed by the relay that it names. */
bool inos_relay_voucher_open (const void *bytes, size_t len, struct inos_relay_voucher *voucher);
