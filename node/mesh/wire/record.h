/*
 * Signed envelopes (libp2p RFC 2) and the peer records in them (RFC 3): addresses that only the
 * peer itself can have said.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/identity/identity.h"
#include "node/mesh/wire/buffer.h"
#include "node/mesh/wire/multiaddr.h"

#define INOS_RECORD_DOMAIN "libp2p-peer-record"
#define INOS_RECORD_MAX 8192     /* bytes of an envelope */
#define INOS_RECORD_ADDRESSES 16 /* more are left out */

struct inos_peer_record {
  struct inos_peer_id peer;
  uint64_t sequence; /* the greater one is newer */
  unsigned n_addresses;
  struct inos_multiaddr addresses[INOS_RECORD_ADDRESSES];
};

/**
 * inos_envelope_seal:
 * @domain: what the signature is for
 * @payload_type: the multicodec that says what @payload is
 *
 * Appends the envelope to @out.
 */
void inos_envelope_seal (const struct inos_identity *identity, const char *domain,
                         const void *payload_type, size_t payload_type_len, const void *payload,
                         size_t payload_len, struct inos_buffer *out);
/**
 * inos_envelope_open:
 * @signer: (out): whose signature it has
 * @payload: (out): lies in @bytes
 *
 * Returns: whether the signature is right for @domain and @payload_type.
 */
bool inos_envelope_open (const void *bytes, size_t len, const char *domain,
                         const void *payload_type, size_t payload_type_len,
                         struct inos_peer_id *signer, const uint8_t **payload, size_t *payload_len);
/** inos_peer_record_seal: @record, whose peer is @identity's, in an envelope. */
void inos_peer_record_seal (const struct inos_identity *identity,
                            const struct inos_peer_record *record, struct inos_buffer *out);
/** inos_peer_record_open: whether @bytes are an envelope whose signer says this of itself. */
bool inos_peer_record_open (const void *bytes, size_t len, struct inos_peer_record *record);
