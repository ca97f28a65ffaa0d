/*
 * A message of pubsub: signed by who wrote it ("StrictSign"), named by author and number, and sent
 * on as the bytes that came.
 *
 * Source: libp2p/specs, pubsub: "Message signing", "Message identification".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/pubsub/rpc.h"

#include <glib.h>

#define INOS_PUBSUB_MESSAGE_SEQNO_SIZE 8
#define INOS_PUBSUB_MESSAGE_ID_MAX (INOS_PEER_ID_MAX + INOS_PUBSUB_MESSAGE_SEQNO_SIZE)
#define INOS_PUBSUB_MESSAGE_SIGNATURE_SIZE 64

/* The author's id and the number. A value; `hash` is keyed, so that nobody can make many that
 * collide. */
struct inos_pubsub_message_id {
  unsigned hash;
  uint8_t len;
  uint8_t bytes[INOS_PUBSUB_MESSAGE_ID_MAX];
};

/* The key of the hashes of ids. */
struct inos_pubsub_message_key {
  uint8_t bytes[16];
};

/* What is in the bytes of a message; pointers are into them. */
struct inos_pubsub_message_view {
  const uint8_t *raw;
  size_t raw_len;
  struct inos_peer_id from;
  uint64_t seqno;
  const uint8_t *data;
  size_t len;
  const char *topic;
  size_t topic_len;
  const uint8_t *signature; /* of INOS_PUBSUB_MESSAGE_SIGNATURE_SIZE */
};

/* One that is kept: counted, of one thread, never changed. */
struct inos_pubsub_message {
  unsigned references;
  struct inos_pubsub_message_id id;
  struct inos_pubsub_message_view view; /* of `bytes` */
  char topic[INOS_RPC_TOPIC_MAX + 1];
  uint8_t bytes[];
};

/* Who signs and who checks; the simulator has its own. */
struct inos_pubsub_message_signer {
  void *data;
  void (*sign) (void *data, const void *bytes, size_t len,
                uint8_t signature[INOS_PUBSUB_MESSAGE_SIGNATURE_SIZE]);
  bool (*verify) (void *data, const struct inos_peer_id *from, const void *bytes, size_t len,
                  const uint8_t signature[INOS_PUBSUB_MESSAGE_SIGNATURE_SIZE]);
};

/** inos_pubsub_message_read: whether @raw is a message with all that one must have, each once. Its
 * signature is not checked yet. */
bool inos_pubsub_message_read (struct inos_pubsub_message_view *view, const void *raw, size_t len);
/** inos_pubsub_message_verify: whether @view's author has signed it. */
bool inos_pubsub_message_verify (const struct inos_pubsub_message_view *view,
                                 const struct inos_pubsub_message_signer *signer);
/** inos_pubsub_message_write: appends a signed message, which inos_pubsub_message_read() reads. */
void inos_pubsub_message_write (struct inos_buffer *raw, const struct inos_peer_id *from,
                                uint64_t seqno, const char *topic, const void *data, size_t len,
                                const struct inos_pubsub_message_signer *signer);

struct inos_pubsub_message_id
inos_pubsub_message_id_of (const struct inos_pubsub_message_view *view,
                           const struct inos_pubsub_message_key *key);
/** inos_pubsub_message_id_read: the id that @bytes are; whether they could be one. */
bool inos_pubsub_message_id_read (struct inos_pubsub_message_id *id, const void *bytes, size_t len,
                                  const struct inos_pubsub_message_key *key);
/* For GHashTable: pointers to a struct inos_pubsub_message_id. */
unsigned inos_pubsub_message_id_hash (const void *id);
int inos_pubsub_message_id_same (const void *a, const void *b);

/** inos_pubsub_message_new: (transfer full): a copy of what @view shows. */
struct inos_pubsub_message *inos_pubsub_message_new (const struct inos_pubsub_message_view *view,
                                                     const struct inos_pubsub_message_id *id);
struct inos_pubsub_message *inos_pubsub_message_ref (struct inos_pubsub_message *message);
void inos_pubsub_message_unref (struct inos_pubsub_message *message);

/** inos_identity_signer: signs as @identity, which outlives it, and checks Ed25519. */
struct inos_identity;
struct inos_pubsub_message_signer inos_identity_signer (const struct inos_identity *identity);
