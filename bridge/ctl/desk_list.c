/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk_list.h"

#include "desk.h"
#include "props.h"
#include "table.h"

#include <glib/gi18n.h>

static GVariant *properties (struct ctl *ctl, const char *part, int *status)
{
  g_autoptr (GError) error = NULL;
  GVariant *props = desk_properties (ctl, part, &error);
  if (props == NULL)
    *status = desk_fail (ctl, error, _ ("cannot ask the compositor"));
  return props;
}

static void print_table (struct ctl *ctl, struct ctl_table *table)
{
  g_autoptr (GString) out = g_string_new (NULL);
  int width, height;
  ctl_text_terminal_size (&width, &height);
  ctl_table_print (table, out, 0, width, ctl->color);
  g_print ("%s", out->str);
}

/* {"KEY": [rows]} would be one level too many: a list is an array. */
static void print_rows (GVariant *rows, const char *const *names)
{
  g_autoptr (JsonBuilder) json = json_builder_new();
  json_builder_begin_array (json);
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
    json_builder_begin_object (json);
    json_add_fields (json, row, names);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
  json_print (json, false);
}

static void add_text (JsonBuilder *json, const char *key, const char *value)
{
  json_builder_set_member_name (json, key);
  json_builder_add_string_value (json, value);
}

int desk_list_actions (struct ctl *ctl)
{
  static const char *const names[] = {"name", "takes_argument", NULL};
  int status = CTL_OK;
  g_autoptr (GVariant) props = properties (ctl, DESK_CONFIG, &status);
  if (props == NULL)
    return status;
  g_autoptr (GVariant) actions = props_value (props, "Actions", "a(sb)");
  if (ctl->json) {
    print_rows (actions, names);
    return CTL_OK;
  }
  for (gsize i = 0; i < g_variant_n_children (actions); i++) {
    const char *name;
    gboolean argument;
    g_variant_get_child (actions, i, "(&sb)", &name, &argument);
    g_autofree char *clean = ctl_text_clean (name);
    g_print ("%s%s\n", clean, argument ? " …" : "");
  }
  return CTL_OK;
}

static int list_modes (struct ctl *ctl)
{
  int status = CTL_OK;
  g_autoptr (GVariant) props = properties (ctl, DESK_INPUT, &status);
  if (props == NULL)
    return status;
  g_autoptr (GVariant) modes = props_value (props, "Modes", "as");
  g_autofree const char **names = g_variant_get_strv (modes, NULL);
  g_autofree char *mode = props_string (props, "Mode");
  g_autoptr (JsonBuilder) json = json_builder_new();
  json_builder_begin_array (json);
  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *clean = ctl_text_clean (names[i]);
    bool active = g_str_equal (names[i], mode);
    json_builder_begin_object (json);
    add_text (json, "name", names[i]);
    json_add_bool (json, "active", active);
    json_builder_end_object (json);
    if (!ctl->json)
      g_print ("%s%s\n", active ? "*" : " ", clean);
  }
  json_builder_end_array (json);
  if (ctl->json)
    json_print (json, false);
  else if (names[0] == NULL)
    g_print (_ ("There are no modes but the usual one.\n"));
  return CTL_OK;
}

