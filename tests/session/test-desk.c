/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rolls of open windows: what is written is read again, and what nobody should have written. */
#include "desk_apps.h"
#include "desk_file.h"
#include "trial.h"

/* cmocka wants these first */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib/gstdio.h>
#include <string.h>

#define WINDOW(n, more)                                                                            \
  "[window " n "]\napp-id=foot\nprogram=7\nworkspace=0\nx=1\ny=2\nwidth=30\nheight=40\n" more

static GPtrArray *parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *windows = inos_desk_parse (text, strlen (text), &error);
  if (windows == NULL)
    assert_non_null (error);
  return windows;
}

static void test_is_read_as_it_was_written (void **state)
{
  g_autoptr (GPtrArray) windows = inos_desk_new();
  static const char *const names[] = {"foot", "Odd [name]\n=; \\", "أ"};
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    struct inos_desk_window *window = g_new0 (struct inos_desk_window, 1);
    *window = (struct inos_desk_window){.app_id = g_strdup (names[i]),
                                        .program = 100 + i,
                                        .workspace = i,
                                        .x = -40,
                                        .y = 50,
                                        .width = 600,
                                        .height = 400,
                                        .maximized = i == 0,
                                        .on_top = i == 0,
                                        .sticky = i == 1};
    g_ptr_array_add (windows, window);
  }
  gsize length;
  g_autofree char *text = inos_desk_format (windows, &length);
  g_autoptr (GPtrArray) again = inos_desk_parse (text, length, NULL);
  assert_int_equal (again->len, 3);
  for (guint i = 0; i < 3; i++) {
    const struct inos_desk_window *window = g_ptr_array_index (again, i);
    assert_string_equal (window->app_id, names[i]);
    assert_int_equal (window->program, 100 + i);
    assert_int_equal (window->workspace, i);
    assert_int_equal (window->x, -40);
    assert_int_equal (window->height, 400);
    assert_int_equal (window->sticky, i == 1);
  }
  g_autofree char *words = inos_desk_window_words (g_ptr_array_index (again, 0));
  assert_string_equal (words, "maximized on-top");
}

static void test_what_cannot_be_is_left_out (void **state)
{
  static const char *const wrong[] = {
    "[window 1]\napp-id=foot\n",
    "[window 1]\napp-id=\nprogram=7\nworkspace=0\nx=1\ny=2\nwidth=30\nheight=40\n",
    WINDOW ("1", "workspace=16\n"),
    WINDOW ("1", "workspace=-1\n"),
    WINDOW ("1", "width=0\n"),
    WINDOW ("1", "height=16385\n"),
    WINDOW ("1", "x=99999999999999999999\n"),
    WINDOW ("1", "y=-65537\n"),
    WINDOW ("1", "program=-1\n"),
    WINDOW ("1", "x=rm -rf\n"),
  };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *text = g_strconcat (wrong[i], WINDOW ("2", ""), NULL);
    g_autoptr (GPtrArray) windows = parse (text);
    assert_non_null (windows);
    if (windows->len != 1)
      fail_msg ("%u windows of\n%s", windows->len, text);
  }
  g_autofree char *name = g_strnfill (INOS_DESK_MAX_APP_ID + 1, 'a');
  g_autofree char *text = g_strdup_printf (WINDOW ("1", "app-id=%s\n"), name);
  g_autoptr (GPtrArray) windows = parse (text);
  assert_int_equal (windows->len, 0);
}

static void test_no_more_than_there_may_be (void **state)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (int i = 0; i < INOS_DESK_MOST + 10; i++)
    g_string_append_printf (text, WINDOW ("%d", ""), i);
  g_autoptr (GPtrArray) windows = parse (text->str);
  assert_int_equal (windows->len, INOS_DESK_MOST);
  while (text->len <= INOS_DESK_MAX_TEXT)
    g_string_append (text, "# nothing\n");
  assert_null (parse (text->str));
  assert_null (parse ("no key file"));
  g_autoptr (GPtrArray) none = parse ("");
  assert_int_equal (none->len, 0);
}

