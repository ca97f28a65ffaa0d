/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trial.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

/* cmocka wants these first */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define LITTLE (300 * G_TIME_SPAN_MILLISECOND)

static char *folder, *path;

static int set_up (void **state)
{
  folder = g_dir_make_tmp ("inos-trial-XXXXXX", NULL);
  path = g_build_filename (folder, "session.ini", NULL);
  return 0;
}

static int tear_down (void **state)
{
  g_autofree char *lock = g_strconcat (path, ".lock", NULL);
  g_unlink (lock);
  g_unlink (path);
  g_rmdir (folder);
  g_clear_pointer (&path, g_free);
  g_clear_pointer (&folder, g_free);
  return 0;
}

static void *end_soon (void *trial)
{
  g_usleep (LITTLE);
  inos_trial_free (trial);
  return NULL;
}

static void test_one_that_ends_is_waited_for (void **state)
{
  struct inos_trial *first = inos_trial_begin (path);
  inos_trial_pass (first);
  inos_trial_end (first);
  gint64 begun = g_get_monotonic_time();
  GThread *thread = g_thread_new ("ends", end_soon, first);
  struct inos_trial *second = inos_trial_begin (path);
  g_thread_join (thread);
  assert_non_null (second);
  assert_true (g_get_monotonic_time() - begun >= LITTLE);
  assert_int_equal (inos_trial_bad (second), 0);
  assert_int_equal (inos_trial_last_end (second), INOS_TRIAL_LOGGED_OUT);
  inos_trial_free (second);
}

static void test_one_that_goes_on_is_not (void **state)
{
  struct inos_trial *first = inos_trial_begin (path);
  gint64 begun = g_get_monotonic_time();
  assert_null (inos_trial_begin (path));
  assert_true (g_get_monotonic_time() - begun < 5 * G_TIME_SPAN_SECOND);
  inos_trial_free (first);
}

static void test_whose_file_says_nothing_goes_on (void **state)
{
  static const char *const texts[] = {"", "[session]\n", "[session]\nopen=perhaps\n",
                                      "\xff[session"};
  g_autofree char *name = g_strconcat (path, ".lock", NULL);
  int lock = open (name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  assert_int_equal (flock (lock, LOCK_EX), 0);
  gint64 begun = g_get_monotonic_time();
  assert_null (inos_trial_begin (path));
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    assert_true (g_file_set_contents (path, texts[i], -1, NULL));
    assert_null (inos_trial_begin (path));
  }
  assert_true (g_get_monotonic_time() - begun < 5 * G_TIME_SPAN_SECOND);
  close (lock);
}

int main (void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_one_that_ends_is_waited_for, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_one_that_goes_on_is_not, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_whose_file_says_nothing_goes_on, set_up, tear_down),
  };
  cmocka_set_message_output (CM_OUTPUT_TAP);
  return cmocka_run_group_tests_name ("trial", tests, NULL, NULL);
}
