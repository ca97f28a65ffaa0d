/*
 * The cipher of one direction of a Noise link after its handshake: ChaCha20-Poly1305 (RFC 8439)
 * under one key, with a number for each message. Holds a secret; inos_noise_cipher_clear() wipes
 * it.
 *
 * Computed by OpenSSL's libcrypto, which is more than twice as fast as libsodium, and by libsodium
 * where that one may not (docs/decisions/0015-who-encrypts-links.md).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/link/noise_xx.h"

struct inos_noise_cipher {
  void *context; /* owned; libcrypto's; NULL: libsodium computes */
  uint8_t key[INOS_NOISE_KEY_SIZE];
  uint64_t nonce;
};

/** inos_noise_cipher_init:
 * @seals: whether it is for what is sent */
void inos_noise_cipher_init (struct inos_noise_cipher *cipher,
                             const uint8_t key[INOS_NOISE_KEY_SIZE], bool seals);
/** inos_noise_cipher_clear: safe to call twice. */
void inos_noise_cipher_clear (struct inos_noise_cipher *cipher);
/** inos_noise_cipher_seal: encrypts the next @len bytes in place; the tag goes behind them. */
void inos_noise_cipher_seal (struct inos_noise_cipher *cipher, uint8_t *bytes, size_t len);
/**
 * inos_noise_cipher_open: decrypts the next message in place.
 * @len: with its tag
 *
 * Returns: whether it is what the other side sealed next.
 */
bool inos_noise_cipher_open (struct inos_noise_cipher *cipher, uint8_t *bytes, size_t len);
