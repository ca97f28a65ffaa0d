/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "notify/picture.h"
#include "tray/layout.h"
#include "tray/pixmap.h"
#include "tray/watcher.h"

#include "test.h"

#include <string.h>

static GVariant *parse (const char *type, const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *value = g_variant_parse (G_VARIANT_TYPE (type), text, NULL, NULL, &error);

  assert_non_null (value);
  return value;
}

static JsonArray *read_menu (const char *text, JsonNode **node)
{
  g_autoptr (GVariant) layout = parse (INOS_LAYOUT_TYPE, text);

  *node = inos_layout_read (layout);
  return json_node_get_array (*node);
}

/* Menus */

static void reads_a_menu (void **state)
{
  g_autoptr (JsonNode) node = NULL;
  JsonArray *menu = read_menu (
    "(0, {}, [<(1, {'label': <'_Open'>}, @av [])>, <(2, {'type': <'separator'>}, @av [])>,"
    "<(3, {'label': <'Hidden'>, 'visible': <false>}, @av [])>,"
    "<(4, {'label': <'Mute'>, 'toggle-type': <'checkmark'>, 'toggle-state': <1>, 'enabled': "
    "<false>}, @av [])>, <(5, {'label': <'More'>, 'children-display': <'submenu'>}, "
    "[<(6, {'label': <'a__b'>}, @av [])>])>])",
    &node);
  JsonObject *mute, *more;

  assert_int_equal (json_array_get_length (menu), 4);
  assert_string_equal (
    json_object_get_string_member (json_array_get_object_element (menu, 0), "label"), "Open");
  assert_true (
    json_object_get_boolean_member (json_array_get_object_element (menu, 1), "separator"));
  mute = json_array_get_object_element (menu, 2);
  assert_true (json_object_get_boolean_member (mute, "on"));
  assert_false (json_object_get_boolean_member (mute, "enabled"));
  assert_string_equal (json_object_get_string_member (mute, "toggle"), "check");
  more = json_array_get_object_element (
    json_object_get_array_member (json_array_get_object_element (menu, 3), "children"), 0);
  assert_string_equal (json_object_get_string_member (more, "label"), "a_b");
}

static GVariant *deep (guint depth)
{
  GVariant *entry =
    g_variant_new ("(i@a{sv}@av)", 1, g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0),
                   g_variant_new_array (G_VARIANT_TYPE_VARIANT, NULL, 0));

  for (guint i = 0; i < depth; i++) {
    GVariant *child = g_variant_new_variant (entry);

    entry =
      g_variant_new ("(i@a{sv}@av)", 1, g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0),
                     g_variant_new_array (G_VARIANT_TYPE_VARIANT, &child, 1));
  }
  return g_variant_ref_sink (entry);
}

static guint depth_of (JsonArray *menu)
{
  JsonObject *first =
    json_array_get_length (menu) > 0 ? json_array_get_object_element (menu, 0) : NULL;

  return first ? 1 + (json_object_has_member (first, "children")
                        ? depth_of (json_object_get_array_member (first, "children"))
                        : 0)
               : 0;
}

static guint count_of (JsonArray *menu)
{
  guint count = json_array_get_length (menu);

  for (guint i = json_array_get_length (menu); i > 0; i--) {
    JsonObject *entry = json_array_get_object_element (menu, i - 1);

    if (json_object_has_member (entry, "children"))
      count += count_of (json_object_get_array_member (entry, "children"));
  }
  return count;
}

static void a_menu_stays_in_bounds (void **state)
{
  g_autoptr (GVariant) layout = deep (40);
  g_autoptr (JsonNode) node = inos_layout_read (layout);
  g_autofree char *large = g_strnfill (1000000, 'x');
  g_autofree char *label = inos_layout_label (large);
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  g_autoptr (GVariant) wide = NULL;
  g_autoptr (JsonNode) many = NULL;

  assert_int_equal (depth_of (json_node_get_array (node)), INOS_LAYOUT_MAX_DEPTH);
  assert_true (strlen (label) <= INOS_LAYOUT_MAX_LABEL);
  for (guint i = 0; i < 1000; i++) {
    g_autoptr (GVariant) entry = deep (3);

    g_variant_builder_add (&builder, "v", entry);
  }
  wide = g_variant_ref_sink (g_variant_new (
    "(i@a{sv}av)", 0, g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0), &builder));
  many = inos_layout_read (wide);
  assert_true (count_of (json_node_get_array (many)) <= INOS_LAYOUT_MAX_ENTRIES);
}

