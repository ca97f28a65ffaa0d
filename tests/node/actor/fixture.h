/*
 * A runtime for a test: seeded by the test's own loop of seeds, or with threads. Every test ends by
 * asking that no message was lost count of.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/runtime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SEEDS 200

static inline struct inos_runtime *seeded (uint64_t seed)
{
  const struct inos_runtime_config config = {.seeded = true, .seed = seed};
  struct inos_runtime *runtime = inos_runtime_new (&config, NULL);

  assert_non_null (runtime);
  return runtime;
}

static inline struct inos_runtime *threaded (unsigned workers)
{
  const struct inos_runtime_config config = {.workers = workers};
  struct inos_runtime *runtime = inos_runtime_new (&config, NULL);

  assert_non_null (runtime);
  return runtime;
}

/* sent = handled + dead + dropped + expired, when nothing moves any more. */
static inline void assert_accounts (struct inos_runtime *runtime)
{
  struct inos_totals t;

  inos_runtime_totals (runtime, &t);
  assert_int_equal (t.sent, t.handled + t.dead + t.dropped + t.expired);
}

static inline void settle (struct inos_runtime *runtime)
{
  while (!inos_runtime_is_quiet (runtime))
    g_usleep (100);
  assert_accounts (runtime);
}

static inline void run (struct inos_runtime *runtime)
{
  inos_runtime_run (runtime, UINT64_MAX);
  assert_accounts (runtime);
}

static inline inos_actor_id spawn (struct inos_runtime *runtime,
                                   const struct inos_behaviour *behaviour, const void *argument,
                                   size_t size)
{
  const struct inos_spawn how = {
    .behaviour = behaviour, .argument = argument, .argument_size = (uint32_t)size};
  inos_actor_id id = inos_runtime_spawn (runtime, &how);

  assert_true (id != 0);
  return id;
}
