/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "launcher.h"

#include "crash_guard.h"
#include "language.h"
#include "test.h"

#include <glib/gstdio.h>

static void on_changed (gpointer data)
{
  ++*(guint *)data;
}

static JsonObject *find (JsonArray *list, const char *id)
{
  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonObject *app = json_array_get_object_element (list, i);

    if (g_str_equal (json_object_get_string_member (app, "id"), id))
      return app;
  }
  return NULL;
}

static char *history_path (const char *name)
{
  return g_build_filename (g_getenv ("XDG_STATE_HOME"), name, NULL);
}

static void lists_what_can_be_started (void **state)
{
  guint changes = 0;
  g_autofree char *path = history_path ("list.json");
  InosLauncher *launcher = inos_launcher_create (inos_history_load (path), on_changed, &changes);
  g_autoptr (JsonNode) node = inos_launcher_list (launcher);
  JsonArray *list = json_node_get_array (node);
  JsonObject *plain = find (list, "inos-test-plain.desktop");

  assert_non_null (plain);
  assert_null (find (list, "inos-test-hidden.desktop"));
  assert_null (find (list, "inos-test-gone.desktop"));
  assert_string_equal (json_object_get_string_member (plain, "name"), "Plain");
  assert_string_equal (json_object_get_string_member (plain, "description"), "Does nothing");
  assert_string_equal (json_object_get_string_member (plain, "program"), "true");
  assert_int_equal (json_array_get_length (json_object_get_array_member (plain, "keywords")), 2);
  assert_int_equal (json_array_get_length (json_object_get_array_member (plain, "actions")), 1);
  assert_int_equal (json_object_get_int_member (plain, "recent"), -1);
  inos_launcher_destroy (launcher);
}

static void starts_and_remembers (void **state)
{
  guint changes = 0;
  g_autofree char *path = history_path ("start.json");
  InosLauncher *launcher = inos_launcher_create (inos_history_load (path), on_changed, &changes);
  g_autoptr (GAppLaunchContext) context = g_app_launch_context_new();
  g_autoptr (InosHistory) written = NULL;

  assert_true (inos_launcher_launch (launcher, "inos-test-plain.desktop", NULL, context, NULL));
  assert_int_equal (changes, 1);
  written = inos_history_load (path);
  assert_int_equal (inos_history_rank (written, "inos-test-plain.desktop"), 0);
  inos_launcher_destroy (launcher);
}

static void refuses_what_is_not_there (void **state)
{
  static const char *const ids[] = {"none.desktop", "inos-test-gone.desktop",
                                    "true",         "../x.desktop",
                                    "/bin/true",    "inos-test-plain"};
  guint changes = 0;
  g_autofree char *path = history_path ("refuse.json");
  InosLauncher *launcher = inos_launcher_create (inos_history_load (path), on_changed, &changes);
  g_autoptr (GAppLaunchContext) context = g_app_launch_context_new();

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (GError) error = NULL;

    assert_false (inos_launcher_launch (launcher, ids[i], NULL, context, &error));
    assert_non_null (error);
  }
  assert_false (
    inos_launcher_launch (launcher, "inos-test-plain.desktop", "no-action", context, NULL));
  assert_int_equal (changes, 0);
  assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  inos_launcher_destroy (launcher);
}

static void keeps_its_own_environment (void **state)
{
  g_autoptr (GAppLaunchContext) context = g_app_launch_context_new();
  g_auto (GStrv) environment = NULL;

  g_setenv ("NOTIFY_SOCKET", "/x", TRUE);
  g_setenv ("INOS_CONTROL_FD", "7", TRUE);
  g_setenv ("WAYLAND_SOCKET", "8", TRUE);
  g_setenv ("WAYLAND_DISPLAY", "wayland-9", TRUE);
  inos_launcher_clean_environment (context);
  environment = g_app_launch_context_get_environment (context);
  assert_null (g_environ_getenv (environment, "NOTIFY_SOCKET"));
  assert_null (g_environ_getenv (environment, "INOS_CONTROL_FD"));
  assert_null (g_environ_getenv (environment, "WAYLAND_SOCKET"));
  assert_string_equal (g_environ_getenv (environment, "WAYLAND_DISPLAY"), "wayland-9");
}

