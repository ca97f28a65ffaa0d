/*
 * The DHT's messages. What is read lies in the bytes that it was read from.
 *
 * Source: libp2p/specs, kad-dht: "RPC messages".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/multiaddr.h"
#include "node/mesh/wire/proto.h"

#define INOS_KAD_MESSAGE_MAX (256u * 1024) /* bytes */
#define INOS_KAD_KEY_MAX 256               /* bytes of what is looked for or stored */
#define INOS_KAD_VALUE_MAX (64u * 1024)    /* bytes of a value */
#define INOS_KAD_CLOSER_MAX 32             /* peers that are read of a message; more are not */
#define INOS_KAD_PROVIDERS_MAX 64
#define INOS_KAD_ADDRESSES_MAX 8 /* of one peer */
#define INOS_KAD_TIME_MAX 64     /* bytes of a record's time, which is a text */

enum inos_kad_type {
  INOS_KAD_PUT_VALUE = 0,
  INOS_KAD_GET_VALUE = 1,
  INOS_KAD_ADD_PROVIDER = 2,
  INOS_KAD_GET_PROVIDERS = 3,
  INOS_KAD_FIND_NODE = 4,
  INOS_KAD_PING = 5,
};

/* A peer, and where it is said to be: see inos_kad_next_address(). */
struct inos_kad_peer {
  struct inos_peer_id id;
  struct inos_proto addresses;
};

struct inos_kad_message {
  enum inos_kad_type type;
  const uint8_t *key;
  size_t key_len;
  bool has_record;
  const uint8_t *record_key, *value;
  size_t record_key_len, value_len;
  unsigned n_closer, n_providers;
  struct inos_kad_peer closer[INOS_KAD_CLOSER_MAX], providers[INOS_KAD_PROVIDERS_MAX];
};

/** inos_kad_message_read: whether @bytes are a message that keeps to the limits. Peers whose ids
 * are none are left out. */
bool inos_kad_message_read (struct inos_kad_message *message, const void *bytes, size_t len);
/** inos_kad_next_address: whether there is another one that is one. */
bool inos_kad_next_address (struct inos_kad_peer *peer, struct inos_multiaddr *address);

/* A message is what these append, in this order. */
void inos_kad_put_head (struct inos_buffer *out, enum inos_kad_type type, const void *key,
                        size_t len);
/** inos_kad_put_record: @time: when it was received, in ms since 1970; 0: that is not said. */
void inos_kad_put_record (struct inos_buffer *out, const void *key, size_t key_len,
                          const void *value, size_t value_len, int64_t time);
void inos_kad_put_peer (struct inos_buffer *out, bool provider, const struct inos_peer_id *peer,
                        const struct inos_multiaddr *addresses, unsigned n_addresses);
