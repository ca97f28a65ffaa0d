/*
 * Rates from looks that come when somebody asks: each counts from the look before, and where that
 * was a moment ago, since another asked, from the one before that.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Less time than this between two looks says little: what was before counts. */
#define INOS_PACE_LEAST (G_USEC_PER_SEC / 2)
/* More is too long ago. */
#define INOS_PACE_MOST (60 * G_USEC_PER_SEC)

struct inos_pace {
  gint64 base, last; /* µs of the monotonic clock; 0: none */
  bool moves;        /* counters go on to this look: what was the last is the base now */
  bool keeps;        /* this look is the next one's last */
  double seconds;    /* since the base; 0: there is none */
};

/* What only grows. */
struct inos_counter {
  uint64_t before, last;
  bool old;     /* there was one at the base */
  bool present; /* there was one at the last look */
};

/** inos_pace_look: begins a look at @now. */
static inline void inos_pace_look (struct inos_pace *pace, gint64 now)
{
  gint64 ago = now - pace->last;

  pace->moves = pace->last > 0 && ago >= INOS_PACE_LEAST;
  if (pace->moves)
    pace->base = ago <= INOS_PACE_MOST ? pace->last : 0;
  pace->keeps = pace->moves || pace->last == 0;
  if (pace->keeps)
    pace->last = now;
  pace->seconds = pace->base > 0 ? (double)(now - pace->base) / G_USEC_PER_SEC : 0;
}

/**
 * inos_counter_rate:
 * @fresh: what it counts began after the base, so that it began at 0
 *
 * Returns: how much a second; below 0: not known.
 */
static inline double inos_counter_rate (struct inos_counter *counter, const struct inos_pace *pace,
                                        uint64_t value, bool fresh)
{
  if (pace->moves) {
    counter->before = counter->last;
    counter->old = counter->present && pace->base > 0;
  }
  if (pace->keeps) {
    counter->last = value;
    counter->present = true;
  }
  if (pace->seconds <= 0 || (!counter->old && !fresh))
    return -1;
  uint64_t before = counter->old ? counter->before : 0;
  return value > before ? (double)(value - before) / pace->seconds : 0;
}