int ctl_cmd_bindings (struct ctl *ctl)
{
  if (desk_count (ctl) == 1 && g_str_equal (ctl->arguments[0], "modes"))
    return list_modes (ctl);
  if (desk_count (ctl) > 0)
    return ctl_usage ("bindings", _ ("it takes 'modes' or nothing"));
  static const char *const names[] = {"mode", "combination", "action", NULL};
  int status = CTL_OK;
  g_autoptr (GVariant) props = properties (ctl, DESK_INPUT, &status);
  if (props == NULL)
    return status;
  g_autoptr (GVariant) bindings = props_value (props, "Bindings", "a(sss)");
  if (ctl->json) {
    print_rows (bindings, names);
    return CTL_OK;
  }
  const struct ctl_column columns[] = {
    {_ ("MODE"), false, false}, {_ ("COMBINATION"), false, false}, {_ ("ACTION"), false, true}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  for (gsize i = 0; i < g_variant_n_children (bindings); i++) {
    const char *cells[3];
    g_variant_get_child (bindings, i, "(&s&s&s)", &cells[0], &cells[1], &cells[2]);
    for (int k = 0; k < 3; k++)
      ctl_table_cell (table, CTL_PLAIN, cells[k]);
  }
  print_table (ctl, table);
  return CTL_OK;
}

int desk_list_config (struct ctl *ctl)
{
  int status = CTL_OK;
  g_autoptr (GVariant) props = properties (ctl, DESK_INPUT, &status);
  if (props == NULL)
    return status;
  g_autoptr (GVariant) error = props_value (props, "LastConfigError", "(us)");
  g_autofree char *file = props_string (props, "ConfigFile");
  guint32 line;
  const char *message;
  g_variant_get (error, "(u&s)", &line, &message);
  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    add_text (json, "file", file);
    json_add_int (json, "error_line", line);
    add_text (json, "error", message);
    json_builder_end_object (json);
    json_print (json, false);
    return CTL_OK;
  }
  g_autofree char *clean = ctl_text_clean (*message != '\0' ? message : file);
  g_print (*message != '\0' ? _ ("Not taken: %s\n") : _ ("All is well with %s\n"), clean);
  return CTL_OK;
}

int desk_list_layouts (struct ctl *ctl)
{
  int status = CTL_OK;
  g_autoptr (GVariant) props = properties (ctl, DESK_INPUT, &status);
  if (props == NULL)
    return status;
  g_autoptr (GVariant) layouts = props_value (props, "Layouts", "as");
  g_autofree const char **names = g_variant_get_strv (layouts, NULL);
  guint32 active = props_uint32 (props, "ActiveLayout");
  g_autoptr (JsonBuilder) json = json_builder_new();
  json_builder_begin_array (json);
  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *clean = ctl_text_clean (names[i]);
    json_builder_begin_object (json);
    json_add_int (json, "number", i + 1);
    add_text (json, "name", names[i]);
    json_add_bool (json, "active", i == active);
    json_builder_end_object (json);
    if (!ctl->json)
      g_print ("%s%u  %s\n", i == active ? "*" : " ", i + 1, clean);
  }
  json_builder_end_array (json);
  if (ctl->json)
    json_print (json, false);
  return CTL_OK;
}

int desk_list_profiles (struct ctl *ctl)
{
  int status = CTL_OK;
  g_autoptr (GVariant) props = properties (ctl, DESK_PROFILES, &status);
  if (props == NULL)
    return status;
  g_autoptr (GVariant) profiles = props_value (props, "Profiles", "a(sasb)");
  g_autoptr (JsonBuilder) json = json_builder_new();
  json_builder_begin_array (json);
  for (gsize i = 0; i < g_variant_n_children (profiles); i++) {
    const char *id;
    g_autofree const char **monitors = NULL;
    gboolean current;
    g_variant_get_child (profiles, i, "(&s^a&sb)", &id, &monitors, &current);
    g_autofree char *joined = g_strjoinv (", ", (char **)monitors);
    g_autofree char *line = g_strdup_printf ("%s%s  %s", current ? "*" : " ", id, joined);
    g_autofree char *clean = ctl_text_clean (line);
    json_builder_begin_object (json);
    add_text (json, "id", id);
    json_builder_set_member_name (json, "monitors");
    json_builder_begin_array (json);
    for (guint k = 0; monitors[k] != NULL; k++)
      json_builder_add_string_value (json, monitors[k]);
    json_builder_end_array (json);
    json_add_bool (json, "current", current);
    json_builder_end_object (json);
    if (!ctl->json)
      g_print ("%s\n", clean);
  }
  json_builder_end_array (json);
  if (ctl->json)
    json_print (json, false);
  else if (g_variant_n_children (profiles) == 0)
    g_print (_ ("No set of monitors is remembered.\n"));
  return CTL_OK;
}

