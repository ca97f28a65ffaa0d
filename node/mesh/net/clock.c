/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/clock.h"

#include <sodium.h>
#include <time.h>

/* Also goes on while the machine sleeps: what was to happen meanwhile is late then, and leases of
 * others have run out. */
static uint64_t now (void *data)
{
  struct timespec time = {0};

  clock_gettime (CLOCK_BOOTTIME, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec + 1;
}

static int64_t wall (void *data)
{
  return g_get_real_time() / 1000;
}

static void random_bytes (void *data, void *bytes, size_t len)
{
  randombytes_buf (bytes, len);
}

const struct inos_mesh_env *inos_clock_env (void)
{
  static const struct inos_mesh_env env = {.now = now, .wall = wall, .random = random_bytes};

  if (sodium_init() < 0)
    g_error ("libsodium does not start: the system gives no random numbers.");
  return &env;
}
