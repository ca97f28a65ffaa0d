/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/mesh/wire/sealed.h"

#include <sodium.h>
#include <string.h>

#define HASH_SIZE 32u

void inos_sealed_begin (struct inos_buffer *out, const char magic[INOS_SEALED_MAGIC])
{
  inos_buffer_append (out, magic, INOS_SEALED_MAGIC);
}

void inos_sealed_end (struct inos_buffer *out)
{
  uint8_t hash[HASH_SIZE];

  crypto_generichash (hash, sizeof hash, inos_buffer_data (out), inos_buffer_len (out), NULL, 0);
  inos_buffer_append (out, hash, sizeof hash);
}

bool inos_sealed_open (struct inos_proto *fields, const char magic[INOS_SEALED_MAGIC],
                       const void *bytes, size_t len)
{
  const uint8_t *start = bytes;
  uint8_t hash[HASH_SIZE];

  if (len < INOS_SEALED_MAGIC + HASH_SIZE || memcmp (bytes, magic, INOS_SEALED_MAGIC) != 0)
    return false;
  crypto_generichash (hash, sizeof hash, bytes, len - HASH_SIZE, NULL, 0);
  if (memcmp (hash, start + len - HASH_SIZE, HASH_SIZE) != 0)
    return false;
  *fields = inos_proto_begin (start + INOS_SEALED_MAGIC, len - INOS_SEALED_MAGIC - HASH_SIZE);
  return true;
}
