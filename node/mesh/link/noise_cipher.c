/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/noise_cipher.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <string.h>

/* 96 bits: 32 of zero, and the message's number, little-endian (Noise, section 12.3). */
static void next_nonce (struct inos_noise_cipher *cipher, uint8_t nonce[12])
{
  uint64_t little = GUINT64_TO_LE (cipher->nonce);

  cipher->nonce++;
  memset (nonce, 0, 4);
  memcpy (nonce + 4, &little, sizeof little);
}

/* Returns: (nullable): NULL where libcrypto may not compute it, in a system that allows AES alone.
 */
static EVP_CIPHER_CTX *make_context (const uint8_t key[INOS_NOISE_KEY_SIZE], bool seals)
{
  OPENSSL_init_crypto (OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  if (context &&
      EVP_CipherInit_ex2 (context, EVP_chacha20_poly1305(), key, NULL, seals ? 1 : 0, NULL))
    return context;
  ERR_clear_error();
  EVP_CIPHER_CTX_free (context);
  return NULL;
}

void inos_noise_cipher_init (struct inos_noise_cipher *cipher,
                             const uint8_t key[INOS_NOISE_KEY_SIZE], bool seals)
{
  *cipher = (struct inos_noise_cipher){.context = make_context (key, seals)};
  memcpy (cipher->key, key, INOS_NOISE_KEY_SIZE);
}

void inos_noise_cipher_clear (struct inos_noise_cipher *cipher)
{
  EVP_CIPHER_CTX_free (cipher->context); /* wipes it */
  sodium_memzero (cipher, sizeof *cipher);
}

/* Encrypts or decrypts as the context was made to. @len is without the tag. */
static bool run (EVP_CIPHER_CTX *context, const uint8_t nonce[12], uint8_t *bytes, size_t len,
                 bool seals)
{
  uint8_t *tag = bytes + len;
  int n = 0;

  if (!EVP_CipherInit_ex2 (context, NULL, NULL, nonce, -1, NULL) ||
      (!seals && !EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_SET_TAG, INOS_NOISE_TAG_SIZE, tag)) ||
      (len > 0 && !EVP_CipherUpdate (context, bytes, &n, bytes, (int)len)))
    return false;
  if (!EVP_CipherFinal_ex (context, bytes + n, &n))
    return false;
  return !seals ||
         EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_GET_TAG, INOS_NOISE_TAG_SIZE, tag) == 1;
}

void inos_noise_cipher_seal (struct inos_noise_cipher *cipher, uint8_t *bytes, size_t len)
{
  uint8_t nonce[12];

  next_nonce (cipher, nonce);
  if (!cipher->context)
    crypto_aead_chacha20poly1305_ietf_encrypt (bytes, NULL, bytes, len, NULL, 0, NULL, nonce,
                                               cipher->key);
  else if (!run (cipher->context, nonce, bytes, len, true))
    g_error ("libcrypto does not encrypt any more."); /* what is not secret is not sent */
}

bool inos_noise_cipher_open (struct inos_noise_cipher *cipher, uint8_t *bytes, size_t len)
{
  uint8_t nonce[12];

  if (len < INOS_NOISE_TAG_SIZE)
    return false;
  next_nonce (cipher, nonce);
  if (!cipher->context)
    return crypto_aead_chacha20poly1305_ietf_decrypt (bytes, NULL, NULL, bytes, len, NULL, 0, nonce,
                                                      cipher->key) == 0;
  bool ok = run (cipher->context, nonce, bytes, len - INOS_NOISE_TAG_SIZE, false);
  if (!ok)
    ERR_clear_error();
  return ok;
}
