/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl mesh group…: groups of nodes, and who leads them. */
#include "mesh.h"

#include <glib/gi18n.h>
#include <string.h>

#define ROWS "a(ssttta(ss))"
#define NS_PER_MS G_GUINT64_CONSTANT (1000000)

/* A word of the node, as a person reads it. */
static const char *state_text (const char *state)
{
  if (strcmp (state, "self") == 0)
    return _ ("this node");
  if (strcmp (state, "there") == 0)
    return _ ("there");
  if (strcmp (state, "late") == 0)
    return _ ("late");
  if (strcmp (state, "gone") == 0)
    return _ ("gone");
  return strcmp (state, "new") == 0 ? _ ("not there yet") : state;
}

static void add_member (CtlTable *table, GVariant *row, const char *id, const char *state)
{
  const char *name, *primary;
  guint64 epoch, token, lease;

  g_variant_get (row, "(&s&sttt@a(ss))", &name, &primary, &epoch, &token, &lease, NULL);
  bool leads = strcmp (primary, id) == 0, self = strcmp (state, "self") == 0;
  ctl_table_cell (table, CTL_PLAIN, name);
  ctl_table_cell (table, leads ? CTL_BOLD : CTL_PLAIN, id);
  ctl_table_cell (table, CTL_PLAIN, state_text (state));
  ctl_table_cell (table, CTL_BOLD, leads ? _ ("primary") : "");
  if (leads)
    ctl_table_cellf (table, CTL_PLAIN, "%" G_GUINT64_FORMAT, epoch);
  else
    ctl_table_cell (table, CTL_PLAIN, "");
  g_autofree char *left = self && token > 0 ? ctl_text_time (lease * NS_PER_MS) : g_strdup ("");
  ctl_table_cell (table, CTL_PLAIN, left);
}

static void add_group (CtlTable *table, GVariant *row)
{
  g_autoptr (GVariant) members = g_variant_get_child_value (row, 5);
  const char *id, *state;
  GVariantIter iter;

  g_variant_iter_init (&iter, members);
  while (g_variant_iter_next (&iter, "(&s&s)", &id, &state))
    add_member (table, row, id, state);
}

static int show (struct ctl *ctl, void *data)
{
  static const char *const names[] = {"name",  "primary", "epoch", "token",
                                      "lease", "members", NULL};
  const struct ctl_column columns[] = {
    {_ ("GROUP"), false, true}, {_ ("MEMBER"), false, true}, {_ ("STATE"), false, false},
    {_ ("ROLE"), false, false}, {_ ("EPOCH"), true, false},  {_ ("LEASE"), true, false},
  };
  const struct ctl_mesh_list list = {"ListGroups", "(" ROWS ")",           "groups", names,
                                     columns,      G_N_ELEMENTS (columns), add_group};

  return ctl_mesh_list (ctl, &list, NULL, _ ("cannot list the groups"), data);
}

int ctl_mesh_groups (struct ctl *ctl)
{
  int lines = 0, status = show (ctl, &lines);

  return ctl->watch && status == CTL_OK ? ctl_actors_repeat (ctl, show, &lines) : status;
}

static int call (struct ctl *ctl, const char *method, GVariant *parameters, const char *what)
{
  int status;
  g_autoptr (GVariant) reply = ctl_mesh_call (ctl, method, parameters, "()", what, &status);

  return status;
}

int ctl_mesh_group_join (struct ctl *ctl)
{
  g_auto (GStrv) peers = g_strsplit (ctl->arguments[2], ",", -1);

  return call (ctl, "JoinGroup", g_variant_new ("(s^as)", ctl->arguments[1], peers),
               _ ("cannot join the group"));
}

int ctl_mesh_group_leave (struct ctl *ctl)
{
  return call (ctl, "LeaveGroup", g_variant_new ("(s)", ctl->arguments[1]),
               _ ("cannot leave the group"));
}

int ctl_mesh_group_resign (struct ctl *ctl)
{
  return call (ctl, "ResignGroup", g_variant_new ("(s)", ctl->arguments[1]),
               _ ("cannot let another lead the group"));
}