static void a_menu_of_other_types_is_empty (void **state)
{
  g_autoptr (JsonNode) node = NULL;
  JsonArray *menu =
    read_menu ("(0, {}, [<5>, <'x'>, <(1, 2)>, <(7, {'label': <3>, 'enabled': <'x'>, "
               "'toggle-type': <'x'>, 'toggle-state': <'1'>}, @av [])>])",
               &node);

  assert_int_equal (json_array_get_length (menu), 1);
  assert_string_equal (
    json_object_get_string_member (json_array_get_object_element (menu, 0), "label"), "");
}

/* Pictures */

static GVariant *pixmaps (const int (*sizes)[3], gsize count)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(iiay)"));

  for (gsize i = 0; i < count; i++) {
    g_autofree guint8 *data = g_malloc0 ((gsize)sizes[i][2] + 1);

    memset (data, (int)i + 1, (gsize)sizes[i][2]);
    g_variant_builder_add (
      &builder, "(ii@ay)", sizes[i][0], sizes[i][1],
      g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, (gsize)sizes[i][2], 1));
  }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static int width_of (GVariant *chosen)
{
  int width;

  g_variant_get_child (chosen, 0, "i", &width);
  return width;
}

static void chooses_the_picture_that_fits (void **state)
{
  static const int sizes[][3] = {{16, 16, 1024}, {64, 64, 16384}, {48, 48, 9216}, {22, 22, 1936}};
  g_autoptr (GVariant) all = pixmaps (sizes, G_N_ELEMENTS (sizes));
  g_autoptr (GVariant) small = inos_pixmap_choose (all, 20);
  g_autoptr (GVariant) largest = inos_pixmap_choose (all, 100);
  g_autoptr (GBytes) png = inos_picture_from_pixels (largest, NULL);

  assert_int_equal (width_of (small), 22);
  assert_int_equal (width_of (largest), 64);
  assert_non_null (png);
}

static void turns_its_bytes (void **state)
{
  g_autoptr (GVariant) one = parse ("a(iiay)", "[(1, 1, [0x11, 0x22, 0x33, 0x44])]");
  g_autoptr (GVariant) chosen = inos_pixmap_choose (one, 16);
  g_autoptr (GVariant) data = g_variant_get_child_value (chosen, 6);
  gsize size;
  const guint8 *bytes = g_variant_get_fixed_array (data, &size, 1);

  assert_int_equal (size, 4);
  assert_memory_equal (bytes, ((const guint8[]){0x22, 0x33, 0x44, 0x11}), 4);
}

static void refuses_pictures_that_lie (void **state)
{
  static const int lies[][3] = {{16, 16, 1023},   {16, 16, 1025},  {0, 16, 0},
                                {-4, -4, 64},     {1000, 1, 4000}, {G_MAXINT, G_MAXINT, 4},
                                {65536, 65536, 0}};
  g_autoptr (GVariant) all = pixmaps (lies, G_N_ELEMENTS (lies));
  g_autoptr (GVariant) other = parse ("as", "['x']");

  assert_null (inos_pixmap_choose (all, 16));
  assert_null (inos_pixmap_choose (other, 16));
  assert_null (inos_pixmap_choose (NULL, 16));
}

/* Registering */

static void reads_what_is_registered (void **state)
{
  static const struct {
    const char *service, *name, *path;
  } all[] = {
    {"org.kde.StatusNotifierItem-7-1", "org.kde.StatusNotifierItem-7-1", "/StatusNotifierItem"},
    {":1.7", ":1.7", "/StatusNotifierItem"},
    {"/org/ayatana/x", ":1.99", "/org/ayatana/x"},
    {":1.7/org/x", ":1.7", "/org/x"},
    {"no name", NULL, NULL},
    {"a.b/c/", NULL, NULL},
    {"//", NULL, NULL},
  };
  g_autofree char *large = g_strnfill (1000, 'a');
  char *name, *path;

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    gboolean ok = inos_watcher_parse (all[i].service, ":1.99", &name, &path);

    assert_int_equal (ok, all[i].name != NULL);
    if (ok) {
      assert_string_equal (name, all[i].name);
      assert_string_equal (path, all[i].path);
    }
    g_free (name);
    g_free (path);
  }
  assert_false (inos_watcher_parse (large, ":1.99", &name, &path));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (reads_a_menu),
    cmocka_unit_test (a_menu_stays_in_bounds),
    cmocka_unit_test (a_menu_of_other_types_is_empty),
    cmocka_unit_test (chooses_the_picture_that_fits),
    cmocka_unit_test (turns_its_bytes),
    cmocka_unit_test (refuses_pictures_that_lie),
    cmocka_unit_test (reads_what_is_registered),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
