/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/identity/identity.h"
#include "node/mesh/pubsub/message.h"

#include <sodium.h>
#include <string.h>

#define SIGNED_PREFIX "libp2p-pubsub:"

enum {
  MESSAGE_FROM = 1,
  MESSAGE_DATA = 2,
  MESSAGE_SEQNO = 3,
  MESSAGE_TOPIC = 4,
  MESSAGE_SIGNATURE = 5,
  MESSAGE_KEY = 6,
};

#define KEY_AT 2 /* in an id that has its key whole: where libp2p's protobuf of the key begins */

G_STATIC_ASSERT (INOS_PUBSUB_MESSAGE_SIGNATURE_SIZE == crypto_sign_BYTES);
G_STATIC_ASSERT (sizeof (struct inos_pubsub_message_key) == crypto_shorthash_KEYBYTES);

static uint64_t read_seqno (const uint8_t *bytes)
{
  uint64_t seqno = 0;

  for (unsigned i = 0; i < INOS_PUBSUB_MESSAGE_SEQNO_SIZE; i++)
    seqno = seqno << 8 | bytes[i];
  return seqno;
}

/* Whether @field is as a message may have it. @key: (inout): the author's key, where it is there.
 */
static bool take_field (struct inos_pubsub_message_view *view, const struct inos_proto_field *field,
                        struct inos_proto_field *key)
{
  if (field->number > MESSAGE_KEY)
    return true; /* of a later version; signed as well */
  if (field->kind != INOS_PROTO_BYTES)
    return false;
  switch (field->number) {
  case MESSAGE_FROM:
    return inos_peer_id_read (&view->from, field->bytes, field->len);
  case MESSAGE_DATA:
    view->data = field->bytes;
    view->len = field->len;
    return true;
  case MESSAGE_SEQNO:
    if (field->len != INOS_PUBSUB_MESSAGE_SEQNO_SIZE)
      return false;
    view->seqno = read_seqno (field->bytes);
    return true;
  case MESSAGE_TOPIC:
    view->topic = (const char *)field->bytes;
    view->topic_len = field->len;
    return field->len > 0 && field->len <= INOS_RPC_TOPIC_MAX &&
           g_utf8_validate (view->topic, (gssize)field->len, NULL);
  case MESSAGE_SIGNATURE:
    view->signature = field->bytes;
    return field->len == INOS_PUBSUB_MESSAGE_SIGNATURE_SIZE;
  default:
    *key = *field;
    return true;
  }
}

/* A key beside an id that has it whole must be the same. */
static bool key_fits (const struct inos_peer_id *from, const struct inos_proto_field *key)
{
  return key->len == 0 || (from->len == KEY_AT + key->len &&
                           memcmp (from->bytes + KEY_AT, key->bytes, key->len) == 0);
}

bool inos_pubsub_message_read (struct inos_pubsub_message_view *view, const void *raw, size_t len)
{
  const unsigned needed =
    1u << MESSAGE_FROM | 1u << MESSAGE_SEQNO | 1u << MESSAGE_TOPIC | 1u << MESSAGE_SIGNATURE;
  struct inos_proto reader = inos_proto_begin (raw, len);
  struct inos_proto_field field, key = {0};
  unsigned seen = 0;

  *view = (struct inos_pubsub_message_view){.raw = raw, .raw_len = len};
  while (inos_proto_next (&reader, &field)) {
    unsigned bit = field.number <= MESSAGE_KEY ? 1u << field.number : 0;
    if (seen & bit || !take_field (view, &field, &key))
      return false;
    seen |= bit;
  }
  return !reader.bad && (seen & needed) == needed && key_fits (&view->from, &key);
}

bool inos_pubsub_message_verify (const struct inos_pubsub_message_view *view,
                                 const struct inos_pubsub_message_signer *signer)
{
  struct inos_proto reader = inos_proto_begin (view->raw, view->raw_len);
  struct inos_proto_field field;
  struct inos_buffer text = {0};

  inos_buffer_append (&text, SIGNED_PREFIX, strlen (SIGNED_PREFIX));
  while (inos_proto_next (&reader, &field))
    if (field.number != MESSAGE_SIGNATURE && field.number != MESSAGE_KEY)
      inos_buffer_append (&text, field.start, (size_t)(reader.at - field.start));
  bool right = signer->verify (signer->data, &view->from, inos_buffer_data (&text),
                               inos_buffer_len (&text), view->signature);
  inos_buffer_clear (&text);
  return right;
}

