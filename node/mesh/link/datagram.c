/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/datagram.h"

#include <sodium.h>
#include <string.h>

#define HELLO_BODY (INOS_DATAGRAM_HELLO_SIZE - INOS_DATAGRAM_MAC)
#define ANSWER_BODY (INOS_DATAGRAM_ANSWER_SIZE - INOS_DATAGRAM_MAC)
#define FOR_MACS "inos-datagram mac"
#define FOR_DATA "inos-datagram data"

static void put32 (uint8_t *out, uint32_t value)
{
  value = GUINT32_TO_LE (value);
  memcpy (out, &value, sizeof value);
}

static uint32_t get32 (const uint8_t *bytes)
{
  uint32_t value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_LE (value);
}

static void put64 (uint8_t *out, uint64_t value)
{
  value = GUINT64_TO_LE (value);
  memcpy (out, &value, sizeof value);
}

static uint64_t get64 (const uint8_t *bytes)
{
  uint64_t value;

  memcpy (&value, bytes, sizeof value);
  return GUINT64_FROM_LE (value);
}

static bool read_hello (struct inos_datagram *d)
{
  if (d->len != INOS_DATAGRAM_HELLO_SIZE)
    return false;
  d->from = get32 (d->bytes + 2);
  d->key = d->bytes + 6;
  d->nonce = d->bytes + 38;
  d->mac = d->bytes + HELLO_BODY;
  return d->from != 0;
}

static bool read_answer (struct inos_datagram *d)
{
  if (d->len != INOS_DATAGRAM_ANSWER_SIZE)
    return false;
  d->to = get32 (d->bytes + 2);
  d->from = get32 (d->bytes + 6);
  d->nonce = d->bytes + 10;
  d->mac = d->bytes + ANSWER_BODY;
  return d->to != 0 && d->from != 0;
}

static bool read_data (struct inos_datagram *d)
{
  if (d->len < INOS_DATAGRAM_DATA_HEAD + INOS_DATAGRAM_MAC || d->len > INOS_DATAGRAM_MAX)
    return false;
  d->to = get32 (d->bytes + 2);
  d->counter = get64 (d->bytes + 6);
  return d->to != 0;
}

bool inos_datagram_read (struct inos_datagram *datagram, const uint8_t *bytes, size_t len)
{
  *datagram = (struct inos_datagram){.bytes = bytes, .len = len};
  if (len < 2 || bytes[0] != INOS_DATAGRAM_VERSION)
    return false;
  datagram->kind = (enum inos_datagram_kind)bytes[1];
  switch (bytes[1]) {
  case INOS_DATAGRAM_HELLO:
    return read_hello (datagram);
  case INOS_DATAGRAM_ANSWER:
    return read_answer (datagram);
  case INOS_DATAGRAM_DATA:
    return read_data (datagram);
  default:
    return false;
  }
}

/* @nonces: both of them, or NULL. */
static void derive (const struct inos_datagram_secret *secret, const char *purpose, bool out,
                    const uint8_t *hello, const uint8_t *answer, uint8_t key[INOS_DATAGRAM_KEY])
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, secret->shared, sizeof secret->shared, INOS_DATAGRAM_KEY);
  crypto_generichash_update (&state, (const uint8_t *)purpose, strlen (purpose) + 1);
  crypto_generichash_update (&state, secret->network, sizeof secret->network);
  crypto_generichash_update (&state, out ? secret->self : secret->peer, INOS_PUBLIC_KEY_SIZE);
  crypto_generichash_update (&state, out ? secret->peer : secret->self, INOS_PUBLIC_KEY_SIZE);
  if (hello)
    crypto_generichash_update (&state, hello, INOS_DATAGRAM_NONCE);
  if (answer)
    crypto_generichash_update (&state, answer, INOS_DATAGRAM_NONCE);
  crypto_generichash_final (&state, key, INOS_DATAGRAM_KEY);
}

bool inos_datagram_agree (struct inos_datagram_secret *secret, const struct inos_identity *identity,
                          const uint8_t *network, const uint8_t peer[INOS_PUBLIC_KEY_SIZE])
{
  *secret = (struct inos_datagram_secret){0};
  if (!inos_identity_agree (identity, peer, secret->shared))
    return false;
  if (network)
    memcpy (secret->network, network, sizeof secret->network);
  memcpy (secret->self, inos_identity_key (identity), sizeof secret->self);
  memcpy (secret->peer, peer, sizeof secret->peer);
  derive (secret, FOR_MACS, true, NULL, NULL, secret->mac_out);
  derive (secret, FOR_MACS, false, NULL, NULL, secret->mac_in);
  return true;
}

