/*
 * What each protocol moves, over all connections of a host: the bytes of its streams, without what
 * carries them. Bytes of a relayed connection count twice: for the protocol, and for the relay's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/link/flow.h"

#define INOS_METER_PROTOCOLS_MAX 64u /* further ones count as one, "" */

struct inos_meter;

struct inos_usage {
  char *protocol;
  struct inos_flow out, in;
};

struct inos_meter *inos_meter_new (void);
/** inos_meter_free: takes NULL. */
void inos_meter_free (struct inos_meter *meter);
/** inos_meter_of: what counts for @protocol, as long as @meter lives. */
struct inos_usage *inos_meter_of (struct inos_meter *meter, const char *protocol);
/** inos_meter_at: (nullable): the @index'th that anything was counted for. */
const struct inos_usage *inos_meter_at (const struct inos_meter *meter, unsigned index);