static void history_is_bounded_and_newest_first (void **state)
{
  g_autofree char *path = history_path ("bounded.json");
  g_autoptr (InosHistory) history = inos_history_load (path);
  g_autoptr (InosHistory) again = NULL;

  for (int i = 0; i < INOS_HISTORY_MAX + 3; i++) {
    g_autofree char *id = g_strdup_printf ("%d.desktop", i);

    inos_history_add (history, id);
  }
  inos_history_add (history, "10.desktop");
  again = inos_history_load (path);
  assert_int_equal (inos_history_rank (again, "10.desktop"), 0);
  assert_int_equal (inos_history_rank (again, "66.desktop"), 1);
  assert_int_equal (inos_history_rank (again, "2.desktop"), -1);
}

static void broken_history_is_begun_anew (void **state)
{
  static const char *const texts[] = {"{", "[]", "{\"recent\":7}", "{} {}", ""};
  g_autofree char *path = history_path ("broken.json");

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (InosHistory) history = NULL;

    assert_true (g_file_set_contents (path, texts[i], -1, NULL));
    g_test_expect_message ("inos-shell", G_LOG_LEVEL_WARNING, "*begun anew*");
    history = inos_history_load (path);
    g_test_assert_expected_messages();
    assert_int_equal (inos_history_rank (history, "a"), -1);
  }
}

static void gives_up_after_three_crashes (void **state)
{
  InosCrashGuard guard = {0};
  guint delay, later;

  assert_true (inos_crash_guard_count (&guard, 1 * G_TIME_SPAN_SECOND, &delay));
  assert_true (inos_crash_guard_count (&guard, 2 * G_TIME_SPAN_SECOND, &later));
  assert_true (later > delay);
  assert_false (inos_crash_guard_count (&guard, 3 * G_TIME_SPAN_SECOND, &delay));
  inos_crash_guard_reset (&guard);
  for (int i = 1; i < 9; i++)
    assert_true (inos_crash_guard_count (&guard, i * 8 * G_TIME_SPAN_SECOND, &delay));
}

static void names_languages_as_the_web_does (void **state)
{
  static const char *const pairs[][2] = {
    {"de_AT.UTF-8", "de-AT"},
    {"zh_CN", "zh-CN"},
    {"sr_RS@latin", "sr-RS"},
    {"C", "en"},
    {"C.UTF-8", "en"},
    {"POSIX", "en"},
    {"", "en"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autofree char *tag = inos_language_to_tag (pairs[i][0]);

    assert_string_equal (tag, pairs[i][1]);
  }
  assert_true (inos_language_is_rtl ("ar_EG.UTF-8"));
  assert_true (inos_language_is_rtl ("he"));
  assert_false (inos_language_is_rtl ("arn"));
  assert_false (inos_language_is_rtl ("de_DE"));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (lists_what_can_be_started),
    cmocka_unit_test (starts_and_remembers),
    cmocka_unit_test (refuses_what_is_not_there),
    cmocka_unit_test (keeps_its_own_environment),
    cmocka_unit_test (history_is_bounded_and_newest_first),
    cmocka_unit_test (broken_history_is_begun_anew),
    cmocka_unit_test (gives_up_after_three_crashes),
    cmocka_unit_test (names_languages_as_the_web_does),
  };
  g_autofree char *data = g_build_filename (g_getenv ("TEST_SOURCE"), NULL);
  g_autofree char *folder = g_dir_make_tmp ("inos-launcher-XXXXXX", NULL);

  /* Before GLib looks at them for the first time. */
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_setenv ("XDG_STATE_HOME", folder, TRUE);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