static void print_rule (struct ctl *ctl, JsonBuilder *json, const char *name, GVariant *keys)
{
  GVariantIter iter;
  const char *key, *value;
  g_autofree char *clean_name = ctl_text_clean (name);
  json_builder_begin_object (json);
  add_text (json, "name", name);
  json_builder_set_member_name (json, "says");
  json_builder_begin_object (json);
  if (!ctl->json)
    g_print ("%s\n", clean_name);
  g_variant_iter_init (&iter, keys);
  while (g_variant_iter_next (&iter, "{&s&s}", &key, &value)) {
    g_autofree char *line = g_strdup_printf ("  %s=%s", key, value);
    g_autofree char *clean = ctl_text_clean (line);
    add_text (json, key, value);
    if (!ctl->json)
      g_print ("%s\n", clean);
  }
  json_builder_end_object (json);
  json_builder_end_object (json);
}

int desk_list_rules (struct ctl *ctl)
{
  int status = CTL_OK;
  g_autoptr (GVariant) props = properties (ctl, DESK_CONFIG, &status);
  if (props == NULL)
    return status;
  g_autoptr (GVariant) rules = props_value (props, "Rules", "a(sa{ss})");
  g_autoptr (JsonBuilder) json = json_builder_new();
  json_builder_begin_array (json);
  for (gsize i = 0; i < g_variant_n_children (rules); i++) {
    const char *name;
    g_autoptr (GVariant) keys = NULL;
    g_variant_get_child (rules, i, "(&s@a{ss})", &name, &keys);
    print_rule (ctl, json, name, keys);
  }
  json_builder_end_array (json);
  if (ctl->json)
    json_print (json, false);
  else if (g_variant_n_children (rules) == 0)
    g_print (_ ("There are no rules.\n"));
  return CTL_OK;
}

int desk_list_matching (struct ctl *ctl, const char *app_id, const char *title)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    desk_call (ctl, DESK_CONFIG, "TestRules", g_variant_new ("(ss)", app_id, title), &error);
  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(as)")))
    return desk_fail (ctl, error, _ ("cannot try the rules"));
  g_autofree const char **names = NULL;
  g_variant_get (reply, "(^a&s)", &names);
  g_autoptr (JsonBuilder) json = json_builder_new();
  json_builder_begin_array (json);
  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *clean = ctl_text_clean (names[i]);
    json_builder_add_string_value (json, names[i]);
    if (!ctl->json)
      g_print ("%s\n", clean);
  }
  json_builder_end_array (json);
  if (ctl->json)
    json_print (json, false);
  return CTL_OK;
}

