/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/noise_xx.h"

#include <sodium.h>
#include <string.h>

#define NAME "Noise_XX_25519_ChaChaPoly_SHA256"

G_STATIC_ASSERT (sizeof NAME - 1 == crypto_hash_sha256_BYTES); /* so it is the first hash itself */
G_STATIC_ASSERT (crypto_aead_chacha20poly1305_ietf_ABYTES == INOS_NOISE_TAG_SIZE);

enum token { END, E, S, EE, ES, SE };

static const enum token pattern[INOS_NOISE_XX_MESSAGES][5] = {
  {E, END},
  {E, EE, S, ES, END},
  {S, SE, END},
};

static void mix_hash (struct inos_noise_xx *xx, const uint8_t *bytes, size_t len)
{
  crypto_hash_sha256_state state;

  crypto_hash_sha256_init (&state);
  crypto_hash_sha256_update (&state, xx->hash, sizeof xx->hash);
  crypto_hash_sha256_update (&state, bytes, len);
  crypto_hash_sha256_final (&state, xx->hash);
}

/* HKDF of RFC 5869 with two outputs, as section 4.3 writes it out. */
static void derive (const uint8_t chaining[32], const uint8_t *input, size_t len, uint8_t first[32],
                    uint8_t second[32])
{
  uint8_t secret[32], block[33];

  crypto_auth_hmacsha256 (secret, input, len, chaining);
  block[0] = 1;
  crypto_auth_hmacsha256 (first, block, 1, secret);
  memcpy (block, first, 32);
  block[32] = 2;
  crypto_auth_hmacsha256 (second, block, sizeof block, secret);
  sodium_memzero (secret, sizeof secret);
  sodium_memzero (block, sizeof block);
}

static void mix_key (struct inos_noise_xx *xx, const uint8_t input[32])
{
  uint8_t chaining[32];

  derive (xx->chaining, input, 32, chaining, xx->key);
  memcpy (xx->chaining, chaining, sizeof chaining);
  sodium_memzero (chaining, sizeof chaining);
  xx->has_key = true;
  xx->nonce = 0;
}

static bool mix_dh (struct inos_noise_xx *xx, const uint8_t secret[32], const uint8_t public[32])
{
  uint8_t shared[32];
  /* Refuses points of small order, whose product everybody knows. */
  bool ok = crypto_scalarmult_curve25519 (shared, secret, public) == 0;

  if (ok)
    mix_key (xx, shared);
  sodium_memzero (shared, sizeof shared);
  return ok;
}

static bool mix_token (struct inos_noise_xx *xx, enum token token)
{
  switch (token) {
  case EE:
    return mix_dh (xx, xx->ephemeral_secret, xx->remote_ephemeral);
  case ES:
    return xx->initiator ? mix_dh (xx, xx->ephemeral_secret, xx->remote_static)
                         : mix_dh (xx, xx->static_secret, xx->remote_ephemeral);
  case SE:
    return xx->initiator ? mix_dh (xx, xx->static_secret, xx->remote_ephemeral)
                         : mix_dh (xx, xx->ephemeral_secret, xx->remote_static);
  case END:
  case E:
  case S:
  default:
    return false;
  }
}

static void make_nonce (uint64_t number, uint8_t nonce[12])
{
  uint64_t little = GUINT64_TO_LE (number);

  memset (nonce, 0, 4);
  memcpy (nonce + 4, &little, sizeof little);
}

/* Appends @bytes, encrypted if there is a key by now. */
static void put (struct inos_noise_xx *xx, const uint8_t *bytes, size_t len,
                 struct inos_buffer *out)
{
  size_t size = len + (xx->has_key ? INOS_NOISE_TAG_SIZE : 0);
  uint8_t *at = inos_buffer_reserve (out, size), nonce[12];

  if (xx->has_key) {
    make_nonce (xx->nonce++, nonce);
    crypto_aead_chacha20poly1305_ietf_encrypt (at, NULL, bytes, len, xx->hash, sizeof xx->hash,
                                               NULL, nonce, xx->key);
  } else if (len > 0) {
    memcpy (at, bytes, len);
  }
  mix_hash (xx, at, size);
  inos_buffer_commit (out, size);
}

