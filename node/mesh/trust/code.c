/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/code.h"
#include "node/mesh/wire/buffer.h"
#include "node/mesh/wire/multibase.h"
#include "node/mesh/wire/varint.h"

#include <sodium.h>
#include <string.h>

#define PREFIX "inos1"
#define FORMAT 1
#define KEY_SIZE 32
#define MINUTE 60000
#define CHECK_SIZE 4
#define HEAD_SIZE (1 + KEY_SIZE + INOS_CODE_SECRET_SIZE + 4)

static void put_check (const uint8_t *bytes, size_t len, uint8_t check[CHECK_SIZE])
{
  uint8_t hash[crypto_hash_sha256_BYTES];

  crypto_hash_sha256 (hash, bytes, len);
  memcpy (check, hash, CHECK_SIZE);
}

static void put_head (struct inos_buffer *out, const struct inos_code *code,
                      const uint8_t key[KEY_SIZE])
{
  uint32_t minutes = (uint32_t)MIN (MAX (code->expires, 0) / MINUTE, UINT32_MAX);
  const uint8_t format = FORMAT, time[4] = {(uint8_t)(minutes >> 24), (uint8_t)(minutes >> 16),
                                            (uint8_t)(minutes >> 8), (uint8_t)minutes};

  inos_buffer_append (out, &format, 1);
  inos_buffer_append (out, key, KEY_SIZE);
  inos_buffer_append (out, code->secret, INOS_CODE_SECRET_SIZE);
  inos_buffer_append (out, time, sizeof time);
}

bool inos_code_write (const struct inos_code *code, char text[INOS_CODE_TEXT_MAX])
{
  uint8_t key[KEY_SIZE], check[CHECK_SIZE];
  struct inos_buffer out = {0};

  if (!inos_peer_id_key (&code->inviter, key))
    return false;
  put_head (&out, code, key);
  for (unsigned i = 0; i < code->n_addresses; i++) {
    const struct inos_multiaddr *address = &code->addresses[i];
    size_t more = inos_varint_size (address->len) + address->len;
    if (inos_buffer_len (&out) + more + CHECK_SIZE > INOS_MULTIBASE_MAX)
      continue;
    inos_varint_append (&out, address->len);
    inos_buffer_append (&out, address->bytes, address->len);
  }
  put_check (inos_buffer_data (&out), inos_buffer_len (&out), check);
  inos_buffer_append (&out, check, CHECK_SIZE);
  memcpy (text, PREFIX, strlen (PREFIX));
  bool fits = inos_base_encode (INOS_BASE32, inos_buffer_data (&out), inos_buffer_len (&out),
                                text + strlen (PREFIX), INOS_CODE_TEXT_MAX - strlen (PREFIX));
  inos_buffer_clear (&out);
  return fits;
}

/* Without blanks, in small letters. Returns: false where it is too long for one. */
static bool fold (const char *text, char out[INOS_CODE_TEXT_MAX])
{
  size_t len = 0;

  for (; *text; text++) {
    if (g_ascii_isspace (*text) || *text == '-')
      continue;
    if (len == INOS_CODE_TEXT_MAX - 1)
      return false;
    out[len++] = g_ascii_tolower (*text);
  }
  out[len] = '\0';
  return true;
}

bool inos_code_is (const char *text)
{
  char folded[INOS_CODE_TEXT_MAX];

  return fold (text, folded) && g_str_has_prefix (folded, PREFIX);
}

static bool read_addresses (struct inos_code *code, const uint8_t *at, size_t len)
{
  while (len > 0) {
    uint64_t size;
    int head = inos_varint_get (at, len, &size);
    if (head <= 0 || size > len - (size_t)head || code->n_addresses == INOS_CODE_ADDRESSES_MAX ||
        !inos_multiaddr_read (&code->addresses[code->n_addresses], at + head, (size_t)size))
      return false;
    code->n_addresses++;
    at += (size_t)head + (size_t)size;
    len -= (size_t)head + (size_t)size;
  }
  return true;
}

bool inos_code_read (struct inos_code *code, const char *text)
{
  uint8_t bytes[INOS_MULTIBASE_MAX], check[CHECK_SIZE];
  char folded[INOS_CODE_TEXT_MAX];
  size_t len;

  *code = (struct inos_code){0};
  if (!fold (text, folded) || !g_str_has_prefix (folded, PREFIX))
    return false;
  const char *body = folded + strlen (PREFIX);
  if (!inos_base_decode (INOS_BASE32, body, strlen (body), bytes, sizeof bytes, &len) ||
      len < HEAD_SIZE + CHECK_SIZE || bytes[0] != FORMAT)
    return false;
  len -= CHECK_SIZE;
  put_check (bytes, len, check);
  if (memcmp (check, bytes + len, CHECK_SIZE) != 0)
    return false;
  code->inviter = inos_peer_id_of_key (bytes + 1);
  memcpy (code->secret, bytes + 1 + KEY_SIZE, INOS_CODE_SECRET_SIZE);
  const uint8_t *time = bytes + 1 + KEY_SIZE + INOS_CODE_SECRET_SIZE;
  code->expires = (int64_t)((uint32_t)time[0] << 24 | (uint32_t)time[1] << 16 |
                            (uint32_t)time[2] << 8 | time[3]) *
                  MINUTE;
  return read_addresses (code, bytes + HEAD_SIZE, len - HEAD_SIZE);
}
