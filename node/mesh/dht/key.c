/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/key.h"

#include <sodium.h>

struct inos_kad_key inos_kad_key_of (const void *bytes, size_t len)
{
  struct inos_kad_key key;

  crypto_hash_sha256 (key.bytes, bytes, len);
  return key;
}

struct inos_kad_key inos_kad_key_of_peer (const struct inos_peer_id *peer)
{
  return inos_kad_key_of (peer->bytes, peer->len);
}

unsigned inos_kad_shared (const struct inos_kad_key *a, const struct inos_kad_key *b)
{
  for (unsigned i = 0; i < sizeof a->bytes; i++) {
    unsigned differ = a->bytes[i] ^ b->bytes[i];
    if (differ)
      return 8 * i + (unsigned)__builtin_clz (differ) - 24;
  }
  return INOS_KAD_BITS;
}

int inos_kad_nearer (const struct inos_kad_key *target, const struct inos_kad_key *a,
                     const struct inos_kad_key *b)
{
  for (unsigned i = 0; i < sizeof a->bytes; i++)
    if (a->bytes[i] != b->bytes[i])
      return (a->bytes[i] ^ target->bytes[i]) - (b->bytes[i] ^ target->bytes[i]);
  return 0;
}
