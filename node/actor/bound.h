/*
 * How full a mailbox is: what senders have taken of it less what its worker has given back.
 *
 * The two are words of their own, so that the worker, which alone gives back, needs no locked
 * operation for it. Where it has to see what somebody else writes at the same moment (that a sender
 * waits), the other one pays: it makes every processor order its reads and writes, by
 * membarrier(2). Where the kernel has not got that, or the mailbox is closed and the last message
 * counts, the worker does a locked operation after all. Modelled, with all of it in order, in
 * tests/models/bounded.pml.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"

#include <linux/membarrier.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#define INOS_CLOSED (1u << 31)
#define INOS_BOUND_COUNT (INOS_CLOSED - 1) /* both words count modulo this, plus one */

/* A cell that has a bound keeps it for its next actor, so that an envelope that comes late is still
 * counted where it was. */
struct inos_bound {
  _Atomic uint32_t taken; /* by senders; and INOS_CLOSED */
  _Atomic uint32_t given; /* back, by the worker, or with the lock held */
  _Atomic uint32_t capacity;
  _Atomic uint32_t on_full; /* enum inos_on_full */
  _Atomic uint32_t block_timeout_ms;
  pthread_mutex_t lock; /* held by who pops where the oldest may be dropped; guards the waiters */
  _Atomic uint32_t waiting;
  struct inos_waiter *waiters;
  _Atomic (const struct inos_route *) pool; /* takes what comes when it is closed; NULL: none */
};

static inline bool inos_bound_is_closed (struct inos_bound *bound)
{
  return atomic_load (&bound->taken) & INOS_CLOSED;
}

/* Counted envelopes in the mailbox. A moment may lie between the two looks: then fewer. */
static inline uint32_t inos_bound_length (struct inos_bound *bound)
{
  uint32_t taken = atomic_load (&bound->taken);
  uint32_t length = (taken - atomic_load (&bound->given)) & INOS_BOUND_COUNT;

  return length > INOS_BOUND_COUNT / 2 ? 0 : length;
}

/* Whether it is worth telling those who wait: there is much room again, or never. */
static inline bool inos_bound_has_low_water (struct inos_bound *bound)
{
  return inos_bound_is_closed (bound) ||
         inos_bound_length (bound) <= atomic_load (&bound->capacity) / 2;
}

/* Whether there was room for one more, which is now taken. Never where it is closed. */
static inline bool inos_bound_take (struct inos_bound *bound)
{
  uint32_t taken = atomic_load_explicit (&bound->taken, memory_order_relaxed);
  uint32_t capacity = atomic_load_explicit (&bound->capacity, memory_order_relaxed);

  while (!(taken & INOS_CLOSED)) {
    uint32_t given = atomic_load_explicit (&bound->given, memory_order_acquire);
    if (((taken - given) & INOS_BOUND_COUNT) < capacity) {
      if (atomic_compare_exchange_weak (&bound->taken, &taken, (taken + 1) & INOS_BOUND_COUNT))
        return true;
    } else { /* full, unless `given` is of later than `taken` */
      uint32_t now = atomic_load (&bound->taken);
      if (now == taken)
        return false;
      taken = now;
    }
  }
  return false;
}

/* Takes back what inos_bound_take() took. Returns: whether it is closed and empty now. */
static inline bool inos_bound_take_back (struct inos_bound *bound)
{
  uint32_t taken = atomic_load (&bound->taken), less;

  do
    less = ((taken - 1) & INOS_BOUND_COUNT) | (taken & INOS_CLOSED);
  while (!atomic_compare_exchange_weak (&bound->taken, &taken, less));
  return less & INOS_CLOSED && ((less - atomic_load (&bound->given)) & INOS_BOUND_COUNT) == 0;
}

/* Gives one place back, in the worker's turn or with the lock held. Returns: whether it is closed
 * and empty now. */
static inline bool inos_bound_give (struct inos_bound *bound, bool has_barriers)
{
  uint32_t given = atomic_load_explicit (&bound->given, memory_order_relaxed);
  uint32_t taken = atomic_load_explicit (&bound->taken, memory_order_relaxed);

  given = (given + 1) & INOS_BOUND_COUNT;
  if (__builtin_expect (has_barriers && !(taken & INOS_CLOSED), 1)) {
    atomic_store_explicit (&bound->given, given, memory_order_release);
    atomic_signal_fence (memory_order_seq_cst);
    return false;
  }
  atomic_exchange (&bound->given, given);
  taken = atomic_load (&bound->taken);
  return taken & INOS_CLOSED && ((taken - given) & INOS_BOUND_COUNT) == 0;
}

/* Once for each runtime. Returns: whether there are barriers. */
static inline bool inos_barriers_init (void)
{
  return syscall (SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}

/* Every worker has written what it wrote before, and reads anew what it reads after. */
static inline void inos_barrier_for_all (bool has_barriers)
{
  if (has_barriers && syscall (SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) != 0)
    g_error ("membarrier: it is registered, but does not work.");
}
