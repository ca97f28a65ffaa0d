/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/identity/identity.h"
#include "node/mesh/state/document-private.h"

#include <string.h>

#define CONTEXT "inos-document-share:"

/* A slot that stands in a list, within its writer's share. */
struct line {
  struct inos_slot_id digest;
  size_t size;
};

static bool has_shares (const struct inos_document *document)
{
  return document->share.topic && document->share.n_members > 0;
}

/* How much */

static unsigned members_of (const struct inos_document *document)
{
  return document->share.n_members + 1;
}

/* One less than its part: the list itself is a slot. */
static unsigned lines_max (const struct inos_document *document)
{
  return MIN (INOS_DOCUMENT_SLOTS_MAX / members_of (document) - 1, INOS_SHARE_LINES_MAX);
}

static size_t bytes_max (const struct inos_document *document)
{
  return INOS_DOCUMENT_BYTES_MAX / members_of (document);
}

/* Whose */

static bool is_member (const struct inos_document *document, const struct inos_peer_id *id)
{
  if (inos_peer_id_equal (id, &document->setup.author.id))
    return true;
  for (unsigned i = 0; i < document->share.n_members; i++)
    if (inos_peer_id_equal (id, &document->share.members[i]))
      return true;
  return false;
}

/* Whether @slot is a member's list, as far as its key says; each has one key only. */
static bool read_owner (const struct inos_document *document, const struct inos_slot *slot,
                        struct inos_peer_id *owner)
{
  char text[INOS_PEER_TEXT_MAX], right[INOS_PEER_TEXT_MAX];

  if (slot->kind != INOS_SLOT_SHARE || !has_shares (document) || slot->key_len >= sizeof text ||
      memchr (slot->key, '\0', slot->key_len))
    return false;
  memcpy (text, slot->key, slot->key_len);
  text[slot->key_len] = '\0';
  if (!inos_peer_id_parse (owner, text) || !is_member (document, owner))
    return false;
  inos_peer_id_text (owner, right);
  return strcmp (text, right) == 0;
}

static bool is_own (const struct inos_document *document, const struct inos_slot *slot)
{
  struct inos_peer_id owner;

  return read_owner (document, slot, &owner) &&
         inos_peer_id_equal (&owner, &document->setup.author.id);
}

/* Signatures */

static void put_signed (const struct inos_document *document, const struct inos_slot *slot,
                        const void *lines, size_t len, struct inos_buffer *out)
{
  uint64_t stamp = GUINT64_TO_LE (slot->stamp);

  inos_buffer_append (out, CONTEXT, strlen (CONTEXT));
  inos_buffer_append (out, document->share.topic, strlen (document->share.topic) + 1);
  inos_buffer_append (out, slot->key, slot->key_len);
  inos_buffer_append (out, "", 1);
  inos_buffer_append (out, &stamp, sizeof stamp);
  if (len > 0)
    inos_buffer_append (out, lines, len);
}

static bool is_signed (const struct inos_document *document, const struct inos_slot *slot,
                       const struct inos_peer_id *owner)
{
  uint8_t key[INOS_PUBLIC_KEY_SIZE];
  struct inos_buffer whole = {0};

  if (slot->value_len < INOS_SHARE_SIGNATURE_SIZE || !inos_peer_id_key (owner, key))
    return false;
  size_t len = slot->value_len - INOS_SHARE_SIGNATURE_SIZE;
  put_signed (document, slot, slot->value, len, &whole);
  bool right = len % INOS_SHARE_LINE_SIZE == 0 &&
               inos_signature_is_right (key, inos_buffer_data (&whole), inos_buffer_len (&whole),
                                        slot->value + len);
  inos_buffer_clear (&whole);
  return right;
}

/* One that is not newer than ours is no news, and its signature costs nothing. */
bool inos_document_share_may_be (struct inos_document *document, const struct inos_slot *slot)
{
  struct inos_slot_id id = inos_slot_id (slot);
  struct inos_peer_id owner;
  unsigned i;

  if (!read_owner (document, slot, &owner))
    return false;
  if (inos_document_index (document, &id, &i) &&
      inos_document_entry_at (document, i)->slot.stamp >= slot->stamp)
    return false;
  return is_signed (document, slot, &owner);
}

