/*
 * What one who looks at all actors remembers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/health_private.h"

#include <string.h>

/* One for each cell. */
struct inos_seen {
  uint32_t generation; /* 0: nobody */
  uint32_t delta;      /* handled in the interval */
  uint64_t handled;
};

struct inos_health {
  struct inos_runtime *runtime;
  uint64_t looked, interval;
  struct inos_totals totals, before;
  struct inos_seen *seen;
  uint32_t room;
  GHashTable *busy, *busy_before; /* id → id and ns; see inos_samples_add() */
};

struct inos_cell *inos_health_cell (struct inos_runtime *runtime, uint32_t index);
/* ns in the interval */
uint64_t inos_health_busy (struct inos_health *health, inos_actor_id id);
