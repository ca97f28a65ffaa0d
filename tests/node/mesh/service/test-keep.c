/*
 * A file that follows what is in memory: when it is written, and what is in it then.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/file.h"
#include "node/mesh/service/keep.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NEVER 600000u /* ms */

struct world {
  struct inos_keep *keep;
  char *path;
  int dir;
  const char *content;
  unsigned writings;
};

static GBytes *content (void *data)
{
  struct world *world = data;

  world->writings++;
  return g_bytes_new_static (world->content, strlen (world->content));
}

static int setup (void **state)
{
  struct world *world = g_new0 (struct world, 1);

  world->path = g_dir_make_tmp ("inos-keep-XXXXXX", NULL);
  world->dir = inos_dir_private (world->path, NULL);
  world->content = "one";
  world->keep = inos_keep_new (NULL, world->dir, "file", content, world);
  *state = world;
  return 0;
}

static int teardown (void **state)
{
  struct world *world = *state;
  g_autofree char *file = g_build_filename (world->path, "file", NULL);

  inos_keep_free (world->keep);
  g_remove (file);
  close (world->dir);
  g_rmdir (world->path);
  g_free (world->path);
  g_free (world);
  return 0;
}

static gboolean on_late (gpointer late)
{
  *(bool *)late = true;
  return G_SOURCE_REMOVE;
}

/* Until there have been so many writings, and the last is on the disk; half a minute at most. */
static void wait_written (struct world *world, unsigned writings, const char *expected)
{
  g_autofree char *file = g_build_filename (world->path, "file", NULL);
  bool late = false;
  guint timer = g_timeout_add (30000, on_late, &late);
  g_autofree char *found = NULL;

  while (!late && (world->writings < writings || g_strcmp0 (found, expected) != 0)) {
    g_main_context_iteration (NULL, TRUE);
    g_clear_pointer (&found, g_free);
    (void)g_file_get_contents (file, &found, NULL, NULL);
  }
  assert_false (late);
  g_source_remove (timer);
  assert_int_equal (world->writings, writings);
}

static void test_soon (void **state)
{
  struct world *world = *state;

  inos_keep_soon (world->keep, 1);
  world->content = "two";
  wait_written (world, 1, "two");
}

/* What must be there sooner does not wait for what has time, and takes it along. */
static void test_sooner (void **state)
{
  struct world *world = *state;

  inos_keep_soon (world->keep, NEVER);
  inos_keep_soon (world->keep, 1);
  inos_keep_soon (world->keep, NEVER);
  wait_written (world, 1, "one");
}

static void on_done (void *data, const GError *error)
{
  assert_null (error);
  ++*(unsigned *)data;
}

/* Who asks while it is being written is told after the next writing, one for all. */
static void test_together (void **state)
{
  struct world *world = *state;
  unsigned done = 0;

  for (unsigned i = 0; i < 5; i++)
    inos_keep_write (world->keep, on_done, &done);
  world->content = "two";
  wait_written (world, 2, "two");
  while (done < 5)
    g_main_context_iteration (NULL, TRUE);
}

static void check_file (const struct world *world, const char *expected)
{
  g_autofree char *file = g_build_filename (world->path, "file", NULL), *found = NULL;

  assert_true (g_file_get_contents (file, &found, NULL, NULL));
  assert_string_equal (found, expected);
}

/* At the end what waits behind a writing is written too. */
static void test_freed_while_writing (void **state)
{
  struct world *world = *state;
  unsigned done = 0;

  inos_keep_write (world->keep, on_done, &done);
  world->content = "two";
  inos_keep_write (world->keep, on_done, &done);
  inos_keep_soon (world->keep, NEVER);
  inos_keep_free (g_steal_pointer (&world->keep));
  assert_int_equal (done, 2);
  assert_int_equal (world->writings, 2);
  check_file (world, "two");
}

/* So is what had time. */
static void test_freed_before_its_time (void **state)
{
  struct world *world = *state;

  inos_keep_soon (world->keep, NEVER);
  inos_keep_free (g_steal_pointer (&world->keep));
  assert_int_equal (world->writings, 1);
  check_file (world, "one");
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_soon, setup, teardown),
    cmocka_unit_test_setup_teardown (test_sooner, setup, teardown),
    cmocka_unit_test_setup_teardown (test_together, setup, teardown),
    cmocka_unit_test_setup_teardown (test_freed_while_writing, setup, teardown),
    cmocka_unit_test_setup_teardown (test_freed_before_its_time, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