/* Lists */

static size_t size_of (const struct inos_slot *slot)
{
  return slot->key_len + slot->element_len + slot->value_len;
}

static void put_line (struct inos_buffer *out, const struct inos_document_entry *entry)
{
  uint16_t size = GUINT16_TO_LE ((uint16_t)size_of (&entry->slot));

  G_STATIC_ASSERT (2 * INOS_SLOT_KEY_MAX + INOS_SLOT_VALUE_MAX <= UINT16_MAX);
  inos_buffer_append (out, entry->digest.bytes, sizeof entry->digest.bytes);
  inos_buffer_append (out, &size, sizeof size);
}

/* Those of @lines that have room in a share, of which the list itself takes @size. No slot has a
 * size of 0: such a line would cost its writer nothing. */
static void take_lines (const struct inos_document *document, const uint8_t *lines, size_t len,
                        size_t size, GArray *all)
{
  unsigned most = lines_max (document);

  for (size_t at = 0; at + INOS_SHARE_LINE_SIZE <= len && most > 0;
       at += INOS_SHARE_LINE_SIZE, most--) {
    struct line line;
    uint16_t little;
    memcpy (line.digest.bytes, lines + at, sizeof line.digest.bytes);
    memcpy (&little, lines + at + sizeof line.digest.bytes, sizeof little);
    line.size = GUINT16_FROM_LE (little);
    size += line.size;
    if (size > bytes_max (document))
      return;
    if (line.size > 0)
      g_array_append_val (all, line);
  }
}

static void take_list (const struct inos_document *document,
                       const struct inos_document_entry *entry, GArray *all)
{
  g_autofree uint8_t *raw = inos_document_raw (entry);
  size_t len = entry->slot.value_len;

  if (len > INOS_SHARE_SIGNATURE_SIZE)
    take_lines (document, raw ? raw : entry->slot.value, len - INOS_SHARE_SIGNATURE_SIZE,
                size_of (&entry->slot), all);
}

static int compare_lines (const void *a, const void *b)
{
  return memcmp (((const struct line *)a)->digest.bytes, ((const struct line *)b)->digest.bytes,
                 INOS_SLOT_HASH_SIZE);
}

static int compare_sized (const void *a, const void *b)
{
  const struct line *x = a, *y = b;
  int by_digest = compare_lines (a, b);

  return by_digest != 0 ? by_digest : (x->size < y->size) - (x->size > y->size);
}

/* By digest, each once, as large as any list says: whoever names what another wrote as smaller than
 * it is does not take it out of that one's share. */
static void sort_lines (GArray *lines)
{
  struct line *line = (void *)lines->data;
  unsigned n = 0;

  g_array_sort (lines, compare_sized);
  for (unsigned i = 0; i < lines->len; i++)
    if (n == 0 || compare_lines (&line[n - 1], &line[i]) != 0)
      line[n++] = line[i];
  g_array_set_size (lines, n);
}

/* Returns: (nullable): the line in @lines, which are sorted, that is about @entry. */
static const struct line *find_line (const GArray *lines, const struct inos_document_entry *entry)
{
  const struct line wanted = {.digest = entry->digest};

  return lines->len > 0 ? bsearch (&wanted, lines->data, lines->len, sizeof wanted, compare_lines)
                        : NULL;
}

/* What this replica wrote: as it knows, and as its last list says. That it was its actor is only
 * said. */
struct own {
  const struct inos_document *document;
  GArray *listed;                 /* struct line */
  const struct inos_slot *wanted; /* (nullable) */
  struct inos_buffer *out;
  unsigned n;
  size_t size;
  bool has_wanted; /* `wanted` is among them */
};