void inos_pubsub_message_write (struct inos_buffer *raw, const struct inos_peer_id *from,
                                uint64_t seqno, const char *topic, const void *data, size_t len,
                                const struct inos_pubsub_message_signer *signer)
{
  uint8_t number[INOS_PUBSUB_MESSAGE_SEQNO_SIZE], signature[INOS_PUBSUB_MESSAGE_SIGNATURE_SIZE];
  struct inos_buffer text = {0};

  for (unsigned i = 0; i < sizeof number; i++)
    number[i] = (uint8_t)(seqno >> (8 * (sizeof number - 1 - i)));
  inos_buffer_append (&text, SIGNED_PREFIX, strlen (SIGNED_PREFIX));
  inos_proto_put_bytes (&text, MESSAGE_FROM, from->bytes, from->len);
  inos_proto_put_bytes (&text, MESSAGE_DATA, data, len);
  inos_proto_put_bytes (&text, MESSAGE_SEQNO, number, sizeof number);
  inos_proto_put_string (&text, MESSAGE_TOPIC, topic);
  signer->sign (signer->data, inos_buffer_data (&text), inos_buffer_len (&text), signature);
  inos_buffer_append (raw, inos_buffer_data (&text) + strlen (SIGNED_PREFIX),
                      inos_buffer_len (&text) - strlen (SIGNED_PREFIX));
  inos_proto_put_bytes (raw, MESSAGE_SIGNATURE, signature, sizeof signature);
  inos_buffer_clear (&text);
}

static void set_hash (struct inos_pubsub_message_id *id, const struct inos_pubsub_message_key *key)
{
  uint8_t hash[crypto_shorthash_BYTES];

  crypto_shorthash (hash, id->bytes, id->len, key->bytes);
  memcpy (&id->hash, hash, sizeof id->hash);
}

struct inos_pubsub_message_id
inos_pubsub_message_id_of (const struct inos_pubsub_message_view *view,
                           const struct inos_pubsub_message_key *key)
{
  struct inos_pubsub_message_id id = {.len =
                                        (uint8_t)(view->from.len + INOS_PUBSUB_MESSAGE_SEQNO_SIZE)};

  memcpy (id.bytes, view->from.bytes, view->from.len);
  for (unsigned i = 0; i < INOS_PUBSUB_MESSAGE_SEQNO_SIZE; i++)
    id.bytes[view->from.len + i] =
      (uint8_t)(view->seqno >> (8 * (INOS_PUBSUB_MESSAGE_SEQNO_SIZE - 1 - i)));
  set_hash (&id, key);
  return id;
}

bool inos_pubsub_message_id_read (struct inos_pubsub_message_id *id, const void *bytes, size_t len,
                                  const struct inos_pubsub_message_key *key)
{
  if (len <= INOS_PUBSUB_MESSAGE_SEQNO_SIZE || len > INOS_PUBSUB_MESSAGE_ID_MAX)
    return false;
  *id = (struct inos_pubsub_message_id){.len = (uint8_t)len};
  memcpy (id->bytes, bytes, len);
  set_hash (id, key);
  return true;
}

unsigned inos_pubsub_message_id_hash (const void *id)
{
  return ((const struct inos_pubsub_message_id *)id)->hash;
}

int inos_pubsub_message_id_same (const void *a, const void *b)
{
  const struct inos_pubsub_message_id *x = a, *y = b;

  return x->len == y->len && memcmp (x->bytes, y->bytes, x->len) == 0;
}

struct inos_pubsub_message *inos_pubsub_message_new (const struct inos_pubsub_message_view *view,
                                                     const struct inos_pubsub_message_id *id)
{
  struct inos_pubsub_message *message = g_malloc (sizeof *message + view->raw_len);

  *message = (struct inos_pubsub_message){.references = 1, .id = *id, .view = *view};
  memcpy (message->bytes, view->raw, view->raw_len);
  memcpy (message->topic, view->topic, view->topic_len);
  message->topic[view->topic_len] = '\0';
  message->view.raw = message->bytes;
  if (view->data)
    message->view.data = message->bytes + (view->data - view->raw);
  message->view.topic = message->topic;
  message->view.signature = message->bytes + (view->signature - view->raw);
  return message;
}

struct inos_pubsub_message *inos_pubsub_message_ref (struct inos_pubsub_message *message)
{
  message->references++;
  return message;
}

void inos_pubsub_message_unref (struct inos_pubsub_message *message)
{
  if (message && --message->references == 0)
    g_free (message);
}

static void sign (void *data, const void *bytes, size_t len,
                  uint8_t signature[INOS_PUBSUB_MESSAGE_SIGNATURE_SIZE])
{
  inos_identity_sign (data, bytes, len, signature);
}

static bool verify (void *data, const struct inos_peer_id *from, const void *bytes, size_t len,
                    const uint8_t signature[INOS_PUBSUB_MESSAGE_SIGNATURE_SIZE])
{
  uint8_t key[INOS_PUBLIC_KEY_SIZE];

  return inos_peer_id_key (from, key) &&
         crypto_sign_verify_detached (signature, bytes, len, key) == 0;
}

struct inos_pubsub_message_signer inos_identity_signer (const struct inos_identity *identity)
{
  return (struct inos_pubsub_message_signer){
    .data = (void *)identity, .sign = sign, .verify = verify};
}
