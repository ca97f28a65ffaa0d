/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/table.h"

#include <string.h>

/* Those that were heard of longest ago first, both. */
struct bucket {
  GArray *entries, *waiting; /* struct inos_kad_entry */
};

struct inos_kad_table {
  struct inos_kad_key self;
  struct bucket *buckets[INOS_KAD_BITS]; /* (nullable); by the number of bits shared */
  unsigned count;
};

struct inos_kad_table *inos_kad_table_new (const struct inos_kad_key *self)
{
  struct inos_kad_table *table = g_new0 (struct inos_kad_table, 1);

  table->self = *self;
  return table;
}

void inos_kad_table_free (struct inos_kad_table *table)
{
  if (!table)
    return;
  for (unsigned i = 0; i < INOS_KAD_BITS; i++)
    if (table->buckets[i]) {
      g_array_unref (table->buckets[i]->entries);
      g_array_unref (table->buckets[i]->waiting);
      g_free (table->buckets[i]);
    }
  g_free (table);
}

static struct inos_kad_entry *at (const GArray *entries, unsigned i)
{
  return &g_array_index (entries, struct inos_kad_entry, i);
}

static int find_in (const GArray *entries, const struct inos_peer_id *peer)
{
  for (unsigned i = 0; i < entries->len; i++)
    if (inos_peer_id_equal (&at (entries, i)->peer, peer))
      return (int)i;
  return -1;
}

static struct bucket *bucket_of (struct inos_kad_table *table, const struct inos_kad_key *key,
                                 bool make)
{
  unsigned shared = inos_kad_shared (&table->self, key);

  if (shared == INOS_KAD_BITS)
    return NULL;
  if (!table->buckets[shared] && make) {
    struct bucket *bucket = g_new0 (struct bucket, 1);
    bucket->entries = g_array_new (FALSE, FALSE, sizeof (struct inos_kad_entry));
    bucket->waiting = g_array_new (FALSE, FALSE, sizeof (struct inos_kad_entry));
    table->buckets[shared] = bucket;
  }
  return table->buckets[shared];
}

static unsigned count_group (const struct bucket *bucket, const struct inos_kad_group *group)
{
  unsigned count = 0;

  for (unsigned i = 0; i < bucket->entries->len; i++) {
    const struct inos_kad_group *other = &at (bucket->entries, i)->group;
    count += other->len == group->len && memcmp (other->bytes, group->bytes, group->len) == 0;
  }
  return count;
}

static bool has_room_for_group (const struct inos_kad_table *table, const struct bucket *bucket,
                                const struct inos_kad_group *group)
{
  unsigned count = 0;

  if (group->len == 0)
    return true;
  if (count_group (bucket, group) >= INOS_KAD_GROUP_IN_BUCKET)
    return false;
  for (unsigned i = 0; i < INOS_KAD_BITS; i++)
    if (table->buckets[i])
      count += count_group (table->buckets[i], group);
  return count < INOS_KAD_GROUP_IN_TABLE;
}

/* Moves an entry to the end, since it was heard of now. */
static void refresh (GArray *entries, int place, uint64_t now)
{
  struct inos_kad_entry entry = *at (entries, (unsigned)place);

  entry.heard = now;
  entry.checking = false;
  g_array_remove_index (entries, (unsigned)place);
  g_array_append_val (entries, entry);
}

static void wait_for_place (struct bucket *bucket, const struct inos_kad_entry *entry)
{
  int place = find_in (bucket->waiting, &entry->peer);

  if (place >= 0)
    g_array_remove_index (bucket->waiting, (unsigned)place);
  else if (bucket->waiting->len >= INOS_KAD_K)
    g_array_remove_index (bucket->waiting, 0);
  g_array_append_val (bucket->waiting, *entry);
}

