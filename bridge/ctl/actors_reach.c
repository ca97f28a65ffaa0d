/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl actors reachable and allow: which actors can be reached from another node, and by whom.
 */
#include "mesh.h"

#include <glib/gi18n.h>
#include <string.h>

static void add_row (CtlTable *table, GVariant *row)
{
  g_autofree const char **who = NULL;
  const char *name;

  g_variant_get (row, "(&s^a&s)", &name, &who);
  g_autofree char *all = g_strjoinv (" ", (char **)who);
  ctl_table_cell (table, CTL_PLAIN, name);
  ctl_table_cell (table, CTL_PLAIN, all);
}

static void print_json (GVariant *rows)
{
  g_autoptr (JsonBuilder) json = json_builder_new();

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "actors");
  json_builder_begin_array (json);
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    g_autofree const char **who = NULL;
    const char *name;
    g_variant_get_child (rows, i, "(&s^a&s)", &name, &who);
    json_builder_begin_object (json);
    ctl_actors_json_text (json, "name", name);
    json_builder_set_member_name (json, "who");
    json_builder_begin_array (json);
    for (const char **one = who; *one != NULL; one++)
      json_builder_add_string_value (json, *one);
    json_builder_end_array (json);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
  json_builder_end_object (json);
  json_print (json, false);
}

static int list_ours (struct ctl *ctl)
{
  const struct ctl_column columns[] = {{_ ("ACTOR"), false, true}, {_ ("WHO MAY"), false, true}};
  int status, lines = 0;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "ListAccess", NULL, "(a(sas))", _ ("cannot list the actors"), &status);

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

int ctl_actors_reachable (struct ctl *ctl, const char *peer)
{
  int status;

  if (peer == NULL)
    return list_ours (ctl);
  g_autoptr (GVariant) reply = ctl_mesh_call (ctl, "ListPeerActors", g_variant_new ("(s)", peer),
                                              "(as)", _ ("cannot list the actors"), &status);
  if (reply == NULL)
    return status;
  g_autofree const char **names = NULL;
  g_variant_get (reply, "(^a&s)", &names);
  if (ctl->json) {
    ctl_mesh_print_json (reply);
    return CTL_OK;
  }
  for (const char **name = names; *name != NULL; name++)
    g_print ("%s/%s\n", peer, *name);
  return CTL_OK;
}

int ctl_actors_allow (struct ctl *ctl, const char *name)
{
  const char *const *who = (const char *const *)ctl->arguments + 2;
  const char *const nobody[] = {NULL};
  int status;

  if (strcmp (who[0], "nobody") == 0 && who[1] == NULL)
    who = nobody;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "AllowActor", g_variant_new ("(s^as)", name, who), "()",
                   _ ("cannot change who may reach the actor"), &status);
  return status;
}
