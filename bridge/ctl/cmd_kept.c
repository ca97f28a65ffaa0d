/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl session: open windows, kept over a log-out or a crash, and the language of sessions. */
#include "bus.h"
#include "kept.h"
#include "props.h"
#include "table.h"

#include <glib/gi18n.h>
#include <string.h>

#define WINDOWS "org.inos.Session1.Windows"
#define ROWS "a(suiiiis)"

static GVariant *call (struct ctl *ctl, const char *interface, const char *method,
                       GVariant *arguments, const char *what, int *status)
{
  g_autoptr (GError) error = NULL;
  GVariant *reply = ctl_bus_call (ctl, CTL_SESSION, ctl_service_path (CTL_SESSION), interface,
                                  method, arguments, &error);
  *status = reply != NULL ? CTL_OK : ctl_bus_fail (ctl, CTL_SESSION, error, what);
  return reply;
}

static void print_json (GVariant *rows)
{
  static const char *const names[] = {"app_id", "workspace", "x",     "y",
                                      "width",  "height",    "state", NULL};
  g_autoptr (JsonBuilder) json = json_builder_new();
  json_builder_begin_object (json);
  json_add_rows (json, "windows", rows, names);
  json_builder_end_object (json);
  json_print (json, false);
}

static void print_table (struct ctl *ctl, GVariant *rows)
{
  const struct ctl_column columns[] = {{_ ("APPLICATION"), false, true},
                                       {_ ("WORKSPACE"), true, false},
                                       {_ ("PLACE"), false, false},
                                       {_ ("STATE"), false, false}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GString) out = g_string_new (NULL);
  int width, height;
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    const char *app_id, *state;
    guint32 workspace;
    gint32 x, y, w, h;
    g_variant_get_child (rows, i, "(&suiiii&s)", &app_id, &workspace, &x, &y, &w, &h, &state);
    ctl_table_cell (table, CTL_BOLD, app_id);
    ctl_table_cellf (table, CTL_PLAIN, "%u", workspace + 1);
    ctl_table_cellf (table, CTL_PLAIN, "%d×%d %+d %+d", w, h, x, y);
    ctl_table_cell (table, CTL_PLAIN, *state != '\0' ? state : "-");
  }
  ctl_text_terminal_size (&width, &height);
  ctl_table_print (table, out, 0, width, ctl->color);
  g_print ("%s", out->str);
}

static int list (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) reply =
    call (ctl, WINDOWS, "List", NULL, _ ("cannot list the windows that are kept"), &status);
  if (reply == NULL)
    return status;
  if (!g_variant_is_of_type (reply, G_VARIANT_TYPE ("(" ROWS ")"))) {
    ctl_complain (_ ("the session answers with something else than windows"));
    return CTL_FAILED;
  }
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 0);
  if (ctl->json)
    print_json (rows);
  else if (g_variant_n_children (rows) == 0)
    g_print (_ ("No windows are kept.\n"));
  else
    print_table (ctl, rows);
  return CTL_OK;
}

static int restore (struct ctl *ctl)
{
  int status;
  guint32 started = 0;
  g_autoptr (GVariant) reply =
    call (ctl, WINDOWS, "Restore", NULL, _ ("cannot restore the windows"), &status);
  if (reply == NULL)
    return status;
  if (g_variant_is_of_type (reply, G_VARIANT_TYPE ("(u)")))
    g_variant_get (reply, "(u)", &started);
  if (started == 0)
    g_print (_ ("There is nothing to start: all that was kept is open, or not installed.\n"));
  return CTL_OK;
}

static int show_when (struct ctl *ctl)
{
  int status;
  const char *when;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GVariant) reply =
    call (ctl, "org.freedesktop.DBus.Properties", "Get", g_variant_new ("(ss)", WINDOWS, "When"),
          _ ("cannot ask when windows are restored"), &status);
  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(v)")))
    return reply == NULL ? status : CTL_FAILED;
  g_variant_get (reply, "(v)", &value);
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return CTL_FAILED;
  when = g_variant_get_string (value, NULL);
  g_print ("%s\n", when);
  return CTL_OK;
}

static int set_when (struct ctl *ctl, const char *word)
{
  static const char *const words[] = {"never", "crash", "always", NULL};
  int status;
  if (!g_strv_contains (words, word))
    return ctl_usage ("session", _ ("windows are restored never, crash or always"));
  g_autoptr (GVariant) reply =
    call (ctl, "org.freedesktop.DBus.Properties", "Set",
          g_variant_new ("(ssv)", WINDOWS, "When", g_variant_new_string (word)),
          _ ("cannot set when windows are restored"), &status);
  return status;
}

void ctl_session_help (void)
{
  g_print (_ ("\nSubcommands:\n"));
  g_print ("  %-27s  %s\n", "list", _ ("which windows 'restore' would bring back"));
  g_print ("  %-27s  %s\n", "save", _ ("keep those that are open now"));
  g_print ("  %-27s  %s\n", "restore",
           _ ("start what was kept and is not open, else what was open the last time"));
  g_print ("  %-27s  %s\n", "forget", _ ("forget them"));
  g_print ("  %-27s  %s\n", "when [never|crash|always]",
           _ ("show or set when that is done by itself"));
  g_print ("  %-27s  %s\n", "language [LOCALE [FORMATS]]",
           _ ("show or set the language from the next log-in, 'system' for the machine's"));
}

int ctl_cmd_session (struct ctl *ctl)
{
  guint given = ctl->arguments != NULL ? g_strv_length (ctl->arguments) : 0;
  const char *word = given > 0 ? ctl->arguments[0] : "list";
  bool when = strcmp (word, "when") == 0;
  int status;

  if (strcmp (word, "language") == 0 && given <= 3 && !ctl->json)
    return ctl_session_language (ctl);
  if (given > (when ? 2 : 1) || (ctl->json && strcmp (word, "list") != 0))
    return ctl_usage ("session", _ ("there are list, save, restore, forget, when and language; "
                                    "--json is of list"));
  if (strcmp (word, "list") == 0)
    return list (ctl);
  if (strcmp (word, "restore") == 0)
    return restore (ctl);
  if (when)
    return given == 2 ? set_when (ctl, ctl->arguments[1]) : show_when (ctl);
  if (strcmp (word, "save") != 0 && strcmp (word, "forget") != 0)
    return ctl_usage ("session", _ ("there are list, save, restore, forget, when and language"));
  bool saves = strcmp (word, "save") == 0;
  g_autoptr (GVariant) reply =
    call (ctl, WINDOWS, saves ? "Save" : "Forget", NULL,
          saves ? _ ("cannot keep the windows") : _ ("cannot forget the windows"), &status);
  return status;
}
