/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl notifications: what programs have notified, and whether they may disturb. */
#include "bus.h"
#include "mesh.h"
#include "shell.h"

#include <glib/gi18n.h>
#include <string.h>

#define NOTIFICATIONS "org.inos.Shell1.Notifications"
#define ROWS "a(uxssssysia(ss))"

/* list */

static const char *state_text (const char *state)
{
  if (strcmp (state, "shown") == 0)
    return _ ("shown");
  return strcmp (state, "kept") == 0 ? _ ("kept") : _ ("past");
}

static void add_row (CtlTable *table, GVariant *row)
{
  const char *app, *entry, *summary, *body, *state;
  gint64 when;
  guchar urgency;
  guint id;

  g_variant_get (row, "(ux&s&s&s&sy&si@a(ss))", &id, &when, &app, &entry, &summary, &body, &urgency,
                 &state, NULL, NULL);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (when / 1000);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *time = local != NULL ? g_date_time_format (local, "%F %R") : g_strdup ("");
  ctl_table_cellf (table, CTL_PLAIN, "%u", id);
  ctl_table_cell (table, CTL_PLAIN, time);
  ctl_table_cell (table, urgency == 2 ? CTL_RED : CTL_PLAIN, state_text (state));
  ctl_table_cell (table, CTL_PLAIN, app);
  ctl_table_cell (table, CTL_BOLD, summary);
  ctl_table_cell (table, CTL_PLAIN, body);
}

static void add_json (JsonBuilder *json, GVariant *row)
{
  static const char *const names[] = {"id",   "time",    "app",   "desktop_entry", "summary",
                                      "body", "urgency", "state", "progress",      NULL};
  g_autoptr (GVariant) actions = g_variant_get_child_value (row, G_N_ELEMENTS (names) - 1);
  g_autoptr (GPtrArray) basic = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  g_autoptr (GVariant) tuple = NULL;

  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (basic, g_variant_get_child_value (row, i));
  tuple = g_variant_ref_sink (g_variant_new_tuple ((GVariant *const *)basic->pdata, basic->len));
  json_builder_begin_object (json);
  json_add_fields (json, tuple, names);
  json_builder_set_member_name (json, "actions");
  json_builder_begin_object (json);
  for (gsize i = 0; i < g_variant_n_children (actions); i++) {
    const char *key, *label;
    g_variant_get_child (actions, i, "(&s&s)", &key, &label);
    json_builder_set_member_name (json, key);
    json_builder_add_string_value (json, label);
  }
  json_builder_end_object (json);
  json_builder_end_object (json);
}

static void print_json (GVariant *rows)
{
  g_autoptr (JsonBuilder) json = json_builder_new();

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "notifications");
  json_builder_begin_array (json);
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
    add_json (json, row);
  }
  json_builder_end_array (json);
  json_builder_end_object (json);
  json_print (json, false);
}

static int list (struct ctl *ctl)
{
  const struct ctl_column columns[] = {
    {_ ("ID"), true, false},  {_ ("TIME"), false, false},   {_ ("STATE"), false, false},
    {_ ("APP"), false, true}, {_ ("SUMMARY"), false, true}, {_ ("BODY"), false, true},
  };
  int status, lines = 0;
  g_autoptr (GVariant) reply = ctl_bus_ask_shell (ctl, NOTIFICATIONS, "List", NULL, "(" ROWS ")",
                                                  _ ("cannot list the notifications"), &status);

  if (reply == NULL)
    return status;
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 0);
  if (ctl->json) {
    print_json (rows);
    return CTL_OK;
  }
  g_autofree char *text = ctl_mesh_table (ctl, columns, G_N_ELEMENTS (columns), rows, add_row);
  ctl_mesh_draw (ctl, text, &lines);
  return CTL_OK;
}

/* dnd, mute, unmute */

static int dnd (struct ctl *ctl, const char *word)
{
  const char *what = _ ("cannot tell whether notifications may disturb");
  int status;

  if (word != NULL) {
    if (strcmp (word, "on") != 0 && strcmp (word, "off") != 0)
      return ctl_usage ("notifications", _ ("give 'on' or 'off'"));
    return ctl_shell_set (ctl, NOTIFICATIONS, "DoNotDisturb",
                          g_variant_new_boolean (strcmp (word, "on") == 0),
                          _ ("cannot set whether notifications may disturb"));
  }
  g_autoptr (GVariant) value =
    ctl_shell_get (ctl, NOTIFICATIONS, "DoNotDisturb", "b", what, &status);
  if (value == NULL)
    return status;
  if (ctl->json)
    g_print ("{\"do_not_disturb\":%s}\n", g_variant_get_boolean (value) ? "true" : "false");
  else
    g_print ("%s\n", g_variant_get_boolean (value) ? _ ("on") : _ ("off"));
  return CTL_OK;
}

