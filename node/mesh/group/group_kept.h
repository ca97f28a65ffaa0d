/*
 * A group in a file, with the vote that its member must not forget: "INOSGRP" and the format's
 * number 1, then protobuf, then the BLAKE2b-256 of all that.
 *
 *     1  string   the group's name
 *     2  bytes    a member's id, once for each, this node's too
 *     3  fixed64  epoch of the last vote
 *     4  bytes    whom it was for
 *     5  number   1: this node has left the group
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/group/election.h"
#include "node/mesh/wire/buffer.h"

#define INOS_GROUP_NAME_MAX 64u /* bytes */
#define INOS_GROUP_FILE_MAX 1024u

struct inos_group_kept {
  char name[INOS_GROUP_NAME_MAX + 1];
  unsigned n_members;
  struct inos_peer_id members[INOS_ELECTION_MEMBERS_MAX];
  struct inos_election_vote vote; /* epoch 0: it has never voted */
  bool left;
};

/** inos_group_resource: the number that the group @name has an election for. */
uint64_t inos_group_resource (const char *name);
/** inos_group_kept_write: appends the file. */
void inos_group_kept_write (const struct inos_group_kept *kept, struct inos_buffer *out);
/** inos_group_kept_read: (out) @kept. Returns: whether @bytes are such a file, whole and unharmed.
 */
bool inos_group_kept_read (struct inos_group_kept *kept, const void *bytes, size_t len);