/* The reverse, in place; @len is with the tag. */
static bool get (struct inos_noise_xx *xx, uint8_t *bytes, size_t len)
{
  uint8_t nonce[12], hash[32];

  memcpy (hash, xx->hash, sizeof hash);
  mix_hash (xx, bytes, len);
  if (!xx->has_key)
    return true;
  make_nonce (xx->nonce++, nonce);
  return crypto_aead_chacha20poly1305_ietf_decrypt (bytes, NULL, NULL, bytes, len, hash,
                                                    sizeof hash, nonce, xx->key) == 0;
}

void inos_noise_xx_init (struct inos_noise_xx *xx, bool initiator, const void *prologue,
                         size_t prologue_len, const uint8_t static_secret[INOS_NOISE_KEY_SIZE],
                         const uint8_t ephemeral_secret[INOS_NOISE_KEY_SIZE])
{
  *xx = (struct inos_noise_xx){.initiator = initiator};
  memcpy (xx->hash, NAME, sizeof xx->hash);
  memcpy (xx->chaining, xx->hash, sizeof xx->chaining);
  mix_hash (xx, prologue, prologue_len);
  memcpy (xx->static_secret, static_secret, INOS_NOISE_KEY_SIZE);
  memcpy (xx->ephemeral_secret, ephemeral_secret, INOS_NOISE_KEY_SIZE);
  crypto_scalarmult_curve25519_base (xx->static_public, xx->static_secret);
  crypto_scalarmult_curve25519_base (xx->ephemeral_public, xx->ephemeral_secret);
}

void inos_noise_xx_clear (struct inos_noise_xx *xx)
{
  sodium_memzero (xx, sizeof *xx);
}

bool inos_noise_xx_is_done (const struct inos_noise_xx *xx)
{
  return xx->messages == INOS_NOISE_XX_MESSAGES;
}

bool inos_noise_xx_is_mine (const struct inos_noise_xx *xx)
{
  return !inos_noise_xx_is_done (xx) && (xx->messages % 2 == 0) == xx->initiator;
}

bool inos_noise_xx_write (struct inos_noise_xx *xx, const void *payload, size_t payload_len,
                          struct inos_buffer *out)
{
  g_assert (inos_noise_xx_is_mine (xx));
  for (const enum token *token = pattern[xx->messages]; *token != END; token++) {
    if (*token == E) {
      inos_buffer_append (out, xx->ephemeral_public, INOS_NOISE_KEY_SIZE);
      mix_hash (xx, xx->ephemeral_public, INOS_NOISE_KEY_SIZE);
    } else if (*token == S) {
      put (xx, xx->static_public, INOS_NOISE_KEY_SIZE, out);
    } else if (!mix_token (xx, *token)) {
      return false;
    }
  }
  put (xx, payload, payload_len, out);
  xx->messages++;
  return true;
}

/* Takes one key from the beginning of the message. */
static bool get_key (struct inos_noise_xx *xx, bool encrypted, uint8_t **at, size_t *len,
                     uint8_t key[INOS_NOISE_KEY_SIZE])
{
  size_t size = INOS_NOISE_KEY_SIZE + (encrypted ? INOS_NOISE_TAG_SIZE : 0);

  if (*len < size)
    return false;
  if (!encrypted)
    mix_hash (xx, *at, size);
  else if (!get (xx, *at, size))
    return false;
  memcpy (key, *at, INOS_NOISE_KEY_SIZE);
  *at += size;
  *len -= size;
  return true;
}

bool inos_noise_xx_read (struct inos_noise_xx *xx, uint8_t *message, size_t len,
                         const uint8_t **payload, size_t *payload_len)
{
  if (inos_noise_xx_is_done (xx) || inos_noise_xx_is_mine (xx))
    return false;
  for (const enum token *token = pattern[xx->messages]; *token != END; token++) {
    bool ok = *token == E   ? get_key (xx, false, &message, &len, xx->remote_ephemeral)
              : *token == S ? get_key (xx, xx->has_key, &message, &len, xx->remote_static)
                            : mix_token (xx, *token);
    if (!ok)
      return false;
  }
  size_t tag = xx->has_key ? INOS_NOISE_TAG_SIZE : 0;
  if (len < tag || !get (xx, message, len))
    return false;
  *payload = message;
  *payload_len = len - tag;
  xx->messages++;
  return true;
}

void inos_noise_xx_split (const struct inos_noise_xx *xx, uint8_t send[INOS_NOISE_KEY_SIZE],
                          uint8_t receive[INOS_NOISE_KEY_SIZE])
{
  static const uint8_t nothing = 0;

  derive (xx->chaining, &nothing, 0, xx->initiator ? send : receive,
          xx->initiator ? receive : send);
}
