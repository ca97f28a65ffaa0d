/*
 * Versions of what a group writes: vector clocks, so that replicas see which of two writes knew of
 * the other, and which did not.
 *
 * Source: Fidge, 1988; Mattern: "Virtual time and global states of distributed systems", 1989.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"

#define INOS_VERSION_ACTORS_MAX                                                                    \
  16u /* members that a group has had; more than are in it at once                                 \
       */

struct inos_version_part {
  uint64_t actor; /* inos_document_actor() of a member */
  uint64_t count; /* of its writes; never 0 */
};

/* A value. Zeroed it is the version of nothing. */
struct inos_version {
  unsigned n;
  struct inos_version_part parts[INOS_VERSION_ACTORS_MAX]; /* by actor */
};

enum inos_version_order {
  INOS_VERSION_SAME,
  INOS_VERSION_BEFORE,
  INOS_VERSION_AFTER,
  INOS_VERSION_BESIDE, /* neither knew of the other */
};

/** inos_version_write: @actor writes, knowing all that is in @version. Returns: false: it is one
 * actor too many, or has written too often; nothing has changed. */
bool inos_version_write (struct inos_version *version, uint64_t actor);
/** inos_version_merge: @version knows what both know. Returns: false: they are too many actors;
 * nothing has changed. */
bool inos_version_merge (struct inos_version *version, const struct inos_version *other);
/** inos_version_compare: what @a is to @b. */
enum inos_version_order inos_version_compare (const struct inos_version *a,
                                              const struct inos_version *b);

/** inos_version_put: appends it: how many, and for each actor 8 bytes, little-endian, and its count
 * as a varint. */
void inos_version_put (const struct inos_version *version, struct inos_buffer *out);
/**
 * inos_version_read:
 *
 * Takes only what inos_version_put() writes.
 *
 * Returns: bytes read, or 0: it is none.
 */
size_t inos_version_read (struct inos_version *version, const void *bytes, size_t len);
