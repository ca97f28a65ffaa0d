/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl status: the session, its components and this node. A part that is not there is said so;
 * only when nothing of Inos is on the bus does the command fail. */
#include "bus.h"
#include "props.h"
#include "system_node.h"
#include "table.h"

#include <glib/gi18n.h>
#include <string.h>

struct status {
  GVariant *parts[CTL_SHELL + 1]; /* properties by service; NULL where it is not on the bus */
};

#define ADD_PROPERTIES(json, props, list)                                                          \
  json_add_properties (json, props, list, G_N_ELEMENTS (list))

static void session_to_json (JsonBuilder *json, GVariant *session)
{
  static const struct json_property list[] = {
    {"version", "Version", "s"}, {"state", "State", "s"}, {"safe_mode", "SafeMode", "b"}};
  static const char *const names[] = {"name", "state", "pid", "restarts", NULL};
  g_autoptr (GVariant) components = props_value (session, "Components", "a(ssuu)");

  ADD_PROPERTIES (json, session, list);
  json_add_rows (json, "components", components, names);
}

static void compositor_to_json (JsonBuilder *json, GVariant *compositor)
{
  static const struct json_property list[] = {{"version", "Version", "s"},
                                              {"active_workspace", "ActiveWorkspace", "u"}};
  static const struct json_property window[] = {{"title", "FocusedTitle", "s"}};
  g_autofree char *path = props_string (compositor, "FocusedWindow");
  const char *id = strrchr (path, '/');
  guint64 number;

  ADD_PROPERTIES (json, compositor, list);
  if (id == NULL || !g_ascii_string_to_unsigned (id + 1, 10, 0, G_MAXUINT32, &number, NULL)) {
    json_add_null (json, "focused_window");
    return;
  }
  json_builder_set_member_name (json, "focused_window");
  json_builder_begin_object (json);
  json_add_int (json, "id", (gint64)number);
  ADD_PROPERTIES (json, compositor, window);
  json_builder_end_object (json);
}

static void node_to_json (JsonBuilder *json, GVariant *node)
{
  static const struct json_property list[] = {
    {"version", "Version", "s"},    {"connected", "Connected", "b"},  {"peer_id", "PeerId", "s"},
    {"host_name", "HostName", "s"}, {"started_at", "StartedAt", "x"}, {"uptime", "Uptime", "t"},
  };
  ADD_PROPERTIES (json, node, list);
}

static void shell_to_json (JsonBuilder *json, GVariant *shell)
{
  static const struct json_property list[] = {{"version", "Version", "s"},
                                              {"overlay", "Overlay", "s"}};
  ADD_PROPERTIES (json, shell, list);
}

static void print_json (const struct status *status)
{
  static const struct {
    const char *key;
    void (*add) (JsonBuilder *json, GVariant *props);
  } sections[] = {
    [CTL_SESSION] = {"session", session_to_json},
    [CTL_COMPOSITOR] = {"compositor", compositor_to_json},
    [CTL_NODE] = {"node", node_to_json},
    [CTL_SHELL] = {"shell", shell_to_json},
  };
  g_autoptr (JsonBuilder) json = json_builder_new();

  json_builder_begin_object (json);
  for (size_t i = 0; i < G_N_ELEMENTS (sections); i++) {
    json_builder_set_member_name (json, sections[i].key);
    if (status->parts[i] == NULL) {
      json_builder_add_null_value (json);
      continue;
    }
    json_builder_begin_object (json);
    sections[i].add (json, status->parts[i]);
    json_builder_end_object (json);
  }
  json_builder_end_object (json);
  json_print (json, false);
}

static enum ctl_paint paint_of_state (const char *state)
{
  if (strcmp (state, "running") == 0)
    return CTL_GREEN;
  return strcmp (state, "failed") == 0 || strcmp (state, "degraded") == 0 ? CTL_RED : CTL_YELLOW;
}

