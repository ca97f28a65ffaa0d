/*
 * Rounds: two replicas compare, one asking, until both have what either had.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/sync-private.h"

#include <string.h>

static const struct inos_document_range everything = {0};

/* Asking */

void inos_sync_round_end (struct inos_sync *sync)
{
  struct inos_sync_round *round = &sync->round;

  round->busy = false;
  round->n_ranges = 0;
  g_array_set_size (round->gives, 0);
  g_array_set_size (round->wants, 0);
  for (unsigned i = 0; i < sync->n_peers; i++) /* who is new does not wait for its turn */
    if (sync->peers[i].there && sync->peers[i].fresh)
      sync->round_at = MIN (sync->round_at, inos_env_now (sync->setup.env) + INOS_SYNC_SOON / 4);
}

static void ask (struct inos_sync *sync, struct inos_buffer *question)
{
  struct inos_sync_round *round = &sync->round;

  round->ticket = ++sync->last_ticket;
  round->until = inos_env_now (sync->setup.env) + INOS_SYNC_PATIENCE;
  sync->stats.questions++;
  sync->setup.events->ask (sync->setup.data, &round->peer, round->ticket,
                           inos_buffer_data (question), inos_buffer_len (question));
  inos_buffer_clear (question);
}

static void put_head (struct inos_sync *sync, struct inos_buffer *question)
{
  struct inos_sync_round *round = &sync->round;
  struct inos_document *document = sync->setup.document;

  round->stamp = inos_document_stamp (document);
  inos_sync_put_head (question, sync->topic, round->stamp, inos_document_floor (document),
                      round->graves);
}

static void ask_ranges (struct inos_sync *sync)
{
  struct inos_sync_round *round = &sync->round;
  struct inos_buffer question = {0};
  struct inos_slot_id digest;

  put_head (sync, &question);
  for (unsigned i = 0; i < round->n_ranges; i++) {
    inos_sync_digest (sync->setup.document, &round->ranges[i], round->graves, &digest);
    inos_sync_put_part (&question, INOS_SYNC_RANGE, &round->ranges[i], &digest, sizeof digest);
  }
  round->whole = round->n_ranges == 1 && round->ranges[0].depth == 0;
  round->n_ranges = 0;
  ask (sync, &question);
}

static void ask_everything (struct inos_sync *sync)
{
  const struct inos_sync_peer *peer = inos_sync_find (sync, &sync->round.peer);

  sync->round.graves =
    sync->n_members > 0 && peer ? MAX (peer->floor, inos_document_floor (sync->setup.document)) : 0;
  sync->round.ranges[0] = everything;
  sync->round.n_ranges = 1;
  sync->round.progress = false;
  ask_ranges (sync);
}

