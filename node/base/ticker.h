/*
 * A timer that ticks on the whole multiples of its period, so that it does not drift and one
 * wake-up serves all.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct inos_ticker {
  int fd;
  unsigned source, period; /* ms */
  void (*tick) (int64_t now, void *data);
  void *data;
};

/** inos_ticker_init: starts nothing yet; @tick is given the time in µs, monotonic. */
void inos_ticker_init (struct inos_ticker *ticker, void (*tick) (int64_t now, void *data),
                       void *data);

/** inos_ticker_set: ticks every @period ms from now on; what it was before is forgotten. */
void inos_ticker_set (struct inos_ticker *ticker, unsigned period);

/** inos_ticker_finish: ends it; safe to call twice. */
void inos_ticker_finish (struct inos_ticker *ticker);
