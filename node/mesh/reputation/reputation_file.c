/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/reputation/reputation_file.h"

#include "node/mesh/wire/sealed.h"

#include <string.h>

#define MAGIC "INOSREP\1"
#define NS_PER_MS UINT64_C (1000000)
/* ms; after so long nothing is left, and the product below does not overflow */
#define LONG_AGO (INT64_C (64) * INOS_EVIDENCE_HALF_LIFE * 3600 * 1000)

enum field { WRITTEN = 1, PEER };
enum peer_field { ID = 1, FIRST_CONDUCT }; /* INOS_CONDUCTS of the latter */

static void put_peer (struct inos_buffer *out, const struct inos_reputed *one)
{
  size_t opened = inos_proto_open (out, PEER);

  inos_proto_put_bytes (out, ID, one->id.bytes, one->id.len);
  for (uint32_t i = 0; i < INOS_CONDUCTS; i++)
    if (one->evidence.seen[i] > 0)
      inos_proto_put_number (out, FIRST_CONDUCT + i, one->evidence.seen[i]);
  inos_proto_close (out, opened);
}

GBytes *inos_reputation_file_write (struct inos_reputation *reputation, int64_t wall)
{
  struct inos_buffer out = {0};

  inos_sealed_begin (&out, MAGIC);
  inos_proto_put_fixed64 (&out, WRITTEN, (uint64_t)MAX (wall, 0));
  for (unsigned i = 0; i < inos_reputation_count (reputation); i++) {
    const struct inos_reputed *one = inos_reputation_at (reputation, i);
    if (inos_evidence_total (&one->evidence) > 0)
      put_peer (&out, one);
  }
  inos_sealed_end (&out);
  GBytes *bytes = g_bytes_new (inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
  return bytes;
}

static bool read_peer (const struct inos_proto_field *whole, struct inos_reputed *one)
{
  struct inos_proto reader = inos_proto_begin (whole->bytes, whole->len);
  const uint64_t most = (uint64_t)INOS_EVIDENCE_MAX * INOS_OUTCOME;
  struct inos_proto_field field;

  while (inos_proto_next (&reader, &field)) {
    if (inos_proto_is_bytes (&field, ID, 1, INOS_PEER_ID_MAX)) {
      if (!inos_peer_id_read (&one->id, field.bytes, field.len))
        return false;
    } else if (field.kind == INOS_PROTO_NUMBER && field.number - FIRST_CONDUCT < INOS_CONDUCTS) {
      if (field.value > most)
        return false;
      one->evidence.seen[field.number - FIRST_CONDUCT] = (uint32_t)field.value;
    }
  }
  return !reader.bad && inos_peer_id_is_set (&one->id) &&
         inos_evidence_total (&one->evidence) <= most;
}

/* All of it, or nothing. Returns: (transfer full) (nullable): struct inos_reputed. */
static GArray *read_all (const void *bytes, size_t len, uint64_t *written)
{
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (struct inos_reputed));
  struct inos_proto_field field;
  struct inos_proto reader;

  if (!inos_sealed_open (&reader, MAGIC, bytes, len))
    return NULL;
  while (inos_proto_next (&reader, &field)) {
    struct inos_reputed one = {0};
    if (field.number == WRITTEN && field.kind == INOS_PROTO_FIXED64)
      *written = field.value;
    if (field.number != PEER)
      continue;
    if (field.kind != INOS_PROTO_BYTES || all->len == INOS_REPUTATION_PEERS_MAX ||
        !read_peer (&field, &one))
      return NULL;
    g_array_append_val (all, one);
  }
  return reader.bad ? NULL : g_steal_pointer (&all);
}

bool inos_reputation_file_read (struct inos_reputation *reputation, uint64_t now, int64_t wall,
                                const void *bytes, size_t len)
{
  uint64_t written = (uint64_t)MAX (wall, 0);
  g_autoptr (GArray) all = read_all (bytes, len, &written);

  if (!all)
    return false;
  int64_t then = (int64_t)MIN (written, (uint64_t)MAX (wall, 0));
  uint64_t age = (uint64_t)MIN (MAX (wall, 0) - then, LONG_AGO) * NS_PER_MS;
  for (guint i = 0; i < all->len; i++) {
    struct inos_reputed *one = &g_array_index (all, struct inos_reputed, i);
    inos_evidence_fade (&one->evidence, age);
    one->evidence.at = now;
    inos_reputation_restore (reputation, &one->id, &one->evidence);
  }
  return true;
}
