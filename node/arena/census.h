/*
 * All actors of the runtime as rows of the arena: looks at them, and keeps what the look needs from
 * one time to the next.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/arena/supervised.h"

struct inos_census;

struct inos_census *inos_census_new (struct inos_runtime *runtime);
void inos_census_free (struct inos_census *census); /* takes NULL */

/**
 * inos_census_take:
 * @census: a census, which counts rates since the last one
 * @children: what supervisors say
 * @count: (out): rows, which may be more than a table has room for
 *
 * Outside of any turn, so that no actor of the edge is in the middle of one.
 *
 * Returns: the rows, valid until the next one.
 */
const struct inos_arena_actors *inos_census_take (struct inos_census *census,
                                                  const struct inos_supervised *children,
                                                  uint32_t *count);
