/*
 * How long one may still be kept waiting by strangers: so much at once, and so much more as time
 * goes by. The longest wait each would be borne; all together would leave nothing else done.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#define INOS_PATIENCE_ONCE (2 * G_USEC_PER_SEC) /* for one */
#define INOS_PATIENCE_ALL (4 * G_USEC_PER_SEC)  /* for all; comes back within a minute */
/* Less is not worth asking: whoever answers at all mostly does by then. */
#define INOS_PATIENCE_LEAST (G_USEC_PER_SEC / 100)

/* Zero: nobody was waited for yet. */
struct inos_patience {
  gint64 spent, since; /* µs; of the monotonic clock */
};

/**
 * inos_patience_left:
 * @now: µs of the monotonic clock, as in the next
 *
 * Returns: µs that one may wait for now; 0: not at all
 */
static inline gint64 inos_patience_left (struct inos_patience *patience, gint64 now)
{
  gint64 regained = (now - patience->since) / (60 * G_USEC_PER_SEC / INOS_PATIENCE_ALL);
  gint64 left;

  if (regained > 0) {
    patience->spent = MAX (patience->spent - regained, 0);
    patience->since = now;
  }
  left = MIN (INOS_PATIENCE_ALL - patience->spent, INOS_PATIENCE_ONCE);
  return left >= INOS_PATIENCE_LEAST ? left : 0;
}

/** inos_patience_spend: @waited µs. */
static inline void inos_patience_spend (struct inos_patience *patience, gint64 waited)
{
  patience->spent += waited;
}
