/*
 * What may be a value of the DHT, and which of two is the better one: one table entry for each
 * namespace, the first part of a key.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/identity/identity.h"
#include "node/mesh/wire/buffer.h"
#include "node/mesh/wire/peer_id.h"

#define INOS_KAD_SIGNED_DOMAIN "inos-kad-record"

struct inos_kad_validator {
  const char *space; /* "pk" of "/pk/…" */
  void *data;
  /* Whether @value may be that of @key; depends on nothing else. */
  bool (*is_valid) (void *data, const void *key, size_t key_len, const void *value,
                    size_t value_len);
  /* Whether @value is better than @other; both are valid. Never true both ways round. */
  bool (*is_better) (void *data, const void *value, size_t len, const void *other,
                     size_t other_len);
};

/** inos_kad_find_validator: (nullable): that of @key among @n; NULL: it has none. */
const struct inos_kad_validator *
inos_kad_find_validator (const struct inos_kad_validator *validators, unsigned n, const void *key,
                         size_t len);

/* "/pk/" and a peer id in bytes: its public key, in libp2p's protobuf. */
extern const struct inos_kad_validator inos_kad_pk_validator;

/**
 * inos_kad_signed_validator: of "/@space/PEER/…", PEER the text of an id: what only that peer could
 * write, by inos_kad_sign(); the highest number is the best.
 */
struct inos_kad_validator inos_kad_signed_validator (const char *space);
/** inos_kad_sign: appends @data, for @key, as the @number-th of @identity. */
void inos_kad_sign (const struct inos_identity *identity, const void *key, size_t key_len,
                    uint64_t number, const void *data, size_t len, struct inos_buffer *out);
/**
 * inos_kad_signed_read: what inos_kad_sign() made.
 * @data: (out): lies in @value
 *
 * Returns: whether it is one for @key, whose signature is right.
 */
bool inos_kad_signed_read (const void *key, size_t key_len, const void *value, size_t value_len,
                           struct inos_peer_id *signer, uint64_t *number, const uint8_t **data,
                           size_t *len);
