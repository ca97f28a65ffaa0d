/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl mesh bandwidth: what goes by, and who moves it. */
#include "mesh.h"

#include <glib/gi18n.h>

#define ROWS "a(sttttt)"
enum { SHOWN = 12 }; /* rows of each table, which --json has no end of */

static const char *const names[] = {"name",      "sent",   "received", "sending",
                                    "receiving", "memory", NULL};

static void add_cells (CtlTable *table, const char *name, const guint64 figures[4], guint64 memory)
{
  ctl_table_cell (table, CTL_PLAIN, name);
  for (unsigned i = 0; i < 4; i++) {
    g_autofree char *bytes = ctl_text_bytes (figures[i]);
    g_autofree char *rate = g_strdup_printf (_ ("%s/s"), bytes);
    ctl_table_cell (table, figures[i] > 0 ? CTL_PLAIN : CTL_DIM, i < 2 ? bytes : rate);
  }
  g_autofree char *waits = ctl_text_bytes (memory);
  ctl_table_cell (table, memory > 0 ? CTL_PLAIN : CTL_DIM, waits);
}

static void add_row (CtlTable *table, GVariant *row)
{
  const char *name;
  guint64 figures[4], memory;

  g_variant_get (row, "(&sttttt)", &name, &figures[0], &figures[1], &figures[2], &figures[3],
                 &memory);
  add_cells (table, *name ? name : _ ("others"), figures, memory);
}

/* The first rows, which move most. Returns: (transfer full). */
static GVariant *first (GVariant *rows)
{
  GVariantBuilder some;

  g_variant_builder_init (&some, G_VARIANT_TYPE (ROWS));
  for (gsize i = 0; i < MIN (g_variant_n_children (rows), SHOWN); i++) {
    g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
    g_variant_builder_add_value (&some, row);
  }
  return g_variant_ref_sink (g_variant_builder_end (&some));
}

static char *format_table (struct ctl *ctl, const char *heading, GVariant *rows)
{
  const struct ctl_column columns[] = {
    {heading, false, true},       {_ ("SENT"), true, false},      {_ ("RECEIVED"), true, false},
    {_ ("SENDING"), true, false}, {_ ("RECEIVING"), true, false}, {_ ("MEMORY"), true, false},
  };
  g_autoptr (GVariant) some = first (rows);

  return ctl_mesh_table (ctl, columns, G_N_ELEMENTS (columns), some, add_row);
}

static char *format_totals (GVariant *reply)
{
  guint64 sent, received, sending, receiving;

  g_variant_get (reply, "(tttt" ROWS ROWS ")", &sent, &received, &sending, &receiving, NULL, NULL);
  g_autofree char *out = ctl_text_bytes (sent), *in = ctl_text_bytes (received);
  g_autofree char *up = ctl_text_bytes (sending), *down = ctl_text_bytes (receiving);
  return g_strdup_printf (_ ("%s sent, %s received; now %s/s there, %s/s back\n"), out, in, up,
                          down);
}

static void print_as_json (const struct ctl *ctl, GVariant *reply, GVariant *peers,
                           GVariant *protocols)
{
  static const char *const totals[] = {"sent", "received", "sending", "receiving"};
  g_autoptr (JsonBuilder) json = json_builder_new();

  json_builder_begin_object (json);
  for (gsize i = 0; i < G_N_ELEMENTS (totals); i++) {
    guint64 value;
    g_variant_get_child (reply, i, "t", &value);
    json_builder_set_member_name (json, totals[i]);
    json_builder_add_int_value (json, (gint64)value);
  }
  json_add_rows (json, "peers", peers, names);
  json_add_rows (json, "protocols", protocols, names);
  json_builder_end_object (json);
  json_print (json, ctl->watch);
}

static int show (struct ctl *ctl, void *data)
{
  int *lines = data, status;
  g_autoptr (GVariant) reply = ctl_mesh_call (ctl, "Bandwidth", NULL, "(tttt" ROWS ROWS ")",
                                              _ ("cannot ask the mesh"), &status);

  if (reply == NULL)
    return status;
  g_autoptr (GVariant) peers = g_variant_get_child_value (reply, 4);
  g_autoptr (GVariant) protocols = g_variant_get_child_value (reply, 5);
  if (ctl->json) {
    print_as_json (ctl, reply, peers, protocols);
    return CTL_OK;
  }
  g_autofree char *totals = format_totals (reply);
  g_autofree char *by_peer = format_table (ctl, _ ("PEER"), peers);
  g_autofree char *by_protocol = format_table (ctl, _ ("PROTOCOL"), protocols);
  g_autofree char *text = g_strconcat (totals, by_peer, by_protocol, NULL);
  ctl_mesh_draw (ctl, text, lines);
  return CTL_OK;
}

int ctl_mesh_bandwidth (struct ctl *ctl)
{
  int lines = 0, status = show (ctl, &lines);

  return ctl->watch && status == CTL_OK ? ctl_actors_repeat (ctl, show, &lines) : status;
}
