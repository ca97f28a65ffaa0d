/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/dcutr_message.h"

#include "node/mesh/wire/proto.h"

enum { KIND = 1, ADDRESS = 2 };

bool inos_dcutr_read (struct inos_dcutr_message *message, const void *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;
  uint64_t kind = 0;

  message->n_addresses = 0;
  while (inos_proto_next (&reader, &field)) {
    if (field.number == KIND && field.kind == INOS_PROTO_NUMBER)
      kind = field.value;
    else if (inos_proto_is_bytes (&field, ADDRESS, 1, INOS_MULTIADDR_MAX) &&
             message->n_addresses < INOS_DCUTR_ADDRESSES_MAX &&
             inos_multiaddr_read (&message->addresses[message->n_addresses], field.bytes,
                                  field.len))
      message->n_addresses++;
  }
  if (reader.bad || (kind != INOS_DCUTR_CONNECT && kind != INOS_DCUTR_SYNC))
    return false;
  message->kind = (enum inos_dcutr_kind)kind;
  return true;
}

void inos_dcutr_write (const struct inos_dcutr_message *message, struct inos_buffer *out)
{
  inos_proto_put_number (out, KIND, message->kind);
  for (unsigned i = 0; i < message->n_addresses; i++)
    inos_proto_put_bytes (out, ADDRESS, message->addresses[i].bytes, message->addresses[i].len);
}
