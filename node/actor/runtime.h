/*
 * A runtime: the workers that run actors, and the actors. There may be many in one process.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"

struct inos_runtime_config {
  unsigned workers; /* threads; 0: one per processor that this process may use */
  bool seeded;      /* no thread: inos_runtime_run() does everything, in an order that `seed` fixes,
                     * on a virtual clock that starts at 0 */
  uint64_t seed;
  size_t memory_max;        /* bytes for actors, envelopes and payloads; 0: no bound */
  uint32_t actors_max;      /* 0: 16 million */
  unsigned compute_threads; /* of the compute pool, up to 64; 0: one per processor, at least 2 */
  uint32_t compute_queue;   /* tasks that may wait for one of them; 0: 1024 */
  uint32_t dead_letters;    /* how many are kept to be looked at; 0: 256 */
};

/* Sums over all workers; a moment may lie between two of them. Once nothing runs,
 * sent == handled + dead + dropped + expired. */
struct inos_totals {
  uint64_t sent, handled, dead, dropped, expired;
  uint64_t spawned, stopped; /* actors */
  uint64_t parks, steals;    /* of workers: how often one went to sleep, took work of another */
  uint64_t memory;           /* bytes for actors, envelopes and payloads */
  uint64_t latency[40]; /* messages that waited from 2^(n-1) up to 2^n ns; [0]: less than 1 ns */
};

/**
 * inos_runtime_new:
 * @config: (nullable): all zero is a good default
 *
 * Returns: (transfer full): a runtime that runs, or NULL where a thread or memory cannot be had.
 */
struct inos_runtime *inos_runtime_new (const struct inos_runtime_config *config, GError **error);

/**
 * inos_runtime_free:
 *
 * Stops every actor as inos_stop() does with INOS_EXIT_SHUTDOWN, kills those that are there after
 * @timeout ns, and frees everything. Not from an actor. Takes NULL.
 */
void inos_runtime_free (struct inos_runtime *runtime, uint64_t timeout);

/**
 * inos_runtime_run:
 * @until: ns of the virtual clock
 *
 * Seeded runtimes: handles messages in the seed's order and lets timers come due, until nothing is
 * left to do before @until. UINT64_MAX: until nothing is left at all.
 *
 * Returns: the clock.
 */
uint64_t inos_runtime_run (struct inos_runtime *runtime, uint64_t until);

/** inos_runtime_totals: sums the counters. */
void inos_runtime_totals (struct inos_runtime *runtime, struct inos_totals *totals);
/** inos_runtime_is_quiet: whether no actor has anything to do, and no worker and no thread of the
 * compute pool is busy. */
bool inos_runtime_is_quiet (struct inos_runtime *runtime);
