/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/pubsub/replay.h"

#include <string.h>

#define NS_PER_MS G_GUINT64_CONSTANT (1000000)
#define EARLIEST (G_GUINT64_CONSTANT (1577836800) * 1000 * NS_PER_MS) /* 2020-01-01 */
#define AHEAD (G_GUINT64_CONSTANT (86400) * 1000 * NS_PER_MS) /* clocks may differ by a day */

struct author {
  struct inos_peer_id id;
  bool untimed;
  uint64_t heard;
  uint64_t floor; /* the highest number that has left the cache */
  GList link;     /* in inos_replay.order */
};

struct inos_replay {
  GHashTable *authors; /* struct author, owned */
  GQueue order;        /* of the same, the quietest first */
};

struct inos_replay *inos_replay_new (void)
{
  struct inos_replay *replay = g_new0 (struct inos_replay, 1);

  replay->authors = g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, NULL, g_free);
  return replay;
}

void inos_replay_free (struct inos_replay *replay)
{
  if (!replay)
    return;
  g_hash_table_unref (replay->authors);
  g_free (replay);
}

static void forget (struct inos_replay *replay, struct author *author)
{
  g_queue_unlink (&replay->order, &author->link);
  g_hash_table_remove (replay->authors, &author->id);
}

static struct author *find (struct inos_replay *replay, const struct inos_peer_id *id, uint64_t now)
{
  struct author *author = g_queue_peek_head (&replay->order);

  while (author &&
         (author->heard + INOS_REPLAY_TIME < now || replay->order.length > INOS_REPLAY_AUTHORS)) {
    forget (replay, author);
    author = g_queue_peek_head (&replay->order);
  }
  author = g_hash_table_lookup (replay->authors, id);
  if (author) {
    g_queue_unlink (&replay->order, &author->link);
  } else {
    author = g_new0 (struct author, 1);
    *author = (struct author){.id = *id, .link.data = author};
    g_hash_table_insert (replay->authors, &author->id, author);
  }
  g_queue_push_tail_link (&replay->order, &author->link);
  author->heard = now;
  return author;
}

bool inos_replay_check (struct inos_replay *replay, const struct inos_peer_id *author_id,
                        uint64_t seqno, int64_t wall, uint64_t now)
{
  struct author *author = find (replay, author_id, now);
  uint64_t latest = (uint64_t)MAX (wall, 0) * NS_PER_MS + AHEAD;

  if (seqno < EARLIEST || seqno > latest)
    author->untimed = true;
  return !author->untimed && seqno <= author->floor;
}

void inos_replay_forgotten (struct inos_replay *replay, const struct inos_pubsub_message_id *id)
{
  struct inos_peer_id from = {.len = (uint8_t)(id->len - INOS_PUBSUB_MESSAGE_SEQNO_SIZE)};
  uint64_t seqno = 0;

  memcpy (from.bytes, id->bytes, from.len);
  for (unsigned i = from.len; i < id->len; i++)
    seqno = seqno << 8 | id->bytes[i];
  struct author *author = g_hash_table_lookup (replay->authors, &from);
  if (author)
    author->floor = MAX (author->floor, seqno);
}
