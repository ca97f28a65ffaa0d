/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/record_store.h"

#include <string.h>

struct inos_record_store {
  struct inos_kad_key self;
  struct inos_kad_keeper keeper;
  GHashTable *by_key; /* struct inos_kad_key in a record → its link in `order` */
  GQueue order;       /* struct inos_kad_record, owned: those received first first */
  size_t bytes;
};

/* The first bytes of a SHA-256: that many of them collide costs whoever wants it 2^32 for each. */
static unsigned hash (const void *key)
{
  unsigned value;

  memcpy (&value, key, sizeof value);
  return value;
}

static gboolean same (const void *a, const void *b)
{
  return memcmp (a, b, sizeof (struct inos_kad_key)) == 0;
}

struct inos_record_store *inos_record_store_new (const struct inos_kad_key *self,
                                                 const struct inos_kad_keeper *keeper)
{
  struct inos_record_store *store = g_new0 (struct inos_record_store, 1);

  store->self = *self;
  store->keeper = *keeper;
  store->by_key = g_hash_table_new (hash, same);
  return store;
}

static size_t size_of (const struct inos_kad_record *record)
{
  return g_bytes_get_size (record->key) + g_bytes_get_size (record->value);
}

static void remove_link (struct inos_record_store *store, GList *link)
{
  struct inos_kad_record *record = link->data;

  g_hash_table_remove (store->by_key, &record->at);
  g_queue_delete_link (&store->order, link);
  store->bytes -= size_of (record);
  g_bytes_unref (record->key);
  g_bytes_unref (record->value);
  g_free (record);
}

static void drop (struct inos_record_store *store, GList *link)
{
  if (store->keeper.drop)
    store->keeper.drop (store->keeper.data, link->data);
  remove_link (store, link);
}

void inos_record_store_free (struct inos_record_store *store)
{
  if (!store)
    return;
  while (store->order.head)
    remove_link (store, store->order.head);
  g_hash_table_unref (store->by_key);
  g_free (store);
}

static void drop_farthest (struct inos_record_store *store)
{
  GList *farthest = store->order.head;

  for (GList *link = farthest->next; link; link = link->next)
    if (inos_kad_nearer (&store->self, &((struct inos_kad_record *)link->data)->at,
                         &((struct inos_kad_record *)farthest->data)->at) > 0)
      farthest = link;
  drop (store, farthest);
}

static struct inos_kad_record *insert (struct inos_record_store *store,
                                       const struct inos_kad_record *record)
{
  struct inos_kad_record *copy = g_memdup2 (record, sizeof *record);
  GList *after = store->order.tail;

  /* Nearly always at the end, but for a clock that was set back and for what is loaded. */
  while (after && ((struct inos_kad_record *)after->data)->received > record->received)
    after = after->prev;
  g_queue_insert_after (&store->order, after, copy);
  g_hash_table_insert (store->by_key, &copy->at, after ? after->next : store->order.head);
  store->bytes += size_of (copy);
  return copy;
}

void inos_record_store_load (struct inos_record_store *store, const void *key, size_t key_len,
                             const void *value, size_t value_len, int64_t received)
{
  struct inos_kad_record record = {.at = inos_kad_key_of (key, key_len), .received = received};
  GList *old = g_hash_table_lookup (store->by_key, &record.at);

  if (old)
    remove_link (store, old);
  record.key = g_bytes_new (key, key_len);
  record.value = g_bytes_new (value, value_len);
  insert (store, &record);
  while (store->order.length > INOS_KAD_RECORDS_MAX || store->bytes > INOS_KAD_RECORDS_BYTES)
    drop_farthest (store);
}

void inos_record_store_put (struct inos_record_store *store, const void *key, size_t key_len,
                            const void *value, size_t value_len, int64_t received)
{
  struct inos_kad_key at = inos_kad_key_of (key, key_len);

  inos_record_store_load (store, key, key_len, value, value_len, received);
  const GList *link = g_hash_table_lookup (store->by_key, &at);
  if (link && store->keeper.keep)
    store->keeper.keep (store->keeper.data, link->data);
}

const struct inos_kad_record *inos_record_store_get (struct inos_record_store *store,
                                                     const void *key, size_t len, int64_t wall)
{
  struct inos_kad_key at = inos_kad_key_of (key, len);
  const GList *link = g_hash_table_lookup (store->by_key, &at);
  const struct inos_kad_record *record = link ? link->data : NULL;

  return record && record->received + INOS_KAD_RECORD_TIME > wall ? record : NULL;
}

void inos_record_store_each (const struct inos_record_store *store,
                             void (*each) (void *data, const struct inos_kad_record *record),
                             void *data)
{
  for (const GList *link = store->order.head; link; link = link->next)
    each (data, link->data);
}

void inos_record_store_expire (struct inos_record_store *store, int64_t wall)
{
  GList *oldest = store->order.head;

  for (;
       oldest && ((struct inos_kad_record *)oldest->data)->received + INOS_KAD_RECORD_TIME <= wall;
       oldest = store->order.head)
    drop (store, oldest);
}

unsigned inos_record_store_count (const struct inos_record_store *store)
{
  return store->order.length;
}
