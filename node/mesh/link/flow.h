/*
 * How much goes by: bytes since the beginning, and how many in a second now, by an average that
 * forgets exponentially (time constant INOS_FLOW_MEMORY).
 *
 * A zeroed one has seen nothing. Times are ns of struct inos_mesh_env's now.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdint.h>

#define INOS_FLOW_MEMORY (3 * UINT64_C (1000000000)) /* ns */

struct inos_flow {
  uint64_t bytes;
  double level;  /* bytes, those that are forgotten left out */
  uint64_t when; /* ns, of which level is */
};

void inos_flow_add (struct inos_flow *flow, uint64_t bytes, uint64_t now);
/** inos_flow_rate: bytes a second. */
uint64_t inos_flow_rate (const struct inos_flow *flow, uint64_t now);