static int mute (struct ctl *ctl, const char *program, bool on)
{
  const char *what = _ ("cannot set whose notifications pop up");
  int status;
  g_autoptr (GVariant) value = ctl_shell_get (ctl, NOTIFICATIONS, "Muted", "as", what, &status);
  GVariantBuilder builder;

  if (value == NULL)
    return status;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("as"));
  for (gsize i = 0; i < g_variant_n_children (value); i++) {
    const char *name;
    g_variant_get_child (value, i, "&s", &name);
    if (strcmp (name, program) != 0)
      g_variant_builder_add (&builder, "s", name);
  }
  if (on)
    g_variant_builder_add (&builder, "s", program);
  return ctl_shell_set (ctl, NOTIFICATIONS, "Muted", g_variant_builder_end (&builder), what);
}

void ctl_notifications_help (void)
{
  g_print (_ ("\nSubcommands:\n"));
  g_print ("  %-27s  %s\n", "list", _ ("what there is, the newest first"));
  g_print ("  %-27s  %s\n", "dismiss ID", _ ("remove one"));
  g_print ("  %-27s  %s\n", "clear", _ ("remove all"));
  g_print ("  %-27s  %s\n", "undo", _ ("bring back what was cleared in the last 10 seconds"));
  g_print ("  %-27s  %s\n", "action ID [KEY]",
           _ ("choose one of its actions, else what a click does"));
  g_print ("  %-27s  %s\n", "dnd [on|off]", _ ("whether only what is critical pops up"));
  g_print ("  %-27s  %s\n", "mute|unmute PROGRAM", _ ("whether what a program notifies pops up"));
}

static int with_id (struct ctl *ctl, const char *word, guint given)
{
  guint64 id = 0;

  if (given < 2 || !g_ascii_string_to_unsigned (ctl->arguments[1], 10, 1, G_MAXUINT, &id, NULL))
    return ctl_usage ("notifications", _ ("give the id that 'inosctl notifications' shows"));
  if (strcmp (word, "dismiss") == 0)
    return ctl_shell_do (ctl, NOTIFICATIONS, "Dismiss", g_variant_new ("(u)", (guint)id), "()",
                         _ ("cannot dismiss the notification"));
  return ctl_shell_do (ctl, NOTIFICATIONS, "InvokeAction",
                       g_variant_new ("(us)", (guint)id, given > 2 ? ctl->arguments[2] : "default"),
                       "()", _ ("cannot answer the notification"));
}

static bool all_are_utf8 (struct ctl *ctl, guint given)
{
  for (guint i = 0; i < given; i++) {
    if (!g_utf8_validate (ctl->arguments[i], -1, NULL))
      return false;
  }
  return true;
}

int ctl_cmd_notifications (struct ctl *ctl)
{
  guint given = ctl->arguments != NULL ? g_strv_length (ctl->arguments) : 0;
  const char *word = given > 0 ? ctl->arguments[0] : "list";

  if (!all_are_utf8 (ctl, given))
    return ctl_usage ("notifications", _ ("what is given is UTF-8 text"));
  if (strcmp (word, "list") == 0 && given <= 1)
    return list (ctl);
  if (strcmp (word, "clear") == 0 && given == 1)
    return ctl_shell_do (ctl, NOTIFICATIONS, "Clear", NULL, "(u)",
                         _ ("cannot clear the notifications"));
  if (strcmp (word, "undo") == 0 && given == 1)
    return ctl_shell_do (ctl, NOTIFICATIONS, "Undo", NULL, "(b)",
                         _ ("cannot bring the notifications back"));
  if (strcmp (word, "dnd") == 0 && given <= 2)
    return dnd (ctl, given > 1 ? ctl->arguments[1] : NULL);
  if ((strcmp (word, "mute") == 0 || strcmp (word, "unmute") == 0) && given == 2)
    return mute (ctl, ctl->arguments[1], *word == 'm');
  if ((strcmp (word, "dismiss") == 0 && given <= 2) || (strcmp (word, "action") == 0 && given <= 3))
    return with_id (ctl, word, given);
  return ctl_usage ("notifications",
                    _ ("there are list, dismiss, clear, undo, action, dnd, mute and unmute"));
}