static void put_own (struct own *own, bool graves)
{
  const struct inos_document *document = own->document;

  for (unsigned i = 0; i < document->entries->len && own->n < lines_max (document); i++) {
    const struct inos_document_entry *entry = inos_document_entry_at (document, i);
    size_t size = size_of (&entry->slot) + INOS_SHARE_LINE_SIZE;
    if (entry->slot.kind == INOS_SLOT_SHARE || inos_slot_is_grave (&entry->slot) != graves ||
        (!entry->own && !find_line (own->listed, entry)))
      continue;
    if (own->size + size > bytes_max (document))
      continue; /* what has room comes after it: has_room() goes by that */
    own->size += size;
    own->n++;
    own->has_wanted |= &entry->slot == own->wanted;
    put_line (own->out, entry);
  }
}

/* By their ids, graves last: as much as the share has room for; and whether @wanted (nullable), a
 * slot of the document, is among them. */
static struct own collect_own (const struct inos_document *document, const struct inos_slot *wanted,
                               struct inos_buffer *out)
{
  g_autoptr (GArray) listed = g_array_new (FALSE, FALSE, sizeof (struct line));
  struct own own = {.document = document,
                    .listed = listed,
                    .wanted = wanted,
                    .out = out,
                    .size = strlen (document->share.key) + INOS_SHARE_SIGNATURE_SIZE};

  for (unsigned i = 0; i < document->entries->len; i++)
    if (is_own (document, &inos_document_entry_at (document, i)->slot))
      take_list (document, inos_document_entry_at (document, i), listed);
  sort_lines (listed);
  put_own (&own, false);
  put_own (&own, true);
  own.listed = NULL;
  return own;
}

/* All lines of all members, each once, sorted; ours as they are to be. */
static GArray *collect_all (const struct inos_document *document)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (struct line));
  struct inos_buffer out = {0};
  struct inos_peer_id owner;

  for (unsigned i = 0; i < document->entries->len; i++) {
    const struct inos_document_entry *entry = inos_document_entry_at (document, i);
    if (read_owner (document, &entry->slot, &owner) &&
        !inos_peer_id_equal (&owner, &document->setup.author.id))
      take_list (document, entry, all);
  }
  collect_own (document, NULL, &out);
  take_lines (document, inos_buffer_data (&out), inos_buffer_len (&out), 0, all);
  inos_buffer_clear (&out);
  sort_lines (all);
  return all;
}

/* Marks */

static bool is_listed (const struct inos_document *document,
                       const struct inos_document_entry *entry)
{
  const struct line *line = find_line (document->share.lines, entry);
  struct inos_peer_id owner;

  return (line && size_of (&entry->slot) <= line->size) ||
         read_owner (document, &entry->slot, &owner);
}

void inos_document_share_refresh (struct inos_document *document)
{
  if (!document->share.stale)
    return;
  document->share.stale = false;
  g_clear_pointer (&document->share.lines, g_array_unref);
  if (has_shares (document))
    document->share.lines = collect_all (document);
  for (unsigned i = 0; i < document->entries->len; i++) {
    struct inos_document_entry *entry = inos_document_entry_at (document, i);
    entry->listed = document->share.lines && is_listed (document, entry);
  }
}

/* Whether somebody else has it in a list may be known already; what this replica writes, or lists
 * that come or go, change what others are. */
void inos_document_share_touched (struct inos_document *document, struct inos_document_entry *entry,
                                  bool written)
{
  entry->own = written;
  if (!has_shares (document))
    return;
  if (written && entry->slot.kind != INOS_SLOT_SHARE)
    document->share.due = true;
  if (written || entry->slot.kind == INOS_SLOT_SHARE)
    document->share.stale = true;
  else if (!document->share.stale)
    entry->listed = is_listed (document, entry);
}

