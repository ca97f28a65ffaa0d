/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/statement.h"
#include "node/mesh/wire/proto.h"

#include <sodium.h>
#include <string.h>

/* What goes before what is signed, so that no signature stands for anything else. */
#define STATEMENT_DOMAIN "inos-statement:"
#define CONSENT_DOMAIN "inos-consent:"
#define ROTATION_DOMAIN "inos-rotation:" /* of who takes over */
#define TIME_MAX (UINT64_C (1) << 53)

enum outer_field { OUTER_BODY = 1, OUTER_SIGNATURE, OUTER_CONSENT };

enum body_field {
  BODY_KIND = 1,
  BODY_MESH,
  BODY_AUTHOR,
  BODY_SUBJECT,
  BODY_ERA,
  BODY_NAME,
  BODY_TIME,
  BODY_NONCE,
};

/* Names */

bool inos_name_is_good (const char *name, size_t len)
{
  if (len > INOS_STATEMENT_NAME_MAX || !g_utf8_validate (name, (gssize)len, NULL))
    return false;
  for (const char *at = name; at < name + len; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return false;
  return true;
}

void inos_name_set (char name[INOS_STATEMENT_NAME_MAX + 1], const char *from)
{
  const char *end = from + strnlen (from, INOS_STATEMENT_NAME_MAX);

  g_utf8_validate (from, end - from, &end);
  size_t len = (size_t)(end - from);
  if (!inos_name_is_good (from, len))
    len = 0;
  memcpy (name, from, len);
  memset (name + len, 0, INOS_STATEMENT_NAME_MAX + 1 - len);
}

/* Signing */

static void sign (const char *domain, const void *body, size_t len,
                  const struct inos_statement_trust *trust,
                  uint8_t signature[INOS_STATEMENT_SIGNATURE_SIZE])
{
  struct inos_buffer bytes = {0};

  inos_buffer_append (&bytes, domain, strlen (domain));
  inos_buffer_append (&bytes, body, len);
  trust->sign (trust->data, inos_buffer_data (&bytes), inos_buffer_len (&bytes), signature);
  inos_buffer_clear (&bytes);
}

static bool is_signed (const char *domain, const void *body, size_t len,
                       const struct inos_peer_id *by, const struct inos_statement_trust *trust,
                       const uint8_t signature[INOS_STATEMENT_SIGNATURE_SIZE])
{
  struct inos_buffer bytes = {0};

  inos_buffer_append (&bytes, domain, strlen (domain));
  inos_buffer_append (&bytes, body, len);
  bool right =
    trust->verify (trust->data, by, inos_buffer_data (&bytes), inos_buffer_len (&bytes), signature);
  inos_buffer_clear (&bytes);
  return right;
}

static void put_consent (struct inos_buffer *out, const struct inos_consent *consent)
{
  inos_proto_put_bytes (out, BODY_MESH, consent->mesh.bytes, INOS_MESH_ID_SIZE);
  inos_proto_put_bytes (out, BODY_SUBJECT, consent->subject.bytes, consent->subject.len);
  inos_proto_put_number (out, BODY_ERA, consent->era);
  inos_proto_put_string (out, BODY_NAME, consent->name);
}

void inos_consent_sign (struct inos_consent *consent, const struct inos_statement_trust *trust)
{
  struct inos_buffer body = {0};

  put_consent (&body, consent);
  sign (CONSENT_DOMAIN, inos_buffer_data (&body), inos_buffer_len (&body), trust,
        consent->signature);
  inos_buffer_clear (&body);
}

bool inos_consent_is_right (const struct inos_consent *consent,
                            const struct inos_statement_trust *trust)
{
  struct inos_buffer body = {0};

  put_consent (&body, consent);
  bool right = is_signed (CONSENT_DOMAIN, inos_buffer_data (&body), inos_buffer_len (&body),
                          &consent->subject, trust, consent->signature);
  inos_buffer_clear (&body);
  return right;
}

static struct inos_consent consent_in (const struct inos_statement *statement)
{
  struct inos_consent consent = {
    .mesh = statement->mesh, .subject = statement->subject, .era = statement->era};

  memcpy (consent.name, statement->name, sizeof consent.name);
  memcpy (consent.signature, statement->consent, sizeof consent.signature);
  return consent;
}

bool inos_statement_is_right (const struct inos_statement *statement,
                              const struct inos_statement_trust *trust)
{
  const struct inos_consent consent = consent_in (statement);

  if (statement->kind == INOS_STATEMENT_ADMIT && !inos_consent_is_right (&consent, trust))
    return false;
  if (statement->kind == INOS_STATEMENT_ROTATE &&
      !is_signed (ROTATION_DOMAIN, statement->body, statement->body_len, &statement->subject, trust,
                  statement->consent))
    return false;
  return is_signed (STATEMENT_DOMAIN, statement->body, statement->body_len, &statement->author,
                    trust, statement->signature);
}

/* Reading */

static bool take_number (const struct inos_proto_field *field, uint64_t max, uint64_t *value)
{
  if (field->kind != INOS_PROTO_NUMBER || field->value > max)
    return false;
  *value = field->value;
  return true;
}

static bool take_name (struct inos_statement *statement, const struct inos_proto_field *field)
{
  if (field->kind != INOS_PROTO_BYTES || memchr (field->bytes, 0, field->len) ||
      !inos_name_is_good ((const char *)field->bytes, field->len))
    return false;
  memcpy (statement->name, field->bytes, field->len);
  return true;
}

static bool take_fixed (void *out, const struct inos_proto_field *field, size_t size)
{
  if (field->kind != INOS_PROTO_BYTES || field->len != size)
    return false;
  memcpy (out, field->bytes, size);
  return true;
}

static bool take_field (struct inos_statement *statement, const struct inos_proto_field *field)
{
  uint64_t value = 0;

  switch (field->number) {
  case BODY_KIND:
    if (!take_number (field, INOS_STATEMENT_ROTATE, &value))
      return false;
    statement->kind = (enum inos_statement_kind)value;
    return true;
  case BODY_MESH:
    return take_fixed (statement->mesh.bytes, field, INOS_MESH_ID_SIZE);
  case BODY_AUTHOR:
    return field->kind == INOS_PROTO_BYTES &&
           inos_peer_id_read (&statement->author, field->bytes, field->len);
  case BODY_SUBJECT:
    return field->kind == INOS_PROTO_BYTES &&
           inos_peer_id_read (&statement->subject, field->bytes, field->len);
  case BODY_ERA:
    if (!take_number (field, INOS_STATEMENT_ERA_MAX, &value))
      return false;
    statement->era = (uint32_t)value;
    return true;
  case BODY_NAME:
    return take_name (statement, field);
  case BODY_TIME:
    if (!take_number (field, TIME_MAX, &value))
      return false;
    statement->time = (int64_t)value;
    return true;
  case BODY_NONCE:
    return take_fixed (statement->nonce, field, INOS_STATEMENT_NONCE_SIZE);
  default:
    return false; /* it could change what the others mean */
  }
}

/* Each field once, in the order of their numbers: a statement has one form only. */
static bool read_body (struct inos_statement *statement)
{
  struct inos_proto reader = inos_proto_begin (statement->body, statement->body_len);
  struct inos_proto_field field;
  unsigned seen = 0;

  while (inos_proto_next (&reader, &field)) {
    if (field.number >= 32 || seen >> field.number || !take_field (statement, &field))
      return false;
    seen |= 1u << field.number;
  }
  return !reader.bad && inos_peer_id_is_set (&statement->author) &&
         (seen & 1u << BODY_NONCE) ==
           (statement->kind == INOS_STATEMENT_FOUND ? 1u << BODY_NONCE : 0u) &&
         !(seen & 1u << BODY_MESH) == (statement->kind == INOS_STATEMENT_FOUND);
}

/* What each kind has to have, and may not have. */
static bool is_whole (struct inos_statement *statement, bool has_consent)
{
  bool has_subject = inos_peer_id_is_set (&statement->subject);
  bool same = inos_peer_id_equal (&statement->subject, &statement->author);

  switch (statement->kind) {
  case INOS_STATEMENT_FOUND:
    if (has_subject || statement->era != 0 || has_consent)
      return false;
    crypto_hash_sha256 (statement->mesh.bytes, statement->body, statement->body_len);
    statement->subject = statement->author;
    return true;
  case INOS_STATEMENT_ADMIT:
    return has_subject && !same && statement->era > 0 && has_consent;
  case INOS_STATEMENT_LEAVE:
    statement->subject = statement->author;
    return !has_subject && statement->era > 0 && !has_consent && !*statement->name;
  case INOS_STATEMENT_REVOKE:
    return has_subject && !same && statement->era == 0 && !has_consent && !*statement->name;
  case INOS_STATEMENT_ROTATE:
    return has_subject && !same && statement->era > 0 && has_consent && !*statement->name;
  default:
    return false;
  }
}

bool inos_statement_read (struct inos_statement *statement, const void *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;
  unsigned seen = 0;

  *statement = (struct inos_statement){0};
  if (len > INOS_STATEMENT_MAX)
    return false;
  while (inos_proto_next (&reader, &field)) {
    if (field.number > OUTER_CONSENT || field.kind != INOS_PROTO_BYTES || seen >> field.number)
      return false;
    seen |= 1u << field.number;
    if (field.number == OUTER_BODY) {
      statement->body = field.bytes;
      statement->body_len = field.len;
    } else if (!take_fixed (field.number == OUTER_SIGNATURE ? statement->signature
                                                            : statement->consent,
                            &field, INOS_STATEMENT_SIGNATURE_SIZE)) {
      return false;
    }
  }
  return !reader.bad && statement->body && (seen & 1u << OUTER_SIGNATURE) &&
         read_body (statement) && is_whole (statement, seen & 1u << OUTER_CONSENT);
}

/* Writing */

static void put_body (struct inos_buffer *out, const struct inos_statement *statement)
{
  bool founds = statement->kind == INOS_STATEMENT_FOUND;
  bool names = !founds && statement->kind != INOS_STATEMENT_LEAVE;

  inos_proto_put_number (out, BODY_KIND, statement->kind);
  if (!founds)
    inos_proto_put_bytes (out, BODY_MESH, statement->mesh.bytes, INOS_MESH_ID_SIZE);
  inos_proto_put_bytes (out, BODY_AUTHOR, statement->author.bytes, statement->author.len);
  if (names)
    inos_proto_put_bytes (out, BODY_SUBJECT, statement->subject.bytes, statement->subject.len);
  if (statement->era > 0)
    inos_proto_put_number (out, BODY_ERA, statement->era);
  if (*statement->name)
    inos_proto_put_string (out, BODY_NAME, statement->name);
  inos_proto_put_number (out, BODY_TIME, (uint64_t)MAX (statement->time, 0));
  if (founds)
    inos_proto_put_bytes (out, BODY_NONCE, statement->nonce, INOS_STATEMENT_NONCE_SIZE);
}

static void put (struct inos_buffer *out, const struct inos_buffer *body,
                 const struct inos_statement_trust *trust, const uint8_t *consent)
{
  uint8_t signature[INOS_STATEMENT_SIGNATURE_SIZE];

  sign (STATEMENT_DOMAIN, inos_buffer_data (body), inos_buffer_len (body), trust, signature);
  inos_proto_put_bytes (out, OUTER_BODY, inos_buffer_data (body), inos_buffer_len (body));
  inos_proto_put_bytes (out, OUTER_SIGNATURE, signature, sizeof signature);
  if (consent)
    inos_proto_put_bytes (out, OUTER_CONSENT, consent, INOS_STATEMENT_SIGNATURE_SIZE);
}

void inos_statement_write (struct inos_buffer *out, const struct inos_statement *statement,
                           const struct inos_statement_trust *trust)
{
  struct inos_buffer body = {0};

  put_body (&body, statement);
  put (out, &body, trust, statement->kind == INOS_STATEMENT_ADMIT ? statement->consent : NULL);
  inos_buffer_clear (&body);
}

void inos_statement_write_rotation (struct inos_buffer *out, const struct inos_statement *statement,
                                    const struct inos_statement_trust *trust,
                                    const struct inos_statement_trust *next)
{
  uint8_t consent[INOS_STATEMENT_SIGNATURE_SIZE];
  struct inos_buffer body = {0};

  put_body (&body, statement);
  sign (ROTATION_DOMAIN, inos_buffer_data (&body), inos_buffer_len (&body), next, consent);
  put (out, &body, trust, consent);
  inos_buffer_clear (&body);
}
