/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/proto.h"
#include "node/mesh/wire/varint.h"

#include <string.h>

static bool fail (struct inos_proto *reader)
{
  reader->bad = true;
  return false;
}

static bool get (struct inos_proto *reader, uint64_t *value)
{
  if (reader->at < reader->end && *reader->at < 0x80) { /* most tags and lengths */
    *value = *reader->at++;
    return true;
  }
  int read = inos_varint_get_loose (reader->at, (size_t)(reader->end - reader->at), value);

  if (read <= 0)
    return fail (reader);
  reader->at += read;
  return true;
}

/* Little-endian, of @size bytes. */
static bool get_fixed (struct inos_proto *reader, unsigned size, uint64_t *value)
{
  if ((size_t)(reader->end - reader->at) < size)
    return fail (reader);
  *value = 0;
  for (unsigned i = 0; i < size; i++)
    *value |= (uint64_t)reader->at[i] << (8 * i);
  reader->at += size;
  return true;
}

static bool get_bytes (struct inos_proto *reader, struct inos_proto_field *field)
{
  uint64_t len;

  if (!get (reader, &len) || len > (size_t)(reader->end - reader->at))
    return fail (reader);
  field->bytes = reader->at;
  field->len = (size_t)len;
  reader->at += len;
  return true;
}

bool inos_proto_next (struct inos_proto *reader, struct inos_proto_field *field)
{
  uint64_t tag;

  if (reader->bad || reader->at == reader->end)
    return false;
  *field = (struct inos_proto_field){.start = reader->at};
  if (!get (reader, &tag))
    return false;
  if (tag >> 3 == 0 || tag >> 3 > 0x1fffffff)
    return fail (reader);
  field->number = (uint32_t)(tag >> 3);
  field->kind = (enum inos_proto_kind) (tag & 7);
  switch (tag & 7) {
  case INOS_PROTO_NUMBER:
    return get (reader, &field->value);
  case INOS_PROTO_FIXED64:
    return get_fixed (reader, 8, &field->value);
  case INOS_PROTO_BYTES:
    return get_bytes (reader, field);
  case INOS_PROTO_FIXED32:
    return get_fixed (reader, 4, &field->value);
  default: /* groups, which nobody uses */
    return fail (reader);
  }
}

static uint64_t tag_of (uint32_t number, enum inos_proto_kind kind)
{
  return (uint64_t)number << 3 | kind;
}

static void put_tag (struct inos_buffer *out, uint32_t number, enum inos_proto_kind kind)
{
  inos_varint_append (out, tag_of (number, kind));
}

void inos_proto_put_number (struct inos_buffer *out, uint32_t number, uint64_t value)
{
  uint8_t *at = inos_buffer_reserve (out, (size_t)2 * INOS_VARINT_MAX);
  size_t len = inos_varint_put (at, tag_of (number, INOS_PROTO_NUMBER));

  inos_buffer_commit (out, len + inos_varint_put (at + len, value));
}

void inos_proto_put_bytes (struct inos_buffer *out, uint32_t number, const void *bytes, size_t len)
{
  uint8_t *at = inos_buffer_reserve (out, 2 * INOS_VARINT_MAX + len);
  size_t head = inos_varint_put (at, tag_of (number, INOS_PROTO_BYTES));

  head += inos_varint_put (at + head, len);
  if (len > 0)
    memcpy (at + head, bytes, len);
  inos_buffer_commit (out, head + len);
}

void inos_proto_put_string (struct inos_buffer *out, uint32_t number, const char *text)
{
  inos_proto_put_bytes (out, number, text, strlen (text));
}

void inos_proto_put_fixed64 (struct inos_buffer *out, uint32_t number, uint64_t value)
{
  uint8_t bytes[8];

  put_tag (out, number, INOS_PROTO_FIXED64);
  for (unsigned i = 0; i < sizeof bytes; i++)
    bytes[i] = (uint8_t)(value >> (8 * i));
  inos_buffer_append (out, bytes, sizeof bytes);
}

/* The length goes before the bytes, but is known after them: one byte is left for it, and what
 * takes more moves them. */
size_t inos_proto_open (struct inos_buffer *out, uint32_t number)
{
  static const uint8_t no_length = 0;

  put_tag (out, number, INOS_PROTO_BYTES);
  inos_buffer_append (out, &no_length, 1);
  return inos_buffer_len (out);
}

void inos_proto_close (struct inos_buffer *out, size_t opened)
{
  size_t len = inos_buffer_len (out) - opened;
  size_t more = inos_varint_size (len) - 1;
  uint8_t length[INOS_VARINT_MAX];

  if (more > 0) {
    inos_buffer_reserve (out, more);
    inos_buffer_commit (out, more);
    memmove (inos_buffer_data (out) + opened + more, inos_buffer_data (out) + opened, len);
  }
  memcpy (inos_buffer_data (out) + opened - 1, length, inos_varint_put (length, len));
}
