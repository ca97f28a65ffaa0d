/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl terminals: the node's terminals, and one of them in this one. */
#include "bus.h"
#include "mesh.h"
#include "terminal_view.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#define TERMINALS "org.inos.Node1.Terminals"
#define ROWS "a(tsssuuusiix)"
#define DEFAULT_COLUMNS 80
#define DEFAULT_ROWS 24

/* What a program needs that is to be seen in the session in which this runs. */
static const char *const session_names[] = {"DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "LANG",
                                            "WAYLAND_DISPLAY", "XAUTHORITY"};

static GVariant *call (struct ctl *ctl, const char *method, GVariant *parameters, const char *type,
                       const char *what, int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = ctl_bus_call (ctl, CTL_NODE, ctl_service_path (CTL_NODE), TERMINALS,
                                             method, parameters, &error);

  if (reply != NULL)
    return ctl_bus_of_type (g_steal_pointer (&reply), type, what, status);
  *status = ctl_bus_is_missing (error) ? CTL_NO_OBJECT : CTL_FAILED;
  int said = ctl_bus_fail (ctl, CTL_NODE, error, what);
  if (said == CTL_NO_SERVICE)
    *status = said;
  return NULL;
}

static bool id_of (const char *text, guint64 *id)
{
  return g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT64, id, NULL);
}

static char *state_text (const char *state, gint code, gint signal)
{
  if (strcmp (state, "idle") == 0)
    return g_strdup (_ ("idle"));
  if (strcmp (state, "busy") == 0)
    return g_strdup (_ ("busy"));
  if (signal > 0)
    return g_strdup_printf (_ ("ended by signal %d"), signal);
  return g_strdup_printf (_ ("ended, status %d"), code);
}

static void add_row (CtlTable *table, GVariant *row)
{
  const char *title, *program, *directory, *state;
  guint columns, rows, attached;
  gint code, signal;
  guint64 id;

  g_variant_get (row, "(t&s&s&suuu&siix)", &id, &title, &program, &directory, &columns, &rows,
                 &attached, &state, &code, &signal, NULL);
  g_autofree char *how = state_text (state, code, signal);
  ctl_table_cellf (table, CTL_PLAIN, "%" G_GUINT64_FORMAT, id);
  ctl_table_cell (table, CTL_BOLD, program);
  ctl_table_cell (table, CTL_PLAIN, how);
  ctl_table_cellf (table, CTL_PLAIN, "%ux%u", columns, rows);
  ctl_table_cellf (table, CTL_PLAIN, "%u", attached);
  ctl_table_cell (table, CTL_PLAIN, directory);
  ctl_table_cell (table, CTL_PLAIN, title);
}

static int list (struct ctl *ctl)
{
  static const char *const names[] = {"id",      "title",  "program",  "directory",
                                      "columns", "rows",   "attached", "state",
                                      "code",    "signal", "started",  NULL};
  const struct ctl_column columns[] = {
    {_ ("ID"), true, false},    {_ ("PROGRAM"), false, false}, {_ ("STATE"), false, false},
    {_ ("SIZE"), false, false}, {_ ("ATTACHED"), true, false}, {_ ("FOLDER"), false, true},
    {_ ("TITLE"), false, true},
  };
  const struct ctl_mesh_list list = {.key = "terminals",
                                     .names = names,
                                     .columns = columns,
                                     .n_columns = G_N_ELEMENTS (columns),
                                     .add_row = add_row};
  int status;
  g_autoptr (GVariant) reply =
    call (ctl, "List", NULL, "(" ROWS ")", _ ("cannot list the terminals"), &status);

  if (reply == NULL)
    return status;
  ctl_mesh_show (ctl, &list, reply, NULL);
  return CTL_OK;
}

static GVariant *session_environment (void)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("as"));
  for (size_t i = 0; i < G_N_ELEMENTS (session_names); i++) {
    const char *value = g_getenv (session_names[i]);
    if (value != NULL && g_utf8_validate (value, -1, NULL))
      g_variant_builder_add_value (&builder,
                                   g_variant_new_printf ("%s=%s", session_names[i], value));
  }
  return g_variant_builder_end (&builder);
}

