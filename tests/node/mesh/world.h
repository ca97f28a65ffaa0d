/*
 * A small world for tests of cores: a clock that is set, and what happens at which time, in order.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"

#include <glib.h>
#include <stdbool.h>

#define MS G_GUINT64_CONSTANT (1000000)
#define SECOND (1000 * MS)

struct world {
  uint64_t now, seed, sequence, happened;
  GPtrArray *heap; /* struct world_event */
};

/* Random numbers and the time for one core. */
struct world_place {
  struct world *world;
  uint64_t random;
  struct inos_mesh_env env;
};

void world_init (struct world *world, uint64_t seed);
/** world_finish: what has not happened yet is dropped; its data is freed by its `drop`. */
void world_finish (struct world *world);
void world_place_init (struct world *world, struct world_place *place);
uint64_t world_random (uint64_t *state);

typedef void (*world_happens) (void *data);
/** world_at: @happens is called at @time; @drop frees @data, in any case (NULL: nobody does). */
void world_at (struct world *world, uint64_t time, world_happens happens, GDestroyNotify drop,
               void *data);
/** world_run: all that happens up to @until, which it is then. */
void world_run (struct world *world, uint64_t until);
