/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/message.h"
#include "node/mesh/member/record.h"
#include "node/mesh/wire/proto.h"
#include "node/mesh/wire/varint.h"

#include <string.h>

#define ACCUSATION_SIZE 25u /* state, tag, incarnation, accuser */
#define LINE_SIZE 17u       /* state, tag, incarnation */
#define NUMBER_SIZE 8u
#define LINES_MAX 3072u
#define NUMBERS_MAX 4096u
#define LEVEL_MAX 40u
#define TTL_MAX 16u

enum field {
  FIELD_KIND = 1,
  FIELD_SEQUENCE,
  FIELD_TAG,
  FIELD_RECORD,
  FIELD_ACCUSATION,
  FIELD_LEVEL,
  FIELD_COUNT,
  FIELD_DIGEST,
  FIELD_TTL,
  FIELD_FLAG,
  FIELD_LINES,
  FIELD_WANTS,
  FIELD_IDS,
  FIELD_GRAFTS,
};

static uint64_t get_u64 (const uint8_t *at)
{
  uint64_t value;

  memcpy (&value, at, sizeof value);
  return GUINT64_FROM_LE (value);
}

static void put_u64 (uint8_t *at, uint64_t value)
{
  value = GUINT64_TO_LE (value);
  memcpy (at, &value, sizeof value);
}

static bool is_number (const struct inos_proto_field *field, uint64_t max)
{
  return field->kind == INOS_PROTO_NUMBER && field->value <= max;
}

static bool read_span (const struct inos_proto_field *field, size_t size, size_t max,
                       struct inos_member_span *span)
{
  if (field->kind != INOS_PROTO_BYTES || span->at || field->len % size != 0 ||
      field->len > size * max)
    return false;
  *span = (struct inos_member_span){field->bytes, field->len};
  return true;
}

static bool check_line (const uint8_t *at, enum inos_member_state last)
{
  return at[0] >= INOS_MEMBER_ALIVE && at[0] <= last &&
         get_u64 (at + 9) <= INOS_MEMBER_INCARNATION_MAX;
}

static bool check_lines (const struct inos_member_span *lines)
{
  for (size_t at = 0; at < lines->len; at += LINE_SIZE)
    if (!check_line (lines->at + at, INOS_MEMBER_LEFT))
      return false;
  return true;
}

static bool check_accusation (const struct inos_proto_field *field)
{
  return inos_proto_is_bytes (field, FIELD_ACCUSATION, ACCUSATION_SIZE, ACCUSATION_SIZE) &&
         field->bytes[0] != INOS_MEMBER_ALIVE && check_line (field->bytes, INOS_MEMBER_DEAD);
}

static bool read_claim (const struct inos_proto_field *field, struct inos_member_message *message)
{
  if (++message->n_claims > INOS_MEMBER_CLAIMS_MAX)
    return false;
  return field->number == FIELD_ACCUSATION
           ? check_accusation (field)
           : inos_proto_is_bytes (field, FIELD_RECORD, 1, INOS_MEMBER_RECORD_MAX);
}

static bool read_numbers (const struct inos_proto_field *field, struct inos_member_message *message)
{
  bool ok;

  switch (field->number) {
  case FIELD_KIND:
    ok = is_number (field, INOS_MEMBER_KINDS - 1) && field->value > 0;
    message->kind = (enum inos_member_kind)field->value;
    break;
  case FIELD_SEQUENCE:
    ok = field->kind == INOS_PROTO_NUMBER;
    message->sequence = field->value;
    break;
  case FIELD_TAG:
    ok = field->kind == INOS_PROTO_FIXED64;
    message->tag = field->value;
    break;
  case FIELD_DIGEST:
    ok = field->kind == INOS_PROTO_FIXED64;
    message->digest = field->value;
    break;
  case FIELD_LEVEL:
    ok = is_number (field, LEVEL_MAX);
    message->level = (uint8_t)field->value;
    break;
  case FIELD_COUNT:
    ok = is_number (field, UINT32_MAX);
    message->count = (uint32_t)field->value;
    break;
  case FIELD_TTL:
    ok = is_number (field, TTL_MAX);
    message->ttl = (uint8_t)field->value;
    break;
  default:
    ok = is_number (field, 1);
    message->flag = field->value > 0;
  }
  return ok;
}

/* What is unknown is for later versions. */
static bool read_field (const struct inos_proto_field *field, struct inos_member_message *message)
{
  switch (field->number) {
  case FIELD_RECORD:
  case FIELD_ACCUSATION:
    return read_claim (field, message);
  case FIELD_LINES:
    return read_span (field, LINE_SIZE, LINES_MAX, &message->lines) &&
           check_lines (&message->lines);
  case FIELD_WANTS:
    return read_span (field, NUMBER_SIZE, NUMBERS_MAX, &message->wants);
  case FIELD_IDS:
    return read_span (field, NUMBER_SIZE, NUMBERS_MAX, &message->ids);
  case FIELD_GRAFTS:
    return read_span (field, NUMBER_SIZE, NUMBERS_MAX, &message->grafts);
  default:
    return field->number > FIELD_GRAFTS || read_numbers (field, message);
  }
}

bool inos_member_message_read (struct inos_member_message *message, const void *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;

  *message = (struct inos_member_message){.whole = {bytes, len}};
  if (len > INOS_MEMBER_MESSAGE_MAX)
    return false;
  while (inos_proto_next (&reader, &field))
    if (!read_field (&field, message))
      return false;
  return !reader.bad && message->kind > 0;
}

