/*
 * When something was written, so that all replicas put it in the same order: a hybrid logical
 * clock. A stamp is the wall clock's milliseconds in the upper 48 bits and a counter in the lower
 * 16, and is always above each that the clock has given or seen.
 *
 * A peer's stamp that is too far ahead of this node's wall clock is refused, so that nobody writes
 * what could not be overwritten any more. One that is less far ahead pushes this clock, but not
 * further than INOS_STAMP_LEAD_MAX before the wall clock: who says such stamps all the time would
 * otherwise have those whose wall clocks are behind ours refuse what we say.
 *
 * Source: Kulkarni, Demirbas, Madappa, Avva, Leone: "Logical physical clocks", 2014.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"

#include <stdbool.h>

#define INOS_STAMP_AHEAD_MAX INT64_C (60000) /* ms that a peer's clock may be before ours */
#define INOS_STAMP_LEAD_MAX INT64_C (15000)  /* ms that peers push our clock before the wall's */

/* A zeroed one is at its beginning. */
struct inos_stamp_clock {
  uint64_t last;
};

/** inos_stamp_of: the first stamp of the wall clock's @ms; of a time before 1970, 0. */
static inline uint64_t inos_stamp_of (int64_t ms)
{
  return ms > 0 ? (uint64_t)ms << 16 : 0;
}

/** inos_stamp_ms: the wall clock's time of @stamp, ms since 1970. */
static inline int64_t inos_stamp_ms (uint64_t stamp)
{
  return (int64_t)(stamp >> 16);
}

/** inos_stamp_next: a stamp for what happens now. */
uint64_t inos_stamp_next (struct inos_stamp_clock *clock, const struct inos_mesh_env *env);
/**
 * inos_stamp_see:
 * @stamp: of a peer; what happens from now on is later, but for INOS_STAMP_LEAD_MAX
 *
 * Returns: whether it is not too far ahead; if it is, the clock stays as it was.
 */
bool inos_stamp_see (struct inos_stamp_clock *clock, const struct inos_mesh_env *env,
                     uint64_t stamp);