/* What it overwrites makes room for it, where that is in the share itself. */
bool inos_document_share_has_room (struct inos_document *document, const struct inos_slot *slot,
                                   const struct inos_slot *before)
{
  struct inos_buffer out = {0};

  if (!has_shares (document))
    return false;
  if (slot->kind == INOS_SLOT_SHARE)
    return true;
  struct own own = collect_own (document, before, &out);
  inos_buffer_clear (&out);
  if (own.has_wanted)
    return own.size - size_of (before) + size_of (slot) <= bytes_max (document);
  return own.n < lines_max (document) &&
         own.size + size_of (slot) + INOS_SHARE_LINE_SIZE <= bytes_max (document);
}

bool inos_document_share_is_listed (struct inos_document *document, unsigned i)
{
  inos_document_share_refresh (document);
  return inos_document_entry_at (document, i)->listed;
}

/* Members */

void inos_document_share_init (struct inos_document *document)
{
  const struct inos_document_author *author = &document->setup.author;

  if (!author->topic || document->setup.age > 0)
    return;
  document->share.topic = g_strdup (author->topic);
  inos_peer_id_text (&author->id, document->share.key);
}

void inos_document_share_finish (struct inos_document *document)
{
  g_free (document->share.topic);
  g_free (document->share.members);
  g_clear_pointer (&document->share.lines, g_array_unref);
}

void inos_document_set_members (struct inos_document *document, const struct inos_peer_id *members,
                                unsigned n)
{
  struct inos_document_shares *share = &document->share;

  g_assert (n <= INOS_DOCUMENT_MEMBERS_MAX);
  g_free (share->members);
  share->members = n > 0 ? g_memdup2 (members, n * sizeof *members) : NULL;
  share->n_members = n;
  share->stale = share->due = true;
}

/* Listing */

uint64_t inos_document_share_deadline (const struct inos_document *document)
{
  const struct inos_document_shares *share = &document->share;

  return !has_shares (document) || !share->due ? INOS_NEVER
         : share->listed_at > 0                ? share->listed_at + INOS_SHARE_EVERY
                                               : 0;
}

static bool is_as_before (const struct inos_document *document, const struct inos_slot *slot,
                          const struct inos_buffer *lines)
{
  struct inos_slot_id id = inos_slot_id (slot);
  unsigned i;

  if (!inos_document_index (document, &id, &i))
    return inos_buffer_len (lines) == 0;
  const struct inos_document_entry *entry = inos_document_entry_at (document, i);
  g_autofree uint8_t *raw = inos_document_raw (entry);
  return entry->slot.value_len == inos_buffer_len (lines) + INOS_SHARE_SIGNATURE_SIZE &&
         memcmp (raw ? raw : entry->slot.value, inos_buffer_data (lines),
                 inos_buffer_len (lines)) == 0;
}

static bool write_list (struct inos_document *document, struct inos_slot *slot,
                        struct inos_buffer *lines)
{
  const struct inos_document_author *author = &document->setup.author;
  uint8_t signature[INOS_SHARE_SIGNATURE_SIZE];
  struct inos_buffer whole = {0};

  slot->stamp = inos_document_stamp_for (document, slot);
  put_signed (document, slot, inos_buffer_data (lines), inos_buffer_len (lines), &whole);
  author->sign (author->data, inos_buffer_data (&whole), inos_buffer_len (&whole), signature);
  inos_buffer_clear (&whole);
  inos_buffer_append (lines, signature, sizeof signature);
  slot->value = inos_buffer_data (lines);
  slot->value_len = inos_buffer_len (lines);
  return inos_document_apply (document, slot, INOS_DOCUMENT_DUE) == INOS_DOCUMENT_TAKEN;
}

bool inos_document_list_share (struct inos_document *document)
{
  struct inos_slot slot = {.kind = INOS_SLOT_SHARE,
                           .key = document->share.key,
                           .key_len = strlen (document->share.key),
                           .actor = document->setup.actor};
  struct inos_buffer lines = {0};

  if (!has_shares (document))
    return false;
  document->share.due = false;
  document->share.listed_at = inos_env_now (document->setup.env);
  collect_own (document, NULL, &lines);
  bool listed = !is_as_before (document, &slot, &lines) && write_list (document, &slot, &lines);
  inos_buffer_clear (&lines);
  return listed;
}
