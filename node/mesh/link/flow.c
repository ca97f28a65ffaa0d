/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/mesh/link/flow.h"

#include <math.h>

#define SECOND 1e9
#define STEP UINT64_C (100000000) /* ns: what comes within one is not told apart */

static double fade (const struct inos_flow *flow, uint64_t now)
{
  return flow->level * exp (-(double)(now - flow->when) / (double)INOS_FLOW_MEMORY);
}

void inos_flow_add (struct inos_flow *flow, uint64_t bytes, uint64_t now)
{
  if (now - flow->when >= STEP) {
    flow->level = fade (flow, now);
    flow->when = now;
  }
  flow->level += (double)bytes;
  flow->bytes += bytes;
}

uint64_t inos_flow_rate (const struct inos_flow *flow, uint64_t now)
{
  return (uint64_t)(fade (flow, now) * SECOND / (double)INOS_FLOW_MEMORY);
}