static void test_files (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("inos-desk-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "windows.ini", NULL);
  g_autoptr (GPtrArray) none = inos_desk_load (path, NULL);
  assert_int_equal (none->len, 0);
  assert_true (g_file_set_contents (path, WINDOW ("1", ""), -1, NULL));
  g_autoptr (GPtrArray) one = inos_desk_load (path, NULL);
  assert_int_equal (one->len, 1);
  /* However long it is, no more is read than there may be. */
  g_autoptr (GError) error = NULL;
  assert_null (inos_desk_load ("/dev/zero", &error));
  assert_non_null (error);
  g_unlink (path);
  g_rmdir (folder);
}

/* What a window says of itself is looked up among what is installed, and nothing else. */
static void test_programs (void **state)
{
  static const struct {
    const char *app_id;
    unsigned program;
  } of[] = {
    {"org.inos.TestOne", 1},
    {"org.inos.TestOne", 1},
    {"two", 2},
    {"two", 2},
    {"two", 3},
    {"Three-Class", 4},
    {"../two", 5},
    {"/bin/sh", 6},
    {"two.desktop", 7},
    {"sh -c reboot", 8},
    {"hidden", 9},
    {"TWO", 10},
  };
  static const char *const wanted[] = {"org.inos.TestOne.desktop",
                                       "org.inos.TestOne.desktop",
                                       "two.desktop",
                                       "two.desktop",
                                       "three.desktop",
                                       "two.desktop"};
  g_autoptr (GPtrArray) windows = inos_desk_new();
  for (gsize i = 0; i < G_N_ELEMENTS (of); i++) {
    struct inos_desk_window *window = g_new0 (struct inos_desk_window, 1);
    *window =
      (struct inos_desk_window){.app_id = g_strdup (of[i].app_id), .program = of[i].program};
    g_ptr_array_add (windows, window);
  }
  g_autoptr (GPtrArray) ids = inos_desk_programs (windows);
  for (guint i = 0; i < MIN (ids->len, G_N_ELEMENTS (wanted)); i++)
    assert_string_equal (g_ptr_array_index (ids, i), wanted[i]);
  assert_int_equal (ids->len, G_N_ELEMENTS (wanted));
}

/* Installed for this test alone: GLib reads the folder when it first looks. */
static int install_programs (void **state)
{
  static const struct {
    const char *name, *more;
  } entries[] = {
    {"org.inos.TestOne", ""},
    {"two", ""},
    {"three", "StartupWMClass=Three-Class\n"},
    {"hidden", "NoDisplay=true\n"},
  };
  g_autofree char *top = g_dir_make_tmp ("inos-desk-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (top, "applications", NULL);
  g_setenv ("XDG_DATA_HOME", top, TRUE);
  g_setenv ("XDG_DATA_DIRS", "/nonexistent", TRUE);
  if (g_mkdir (folder, 0700) < 0)
    return -1;
  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++) {
    g_autofree char *path = g_strdup_printf ("%s/%s.desktop", folder, entries[i].name);
    g_autofree char *text =
      g_strdup_printf ("[Desktop Entry]\nType=Application\nName=%s\nExec=/bin/true\n%s",
                       entries[i].name, entries[i].more);
    if (!g_file_set_contents (path, text, -1, NULL))
      return -1;
  }
  *state = g_steal_pointer (&top);
  return 0;
}

static int remove_programs (void **state)
{
  g_autofree char *top = *state;
  g_autofree char *command = g_strdup_printf ("rm -r '%s'", top);
  return g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL) ? 0 : -1;
}

/* What counts as a bad start. */
static void test_trials (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("inos-trial-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "deep", "session.ini", NULL);
  for (unsigned bad = 0; bad < 4; bad++) {
    struct inos_trial *trial = inos_trial_begin (path);
    assert_int_equal (inos_trial_bad (trial), bad);
    assert_int_equal (inos_trial_last_end (trial),
                      bad == 0 ? INOS_TRIAL_LOGGED_OUT : INOS_TRIAL_CUT_OFF);
    inos_trial_free (trial);
  }
  struct inos_trial *well = inos_trial_begin (path);
  inos_trial_pass (well);
  inos_trial_free (well); /* and then the machine is switched off */
  struct inos_trial *next = inos_trial_begin (path);
  assert_int_equal (inos_trial_bad (next), 0);
  assert_int_equal (inos_trial_last_end (next), INOS_TRIAL_CUT_OFF);
  /* While it runs, another session of the same person has no say. */
  assert_null (inos_trial_begin (path));
  inos_trial_end (next); /* a log-out, but of a desktop that was never there */
  inos_trial_free (next);
  struct inos_trial *last = inos_trial_begin (path);
  assert_int_equal (inos_trial_bad (last), 1);
  assert_int_equal (inos_trial_last_end (last), INOS_TRIAL_LOGGED_OUT);
  inos_trial_free (last);
  g_unlink (path);
  *strrchr (path, '/') = '\0';
  g_rmdir (path);
  g_rmdir (folder);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_is_read_as_it_was_written),
    cmocka_unit_test (test_what_cannot_be_is_left_out),
    cmocka_unit_test (test_no_more_than_there_may_be),
    cmocka_unit_test (test_files),
    cmocka_unit_test_setup_teardown (test_programs, install_programs, remove_programs),
    cmocka_unit_test (test_trials),
  };
  cmocka_set_message_output (CM_OUTPUT_TAP);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
