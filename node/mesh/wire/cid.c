/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/mesh/wire/cid.h"
#include "node/mesh/wire/varint.h"

#include <string.h>

#define V0_LEN 34      /* 0x12 0x20 and the digest */
#define V0_TEXT_LEN 46 /* of that in base58btc, always */

/* Takes apart what is at the beginning of @bytes; as inos_cid_read(). */
static int read_parts (struct inos_cid_parts *parts, const uint8_t *bytes, size_t len)
{
  uint64_t version;

  if (len >= 2 && bytes[0] == INOS_HASH_SHA2_256 && bytes[1] == 32) {
    parts->version = 0;
    parts->codec = INOS_CODEC_DAG_PB;
    return inos_multihash_read (bytes, len, &parts->hash);
  }
  int at = inos_varint_get (bytes, len, &version);
  if (at <= 0)
    return at;
  if (version == INOS_HASH_SHA2_256 && len < 2)
    return 0;
  if (version != 1)
    return -1;
  parts->version = 1;
  int codec = inos_varint_get (bytes + at, len - (size_t)at, &parts->codec);
  if (codec <= 0)
    return codec;
  at += codec;
  int hash = inos_multihash_read (bytes + at, len - (size_t)at, &parts->hash);
  return hash <= 0 ? hash : at + hash;
}

int inos_cid_read (struct inos_cid *cid, const void *bytes, size_t len)
{
  struct inos_cid_parts parts;
  int read = read_parts (&parts, bytes, len);

  if (read > INOS_CID_MAX)
    return -1;
  if (read > 0) {
    *cid = (struct inos_cid){.len = (uint8_t)read};
    memcpy (cid->bytes, bytes, (size_t)read);
  }
  return read;
}

struct inos_cid_parts inos_cid_parts (const struct inos_cid *cid)
{
  struct inos_cid_parts parts = {0};

  read_parts (&parts, cid->bytes, cid->len);
  return parts;
}

bool inos_cid_make (struct inos_cid *cid, uint64_t codec, uint64_t hash, const void *digest,
                    size_t len)
{
  uint8_t bytes[1 + INOS_VARINT_MAX + INOS_MULTIHASH_MAX] = {1};
  size_t at = 1 + inos_varint_put (bytes + 1, codec);
  size_t hash_len = inos_multihash_put (bytes + at, hash, digest, len);

  return hash_len > 0 && inos_cid_read (cid, bytes, at + hash_len) > 0;
}

bool inos_cid_parse (struct inos_cid *cid, const char *text)
{
  uint8_t bytes[INOS_CID_MAX];
  size_t len, text_len = strnlen (text, INOS_CID_TEXT_MAX);
  bool old = text_len == V0_TEXT_LEN && text[0] == 'Q' && text[1] == 'm';

  if (old ? !inos_base_decode (INOS_BASE58BTC, text, text_len, bytes, sizeof bytes, &len)
          : !inos_multibase_decode (text, bytes, sizeof bytes, &len))
    return false;
  if (len == 0 || (bytes[0] == 1) == old)
    return false;
  return inos_cid_read (cid, bytes, len) == (int)len;
}

bool inos_cid_text (const struct inos_cid *cid, enum inos_base base, char *out, size_t size)
{
  if (cid->len == V0_LEN && cid->bytes[0] == INOS_HASH_SHA2_256)
    return inos_base_encode (INOS_BASE58BTC, cid->bytes, cid->len, out, size);
  return cid->len > 0 && inos_multibase_encode (base, cid->bytes, cid->len, out, size);
}
