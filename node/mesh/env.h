/*
 * What a protocol may know of the world. The cores of the mesh do no I/O: bytes, events and the
 * time come in, bytes, events and deadlines go out, and all else that is not a function of those
 * they get from here. So the real node, the simulator, the replayer and the fuzzers run the same
 * code.
 *
 * The rules of a core, whatever it is called:
 *
 * - It is made with an environment and a table of what it tells (its `events`), which both outlive
 *   it, and owns no socket, thread, timer or file.
 * - inos_NAME_deadline() says when it wants inos_NAME_tick() called next, in ns of env->now(), or
 *   UINT64_MAX. Ask again after every call into it. To be late does no harm but lateness.
 * - What it tells, it tells from inside a call into it, and it may be called again from there
 *   only where its header says so.
 * - Two that are given the same events at the same times with the same random numbers do the same:
 *   it walks no hash table in an order that addresses fix.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct inos_mesh_env {
  void *data;
  /* ns; monotonic, and never 0 */
  uint64_t (*now) (void *data);
  /* ms since 1970, for what others read; may jump either way */
  int64_t (*wall) (void *data);
  /* fit for keys in the real node; seeded in the simulator */
  void (*random) (void *data, void *bytes, size_t len);
};

#define INOS_NEVER UINT64_MAX

static inline uint64_t inos_env_now (const struct inos_mesh_env *env)
{
  return env->now (env->data);
}

static inline int64_t inos_env_wall (const struct inos_mesh_env *env)
{
  return env->wall (env->data);
}

static inline void inos_env_random (const struct inos_mesh_env *env, void *bytes, size_t len)
{
  env->random (env->data, bytes, len);
}

/** inos_env_below: a random number below @bound, which is not 0; without bias. */
static inline uint32_t inos_env_below (const struct inos_mesh_env *env, uint32_t bound)
{
  uint32_t least = -bound % bound, value;

  do
    env->random (env->data, &value, sizeof value);
  while (value < least);
  return value % bound;
}
