/*
 * The actors behind a service or a pool, each in a place from 0 up without gaps.
 *
 * Whoever sends reads the table while one other thread changes it, without a lock: it is never
 * moved or freed while its route lives, and at every moment of a change each place that is read has
 * an actor. The writer has a lock of its own, or is one actor.
 *
 * Keys go round a ring of 4096 slots, each of which belongs to a place. One that comes takes its
 * share of slots from those that have most, one that goes leaves its slots to those that have
 * least, and no other slot moves: of n members no more than the n-th part of the keys moves (to
 * within one slot), and all have the same number of slots (to within one). Finding the place is one
 * look-up where a ring of virtual nodes needs a search, and spreads evenly where that one does so
 * only on average.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/private.h"

#define INOS_MEMBERS_MAX 256
#define INOS_KEY_SLOTS 4096

struct inos_roster {
  _Alignas (64) _Atomic uint32_t count;
  _Atomic inos_actor_id id[INOS_MEMBERS_MAX];
  _Atomic uint8_t slot[INOS_KEY_SLOTS];
  struct {
    _Alignas (64) _Atomic uint32_t next; /* place; each worker goes round by itself */
  } turn[INOS_WORKERS_MAX + 2];
};

/** inos_roster_add: Returns: false where there is no place left. */
bool inos_roster_add (struct inos_roster *members, inos_actor_id id);
/** inos_roster_remove: the last one comes to @place. */
void inos_roster_remove (struct inos_roster *members, uint32_t place);
/** inos_roster_find: Returns: the place of @id, INOS_MEMBERS_MAX where it has none. */
uint32_t inos_roster_find (const struct inos_roster *members, inos_actor_id id);

static inline uint32_t inos_roster_count (const struct inos_roster *members)
{
  return atomic_load_explicit (&members->count, memory_order_acquire);
}

static inline inos_actor_id inos_roster_at (const struct inos_roster *members, uint32_t place)
{
  return atomic_load_explicit (&members->id[place], memory_order_acquire);
}

/* The next in turn, or 0. */
static inline inos_actor_id inos_roster_next (struct inos_roster *members,
                                              const struct inos_worker *worker)
{
  _Atomic uint32_t *next = &members->turn[worker->index].next;
  uint32_t place = atomic_load_explicit (next, memory_order_relaxed);
  uint32_t count = inos_roster_count (members);

  if (UNLIKELY (place >= count)) {
    if (count == 0)
      return 0;
    place = 0;
  }
  atomic_store_explicit (next, place + 1, memory_order_relaxed);
  return inos_roster_at (members, place);
}

static inline uint32_t inos_roster_slot (uint32_t key)
{
  /* The last step of MurmurHash3, which its author gave to the public. */
  key = (key ^ key >> 16) * 0x85ebca6bu;
  key = (key ^ key >> 13) * 0xc2b2ae35u;
  return (key ^ key >> 16) % INOS_KEY_SLOTS;
}

/* The one that @key belongs to, or 0. */
static inline inos_actor_id inos_roster_of_key (const struct inos_roster *members, uint32_t key)
{
  if (UNLIKELY (inos_roster_count (members) == 0))
    return 0;
  return inos_roster_at (
    members, atomic_load_explicit (&members->slot[inos_roster_slot (key)], memory_order_acquire));
}
