/*
 * A worker's ring of ready cells: the owner puts, owner and thieves take.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/private.h"

static inline bool inos_ring_put (struct inos_ring *ring, struct inos_cell *cell)
{
  uint32_t tail = atomic_load_explicit (&ring->tail, memory_order_relaxed);

  if (tail - atomic_load_explicit (&ring->head, memory_order_acquire) >= INOS_RING)
    return false;
  atomic_store_explicit (&ring->cell[tail % INOS_RING], cell, memory_order_relaxed);
  /* Others may see it late: the owner sleeps only when its rings are empty, so nothing is lost. */
  atomic_store_explicit (&ring->tail, tail + 1, memory_order_release);
  return true;
}

static inline struct inos_cell *inos_ring_take (struct inos_ring *ring)
{
  uint32_t head = atomic_load_explicit (&ring->head, memory_order_acquire);

  while (head != atomic_load_explicit (&ring->tail, memory_order_acquire)) {
    struct inos_cell *cell =
      atomic_load_explicit (&ring->cell[head % INOS_RING], memory_order_relaxed);
    if (atomic_compare_exchange_weak_explicit (&ring->head, &head, head + 1, memory_order_acq_rel,
                                               memory_order_acquire))
      return cell;
  }
  return NULL;
}

static inline uint32_t inos_ring_length (struct inos_ring *ring)
{
  return atomic_load (&ring->tail) - atomic_load (&ring->head);
}

/* Half of what is on @victim's ring comes to @ring, which is empty and the caller's. */
static inline uint32_t inos_ring_steal (struct inos_ring *ring, struct inos_ring *victim)
{
  uint32_t head = atomic_load_explicit (&victim->head, memory_order_acquire);
  uint32_t tail = atomic_load_explicit (&ring->tail, memory_order_relaxed), count;

  do {
    count = atomic_load_explicit (&victim->tail, memory_order_acquire) - head;
    if (count == 0 || count > INOS_RING)
      return 0;
    count -= count / 2;
    for (uint32_t i = 0; i < count; i++)
      atomic_store_explicit (
        &ring->cell[(tail + i) % INOS_RING],
        atomic_load_explicit (&victim->cell[(head + i) % INOS_RING], memory_order_relaxed),
        memory_order_relaxed);
  } while (!atomic_compare_exchange_weak_explicit (&victim->head, &head, head + count,
                                                   memory_order_acq_rel, memory_order_acquire));
  atomic_store (&ring->tail, tail + count);
  return count;
}
