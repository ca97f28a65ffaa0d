/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl clipboard: what was copied in this session. */
#include "bus.h"
#include "desk.h"
#include "mesh.h"
#include "props.h"
#include "shell.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#define CLIPBOARD "org.inos.Shell1.Clipboard"
#define ROWS "a(uxsbts)"

void ctl_clipboard_help (void)
{
  g_print (_ ("\nSubcommands:\n"));
  g_print ("  %-27s  %s\n", "list", _ ("what was copied, the newest first; '*' is kept"));
  g_print ("  %-27s  %s\n", "show ID", _ ("print all of it; a picture as PNG"));
  g_print ("  %-27s  %s\n", "choose ID", _ ("put it on the clipboard again"));
  g_print ("  %-27s  %s\n", "keep|release ID", _ ("keep it also when there is more, or not"));
  g_print ("  %-27s  %s\n", "remove ID", _ ("forget it"));
  g_print ("  %-27s  %s\n", "clear", _ ("forget all that is not kept"));
  g_print ("  %-27s  %s\n", "undo", _ ("bring back what was forgotten in the last ten seconds"));
  g_print ("  %-27s  %s\n", "on|off", _ ("whether what is copied is kept at all"));
}

static void add_row (CtlTable *table, GVariant *row)
{
  const char *kind, *text;
  gboolean kept;
  guint64 size;
  guint id;

  g_variant_get (row, "(ux&sbt&s)", &id, NULL, &kind, &kept, &size, &text);
  g_autofree char *bytes = g_format_size_full (size, G_FORMAT_SIZE_IEC_UNITS);
  ctl_table_cellf (table, CTL_PLAIN, "%u", id);
  ctl_table_cell (table, CTL_BOLD, kept ? "*" : "");
  ctl_table_cell (table, CTL_PLAIN, bytes);
  ctl_table_cell (table, CTL_PLAIN, strcmp (kind, "picture") == 0 ? _ ("(a picture)") : text);
}

static int list (struct ctl *ctl)
{
  static const char *const names[] = {"id", "time", "kind", "kept", "size", "text", NULL};
  const struct ctl_column columns[] = {
    {_ ("ID"), true, false},
    {"", false, false},
    {_ ("SIZE"), true, false},
    {_ ("COPIED"), false, true},
  };
  const struct ctl_mesh_list list = {.type = "(" ROWS ")",
                                     .key = "clips",
                                     .names = names,
                                     .columns = columns,
                                     .n_columns = G_N_ELEMENTS (columns),
                                     .add_row = add_row};

  return ctl_shell_list (ctl, CLIPBOARD, &list, _ ("cannot list what was copied"));
}

static int show (struct ctl *ctl, guint32 id)
{
  int status;
  g_autoptr (GVariant) reply = ctl_bus_ask_shell (ctl, CLIPBOARD, "Read", g_variant_new ("(u)", id),
                                                  "(ay)", _ ("cannot show it"), &status);

  if (reply == NULL)
    return status;
  g_autoptr (GVariant) bytes = g_variant_get_child_value (reply, 0);
  gsize n;
  const char *data = g_variant_get_fixed_array (bytes, &n, 1);
  if (fwrite (data, 1, n, stdout) != n || fflush (stdout) != 0) {
    ctl_complain (_ ("cannot print all of it"));
    return CTL_FAILED;
  }
  return CTL_OK;
}

static int call (struct ctl *ctl, const char *method, GVariant *parameters, const char *type)
{
  return ctl_shell_do (ctl, CLIPBOARD, method, parameters, type,
                       _ ("cannot do that with what was copied"));
}

static int set_keeps (struct ctl *ctl, gboolean keeps)
{
  return ctl_shell_set (ctl, CLIPBOARD, "Keeps", g_variant_new_boolean (keeps),
                        _ ("cannot set whether what is copied is kept"));
}

static int with_id (struct ctl *ctl, const char *word, guint32 id)
{
  if (strcmp (word, "show") == 0)
    return show (ctl, id);
  if (strcmp (word, "choose") == 0)
    return call (ctl, "Choose", g_variant_new ("(u)", id), "()");
  if (strcmp (word, "remove") == 0)
    return call (ctl, "Remove", g_variant_new ("(u)", id), "()");
  return call (ctl, "Keep", g_variant_new ("(ub)", id, strcmp (word, "keep") == 0), "()");
}

int ctl_cmd_clipboard (struct ctl *ctl)
{
  static const char *const verbs[] = {"show", "choose", "keep", "release", "remove", NULL};
  unsigned given = desk_count (ctl);
  const char *word = given > 0 ? ctl->arguments[0] : "list";
  guint64 id;

  if (strcmp (word, "list") == 0 && given <= 1)
    return list (ctl);
  if (!ctl->json && given == 1 && strcmp (word, "clear") == 0)
    return call (ctl, "Clear", NULL, "(u)");
  if (!ctl->json && given == 1 && strcmp (word, "undo") == 0)
    return call (ctl, "Undo", NULL, "()");
  if (!ctl->json && given == 1 && (strcmp (word, "on") == 0 || strcmp (word, "off") == 0))
    return set_keeps (ctl, strcmp (word, "on") == 0);
  if (ctl->json || !g_strv_contains (verbs, word))
    return ctl_usage ("clipboard", _ ("there are list, show, choose, keep, release, remove, clear, "
                                      "undo, on and off"));
  if (given != 2 || !desk_number (ctl->arguments[1], 1, G_MAXUINT32, &id))
    return ctl_usage ("clipboard", _ ("give the id that 'inosctl clipboard' shows"));
  return with_id (ctl, word, (guint32)id);
}
