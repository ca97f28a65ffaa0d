/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "app/settings_permits.h"
#include "portal/chooser_view.h"
#include "portal/pictures.h"
#include "portal/portal_access.h"
#include "portal/portal_pause.h"
#include "portal/portal_settings.h"

#include "test.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean matches (const char *pattern, const char *name)
{
  const char *const patterns[] = {"org.example", pattern, NULL};

  return inos_portal_settings_matches (patterns, name);
}

static void namespaces (void **state)
{
  static const char *const none[] = {NULL};

  assert_true (inos_portal_settings_matches (none, "org.a"));
  assert_true (matches ("", "org.a"));
  assert_true (matches ("org.a", "org.a"));
  assert_true (matches ("org.*", "org.a"));
  assert_true (matches ("*", "org.a"));
  assert_false (matches ("org.b", "org.a"));
  assert_false (matches ("org.a.*", "org.a"));
  assert_false (matches ("org", "org.a"));
  assert_false (matches ("org.a*b", "org.a"));
}

/* What is not known is none: it is refused. */
static void devices (void **state)
{
  assert_string_equal (inos_portal_access_capability ("camera-web-symbolic"), "device.camera");
  assert_string_equal (inos_portal_access_capability ("find-location-symbolic"), "device.location");
  assert_null (inos_portal_access_capability ("camera-web"));
  assert_null (inos_portal_access_capability (""));
  assert_null (inos_portal_access_capability (NULL));
}

/* Who is refused waits, longer each time; another does not, and no more are known than there is
 * room for. */
static void pauses (void **state)
{
  InosPortalPause *pause = inos_portal_pause_create();

  assert_false (inos_portal_pause_holds (pause, "a", 0));
  inos_portal_pause_answered (pause, "a", FALSE, 0);
  assert_true (inos_portal_pause_holds (pause, "a", 999));
  assert_false (inos_portal_pause_holds (pause, "b", 999));
  assert_false (inos_portal_pause_holds (pause, "a", 1000));
  inos_portal_pause_answered (pause, "a", FALSE, 1000);
  assert_true (inos_portal_pause_holds (pause, "a", 2999));
  assert_false (inos_portal_pause_holds (pause, "a", 3000));
  for (int i = 0; i < 40; i++)
    inos_portal_pause_answered (pause, "a", FALSE, 3000);
  assert_true (inos_portal_pause_holds (pause, "a", 122999));
  assert_false (inos_portal_pause_holds (pause, "a", 123000));
  for (int i = 0; i < 3 * INOS_PORTAL_PAUSES_MAX; i++) {
    g_autofree char *name = g_strdup_printf ("app%d", i);

    inos_portal_pause_answered (pause, name, FALSE, 3000);
    assert_true (inos_portal_pause_holds (pause, name, 3999));
  }
  inos_portal_pause_destroy (pause);
}

/* One choice does not make up for all refusals; who was never refused does not wait. */
static void choices_shorten_a_pause (void **state)
{
  InosPortalPause *pause = inos_portal_pause_create();

  inos_portal_pause_answered (pause, "a", TRUE, 0);
  assert_false (inos_portal_pause_holds (pause, "a", 0));
  for (int i = 0; i < 4; i++) /* 8 s */
    inos_portal_pause_answered (pause, "a", FALSE, 0);
  inos_portal_pause_answered (pause, "a", TRUE, 10000);
  assert_true (inos_portal_pause_holds (pause, "a", 10999));
  assert_false (inos_portal_pause_holds (pause, "a", 11000));
  inos_portal_pause_answered (pause, "a", FALSE, 11000);
  assert_true (inos_portal_pause_holds (pause, "a", 18999));
  for (int i = 0; i < 5; i++)
    inos_portal_pause_answered (pause, "a", TRUE, 20000);
  assert_false (inos_portal_pause_holds (pause, "a", 20000));
  inos_portal_pause_destroy (pause);
}

