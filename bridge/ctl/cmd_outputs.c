/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl outputs: a list, and those that no monitor shows. */
#include "desk.h"
#include "props.h"
#include "table.h"

#include <glib/gi18n.h>

#define OUTPUT_INTERFACE "org.inos.Compositor1.Output"

static int by_name (const void *a, const void *b)
{
  g_autofree char *left = props_string (*(GVariant *const *)a, "Name");
  g_autofree char *right = props_string (*(GVariant *const *)b, "Name");
  return g_strcmp0 (left, right);
}

static void print_json (GPtrArray *outputs)
{
  static const struct json_property list[] = {
    {"name", "Name", "s"},
    {"make", "Make", "s"},
    {"model", "Model", "s"},
    {"width", "Width", "i"},
    {"height", "Height", "i"},
    {"refresh_mhz", "Refresh", "i"},
    {"scale", "Scale", "d"},
    {"x", "X", "i"},
    {"y", "Y", "i"},
    {"virtual", "Virtual", "b"},
    {"serial", "Serial", "s"},
    {"transform", "Transform", "i"},
    {"powered", "Powered", "b"},
    {"adaptive_sync", "AdaptiveSync", "b"},
    {"vrr", "VariableRefresh", "s"},
    {"vrr_supported", "VariableRefreshSupported", "b"},
    {"direct_scan_out", "DirectScanOut", "b"},
    {"max_render_time", "MaxRenderTime", "s"},
    {"mirror", "Mirror", "s"},
    {"tint", "Tint", "s"},
  };
  static const char *const mode[] = {"width", "height", "refresh_mhz", "preferred", NULL};
  g_autoptr (JsonBuilder) json = json_builder_new();

  json_builder_begin_array (json);
  for (guint i = 0; i < outputs->len; i++) {
    json_builder_begin_object (json);
    json_add_properties (json, outputs->pdata[i], list, G_N_ELEMENTS (list));
    g_autoptr (GVariant) modes = props_value (outputs->pdata[i], "Modes", "a(iiib)");
    json_add_rows (json, "modes", modes, mode);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
  json_print (json, false);
}

static void print_table (struct ctl *ctl, GPtrArray *outputs)
{
  const struct ctl_column columns[] = {
    {_ ("NAME"), false, false}, {_ ("MODEL"), false, true},     {_ ("MODE"), false, false},
    {_ ("SCALE"), true, false}, {_ ("POSITION"), false, false}, {_ ("KIND"), false, false},
  };
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GString) out = g_string_new (NULL);
  int width, height;

  for (guint i = 0; i < outputs->len; i++) {
    GVariant *output = outputs->pdata[i];
    g_autofree char *name = props_string (output, "Name");
    g_autofree char *make = props_string (output, "Make");
    g_autofree char *model = props_string (output, "Model");
    g_autofree char *mirror = props_string (output, "Mirror");
    gint32 refresh = props_int32 (output, "Refresh");

    ctl_table_cell (table, CTL_BOLD, name);
    ctl_table_cellf (table, CTL_PLAIN, "%s%s%s", make, *make != '\0' ? " " : "", model);
    if (refresh > 0)
      ctl_table_cellf (table, CTL_PLAIN, "%d×%d @ %.2f Hz", props_int32 (output, "Width"),
                       props_int32 (output, "Height"), refresh / 1000.0);
    else
      ctl_table_cellf (table, CTL_PLAIN, "%d×%d", props_int32 (output, "Width"),
                       props_int32 (output, "Height"));
    ctl_table_cellf (table, CTL_PLAIN, "%.4g", props_double (output, "Scale"));
    if (*mirror != '\0')
      ctl_table_cellf (table, CTL_PLAIN, "= %s", mirror);
    else
      ctl_table_cellf (table, CTL_PLAIN, "%d,%d", props_int32 (output, "X"),
                       props_int32 (output, "Y"));
    ctl_table_cell (table, CTL_PLAIN,
                    props_bool (output, "Virtual") ? _ ("virtual") : _ ("monitor"));
  }
  ctl_text_terminal_size (&width, &height);
  ctl_table_print (table, out, 0, width, ctl->color);
  g_print ("%s", out->str);
}

/* Prints what the new one is called. */
static int add (struct ctl *ctl, const char *size)
{
  g_auto (GStrv) sides = g_strsplit (size, "x", 3);
  g_autoptr (GError) error = NULL;
  guint64 width, height;
  const char *path;
  if (g_strv_length (sides) != 2 || !desk_number (sides[0], 1, G_MAXINT32, &width) ||
      !desk_number (sides[1], 1, G_MAXINT32, &height))
    return ctl_usage ("outputs", _ ("a size is WxH, such as 1920x1080"));
  g_autoptr (GVariant) reply = desk_call (
    ctl, "", "AddVirtualOutput", g_variant_new ("(ii)", (gint32)width, (gint32)height), &error);
  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(o)")))
    return desk_fail (ctl, error, _ ("no output is added"));
  g_variant_get (reply, "(&o)", &path);
  g_autoptr (GVariant) answer =
    ctl_bus_call (ctl, CTL_COMPOSITOR, path, "org.freedesktop.DBus.Properties", "Get",
                  g_variant_new ("(ss)", OUTPUT_INTERFACE, "Name"), &error);
  if (answer == NULL || !g_variant_is_of_type (answer, G_VARIANT_TYPE ("(v)")))
    return desk_fail (ctl, error, _ ("the output is added, and does not say its name"));
  g_autoptr (GVariant) value = NULL;
  g_variant_get (answer, "(v)", &value);
  g_autofree char *clean = ctl_text_clean (
    g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ? g_variant_get_string (value, NULL) : "");
  g_print ("%s\n", clean);
  return CTL_OK;
}

static int remove_virtual (struct ctl *ctl, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = desk_output_path (name);
  g_autoptr (GVariant) reply =
    path != NULL ? desk_call (ctl, "", "RemoveVirtualOutput", g_variant_new ("(o)", path), &error)
                 : NULL;
  if (path == NULL)
    return ctl_usage ("outputs", _ ("an output has a name"));
  return reply != NULL ? CTL_OK : desk_fail (ctl, error, _ ("no output is removed"));
}

int ctl_cmd_outputs (struct ctl *ctl)
{
  unsigned count = desk_count (ctl);
  if (count == 2 && g_str_equal (ctl->arguments[0], "add") && !ctl->json)
    return add (ctl, ctl->arguments[1]);
  if (count == 2 && g_str_equal (ctl->arguments[0], "remove") && !ctl->json)
    return remove_virtual (ctl, ctl->arguments[1]);
  if (count > 0)
    return ctl_usage ("outputs", _ ("it takes 'add WxH', 'remove NAME' or nothing"));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) outputs = ctl_bus_objects (ctl, OUTPUT_INTERFACE, &error);

  if (outputs == NULL)
    return ctl_bus_fail (ctl, CTL_COMPOSITOR, error, _ ("cannot list the outputs"));
  g_ptr_array_sort (outputs, by_name);
  if (ctl->json)
    print_json (outputs);
  else if (outputs->len == 0)
    g_print (_ ("There are no outputs.\n"));
  else
    print_table (ctl, outputs);
  return CTL_OK;
}
