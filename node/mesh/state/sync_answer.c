/*
 * What a replica answers to one that compares.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/sync-private.h"

#include <string.h>

void inos_sync_write_slots (struct inos_sync *sync, const struct inos_slot_id *ids, unsigned n,
                            struct inos_buffer *out)
{
  struct inos_delta_writer writer = {0};
  struct inos_buffer delta = {0};
  unsigned place;

  for (unsigned i = 0; i < n; i++)
    if (inos_document_index (sync->setup.document, &ids[i], &place) &&
        !inos_document_write (sync->setup.document, place, &writer, INOS_DELTA_MAX))
      break;
  inos_delta_finish (&writer, false, &delta);
  inos_sync_put_delta (out, &delta);
  inos_buffer_clear (&delta);
}

/* Each peer may ask as much as a long round takes, and then so often. */
static bool is_within_share (struct inos_sync *sync, struct inos_sync_peer *peer)
{
  uint64_t now = inos_env_now (sync->setup.env);
  uint64_t more = (now - peer->tokens_at) / INOS_SYNC_REFILL;

  peer->tokens_at += more * INOS_SYNC_REFILL;
  peer->tokens = (unsigned)MIN (peer->tokens + more, INOS_SYNC_BURST);
  if (peer->tokens == 0) {
    sync->stats.limited++;
    return false;
  }
  peer->tokens--;
  return true;
}

static void put_children (struct inos_sync *sync, const struct inos_document_range *range,
                          uint64_t graves, struct inos_buffer *out)
{
  struct inos_slot_id digests[INOS_SYNC_CHILDREN];

  for (unsigned i = 0; i < INOS_SYNC_CHILDREN; i++) {
    struct inos_document_range child = inos_sync_child (range, i);
    inos_sync_digest (sync->setup.document, &child, graves, &digests[i]);
  }
  inos_sync_put_part (out, INOS_SYNC_CHILDREN_OF, range, digests, sizeof digests);
}

static void put_leaves (struct inos_sync *sync, const struct inos_document_range *range,
                        uint64_t graves, struct inos_buffer *out)
{
  const struct inos_document *document = sync->setup.document;
  struct inos_slot_id pairs[2 * INOS_SYNC_LEAF_MAX];
  unsigned first, len = inos_document_find_range (document, range, &first), n = 0;

  for (unsigned i = first; i < first + len; i++)
    if (inos_sync_counts (document, i, graves)) {
      pairs[n++] = *inos_document_id_at (document, i);
      pairs[n++] = *inos_document_digest_at (document, i);
    }
  inos_sync_put_part (out, INOS_SYNC_LEAVES_OF, range, pairs, n * sizeof *pairs);
}

/* Returns: whether all that was asked about is equal. */
static bool answer_ranges (struct inos_sync *sync, const struct inos_sync_message *question,
                           struct inos_buffer *out)
{
  struct inos_document_range range;
  struct inos_sync_span theirs;
  bool is_equal = true;
  size_t at = 0;

  while (inos_sync_message_next (question, INOS_SYNC_RANGE, &at, &range, &theirs)) {
    struct inos_slot_id digest;
    unsigned n = inos_sync_digest (sync->setup.document, &range, question->graves, &digest);
    if (memcmp (digest.bytes, theirs.at, sizeof digest) == 0)
      continue;
    is_equal = false;
    if (n <= INOS_SYNC_LEAF_MAX)
      put_leaves (sync, &range, question->graves, out);
    else
      put_children (sync, &range, question->graves, out);
  }
  return is_equal;
}

static bool asks_whole (const struct inos_sync_message *question)
{
  struct inos_document_range range;
  struct inos_sync_span rest;
  size_t at = 0;

  return question->n_ranges == 1 &&
         inos_sync_message_next (question, INOS_SYNC_RANGE, &at, &range, &rest) && range.depth == 0;
}

static bool is_for_us (const struct inos_sync *sync, const struct inos_sync_peer *peer,
                       const struct inos_sync_message *question)
{
  return peer && (peer->member || (sync->n_members == 0 && peer->there)) &&
         question->topic.len == strlen (sync->topic) &&
         memcmp (question->topic.at, sync->topic, question->topic.len) == 0;
}

/* Of what @delta gave, what is newer here, and be it a grave that is not compared any more: who
 * gave it does not know. */
static void note_newer (const struct inos_sync *sync, struct inos_delta *delta, GArray *ids)
{
  const struct inos_document *document = sync->setup.document;
  struct inos_slot slot;
  unsigned i;

  while (inos_delta_next (delta, &slot)) {
    struct inos_slot_id id = inos_slot_id (&slot), digest = inos_slot_digest (&slot, &id);
    if (inos_document_index (document, &id, &i) &&
        memcmp (digest.bytes, inos_document_digest_at (document, i), sizeof digest) != 0)
      g_array_append_val (ids, id);
  }
}

static void take_given (struct inos_sync *sync, const struct inos_sync_span *given, GArray *ids)
{
  struct inos_delta delta;

  if (!given->at || !inos_delta_read (&delta, given->at, given->len))
    return;
  struct inos_delta again = delta;
  inos_sync_merge (sync, &delta, true);
  note_newer (sync, &again, ids);
}

bool inos_sync_answer (struct inos_sync *sync, const struct inos_peer_id *from, const void *bytes,
                       size_t len, struct inos_buffer *answer)
{
  struct inos_document *document = sync->setup.document;
  struct inos_sync_peer *peer = inos_sync_find (sync, from);
  struct inos_sync_message question;

  if (!inos_sync_message_read (&question, bytes, len) || !is_for_us (sync, peer, &question) ||
      !is_within_share (sync, peer) || !inos_document_see (document, question.stamp))
    return false;
  if (sync->n_members == 0)
    question.graves = 0;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (struct inos_slot_id));
  take_given (sync, &question.delta, ids);
  if (question.wants.at)
    g_array_append_vals (ids, question.wants.at, (guint)(question.wants.len / INOS_SLOT_HASH_SIZE));
  uint64_t stamp = inos_document_stamp (document);
  inos_sync_put_head (answer, sync->topic, stamp, inos_document_floor (document), question.graves);
  if (answer_ranges (sync, &question, answer) && asks_whole (&question))
    inos_sync_matched (sync, peer, MIN (question.stamp, stamp));
  inos_sync_write_slots (sync, (const struct inos_slot_id *)(const void *)ids->data, ids->len,
                         answer);
  return true;
}
