/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl permissions: what applications in a sandbox may do, and what was decided about them. */
#include "bridge/permit/capabilities.h"
#include "bus.h"
#include "mesh.h"

#include <glib/gi18n.h>
#include <string.h>

#define PERMISSIONS "org.inos.Node1.Permissions"
#define AUDIT_LINES 100
#define AUDIT_MOST 10000

static GVariant *call (struct ctl *ctl, const char *method, GVariant *parameters, const char *type,
                       const char *what, int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = ctl_bus_call (ctl, CTL_NODE, ctl_service_path (CTL_NODE),
                                             PERMISSIONS, method, parameters, &error);

  if (reply != NULL)
    return ctl_bus_of_type (g_steal_pointer (&reply), type, what, status);
  *status = ctl_bus_fail (ctl, CTL_NODE, error, what);
  return NULL;
}

/* What a capability lets an application do; its name where this inosctl does not know it. */
static const char *words_of (const char *capability)
{
  const struct inos_grantable *row = inos_grantable_find (capability);

  return row != NULL ? _ (row->words) : capability;
}

/* list */

static void add_grant (CtlTable *table, GVariant *row)
{
  const char *app, *capability;
  gint64 since;

  g_variant_get (row, "(&s&sx)", &app, &capability, &since);
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (since / G_TIME_SPAN_SECOND);
  g_autofree char *time = date != NULL ? g_date_time_format (date, "%F %R") : g_strdup ("");
  ctl_table_cell (table, CTL_BOLD, app);
  ctl_table_cell (table, CTL_PLAIN, capability);
  ctl_table_cell (table, CTL_PLAIN, time);
  ctl_table_cell (table, CTL_PLAIN, words_of (capability));
}

static int list (struct ctl *ctl)
{
  static const char *const names[] = {"app", "capability", "since", NULL};
  const struct ctl_column columns[] = {
    {_ ("APP"), false, false},
    {_ ("CAPABILITY"), false, false},
    {_ ("SINCE"), false, false},
    {_ ("IT MAY"), false, true},
  };
  const struct ctl_mesh_list list = {.key = "permissions",
                                     .names = names,
                                     .columns = columns,
                                     .n_columns = G_N_ELEMENTS (columns),
                                     .add_row = add_grant};
  int status;
  g_autoptr (GVariant) reply =
    call (ctl, "List", NULL, "(a(ssx))", _ ("cannot list the permissions"), &status);

  if (reply == NULL)
    return status;
  ctl_mesh_show (ctl, &list, reply, NULL);
  return CTL_OK;
}

/* capabilities */

static void add_capability (CtlTable *table, GVariant *row)
{
  const char *name;
  gboolean escapes;

  g_variant_get (row, "(&sb)", &name, &escapes);
  ctl_table_cell (table, CTL_BOLD, name);
  ctl_table_cell (table, escapes ? CTL_RED : CTL_PLAIN, escapes ? _ ("everything") : "");
  ctl_table_cell (table, CTL_PLAIN, words_of (name));
}

static int capabilities (struct ctl *ctl)
{
  static const char *const names[] = {"capability", "escapes", NULL};
  const struct ctl_column columns[] = {
    {_ ("CAPABILITY"), false, false},
    {_ ("OPENS"), false, false},
    {_ ("WHO HAS IT MAY"), false, true},
  };
  const struct ctl_mesh_list list = {.key = "capabilities",
                                     .names = names,
                                     .columns = columns,
                                     .n_columns = G_N_ELEMENTS (columns),
                                     .add_row = add_capability};
  int status;
  g_autoptr (GVariant) reply =
    call (ctl, "ListCapabilities", NULL, "(a(sb))", _ ("cannot list what can be granted"), &status);

  if (reply == NULL)
    return status;
  ctl_mesh_show (ctl, &list, reply, NULL);
  return CTL_OK;
}

/* grant, revoke */

static int grant (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) reply =
    call (ctl, "Grant", g_variant_new ("(ss)", ctl->arguments[1], ctl->arguments[2]), "()",
          _ ("cannot grant that"), &status);

  return status;
}

static int take_back (struct ctl *ctl, guint given)
{
  int status;
  guint count;
  g_autoptr (GVariant) reply = call (
    ctl, "Revoke", g_variant_new ("(ss)", ctl->arguments[1], given > 2 ? ctl->arguments[2] : ""),
    "(u)", _ ("cannot revoke that"), &status);

  if (reply == NULL)
    return status;
  g_variant_get (reply, "(u)", &count);
  if (count > 0)
    return CTL_OK;
  ctl_complain (_ ("nothing of that was granted to %s"), ctl->arguments[1]);
  return CTL_NO_OBJECT;
}

/* Of every application that was granted something. */
static int reset (struct ctl *ctl)
{
  int status;
  const char *app, *last = "";
  GVariantIter iter;
  g_autoptr (GVariant) reply =
    call (ctl, "List", NULL, "(a(ssx))", _ ("cannot list the permissions"), &status);

  if (reply == NULL)
    return status;
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 0);
  g_variant_iter_init (&iter, rows); /* sorted by application */
  while (g_variant_iter_next (&iter, "(&s&sx)", &app, NULL, NULL)) {
    if (strcmp (app, last) == 0)
      continue;
    g_autoptr (GVariant) revoked = call (ctl, "Revoke", g_variant_new ("(ss)", app, ""), "(u)",
                                         _ ("cannot revoke that"), &status);
    if (revoked == NULL)
      return status;
    last = app;
  }
  return CTL_OK;
}