/* Slots whose ids are in @ids, as many as one delta has room for. */
static void write_slots (struct inos_sync *sync, const struct inos_slot_id *ids, unsigned n,
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

static void ask_exchange (struct inos_sync *sync)
{
  struct inos_sync_round *round = &sync->round;
  struct inos_buffer question = {0};

  put_head (sync, &question);
  write_slots (sync, (const struct inos_slot_id *)(void *)round->gives->data, round->gives->len,
               &question);
  inos_sync_put_wants (&question, (const struct inos_slot_id *)(void *)round->wants->data,
                       round->wants->len);
  round->progress = round->gives->len > 0;
  round->exchanging = true;
  round->whole = false;
  g_array_set_size (round->gives, 0);
  g_array_set_size (round->wants, 0);
  ask (sync, &question);
}

static bool is_candidate (const struct inos_sync *sync, unsigned i, bool fresh)
{
  const struct inos_sync_peer *peer = &sync->peers[i];

  return peer->there && (peer->member || sync->n_members == 0) && (peer->fresh || !fresh);
}

/* Returns: (nullable): one of those who are new, or else of all. */
static struct inos_sync_peer *choose (struct inos_sync *sync, bool fresh)
{
  unsigned n = 0;

  for (unsigned i = 0; i < sync->n_peers; i++)
    n += is_candidate (sync, i, fresh);
  if (n == 0)
    return fresh ? choose (sync, false) : NULL;
  unsigned left = inos_env_below (sync->setup.env, n);
  for (unsigned i = 0; i < sync->n_peers; i++)
    if (is_candidate (sync, i, fresh) && left-- == 0)
      return &sync->peers[i];
  return NULL;
}

void inos_sync_round_begin (struct inos_sync *sync)
{
  struct inos_sync_peer *peer = choose (sync, true);

  if (!peer)
    return;
  peer->fresh = false;
  sync->round.busy = true;
  sync->round.exchanging = false;
  sync->round.steps = 0;
  sync->round.peer = peer->id;
  sync->stats.rounds++;
  ask_everything (sync);
}

/* What the answer says */

static void note (GArray *ids, const struct inos_slot_id *id)
{
  if (ids->len < INOS_SYNC_WANTS_MAX)
    g_array_append_vals (ids, id, 1);
}

static void compare_children (struct inos_sync *sync, const struct inos_document_range *range,
                              const struct inos_sync_span *theirs)
{
  struct inos_sync_round *round = &sync->round;

  if (range->depth >= INOS_DOCUMENT_DEPTH_MAX)
    return;
  for (unsigned i = 0; i < INOS_SYNC_CHILDREN && round->n_ranges < INOS_SYNC_RANGES_MAX; i++) {
    struct inos_document_range child = inos_sync_child (range, i);
    struct inos_slot_id digest;
    inos_sync_digest (sync->setup.document, &child, round->graves, &digest);
    if (memcmp (digest.bytes, theirs->at + (size_t)i * sizeof digest, sizeof digest) != 0)
      round->ranges[round->n_ranges++] = child;
  }
}

/* Returns: (nullable): the digest of @id among pairs. */
static const uint8_t *find_pair (const struct inos_sync_span *pairs, const struct inos_slot_id *id)
{
  for (size_t at = 0; at < pairs->len; at += 2 * sizeof *id)
    if (memcmp (pairs->at + at, id->bytes, sizeof *id) == 0)
      return pairs->at + at + sizeof *id;
  return NULL;
}

/* What they lack, or have otherwise. What they once had, as all members had, was removed. */
static void compare_ours (struct inos_sync *sync, const struct inos_document_range *range,
                          const struct inos_sync_span *pairs, uint64_t their_floor)
{
  struct inos_document *document = sync->setup.document;
  struct inos_sync_round *round = &sync->round;
  unsigned first, n = inos_document_find_range (document, range, &first);

  for (unsigned i = first + n; i > first; i--) {
    const struct inos_slot_id id = *inos_document_id_at (document, i - 1);
    const uint8_t *theirs = find_pair (pairs, &id);
    bool is_equal =
      theirs && memcmp (theirs, inos_document_digest_at (document, i - 1), sizeof id) == 0;
    if (is_equal || !inos_sync_counts (document, i - 1, round->graves))
      continue;
    if (!theirs && sync->n_members > 0 &&
        inos_document_slot_at (document, i - 1)->stamp <= their_floor)
      inos_document_drop (document, &id);
    else
      note (round->gives, &id);
  }
}

static void compare_leaves (struct inos_sync *sync, const struct inos_document_range *range,
                            const struct inos_sync_span *pairs, uint64_t their_floor)
{
  struct inos_document *document = sync->setup.document;

  compare_ours (sync, range, pairs, their_floor);
  for (size_t at = 0; at < pairs->len; at += 2 * INOS_SLOT_HASH_SIZE) {
    struct inos_slot_id id;
    unsigned i;
    memcpy (id.bytes, pairs->at + at, sizeof id.bytes);
    if (!inos_document_index (document, &id, &i) ||
        memcmp (pairs->at + at + sizeof id, inos_document_digest_at (document, i), sizeof id) != 0)
      note (sync->round.wants, &id);
  }
}

static void take_answer (struct inos_sync *sync, const struct inos_sync_message *answer)
{
  struct inos_document_range range;
  struct inos_sync_span rest;
  struct inos_delta delta;
  size_t at = 0;

  while (inos_sync_message_next (answer, INOS_SYNC_CHILDREN_OF, &at, &range, &rest))
    compare_children (sync, &range, &rest);
  at = 0;
  while (inos_sync_message_next (answer, INOS_SYNC_LEAVES_OF, &at, &range, &rest))
    compare_leaves (sync, &range, &rest, answer->floor);
  if (answer->delta.at && inos_delta_read (&delta, answer->delta.at, answer->delta.len))
    sync->round.progress |= inos_sync_merge (sync, &delta);
}

static bool says_equal (const struct inos_sync *sync, const struct inos_sync_message *answer)
{
  return sync->round.whole && answer->n_children == 0 && answer->n_leaves == 0;
}

static void go_on (struct inos_sync *sync)
{
  struct inos_sync_round *round = &sync->round;

  bool enough = ++round->steps >= INOS_SYNC_STEPS_MAX;
  if (!enough && round->n_ranges > 0)
    ask_ranges (sync);
  else if (!enough && (round->gives->len > 0 || round->wants->len > 0))
    ask_exchange (sync);
  else if (!enough && round->exchanging && round->progress) {
    round->exchanging = false;
    ask_everything (sync);
  } else
    inos_sync_round_end (sync);
}

void inos_sync_answered (struct inos_sync *sync, uint64_t ticket, const void *bytes, size_t len)
{
  struct inos_sync_round *round = &sync->round;
  struct inos_sync_peer *peer = inos_sync_find (sync, &round->peer);
  struct inos_sync_message answer;

  if (!round->busy || ticket != round->ticket)
    return;
  if (!bytes || !peer || !inos_sync_message_read (&answer, bytes, len) ||
      !inos_document_see (sync->setup.document, answer.stamp)) {
    inos_sync_round_end (sync);
    return;
  }
  if (sync->n_members > 0)
    peer->floor = answer.floor;
  if (says_equal (sync, &answer)) {
    sync->stats.equal++;
    inos_sync_matched (sync, peer, round->stamp);
    inos_sync_round_end (sync);
    return;
  }
  take_answer (sync, &answer);
  go_on (sync);
}

/* Answering */

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

bool inos_sync_answer (struct inos_sync *sync, const struct inos_peer_id *from, const void *bytes,
                       size_t len, struct inos_buffer *answer)
{
  struct inos_document *document = sync->setup.document;
  struct inos_sync_peer *peer = inos_sync_find (sync, from);
  struct inos_sync_message question;
  struct inos_delta delta;

  if (!inos_sync_message_read (&question, bytes, len) || !is_for_us (sync, peer, &question) ||
      !is_within_share (sync, peer) || !inos_document_see (document, question.stamp))
    return false;
  if (sync->n_members == 0)
    question.graves = 0;
  if (question.delta.at && inos_delta_read (&delta, question.delta.at, question.delta.len))
    inos_sync_merge (sync, &delta);
  inos_sync_put_head (answer, sync->topic, inos_document_stamp (document),
                      inos_document_floor (document), question.graves);
  if (answer_ranges (sync, &question, answer) && asks_whole (&question))
    inos_sync_matched (sync, peer, question.stamp);
  if (question.wants.at)
    write_slots (sync, (const struct inos_slot_id *)(const void *)question.wants.at,
                 (unsigned)(question.wants.len / INOS_SLOT_HASH_SIZE), answer);
  return true;
}