static int open_one (struct ctl *ctl)
{
  g_autofree char *directory = g_get_current_dir();
  guint columns = DEFAULT_COLUMNS, rows = DEFAULT_ROWS;
  guint64 id;
  int status;

  terminal_view_size (&columns, &rows);
  g_autoptr (GVariant) reply = call (ctl, "Open",
                                     g_variant_new ("(s^as@asuu)", directory, ctl->arguments + 1,
                                                    session_environment(), columns, rows),
                                     "(t)", _ ("cannot open a terminal"), &status);
  if (reply == NULL)
    return status;
  g_variant_get (reply, "(t)", &id);
  g_print (ctl->json ? "{\"id\":%" G_GUINT64_FORMAT "}\n" : "%" G_GUINT64_FORMAT "\n", id);
  return CTL_OK;
}

static int close_one (struct ctl *ctl, guint64 id)
{
  int status;
  g_autoptr (GVariant) reply =
    call (ctl, "Close", g_variant_new ("(t)", id), "()", _ ("cannot close the terminal"), &status);

  return status;
}

static int fail_to_attach (struct ctl *ctl, const GError *error)
{
  int status = ctl_bus_fail (ctl, CTL_NODE, error, _ ("cannot attach to the terminal"));

  return ctl_bus_is_missing (error) ? CTL_NO_OBJECT : status;
}

static int attach (struct ctl *ctl, guint64 id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  guint64 replay, own;
  gint index;

  if (g_getenv ("INOS_TERMINAL") != NULL && id_of (g_getenv ("INOS_TERMINAL"), &own) && own == id) {
    ctl_complain (_ ("this is terminal %s itself: it would see itself for ever"),
                  g_getenv ("INOS_TERMINAL"));
    return CTL_FAILED;
  }
  if (!ctl_bus_connect (ctl, &error))
    return fail_to_attach (ctl, error);
  g_autoptr (GVariant) reply = g_dbus_connection_call_with_unix_fd_list_sync (
    ctl->bus, ctl_service_name (CTL_NODE), ctl_service_path (CTL_NODE), TERMINALS, "Attach",
    g_variant_new ("(t)", id), G_VARIANT_TYPE ("(htuu)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, &fds,
    NULL, &error);
  if (reply == NULL)
    return fail_to_attach (ctl, error);
  g_variant_get (reply, "(htuu)", &index, &replay, NULL, NULL);
  int fd = g_unix_fd_list_get (fds, index, &error);
  if (fd < 0)
    return fail_to_attach (ctl, error);
  const struct terminal_view view = {.bus = ctl->bus,
                                     .name = ctl_service_name (CTL_NODE),
                                     .path = ctl_service_path (CTL_NODE),
                                     .interface = TERMINALS,
                                     .id = id,
                                     .stream = fd,
                                     .replay = replay};
  int status = terminal_view_run (&view) ? CTL_OK : CTL_FAILED;
  close (fd);
  return status;
}

void ctl_terminals_help (void)
{
  g_print (_ ("\nSubcommands:\n"));
  g_print ("  %-27s  %s\n", "list", _ ("what there is, and what runs in it"));
  g_print ("  %-27s  %s\n", "open [COMMAND …]",
           _ ("run a command, or your shell, in a new one; prints its id"));
  g_print ("  %-27s  %s\n", "attach ID", _ ("look on and type; Ctrl-] leaves it as it is"));
  g_print ("  %-27s  %s\n", "close ID", _ ("end what runs in it"));
}

int ctl_cmd_terminals (struct ctl *ctl)
{
  guint given = ctl->arguments != NULL ? g_strv_length (ctl->arguments) : 0;
  const char *word = given > 0 ? ctl->arguments[0] : "list";
  guint64 id = 0;

  if (strcmp (word, "list") == 0 && given <= 1)
    return list (ctl);
  if (strcmp (word, "open") == 0)
    return open_one (ctl);
  if (strcmp (word, "attach") != 0 && strcmp (word, "close") != 0)
    return ctl_usage ("terminals", _ ("there are list, open, attach and close"));
  if (given != 2 || !id_of (ctl->arguments[1], &id))
    return ctl_usage ("terminals", _ ("give the id that 'inosctl terminals' shows"));
  return *word == 'a' ? attach (ctl, id) : close_one (ctl, id);
}
