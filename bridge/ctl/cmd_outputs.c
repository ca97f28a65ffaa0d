/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl outputs. */
#include "bus.h"
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

int ctl_cmd_outputs (struct ctl *ctl)
{
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
