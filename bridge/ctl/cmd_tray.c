/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl tray: the items that programs have on the panel. */
#include "desk.h"
#include "mesh.h"
#include "shell.h"

#include <glib/gi18n.h>
#include <string.h>

#define TRAY "org.inos.Shell1.Tray"
#define ROWS "a(usssb)"

void ctl_tray_help (void)
{
  g_print (_ ("\nSubcommands:\n"));
  g_print ("  %-27s  %s\n", "list", _ ("the programs that have an item"));
  g_print ("  %-27s  %s\n", "activate ID", _ ("what a click does"));
  g_print ("  %-27s  %s\n", "secondary ID", _ ("what the middle button does"));
  g_print ("  %-27s  %s\n", "menu ID", _ ("open its menu"));
}

static const char *status_text (const char *status)
{
  if (strcmp (status, "attention") == 0)
    return _ ("needs attention");
  return strcmp (status, "passive") == 0 ? _ ("passive") : _ ("active");
}

static void add_row (CtlTable *table, GVariant *row)
{
  const char *title, *tooltip, *status;
  guint id;

  g_variant_get (row, "(u&s&s&sb)", &id, &title, &tooltip, &status, NULL);
  ctl_table_cellf (table, CTL_PLAIN, "%u", id);
  ctl_table_cell (table, CTL_BOLD, title);
  ctl_table_cell (table, strcmp (status, "attention") == 0 ? CTL_YELLOW : CTL_PLAIN,
                  status_text (status));
  ctl_table_cell (table, CTL_PLAIN, tooltip);
}

static int list (struct ctl *ctl)
{
  static const char *const names[] = {"id", "title", "tooltip", "status", "menu", NULL};
  const struct ctl_column columns[] = {
    {_ ("ID"), true, false},
    {_ ("PROGRAM"), false, true},
    {_ ("STATE"), false, false},
    {_ ("SAYS"), false, true},
  };
  const struct ctl_mesh_list list = {.type = "(" ROWS ")",
                                     .key = "items",
                                     .names = names,
                                     .columns = columns,
                                     .n_columns = G_N_ELEMENTS (columns),
                                     .add_row = add_row};

  return ctl_shell_list (ctl, TRAY, &list, _ ("cannot list the panel's items"));
}

int ctl_cmd_tray (struct ctl *ctl)
{
  static const char *const words[] = {"activate", "secondary", "menu", NULL};
  unsigned given = desk_count (ctl);
  const char *word = given > 0 ? ctl->arguments[0] : "list";
  guint64 id;

  if (strcmp (word, "list") == 0 && given <= 1)
    return list (ctl);
  if (ctl->json || !g_strv_contains (words, word))
    return ctl_usage ("tray", _ ("there are list, activate, secondary and menu"));
  if (given != 2 || !desk_number (ctl->arguments[1], 1, G_MAXUINT32, &id))
    return ctl_usage ("tray", _ ("give the id that 'inosctl tray' shows"));
  return ctl_shell_do (ctl, TRAY, "Do", g_variant_new ("(us)", (guint32)id, word), "()",
                       _ ("cannot do that with the item"));
}
