/*
 * What goes out, what comes in, and when; see sync_round.c for how replicas compare.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/sync-private.h"

#include <string.h>

#define PACK_EVERY UINT64_C (5000000000) /* ns */
#define BUSY_EVERY 4u                    /* times as long between rounds */

static uint64_t now_of (const struct inos_sync *sync)
{
  return inos_env_now (sync->setup.env);
}

static uint64_t every (const struct inos_sync *sync)
{
  uint64_t time = sync->setup.every > 0 ? sync->setup.every : INOS_SYNC_EVERY;

  return sync->processor > INOS_SYNC_BUSY ? time * BUSY_EVERY : time;
}

/* Half to three halves, so that replicas do not ask in step. */
static uint64_t next_round (struct inos_sync *sync)
{
  uint64_t time = every (sync);

  return now_of (sync) + time / 2 + inos_env_below (sync->setup.env, 1024) * (time / 1024);
}

struct inos_sync *inos_sync_new (const struct inos_sync_setup *setup)
{
  struct inos_sync *sync = g_new0 (struct inos_sync, 1);

  sync->setup = *setup;
  g_strlcpy (sync->topic, setup->topic, sizeof sync->topic);
  sync->round.gives = g_array_new (FALSE, FALSE, sizeof (struct inos_slot_id));
  sync->round.wants = g_array_new (FALSE, FALSE, sizeof (struct inos_slot_id));
  sync->round_at = next_round (sync);
  sync->due_at = INOS_NEVER;
  g_queue_init (&sync->waiting);
  return sync;
}

static void waiting_free (void *data)
{
  struct inos_sync_waiting *waiting = data;

  g_bytes_unref (waiting->bytes);
  g_free (waiting);
}

void inos_sync_free (struct inos_sync *sync)
{
  if (!sync)
    return;
  g_queue_clear_full (&sync->waiting, waiting_free);
  g_array_unref (sync->round.gives);
  g_array_unref (sync->round.wants);
  g_free (sync);
}

/* Peers */

struct inos_sync_peer *inos_sync_find (struct inos_sync *sync, const struct inos_peer_id *id)
{
  for (unsigned i = 0; i < sync->n_peers; i++)
    if (inos_peer_id_equal (&sync->peers[i].id, id))
      return &sync->peers[i];
  return NULL;
}

static struct inos_sync_peer *get_peer (struct inos_sync *sync, const struct inos_peer_id *id)
{
  struct inos_sync_peer *peer = inos_sync_find (sync, id);

  if (peer || sync->n_peers == INOS_SYNC_PEERS_MAX)
    return peer;
  peer = &sync->peers[sync->n_peers++];
  *peer = (struct inos_sync_peer){.id = *id, .tokens = INOS_SYNC_BURST, .tokens_at = now_of (sync)};
  return peer;
}

static void tidy_peers (struct inos_sync *sync)
{
  for (unsigned i = sync->n_peers; i > 0; i--) {
    struct inos_sync_peer *peer = &sync->peers[i - 1];
    if (!peer->there && !peer->member)
      memmove (peer, peer + 1, (size_t)(&sync->peers[sync->n_peers--] - peer - 1) * sizeof *peer);
  }
}

/* Its bit is not another's, who may have had it. */
static void renumber (struct inos_sync *sync, struct inos_sync_peer *peer, unsigned number)
{
  G_STATIC_ASSERT (INOS_SYNC_MEMBERS_MAX <= INOS_DOCUMENT_MEMBERS_MAX);
  peer->number = number;
  inos_document_grant (sync->setup.document, NULL, number);
}

bool inos_sync_set_members (struct inos_sync *sync, const struct inos_peer_id *members, unsigned n)
{
  unsigned more = 0;

  for (unsigned i = 0; i < n; i++)
    more += !inos_sync_find (sync, &members[i]);
  if (n > INOS_SYNC_MEMBERS_MAX || sync->n_peers + more > INOS_SYNC_PEERS_MAX)
    return false;
  for (unsigned i = 0; i < sync->n_peers; i++)
    sync->peers[i].member = false;
  sync->n_members = 0;
  for (unsigned i = 0; i < n; i++) {
    struct inos_sync_peer *peer = get_peer (sync, &members[i]);
    if (!peer->member)
      renumber (sync, peer, sync->n_members++);
    peer->member = true;
  }
  tidy_peers (sync);
  inos_document_set_members (sync->setup.document, members, n);
  return true;
}

