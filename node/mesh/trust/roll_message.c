/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/roll_message.h"
#include "node/mesh/wire/proto.h"

#include <string.h>

enum field { FIELD_STATEMENT = 1, FIELD_DIGEST };

void inos_roll_message_add (struct inos_buffer *out, const void *statement, size_t len)
{
  inos_proto_put_bytes (out, FIELD_STATEMENT, statement, len);
}

void inos_roll_message_digest (struct inos_buffer *out, const struct inos_roll *roll)
{
  uint8_t digest[INOS_ROLL_DIGEST_SIZE];

  inos_roll_digest (roll, digest);
  inos_proto_put_bytes (out, FIELD_DIGEST, digest, sizeof digest);
}

static bool take_statement (struct inos_roll *roll, const struct inos_proto_field *field,
                            struct inos_buffer *news, struct inos_roll_message_result *result)
{
  switch (inos_roll_take (roll, field->bytes, field->len)) {
  case INOS_ROLL_NEW:
    result->taken++;
    if (news)
      inos_roll_message_add (news, field->bytes, field->len);
    return true;
  case INOS_ROLL_KNOWN:
    result->known++;
    return true;
  case INOS_ROLL_REFUSED:
  default:
    result->refused++;
    return false;
  }
}

bool inos_roll_message_take (struct inos_roll *roll, const void *message, size_t len,
                             struct inos_buffer *news, struct inos_roll_message_result *result)
{
  struct inos_proto reader = inos_proto_begin (message, len);
  struct inos_proto_field field;

  *result = (struct inos_roll_message_result){0};
  while (inos_proto_next (&reader, &field)) {
    if (field.kind != INOS_PROTO_BYTES)
      return false;
    if (field.number == FIELD_STATEMENT && !take_statement (roll, &field, news, result))
      return false;
    if (field.number != FIELD_DIGEST)
      continue;
    if (field.len != INOS_ROLL_DIGEST_SIZE)
      return false;
    result->has_digest = true;
    memcpy (result->digest, field.bytes, field.len);
  }
  return !reader.bad;
}

static bool word_counts (const struct inos_roll *roll, const struct inos_proto_field *field)
{
  struct inos_statement statement;

  if (!inos_statement_read (&statement, field->bytes, field->len))
    return false;
  const struct inos_roll_entry *author = inos_roll_find (roll, &statement.author);
  return author && (author->rank != UINT_MAX || author->seated);
}

bool inos_roll_message_prove (struct inos_roll *roll, const void *message, size_t len,
                              struct inos_buffer *news)
{
  struct inos_proto reader = inos_proto_begin (message, len);
  struct inos_roll_message_result result = {0};
  struct inos_proto_field field;

  while (inos_proto_next (&reader, &field)) {
    if (field.number != FIELD_STATEMENT || field.kind != INOS_PROTO_BYTES ||
        !word_counts (roll, &field) || !take_statement (roll, &field, news, &result))
      return false;
    inos_roll_settle (roll);
  }
  return !reader.bad;
}

size_t inos_roll_message_next (const void *bytes, size_t len, size_t *at)
{
  struct inos_proto reader = inos_proto_begin ((const uint8_t *)bytes + *at, len - *at);
  struct inos_proto_field field;
  const uint8_t *start = reader.at;
  size_t whole = 0;

  while (inos_proto_next (&reader, &field) && (size_t)(reader.at - start) <= INOS_ROLL_MESSAGE_MAX)
    whole = (size_t)(reader.at - start);
  *at += whole;
  return whole;
}
