/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/group/group_kept.h"

#include "node/mesh/wire/sealed.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

#define CONTEXT "inos-group:"
#define MAGIC "INOSGRP\1"

enum field {
  NAME = 1,
  MEMBER,
  EPOCH,
  CANDIDATE,
  LEFT,
};

uint64_t inos_group_resource (const char *name)
{
  g_autofree char *text = g_strconcat (CONTEXT, name, NULL);
  uint8_t hash[crypto_hash_sha256_BYTES];
  uint64_t number;

  crypto_hash_sha256 (hash, (const uint8_t *)text, strlen (text));
  memcpy (&number, hash, sizeof number);
  return GUINT64_FROM_LE (number);
}

void inos_group_kept_write (const struct inos_group_kept *kept, struct inos_buffer *out)
{
  inos_sealed_begin (out, MAGIC);
  inos_proto_put_string (out, NAME, kept->name);
  for (unsigned i = 0; i < kept->n_members; i++)
    inos_proto_put_bytes (out, MEMBER, kept->members[i].bytes, kept->members[i].len);
  if (kept->vote.epoch > 0) {
    inos_proto_put_fixed64 (out, EPOCH, kept->vote.epoch);
    inos_proto_put_bytes (out, CANDIDATE, kept->vote.candidate.bytes, kept->vote.candidate.len);
  }
  inos_proto_put_number (out, LEFT, kept->left);
  inos_sealed_end (out);
}

static bool take_field (struct inos_group_kept *kept, const struct inos_proto_field *field)
{
  if (inos_proto_is_bytes (field, NAME, 1, INOS_GROUP_NAME_MAX))
    memcpy (kept->name, field->bytes, field->len);
  else if (field->number == MEMBER && field->kind == INOS_PROTO_BYTES)
    return inos_peer_id_add (kept->members, &kept->n_members, INOS_ELECTION_MEMBERS_MAX,
                             field->bytes, field->len);
  else if (field->number == EPOCH && field->kind == INOS_PROTO_FIXED64)
    kept->vote.epoch = field->value;
  else if (field->number == CANDIDATE && field->kind == INOS_PROTO_BYTES)
    return inos_peer_id_read (&kept->vote.candidate, field->bytes, field->len);
  else if (field->number == LEFT && field->kind == INOS_PROTO_NUMBER)
    kept->left = field->value == 1;
  return true;
}

bool inos_group_kept_read (struct inos_group_kept *kept, const void *bytes, size_t len)
{
  struct inos_proto_field field;
  struct inos_proto reader;

  *kept = (struct inos_group_kept){0};
  if (len > INOS_GROUP_FILE_MAX || !inos_sealed_open (&reader, MAGIC, bytes, len))
    return false;
  while (inos_proto_next (&reader, &field))
    if (!take_field (kept, &field))
      return false;
  kept->vote.resource = inos_group_resource (kept->name);
  return !reader.bad && kept->name[0] != '\0' && kept->n_members > 0 &&
         (kept->vote.epoch > 0) == inos_peer_id_is_set (&kept->vote.candidate);
}
