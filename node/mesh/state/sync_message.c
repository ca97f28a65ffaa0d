/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/sync_message.h"

#include <sodium.h>
#include <string.h>

#define PAIR_SIZE (2 * INOS_SLOT_HASH_SIZE) /* id and digest */

enum field {
  FIELD_TOPIC = 1,
  FIELD_STAMP,
  FIELD_FLOOR,
  FIELD_GRAVES,
  FIELD_RANGE,
  FIELD_CHILDREN,
  FIELD_LEAVES,
  FIELD_DELTA,
  FIELD_WANTS,
};

/* Reading */

/* A prefix is zero behind its nibbles, so that there is one of each range. */
static bool read_prefix (const uint8_t *at, struct inos_document_range *range)
{
  range->depth = at[0];
  memcpy (range->prefix.bytes, at + 1, sizeof range->prefix.bytes);
  if (range->depth > INOS_DOCUMENT_DEPTH_MAX)
    return false;
  for (unsigned i = range->depth; i < INOS_DOCUMENT_DEPTH_MAX; i++)
    if (range->prefix.bytes[i / 2] >> (i % 2 ? 0 : 4) & 15)
      return false;
  return true;
}

static bool read_part (const struct inos_proto_field *field, size_t min, size_t max, unsigned *n)
{
  struct inos_document_range range;

  return ++*n <= INOS_SYNC_RANGES_MAX &&
         inos_proto_is_bytes (field, field->number, INOS_SYNC_PREFIX_SIZE + min,
                              INOS_SYNC_PREFIX_SIZE + max) &&
         read_prefix (field->bytes, &range);
}

static bool read_leaves (const struct inos_proto_field *field, struct inos_sync_message *message)
{
  return read_part (field, 0, (size_t)PAIR_SIZE * INOS_SYNC_LEAF_MAX, &message->n_leaves) &&
         (field->len - INOS_SYNC_PREFIX_SIZE) % PAIR_SIZE == 0;
}

static bool read_span (const struct inos_proto_field *field, size_t min, size_t max,
                       struct inos_sync_span *span)
{
  if (span->at || !inos_proto_is_bytes (field, field->number, min, max))
    return false;
  *span = (struct inos_sync_span){field->bytes, field->len};
  return true;
}

static bool read_number (const struct inos_proto_field *field, uint64_t *number)
{
  *number = field->value;
  return field->kind == INOS_PROTO_FIXED64;
}

/* What is unknown is for later versions. */
static bool read_field (const struct inos_proto_field *field, struct inos_sync_message *message)
{
  const size_t digest = INOS_SLOT_HASH_SIZE;

  switch (field->number) {
  case FIELD_TOPIC:
    return read_span (field, 1, INOS_SYNC_TOPIC_MAX, &message->topic);
  case FIELD_STAMP:
    return read_number (field, &message->stamp);
  case FIELD_FLOOR:
    return read_number (field, &message->floor);
  case FIELD_GRAVES:
    return read_number (field, &message->graves);
  case FIELD_RANGE:
    return read_part (field, digest, digest, &message->n_ranges);
  case FIELD_CHILDREN:
    return read_part (field, digest * INOS_SYNC_CHILDREN, digest * INOS_SYNC_CHILDREN,
                      &message->n_children);
  case FIELD_LEAVES:
    return read_leaves (field, message);
  case FIELD_DELTA:
    return read_span (field, 1, INOS_DELTA_MAX, &message->delta);
  case FIELD_WANTS:
    return read_span (field, digest, digest * INOS_SYNC_WANTS_MAX, &message->wants) &&
           field->len % digest == 0;
  default:
    return true;
  }
}

bool inos_sync_message_read (struct inos_sync_message *message, const void *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;

  *message = (struct inos_sync_message){.whole = {bytes, len}};
  if (len > INOS_SYNC_MESSAGE_MAX)
    return false;
  while (inos_proto_next (&reader, &field))
    if (!read_field (&field, message))
      return false;
  return !reader.bad && message->topic.at && message->stamp > 0;
}