int ctl_cmd_workspaces (struct ctl *ctl)
{
  int status = CTL_OK;
  g_autoptr (GVariant) props = properties (ctl, "", &status);
  if (props == NULL)
    return status;
  g_autoptr (GVariant) names_value = props_value (props, "Workspaces", "as");
  g_autoptr (GVariant) layouts_value = props_value (props, "WorkspaceLayouts", "as");
  g_autoptr (GVariant) windows = props_value (props, "WorkspaceWindows", "au");
  g_autofree const char **names = g_variant_get_strv (names_value, NULL);
  g_autofree const char **layouts = g_variant_get_strv (layouts_value, NULL);
  guint32 active = props_uint32 (props, "ActiveWorkspace");
  guint known = g_strv_length ((char **)layouts);
  const struct ctl_column columns[] = {{_ ("NUMBER"), true, false},
                                       {_ ("NAME"), false, true},
                                       {_ ("LAYOUT"), false, false},
                                       {_ ("WINDOWS"), true, false}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (JsonBuilder) json = json_builder_new();
  json_builder_begin_array (json);
  for (guint i = 0; names[i] != NULL; i++) {
    const char *layout = i < known ? layouts[i] : "";
    guint32 count = 0;
    if (i < g_variant_n_children (windows))
      g_variant_get_child (windows, i, "u", &count);
    ctl_table_cellf (table, i == active ? CTL_GREEN : CTL_PLAIN, "%s%u", i == active ? "*" : "",
                     i + 1);
    ctl_table_cell (table, CTL_PLAIN, names[i]);
    ctl_table_cell (table, CTL_PLAIN, layout);
    ctl_table_cellf (table, CTL_PLAIN, "%u", count);
    json_builder_begin_object (json);
    json_add_int (json, "number", i + 1);
    add_text (json, "name", names[i]);
    add_text (json, "layout", layout);
    json_add_int (json, "windows", count);
    json_add_bool (json, "active", i == active);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
  if (ctl->json)
    json_print (json, false);
  else
    print_table (ctl, table);
  return CTL_OK;
}

static int by_id (const void *a, const void *b)
{
  guint32 left = props_uint32 (*(GVariant *const *)a, "Id");
  guint32 right = props_uint32 (*(GVariant *const *)b, "Id");
  return left < right ? -1 : left > right;
}

static void add_input (JsonBuilder *json, struct ctl_table *table, GVariant *device)
{
  static const struct json_property list[] = {
    {"id", "Id", "u"}, {"name", "Name", "s"}, {"kind", "Kind", "s"}, {"seat", "Seat", "s"}};
  g_autoptr (GVariant) settings = props_value (device, "Settings", "a{ss}");
  g_autofree char *name = props_string (device, "Name"), *kind = props_string (device, "Kind");
  g_autoptr (GString) text = g_string_new (NULL);
  GVariantIter iter;
  const char *key, *value;
  json_builder_begin_object (json);
  json_add_properties (json, device, list, G_N_ELEMENTS (list));
  json_builder_set_member_name (json, "settings");
  json_builder_begin_object (json);
  g_variant_iter_init (&iter, settings);
  while (g_variant_iter_next (&iter, "{&s&s}", &key, &value)) {
    add_text (json, key, value);
    g_string_append_printf (text, "%s%s=%s", text->len > 0 ? " " : "", key, value);
  }
  json_builder_end_object (json);
  json_builder_end_object (json);
  ctl_table_cellf (table, CTL_PLAIN, "%u", props_uint32 (device, "Id"));
  ctl_table_cell (table, CTL_PLAIN, name);
  ctl_table_cell (table, CTL_PLAIN, kind);
  ctl_table_cell (table, CTL_PLAIN, text->str);
}

int ctl_cmd_inputs (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = ctl_bus_objects (ctl, "org.inos.Compositor1.Device", &error);
  if (devices == NULL)
    return desk_fail (ctl, error, _ ("cannot list the input devices"));
  const struct ctl_column columns[] = {{_ ("ID"), true, false},
                                       {_ ("NAME"), false, true},
                                       {_ ("KIND"), false, false},
                                       {_ ("SETTINGS"), false, true}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (JsonBuilder) json = json_builder_new();
  g_ptr_array_sort (devices, by_id);
  json_builder_begin_array (json);
  for (guint i = 0; i < devices->len; i++)
    add_input (json, table, devices->pdata[i]);
  json_builder_end_array (json);
  if (ctl->json)
    json_print (json, false);
  else if (devices->len == 0)
    g_print (_ ("There are no input devices.\n"));
  else
    print_table (ctl, table);
  return CTL_OK;
}

int desk_list_night_light (struct ctl *ctl)
{
  static const struct json_property list[] = {
    {"enabled", "Enabled", "b"},         {"active", "Active", "b"},
    {"temperature", "Temperature", "u"}, {"schedule", "Schedule", "s"},
    {"next_change", "NextChange", "x"},
  };
  int status = CTL_OK;
  g_autoptr (GVariant) props = properties (ctl, DESK_NIGHT_LIGHT, &status);
  if (props == NULL)
    return status;
  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    json_add_properties (json, props, list, G_N_ELEMENTS (list));
    json_builder_end_object (json);
    json_print (json, false);
    return CTL_OK;
  }
  g_print (props_bool (props, "Enabled") ? _ ("The night light is on, and screens are at %u K.\n")
                                         : _ ("The night light is off, and screens are at %u K.\n"),
           props_uint32 (props, "Temperature"));
  return CTL_OK;
}
