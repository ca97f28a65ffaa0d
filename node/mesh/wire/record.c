/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/proto.h"
#include "node/mesh/wire/record.h"
#include "node/mesh/wire/varint.h"

#include <string.h>

/* The fields of an envelope, and of the public key in it. */
enum { ENVELOPE_KEY = 1, ENVELOPE_TYPE = 2, ENVELOPE_PAYLOAD = 3, ENVELOPE_SIGNATURE = 5 };
enum { KEY_TYPE = 1, KEY_DATA = 2, KEY_ED25519 = 1 };
/* The fields of a peer record, and of one of its addresses. */
enum { RECORD_PEER = 1, RECORD_SEQUENCE = 2, RECORD_ADDRESS = 3, ADDRESS_BYTES = 1 };

/* multicodec's libp2p-peer-record, 0x0301, as all who write it do: not as a varint */
static const uint8_t record_type[] = {0x03, 0x01};

struct bytes {
  const uint8_t *at;
  size_t len;
};

struct envelope {
  struct bytes key, type, payload, signature;
};

static void append_with_length (struct inos_buffer *out, const void *bytes, size_t len)
{
  inos_varint_append (out, len);
  inos_buffer_append (out, bytes, len);
}

/* What the signature is over. */
static void make_signed (struct inos_buffer *out, const char *domain, struct bytes type,
                         struct bytes payload)
{
  append_with_length (out, domain, strlen (domain));
  append_with_length (out, type.at, type.len);
  append_with_length (out, payload.at, payload.len);
}

void inos_envelope_seal (const struct inos_identity *identity, const char *domain,
                         const void *payload_type, size_t payload_type_len, const void *payload,
                         size_t payload_len, struct inos_buffer *out)
{
  struct inos_buffer what = {0};
  uint8_t signature[INOS_SIGNATURE_SIZE];

  make_signed (&what, domain, (struct bytes){payload_type, payload_type_len},
               (struct bytes){payload, payload_len});
  inos_identity_sign (identity, inos_buffer_data (&what), inos_buffer_len (&what), signature);
  inos_buffer_clear (&what);

  size_t key = inos_proto_open (out, ENVELOPE_KEY);
  inos_proto_put_number (out, KEY_TYPE, KEY_ED25519);
  inos_proto_put_bytes (out, KEY_DATA, inos_identity_key (identity), INOS_PUBLIC_KEY_SIZE);
  inos_proto_close (out, key);
  inos_proto_put_bytes (out, ENVELOPE_TYPE, payload_type, payload_type_len);
  inos_proto_put_bytes (out, ENVELOPE_PAYLOAD, payload, payload_len);
  inos_proto_put_bytes (out, ENVELOPE_SIGNATURE, signature, sizeof signature);
}

/* @field's bytes, of which there may be only one. */
static bool take_once (struct bytes *bytes, const struct inos_proto_field *field)
{
  if (bytes->at || field->kind != INOS_PROTO_BYTES)
    return false;
  *bytes = (struct bytes){field->bytes, field->len};
  return true;
}

static bool take_envelope_field (struct envelope *envelope, const struct inos_proto_field *field)
{
  switch (field->number) {
  case ENVELOPE_KEY:
    return take_once (&envelope->key, field);
  case ENVELOPE_TYPE:
    return take_once (&envelope->type, field);
  case ENVELOPE_PAYLOAD:
    return take_once (&envelope->payload, field);
  case ENVELOPE_SIGNATURE:
    return take_once (&envelope->signature, field);
  default: /* what a later version may have added */
    return true;
  }
}

static bool read_envelope (struct envelope *envelope, const void *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;

  *envelope = (struct envelope){0};
  while (inos_proto_next (&reader, &field))
    if (!take_envelope_field (envelope, &field))
      return false;
  return !reader.bad && envelope->key.at && envelope->type.at && envelope->payload.at &&
         envelope->signature.len == INOS_SIGNATURE_SIZE;
}

/* The signer's key as it stands in an identity multihash has only one form. */
static bool read_key (struct bytes bytes, struct inos_peer_id *signer,
                      uint8_t key[INOS_PUBLIC_KEY_SIZE])
{
  uint8_t hash[INOS_PEER_ID_MAX] = {0, (uint8_t)bytes.len};

  if (bytes.len > sizeof hash - 2)
    return false;
  memcpy (hash + 2, bytes.at, bytes.len);
  return inos_peer_id_read (signer, hash, 2 + bytes.len) && inos_peer_id_key (signer, key);
}

