/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/stamp.h"

uint64_t inos_stamp_next (struct inos_stamp_clock *clock, const struct inos_mesh_env *env)
{
  clock->last = MAX (clock->last + 1, inos_stamp_of (inos_env_wall (env)));
  return clock->last;
}

bool inos_stamp_see (struct inos_stamp_clock *clock, const struct inos_mesh_env *env,
                     uint64_t stamp)
{
  int64_t wall = inos_env_wall (env);

  if (stamp > inos_stamp_of (wall + INOS_STAMP_AHEAD_MAX))
    return false;
  clock->last = MAX (clock->last, MIN (stamp, inos_stamp_of (wall + INOS_STAMP_LEAD_MAX)));
  return true;
}
