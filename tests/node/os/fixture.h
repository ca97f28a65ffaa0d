/*
 * A runtime with an edge on the test's own thread, and an actor there that remembers what came to
 * it. Every test ends by asking that no message was lost count of, no descriptor left open and no
 * child left behind.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/edge.h"
#include "node/os/stream.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#define PATIENCE (20 * G_USEC_PER_SEC)

struct world {
  struct inos_runtime *runtime;
  struct inos_edge *edge;
  int fds; /* open before */
};

static inline int count_fds (void)
{
  DIR *dir = opendir ("/proc/self/fd");
  int count = 0;

  while (readdir (dir))
    count++;
  closedir (dir);
  return count;
}

/* For who wonders what was left open. */
static inline void show_fds (void)
{
  for (int fd = 0; fd < 256; fd++) {
    g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
    g_autofree char *target = g_file_read_link (path, NULL);
    if (target)
      print_message ("descriptor %d: %s\n", fd, target);
  }
}

static inline void world_begin (struct world *world)
{
  const struct inos_runtime_config config = {.workers = 2};

  g_main_context_iteration (NULL, FALSE); /* which opens a descriptor of its own */
  world->fds = count_fds();
  world->runtime = inos_runtime_new (&config, NULL);
  assert_non_null (world->runtime);
  world->edge = inos_edge_new (world->runtime, NULL, NULL);
  assert_non_null (world->edge);
}

/* Lets the edge run until *@what is at least @least. */
static inline void run_until (const uint64_t *what, uint64_t least)
{
  gint64 until = g_get_monotonic_time() + PATIENCE;

  while (*(const volatile uint64_t *)what < least && g_get_monotonic_time() < until)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (200);
  assert_true (*what >= least);
}

static inline void run_for (unsigned milliseconds)
{
  gint64 until = g_get_monotonic_time() + milliseconds * 1000;

  while (g_get_monotonic_time() < until)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (200);
}

static inline uint64_t living (struct inos_runtime *runtime)
{
  struct inos_totals totals;

  inos_runtime_totals (runtime, &totals);
  return totals.spawned - totals.stopped;
}

static inline void run_until_living (struct inos_runtime *runtime, uint64_t count)
{
  gint64 until = g_get_monotonic_time() + PATIENCE;

  while (living (runtime) != count && g_get_monotonic_time() < until)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (200);
  assert_int_equal (living (runtime), count);
}

static inline void assert_no_child (void)
{
  assert_int_equal (waitpid (-1, NULL, WNOHANG), -1);
  assert_int_equal (errno, ECHILD);
}

static inline void world_end (struct world *world)
{
  struct inos_totals t;
  gint64 until = g_get_monotonic_time() + PATIENCE;

  while (!inos_runtime_is_quiet (world->runtime) && g_get_monotonic_time() < until)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (200);
  inos_runtime_totals (world->runtime, &t);
  assert_int_equal (t.sent, t.handled + t.dead + t.dropped + t.expired);
  inos_edge_free (world->edge);
  inos_runtime_free (world->runtime, 5 * INOS_SECOND);
  assert_no_child();
  if (count_fds() != world->fds)
    show_fds();
  assert_int_equal (count_fds(), world->fds);
}
