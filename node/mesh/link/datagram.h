/*
 * Datagrams between two peers, sealed: their bytes. Two that know each other's ids have a secret in
 * common, and so need no connection.
 *
 *     HELLO   version, 1, from (4), key (32), nonce (16), mac (16)
 *     ANSWER  version, 2, to (4), from (4), nonce (16), mac (16)
 *     DATA    version, 3, to (4), counter (8), what is sealed and its mac (16)
 *
 * Numbers are little-endian. `from` and `to` name a session, each as the one who receives by it
 * calls it. The secret is X25519 of the two identities' keys; with the network's key, both public
 * keys in the order of sender and receiver, and a word for its purpose BLAKE2b makes of it the keys
 * of the macs of HELLO and ANSWER, and with both nonces those of DATA, which is ChaCha20-Poly1305.
 * An ANSWER's mac also covers the nonce that it answers.
 *
 * Does no I/O and keeps nothing; datagrams.h has the sessions.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/identity/identity.h"

#include <stddef.h>

#define INOS_DATAGRAM_VERSION 1
#define INOS_DATAGRAM_PAYLOAD_MAX 1200u
#define INOS_DATAGRAM_MAX                                                                          \
  1230u /* bytes: with IPv6 and UDP before it 1,278 of the 1,280 that every                        \
           path takes (RFC 8200, 5) */
#define INOS_DATAGRAM_NONCE 16
#define INOS_DATAGRAM_KEY 32
#define INOS_DATAGRAM_MAC 16
#define INOS_DATAGRAM_HELLO_SIZE 70u
#define INOS_DATAGRAM_ANSWER_SIZE 42u
#define INOS_DATAGRAM_DATA_HEAD 14u

enum inos_datagram_kind {
  INOS_DATAGRAM_HELLO = 1, /* let us speak, and that I am who I say you can see */
  INOS_DATAGRAM_ANSWER,    /* yes */
  INOS_DATAGRAM_DATA,
};

/* One as it was read, nothing of it proven; it points into the bytes. */
struct inos_datagram {
  enum inos_datagram_kind kind;
  uint32_t to, from; /* sessions; 0 where the kind has none */
  uint64_t counter;
  const uint8_t *key, *nonce, *mac; /* NULL where the kind has none */
  const uint8_t *bytes;             /* all of it */
  size_t len;
};

/** inos_datagram_read: whether @bytes have the form of one of this version. */
bool inos_datagram_read (struct inos_datagram *datagram, const uint8_t *bytes, size_t len);

/* What this node and one peer know, and nobody else. */
struct inos_datagram_secret {
  uint8_t shared[32], network[32];
  uint8_t self[INOS_PUBLIC_KEY_SIZE], peer[INOS_PUBLIC_KEY_SIZE];
  uint8_t mac_out[INOS_DATAGRAM_KEY], mac_in[INOS_DATAGRAM_KEY];
};

/**
 * inos_datagram_agree:
 * @network: (nullable): 32 bytes, the key of a private mesh
 * @peer: whose
 *
 * Returns: whether @peer is a key; else @secret is not to be used.
 */
bool inos_datagram_agree (struct inos_datagram_secret *secret, const struct inos_identity *identity,
                          const uint8_t *network, const uint8_t peer[INOS_PUBLIC_KEY_SIZE]);

/** inos_datagram_put_hello: writes a HELLO. */
void inos_datagram_put_hello (const struct inos_datagram_secret *secret, uint32_t from,
                              const uint8_t nonce[INOS_DATAGRAM_NONCE],
                              uint8_t out[INOS_DATAGRAM_HELLO_SIZE]);
/** inos_datagram_hello_is_right: whether the peer wrote the HELLO @datagram, at some time. */
bool inos_datagram_hello_is_right (const struct inos_datagram_secret *secret,
                                   const struct inos_datagram *datagram);
/** inos_datagram_put_answer: writes an ANSWER with @nonce to the HELLO that had @hello. */
void inos_datagram_put_answer (const struct inos_datagram_secret *secret, uint32_t to,
                               uint32_t from, const uint8_t hello[INOS_DATAGRAM_NONCE],
                               const uint8_t nonce[INOS_DATAGRAM_NONCE],
                               uint8_t out[INOS_DATAGRAM_ANSWER_SIZE]);
/** inos_datagram_answer_is_right: whether the peer wrote @datagram to answer our @hello. */
bool inos_datagram_answer_is_right (const struct inos_datagram_secret *secret,
                                    const struct inos_datagram *datagram,
                                    const uint8_t hello[INOS_DATAGRAM_NONCE]);

/* The keys of a session. */
struct inos_datagram_keys {
  uint8_t out[INOS_DATAGRAM_KEY], in[INOS_DATAGRAM_KEY];
};
/** inos_datagram_derive: those that follow from the nonces of a HELLO and its ANSWER. */
void inos_datagram_derive (struct inos_datagram_keys *keys,
                           const struct inos_datagram_secret *secret,
                           const uint8_t hello[INOS_DATAGRAM_NONCE],
                           const uint8_t answer[INOS_DATAGRAM_NONCE]);

/**
 * inos_datagram_seal: writes DATA.
 * @counter: never the same twice with one @key
 * @len: at most %INOS_DATAGRAM_PAYLOAD_MAX
 *
 * Returns: its length.
 */
size_t inos_datagram_seal (const uint8_t key[INOS_DATAGRAM_KEY], uint32_t to, uint64_t counter,
                           const void *bytes, size_t len, uint8_t out[INOS_DATAGRAM_MAX]);
/** inos_datagram_open: whether it was sealed with @key; @out then has @len bytes. */
bool inos_datagram_open (const uint8_t key[INOS_DATAGRAM_KEY], const struct inos_datagram *datagram,
                         uint8_t out[INOS_DATAGRAM_PAYLOAD_MAX], size_t *len);
