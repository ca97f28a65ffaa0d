/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/mesh/wire/multihash.h"
#include "node/mesh/wire/varint.h"

#include <string.h>

static bool length_is_right (uint64_t code, uint64_t len)
{
  switch (code) {
  case INOS_HASH_SHA2_256:
  case INOS_HASH_BLAKE3:
  case INOS_HASH_BLAKE2B_256:
    return len == 32;
  default:
    return len <= INOS_DIGEST_MAX;
  }
}

int inos_multihash_read (const void *bytes, size_t len, struct inos_multihash *hash)
{
  const uint8_t *at = bytes;
  uint64_t length;
  int code_len = inos_varint_get (at, len, &hash->code);

  if (code_len <= 0)
    return code_len;
  int length_len = inos_varint_get (at + code_len, len - (size_t)code_len, &length);
  if (length_len <= 0)
    return length_len;
  if (!length_is_right (hash->code, length))
    return -1;
  size_t head = (size_t)code_len + (size_t)length_len;
  if (len - head < length)
    return 0;
  hash->digest = at + head;
  hash->len = (size_t)length;
  return (int)(head + hash->len);
}

size_t inos_multihash_put (uint8_t out[INOS_MULTIHASH_MAX], uint64_t code, const void *digest,
                           size_t len)
{
  if (!length_is_right (code, len) || inos_varint_size (code) + 2 + len > INOS_MULTIHASH_MAX)
    return 0;
  size_t at = inos_varint_put (out, code);
  at += inos_varint_put (out + at, len);
  if (len > 0)
    memcpy (out + at, digest, len);
  return at + len;
}

bool inos_multihash_is_known (uint64_t code)
{
  return code == INOS_HASH_IDENTITY || code == INOS_HASH_SHA2_256 || code == INOS_HASH_BLAKE3 ||
         code == INOS_HASH_BLAKE2B_256;
}
