/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/autonat_message.h"

#include "node/mesh/wire/proto.h"

#include <string.h>

enum { REQUEST_ADDRESS = 1, REQUEST_NONCE = 2 };
enum { RESPONSE_STATUS = 1, RESPONSE_INDEX = 2, RESPONSE_DIAL_STATUS = 3 };
enum { DATA_REQUEST_INDEX = 1, DATA_REQUEST_BYTES = 2 };
enum { DATA_BYTES = 1 };
enum { BACK_NONCE = 1 };
enum { THANKS_STATUS = 1 };

/* Reading */

/* One that is not understood keeps its place, since others are named by theirs. */
static void take_address (struct inos_autonat_message *message,
                          const struct inos_proto_field *field)
{
  if (message->n_addresses == INOS_AUTONAT_ADDRESSES_MAX)
    return;
  struct inos_multiaddr *address = &message->addresses[message->n_addresses++];
  if (!inos_multiaddr_read (address, field->bytes, field->len))
    address->len = 0;
}

static void take_number (struct inos_autonat_message *message, const struct inos_proto_field *field)
{
  uint32_t small = (uint32_t)MIN (field->value, UINT32_MAX);

  if (message->kind == INOS_AUTONAT_RESPONSE) {
    if (field->number == RESPONSE_STATUS)
      message->status = (enum inos_autonat_status)MIN (small, 9999);
    else if (field->number == RESPONSE_INDEX)
      message->index = small;
    else if (field->number == RESPONSE_DIAL_STATUS)
      message->dial_status = (enum inos_autonat_dial_status)MIN (small, 9999);
  } else if (message->kind == INOS_AUTONAT_DATA_REQUEST) {
    if (field->number == DATA_REQUEST_INDEX)
      message->index = small;
    else if (field->number == DATA_REQUEST_BYTES)
      message->bytes = field->value;
  }
}

static bool read_inner (struct inos_autonat_message *message, const struct inos_proto_field *from)
{
  struct inos_proto reader = inos_proto_begin (from->bytes, from->len);
  struct inos_proto_field field;

  while (inos_proto_next (&reader, &field)) {
    if (field.kind == INOS_PROTO_NUMBER)
      take_number (message, &field);
    else if (message->kind == INOS_AUTONAT_REQUEST && field.number == REQUEST_NONCE &&
             field.kind == INOS_PROTO_FIXED64)
      message->nonce = field.value;
    else if (message->kind == INOS_AUTONAT_REQUEST && field.number == REQUEST_ADDRESS &&
             field.kind == INOS_PROTO_BYTES)
      take_address (message, &field);
    else if (message->kind == INOS_AUTONAT_DATA && field.number == DATA_BYTES &&
             field.kind == INOS_PROTO_BYTES)
      message->bytes = field.len;
  }
  return !reader.bad;
}

bool inos_autonat_read (struct inos_autonat_message *message, const void *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;
  bool found = false;

  *message = (struct inos_autonat_message){0};
  while (inos_proto_next (&reader, &field)) {
    if (field.number < INOS_AUTONAT_REQUEST || field.number > INOS_AUTONAT_DATA)
      continue;
    if (found || field.kind != INOS_PROTO_BYTES) /* it is one of them */
      return false;
    found = true;
    message->kind = (enum inos_autonat_kind)field.number;
    if (!read_inner (message, &field))
      return false;
  }
  return !reader.bad && found;
}

bool inos_autonat_read_nonce (uint64_t *nonce, const void *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;
  bool found = false;

  while (inos_proto_next (&reader, &field))
    if (field.number == BACK_NONCE && field.kind == INOS_PROTO_FIXED64) {
      *nonce = field.value;
      found = true;
    }
  return !reader.bad && found;
}

bool inos_autonat_is_thanks (const void *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;
  uint64_t status = 0; /* which is OK, and may be left out */

  while (inos_proto_next (&reader, &field))
    if (field.number == THANKS_STATUS && field.kind == INOS_PROTO_NUMBER)
      status = field.value;
  return !reader.bad && status == 0;
}

/* Writing */

static void write_request (const struct inos_autonat_message *message, struct inos_buffer *out)
{
  for (unsigned i = 0; i < message->n_addresses; i++)
    inos_proto_put_bytes (out, REQUEST_ADDRESS, message->addresses[i].bytes,
                          message->addresses[i].len);
  inos_proto_put_fixed64 (out, REQUEST_NONCE, message->nonce);
}

static void write_response (const struct inos_autonat_message *message, struct inos_buffer *out)
{
  inos_proto_put_number (out, RESPONSE_STATUS, message->status);
  inos_proto_put_number (out, RESPONSE_INDEX, message->index);
  inos_proto_put_number (out, RESPONSE_DIAL_STATUS, message->dial_status);
}

static void write_data (const struct inos_autonat_message *message, struct inos_buffer *out)
{
  uint8_t zeros[INOS_AUTONAT_DATA_MAX] = {0};

  inos_proto_put_bytes (out, DATA_BYTES, zeros, (size_t)MIN (message->bytes, sizeof zeros));
}

void inos_autonat_write (const struct inos_autonat_message *message, struct inos_buffer *out)
{
  size_t opened = inos_proto_open (out, message->kind);

  switch (message->kind) {
  case INOS_AUTONAT_REQUEST:
    write_request (message, out);
    break;
  case INOS_AUTONAT_RESPONSE:
    write_response (message, out);
    break;
  case INOS_AUTONAT_DATA_REQUEST:
    inos_proto_put_number (out, DATA_REQUEST_INDEX, message->index);
    inos_proto_put_number (out, DATA_REQUEST_BYTES, message->bytes);
    break;
  case INOS_AUTONAT_DATA:
  default:
    write_data (message, out);
    break;
  }
  inos_proto_close (out, opened);
}

void inos_autonat_write_nonce (uint64_t nonce, struct inos_buffer *out)
{
  inos_proto_put_fixed64 (out, BACK_NONCE, nonce);
}

void inos_autonat_write_thanks (struct inos_buffer *out)
{
  inos_proto_put_number (out, THANKS_STATUS, 0);
}