struct inos_kad_entry *inos_kad_table_add (struct inos_kad_table *table,
                                           const struct inos_peer_id *peer,
                                           const struct inos_kad_group *group, uint64_t now)
{
  struct inos_kad_entry entry = {
    .peer = *peer,
    .key = inos_kad_key_of_peer (peer),
    .group = *group,
    .heard = now,
  };
  struct bucket *bucket = bucket_of (table, &entry.key, true);

  if (!bucket)
    return NULL;
  int place = find_in (bucket->entries, peer);
  if (place >= 0) {
    refresh (bucket->entries, place, now);
    return NULL;
  }
  if (!has_room_for_group (table, bucket, group))
    return NULL;
  if (bucket->entries->len < INOS_KAD_K) {
    g_array_append_val (bucket->entries, entry);
    table->count++;
    return NULL;
  }
  wait_for_place (bucket, &entry);
  struct inos_kad_entry *quietest = at (bucket->entries, 0);
  return quietest->checking ? NULL : quietest;
}

void inos_kad_table_remove (struct inos_kad_table *table, const struct inos_peer_id *peer)
{
  struct inos_kad_key key = inos_kad_key_of_peer (peer);
  struct bucket *bucket = bucket_of (table, &key, false);

  if (!bucket)
    return;
  int place = find_in (bucket->waiting, peer);
  if (place >= 0)
    g_array_remove_index (bucket->waiting, (unsigned)place);
  place = find_in (bucket->entries, peer);
  if (place < 0)
    return;
  g_array_remove_index (bucket->entries, (unsigned)place);
  table->count--;
  for (unsigned i = bucket->waiting->len; i > 0; i--) {
    struct inos_kad_entry entry = *at (bucket->waiting, i - 1);
    if (!has_room_for_group (table, bucket, &entry.group))
      continue;
    g_array_remove_index (bucket->waiting, i - 1);
    g_array_append_val (bucket->entries, entry);
    table->count++;
    return;
  }
}

struct inos_kad_entry *inos_kad_table_find (struct inos_kad_table *table,
                                            const struct inos_peer_id *peer)
{
  struct inos_kad_key key = inos_kad_key_of_peer (peer);
  const struct bucket *bucket = bucket_of (table, &key, false);
  int place = bucket ? find_in (bucket->entries, peer) : -1;

  return place >= 0 ? at (bucket->entries, (unsigned)place) : NULL;
}

static int compare (const void *a, const void *b, void *target)
{
  return inos_kad_nearer (target, &((const struct inos_kad_entry *)a)->key,
                          &((const struct inos_kad_entry *)b)->key);
}

static void take (GArray *found, const struct bucket *bucket)
{
  if (bucket)
    g_array_append_vals (found, bucket->entries->data, bucket->entries->len);
}

unsigned inos_kad_table_nearest (const struct inos_kad_table *table,
                                 const struct inos_kad_key *target, struct inos_kad_entry *out,
                                 unsigned max)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (struct inos_kad_entry));
  unsigned shared = inos_kad_shared (&table->self, target);

  /* With s the bits that self and the target share: those of bucket s share more than s with the
   * target; those of later buckets just s; those of an earlier one, e, just e. */
  if (shared < INOS_KAD_BITS)
    take (found, table->buckets[shared]);
  bool all_later = found->len < max; /* or none, since any of them may be the nearest */
  for (unsigned i = shared + 1; all_later && i < INOS_KAD_BITS; i++)
    take (found, table->buckets[i]);
  for (unsigned i = shared; i > 0 && found->len < max; i--)
    take (found, table->buckets[i - 1]);
  g_array_sort_with_data (found, compare, (void *)target);
  unsigned count = MIN (found->len, max);
  if (count > 0)
    memcpy (out, found->data, count * sizeof *out);
  return count;
}

unsigned inos_kad_table_count (const struct inos_kad_table *table)
{
  return table->count;
}

unsigned inos_kad_table_in_bucket (const struct inos_kad_table *table, unsigned shared,
                                   unsigned *waiting)
{
  const struct bucket *bucket = table->buckets[shared];

  if (waiting)
    *waiting = bucket ? bucket->waiting->len : 0;
  return bucket ? bucket->entries->len : 0;
}

unsigned inos_kad_table_depth (const struct inos_kad_table *table)
{
  for (unsigned i = INOS_KAD_BITS; i > 0; i--)
    if (table->buckets[i - 1] && table->buckets[i - 1]->entries->len > 0)
      return i;
  return 0;
}
