/*
 * Deltas: slots of a document as they go over the network, from whoever changed them to whoever
 * merges them. All numbers are varints of the shortest form except where it says so:
 *
 *     byte      version, 1
 *     byte      flags: 1: critical
 *     number    the least stamp of the slots
 *     number    actors, 1 to INOS_DELTA_ACTORS_MAX; each 8 bytes, little-endian
 *     number    slots, 1 to INOS_DELTA_SLOTS_MAX; each:
 *       byte    kind; + 8 where a value is gone
 *       number  actor: its place among those above
 *       number  stamp, from the least on
 *       number  bytes of the key, and the key
 *       value   number of bytes and the bytes, unless it is gone
 *       element number of bytes and the bytes; stamp − added; added − removed
 *       count   plus; minus
 *       share   number of bytes and the bytes
 *
 * and nothing behind it. A delta is read where it lies: nothing is allocated for it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/state/slot.h"
#include "node/mesh/wire/buffer.h"

#include <glib.h>

#define INOS_DELTA_MAX 65536u /* bytes */
#define INOS_DELTA_SLOTS_MAX 1024u
#define INOS_DELTA_ACTORS_MAX 256u

struct inos_delta {
  const uint8_t *at, *end;
  const uint8_t *actors;
  uint64_t base, left;
  unsigned n_actors;
  bool critical, bad;
};

/**
 * inos_delta_read:
 * @delta: (out): a reader, at the first slot
 * @bytes: stay where they are while it reads
 *
 * Walks it once, to the end.
 *
 * Returns: whether it is a delta; then each slot of it is sound.
 */
bool inos_delta_read (struct inos_delta *delta, const void *bytes, size_t len);
/** inos_delta_next: the next slot, which lies in the delta's bytes. Returns: whether there is. */
bool inos_delta_next (struct inos_delta *delta, struct inos_slot *slot);

/* Writes one. Zeroed it is empty; inos_delta_writer_clear() empties it again. */
struct inos_delta_writer {
  unsigned n_slots, n_actors;
  uint64_t base; /* the least stamp */
  uint64_t actors[INOS_DELTA_ACTORS_MAX];
  struct inos_slot *pending; /* owned; what is written when it is finished */
  GPtrArray *kept;           /* owned, GBytes; may be NULL */
  size_t size;               /* bytes that it takes at most */
};

/**
 * inos_delta_put: takes @slot, whose bytes stay where they are until it is finished.
 *
 * Returns: whether there was room for it in @max bytes, at most INOS_DELTA_MAX.
 */
bool inos_delta_put (struct inos_delta_writer *writer, const struct inos_slot *slot, size_t max);
/** inos_delta_keep: (transfer full) @bytes stay until it is finished. */
void inos_delta_keep (struct inos_delta_writer *writer, GBytes *bytes);
/** inos_delta_finish: appends the delta to @out, nothing where it has no slot, and clears it. */
void inos_delta_finish (struct inos_delta_writer *writer, bool critical, struct inos_buffer *out);
void inos_delta_writer_clear (struct inos_delta_writer *writer);