/* audit */

static JsonNode *line_of (const char *line)
{
  g_autoptr (JsonNode) node = json_from_string (line, NULL);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? g_steal_pointer (&node) : NULL;
}

static const char *member (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

static const char *decision_text (const char *decision)
{
  static const struct {
    const char *name, *text;
  } texts[] = {
    {"allowed", N_ ("allowed")},   {"asked", N_ ("asked")},      {"denied", N_ ("denied")},
    {"expired", N_ ("no answer")}, {"gone", N_ ("it has gone")}, {"granted", N_ ("granted")},
    {"once", N_ ("allowed once")}, {"refused", N_ ("refused")},  {"revoked", N_ ("taken back")},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strcmp (texts[i].name, decision) == 0)
      return _ (texts[i].text);
  return decision;
}

static void add_line (CtlTable *table, GVariant *row)
{
  g_autoptr (JsonNode) node = line_of (g_variant_get_string (row, NULL));
  g_autoptr (JsonObject) none = json_object_new();
  JsonObject *object = node != NULL ? json_node_get_object (node) : none;
  g_autoptr (GDateTime) utc = g_date_time_new_from_iso8601 (member (object, "time"), NULL);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *time = local != NULL ? g_date_time_format (local, "%F %T") : g_strdup ("");

  ctl_table_cell (table, CTL_PLAIN, time);
  ctl_table_cell (table, CTL_BOLD, member (object, "app"));
  ctl_table_cell (table, CTL_PLAIN, member (object, "capability"));
  ctl_table_cell (table, CTL_PLAIN, decision_text (member (object, "decision")));
  ctl_table_cell (table, CTL_PLAIN, member (object, "by"));
  ctl_table_cellf (table, CTL_PLAIN, "%" G_GINT64_FORMAT,
                   json_object_get_int_member_with_default (object, "times", 0));
}

static void print_audit (GVariant *rows)
{
  g_autoptr (JsonBuilder) json = json_builder_new();

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "audit");
  json_builder_begin_array (json);
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    const char *line;
    JsonNode *node;

    g_variant_get_child (rows, i, "&s", &line);
    node = line_of (line);
    if (node != NULL)
      json_builder_add_value (json, node);
  }
  json_builder_end_array (json);
  json_builder_end_object (json);
  json_print (json, false);
}

static int audit (struct ctl *ctl, guint given)
{
  const struct ctl_column columns[] = {
    {_ ("TIME"), false, false},     {_ ("APP"), false, true}, {_ ("CAPABILITY"), false, false},
    {_ ("DECISION"), false, false}, {_ ("BY"), false, false}, {_ ("TIMES"), true, false},
  };
  guint64 most = AUDIT_LINES;
  int status, lines = 0;

  if (given > 1 && !g_ascii_string_to_unsigned (ctl->arguments[1], 10, 1, AUDIT_MOST, &most, NULL))
    return ctl_usage ("permissions", _ ("give how many of the last decisions, 1 to 10000"));
  g_autoptr (GVariant) reply = call (ctl, "ReadAudit", g_variant_new ("(u)", (guint)most), "(as)",
                                     _ ("cannot read what was decided"), &status);
  if (reply == NULL)
    return status;
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 0);
  if (ctl->json) {
    print_audit (rows);
    return CTL_OK;
  }
  g_autofree char *text = ctl_mesh_table (ctl, columns, G_N_ELEMENTS (columns), rows, add_line);
  ctl_mesh_draw (ctl, text, &lines);
  return CTL_OK;
}

void ctl_permissions_help (void)
{
  g_print (_ ("\nSubcommands:\n"));
  g_print ("  %-27s  %s\n", "list", _ ("what applications in a sandbox were granted"));
  g_print ("  %-27s  %s\n", "capabilities", _ ("what can be granted"));
  g_print ("  %-27s  %s\n", "grant APP CAPABILITY", _ ("let an application do something"));
  g_print ("  %-27s  %s\n", "revoke APP [CAPABILITY]", _ ("take that back, or all"));
  g_print ("  %-27s  %s\n", "reset", _ ("take all back, from all applications"));
  g_print ("  %-27s  %s\n", "audit [N]", _ ("what was decided about applications, and when"));
}

static bool all_are_utf8 (struct ctl *ctl, guint given)
{
  for (guint i = 0; i < given; i++)
    if (!g_utf8_validate (ctl->arguments[i], -1, NULL))
      return false;
  return true;
}

int ctl_cmd_permissions (struct ctl *ctl)
{
  guint given = ctl->arguments != NULL ? g_strv_length (ctl->arguments) : 0;
  const char *word = given > 0 ? ctl->arguments[0] : "list";

  if (!all_are_utf8 (ctl, given))
    return ctl_usage ("permissions", _ ("what is given is UTF-8 text"));
  if (strcmp (word, "list") == 0 && given <= 1)
    return list (ctl);
  if (strcmp (word, "capabilities") == 0 && given == 1)
    return capabilities (ctl);
  if (strcmp (word, "grant") == 0 && given == 3)
    return grant (ctl);
  if (strcmp (word, "revoke") == 0 && (given == 2 || given == 3))
    return take_back (ctl, given);
  if (strcmp (word, "reset") == 0 && given == 1)
    return reset (ctl);
  if (strcmp (word, "audit") == 0 && given <= 2)
    return audit (ctl, given);
  return ctl_usage ("permissions",
                    _ ("there are list, capabilities, grant APP CAPABILITY, revoke APP "
                       "[CAPABILITY], reset and audit [N]"));
}
