/*
 * Who this node is: an Ed25519 key that is made at the first start and kept until a person has it
 * replaced (rotated), and the libp2p peer id that follows from it.
 *
 * The key lies in `identity.key` of the state directory, 104 bytes: "INOSKEY" and the format's
 * number 1, the 32-byte seed, the 32-byte public key, and the BLAKE2b-256 of all that. In memory
 * the secret part has a locked page of its own that is left out of core dumps and wiped when freed.
 * It is never written anywhere else, least of all to a log.
 *
 * The next key lies beside it as `identity.next`, in the same form, until it takes the first one's
 * name in one step, so that there is a whole one whenever the power goes; the one before stays as
 * `identity-PEERID.key`. What is found as `identity.next` at a start was given up, and goes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define INOS_IDENTITY_FILE "identity.key"
#define INOS_IDENTITY_NEXT_FILE "identity.next"
#define INOS_SEED_SIZE 32
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
 * inos_identity_make_next:
 * @state_dir: that inos_identity_open() was given
 * @error: why not, in the domain %INOS_NODE_ERROR
 *
 * Makes the key that is to follow; nothing depends on it before inos_identity_take_next().
 *
 * Returns: (transfer full) (nullable): the identity of it.
 */
struct inos_identity *inos_identity_make_next (const char *state_dir, GError **error);

/**
 * inos_identity_take_next:
 * @state_dir: the same
 * @identity: the one that is there
 * @error: why not; then the one that is there stays
 *
 * From now on inos_identity_open() has the next one. What proves the hand-over has to be on the
 * disk before.
 *
 * Returns: whether it is done.
 */
bool inos_identity_take_next (const char *state_dir, const struct inos_identity *identity,
                              GError **error);

/**
 * inos_identity_from_seed: (transfer full): the identity of a seed that is no secret.
 *
 * For tests and the simulator: it lies in ordinary memory and in no file.
 */
struct inos_identity *inos_identity_from_seed (const uint8_t seed[INOS_SEED_SIZE]);

/**
 * inos_identity_free:
 * @identity: (nullable): an identity; its secret is wiped
 */
void inos_identity_free (struct inos_identity *identity);

/** inos_identity_peer_id: the peer id as text, "12D3KooW…"; lives as long as @identity. */
const char *inos_identity_peer_id (const struct inos_identity *identity);

/** inos_identity_public_key: the public key in hexadecimal; lives as long as @identity. */
const char *inos_identity_public_key (const struct inos_identity *identity);

/** inos_identity_key: the Ed25519 public key, %INOS_PUBLIC_KEY_SIZE bytes; lives as long as
 * @identity. */
const uint8_t *inos_identity_key (const struct inos_identity *identity);

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
 * inos_identity_agree:
 * @identity: an identity
 * @other: somebody's Ed25519 public key
 * @shared: (out): 32 bytes that only the two can know: X25519 of the same keys
 *
 * For keys to be made of, never to be used as one. Costs 50 to 100 µs.
 *
 * Returns: whether @other is a key.
 */
bool inos_identity_agree (const struct inos_identity *identity,
                          const uint8_t other[INOS_PUBLIC_KEY_SIZE], uint8_t shared[32]);

/** inos_signature_is_right: whether who has the secret half of @public_key signed these @len bytes.
 */
bool inos_signature_is_right (const uint8_t public_key[INOS_PUBLIC_KEY_SIZE], const void *data,
                              size_t len, const uint8_t signature[INOS_SIGNATURE_SIZE]);

/**
 * inos_peer_id:
 * @public_key: an Ed25519 public key
 * @out: where the text goes
 *
 * The text of a key's peer id (node/mesh/wire/peer_id.h).
 */
void inos_peer_id (const uint8_t public_key[INOS_PUBLIC_KEY_SIZE], char out[INOS_PEER_ID_SIZE]);
