/*
 * A document in a file, so that it is there again when the node is: "INOSDOC" and the format's
 * number 1, then protobuf, then the BLAKE2b-256 of all that.
 *
 *     1  string   topic
 *     2  fixed64  incarnation: of the actor that writes
 *     3  fixed64  floor
 *     4  fixed64  a stamp above all that it has given
 *     5  number   1: it was closed in order
 *     6  bytes    a member, of a document that has them; once for each
 *     7  bytes    slots: a delta; as often as it takes
 *
 * What was not closed in order may have given others what is not in the file. So who opens it then
 * has to write as another actor: with another incarnation.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/state/sync.h"

#define INOS_KEPT_MAX (8u * 1024 * 1024) /* bytes of a file */

struct inos_kept {
  char topic[INOS_SYNC_TOPIC_MAX + 1];
  uint64_t incarnation;
  bool closed;
  unsigned n_members;
  struct inos_peer_id members[INOS_SYNC_MEMBERS_MAX];
};

/** inos_kept_write: (transfer full): @document with @kept before it. */
GBytes *inos_kept_write (struct inos_document *document, const struct inos_kept *kept);
/** inos_kept_read: (out) @kept. Returns: whether @bytes are such a file, whole and unharmed. */
bool inos_kept_read (struct inos_kept *kept, const void *bytes, size_t len);
/** inos_kept_restore: puts what @bytes, which inos_kept_read() has taken, have into @document,
 * which is new. Its judge is not asked: it was, or this node wrote it. */
void inos_kept_restore (struct inos_document *document, const void *bytes, size_t len);
