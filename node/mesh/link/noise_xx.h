/*
 * The handshake Noise_XX_25519_ChaChaPoly_SHA256: two keys on each side, one of them for this
 * handshake alone, three messages, and two secrets that only the two sides know.
 *
 * Source: The Noise Protocol Framework, revision 34, sections 4, 5 and 7.5.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"

#define INOS_NOISE_KEY_SIZE 32
#define INOS_NOISE_TAG_SIZE 16
#define INOS_NOISE_XX_MESSAGES 3

/* One side. Holds secrets: inos_noise_xx_clear() wipes them. */
struct inos_noise_xx {
  bool initiator;
  unsigned messages; /* that went, either way; whose turn it is follows from it */
  bool has_key;
  uint64_t nonce;
  uint8_t chaining[32], hash[32], key[INOS_NOISE_KEY_SIZE];
  uint8_t static_secret[INOS_NOISE_KEY_SIZE], static_public[INOS_NOISE_KEY_SIZE];
  uint8_t ephemeral_secret[INOS_NOISE_KEY_SIZE], ephemeral_public[INOS_NOISE_KEY_SIZE];
  uint8_t remote_static[INOS_NOISE_KEY_SIZE], remote_ephemeral[INOS_NOISE_KEY_SIZE];
};

/**
 * inos_noise_xx_init:
 * @prologue: what both sides know already; libp2p has none
 * @static_secret: the key that a payload vouches for
 * @ephemeral_secret: a random one, never used again
 */
void inos_noise_xx_init (struct inos_noise_xx *xx, bool initiator, const void *prologue,
                         size_t prologue_len, const uint8_t static_secret[INOS_NOISE_KEY_SIZE],
                         const uint8_t ephemeral_secret[INOS_NOISE_KEY_SIZE]);
/** inos_noise_xx_clear: wipes it. Safe to call twice. */
void inos_noise_xx_clear (struct inos_noise_xx *xx);

/** inos_noise_xx_is_mine: whether this side writes the next message; false also when it is done. */
bool inos_noise_xx_is_mine (const struct inos_noise_xx *xx);
/** inos_noise_xx_is_done: whether all three messages went. */
bool inos_noise_xx_is_done (const struct inos_noise_xx *xx);

/**
 * inos_noise_xx_write: appends the next message, with @payload in it, to @out.
 *
 * Returns: false where the other side's key gives no secret.
 */
bool inos_noise_xx_write (struct inos_noise_xx *xx, const void *payload, size_t payload_len,
                          struct inos_buffer *out);
/**
 * inos_noise_xx_read:
 * @message: the other side's next message, whole; decrypted in place
 * @payload: (out): lies in @message
 *
 * Returns: false where it is not such a message; the handshake is then over.
 */
bool inos_noise_xx_read (struct inos_noise_xx *xx, uint8_t *message, size_t len,
                         const uint8_t **payload, size_t *payload_len);
/** inos_noise_xx_split: the keys of what this side sends and receives after the handshake. */
void inos_noise_xx_split (const struct inos_noise_xx *xx, uint8_t send[INOS_NOISE_KEY_SIZE],
                          uint8_t receive[INOS_NOISE_KEY_SIZE]);
