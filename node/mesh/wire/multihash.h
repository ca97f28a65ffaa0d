/*
 * Digests that say what made them: code, length, digest. For the hashes that Inos knows the length
 * has to be the right one.
 *
 * Source: multiformats/multihash, multiformats/multicodec's table.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum inos_hash {
  INOS_HASH_IDENTITY = 0x00, /* the bytes themselves */
  INOS_HASH_SHA2_256 = 0x12,
  INOS_HASH_BLAKE3 = 0x1e,
  INOS_HASH_BLAKE2B_256 = 0xb220,
};

#define INOS_DIGEST_MAX 128    /* bytes; what is longer is refused */
#define INOS_MULTIHASH_MAX 138 /* bytes of the whole */

struct inos_multihash {
  uint64_t code; /* enum inos_hash, or one that is not known */
  const uint8_t *digest;
  size_t len;
};

/**
 * inos_multihash_read:
 * @hash: (out): its digest lies in @bytes
 *
 * Returns: bytes read; 0: more are needed; -1: it is no multihash.
 */
int inos_multihash_read (const void *bytes, size_t len, struct inos_multihash *hash);
/** inos_multihash_put: writes one whose length is right. Returns: bytes written; 0: it is not. */
size_t inos_multihash_put (uint8_t out[INOS_MULTIHASH_MAX], uint64_t code, const void *digest,
                           size_t len);
/** inos_multihash_is_known: whether @code is one of enum inos_hash. */
bool inos_multihash_is_known (uint64_t code);