/* @hello: the nonce that an ANSWER answers, or NULL. */
static void make_mac (const uint8_t key[INOS_DATAGRAM_KEY], const uint8_t *bytes, size_t len,
                      const uint8_t *hello, uint8_t mac[INOS_DATAGRAM_MAC])
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, key, INOS_DATAGRAM_KEY, INOS_DATAGRAM_MAC);
  crypto_generichash_update (&state, bytes, len);
  if (hello)
    crypto_generichash_update (&state, hello, INOS_DATAGRAM_NONCE);
  crypto_generichash_final (&state, mac, INOS_DATAGRAM_MAC);
}

void inos_datagram_put_hello (const struct inos_datagram_secret *secret, uint32_t from,
                              const uint8_t nonce[INOS_DATAGRAM_NONCE],
                              uint8_t out[INOS_DATAGRAM_HELLO_SIZE])
{
  out[0] = INOS_DATAGRAM_VERSION;
  out[1] = INOS_DATAGRAM_HELLO;
  put32 (out + 2, from);
  memcpy (out + 6, secret->self, INOS_PUBLIC_KEY_SIZE);
  memcpy (out + 38, nonce, INOS_DATAGRAM_NONCE);
  make_mac (secret->mac_out, out, HELLO_BODY, NULL, out + HELLO_BODY);
}

bool inos_datagram_hello_is_right (const struct inos_datagram_secret *secret,
                                   const struct inos_datagram *datagram)
{
  uint8_t mac[INOS_DATAGRAM_MAC];

  make_mac (secret->mac_in, datagram->bytes, HELLO_BODY, NULL, mac);
  return sodium_memcmp (mac, datagram->mac, sizeof mac) == 0;
}

void inos_datagram_put_answer (const struct inos_datagram_secret *secret, uint32_t to,
                               uint32_t from, const uint8_t hello[INOS_DATAGRAM_NONCE],
                               const uint8_t nonce[INOS_DATAGRAM_NONCE],
                               uint8_t out[INOS_DATAGRAM_ANSWER_SIZE])
{
  out[0] = INOS_DATAGRAM_VERSION;
  out[1] = INOS_DATAGRAM_ANSWER;
  put32 (out + 2, to);
  put32 (out + 6, from);
  memcpy (out + 10, nonce, INOS_DATAGRAM_NONCE);
  make_mac (secret->mac_out, out, ANSWER_BODY, hello, out + ANSWER_BODY);
}

bool inos_datagram_answer_is_right (const struct inos_datagram_secret *secret,
                                    const struct inos_datagram *datagram,
                                    const uint8_t hello[INOS_DATAGRAM_NONCE])
{
  uint8_t mac[INOS_DATAGRAM_MAC];

  make_mac (secret->mac_in, datagram->bytes, ANSWER_BODY, hello, mac);
  return sodium_memcmp (mac, datagram->mac, sizeof mac) == 0;
}

void inos_datagram_derive (struct inos_datagram_keys *keys,
                           const struct inos_datagram_secret *secret,
                           const uint8_t hello[INOS_DATAGRAM_NONCE],
                           const uint8_t answer[INOS_DATAGRAM_NONCE])
{
  derive (secret, FOR_DATA, true, hello, answer, keys->out);
  derive (secret, FOR_DATA, false, hello, answer, keys->in);
}

static void make_nonce (uint64_t counter,
                        uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES])
{
  memset (nonce, 0, 4);
  put64 (nonce + 4, counter);
}

size_t inos_datagram_seal (const uint8_t key[INOS_DATAGRAM_KEY], uint32_t to, uint64_t counter,
                           const void *bytes, size_t len, uint8_t out[INOS_DATAGRAM_MAX])
{
  uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];

  g_assert (len <= INOS_DATAGRAM_PAYLOAD_MAX);
  out[0] = INOS_DATAGRAM_VERSION;
  out[1] = INOS_DATAGRAM_DATA;
  put32 (out + 2, to);
  put64 (out + 6, counter);
  make_nonce (counter, nonce);
  crypto_aead_chacha20poly1305_ietf_encrypt (out + INOS_DATAGRAM_DATA_HEAD, NULL, bytes, len, out,
                                             INOS_DATAGRAM_DATA_HEAD, NULL, nonce, key);
  return INOS_DATAGRAM_DATA_HEAD + len + INOS_DATAGRAM_MAC;
}

bool inos_datagram_open (const uint8_t key[INOS_DATAGRAM_KEY], const struct inos_datagram *datagram,
                         uint8_t out[INOS_DATAGRAM_PAYLOAD_MAX], size_t *len)
{
  uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];

  make_nonce (datagram->counter, nonce);
  *len = datagram->len - INOS_DATAGRAM_DATA_HEAD - INOS_DATAGRAM_MAC;
  return crypto_aead_chacha20poly1305_ietf_decrypt (
           out, NULL, NULL, datagram->bytes + INOS_DATAGRAM_DATA_HEAD,
           datagram->len - INOS_DATAGRAM_DATA_HEAD, datagram->bytes, INOS_DATAGRAM_DATA_HEAD, nonce,
           key) == 0;
}
