/*
 * Taking an actor out of its pool without losing a message.
 *
 * Its mailbox is closed by a bit beside the length. Whoever puts a message in takes room first, by
 * a compare and swap of the same word, and looks then whether the actor is still the one it meant.
 * So a message is either counted before the mailbox was closed, and the actor does not end before
 * it is handled, or it is not let in, and goes to another member. In turn the actor ends when it is
 * closed and empty, and waits neither for a reply nor for room in another's mailbox.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"

static bool drains (struct inos_cell *cell)
{
  return atomic_load_explicit (&cell->flags, memory_order_relaxed) & INOS_C_DRAINS;
}

/* In the actor's own turn. Only an actor with a bound is drained. */
void inos_drain_begin (struct inos_worker *worker, struct inos_cell *cell)
{
  struct inos_bound *bound = atomic_load_explicit (&cell->bound, memory_order_acquire);

  atomic_fetch_or (&cell->flags, INOS_C_DRAINS);
  atomic_fetch_or (&bound->taken, INOS_CLOSED);
  inos_waiters_wake (worker, cell);
  inos_drain_look (worker, cell);
}

/* Has the actor look, after what it is handling, whether it may end. From any thread. */
void inos_drain_look (struct inos_worker *worker, struct inos_cell *cell)
{
  if (UNLIKELY (drains (cell)))
    inos_signal (worker, inos_id_of (cell), INOS_SIGNAL_DRAINED, 0, (struct inos_exit){0});
}

/* In the actor's own turn: whether it may end, which is said once. */
bool inos_is_drained (struct inos_cell *cell)
{
  struct inos_bound *bound = atomic_load_explicit (&cell->bound, memory_order_acquire);
  const struct inos_extra *extra = cell->extra;

  if (!drains (cell) || !inos_bound_is_closed (bound) || inos_bound_length (bound) > 0 ||
      (extra && (extra->blocked_on || extra->pending_count > 0)))
    return false;
  atomic_fetch_and (&cell->flags, ~(uint32_t)INOS_C_DRAINS);
  return true;
}
