/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl mesh members: who is in the mesh, and who is not any more. */
#include "mesh.h"

#include <glib/gi18n.h>
#include <string.h>

#define ROWS "a(ssstuututsb)"
#define NS_PER_MS G_GUINT64_CONSTANT (1000000)
enum { LIMIT = 1024 };

static const char *const names[] = {"id",     "state", "address", "age",    "load", "cores",
                                    "memory", "gpus",  "storage", "region", "self", NULL};

/* A word of the node, as a person reads it. */
static const char *state_text (const char *state)
{
  if (strcmp (state, "alive") == 0)
    return _ ("alive");
  if (strcmp (state, "suspect") == 0)
    return _ ("suspect");
  if (strcmp (state, "dead") == 0)
    return _ ("dead");
  return strcmp (state, "left") == 0 ? _ ("left") : state;
}

static char *or_dash (bool known, char *text)
{
  if (known)
    return text;
  g_free (text);
  return g_strdup ("–");
}

static void add_row (CtlTable *table, GVariant *row)
{
  const char *id, *state, *address, *region;
  guint load, cores, gpus;
  guint64 age, memory, storage;
  gboolean self;

  g_variant_get (row, "(&s&s&stuutut&sb)", &id, &state, &address, &age, &load, &cores, &memory,
                 &gpus, &storage, &region, &self);
  bool there = strcmp (state, "alive") == 0;
  g_autofree char *since = ctl_text_time (age * NS_PER_MS);
  g_autofree char *busy = or_dash (cores > 0, g_strdup_printf ("%u %%", (load + 5) / 10));
  g_autofree char *count = or_dash (cores > 0, g_strdup_printf ("%u", cores));
  g_autofree char *size = or_dash (memory > 0, ctl_text_bytes (memory));
  g_autofree char *room = or_dash (storage > 0, ctl_text_bytes (storage));
  ctl_table_cell (table, there ? CTL_PLAIN : CTL_DIM, id);
  ctl_table_cell (table, there ? CTL_PLAIN : CTL_DIM, self ? _ ("this node") : state_text (state));
  ctl_table_cell (table, CTL_PLAIN, since);
  ctl_table_cell (table, CTL_PLAIN, busy);
  ctl_table_cell (table, CTL_PLAIN, count);
  ctl_table_cell (table, CTL_PLAIN, size);
  ctl_table_cell (table, CTL_PLAIN, room);
  ctl_table_cell (table, CTL_PLAIN, *region ? region : "–");
  ctl_table_cell (table, CTL_DIM, address);
}

static char *format_members (struct ctl *ctl, GVariant *rows)
{
  const struct ctl_column columns[] = {
    {_ ("MEMBER"), false, true}, {_ ("STATE"), false, false}, {_ ("SINCE"), true, false},
    {_ ("LOAD"), true, false},   {_ ("CORES"), true, false},  {_ ("MEMORY"), true, false},
    {_ ("FREE"), true, false},   {_ ("REGION"), false, true}, {_ ("ADDRESS"), false, true},
  };

  return ctl_mesh_table (ctl, columns, G_N_ELEMENTS (columns), rows, add_row);
}

static int show_members (struct ctl *ctl, void *data)
{
  int *lines = data, status;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "ListMembers", g_variant_new ("(u)", LIMIT), "(u" ROWS ")",
                   _ ("cannot list the members"), &status);
  guint count;

  if (reply == NULL)
    return status;
  g_variant_get_child (reply, 0, "u", &count);
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 1);
  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    json_add_rows (json, "members", rows, names);
    json_builder_set_member_name (json, "count");
    json_builder_add_int_value (json, count);
    json_builder_end_object (json);
    json_print (json, ctl->watch);
    return CTL_OK;
  }
  g_autofree char *text = format_members (ctl, rows);
  ctl_mesh_draw (ctl, text, lines);
  return CTL_OK;
}

int ctl_mesh_members (struct ctl *ctl)
{
  int lines = 0, status = show_members (ctl, &lines);

  return ctl->watch && status == CTL_OK ? ctl_actors_repeat (ctl, show_members, &lines) : status;
}
