/*
 * The mailbox: a queue of many producers and one consumer, which also says who schedules the cell.
 *
 * `head` is the last envelope, or NULL: the cell is idle, nobody runs it; or HELD: the queue is
 * empty, and the worker that runs the cell keeps it. Whoever puts an envelope on NULL schedules the
 * cell, so a cell is on one run queue at most. The envelope that is being handled stays in the
 * queue in plain mode: that it is last and can be swapped for NULL says in one step that nothing
 * more has come. Modelled in tests/models/mailbox.pml.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/private.h"

#include <sched.h>

#define INOS_HELD ((struct inos_envelope *)(uintptr_t)1)

static inline void inos_queue_pause (unsigned *spins)
{
  /* The producer is between two stores; give it the processor where it was taken from it. */
  if (++*spins > 64)
    sched_yield();
}

/* Returns: whether the caller has to schedule the cell. */
static inline bool inos_queue_push (struct inos_cell *cell, struct inos_envelope *e)
{
  atomic_store_explicit (&e->next, NULL, memory_order_relaxed);
  struct inos_envelope *last = atomic_exchange_explicit (&cell->head, e, memory_order_acq_rel);
  if (last == NULL) {
    atomic_store_explicit (&cell->first, e, memory_order_release);
    return true;
  }
  if (last == INOS_HELD)
    atomic_store_explicit (&cell->first, e, memory_order_release);
  else
    atomic_store_explicit (&last->next, e, memory_order_release);
  return false;
}

/* The envelope to be handled. Plain mode: the cell is scheduled, so there is one. */
static inline struct inos_envelope *inos_queue_first (struct inos_cell *cell)
{
  struct inos_envelope *e;
  unsigned spins = 0;

  while (!(e = atomic_load_explicit (&cell->first, memory_order_acquire)))
    inos_queue_pause (&spins);
  return e;
}

static inline struct inos_envelope *inos_queue_wait_next (struct inos_envelope *e)
{
  struct inos_envelope *next;
  unsigned spins = 0;

  while (!(next = atomic_load_explicit (&e->next, memory_order_acquire)))
    inos_queue_pause (&spins);
  return next;
}

/* Takes @e, the first, out of the queue and puts @instead in its place where it was the last: NULL
 * gives the cell up, and the caller may not touch it again. Returns: whether there are more. */
static inline bool inos_queue_advance (struct inos_cell *cell, struct inos_envelope *e,
                                       struct inos_envelope *instead)
{
  struct inos_envelope *next = atomic_load_explicit (&e->next, memory_order_acquire);

  if (!next) {
    struct inos_envelope *expected = e;
    atomic_store_explicit (&cell->first, NULL, memory_order_relaxed);
    if (atomic_compare_exchange_strong_explicit (&cell->head, &expected, instead,
                                                 memory_order_acq_rel, memory_order_acquire))
      return false;
    next = inos_queue_wait_next (e);
  }
  atomic_store_explicit (&cell->first, next, memory_order_relaxed);
  return true;
}

/* Held mode: whether something has come that has not been taken yet. */
static inline bool inos_queue_is_held_empty (struct inos_cell *cell)
{
  return atomic_load_explicit (&cell->head, memory_order_acquire) == INOS_HELD;
}

/* Held mode: gives the cell up. Returns: false where something has come. */
static inline bool inos_queue_release (struct inos_cell *cell)
{
  struct inos_envelope *expected = INOS_HELD;

  return atomic_compare_exchange_strong_explicit (&cell->head, &expected, NULL,
                                                  memory_order_acq_rel, memory_order_acquire);
}
