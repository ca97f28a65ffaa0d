/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/mesh/wire/cid.h"
#include "node/mesh/wire/peer_id.h"

#include <string.h>

#define KEY_LEN 32
#define INLINE_LEN (6 + KEY_LEN)

/* What stands before an Ed25519 key: an identity multihash of 36 bytes, and in it the protobuf
 * {1: 1 (Ed25519), 2: 32 bytes}. */
static const uint8_t before_key[] = {0x00, 0x24, 0x08, 0x01, 0x12, 0x20};

struct inos_peer_id inos_peer_id_of_key (const uint8_t public_key[KEY_LEN])
{
  struct inos_peer_id id = {.len = INLINE_LEN};

  memcpy (id.bytes, before_key, sizeof before_key);
  memcpy (id.bytes + sizeof before_key, public_key, KEY_LEN);
  return id;
}

bool inos_peer_id_key (const struct inos_peer_id *id, uint8_t key[KEY_LEN])
{
  if (id->len != INLINE_LEN || memcmp (id->bytes, before_key, sizeof before_key) != 0)
    return false;
  memcpy (key, id->bytes + sizeof before_key, KEY_LEN);
  return true;
}

static bool take (struct inos_peer_id *id, const void *bytes, size_t len)
{
  *id = (struct inos_peer_id){.len = (uint8_t)len};
  memcpy (id->bytes, bytes, len);
  return true;
}

bool inos_peer_id_read (struct inos_peer_id *id, const void *bytes, size_t len)
{
  struct inos_multihash hash;

  if (len == INLINE_LEN && memcmp (bytes, before_key, sizeof before_key) == 0) /* as most are */
    return take (id, bytes, len);
  if (len == 0 || len > INOS_PEER_ID_MAX || inos_multihash_read (bytes, len, &hash) != (int)len)
    return false;
  if (hash.code != INOS_HASH_SHA2_256 && (hash.code != INOS_HASH_IDENTITY || hash.len == 0))
    return false;
  return take (id, bytes, len);
}

bool inos_peer_id_add (struct inos_peer_id *ids, unsigned *n, unsigned max, const void *bytes,
                       size_t len)
{
  if (*n >= max || !inos_peer_id_read (&ids[*n], bytes, len))
    return false;
  ++*n;
  return true;
}

/* A bare multihash begins with "1" (an identity one) or "Qm" (a SHA-256 one), which no letter of
 * multibase does. */
static bool parse_bare (struct inos_peer_id *id, const char *text, size_t len)
{
  uint8_t bytes[INOS_PEER_ID_MAX];
  size_t n_bytes;

  return inos_base_decode (INOS_BASE58BTC, text, len, bytes, sizeof bytes, &n_bytes) &&
         inos_peer_id_read (id, bytes, n_bytes);
}

bool inos_peer_id_parse (struct inos_peer_id *id, const char *text)
{
  size_t len = strnlen (text, INOS_PEER_TEXT_MAX);
  struct inos_cid cid;

  if (len == INOS_PEER_TEXT_MAX)
    return false;
  if (text[0] == '1' || (text[0] == 'Q' && text[1] == 'm'))
    return parse_bare (id, text, len);
  if (!inos_cid_parse (&cid, text))
    return false;
  struct inos_cid_parts parts = inos_cid_parts (&cid);
  uint8_t hash[INOS_MULTIHASH_MAX];
  size_t hash_len = inos_multihash_put (hash, parts.hash.code, parts.hash.digest, parts.hash.len);
  return parts.version == 1 && parts.codec == INOS_CODEC_LIBP2P_KEY &&
         inos_peer_id_read (id, hash, hash_len);
}

void inos_peer_id_text (const struct inos_peer_id *id, char out[INOS_PEER_TEXT_MAX])
{
  inos_base_encode (INOS_BASE58BTC, id->bytes, id->len, out, INOS_PEER_TEXT_MAX);
}

void inos_peer_id_cid (const struct inos_peer_id *id, char out[INOS_PEER_TEXT_MAX])
{
  uint8_t bytes[2 + INOS_PEER_ID_MAX] = {1, INOS_CODEC_LIBP2P_KEY};

  memcpy (bytes + 2, id->bytes, id->len);
  inos_multibase_encode (INOS_BASE36, bytes, 2u + id->len, out, INOS_PEER_TEXT_MAX);
}

int inos_peer_id_compare (const struct inos_peer_id *a, const struct inos_peer_id *b)
{
  if (a->len != b->len)
    return a->len < b->len ? -1 : 1;
  return memcmp (a->bytes, b->bytes, a->len);
}

unsigned inos_peer_id_hash (const void *key)
{
  const struct inos_peer_id *id = key;
  unsigned hash = 2166136261u;

  for (unsigned i = 0; i < id->len; i++) /* FNV-1a */
    hash = (hash ^ id->bytes[i]) * 16777619u;
  return hash;
}

int inos_peer_id_same (const void *a, const void *b)
{
  return inos_peer_id_equal (a, b);
}
