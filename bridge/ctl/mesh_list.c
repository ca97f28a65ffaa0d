/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list that somebody gives: as JSON, or as a table. */
#include "mesh.h"

void ctl_mesh_show (struct ctl *ctl, const struct ctl_mesh_list *list, GVariant *reply, int *lines)
{
  int none = 0;
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 0);

  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    json_add_rows (json, list->key, rows, list->names);
    json_builder_end_object (json);
    json_print (json, ctl->watch);
    return;
  }
  g_autofree char *text = ctl_mesh_table (ctl, list->columns, list->n_columns, rows, list->add_row);
  ctl_mesh_draw (ctl, text, lines ? lines : &none);
}

int ctl_mesh_list (struct ctl *ctl, const struct ctl_mesh_list *list, GVariant *parameters,
                   const char *what, int *lines)
{
  int status;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, list->method, parameters, list->type, what, &status);

  if (reply == NULL)
    return status;
  ctl_mesh_show (ctl, list, reply, lines);
  return CTL_OK;
}
