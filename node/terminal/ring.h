/*
 * The last bytes that a terminal's program has written, by their place among all that it ever has.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inos_ring {
  uint8_t *bytes;
  size_t room, most;   /* bytes: what there is, and what it may grow to; powers of two */
  uint64_t start, end; /* what is kept is [start, end) */
};

/**
 * inos_ring_init:
 * @most: bytes that are kept at most, a power of two; memory is taken as it fills
 */
void inos_ring_init (struct inos_ring *ring, size_t most);
void inos_ring_finish (struct inos_ring *ring);

/**
 * inos_ring_space:
 * @size: (inout): bytes that are wanted; bytes that there are, at least 1
 *
 * Returns: where the next bytes may be written. What is oldest there may be gone from then on.
 */
uint8_t *inos_ring_space (struct inos_ring *ring, size_t *size);

/** inos_ring_add: @size bytes have been written to what inos_ring_space() gave. */
void inos_ring_add (struct inos_ring *ring, size_t size);

/** inos_ring_put: both at once, for any @size. */
void inos_ring_put (struct inos_ring *ring, const void *bytes, size_t size);

/**
 * inos_ring_peek:
 * @at: a place from start to end
 * @size: (out): how many bytes lie there in one piece
 */
const uint8_t *inos_ring_peek (const struct inos_ring *ring, uint64_t at, size_t *size);

/** inos_ring_first_line: the place after the first line that is whole; start where nothing is lost,
 * or where no line ends soon. */
uint64_t inos_ring_first_line (const struct inos_ring *ring);
