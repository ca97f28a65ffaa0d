/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/kad_message.h"

enum {
  MESSAGE_TYPE = 1,
  MESSAGE_KEY = 2,
  MESSAGE_RECORD = 3,
  MESSAGE_CLOSER = 8,
  MESSAGE_PROVIDERS = 9,
  RECORD_KEY = 1,
  RECORD_VALUE = 2,
  RECORD_TIME = 5,
  PEER_ID = 1,
  PEER_ADDRESSES = 2,
};

static bool read_record (struct inos_kad_message *message, const struct inos_proto_field *whole)
{
  struct inos_proto reader = inos_proto_begin (whole->bytes, whole->len);
  struct inos_proto_field field;

  message->has_record = true;
  while (inos_proto_next (&reader, &field))
    if (field.number == RECORD_KEY) {
      if (!inos_proto_is_bytes (&field, RECORD_KEY, 0, INOS_KAD_KEY_MAX))
        return false;
      message->record_key = field.bytes;
      message->record_key_len = field.len;
    } else if (field.number == RECORD_VALUE) {
      if (!inos_proto_is_bytes (&field, RECORD_VALUE, 0, INOS_KAD_VALUE_MAX))
        return false;
      message->value = field.bytes;
      message->value_len = field.len;
    }
  return !reader.bad;
}

/* Takes a peer into a list that has @n of @max; whether it is one as far as its form goes. */
static bool read_peer (struct inos_kad_peer *peers, unsigned *n, unsigned max,
                       const struct inos_proto_field *whole)
{
  struct inos_proto reader = inos_proto_begin (whole->bytes, whole->len);
  struct inos_kad_peer peer = {.addresses = reader};
  struct inos_proto_field field;

  while (inos_proto_next (&reader, &field))
    if (inos_proto_is_bytes (&field, PEER_ID, 1, INOS_PEER_ID_MAX) &&
        !inos_peer_id_read (&peer.id, field.bytes, field.len))
      peer.id.len = 0;
  if (reader.bad)
    return false;
  if (*n < max && inos_peer_id_is_set (&peer.id))
    peers[(*n)++] = peer;
  return true;
}

static bool read_field (struct inos_kad_message *message, const struct inos_proto_field *field)
{
  bool is_bytes = field->kind == INOS_PROTO_BYTES;

  switch (field->number) {
  case MESSAGE_TYPE:
    message->type = (enum inos_kad_type)field->value;
    return field->kind == INOS_PROTO_NUMBER && field->value <= INOS_KAD_PING;
  case MESSAGE_KEY:
    message->key = field->bytes;
    message->key_len = field->len;
    return is_bytes && field->len <= INOS_KAD_KEY_MAX;
  case MESSAGE_RECORD:
    return is_bytes && read_record (message, field);
  case MESSAGE_CLOSER:
    return is_bytes && read_peer (message->closer, &message->n_closer, INOS_KAD_CLOSER_MAX, field);
  case MESSAGE_PROVIDERS:
    return is_bytes &&
           read_peer (message->providers, &message->n_providers, INOS_KAD_PROVIDERS_MAX, field);
  default:
    return true;
  }
}

bool inos_kad_message_read (struct inos_kad_message *message, const void *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;

  message->type = INOS_KAD_PUT_VALUE;
  message->key = message->record_key = message->value = NULL;
  message->key_len = message->record_key_len = message->value_len = 0;
  message->has_record = false;
  message->n_closer = message->n_providers = 0;
  if (len > INOS_KAD_MESSAGE_MAX)
    return false;
  while (inos_proto_next (&reader, &field))
    if (!read_field (message, &field))
      return false;
  return !reader.bad;
}

bool inos_kad_next_address (struct inos_kad_peer *peer, struct inos_multiaddr *address)
{
  struct inos_proto_field field;

  while (inos_proto_next (&peer->addresses, &field))
    if (inos_proto_is_bytes (&field, PEER_ADDRESSES, 1, INOS_MULTIADDR_MAX) &&
        inos_multiaddr_read (address, field.bytes, field.len))
      return true;
  return false;
}

void inos_kad_put_head (struct inos_buffer *out, enum inos_kad_type type, const void *key,
                        size_t len)
{
  if (type != INOS_KAD_PUT_VALUE) /* as proto3 has it: 0 is not said */
    inos_proto_put_number (out, MESSAGE_TYPE, type);
  if (len > 0)
    inos_proto_put_bytes (out, MESSAGE_KEY, key, len);
}

/* RFC 3339, with a point and nine digits, as go-libp2p and js-libp2p write and read it. */
static char *time_text (int64_t time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time / 1000);
  g_autofree char *text = date ? g_date_time_format (date, "%Y-%m-%dT%H:%M:%S") : NULL;

  return text ? g_strdup_printf ("%s.%03u000000Z", text, (unsigned)(time % 1000)) : NULL;
}

void inos_kad_put_record (struct inos_buffer *out, const void *key, size_t key_len,
                          const void *value, size_t value_len, int64_t time)
{
  size_t opened = inos_proto_open (out, MESSAGE_RECORD);
  g_autofree char *text = time > 0 ? time_text (time) : NULL;

  inos_proto_put_bytes (out, RECORD_KEY, key, key_len);
  inos_proto_put_bytes (out, RECORD_VALUE, value, value_len);
  if (text)
    inos_proto_put_string (out, RECORD_TIME, text);
  inos_proto_close (out, opened);
}

void inos_kad_put_peer (struct inos_buffer *out, bool provider, const struct inos_peer_id *peer,
                        const struct inos_multiaddr *addresses, unsigned n_addresses)
{
  size_t opened = inos_proto_open (out, provider ? MESSAGE_PROVIDERS : MESSAGE_CLOSER);

  inos_proto_put_bytes (out, PEER_ID, peer->bytes, peer->len);
  for (unsigned i = 0; i < n_addresses; i++)
    inos_proto_put_bytes (out, PEER_ADDRESSES, addresses[i].bytes, addresses[i].len);
  inos_proto_close (out, opened);
}