bool inos_sync_message_next (const struct inos_sync_message *message, enum inos_sync_part part,
                             size_t *offset, struct inos_document_range *range,
                             struct inos_sync_span *rest)
{
  const struct inos_sync_span *whole = &message->whole;
  struct inos_proto reader = inos_proto_begin (whole->at + *offset, whole->len - *offset);
  struct inos_proto_field field;

  while (inos_proto_next (&reader, &field)) {
    if (field.number != (uint32_t)part)
      continue;
    *offset = (size_t)(reader.at - whole->at);
    read_prefix (field.bytes, range);
    *rest = (struct inos_sync_span){field.bytes + INOS_SYNC_PREFIX_SIZE,
                                    field.len - INOS_SYNC_PREFIX_SIZE};
    return true;
  }
  *offset = whole->len;
  return false;
}

/* Writing */

void inos_sync_put_head (struct inos_buffer *out, const char *topic, uint64_t stamp, uint64_t floor,
                         uint64_t graves)
{
  inos_proto_put_string (out, FIELD_TOPIC, topic);
  inos_proto_put_fixed64 (out, FIELD_STAMP, stamp);
  if (floor > 0)
    inos_proto_put_fixed64 (out, FIELD_FLOOR, floor);
  if (graves > 0)
    inos_proto_put_fixed64 (out, FIELD_GRAVES, graves);
}

void inos_sync_put_part (struct inos_buffer *out, enum inos_sync_part part,
                         const struct inos_document_range *range, const void *rest, size_t len)
{
  size_t opened = inos_proto_open (out, part);

  inos_buffer_append (out, &range->depth, 1);
  inos_buffer_append (out, range->prefix.bytes, sizeof range->prefix.bytes);
  inos_buffer_append (out, rest, len);
  inos_proto_close (out, opened);
}

void inos_sync_put_delta (struct inos_buffer *out, const struct inos_buffer *delta)
{
  if (inos_buffer_len (delta) > 0)
    inos_proto_put_bytes (out, FIELD_DELTA, inos_buffer_data (delta), inos_buffer_len (delta));
}

void inos_sync_put_wants (struct inos_buffer *out, const struct inos_slot_id *ids, unsigned n)
{
  if (n > 0)
    inos_proto_put_bytes (out, FIELD_WANTS, ids, n * sizeof *ids);
}

/* Comparing */

struct inos_document_range inos_sync_child (const struct inos_document_range *range, unsigned i)
{
  struct inos_document_range child = *range;

  child.prefix.bytes[range->depth / 2] |= (uint8_t)(range->depth % 2 ? i : i << 4);
  child.depth++;
  return child;
}

bool inos_sync_counts (const struct inos_document *document, unsigned i, uint64_t graves)
{
  const struct inos_slot *slot = inos_document_slot_at (document, i);

  return slot->stamp > graves || !inos_slot_is_grave (slot);
}

unsigned inos_sync_digest (const struct inos_document *document,
                           const struct inos_document_range *range, uint64_t graves,
                           struct inos_slot_id *digest)
{
  unsigned first, len = inos_document_find_range (document, range, &first), n = 0;
  uint8_t hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_state state;

  crypto_hash_sha256_init (&state);
  for (unsigned i = first; i < first + len; i++) {
    if (!inos_sync_counts (document, i, graves))
      continue;
    crypto_hash_sha256_update (&state, inos_document_id_at (document, i)->bytes,
                               INOS_SLOT_HASH_SIZE);
    crypto_hash_sha256_update (&state, inos_document_digest_at (document, i)->bytes,
                               INOS_SLOT_HASH_SIZE);
    n++;
  }
  crypto_hash_sha256_final (&state, hash);
  memcpy (digest->bytes, hash, sizeof digest->bytes);
  return n;
}