bool inos_envelope_open (const void *bytes, size_t len, const char *domain,
                         const void *payload_type, size_t payload_type_len,
                         struct inos_peer_id *signer, const uint8_t **payload, size_t *payload_len)
{
  struct envelope envelope;
  uint8_t key[INOS_PUBLIC_KEY_SIZE];
  struct inos_buffer what = {0};

  if (len > INOS_RECORD_MAX || !read_envelope (&envelope, bytes, len) ||
      envelope.type.len != payload_type_len ||
      memcmp (envelope.type.at, payload_type, payload_type_len) != 0 ||
      !read_key (envelope.key, signer, key))
    return false;
  make_signed (&what, domain, envelope.type, envelope.payload);
  bool right = inos_signature_is_right (key, inos_buffer_data (&what), inos_buffer_len (&what),
                                        envelope.signature.at);
  inos_buffer_clear (&what);
  *payload = envelope.payload.at;
  *payload_len = envelope.payload.len;
  return right;
}

void inos_peer_record_seal (const struct inos_identity *identity,
                            const struct inos_peer_record *record, struct inos_buffer *out)
{
  struct inos_buffer payload = {0};

  inos_proto_put_bytes (&payload, RECORD_PEER, record->peer.bytes, record->peer.len);
  inos_proto_put_number (&payload, RECORD_SEQUENCE, record->sequence);
  for (unsigned i = 0; i < record->n_addresses; i++) {
    size_t address = inos_proto_open (&payload, RECORD_ADDRESS);
    inos_proto_put_bytes (&payload, ADDRESS_BYTES, record->addresses[i].bytes,
                          record->addresses[i].len);
    inos_proto_close (&payload, address);
  }
  inos_envelope_seal (identity, INOS_RECORD_DOMAIN, record_type, sizeof record_type,
                      inos_buffer_data (&payload), inos_buffer_len (&payload), out);
  inos_buffer_clear (&payload);
}

/* Adds one address. One of a protocol that Inos does not know is left out, and so is one that ends
 * at somebody else. Returns: whether it is a message at all. */
static bool take_address (struct inos_peer_record *record, const struct inos_proto_field *from)
{
  struct inos_proto reader = inos_proto_begin (from->bytes, from->len);
  struct inos_proto_field field;
  struct inos_multiaddr address = {0}, bare;
  struct inos_peer_id end;

  while (inos_proto_next (&reader, &field))
    if (inos_proto_is_bytes (&field, ADDRESS_BYTES, 1, INOS_MULTIADDR_MAX) &&
        !inos_multiaddr_read (&address, field.bytes, field.len))
      address.len = 0;
  if (reader.bad)
    return false;
  if (address.len == 0 || record->n_addresses == INOS_RECORD_ADDRESSES)
    return true;
  inos_multiaddr_without_peer (&address, &bare);
  if (bare.len < address.len && inos_multiaddr_peer (&address, &end) &&
      !inos_peer_id_equal (&end, &record->peer))
    return true;
  record->addresses[record->n_addresses++] = address;
  return true;
}

/* @record->peer is who signed. */
static bool read_record (struct inos_peer_record *record, const uint8_t *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;
  struct inos_peer_id peer = {0};

  while (inos_proto_next (&reader, &field)) {
    bool is_peer = field.number == RECORD_PEER;
    if (is_peer && (field.kind != INOS_PROTO_BYTES || inos_peer_id_is_set (&peer) ||
                    !inos_peer_id_read (&peer, field.bytes, field.len)))
      return false;
    if (field.number == RECORD_SEQUENCE && field.kind == INOS_PROTO_NUMBER)
      record->sequence = field.value;
    if (field.number == RECORD_ADDRESS &&
        (field.kind != INOS_PROTO_BYTES || !take_address (record, &field)))
      return false;
  }
  return !reader.bad && inos_peer_id_equal (&peer, &record->peer);
}

bool inos_peer_record_open (const void *bytes, size_t len, struct inos_peer_record *record)
{
  const uint8_t *payload;
  size_t payload_len;

  record->sequence = 0;
  record->n_addresses = 0;
  return inos_envelope_open (bytes, len, INOS_RECORD_DOMAIN, record_type, sizeof record_type,
                             &record->peer, &payload, &payload_len) &&
         read_record (record, payload, payload_len);
}
