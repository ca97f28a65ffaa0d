/*
 * What two replicas of a document ask each other to find where they differ: protobuf.
 *
 *     1  string   topic
 *     2  fixed64  a stamp for now
 *     3  fixed64  the floor, of a document that is kept
 *     4  fixed64  the floor by which this question leaves out graves
 *     5  bytes    a range to compare: depth, prefix, digest of it       (questions)
 *     6  bytes    a range that differs: depth, prefix, 16 digests, one for each next nibble
 *     7  bytes    a range that differs: depth, prefix, and of each slot in it id and digest
 *     8  bytes    slots that the other lacks: a delta
 *     9  bytes    ids of slots that are wanted                          (questions)
 *
 * The digest of a range is the SHA-256, cut to 16 bytes, of the ids and digests of its slots in
 * order, so that the whole is a hash tree (Merkle) of which only what is asked for is made.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/state/document.h"
#include "node/mesh/wire/proto.h"

#define INOS_SYNC_TOPIC_MAX 128u
#define INOS_SYNC_MESSAGE_MAX (INOS_DELTA_MAX + 49152u) /* bytes */
#define INOS_SYNC_RANGES_MAX 64u                        /* of one question */
#define INOS_SYNC_LEAF_MAX 16u                          /* slots of a range that are listed */
#define INOS_SYNC_WANTS_MAX 1024u
#define INOS_SYNC_PREFIX_SIZE (1u + INOS_SLOT_HASH_SIZE)
#define INOS_SYNC_CHILDREN 16u

struct inos_sync_span {
  const uint8_t *at; /* NULL: there is none */
  size_t len;
};

/* A question or an answer, in its own bytes. */
struct inos_sync_message {
  struct inos_sync_span whole, topic, delta, wants;
  uint64_t stamp, floor, graves;
  unsigned n_ranges, n_children, n_leaves;
};

enum inos_sync_part {
  INOS_SYNC_RANGE = 5,
  INOS_SYNC_CHILDREN_OF = 6,
  INOS_SYNC_LEAVES_OF = 7,
};

/** inos_sync_message_read: whether it is one, with all that it has within its limits. */
bool inos_sync_message_read (struct inos_sync_message *message, const void *bytes, size_t len);
/**
 * inos_sync_message_next: the next @part of it.
 * @offset: 0 for the first
 * @rest: (out): what is behind depth and prefix
 *
 * Returns: whether there is one.
 */
bool inos_sync_message_next (const struct inos_sync_message *message, enum inos_sync_part part,
                             size_t *offset, struct inos_document_range *range,
                             struct inos_sync_span *rest);

/** inos_sync_put_head: begins a message. */
void inos_sync_put_head (struct inos_buffer *out, const char *topic, uint64_t stamp, uint64_t floor,
                         uint64_t graves);
/** inos_sync_put_part: adds one, with @len bytes behind depth and prefix. */
void inos_sync_put_part (struct inos_buffer *out, enum inos_sync_part part,
                         const struct inos_document_range *range, const void *rest, size_t len);
void inos_sync_put_delta (struct inos_buffer *out, const struct inos_buffer *delta);
void inos_sync_put_wants (struct inos_buffer *out, const struct inos_slot_id *ids, unsigned n);

/** inos_sync_child: the range of the next nibble @i below @range. */
struct inos_document_range inos_sync_child (const struct inos_document_range *range, unsigned i);
/**
 * inos_sync_digest: of what @document has in @range, without graves up to @graves.
 *
 * Returns: how many slots.
 */
unsigned inos_sync_digest (const struct inos_document *document,
                           const struct inos_document_range *range, uint64_t graves,
                           struct inos_slot_id *digest);
/** inos_sync_counts: whether the slot in place @i is compared, that is, no grave up to @graves. */
bool inos_sync_counts (const struct inos_document *document, unsigned i, uint64_t graves);