bool inos_sync_add_peer (struct inos_sync *sync, const struct inos_peer_id *id)
{
  struct inos_sync_peer *peer = get_peer (sync, id);

  if (!peer)
    return false;
  uint64_t soon = now_of (sync) + INOS_SYNC_SOON;
  sync->round_at = sync->n_there == 0 ? soon : MIN (sync->round_at, soon);
  sync->n_there += !peer->there;
  peer->there = peer->fresh = true;
  return true;
}

void inos_sync_remove_peer (struct inos_sync *sync, const struct inos_peer_id *id)
{
  struct inos_sync_peer *peer = inos_sync_find (sync, id);

  if (!peer)
    return;
  sync->n_there -= peer->there;
  peer->there = false;
  if (sync->round.busy && inos_peer_id_equal (&sync->round.peer, id))
    inos_sync_round_end (sync);
  tidy_peers (sync);
}

unsigned inos_sync_peers (const struct inos_sync *sync)
{
  return sync->n_there;
}

/* Where all members are, nobody goes back to. */
void inos_sync_matched (struct inos_sync *sync, struct inos_sync_peer *peer, uint64_t stamp)
{
  uint64_t floor = UINT64_MAX;

  peer->matched = MAX (peer->matched, stamp);
  for (unsigned i = 0; i < sync->n_peers; i++)
    if (sync->peers[i].member)
      floor = MIN (floor, sync->peers[i].matched);
  if (sync->n_members > 0)
    inos_document_settle (sync->setup.document, floor);
}

/* Out */

static void publish (struct inos_sync *sync, enum inos_document_due least)
{
  bool critical = least == INOS_DOCUMENT_CRITICAL;
  struct inos_delta_writer writer = {0};

  while (inos_document_take_due (sync->setup.document, least, &writer) > 0) {
    struct inos_buffer delta = {0};
    inos_delta_finish (&writer, critical, &delta);
    sync->stats.published++;
    sync->setup.events->publish (sync->setup.data, inos_buffer_data (&delta),
                                 inos_buffer_len (&delta));
    inos_buffer_clear (&delta);
  }
  inos_delta_writer_clear (&writer);
}

static void defer (struct inos_sync *sync)
{
  if (sync->due_at == INOS_NEVER)
    sync->due_at = now_of (sync) + INOS_SYNC_DEFER_MAX;
}

/* What this replica wrote, again in short: see document_share.h. */
static void list_share (struct inos_sync *sync)
{
  if (now_of (sync) >= inos_document_share_deadline (sync->setup.document))
    inos_document_list_share (sync->setup.document);
}

void inos_sync_tell (struct inos_sync *sync, bool critical)
{
  list_share (sync);
  inos_document_tell (sync->setup.document, critical);
  if (critical)
    publish (sync, INOS_DOCUMENT_CRITICAL);
  else if (sync->processor > INOS_SYNC_BUSY)
    defer (sync);
  else
    publish (sync, INOS_DOCUMENT_DUE);
}

/* In */

static bool merge_slots (struct inos_sync *sync, struct inos_delta delta, bool compared,
                         bool shares)
{
  struct inos_slot slot;
  bool changed = false;

  while (inos_delta_next (&delta, &slot)) {
    if ((slot.kind == INOS_SLOT_SHARE) != shares)
      continue;
    enum inos_document_taken taken = compared
                                       ? inos_document_reconcile (sync->setup.document, &slot)
                                       : inos_document_merge (sync->setup.document, &slot);
    changed |= taken == INOS_DOCUMENT_TAKEN;
    sync->stats.taken += taken == INOS_DOCUMENT_TAKEN;
    sync->stats.denied += taken != INOS_DOCUMENT_TAKEN && taken != INOS_DOCUMENT_KNOWN;
  }
  return changed;
}

/* Lists of what is whose first: what they name has room then. */
bool inos_sync_merge (struct inos_sync *sync, const struct inos_delta *delta, bool compared)
{
  bool changed = merge_slots (sync, *delta, compared, true);

  return merge_slots (sync, *delta, compared, false) || changed;
}

