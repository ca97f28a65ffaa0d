/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/message.h"

#include "node/mesh/wire/proto.h"

/* The fields of both messages; those of HOP and STOP have other numbers. */
struct layout {
  uint32_t type, peer, reservation, limit, status;
  unsigned first; /* the type that is 0 on the wire */
};
static const struct layout hop = {1, 2, 3, 4, 5, INOS_RELAY_RESERVE};
static const struct layout stop = {1, 2, 0, 3, 4, INOS_RELAY_CONNECT};

enum { PEER_ID = 1 };
enum { RESERVATION_EXPIRE = 1, RESERVATION_ADDRESS = 2, RESERVATION_VOUCHER = 3 };
enum { LIMIT_DURATION = 1, LIMIT_DATA = 2 };

/* Reading */

static bool read_peer (struct inos_peer_id *peer, const struct inos_proto_field *from)
{
  struct inos_proto reader = inos_proto_begin (from->bytes, from->len);
  struct inos_proto_field field;
  bool found = false;

  while (inos_proto_next (&reader, &field))
    if (field.number == PEER_ID) {
      if (found || field.kind != INOS_PROTO_BYTES ||
          !inos_peer_id_read (peer, field.bytes, field.len))
        return false;
      found = true;
    }
  return !reader.bad && found;
}

static bool read_limit (struct inos_relay_limit *limit, const struct inos_proto_field *from)
{
  struct inos_proto reader = inos_proto_begin (from->bytes, from->len);
  struct inos_proto_field field;

  while (inos_proto_next (&reader, &field)) {
    if (field.kind != INOS_PROTO_NUMBER)
      continue;
    if (field.number == LIMIT_DURATION)
      limit->duration = (uint32_t)MIN (field.value, UINT32_MAX);
    else if (field.number == LIMIT_DATA)
      limit->data = field.value;
  }
  return !reader.bad;
}

static void take_address (struct inos_relay_message *message, const struct inos_proto_field *field)
{
  if (message->n_addresses < INOS_RELAY_ADDRESSES_MAX &&
      inos_multiaddr_read (&message->addresses[message->n_addresses], field->bytes, field->len))
    message->n_addresses++;
}

static bool read_reservation (struct inos_relay_message *message,
                              const struct inos_proto_field *from)
{
  struct inos_proto reader = inos_proto_begin (from->bytes, from->len);
  struct inos_proto_field field;

  message->has_reservation = true;
  while (inos_proto_next (&reader, &field)) {
    if (field.number == RESERVATION_EXPIRE && field.kind == INOS_PROTO_NUMBER)
      message->expires = field.value;
    else if (inos_proto_is_bytes (&field, RESERVATION_ADDRESS, 1, INOS_MULTIADDR_MAX))
      take_address (message, &field);
    else if (inos_proto_is_bytes (&field, RESERVATION_VOUCHER, 1, INOS_RELAY_MESSAGE_MAX)) {
      message->voucher = field.bytes;
      message->voucher_len = field.len;
    }
  }
  return !reader.bad;
}

static bool take_part (const struct layout *layout, struct inos_relay_message *message,
                       const struct inos_proto_field *field)
{
  if (field->number == layout->peer)
    return read_peer (&message->peer, field);
  if (field->number == layout->limit)
    return read_limit (&message->limit, field);
  if (layout->reservation > 0 && field->number == layout->reservation)
    return read_reservation (message, field);
  return true;
}

static bool read_message (const struct layout *layout, struct inos_relay_message *message,
                          const void *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;
  uint64_t type = UINT64_MAX;

  *message = (struct inos_relay_message){0};
  while (len <= INOS_RELAY_MESSAGE_MAX && inos_proto_next (&reader, &field)) {
    if (field.kind == INOS_PROTO_BYTES && !take_part (layout, message, &field))
      return false;
    if (field.kind != INOS_PROTO_NUMBER)
      continue;
    if (field.number == layout->type)
      type = field.value;
    else if (field.number == layout->status)
      message->status = (enum inos_relay_status)MIN (field.value, 9999);
  }
  if (reader.bad || type > (uint64_t)INOS_RELAY_STATUS - layout->first)
    return false;
  message->type = (enum inos_relay_type) (type + layout->first);
  return true;
}

bool inos_hop_read (struct inos_relay_message *message, const void *bytes, size_t len)
{
  return read_message (&hop, message, bytes, len);
}

bool inos_stop_read (struct inos_relay_message *message, const void *bytes, size_t len)
{
  return read_message (&stop, message, bytes, len);
}

/* Writing */

static void write_reservation (const struct layout *layout,
                               const struct inos_relay_message *message, struct inos_buffer *out)
{
  size_t opened = inos_proto_open (out, layout->reservation);

  inos_proto_put_number (out, RESERVATION_EXPIRE, message->expires);
  for (unsigned i = 0; i < message->n_addresses; i++)
    inos_proto_put_bytes (out, RESERVATION_ADDRESS, message->addresses[i].bytes,
                          message->addresses[i].len);
  if (message->voucher)
    inos_proto_put_bytes (out, RESERVATION_VOUCHER, message->voucher, message->voucher_len);
  inos_proto_close (out, opened);
}

static void write_limit (const struct layout *layout, const struct inos_relay_limit *limit,
                         struct inos_buffer *out)
{
  size_t opened = inos_proto_open (out, layout->limit);

  inos_proto_put_number (out, LIMIT_DURATION, limit->duration);
  inos_proto_put_number (out, LIMIT_DATA, limit->data);
  inos_proto_close (out, opened);
}

static void write_message (const struct layout *layout, const struct inos_relay_message *message,
                           struct inos_buffer *out)
{
  inos_proto_put_number (out, layout->type, (uint64_t)message->type - layout->first);
  if (inos_peer_id_is_set (&message->peer)) {
    size_t opened = inos_proto_open (out, layout->peer);
    inos_proto_put_bytes (out, PEER_ID, message->peer.bytes, message->peer.len);
    inos_proto_close (out, opened);
  }
  if (message->has_reservation && layout->reservation > 0)
    write_reservation (layout, message, out);
  if (message->limit.duration > 0 || message->limit.data > 0)
    write_limit (layout, &message->limit, out);
  if (message->type == INOS_RELAY_STATUS)
    inos_proto_put_number (out, layout->status, message->status);
}

void inos_hop_write (const struct inos_relay_message *message, struct inos_buffer *out)
{
  write_message (&hop, message, out);
}

void inos_stop_write (const struct inos_relay_message *message, struct inos_buffer *out)
{
  write_message (&stop, message, out);
}

const char *inos_relay_status_text (enum inos_relay_status status)
{
  switch (status) {
  case INOS_RELAY_OK:
    return "it agrees";
  case INOS_RELAY_RESERVATION_REFUSED:
    return "it has no place left for us";
  case INOS_RELAY_LIMIT_EXCEEDED:
    return "it has as many circuits as it allows";
  case INOS_RELAY_PERMISSION_DENIED:
    return "it does not relay for us";
  case INOS_RELAY_CONNECTION_FAILED:
    return "the peer does not answer it";
  case INOS_RELAY_NO_RESERVATION:
    return "the peer has no place there";
  case INOS_RELAY_MALFORMED_MESSAGE:
  case INOS_RELAY_UNEXPECTED_MESSAGE:
    return "it does not understand what we say";
  case INOS_RELAY_UNUSED:
  default:
    return "it says no";
  }
}
