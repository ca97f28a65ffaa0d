/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/pubsub/mcache.h"

#define ASKERS_MAX 1024 /* that are remembered of one message; further ones count as too many */

struct ask {
  uint64_t asker;
  unsigned times;
};

struct kept {
  struct inos_pubsub_message *message; /* owned */
  uint64_t heartbeat;                  /* when it came */
  GArray *asks;                        /* (nullable): struct ask */
};

struct inos_mcache {
  GHashTable *by_id; /* struct kept, owned by `order` */
  GQueue order;      /* the oldest first */
  uint64_t heartbeat;
  size_t bytes;
};

struct inos_mcache *inos_mcache_new (void)
{
  struct inos_mcache *mcache = g_new0 (struct inos_mcache, 1);

  mcache->by_id = g_hash_table_new (inos_pubsub_message_id_hash, inos_pubsub_message_id_same);
  return mcache;
}

static void drop_oldest (struct inos_mcache *mcache)
{
  struct kept *kept = g_queue_pop_head (&mcache->order);

  mcache->bytes -= kept->message->view.raw_len;
  g_hash_table_remove (mcache->by_id, &kept->message->id);
  if (kept->asks)
    g_array_unref (kept->asks);
  inos_pubsub_message_unref (kept->message);
  g_free (kept);
}

void inos_mcache_free (struct inos_mcache *mcache)
{
  if (!mcache)
    return;
  while (mcache->order.length > 0)
    drop_oldest (mcache);
  g_hash_table_unref (mcache->by_id);
  g_free (mcache);
}

void inos_mcache_put (struct inos_mcache *mcache, struct inos_pubsub_message *message)
{
  if (g_hash_table_contains (mcache->by_id, &message->id))
    return;
  struct kept *kept = g_new0 (struct kept, 1);
  kept->message = inos_pubsub_message_ref (message);
  kept->heartbeat = mcache->heartbeat;
  mcache->bytes += message->view.raw_len;
  g_queue_push_tail (&mcache->order, kept);
  g_hash_table_insert (mcache->by_id, &message->id, kept);
  while (mcache->bytes > INOS_MCACHE_BYTES || mcache->order.length > INOS_MCACHE_MESSAGES)
    drop_oldest (mcache);
}

static unsigned count_ask (struct kept *kept, uint64_t asker)
{
  if (!kept->asks)
    kept->asks = g_array_new (FALSE, FALSE, sizeof (struct ask));
  for (unsigned i = 0; i < kept->asks->len; i++) {
    struct ask *ask = &g_array_index (kept->asks, struct ask, i);
    if (ask->asker == asker)
      return ++ask->times;
  }
  if (kept->asks->len >= ASKERS_MAX)
    return UINT_MAX;
  struct ask first = {.asker = asker, .times = 1};
  g_array_append_val (kept->asks, first);
  return 1;
}

struct inos_pubsub_message *inos_mcache_get (struct inos_mcache *mcache,
                                             const struct inos_pubsub_message_id *id,
                                             uint64_t asker, unsigned *times)
{
  struct kept *kept = g_hash_table_lookup (mcache->by_id, id);

  if (!kept)
    return NULL;
  *times = count_ask (kept, asker);
  return kept->message;
}

void inos_mcache_gossip (struct inos_mcache *mcache, const char *topic,
                         void (*each) (void *data, const struct inos_pubsub_message *message),
                         void *data)
{
  for (const GList *link = mcache->order.tail; link; link = link->prev) {
    const struct kept *kept = link->data;
    if (kept->heartbeat + INOS_MCACHE_GOSSIP <= mcache->heartbeat)
      return;
    if (g_str_equal (kept->message->topic, topic))
      each (data, kept->message);
  }
}

void inos_mcache_shift (struct inos_mcache *mcache)
{
  const struct kept *kept = g_queue_peek_head (&mcache->order);

  mcache->heartbeat++;
  for (; kept && kept->heartbeat + INOS_MCACHE_WINDOWS <= mcache->heartbeat;
       kept = g_queue_peek_head (&mcache->order))
    drop_oldest (mcache);
}

unsigned inos_mcache_count (const struct inos_mcache *mcache)
{
  return mcache->order.length;
}
