/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl mesh manage and managers: who may look at this node from another, or manage it. */
#include "mesh.h"

#include <glib/gi18n.h>
#include <string.h>

int ctl_mesh_manage (struct ctl *ctl)
{
  const char *peer = ctl->arguments[1], *right = ctl->arguments[2];
  int status;

  if (strcmp (right, "look") != 0 && strcmp (right, "all") != 0 && strcmp (right, "none") != 0)
    return ctl_usage ("mesh", _ ("the right is one of look, all and none"));
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "SetManager", g_variant_new ("(ss)", peer, right), "()",
                   _ ("cannot change who may manage this node"), &status);
  return status;
}

static void add_row (CtlTable *table, GVariant *row)
{
  const char *peer, *right;
  gboolean member;

  g_variant_get (row, "(&s&sb)", &peer, &right, &member);
  ctl_table_cell (table, member ? CTL_PLAIN : CTL_DIM, peer);
  ctl_table_cell (table, member ? CTL_PLAIN : CTL_DIM, right);
  ctl_table_cell (table, member ? CTL_PLAIN : CTL_YELLOW,
                  member ? _ ("a member") : _ ("no member: may not"));
}

int ctl_mesh_managers (struct ctl *ctl)
{
  static const char *const names[] = {"peer", "right", "member", NULL};
  const struct ctl_column columns[] = {
    {_ ("PEER"), false, false}, {_ ("RIGHT"), false, false}, {_ ("NOW"), false, true}};
  const struct ctl_mesh_list list = {.method = "ListManagers",
                                     .type = "(a(ssb))",
                                     .key = "managers",
                                     .names = names,
                                     .columns = columns,
                                     .n_columns = G_N_ELEMENTS (columns),
                                     .add_row = add_row};

  return ctl_mesh_list (ctl, &list, NULL, _ ("cannot list who may manage this node"), NULL);
}
