/*
 * One reader of the arena: the eventfd that it hears by, and the socket by which either side knows
 * that the other is gone, and by which the reader says what it wants.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What a reader says, in one packet. */
struct inos_arena_want {
  uint32_t tables;   /* bit n: table n */
  uint32_t interval; /* ms: not to be told more often; see inos_interval_grant() */
};

struct inos_lease {
  int event, socket; /* ours; -1: free */
  struct inos_arena_want want;
  uint64_t waiting; /* signals that it has not taken, as of the last look */
  int64_t due;      /* µs, monotonic: when it is told next */
  uint32_t news;    /* tables with a new epoch of which it has not been told */
};

enum inos_lease_said {
  INOS_LEASE_NOTHING,
  INOS_LEASE_WANT,
  INOS_LEASE_GONE, /* or it said what cannot be */
};

/** inos_lease_init: a free place. */
void inos_lease_init (struct inos_lease *lease);

/**
 * inos_lease_open:
 * @lease: a free place
 * @event: (out): the reader's eventfd
 * @socket: (out): the reader's end; both are the caller's
 *
 * Returns: whether there were descriptors for it.
 */
bool inos_lease_open (struct inos_lease *lease, int *event, int *socket);

/** inos_lease_close: makes the place free; its reader sees that. */
void inos_lease_close (struct inos_lease *lease);

/** inos_lease_is_open: whether somebody has it. */
static inline bool inos_lease_is_open (const struct inos_lease *lease)
{
  return lease->socket >= 0;
}

/** inos_lease_read: what the reader said, one packet at most; a want is in the lease then. */
enum inos_lease_said inos_lease_read (struct inos_lease *lease);

/** inos_lease_look: counts the signals that its reader has not taken, and leaves them there. */
void inos_lease_look (struct inos_lease *lease);

/** inos_lease_signal: there is a new epoch. */
void inos_lease_signal (struct inos_lease *lease);
