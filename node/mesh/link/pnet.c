/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/pnet.h"

#include <sodium.h>
#include <string.h>

#define FILE_HEAD "/key/swarm/psk/1.0.0/"
#define BLOCK 64u

G_STATIC_ASSERT (crypto_stream_xsalsa20_KEYBYTES == INOS_PNET_KEY_SIZE);
G_STATIC_ASSERT (crypto_stream_xsalsa20_NONCEBYTES == INOS_PNET_NONCE_SIZE);

static bool refuse (GError **error, const char *what)
{
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_PARSE,
               "This is no key of a private mesh: %s. It should have three lines: "
               "\"" FILE_HEAD "\", \"/base16/\", and 64 hexadecimal digits.",
               what);
  return false;
}

/* Moves past @line, which ends with a line's end. */
static bool skip_line (const char **at, const char *end, const char *line)
{
  size_t len = strlen (line);

  if ((size_t)(end - *at) < len || memcmp (*at, line, len) != 0)
    return false;
  *at += len;
  if (*at < end && **at == '\r')
    (*at)++;
  if (*at == end || **at != '\n')
    return false;
  (*at)++;
  return true;
}

static size_t without_space (const char *at, const char *end)
{
  while (end > at && g_ascii_isspace (end[-1]))
    end--;
  return (size_t)(end - at);
}

static bool decode (const char *at, const char *end, uint8_t key[INOS_PNET_KEY_SIZE],
                    GError **error)
{
  size_t size = 0, len;

  if (skip_line (&at, end, "/base16/")) {
    len = without_space (at, end);
    if (sodium_hex2bin (key, INOS_PNET_KEY_SIZE, at, len, NULL, &size, NULL) != 0 ||
        size != INOS_PNET_KEY_SIZE || len != 2 * (size_t)INOS_PNET_KEY_SIZE)
      return refuse (error, "after \"/base16/\" there are not 64 hexadecimal digits");
    return true;
  }
  if (skip_line (&at, end, "/base64/")) {
    len = without_space (at, end);
    if (sodium_base642bin (key, INOS_PNET_KEY_SIZE, at, len, NULL, &size, NULL,
                           sodium_base64_VARIANT_ORIGINAL) != 0 ||
        size != INOS_PNET_KEY_SIZE)
      return refuse (error, "after \"/base64/\" there are not 32 bytes in base64");
    return true;
  }
  if (!skip_line (&at, end, "/bin/"))
    return refuse (error, "its second line is not \"/base16/\", \"/base64/\" or \"/bin/\"");
  if (end - at != INOS_PNET_KEY_SIZE)
    return refuse (error, "after \"/bin/\" there are not 32 bytes");
  memcpy (key, at, INOS_PNET_KEY_SIZE);
  return true;
}

bool inos_pnet_parse_key (const void *text, size_t len, uint8_t key[INOS_PNET_KEY_SIZE],
                          GError **error)
{
  const char *at = text;

  if (len > INOS_PNET_FILE_MAX)
    return refuse (error, "it is too long");
  if (len == 0 || !skip_line (&at, at + len, FILE_HEAD))
    return refuse (error, "its first line is not \"" FILE_HEAD "\"");
  bool ok = decode (at, (const char *)text + len, key, error);
  if (!ok)
    sodium_memzero (key, INOS_PNET_KEY_SIZE);
  return ok;
}

void inos_pnet_init (struct inos_pnet_stream *stream, const uint8_t key[INOS_PNET_KEY_SIZE])
{
  *stream = (struct inos_pnet_stream){0};
  memcpy (stream->key, key, INOS_PNET_KEY_SIZE);
}

void inos_pnet_make_nonce (struct inos_pnet_stream *stream, const struct inos_mesh_env *env,
                           uint8_t nonce[INOS_PNET_NONCE_SIZE])
{
  inos_env_random (env, stream->nonce, INOS_PNET_NONCE_SIZE);
  memcpy (nonce, stream->nonce, INOS_PNET_NONCE_SIZE);
  stream->n_nonce = INOS_PNET_NONCE_SIZE;
}

void inos_pnet_clear (struct inos_pnet_stream *stream)
{
  sodium_memzero (stream, sizeof *stream);
}

size_t inos_pnet_take_nonce (struct inos_pnet_stream *stream, const uint8_t *bytes, size_t len)
{
  size_t n = MIN (len, INOS_PNET_NONCE_SIZE - stream->n_nonce);

  memcpy (stream->nonce + stream->n_nonce, bytes, n);
  stream->n_nonce += (unsigned)n;
  return n;
}

/* Bytes within one block, by a copy of its key stream. */
static size_t xor_within (struct inos_pnet_stream *stream, uint8_t *bytes, size_t len)
{
  unsigned at = (unsigned)(stream->position % BLOCK);
  size_t n = MIN (len, BLOCK - at);

  if (at == 0) {
    memset (stream->block, 0, BLOCK);
    crypto_stream_xsalsa20_xor_ic (stream->block, stream->block, BLOCK, stream->nonce,
                                   stream->position / BLOCK, stream->key);
  }
  for (size_t i = 0; i < n; i++)
    bytes[i] ^= stream->block[at + i];
  stream->position += n;
  return n;
}

void inos_pnet_xor (struct inos_pnet_stream *stream, uint8_t *bytes, size_t len)
{
  if (len > 0 && stream->position % BLOCK != 0) {
    size_t n = xor_within (stream, bytes, len);
    bytes += n;
    len -= n;
  }
  size_t whole = len - len % BLOCK;
  if (whole > 0)
    crypto_stream_xsalsa20_xor_ic (bytes, bytes, whole, stream->nonce, stream->position / BLOCK,
                                   stream->key);
  stream->position += whole;
  if (len > whole)
    xor_within (stream, bytes + whole, len - whole);
}
