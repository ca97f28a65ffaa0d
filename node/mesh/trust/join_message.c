/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/join_message.h"
#include "node/mesh/wire/proto.h"

#include <string.h>

enum question_field {
  QUESTION_KIND = 1,
  QUESTION_MESH,
  QUESTION_ERA,
  QUESTION_NAME,
  QUESTION_CONSENT,
  QUESTION_SECRET,
  QUESTION_STATEMENTS,
};

enum answer_field { ANSWER_STATE = 1, ANSWER_MESH, ANSWER_ERA, ANSWER_STATEMENTS };

void inos_join_question_write (struct inos_buffer *out, const struct inos_join_question *question)
{
  const struct inos_consent *consent = &question->consent;

  inos_proto_put_number (out, QUESTION_KIND, question->kind);
  if (question->kind != INOS_JOIN_ASK)
    inos_proto_put_bytes (out, QUESTION_MESH, consent->mesh.bytes, INOS_MESH_ID_SIZE);
  if (question->kind == INOS_JOIN_JOIN) {
    inos_proto_put_number (out, QUESTION_ERA, consent->era);
    inos_proto_put_string (out, QUESTION_NAME, consent->name);
    inos_proto_put_bytes (out, QUESTION_CONSENT, consent->signature, sizeof consent->signature);
    if (question->has_secret)
      inos_proto_put_bytes (out, QUESTION_SECRET, question->secret, sizeof question->secret);
  }
  if (question->statements_len > 0)
    inos_proto_put_bytes (out, QUESTION_STATEMENTS, question->statements, question->statements_len);
}

static bool take_name (struct inos_consent *consent, const struct inos_proto_field *field)
{
  if (memchr (field->bytes, 0, field->len) ||
      !inos_name_is_good ((const char *)field->bytes, field->len))
    return false;
  memset (consent->name, 0, sizeof consent->name);
  memcpy (consent->name, field->bytes, field->len);
  return true;
}

static bool take_number (struct inos_join_question *question, const struct inos_proto_field *field)
{
  if (field->number == QUESTION_KIND && field->value >= INOS_JOIN_ASK &&
      field->value <= INOS_JOIN_NUDGE)
    question->kind = (enum inos_join_kind)field->value;
  else if (field->number == QUESTION_ERA && field->value > 0 &&
           field->value <= INOS_STATEMENT_ERA_MAX)
    question->consent.era = (uint32_t)field->value;
  else
    return field->number > QUESTION_STATEMENTS;
  return true;
}

static bool take_bytes (void *to, size_t size, const struct inos_proto_field *field)
{
  if (field->len != size)
    return false;
  memcpy (to, field->bytes, size);
  return true;
}

static bool take_field (struct inos_join_question *question, const struct inos_proto_field *field,
                        bool *has_mesh)
{
  if (field->kind == INOS_PROTO_NUMBER)
    return take_number (question, field);
  if (field->kind != INOS_PROTO_BYTES)
    return field->number > QUESTION_STATEMENTS;
  switch (field->number) {
  case QUESTION_MESH:
    *has_mesh = true;
    return take_bytes (question->consent.mesh.bytes, INOS_MESH_ID_SIZE, field);
  case QUESTION_NAME:
    return take_name (&question->consent, field);
  case QUESTION_CONSENT:
    question->has_consent = true;
    return take_bytes (question->consent.signature, sizeof question->consent.signature, field);
  case QUESTION_SECRET:
    question->has_secret = true;
    return take_bytes (question->secret, sizeof question->secret, field);
  case QUESTION_STATEMENTS:
    question->statements = field->bytes;
    question->statements_len = field->len;
    return field->len <= INOS_JOIN_STATEMENTS_MAX;
  default:
    return field->number > QUESTION_STATEMENTS;
  }
}

bool inos_join_question_read (struct inos_join_question *question, const void *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;
  bool has_mesh = false;

  *question = (struct inos_join_question){0};
  while (inos_proto_next (&reader, &field))
    if (!take_field (question, &field, &has_mesh))
      return false;
  if (reader.bad || question->kind == 0)
    return false;
  if (question->kind == INOS_JOIN_JOIN)
    return has_mesh && question->has_consent && question->consent.era > 0;
  return has_mesh || question->kind == INOS_JOIN_ASK;
}

void inos_join_answer_write (struct inos_buffer *out, const struct inos_join_answer *answer)
{
  inos_proto_put_number (out, ANSWER_STATE, answer->state);
  if (answer->state == INOS_JOIN_OFFERED) {
    inos_proto_put_bytes (out, ANSWER_MESH, answer->mesh.bytes, INOS_MESH_ID_SIZE);
    inos_proto_put_number (out, ANSWER_ERA, answer->era);
  }
  if (answer->statements_len > 0)
    inos_proto_put_bytes (out, ANSWER_STATEMENTS, answer->statements, answer->statements_len);
}

bool inos_join_answer_read (struct inos_join_answer *answer, const void *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;
  bool has_mesh = false;

  *answer = (struct inos_join_answer){0};
  while (inos_proto_next (&reader, &field)) {
    if (field.number == ANSWER_STATE && field.kind == INOS_PROTO_NUMBER && field.value > 0 &&
        field.value <= INOS_JOIN_STRANGER)
      answer->state = (enum inos_join_state)field.value;
    else if (field.number == ANSWER_ERA && field.kind == INOS_PROTO_NUMBER && field.value > 0 &&
             field.value <= INOS_STATEMENT_ERA_MAX)
      answer->era = (uint32_t)field.value;
    else if (inos_proto_is_bytes (&field, ANSWER_MESH, INOS_MESH_ID_SIZE, INOS_MESH_ID_SIZE))
      has_mesh = take_bytes (answer->mesh.bytes, INOS_MESH_ID_SIZE, &field);
    else if (inos_proto_is_bytes (&field, ANSWER_STATEMENTS, 0, INOS_JOIN_STATEMENTS_MAX)) {
      answer->statements = field.bytes;
      answer->statements_len = field.len;
    } else if (field.number <= ANSWER_STATEMENTS) {
      return false;
    }
  }
  if (reader.bad || answer->state == 0)
    return false;
  return answer->state != INOS_JOIN_OFFERED || (has_mesh && answer->era > 0);
}
