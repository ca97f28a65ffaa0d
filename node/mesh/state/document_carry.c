/*
 * What carries a document does with it: what has to be told, what may be forgotten, and where two
 * replicas differ.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/document-private.h"

#include <lz4.h>
#include <string.h>

uint64_t inos_document_stamp (struct inos_document *document)
{
  return inos_stamp_next (&document->clock, document->setup.env);
}

bool inos_document_see (struct inos_document *document, uint64_t stamp)
{
  return inos_stamp_see (&document->clock, document->setup.env, stamp);
}

uint64_t inos_document_floor (const struct inos_document *document)
{
  return document->floor;
}

/* Forgetting */

/* A grave that came after the floor it is below of was not here yet when all were equal. */
void inos_document_settle (struct inos_document *document, uint64_t floor)
{
  if (floor <= document->floor)
    return;
  document->floor = floor;
  for (unsigned i = document->entries->len; i > 0; i--) {
    const struct inos_document_entry *entry = inos_document_entry_at (document, i - 1);
    if (inos_slot_is_grave (&entry->slot) && MAX (entry->slot.stamp, entry->since) <= floor)
      inos_document_remove_at (document, i - 1);
  }
}

unsigned inos_document_expire (struct inos_document *document)
{
  unsigned before = document->entries->len;

  if (document->setup.age <= 0)
    return 0;
  uint64_t stamp = inos_stamp_of (inos_env_wall (document->setup.env) - document->setup.age);
  for (unsigned i = before; i > 0; i--)
    if (inos_document_entry_at (document, i - 1)->slot.stamp < stamp)
      inos_document_remove_at (document, i - 1);
  return before - document->entries->len;
}

/* Compression */

uint8_t *inos_document_raw (const struct inos_document_entry *entry)
{
  if (!entry->packed)
    return NULL;
  int len = (int)entry->slot.value_len;
  uint8_t *raw = g_malloc (entry->slot.value_len);
  if (LZ4_decompress_safe ((const char *)entry->slot.value, (char *)raw, (int)entry->stored_len,
                           len) != len)
    g_error ("a value that was compressed cannot be read again");
  return raw;
}

/* Returns: bytes saved. */
static size_t pack (struct inos_document_entry *entry)
{
  char out[LZ4_COMPRESSBOUND (INOS_SLOT_VALUE_MAX)];
  int len = LZ4_compress_default ((const char *)entry->slot.value, out, (int)entry->slot.value_len,
                                  sizeof out);

  if (len <= 0 || (size_t)len >= entry->slot.value_len)
    return 0;
  size_t saved = entry->slot.value_len - (size_t)len;
  g_free ((uint8_t *)entry->slot.value);
  entry->slot.value = g_memdup2 (out, (size_t)len);
  entry->stored_len = (size_t)len;
  entry->packed = true;
  return saved;
}

size_t inos_document_pack (struct inos_document *document, uint64_t cold)
{
  uint64_t now = inos_env_now (document->setup.env);
  size_t saved = 0;

  for (unsigned i = 0; i < document->entries->len; i++) {
    struct inos_document_entry *entry = inos_document_entry_at (document, i);
    if (!entry->packed && entry->slot.value_len >= INOS_DOCUMENT_PACK_MIN &&
        now - entry->used >= cold)
      saved += pack (entry);
  }
  document->bytes -= saved;
  return saved;
}

/* Telling */

void inos_document_tell (struct inos_document *document, bool critical)
{
  for (unsigned i = 0; i < document->entries->len; i++) {
    struct inos_document_entry *entry = inos_document_entry_at (document, i);
    if (entry->due == INOS_DOCUMENT_WRITTEN)
      entry->due = critical ? INOS_DOCUMENT_CRITICAL : INOS_DOCUMENT_DUE;
  }
}

bool inos_document_write (struct inos_document *document, unsigned i,
                          struct inos_delta_writer *writer, size_t max)
{
  const struct inos_document_entry *entry = inos_document_entry_at (document, i);
  struct inos_slot slot = entry->slot;
  uint8_t *raw = inos_document_raw (entry);

