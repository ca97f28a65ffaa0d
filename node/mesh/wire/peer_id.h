/*
 * A peer's id: the multihash of its public key. Ed25519 keys are in it whole (an identity
 * multihash); ids of longer keys (RSA) are their SHA-256.
 *
 * Source: libp2p/specs, peer-ids.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INOS_PEER_ID_MAX 42   /* bytes */
#define INOS_PEER_TEXT_MAX 80 /* of its text in any form, with the end */

/* A value: copied, compared with inos_peer_id_equal(). Zero is nobody. */
struct inos_peer_id {
  uint8_t len;
  uint8_t bytes[INOS_PEER_ID_MAX];
};

/** inos_peer_id_of_key: the id of the Ed25519 key @public_key. */
struct inos_peer_id inos_peer_id_of_key (const uint8_t public_key[32]);
/**
 * inos_peer_id_key:
 * @key: (out): the Ed25519 key that is in @id
 *
 * Returns: whether there is one.
 */
bool inos_peer_id_key (const struct inos_peer_id *id, uint8_t key[32]);
/**
 * inos_peer_id_read:
 *
 * Takes an identity multihash of at most 42 bytes or a SHA-256 one, whole.
 *
 * Returns: whether @bytes are one.
 */
bool inos_peer_id_read (struct inos_peer_id *id, const void *bytes, size_t len);
/** inos_peer_id_add: reads one more into @ids, where there are @n so far and room for @max.
 * Returns: whether it could. */
bool inos_peer_id_add (struct inos_peer_id *ids, unsigned *n, unsigned max, const void *bytes,
                       size_t len);
/**
 * inos_peer_id_parse:
 * @text: base58btc ("12D3KooW…", "Qm…"), or a CIDv1 of libp2p-key in multibase ("bafz…", "k51…")
 *
 * Returns: whether it is one.
 */
bool inos_peer_id_parse (struct inos_peer_id *id, const char *text);
/** inos_peer_id_text: "12D3KooW…". */
void inos_peer_id_text (const struct inos_peer_id *id, char out[INOS_PEER_TEXT_MAX]);
/** inos_peer_id_cid: the CIDv1 in base36, "k51…". */
void inos_peer_id_cid (const struct inos_peer_id *id, char out[INOS_PEER_TEXT_MAX]);

/** inos_peer_id_is_set: whether it is anybody. */
static inline bool inos_peer_id_is_set (const struct inos_peer_id *id)
{
  return id->len > 0;
}

/** inos_peer_id_compare: by bytes, the shorter first. Returns: as memcmp() does. */
int inos_peer_id_compare (const struct inos_peer_id *a, const struct inos_peer_id *b);
static inline bool inos_peer_id_equal (const struct inos_peer_id *a, const struct inos_peer_id *b)
{
  return inos_peer_id_compare (a, b) == 0;
}

/* For GHashTable: pointers to a struct inos_peer_id. */
unsigned inos_peer_id_hash (const void *id);
int inos_peer_id_same (const void *a, const void *b);
