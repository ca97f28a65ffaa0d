/*
 * The actors that a worker made last. The last one runs first, so that a tree grows branch by
 * branch and most of it is never there at once; who steals takes the first half, which are the
 * larger branches. A spin lock, for it is held for some instructions and thieves are few.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/private.h"
#include "node/actor/queue.h"

static inline void inos_newborn_lock (struct inos_newborn *newborn)
{
  unsigned spins = 0;

  while (atomic_exchange_explicit (&newborn->lock, true, memory_order_acquire))
    inos_queue_pause (&spins);
}

static inline void inos_newborn_unlock (struct inos_newborn *newborn)
{
  atomic_store_explicit (&newborn->lock, false, memory_order_release);
}

static inline uint32_t inos_newborn_count (struct inos_newborn *newborn)
{
  return atomic_load_explicit (&newborn->count, memory_order_relaxed);
}

/* Returns: (nullable): the first, where there was no room for one more. */
static inline struct inos_cell *inos_newborn_put (struct inos_newborn *newborn,
                                                  struct inos_cell *cell)
{
  struct inos_cell *first = NULL;

  inos_newborn_lock (newborn);
  uint32_t count = inos_newborn_count (newborn);
  if (count == INOS_NEWBORN_MAX) {
    first = newborn->cell[0];
    memmove (newborn->cell, newborn->cell + 1, (--count) * sizeof newborn->cell[0]);
  }
  newborn->cell[count] = cell;
  atomic_store_explicit (&newborn->count, count + 1, memory_order_relaxed);
  inos_newborn_unlock (newborn);
  return first;
}

/* The owner's: the last. */
static inline struct inos_cell *inos_newborn_take (struct inos_newborn *newborn)
{
  struct inos_cell *cell = NULL;

  if (inos_newborn_count (newborn) == 0)
    return NULL;
  inos_newborn_lock (newborn);
  uint32_t count = inos_newborn_count (newborn);
  if (count > 0) {
    cell = newborn->cell[count - 1];
    atomic_store_explicit (&newborn->count, count - 1, memory_order_relaxed);
  }
  inos_newborn_unlock (newborn);
  return cell;
}

/* A thief's: the first half. Returns: how many are in @cell now. */
static inline uint32_t inos_newborn_steal (struct inos_newborn *newborn,
                                           struct inos_cell *cell[static INOS_NEWBORN_MAX])
{
  if (inos_newborn_count (newborn) == 0)
    return 0;
  inos_newborn_lock (newborn);
  uint32_t count = inos_newborn_count (newborn), half = (count + 1) / 2;
  memcpy (cell, newborn->cell, half * sizeof *cell);
  memmove (newborn->cell, newborn->cell + half, (count - half) * sizeof *cell);
  atomic_store_explicit (&newborn->count, count - half, memory_order_relaxed);
  inos_newborn_unlock (newborn);
  return half;
}
