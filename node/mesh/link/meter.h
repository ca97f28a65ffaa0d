/*
 * What each protocol moves, over all connections of a host: the bytes of its streams, without what
 * carries them. Bytes of a relayed connection count twice: for the protocol, and for the relay's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/link/bucket.h"
#include "node/mesh/link/flow.h"

#define INOS_METER_PROTOCOLS_MAX 64u /* further ones count as one, "" */

struct inos_meter;

/* Bytes that wait: to be sent, or, after they came, to be done with. */
struct inos_memory {
  size_t used, max; /* max 0: as many as each connection lets wait */
};

/** inos_memory_has_room: whether @len more may wait. */
static inline bool inos_memory_has_room (const struct inos_memory *memory, size_t len)
{
  return memory->max == 0 || (memory->used <= memory->max && len <= memory->max - memory->used);
}

struct inos_usage {
  char *protocol;
  struct inos_flow out, in;
  struct inos_bucket may_send, may_receive; /* zeroed: no limit */
  struct inos_memory memory;
  bool urgent; /* goes before all that is not */
};

struct inos_meter *inos_meter_new (void);
/** inos_meter_free: takes NULL. */
void inos_meter_free (struct inos_meter *meter);
/** inos_meter_of: what counts for @protocol, as long as @meter lives. */
struct inos_usage *inos_meter_of (struct inos_meter *meter, const char *protocol);
/** inos_meter_at: (nullable): the @index'th that anything was counted for. */
const struct inos_usage *inos_meter_at (const struct inos_meter *meter, unsigned index);
