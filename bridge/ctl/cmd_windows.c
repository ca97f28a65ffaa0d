/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl windows, inosctl focus, inosctl close. */
#include "bus.h"
#include "props.h"
#include "table.h"

#include <glib/gi18n.h>
#include <string.h>

#define WINDOW_INTERFACE "org.inos.Compositor1.Window"

static int by_id (const void *a, const void *b)
{
  guint32 left = props_uint32 (*(GVariant *const *)a, "Id");
  guint32 right = props_uint32 (*(GVariant *const *)b, "Id");
  return left < right ? -1 : left > right;
}

/* The number of the window that it belongs to, or null. */
static void add_parent (JsonBuilder *json, GVariant *window)
{
  g_autofree char *path = props_string (window, "Parent");
  const char *last = strrchr (path, '/');
  guint64 id;
  if (last != NULL && g_ascii_string_to_unsigned (last + 1, 10, 0, G_MAXUINT32, &id, NULL))
    json_builder_add_int_value (json, (gint64)id);
  else
    json_builder_add_null_value (json);
}

static void print_json (GPtrArray *windows)
{
  static const struct json_property list[] = {
    {"id", "Id", "u"},
    {"title", "Title", "s"},
    {"app_id", "AppId", "s"},
    {"pid", "Pid", "u"},
    {"focused", "Focused", "b"},
    {"maximized", "Maximized", "b"},
    {"fullscreen", "Fullscreen", "b"},
    {"minimized", "Minimized", "b"},
    {"on_top", "OnTop", "b"},
    {"below", "Below", "b"},
    {"sticky", "Sticky", "b"},
    {"private", "Private", "b"},
    {"snapped", "Snapped", "s"},
    {"modal", "Modal", "b"},
    {"urgent", "Urgent", "b"},
    {"unresponsive", "Unresponsive", "b"},
    {"icon_name", "IconName", "s"},
    {"content_type", "ContentType", "s"},
    {"tearing", "Tearing", "b"},
    {"column", "Column", "u"},
    {"workspace", "Workspace", "u"},
    {"output", "Output", "s"},
  };
  static const char *const box[] = {"x", "y", "width", "height", NULL};
  g_autoptr (JsonBuilder) json = json_builder_new();

  json_builder_begin_array (json);
  for (guint i = 0; i < windows->len; i++) {
    GVariant *window = windows->pdata[i];
    g_autoptr (GVariant) geometry = props_value (window, "Geometry", "(iiii)");

    json_builder_begin_object (json);
    json_add_properties (json, window, list, G_N_ELEMENTS (list));
    json_builder_set_member_name (json, "geometry");
    json_builder_begin_object (json);
    json_add_fields (json, geometry, box);
    json_builder_end_object (json);
    json_builder_set_member_name (json, "parent");
    add_parent (json, window);
    json_builder_set_member_name (json, "rules");
    json_builder_begin_array (json);
    g_autoptr (GVariant) rules = props_value (window, "Rules", "as");
    g_autofree const char **names = g_variant_get_strv (rules, NULL);
    for (guint k = 0; names[k] != NULL; k++)
      json_builder_add_string_value (json, names[k]);
    json_builder_end_array (json);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
  json_print (json, false);
}

static const char *state_of (GVariant *window)
{
  if (props_bool (window, "Fullscreen"))
    return _ ("fullscreen");
  return props_bool (window, "Maximized") ? _ ("maximized") : "";
}

static void print_table (struct ctl *ctl, GPtrArray *windows)
{
  const struct ctl_column columns[] = {
    {_ ("ID"), true, false},        {_ ("TITLE"), false, true},   {_ ("APPLICATION"), false, true},
    {_ ("WORKSPACE"), true, false}, {_ ("OUTPUT"), false, false}, {_ ("SIZE"), false, false},
    {_ ("STATE"), false, false},
  };
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GString) out = g_string_new (NULL);
  int width, height;

  for (guint i = 0; i < windows->len; i++) {
    GVariant *window = windows->pdata[i];
    g_autofree char *title = props_string (window, "Title");
    g_autofree char *app_id = props_string (window, "AppId");
    g_autofree char *output = props_string (window, "Output");
    bool focused = props_bool (window, "Focused");
    gint32 w = 0, h = 0;

    g_variant_lookup (window, "Geometry", "(iiii)", NULL, NULL, &w, &h);
    ctl_table_cellf (table, focused ? CTL_GREEN : CTL_PLAIN, "%s%u", focused ? "*" : "",
                     props_uint32 (window, "Id"));
    ctl_table_cell (table, focused ? CTL_BOLD : CTL_PLAIN, title);
    ctl_table_cell (table, CTL_PLAIN, app_id);
    ctl_table_cellf (table, CTL_PLAIN, "%u", props_uint32 (window, "Workspace") + 1);
    ctl_table_cell (table, CTL_PLAIN, output);
    ctl_table_cellf (table, CTL_PLAIN, "%d×%d", w, h);
    ctl_table_cell (table, CTL_PLAIN, state_of (window));
  }
  ctl_text_terminal_size (&width, &height);
  ctl_table_print (table, out, 0, width, ctl->color);
  g_print ("%s", out->str);
}

int ctl_cmd_windows (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) windows = ctl_bus_objects (ctl, WINDOW_INTERFACE, &error);

  if (windows == NULL)
    return ctl_bus_fail (ctl, CTL_COMPOSITOR, error, _ ("cannot list the windows"));
  g_ptr_array_sort (windows, by_id);
  if (ctl->json)
    print_json (windows);
  else if (windows->len == 0)
    g_print (_ ("There are no windows.\n"));
  else
    print_table (ctl, windows);
  return CTL_OK;
}

/* Calls a method without arguments on the window that the command line names. */
static int act (struct ctl *ctl, const char *method, const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GVariant) reply = NULL;
  guint64 id;

  if (!g_ascii_string_to_unsigned (ctl->argument, 10, 0, G_MAXUINT32, &id, NULL)) {
    ctl_complain (_ ("'%s' is not a window's number: see 'inosctl windows'"), ctl->argument);
    return CTL_USAGE;
  }
  path = g_strdup_printf ("%s/window/%u", ctl_service_path (CTL_COMPOSITOR), (unsigned)id);
  reply = ctl_bus_call (ctl, CTL_COMPOSITOR, path, WINDOW_INTERFACE, method, NULL, &error);
  if (reply != NULL)
    return CTL_OK;
  if (ctl_bus_is_missing (error)) {
    ctl_complain (_ ("there is no window %u: see 'inosctl windows'"), (unsigned)id);
    return CTL_NO_OBJECT;
  }
  return ctl_bus_fail (ctl, CTL_COMPOSITOR, error, what);
}

int ctl_cmd_focus (struct ctl *ctl)
{
  g_autofree char *what = g_strdup_printf (_ ("cannot focus window '%s'"), ctl->argument);
  return act (ctl, "Focus", what);
}

int ctl_cmd_close (struct ctl *ctl)
{
  g_autofree char *what = g_strdup_printf (_ ("cannot close window '%s'"), ctl->argument);
  return act (ctl, ctl->force ? "ForceClose" : "Close", what);
}