static void print_components (struct ctl *ctl, GVariant *session, GString *out)
{
  const struct ctl_column columns[] = {
    {_ ("COMPONENT"), false, false},
    {_ ("STATE"), false, false},
    {_ ("PROCESS"), true, false},
    {_ ("RESTARTS"), true, false},
  };
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GVariant) components = props_value (session, "Components", "a(ssuu)");
  GVariantIter iter;
  const char *name, *state;
  guint32 pid, restarts;

  g_variant_iter_init (&iter, components);
  while (g_variant_iter_next (&iter, "(&s&suu)", &name, &state, &pid, &restarts)) {
    ctl_table_cell (table, CTL_BOLD, name);
    ctl_table_cell (table, paint_of_state (state), state);
    ctl_table_cellf (table, CTL_PLAIN, "%u", pid);
    ctl_table_cellf (table, restarts > 0 ? CTL_YELLOW : CTL_PLAIN, "%u", restarts);
  }
  g_string_append_c (out, '\n');
  ctl_table_print (table, out, 0, 0, ctl->color);
}

static void add_line (CtlTable *table, const char *label, enum ctl_paint paint, const char *value)
{
  ctl_table_cell (table, CTL_DIM, label);
  ctl_table_cell (table, paint, *value != '\0' ? value : "-");
}

static void add_property (CtlTable *table, const char *label, GVariant *props, const char *property)
{
  g_autofree char *value = props_string (props, property);
  add_line (table, label, CTL_PLAIN, value);
}

static void add_node (CtlTable *table, GVariant *node)
{
  bool connected = props_bool (node, "Connected");
  g_autofree char *uptime = ctl_text_duration (props_uint64 (node, "Uptime"));

  add_line (table, _ ("Node"), connected ? CTL_GREEN : CTL_RED,
            connected ? _ ("connected") : _ ("not connected"));
  add_property (table, _ ("Version"), node, "Version");
  add_property (table, _ ("Peer"), node, "PeerId");
  add_property (table, _ ("Host"), node, "HostName");
  add_line (table, _ ("Uptime"), CTL_PLAIN, props_int64 (node, "StartedAt") > 0 ? uptime : "");
}

static void print_human (struct ctl *ctl, const struct status *status)
{
  static const struct ctl_column columns[] = {{NULL, false, false}, {NULL, false, true}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GString) out = g_string_new (NULL);
  GVariant *session = status->parts[CTL_SESSION];
  int width, height;

  if (session != NULL) {
    g_autofree char *state = props_string (session, "State");
    add_line (table, _ ("Session"), paint_of_state (state), state);
    if (props_bool (session, "SafeMode"))
      add_line (table, _ ("Settings"), CTL_YELLOW, _ ("the defaults (safe mode)"));
  } else {
    add_line (table, _ ("Session"), CTL_RED, _ ("not on this bus"));
  }
  if (status->parts[CTL_NODE] != NULL)
    add_node (table, status->parts[CTL_NODE]);
  else
    add_line (table, _ ("Node"), CTL_RED, _ ("the bridge is not on this bus"));
  if (status->parts[CTL_COMPOSITOR] != NULL)
    add_property (table, _ ("Focused"), status->parts[CTL_COMPOSITOR], "FocusedTitle");
  else
    add_line (table, _ ("Compositor"), CTL_RED, _ ("not on this bus"));
  if (status->parts[CTL_SHELL] == NULL)
    add_line (table, _ ("Shell"), CTL_RED, _ ("not on this bus"));
  ctl_text_terminal_size (&width, &height);
  ctl_table_print (table, out, 0, width, ctl->color);
  if (session != NULL)
    print_components (ctl, session, out);
  g_print ("%s", out->str);
}

int ctl_cmd_status (struct ctl *ctl)
{
  if (ctl->system)
    return ctl_system_status (ctl);
  struct status status = {0};
  bool any = false;
  int result = CTL_OK;

  for (size_t i = 0; i < G_N_ELEMENTS (status.parts) && result == CTL_OK; i++) {
    g_autoptr (GError) error = NULL;
    status.parts[i] = ctl_bus_properties (ctl, (enum ctl_service)i, &error);
    any |= status.parts[i] != NULL;
    if (error != NULL && !ctl_bus_is_absent (error))
      result = ctl_bus_fail (ctl, (enum ctl_service)i, error, _ ("cannot read the status"));
  }
  if (result == CTL_OK && !any) {
    ctl_complain (_ ("no Inos session on this bus: start one with inos-session"));
    result = CTL_NO_SERVICE;
  } else if (result == CTL_OK && ctl->json) {
    print_json (&status);
  } else if (result == CTL_OK) {
    print_human (ctl, &status);
  }
  for (size_t i = 0; i < G_N_ELEMENTS (status.parts); i++)
    g_clear_pointer (&status.parts[i], g_variant_unref);
  return result;
}
