/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/kept.h"

#include "node/mesh/state/document-private.h"
#include "node/mesh/wire/sealed.h"

#include <string.h>

#define MAGIC "INOSDOC\1"

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

  inos_sealed_begin (&out, MAGIC);
  inos_proto_put_string (&out, TOPIC, kept->topic);
  inos_proto_put_fixed64 (&out, INCARNATION, kept->incarnation);
  inos_proto_put_fixed64 (&out, FLOOR, document->floor);
  inos_proto_put_fixed64 (&out, STAMP, inos_document_stamp (document));
  inos_proto_put_number (&out, CLOSED, kept->closed);
  for (unsigned i = 0; i < kept->n_members; i++)
    inos_proto_put_bytes (&out, MEMBER, kept->members[i].bytes, kept->members[i].len);
  put_slots (document, &out);
  inos_sealed_end (&out);
  GBytes *bytes = g_bytes_new (inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
  return bytes;
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
    return inos_peer_id_add (kept->members, &kept->n_members, INOS_SYNC_MEMBERS_MAX, field->bytes,
                             field->len);
  else if (field->number == SLOTS)
    return field->kind == INOS_PROTO_BYTES && inos_delta_read (&delta, field->bytes, field->len);
  return true;
}

bool inos_kept_read (struct inos_kept *kept, const void *bytes, size_t len)
{
  struct inos_proto_field field;
  struct inos_proto reader;

  *kept = (struct inos_kept){0};
  if (!inos_sealed_open (&reader, MAGIC, bytes, len))
    return false;
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
  while (inos_delta_next (&delta, &slot))
    inos_document_apply (document, &slot, INOS_DOCUMENT_TOLD);
}

/* The floor last: below it nothing would be taken. */
void inos_kept_restore (struct inos_document *document, const void *bytes, size_t len)
{
  struct inos_proto_field field;
  struct inos_proto reader;
  uint64_t floor = 0;

  if (!inos_sealed_open (&reader, MAGIC, bytes, len))
    return;
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
