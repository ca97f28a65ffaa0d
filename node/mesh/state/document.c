/*
 * What a document stores, and how it merges.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/document-private.h"

#include <sodium.h>
#include <string.h>

static void entry_free (void *data)
{
  struct inos_document_entry *entry = data;

  g_free ((char *)entry->slot.key);
  g_free ((char *)entry->slot.element);
  g_free ((uint8_t *)entry->slot.value);
  g_free (entry);
}

struct inos_document *inos_document_new (const struct inos_document_setup *setup)
{
  struct inos_document *document = g_new0 (struct inos_document, 1);

  document->setup = *setup;
  document->entries = g_ptr_array_new_with_free_func (entry_free);
  document->actors = g_array_new (FALSE, FALSE, sizeof (struct inos_document_actor));
  document->late = g_array_new (FALSE, FALSE, sizeof (struct inos_document_late));
  inos_document_share_init (document);
  return document;
}

void inos_document_free (struct inos_document *document)
{
  if (!document)
    return;
  g_ptr_array_unref (document->entries);
  g_array_unref (document->actors);
  g_array_unref (document->late);
  inos_document_share_finish (document);
  g_free (document);
}

uint64_t inos_document_actor (const void *id, size_t len)
{
  uint8_t hash[crypto_hash_sha256_BYTES];
  uint64_t actor;

  crypto_hash_sha256 (hash, id, len);
  memcpy (&actor, hash, sizeof actor);
  return GUINT64_FROM_LE (actor);
}

/* Where things are */

