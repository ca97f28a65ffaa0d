/*
 * Who this node is: an Ed25519 key that is made at the first start and kept for ever, and the
 * libp2p peer id that follows from it.
 *
 * The key lies in `identity.key` of the state directory, 104 bytes: "INOSKEY" and the format's
 * number 1, the 32-byte seed, the 32-byte public key, and the BLAKE2b-256 of all that. In memory
 * the secret part has a locked page of its own that is left out of core dumps and wiped when freed.
 * It is never written anywhere else, least of all to a log.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define INOS_IDENTITY_FILE "identity.key"
#define INOS_PUBLIC_KEY_SIZE 32
#define INOS_SIGNATURE_SIZE 64
#define INOS_PEER_ID_SIZE 64 /* of the text with its end; 53 are used */

struct inos_identity;

/**
 * inos_identity_open:
 * @state_dir: the node's state directory, made where there is none
 * @error: why not, in the domain %INOS_NODE_ERROR; names the file and says what to do
 *
 * Loads the identity, or makes one where there is none. A file that is there is never replaced,
 * however damaged.
 *
 * Returns: (transfer full) (nullable): the identity.
 */
struct inos_identity *inos_identity_open (const char *state_dir, GError **error);

/**
 * inos_identity_free:
 * @identity: (nullable): an identity; its secret is wiped
 */
void inos_identity_free (struct inos_identity *identity);

/** inos_identity_peer_id: the peer id as text, "12D3KooW…"; lives as long as @identity. */
const char *inos_identity_peer_id (const struct inos_identity *identity);

/** inos_identity_public_key: the public key in hexadecimal; lives as long as @identity. */
const char *inos_identity_public_key (const struct inos_identity *identity);

/**
 * inos_identity_sign:
 * @identity: an identity
 * @data: bytes
 * @len: how many
 * @signature: where the signature goes
 */
void inos_identity_sign (const struct inos_identity *identity, const void *data, size_t len,
                         uint8_t signature[INOS_SIGNATURE_SIZE]);

/**
 * inos_peer_id:
 * @public_key: an Ed25519 public key
 * @out: where the text goes
 *
 * The peer id of a key: the base58btc of the identity multihash of libp2p's protobuf for the key.
 */
void inos_peer_id (const uint8_t public_key[INOS_PUBLIC_KEY_SIZE], char out[INOS_PEER_ID_SIZE]);
