/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/pubsub/seen.h"

struct inos_seen {
  GHashTable *by_id; /* struct inos_seen_entry, owned by `order` */
  GQueue order;      /* the oldest first */
  inos_seen_dropped dropped;
  void *data;
};

static void entry_free (struct inos_seen_entry *entry)
{
  if (entry->senders)
    g_array_unref (entry->senders);
  g_free (entry);
}

struct inos_seen *inos_seen_new (inos_seen_dropped dropped, void *data)
{
  struct inos_seen *seen = g_new0 (struct inos_seen, 1);

  seen->dropped = dropped;
  seen->data = data;
  seen->by_id = g_hash_table_new (inos_pubsub_message_id_hash, inos_pubsub_message_id_same);
  return seen;
}

static void drop_oldest (struct inos_seen *seen)
{
  struct inos_seen_entry *entry = g_queue_pop_head (&seen->order);

  g_hash_table_remove (seen->by_id, &entry->id);
  seen->dropped (seen->data, &entry->id);
  entry_free (entry);
}

void inos_seen_free (struct inos_seen *seen)
{
  if (!seen)
    return;
  while (seen->order.length > 0)
    drop_oldest (seen);
  g_hash_table_unref (seen->by_id);
  g_free (seen);
}

struct inos_seen_entry *inos_seen_find (struct inos_seen *seen,
                                        const struct inos_pubsub_message_id *id)
{
  return g_hash_table_lookup (seen->by_id, id);
}

struct inos_seen_entry *inos_seen_add (struct inos_seen *seen,
                                       const struct inos_pubsub_message_id *id,
                                       const struct inos_peer_id *sender, uint64_t now)
{
  struct inos_seen_entry *entry = g_new0 (struct inos_seen_entry, 1);

  if (seen->order.length >= INOS_SEEN_MAX)
    drop_oldest (seen);
  entry->id = *id;
  entry->first = now;
  entry->sender = *sender;
  g_queue_push_tail (&seen->order, entry);
  g_hash_table_insert (seen->by_id, &entry->id, entry);
  return entry;
}

void inos_seen_add_sender (struct inos_seen_entry *entry, const struct inos_peer_id *sender)
{
  if (!entry->senders)
    entry->senders = g_array_new (FALSE, FALSE, sizeof (struct inos_peer_id));
  if (entry->senders->len >= INOS_SEEN_SENDERS)
    return;
  for (unsigned i = 0; i < entry->senders->len; i++)
    if (inos_peer_id_equal (&g_array_index (entry->senders, struct inos_peer_id, i), sender))
      return;
  g_array_append_val (entry->senders, *sender);
}

void inos_seen_expire (struct inos_seen *seen, uint64_t now)
{
  const struct inos_seen_entry *entry = g_queue_peek_head (&seen->order);

  for (; entry && entry->first + INOS_SEEN_TIME <= now; entry = g_queue_peek_head (&seen->order))
    drop_oldest (seen);
}

unsigned inos_seen_count (const struct inos_seen *seen)
{
  return seen->order.length;
}
