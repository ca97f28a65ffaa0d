/*
 * A slot: the smallest part of a document. What two replicas know of it is merged into what both
 * know, in any order and however often (a join of a semilattice), and so are documents, which are
 * nothing but slots.
 *
 * - A value is the last writer's: the greatest (stamp, actor, content) wins, and that it was
 *   removed is a content too.
 * - An element of a set has a slot for each actor who has added it: when it last did, and which of
 *   its additions somebody has removed. It is in the set while one of them is not removed, so that
 *   who removes it removes what it has seen, and an addition elsewhere stays.
 * - A counter has a slot for each actor who counts: what it has added and taken away in all.
 * - A share is a member's signed list of what it wrote: a value that is never gone; see
 *   document_share.h.
 *
 * Source: Shapiro, Preguiça, Baquero, Zawirski: "A comprehensive study of convergent and
 * commutative replicated data types", 2011; Bieniusa et al.: "An optimized conflict-free
 * replicated set", 2012.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INOS_SLOT_KEY_MAX 256u               /* bytes of a key's or an element's name, UTF-8 */
#define INOS_SLOT_VALUE_MAX 16384u           /* bytes */
#define INOS_SLOT_COUNT_MAX (UINT64_MAX / 2) /* of either half of a counter's slot */
#define INOS_SLOT_HASH_SIZE 16u              /* of a SHA-256, cut */

enum inos_slot_kind {
  INOS_SLOT_VALUE = 1,
  INOS_SLOT_ELEMENT = 2,
  INOS_SLOT_COUNT = 3,
  INOS_SLOT_SHARE = 4,
};

struct inos_slot {
  enum inos_slot_kind kind;
  bool gone;           /* of a value: it was removed */
  const char *key;     /* not ended by a zero */
  size_t key_len;      /* 1 to INOS_SLOT_KEY_MAX */
  const char *element; /* of an element: what it is; else of length 0 */
  size_t element_len;
  uint64_t actor;   /* whose it is; of a value: who wrote it last */
  uint64_t stamp;   /* when it last changed */
  uint64_t added;   /* of an element: when its actor last added it, and up to when that was */
  uint64_t removed; /* removed; removed <= added <= stamp */
  uint64_t plus, minus;
  const uint8_t *value; /* of a value that is not gone, and of a share */
  size_t value_len;
};

struct inos_slot_id {
  uint8_t bytes[INOS_SLOT_HASH_SIZE];
};

/** inos_slot_is_sound: whether it is one that can have been written: sizes, UTF-8, order. */
bool inos_slot_is_sound (const struct inos_slot *slot);
/** inos_slot_id: which slot it is, of all that there could be; the actor of a value is not in
 * it, nor that of a share. */
struct inos_slot_id inos_slot_id (const struct inos_slot *slot);
/** inos_slot_digest: the same for the same content of the same slot, and for no other. */
struct inos_slot_id inos_slot_digest (const struct inos_slot *slot, const struct inos_slot_id *id);
/**
 * inos_slot_merge: what both @slot and @other, which are the same slot, know, into @slot. Its value
 * is then one of theirs.
 *
 * Returns: whether @slot knew less.
 */
bool inos_slot_merge (struct inos_slot *slot, const struct inos_slot *other);

/** inos_slot_has_value: whether it is of a kind that has one, of which the last one counts. */
static inline bool inos_slot_has_value (const struct inos_slot *slot)
{
  return slot->kind == INOS_SLOT_VALUE || slot->kind == INOS_SLOT_SHARE;
}

/** inos_slot_is_grave: whether it only says that something is not there. */
static inline bool inos_slot_is_grave (const struct inos_slot *slot)
{
  return slot->kind == INOS_SLOT_VALUE     ? slot->gone
         : slot->kind == INOS_SLOT_ELEMENT ? slot->added <= slot->removed
                                           : false;
}