static unsigned lower_bound (const struct inos_document *document, const struct inos_slot_id *id)
{
  unsigned low = 0, high = document->entries->len;

  while (low < high) {
    unsigned middle = low + (high - low) / 2;
    if (memcmp (inos_document_entry_at (document, middle)->id.bytes, id->bytes, sizeof id->bytes) <
        0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

bool inos_document_index (const struct inos_document *document, const struct inos_slot_id *id,
                          unsigned *i)
{
  *i = lower_bound (document, id);
  return *i < document->entries->len &&
         memcmp (inos_document_entry_at (document, *i)->id.bytes, id->bytes, sizeof id->bytes) == 0;
}

static unsigned actor_place (const struct inos_document *document, uint64_t actor, bool *there)
{
  const struct inos_document_actor *actors = (const void *)document->actors->data;
  unsigned low = 0, high = document->actors->len;

  while (low < high) {
    unsigned middle = low + (high - low) / 2;
    if (actors[middle].actor < actor)
      low = middle + 1;
    else
      high = middle;
  }
  *there = low < document->actors->len && actors[low].actor == actor;
  return low;
}

static bool has_room_for_actor (const struct inos_document *document, uint64_t actor)
{
  bool there;

  actor_place (document, actor, &there);
  return there || document->actors->len < INOS_DOCUMENT_ACTORS_MAX;
}

static void actor_came (struct inos_document *document, uint64_t actor)
{
  struct inos_document_actor new = {actor, 0};
  bool there;
  unsigned place = actor_place (document, actor, &there);

  if (!there)
    g_array_insert_val (document->actors, place, new);
  g_array_index (document->actors, struct inos_document_actor, place).slots++;
}

static void actor_went (struct inos_document *document, uint64_t actor)
{
  bool there;
  unsigned place = actor_place (document, actor, &there);

  if (--g_array_index (document->actors, struct inos_document_actor, place).slots == 0)
    g_array_remove_index (document->actors, place);
}

/* What is stored */

static size_t plain_size (const struct inos_slot *slot)
{
  return slot->key_len + slot->element_len + slot->value_len;
}

static void count_in (struct inos_document *document, const struct inos_document_entry *entry)
{
  size_t plain = plain_size (&entry->slot);

  document->plain += plain;
  document->bytes += plain - entry->slot.value_len + entry->stored_len;
  actor_came (document, entry->slot.actor);
}

static void count_out (struct inos_document *document, const struct inos_document_entry *entry)
{
  size_t plain = plain_size (&entry->slot);

  document->plain -= plain;
  document->bytes -= plain - entry->slot.value_len + entry->stored_len;
  actor_went (document, entry->slot.actor);
}

static bool is_over (const struct inos_document *document)
{
  return document->entries->len > INOS_DOCUMENT_SLOTS_MAX ||
         document->plain > INOS_DOCUMENT_BYTES_MAX ||
         document->actors->len > INOS_DOCUMENT_ACTORS_MAX;
}

/* Whether the one in place @a goes after the one in place @b: what is listed goes last, and then
 * what has the lower id. */
static bool outlasts (const struct inos_document *document, unsigned a, unsigned b)
{
  bool listed = inos_document_entry_at (document, a)->listed;

  return listed != inos_document_entry_at (document, b)->listed ? listed : a < b;
}

/* Whether there is room for the one in @place and those that outlast it. */
static bool is_among_first (const struct inos_document *document, unsigned place)
{
  size_t size = 0;
  unsigned n = 0;

  for (unsigned i = 0; i < document->entries->len; i++)
    if (i == place || outlasts (document, i, place)) {
      size += plain_size (&inos_document_entry_at (document, i)->slot);
      n++;
    }
  return n <= INOS_DOCUMENT_SLOTS_MAX && size <= INOS_DOCUMENT_BYTES_MAX;
}

static unsigned first_to_go (const struct inos_document *document)
{
  unsigned last = document->entries->len - 1;

  for (unsigned i = document->entries->len; i > 0; i--)
    if (!inos_document_entry_at (document, i - 1)->listed)
      return i - 1;
  return last;
}

/* The last ones go until there is room; the one in @place, which is new, if it has none before
 * them. What stays does not depend on what came first, so that all keep the same. Returns: whether
 * it stays. */
static bool make_room (struct inos_document *document, unsigned place)
{
  if (!is_over (document))
    return true;
  inos_document_share_refresh (document);
  if (!is_among_first (document, place)) {
    inos_document_remove_at (document, place);
    return false;
  }
  const struct inos_document_entry *entry = inos_document_entry_at (document, place);
  while (is_over (document)) {
    unsigned i = first_to_go (document);
    bool itself = inos_document_entry_at (document, i) == entry;
    inos_document_remove_at (document, i);
    if (itself)
      return false;
  }
  return true;
}

/* Whether @slot, in place of @before (nullable), has room beside all that is there. What is written
 * here is refused where it has not: nothing of others goes for it, but within this replica's share.
 */
static bool has_room (struct inos_document *document, const struct inos_slot *slot,
                      const struct inos_slot *before)
{
  return (document->entries->len + !before <= INOS_DOCUMENT_SLOTS_MAX &&
          document->plain + plain_size (slot) - (before ? plain_size (before) : 0) <=
            INOS_DOCUMENT_BYTES_MAX &&
          has_room_for_actor (document, slot->actor)) ||
         inos_document_share_has_room (document, slot, before);
}

static char *copy_name (const char *name, size_t len)
{
  return len > 0 ? g_strndup (name, len) : NULL;
}

static void touch (struct inos_document *document, struct inos_document_entry *entry,
                   enum inos_document_due due)
{
  entry->used = inos_env_now (document->setup.env);
  entry->since = inos_document_stamp (document);
  entry->denied = 0;
  entry->insisted = false;
  entry->due = due;
  entry->digest = inos_slot_digest (&entry->slot, &entry->id);
  inos_document_share_touched (document, entry, due != INOS_DOCUMENT_TOLD);
}

static void store_value (struct inos_document_entry *entry, const uint8_t *value, size_t len)
{
  entry->slot.value = len > 0 ? g_memdup2 (value, len) : NULL;
  entry->slot.value_len = len;
  entry->stored_len = len;
  entry->packed = false;
}

static enum inos_document_taken insert (struct inos_document *document,
                                        const struct inos_slot *slot, const struct inos_slot_id *id,
                                        unsigned place, enum inos_document_due due)
{
  if (due != INOS_DOCUMENT_TOLD && !has_room (document, slot, NULL))
    return INOS_DOCUMENT_FULL;
  struct inos_document_entry *entry = g_new0 (struct inos_document_entry, 1);
  entry->slot = *slot;
  entry->slot.key = copy_name (slot->key, slot->key_len);
  entry->slot.element = copy_name (slot->element, slot->element_len);
  entry->id = *id;
  store_value (entry, slot->value, slot->value_len);
  touch (document, entry, due);
  g_ptr_array_insert (document->entries, (gint)place, entry);
  count_in (document, entry);
  return make_room (document, place) ? INOS_DOCUMENT_TAKEN : INOS_DOCUMENT_FULL;
}

/* The value and its actor may have become the other's. */
static enum inos_document_taken join (struct inos_document *document, unsigned place,
                                      const struct inos_slot *slot, enum inos_document_due due)
{
  struct inos_document_entry *entry = inos_document_entry_at (document, place);
  g_autofree uint8_t *raw = inos_document_raw (entry);
  struct inos_slot merged = entry->slot;

  if (raw)
    merged.value = raw;
  if (!inos_slot_merge (&merged, slot))
    return INOS_DOCUMENT_KNOWN;
  if (due != INOS_DOCUMENT_TOLD && !has_room (document, &merged, &entry->slot))
    return INOS_DOCUMENT_FULL;
  count_out (document, entry);
  uint8_t *before = (uint8_t *)entry->slot.value;
  entry->slot = merged;
  entry->slot.value = before;
  if (inos_slot_has_value (slot)) {
    store_value (entry, slot->value, slot->value_len);
    g_free (before);
  }
  count_in (document, entry);
  touch (document, entry, due);
  return make_room (document, place) ? INOS_DOCUMENT_TAKEN : INOS_DOCUMENT_FULL;
}

void inos_document_remove_at (struct inos_document *document, unsigned i)
{
  count_out (document, inos_document_entry_at (document, i));
  document->share.stale |= inos_document_entry_at (document, i)->slot.kind == INOS_SLOT_SHARE;
  g_ptr_array_remove_index (document->entries, i);
}

static bool is_too_old (const struct inos_document *document, uint64_t stamp)
{
  int64_t age = document->setup.age;

  return age > 0 && stamp < inos_stamp_of (inos_env_wall (document->setup.env) - age);
}

enum inos_document_taken inos_document_apply (struct inos_document *document,
                                              const struct inos_slot *slot,
                                              enum inos_document_due due)
{
  struct inos_slot_id id = inos_slot_id (slot);
  unsigned place;

  if (inos_document_index (document, &id, &place))
    return join (document, place, slot, due);
  if (slot->stamp <= document->floor)
    return INOS_DOCUMENT_OLD;
  return insert (document, slot, &id, place, due);
}

enum inos_document_taken inos_document_insist (struct inos_document *document,
                                               const struct inos_slot *slot)
{
  struct inos_slot_id id = inos_slot_id (slot);
  unsigned place;

  inos_document_index (document, &id, &place);
  enum inos_document_taken taken = insert (document, slot, &id, place, INOS_DOCUMENT_TOLD);
  if (taken == INOS_DOCUMENT_TAKEN)
    inos_document_entry_at (document, place)->insisted = true;
  return taken;
}

enum inos_document_taken inos_document_merge (struct inos_document *document,
                                              const struct inos_slot *slot)
{
  if (is_too_old (document, slot->stamp))
    return INOS_DOCUMENT_OLD;
  if (document->setup.judge && !document->setup.judge (document->setup.data, slot))
    return INOS_DOCUMENT_DENIED;
  if (slot->kind == INOS_SLOT_SHARE && !inos_document_share_may_be (document, slot))
    return INOS_DOCUMENT_DENIED;
  if (!inos_stamp_see (&document->clock, document->setup.env, slot->stamp))
    return INOS_DOCUMENT_AHEAD;
  return inos_document_apply (document, slot, INOS_DOCUMENT_TOLD);
}

/* Writing */

static bool write_at (struct inos_document *document, struct inos_slot *slot, uint64_t stamp)
{
  slot->stamp = stamp;
  if (slot->kind == INOS_SLOT_ELEMENT && slot->added == 0)
    slot->added = slot->stamp;
  return inos_slot_is_sound (slot) &&
         inos_document_apply (document, slot, INOS_DOCUMENT_WRITTEN) == INOS_DOCUMENT_TAKEN;
}

/* Above what is there: who wrote that may have a clock before ours. */
uint64_t inos_document_stamp_for (struct inos_document *document, const struct inos_slot *slot)
{
  uint64_t stamp = inos_document_stamp (document);
  struct inos_slot_id id = inos_slot_id (slot);
  unsigned place;

  if (inos_document_index (document, &id, &place))
    stamp = MAX (stamp, inos_document_entry_at (document, place)->slot.stamp + 1);
  return stamp;
}

static bool write_slot (struct inos_document *document, struct inos_slot *slot)
{
  return write_at (document, slot, inos_document_stamp_for (document, slot));
}

static struct inos_slot slot_of (const struct inos_document *document, enum inos_slot_kind kind,
                                 const char *key)
{
  return (struct inos_slot){
    .kind = kind, .key = key, .key_len = strlen (key), .actor = document->setup.actor};
}

bool inos_document_put (struct inos_document *document, const char *key, const void *value,
                        size_t len)
{
  struct inos_slot slot = slot_of (document, INOS_SLOT_VALUE, key);

  slot.value = value;
  slot.value_len = len;
  return write_slot (document, &slot);
}

bool inos_document_put_at (struct inos_document *document, const char *key, const void *value,
                           size_t len, uint64_t stamp)
{
  struct inos_slot slot = slot_of (document, INOS_SLOT_VALUE, key);

  slot.value = value;
  slot.value_len = len;
  return write_at (document, &slot, stamp);
}

static struct inos_document_entry *find_value (const struct inos_document *document,
                                               const char *key)
{
  struct inos_slot slot = slot_of (document, INOS_SLOT_VALUE, key);
  struct inos_slot_id id = inos_slot_id (&slot);
  unsigned place;

  return inos_document_index (document, &id, &place) ? inos_document_entry_at (document, place)
                                                     : NULL;
}

bool inos_document_remove (struct inos_document *document, const char *key)
{
  const struct inos_document_entry *entry = find_value (document, key);
  struct inos_slot slot = slot_of (document, INOS_SLOT_VALUE, key);

  slot.gone = true;
  return entry && !entry->slot.gone && write_slot (document, &slot);
}

GBytes *inos_document_get (struct inos_document *document, const char *key)
{
  struct inos_document_entry *entry = find_value (document, key);

  if (!entry || entry->slot.gone)
    return NULL;
  entry->used = inos_env_now (document->setup.env);
  uint8_t *raw = inos_document_raw (entry);
  return raw ? g_bytes_new_take (raw, entry->slot.value_len)
             : g_bytes_new (entry->slot.value, entry->slot.value_len);
}

bool inos_document_add (struct inos_document *document, const char *set, const char *element)
{
  struct inos_slot slot = slot_of (document, INOS_SLOT_ELEMENT, set);

  slot.element = element;
  slot.element_len = strlen (element);
  return write_slot (document, &slot);
}

static bool is_of (const struct inos_document_entry *entry, enum inos_slot_kind kind,
                   const char *key, size_t len)
{
  return entry->slot.kind == kind && entry->slot.key_len == len &&
         memcmp (entry->slot.key, key, len) == 0;
}

/* Returns: (nullable): the next slot of @element in @set from *@at on, which is not a grave. */
static struct inos_document_entry *next_element (const struct inos_document *document,
                                                 const char *set, const char *element, unsigned *at)
{
  size_t len = strlen (set), element_len = element ? strlen (element) : 0;

  while (*at < document->entries->len) {
    struct inos_document_entry *entry = inos_document_entry_at (document, (*at)++);
    if (is_of (entry, INOS_SLOT_ELEMENT, set, len) && !inos_slot_is_grave (&entry->slot) &&
        (!element || (entry->slot.element_len == element_len &&
                      memcmp (entry->slot.element, element, element_len) == 0)))
      return entry;
  }
  return NULL;
}

bool inos_document_take (struct inos_document *document, const char *set, const char *element)
{
  struct inos_document_entry *entry;
  unsigned at = 0;
  bool any = false;

  while ((entry = next_element (document, set, element, &at)) != NULL) {
    struct inos_slot slot = entry->slot;
    slot.removed = slot.added;
    any |= write_slot (document, &slot);
  }
  return any;
}

bool inos_document_has (const struct inos_document *document, const char *set, const char *element)
{
  unsigned at = 0;

  return next_element (document, set, element, &at) != NULL;
}

static int compare_names (const void *a, const void *b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

/* By bytes, each once. */
static GPtrArray *sort_names (GPtrArray *names)
{
  g_ptr_array_sort (names, compare_names);
  for (unsigned i = names->len; i > 1; i--)
    if (strcmp (names->pdata[i - 1], names->pdata[i - 2]) == 0)
      g_ptr_array_remove_index (names, i - 1);
  return names;
}

GPtrArray *inos_document_elements (const struct inos_document *document, const char *set)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const struct inos_document_entry *entry;
  unsigned at = 0;

  while ((entry = next_element (document, set, NULL, &at)) != NULL)
    g_ptr_array_add (names, g_strndup (entry->slot.element, entry->slot.element_len));
  return sort_names (names);
}

GPtrArray *inos_document_keys (const struct inos_document *document)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (unsigned i = 0; i < document->entries->len; i++) {
    const struct inos_slot *slot = &inos_document_entry_at (document, i)->slot;
    if (slot->kind == INOS_SLOT_VALUE && !slot->gone)
      g_ptr_array_add (names, g_strndup (slot->key, slot->key_len));
  }
  return sort_names (names);
}

bool inos_document_count (struct inos_document *document, const char *counter, int64_t by)
{
  struct inos_slot slot = slot_of (document, INOS_SLOT_COUNT, counter);
  struct inos_slot_id id = inos_slot_id (&slot);
  unsigned place;

  if (inos_document_index (document, &id, &place)) {
    const struct inos_slot *before = &inos_document_entry_at (document, place)->slot;
    slot.plus = before->plus;
    slot.minus = before->minus;
  }
  if (by >= 0)
    slot.plus += (uint64_t)by;
  else
    slot.minus += -(uint64_t)by;
  return write_slot (document, &slot);
}

int64_t inos_document_total (const struct inos_document *document, const char *counter)
{
  size_t len = strlen (counter);
  __int128 total = 0;

  for (unsigned i = 0; i < document->entries->len; i++) {
    const struct inos_document_entry *entry = inos_document_entry_at (document, i);
    if (is_of (entry, INOS_SLOT_COUNT, counter, len))
      total += (__int128)entry->slot.plus - entry->slot.minus;
  }
  return (int64_t)CLAMP (total, INT64_MIN, INT64_MAX);
}
