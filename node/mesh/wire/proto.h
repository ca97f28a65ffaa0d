/*
 * Protocol buffers' wire format, as much of it as libp2p's messages need: a bounded reader that
 * walks fields where they lie, and a writer that is deterministic when its caller puts fields in
 * the order of their numbers.
 *
 * Not libprotobuf-c, because signatures and keys are over exact bytes (docs/dependencies.md).
 * Source of the format: protobuf's "Encoding" page.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"

enum inos_proto_kind {
  INOS_PROTO_NUMBER = 0, /* varint */
  INOS_PROTO_FIXED64 = 1,
  INOS_PROTO_BYTES = 2, /* bytes, strings, messages, packed numbers */
  INOS_PROTO_FIXED32 = 5,
};

struct inos_proto {
  const uint8_t *at, *end;
  bool bad; /* what was read is no message */
};

struct inos_proto_field {
  uint32_t number;
  enum inos_proto_kind kind;
  uint64_t value;       /* of a number, or a fixed one */
  const uint8_t *bytes; /* of bytes: in the message itself */
  size_t len;
  const uint8_t *start; /* the field whole, with its tag; it ends where the next one starts */
};

/** inos_proto_begin: a reader of @len bytes, which stay where they are while it reads. */
static inline struct inos_proto inos_proto_begin (const void *bytes, size_t len)
{
  const uint8_t *at = bytes;

  return (struct inos_proto){.at = at, .end = len > 0 ? at + len : at};
}

/**
 * inos_proto_next:
 *
 * Returns: whether there is another field. After the last one reader->bad says whether it was the
 * message's end, or bytes that are none.
 */
bool inos_proto_next (struct inos_proto *reader, struct inos_proto_field *field);

/** inos_proto_is_bytes: whether @field is @number, and bytes of @min to @max. */
static inline bool inos_proto_is_bytes (const struct inos_proto_field *field, uint32_t number,
                                        size_t min, size_t max)
{
  return field->number == number && field->kind == INOS_PROTO_BYTES && field->len >= min &&
         field->len <= max;
}

void inos_proto_put_number (struct inos_buffer *out, uint32_t number, uint64_t value);
void inos_proto_put_bytes (struct inos_buffer *out, uint32_t number, const void *bytes, size_t len);
void inos_proto_put_string (struct inos_buffer *out, uint32_t number, const char *text);
void inos_proto_put_fixed64 (struct inos_buffer *out, uint32_t number, uint64_t value);

/** inos_proto_open: begins a message within the message. Returns: what inos_proto_close() takes. */
size_t inos_proto_open (struct inos_buffer *out, uint32_t number);
/** inos_proto_close: ends it; @opened is what inos_proto_open() said, the innermost first. */
void inos_proto_close (struct inos_buffer *out, size_t opened);