static struct inos_member_claim claim_of (const struct inos_proto_field *field)
{
  if (field->number == FIELD_RECORD)
    return (struct inos_member_claim){
      .state = INOS_MEMBER_ALIVE, .record = field->bytes, .record_len = field->len};
  return (struct inos_member_claim){
    .state = (enum inos_member_state)field->bytes[0],
    .tag = get_u64 (field->bytes + 1),
    .incarnation = get_u64 (field->bytes + 9),
    .accuser = get_u64 (field->bytes + 17),
  };
}

bool inos_member_message_claim (const struct inos_member_message *message, size_t *offset,
                                struct inos_member_claim *claim)
{
  const struct inos_member_span *whole = &message->whole;
  struct inos_proto reader = inos_proto_begin (whole->at + *offset, whole->len - *offset);
  struct inos_proto_field field;

  while (inos_proto_next (&reader, &field)) {
    if (field.number != FIELD_RECORD && field.number != FIELD_ACCUSATION)
      continue;
    *offset = (size_t)(reader.at - whole->at);
    *claim = claim_of (&field);
    return true;
  }
  *offset = whole->len;
  return false;
}

bool inos_member_span_line (const struct inos_member_span *lines, size_t *offset,
                            struct inos_member_line *line)
{
  if (*offset >= lines->len)
    return false;
  const uint8_t *at = lines->at + *offset;
  *line = (struct inos_member_line){.state = (enum inos_member_state)at[0],
                                    .tag = get_u64 (at + 1),
                                    .incarnation = get_u64 (at + 9)};
  *offset += LINE_SIZE;
  return true;
}

bool inos_member_span_number (const struct inos_member_span *numbers, size_t *offset,
                              uint64_t *number)
{
  if (*offset >= numbers->len)
    return false;
  *number = get_u64 (numbers->at + *offset);
  *offset += NUMBER_SIZE;
  return true;
}

void inos_member_put_kind (struct inos_buffer *out, enum inos_member_kind kind)
{
  inos_proto_put_number (out, FIELD_KIND, kind);
}

void inos_member_put_sequence (struct inos_buffer *out, uint64_t sequence)
{
  inos_proto_put_number (out, FIELD_SEQUENCE, sequence);
}

void inos_member_put_tag (struct inos_buffer *out, uint64_t tag)
{
  inos_proto_put_fixed64 (out, FIELD_TAG, tag);
}

void inos_member_put_summary (struct inos_buffer *out, unsigned level, unsigned count,
                              uint64_t digest)
{
  inos_proto_put_number (out, FIELD_LEVEL, level);
  inos_proto_put_number (out, FIELD_COUNT, count);
  inos_proto_put_fixed64 (out, FIELD_DIGEST, digest);
}

void inos_member_put_ttl (struct inos_buffer *out, unsigned ttl)
{
  inos_proto_put_number (out, FIELD_TTL, ttl);
}

void inos_member_put_flag (struct inos_buffer *out)
{
  inos_proto_put_number (out, FIELD_FLAG, 1);
}

void inos_member_put_claim (struct inos_buffer *out, const struct inos_member_claim *claim)
{
  uint8_t bytes[ACCUSATION_SIZE];

  if (claim->state == INOS_MEMBER_ALIVE) {
    inos_proto_put_bytes (out, FIELD_RECORD, claim->record, claim->record_len);
    return;
  }
  bytes[0] = (uint8_t)claim->state;
  put_u64 (bytes + 1, claim->tag);
  put_u64 (bytes + 9, claim->incarnation);
  put_u64 (bytes + 17, claim->accuser);
  inos_proto_put_bytes (out, FIELD_ACCUSATION, bytes, sizeof bytes);
}

size_t inos_member_claim_size (const struct inos_member_claim *claim)
{
  size_t len = claim->state == INOS_MEMBER_ALIVE ? claim->record_len : ACCUSATION_SIZE;

  return 1 + inos_varint_size (len) + len;
}

static void put_collected (struct inos_buffer *out, enum field field,
                           const struct inos_buffer *collected)
{
  if (inos_buffer_len (collected) > 0)
    inos_proto_put_bytes (out, field, inos_buffer_data (collected), inos_buffer_len (collected));
}

void inos_member_put_lines (struct inos_buffer *out, const struct inos_buffer *lines)
{
  put_collected (out, FIELD_LINES, lines);
}

void inos_member_put_wants (struct inos_buffer *out, const struct inos_buffer *numbers)
{
  put_collected (out, FIELD_WANTS, numbers);
}

void inos_member_put_ids (struct inos_buffer *out, const struct inos_buffer *numbers)
{
  put_collected (out, FIELD_IDS, numbers);
}

void inos_member_put_grafts (struct inos_buffer *out, const struct inos_buffer *numbers)
{
  put_collected (out, FIELD_GRAFTS, numbers);
}

void inos_member_add_line (struct inos_buffer *lines, const struct inos_member_line *line)
{
  uint8_t *at = inos_buffer_reserve (lines, LINE_SIZE);

  at[0] = (uint8_t)line->state;
  put_u64 (at + 1, line->tag);
  put_u64 (at + 9, line->incarnation);
  inos_buffer_commit (lines, LINE_SIZE);
}

void inos_member_add_number (struct inos_buffer *numbers, uint64_t number)
{
  put_u64 (inos_buffer_reserve (numbers, NUMBER_SIZE), number);
  inos_buffer_commit (numbers, NUMBER_SIZE);
}
