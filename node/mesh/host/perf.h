/*
 * Perf: how fast a connection is. The client says in 8 bytes how much it wants back, sends as much
 * as it likes, and gets what it wanted. Only offered where a person switched it on.
 *
 * Source: libp2p/specs, perf.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"

#define INOS_PERF_PROTOCOL "/perf/1.0.0"

struct inos_perf;

/** inos_perf_new: @serve: whether peers may ask too. */
struct inos_perf *inos_perf_new (struct inos_host *host, bool serve);
void inos_perf_free (struct inos_perf *perf);

struct inos_perf_result {
  uint64_t sent, received; /* bytes */
  uint64_t duration;       /* ns, of all of it */
};
typedef void (*inos_perf_done) (void *data, const struct inos_perf_result *result,
                                const GError *error);

/** inos_perf_run: @up bytes to @peer, to whom there is a connection, then @down bytes back. */
void inos_perf_run (struct inos_perf *perf, const struct inos_peer_id *peer, uint64_t up,
                    uint64_t down, inos_perf_done done, void *data);
