/*
 * Rounds: two replicas compare, one asking, until both have what either had. See sync_answer.c for
 * the other one.
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

/* What is given once more was not taken, and is not in this round. */
static uint64_t in_short (const GArray *ids)
{
  uint64_t all = ids->len, one;

  for (unsigned i = 0; i < ids->len; i++) {
    memcpy (&one, g_array_index (ids, struct inos_slot_id, i).bytes, sizeof one);
    all ^= one;
  }
  return all;
}

static void ask_exchange (struct inos_sync *sync)
{
  struct inos_sync_round *round = &sync->round;
  struct inos_buffer question = {0};

  put_head (sync, &question);
  inos_sync_write_slots (sync, (const struct inos_slot_id *)(void *)round->gives->data,
                         round->gives->len, &question);
  inos_sync_put_wants (&question, (const struct inos_slot_id *)(void *)round->wants->data,
                       round->wants->len);
  uint64_t given = in_short (round->gives);
  round->progress = round->gives->len > 0 && given != round->given;
  round->given = given;
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
  sync->round.given = 0;
  sync->round.over = inos_env_now (sync->setup.env) + INOS_SYNC_ROUND_MAX;
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

/* So many that one of them does not lie, if fewer than half of all do. */
static unsigned enough (const struct inos_sync *sync)
{
  return (sync->n_members + 2) / 2;
}

/* Whether slot @id is no more, now that @peer says that it has not got it, although all had. */
static bool is_denied (struct inos_sync *sync, const struct inos_sync_peer *peer,
                       const struct inos_slot_id *id, uint64_t stamp)
{
  return peer->member && stamp <= peer->floor &&
         inos_document_deny (sync->setup.document, id, peer->number, enough (sync));
}

/* What they lack, or have otherwise, be it that we have but a grave of it. */
static void compare_ours (struct inos_sync *sync, const struct inos_sync_peer *peer,
                          const struct inos_document_range *range,
                          const struct inos_sync_span *pairs)
{
  struct inos_document *document = sync->setup.document;
  struct inos_sync_round *round = &sync->round;
  unsigned first, n = inos_document_find_range (document, range, &first);

  for (unsigned i = first + n; i > first; i--) {
    const struct inos_slot_id id = *inos_document_id_at (document, i - 1);
    const uint8_t *theirs = find_pair (pairs, &id);
    bool is_equal =
      theirs && memcmp (theirs, inos_document_digest_at (document, i - 1), sizeof id) == 0;
    if (theirs && peer->member)
      inos_document_grant (document, &id, peer->number);
    if (is_equal || (!theirs && !inos_sync_counts (document, i - 1, round->graves)))
      continue;
    if (theirs || !is_denied (sync, peer, &id, inos_document_slot_at (document, i - 1)->stamp))
      note (round->gives, &id);
  }
}

static void compare_leaves (struct inos_sync *sync, const struct inos_sync_peer *peer,
                            const struct inos_document_range *range,
                            const struct inos_sync_span *pairs)
{
  struct inos_document *document = sync->setup.document;

  compare_ours (sync, peer, range, pairs);
  for (size_t at = 0; at < pairs->len; at += 2 * INOS_SLOT_HASH_SIZE) {
    struct inos_slot_id id;
    unsigned i;
    memcpy (id.bytes, pairs->at + at, sizeof id.bytes);
    if (!inos_document_index (document, &id, &i) ||
        memcmp (pairs->at + at + sizeof id, inos_document_digest_at (document, i), sizeof id) != 0)
      note (sync->round.wants, &id);
  }
}

static void take_answer (struct inos_sync *sync, const struct inos_sync_peer *peer,
                         const struct inos_sync_message *answer)
{
  struct inos_document_range range;
  struct inos_sync_span rest;
  struct inos_delta delta;
  size_t at = 0;

  while (inos_sync_message_next (answer, INOS_SYNC_CHILDREN_OF, &at, &range, &rest))
    compare_children (sync, &range, &rest);
  at = 0;
  while (inos_sync_message_next (answer, INOS_SYNC_LEAVES_OF, &at, &range, &rest))
    compare_leaves (sync, peer, &range, &rest);
  if (answer->delta.at && inos_delta_read (&delta, answer->delta.at, answer->delta.len))
    sync->round.progress |= inos_sync_merge (sync, &delta, true);
}

static bool says_equal (const struct inos_sync *sync, const struct inos_sync_message *answer)
{
  return sync->round.whole && answer->n_children == 0 && answer->n_leaves == 0;
}

static void go_on (struct inos_sync *sync)
{
  struct inos_sync_round *round = &sync->round;

  bool is_over =
    ++round->steps >= INOS_SYNC_STEPS_MAX || inos_env_now (sync->setup.env) >= round->over;
  if (!is_over && round->n_ranges > 0)
    ask_ranges (sync);
  else if (!is_over && (round->gives->len > 0 || round->wants->len > 0))
    ask_exchange (sync);
  else if (!is_over && round->exchanging && round->progress) {
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
    if (peer->member)
      inos_document_grant (sync->setup.document, NULL, peer->number);
    inos_sync_matched (sync, peer, MIN (round->stamp, answer.stamp));
    inos_sync_round_end (sync);
    return;
  }
  take_answer (sync, peer, &answer);
  go_on (sync);
}
