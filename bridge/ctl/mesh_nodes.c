/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl mesh nodes: what the nodes say of themselves. */
#include "mesh.h"

#include <glib/gi18n.h>
#include <string.h>

#define ROWS "a(sxba{st}as)"

static bool find (GVariant *figures, const char *name, guint64 *value)
{
  return g_variant_lookup (figures, name, "t", value);
}

static void add_bytes (CtlTable *table, GVariant *figures, const char *name)
{
  guint64 value;
  g_autofree char *text = find (figures, name, &value) ? ctl_text_bytes (value) : g_strdup ("–");

  ctl_table_cell (table, CTL_PLAIN, text);
}

static void add_number (CtlTable *table, GVariant *figures, const char *name)
{
  guint64 value;

  if (find (figures, name, &value))
    ctl_table_cellf (table, CTL_PLAIN, "%" G_GUINT64_FORMAT, value);
  else
    ctl_table_cell (table, CTL_PLAIN, "–");
}

static void add_node (CtlTable *table, GVariant *row)
{
  g_autoptr (GVariant) figures = NULL;
  g_autofree const char **services = NULL;
  guint64 processor;
  const char *id;
  gboolean self;
  gint64 written;

  g_variant_get (row, "(&sxb@a{st}^a&s)", &id, &written, &self, &figures, &services);
  gint64 age = MAX (g_get_real_time() / 1000 - written, 0);
  g_autofree char *ago = ctl_text_time ((guint64)age * 1000000);
  g_autofree char *joined = g_strjoinv (" ", (char **)services);
  ctl_table_cell (table, self ? CTL_BOLD : CTL_PLAIN, id);
  ctl_table_cell (table, CTL_DIM, ago);
  if (find (figures, "processor", &processor))
    ctl_table_cellf (table, CTL_PLAIN, "%" G_GUINT64_FORMAT " %%", (processor + 5) / 10);
  else
    ctl_table_cell (table, CTL_PLAIN, "–");
  add_number (table, figures, "cores");
  add_bytes (table, figures, "memory-used");
  add_bytes (table, figures, "memory");
  add_bytes (table, figures, "storage-free");
  add_number (table, figures, "peers");
  ctl_table_cell (table, CTL_PLAIN, *joined ? joined : "–");
}

static int show (struct ctl *ctl, void *data)
{
  static const char *const names[] = {"id", "written", "self", "figures", "services", NULL};
  const struct ctl_column columns[] = {
    {_ ("NODE"), false, true},  {_ ("SAID AGO"), true, false}, {_ ("LOAD"), true, false},
    {_ ("CORES"), true, false}, {_ ("USED"), true, false},     {_ ("MEMORY"), true, false},
    {_ ("FREE"), true, false},  {_ ("PEERS"), true, false},    {_ ("SERVICES"), false, true},
  };
  const struct ctl_mesh_list list = {"ListNodes", "(" ROWS ")",           "nodes", names,
                                     columns,     G_N_ELEMENTS (columns), add_node};

  return ctl_mesh_list (ctl, &list, NULL, _ ("cannot list the nodes"), data);
}

int ctl_mesh_nodes (struct ctl *ctl)
{
  int lines = 0, status = show (ctl, &lines);

  return ctl->watch && status == CTL_OK ? ctl_actors_repeat (ctl, show, &lines) : status;
}