  if (raw) {
    slot.value = raw;
    inos_delta_keep (writer, g_bytes_new_take (raw, slot.value_len));
  }
  return inos_delta_put (writer, &slot, max);
}

unsigned inos_document_take_due (struct inos_document *document, enum inos_document_due least,
                                 struct inos_delta_writer *writer)
{
  unsigned n = 0;

  for (unsigned i = 0; i < document->entries->len; i++) {
    struct inos_document_entry *entry = inos_document_entry_at (document, i);
    if (entry->due < least)
      continue;
    if (!inos_document_write (document, i, writer, INOS_DELTA_MAX))
      break;
    entry->due = INOS_DOCUMENT_TOLD;
    n++;
  }
  return n;
}

/* Comparing */

unsigned inos_document_slots (const struct inos_document *document)
{
  return document->entries->len;
}

size_t inos_document_bytes (const struct inos_document *document)
{
  return document->bytes;
}

/* Names end in a zero; arrays grow by doubling. */
#define SHARE_LINE_SIZE (INOS_SLOT_HASH_SIZE + sizeof (size_t))
#define SLOT_SIZE (sizeof (struct inos_document_entry) + 2 + 2 * sizeof (void *))

size_t inos_document_memory (const struct inos_document *document)
{
  return sizeof *document + document->bytes + document->entries->len * SLOT_SIZE +
         2 * document->actors->len * sizeof (struct inos_document_actor) +
         2 * document->late->len * sizeof (struct inos_document_late) +
         document->share.n_members * sizeof (struct inos_peer_id) +
         (document->share.lines ? 2 * document->share.lines->len * SHARE_LINE_SIZE : 0);
}

size_t inos_document_memory_max (void)
{
  return sizeof (struct inos_document) + INOS_DOCUMENT_BYTES_MAX +
         INOS_DOCUMENT_SLOTS_MAX * SLOT_SIZE +
         2 * INOS_DOCUMENT_ACTORS_MAX * sizeof (struct inos_document_actor) +
         2 * INOS_DOCUMENT_LATE_MAX * sizeof (struct inos_document_late) +
         INOS_DOCUMENT_MEMBERS_MAX * sizeof (struct inos_peer_id) +
         2 * INOS_DOCUMENT_SLOTS_MAX * SHARE_LINE_SIZE;
}

/* Returns: as memcmp() of the first @depth nibbles. */
static int compare_prefix (const struct inos_slot_id *id, const struct inos_document_range *range)
{
  unsigned whole = range->depth / 2;
  int by_bytes = memcmp (id->bytes, range->prefix.bytes, whole);

  if (by_bytes != 0 || range->depth % 2 == 0)
    return by_bytes;
  return (id->bytes[whole] >> 4) - (range->prefix.bytes[whole] >> 4);
}

/* The first one that is not before the range; with @behind, that is behind it. */
static unsigned edge (const struct inos_document *document, const struct inos_document_range *range,
                      bool behind)
{
  unsigned low = 0, high = document->entries->len;

  while (low < high) {
    unsigned middle = low + (high - low) / 2;
    int compared = compare_prefix (&inos_document_entry_at (document, middle)->id, range);
    if (compared < 0 || (behind && compared == 0))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

unsigned inos_document_find_range (const struct inos_document *document,
                                   const struct inos_document_range *range, unsigned *first)
{
  *first = edge (document, range, false);
  return edge (document, range, true) - *first;
}

const struct inos_slot_id *inos_document_id_at (const struct inos_document *document, unsigned i)
{
  return &inos_document_entry_at (document, i)->id;
}

const struct inos_slot_id *inos_document_digest_at (const struct inos_document *document,
                                                    unsigned i)
{
  return &inos_document_entry_at (document, i)->digest;
}

const struct inos_slot *inos_document_slot_at (const struct inos_document *document, unsigned i)
{
  return &inos_document_entry_at (document, i)->slot;
}
