/*
 * A private mesh: the layer beneath all others, which only those who have the same 32-byte key can
 * speak through. Each side sends 24 random bytes first; all after them is XOR the XSalsa20 stream
 * of key and those bytes. It proves nothing of who the peer is, nor that bytes are unchanged:
 * Noise above it does.
 *
 * Source: libp2p/specs, pnet.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"

#include <glib.h>
#include <stdbool.h>

#define INOS_PNET_KEY_SIZE 32
#define INOS_PNET_NONCE_SIZE 24
#define INOS_PNET_FILE_MAX 256 /* bytes of a key file */

/**
 * inos_pnet_parse_key:
 * @text: a key file's content: "/key/swarm/psk/1.0.0/", a line with its coding, "/base16/",
 *   "/base64/" or "/bin/", and the key
 * @key: (out): the key
 * @error: what is wrong; never says any of the key
 */
bool inos_pnet_parse_key (const void *text, size_t len, uint8_t key[INOS_PNET_KEY_SIZE],
                          GError **error);

/* One direction. Holds secrets. */
struct inos_pnet_stream {
  uint8_t key[INOS_PNET_KEY_SIZE], nonce[INOS_PNET_NONCE_SIZE];
  uint8_t block[64]; /* of the key stream, for what is left of a block */
  uint64_t position; /* bytes that went */
  unsigned n_nonce;  /* bytes of it that are known */
};

void inos_pnet_init (struct inos_pnet_stream *stream, const uint8_t key[INOS_PNET_KEY_SIZE]);
/** inos_pnet_clear: wipes it. Safe to call twice. */
void inos_pnet_clear (struct inos_pnet_stream *stream);
/** inos_pnet_make_nonce: of what is sent; it goes first, as it is. */
void inos_pnet_make_nonce (struct inos_pnet_stream *stream, const struct inos_mesh_env *env,
                           uint8_t nonce[INOS_PNET_NONCE_SIZE]);
/**
 * inos_pnet_take_nonce: of what is received; it comes first.
 *
 * Returns: how many of @bytes belong to the peer's nonce, and are not for inos_pnet_xor().
 */
size_t inos_pnet_take_nonce (struct inos_pnet_stream *stream, const uint8_t *bytes, size_t len);
/** inos_pnet_xor: encrypts or decrypts the next bytes in place. */
void inos_pnet_xor (struct inos_pnet_stream *stream, uint8_t *bytes, size_t len);
