/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/kept.h"

#include "node/mesh/state/document-private.h"

#include <sodium.h>
#include <string.h>

#define MAGIC "INOSDOC\1"
#define MAGIC_SIZE 8u
#define HASH_SIZE 32u

enum field {
  TOPIC = 1,
  INCARNATION,
  FLOOR,
  STAMP,
  CLOSED,
  MEMBER,
  SLOTS,
};

static void put_delta (struct inos_delta_writer *writer, struct inos_buffer *out)
{
  struct inos_buffer delta = {0};

  inos_delta_finish (writer, false, &delta);
  if (inos_buffer_len (&delta) > 0)
    inos_proto_put_bytes (out, SLOTS, inos_buffer_data (&delta), inos_buffer_len (&delta));
  inos_buffer_clear (&delta);
}

static void put_slots (struct inos_document *document, struct inos_buffer *out)
{
  struct inos_delta_writer writer = {0};

  for (unsigned i = 0; i < inos_document_slots (document); i++) {
    if (inos_document_write (document, i, &writer, INOS_DELTA_MAX))
      continue;
    put_delta (&writer, out);
    inos_document_write (document, i, &writer, INOS_DELTA_MAX);
  }
  put_delta (&writer, out);
  inos_delta_writer_clear (&writer);
}

GBytes *inos_kept_write (struct inos_document *document, const struct inos_kept *kept)
{
  struct inos_buffer out = {0};
  uint8_t hash[HASH_SIZE];

  inos_buffer_append (&out, MAGIC, MAGIC_SIZE);
  inos_proto_put_string (&out, TOPIC, kept->topic);
  inos_proto_put_fixed64 (&out, INCARNATION, kept->incarnation);
  inos_proto_put_fixed64 (&out, FLOOR, document->floor);
  inos_proto_put_fixed64 (&out, STAMP, inos_document_stamp (document));
  inos_proto_put_number (&out, CLOSED, kept->closed);
  for (unsigned i = 0; i < kept->n_members; i++)
    inos_proto_put_bytes (&out, MEMBER, kept->members[i].bytes, kept->members[i].len);
  put_slots (document, &out);
  crypto_generichash (hash, sizeof hash, inos_buffer_data (&out), inos_buffer_len (&out), NULL, 0);
  inos_buffer_append (&out, hash, sizeof hash);
  GBytes *bytes = g_bytes_new (inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
  return bytes;
}

static bool is_unharmed (const uint8_t *bytes, size_t len)
{
  uint8_t hash[HASH_SIZE];

  if (len < MAGIC_SIZE + HASH_SIZE || memcmp (bytes, MAGIC, MAGIC_SIZE) != 0)
    return false;
  crypto_generichash (hash, sizeof hash, bytes, len - HASH_SIZE, NULL, 0);
  return memcmp (hash, bytes + len - HASH_SIZE, HASH_SIZE) == 0;
}

static bool take_field (struct inos_kept *kept, const struct inos_proto_field *field)
{
  struct inos_delta delta;

  if (inos_proto_is_bytes (field, TOPIC, 1, INOS_SYNC_TOPIC_MAX))
    memcpy (kept->topic, field->bytes, field->len);
  else if (field->number == INCARNATION && field->kind == INOS_PROTO_FIXED64)
    kept->incarnation = field->value;
  else if (field->number == CLOSED && field->kind == INOS_PROTO_NUMBER)
    kept->closed = field->value == 1;
  else if (field->number == MEMBER && field->kind == INOS_PROTO_BYTES)
    return kept->n_members < INOS_SYNC_MEMBERS_MAX &&
           inos_peer_id_read (&kept->members[kept->n_members++], field->bytes, field->len);
  else if (field->number == SLOTS)
    return field->kind == INOS_PROTO_BYTES && inos_delta_read (&delta, field->bytes, field->len);
  return true;
}

bool inos_kept_read (struct inos_kept *kept, const void *bytes, size_t len)
{
  struct inos_proto_field field;

  *kept = (struct inos_kept){0};
  if (!is_unharmed (bytes, len))
    return false;
  struct inos_proto reader =
    inos_proto_begin ((const uint8_t *)bytes + MAGIC_SIZE, len - MAGIC_SIZE - HASH_SIZE);
  while (inos_proto_next (&reader, &field))
    if (!take_field (kept, &field))
      return false;
  return !reader.bad && kept->topic[0] != '\0' && strlen (kept->topic) <= INOS_SYNC_TOPIC_MAX;
}

static void restore_slots (struct inos_document *document, const struct inos_proto_field *field)
{
  struct inos_delta delta;
  struct inos_slot slot;

  if (!inos_delta_read (&delta, field->bytes, field->len))
    return;
  while (inos_delta_next (&delta, &slot)) {
    document->clock.last = MAX (document->clock.last, slot.stamp);
    inos_document_apply (document, &slot, INOS_DOCUMENT_TOLD);
  }
}

/* The floor last: below it nothing would be taken. */
void inos_kept_restore (struct inos_document *document, const void *bytes, size_t len)
{
  struct inos_proto reader =
    inos_proto_begin ((const uint8_t *)bytes + MAGIC_SIZE, len - MAGIC_SIZE - HASH_SIZE);
  struct inos_proto_field field;
  uint64_t floor = 0;

  while (inos_proto_next (&reader, &field)) {
    if (field.number == FLOOR)
      floor = field.value;
    else if (field.number == STAMP)
      document->clock.last = MAX (document->clock.last, field.value);
    else if (field.number == SLOTS)
      restore_slots (document, &field);
  }
  document->floor = floor;
}