/* The oldest goes where there is no room: the next round finds what it said. */
static void keep_waiting (struct inos_sync *sync, const struct inos_peer_id *from,
                          const void *bytes, size_t len)
{
  struct inos_sync_waiting *waiting = g_new0 (struct inos_sync_waiting, 1), *oldest;

  *waiting = (struct inos_sync_waiting){*from, g_bytes_new (bytes, len)};
  g_queue_push_tail (&sync->waiting, waiting);
  sync->waiting_bytes += len + sizeof *waiting;
  sync->stats.deferred++;
  while (sync->waiting_bytes > INOS_SYNC_DEFERRED_MAX) {
    oldest = g_queue_pop_head (&sync->waiting);
    sync->waiting_bytes -= g_bytes_get_size (oldest->bytes) + sizeof *oldest;
    sync->stats.dropped++;
    waiting_free (oldest);
  }
  defer (sync);
}

bool inos_sync_receive (struct inos_sync *sync, const struct inos_peer_id *from, const void *bytes,
                        size_t len)
{
  struct inos_sync_peer *peer = inos_sync_find (sync, from);
  struct inos_delta delta;
  bool is_stranger = sync->n_members > 0 && (!peer || !peer->member);

  sync->stats.received++;
  if (is_stranger || !inos_delta_read (&delta, bytes, len)) {
    sync->stats.refused++;
    return false;
  }
  if (!delta.critical && sync->processor > INOS_SYNC_BUSY)
    keep_waiting (sync, from, bytes, len);
  else
    inos_sync_merge (sync, &delta, false);
  return true;
}

static void take_waiting (struct inos_sync *sync)
{
  struct inos_sync_waiting *waiting;
  struct inos_delta delta;

  while ((waiting = g_queue_pop_head (&sync->waiting)) != NULL) {
    gsize len;
    const void *bytes = g_bytes_get_data (waiting->bytes, &len);
    if (inos_delta_read (&delta, bytes, len))
      inos_sync_merge (sync, &delta, false);
    waiting_free (waiting);
  }
  sync->waiting_bytes = 0;
}

/* When */

static void go_on (struct inos_sync *sync)
{
  sync->due_at = INOS_NEVER;
  take_waiting (sync);
  publish (sync, INOS_DOCUMENT_DUE);
}

static void pack_old (struct inos_sync *sync)
{
  uint64_t now = now_of (sync);

  if (sync->memory <= INOS_SYNC_CRAMPED || now - sync->packed_at < PACK_EVERY)
    return;
  sync->packed_at = now;
  sync->stats.packed += inos_document_pack (sync->setup.document, INOS_SYNC_COLD);
}

void inos_sync_set_load (struct inos_sync *sync, double processor, double memory)
{
  sync->processor = processor;
  sync->memory = memory;
  pack_old (sync);
  if (sync->due_at != INOS_NEVER && processor <= INOS_SYNC_BUSY)
    sync->due_at = now_of (sync);
}

/* Who has nobody to compare with rests. */
uint64_t inos_sync_deadline (const struct inos_sync *sync)
{
  if (sync->n_there == 0)
    return sync->due_at;
  uint64_t at = MIN (sync->due_at, sync->round.busy ? sync->round.until : sync->round_at);
  at = MIN (at, inos_document_share_deadline (sync->setup.document));
  return sync->memory > INOS_SYNC_CRAMPED ? MIN (at, sync->packed_at + PACK_EVERY) : at;
}

void inos_sync_tick (struct inos_sync *sync)
{
  uint64_t now = now_of (sync);

  if (now >= sync->due_at)
    go_on (sync);
  if (now >= inos_document_share_deadline (sync->setup.document) &&
      inos_document_list_share (sync->setup.document))
    publish (sync, INOS_DOCUMENT_DUE);
  pack_old (sync);
  if (sync->round.busy && now >= sync->round.until)
    inos_sync_round_end (sync);
  if (sync->round.busy || sync->n_there == 0 || now < sync->round_at)
    return;
  inos_document_expire (sync->setup.document);
  sync->round_at = next_round (sync);
  inos_sync_round_begin (sync);
}

const struct inos_sync_stats *inos_sync_stats (const struct inos_sync *sync)
{
  return &sync->stats;
}