/* Where both ends of a way are, in the monitor or not. */
static void parts_stay_in_their_monitor (void **state)
{
  static const struct {
    double x, y, other_x, other_y;
    GdkRectangle part;
  } ways[] = {
    {100, 120, 400, 320, {100, 120, 300, 200}},    {400, 320, 100, 120, {100, 120, 300, 200}},
    {200, 100, -500, 300, {0, 100, 200, 200}},     {200, 100, 300, -900, {200, 0, 100, 100}},
    {1000, 700, 2000, 900, {1000, 700, 280, 100}}, {-9, -9, -2, -2, {0, 0, 1, 1}},
    {2000, 900, 1290, 810, {1279, 799, 1, 1}},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
    GdkRectangle part =
      inos_chooser_view_part (1280, 800, ways[i].x, ways[i].y, ways[i].other_x, ways[i].other_y);

    assert_true (gdk_rectangle_equal (&part, &ways[i].part));
  }
}

/* Only the person's no is one: portals keep it for good. */
static void denials (void **state)
{
  static const char *const others[] = {"org.inos.Error.Failed", "org.inos.Error.TooMany",
                                       "org.freedesktop.DBus.Error.NoReply"};
  g_autoptr (GError) denied = g_dbus_error_new_for_dbus_error ("org.inos.Error.AccessDenied", "no");
  g_autoptr (GError) late = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "late");

  assert_true (inos_portal_access_is_denied (denied));
  assert_false (inos_portal_access_is_denied (late));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (GError) error = g_dbus_error_new_for_dbus_error (others[i], "no");

    assert_false (inos_portal_access_is_denied (error));
  }
}

static void make (const char *folder, const char *name, int time)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  const struct timespec times[] = {{.tv_sec = time}, {.tv_sec = time}};

  assert_true (g_file_set_contents (path, "", 0, NULL));
  assert_int_equal (utimensat (AT_FDCWD, path, times, 0), 0);
}

static gboolean is_there (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void pictures_do_not_pile_up (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("inos-pictures-XXXXXX", NULL);
  static const char *const names[] = {"Screenshot-a.png", "Screenshot-b.png", "Screenshot-c.png",
                                      "mine.png", "Screenshot-mine.txt"};

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    make (folder, names[i], 1000 - (int)i * 10);
  inos_pictures_trim (folder, 2);
  assert_true (is_there (folder, names[0]) && is_there (folder, names[1]));
  assert_false (is_there (folder, names[2]));
  assert_true (is_there (folder, names[3]) && is_there (folder, names[4]));
  inos_pictures_trim (folder, 0);
  assert_false (is_there (folder, names[0]) || is_there (folder, names[1]));
  inos_pictures_trim ("/nonexistent", 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);

    unlink (path);
  }
  assert_int_equal (g_rmdir (folder), 0);
}

static JsonObject *describe (JsonNode **node, const char *lines)
{
  g_autoptr (GVariant) grants =
    g_variant_ref_sink (g_variant_new_parsed ("[('org.a', 'node.mesh', int64 5000)]"));
  g_autoptr (GVariant) parsed = g_variant_parse (G_VARIANT_TYPE ("as"), lines, NULL, NULL, NULL);

  assert_non_null (parsed);
  *node = inos_permits_describe (grants, parsed);
  return json_node_get_object (*node);
}

static void permissions_for_the_page (void **state)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = describe (
    &node, "['{\"time\":\"t\",\"app\":\"org.b\",\"times\":7,\"more\":[]}', 'garbage', '[]',"
           " '{\"app\":5,\"times\":\"x\"}', '']");
  JsonArray *audit = json_object_get_array_member (object, "audit");
  JsonObject *first = json_array_get_object_element (audit, 0);
  JsonObject *grant =
    json_array_get_object_element (json_object_get_array_member (object, "grants"), 0);

  assert_int_equal (json_array_get_length (audit), 2);
  assert_string_equal (json_object_get_string_member (first, "app"), "org.b");
  assert_string_equal (json_object_get_string_member (first, "decision"), "");
  assert_int_equal (json_object_get_int_member (first, "times"), 7);
  assert_false (json_object_has_member (first, "more"));
  assert_int_equal (json_object_get_int_member (grant, "since"), 5);
  assert_int_equal (json_object_get_size (json_object_get_object_member (object, "apps")), 2);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (namespaces),
    cmocka_unit_test (devices),
    cmocka_unit_test (pauses),
    cmocka_unit_test (choices_shorten_a_pause),
    cmocka_unit_test (parts_stay_in_their_monitor),
    cmocka_unit_test (denials),
    cmocka_unit_test (pictures_do_not_pile_up),
    cmocka_unit_test (permissions_for_the_page),
  };

  return cmocka_run_group_tests_name ("portal", tests, NULL, NULL);
}
