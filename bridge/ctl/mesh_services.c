/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl mesh services, find-service, offers, offer, withdraw. */
#include "mesh.h"

#include <glib/gi18n.h>
#include <string.h>

#define NS_PER_MS G_GUINT64_CONSTANT (1000000)

static void add_port (CtlTable *table, guint port)
{
  if (port > 0)
    ctl_table_cellf (table, CTL_PLAIN, "%u", port);
  else
    ctl_table_cell (table, CTL_DIM, "–");
}

static void add_service (CtlTable *table, GVariant *row)
{
  const char *name, *id;
  guint port, cost;

  g_variant_get (row, "(&s&suu)", &name, &id, &port, &cost);
  ctl_table_cell (table, CTL_PLAIN, name);
  ctl_table_cell (table, CTL_PLAIN, id);
  add_port (table, port);
  ctl_table_cellf (table, CTL_PLAIN, "%u", cost);
}

int ctl_mesh_services (struct ctl *ctl)
{
  static const char *const names[] = {"service", "id", "port", "cost", NULL};
  const struct ctl_column columns[] = {{_ ("SERVICE"), false, true},
                                       {_ ("NODE"), false, true},
                                       {_ ("PORT"), true, false},
                                       {_ ("COST"), true, false}};
  const struct ctl_mesh_list list = {
    "ListServices", "(a(ssuu))", "services", names, columns, G_N_ELEMENTS (columns), add_service};

  return ctl_mesh_list (ctl, &list, NULL, _ ("cannot list the services"), NULL);
}

/* A word of the node, as a person reads it. */
static const char *place_text (const char *place)
{
  if (strcmp (place, "here") == 0)
    return _ ("here");
  if (strcmp (place, "region") == 0)
    return _ ("this region");
  if (strcmp (place, "mesh") == 0)
    return _ ("the mesh");
  return strcmp (place, "dht") == 0 ? _ ("the DHT") : place;
}

static void add_found (CtlTable *table, GVariant *row)
{
  const char *id, *place;
  guint port, cost, load;
  guint64 round_trip;
  double score;

  g_variant_get (row, "(&s&suudut@as)", &id, &place, &port, &cost, &score, &load, &round_trip,
                 NULL);
  g_autofree char *time = round_trip > 0 ? ctl_text_time (round_trip) : g_strdup ("–");
  ctl_table_cell (table, CTL_PLAIN, id);
  ctl_table_cell (table, CTL_PLAIN, place_text (place));
  add_port (table, port);
  ctl_table_cellf (table, CTL_PLAIN, "%u", cost);
  ctl_table_cellf (table, CTL_PLAIN, "%u %%", (load + 5) / 10);
  ctl_table_cell (table, CTL_PLAIN, time);
  ctl_table_cellf (table, CTL_PLAIN, "%.2f", score);
}

int ctl_mesh_find_service (struct ctl *ctl)
{
  static const char *const names[] = {"id",   "where",      "port",      "cost", "score",
                                      "load", "round-trip", "addresses", NULL};
  const struct ctl_column columns[] = {{_ ("NODE"), false, true}, {_ ("WHERE"), false, false},
                                       {_ ("PORT"), true, false}, {_ ("COST"), true, false},
                                       {_ ("LOAD"), true, false}, {_ ("ROUND TRIP"), true, false},
                                       {_ ("SCORE"), true, false}};
  const struct ctl_mesh_list list = {"FindService", "(a(ssuudutas))",       "found",  names,
                                     columns,       G_N_ELEMENTS (columns), add_found};

  return ctl_mesh_list (ctl, &list, g_variant_new ("(s)", ctl->arguments[1]),
                        _ ("cannot find the service"), NULL);
}

static void add_offer (CtlTable *table, GVariant *row)
{
  guint port, cost, cores;
  guint64 lease, memory;
  const char *name;
  gboolean well;

  g_variant_get (row, "(&suubtut)", &name, &port, &cost, &well, &lease, &cores, &memory);
  g_autofree char *left = lease > 0 ? ctl_text_time (lease * NS_PER_MS) : g_strdup ("–");
  g_autofree char *size = ctl_text_bytes (memory);
  ctl_table_cell (table, CTL_PLAIN, name);
  add_port (table, port);
  ctl_table_cellf (table, CTL_PLAIN, "%u", cost);
  ctl_table_cell (table, well ? CTL_GREEN : CTL_YELLOW,
                  well ? _ ("announced") : _ ("does not answer"));
  ctl_table_cell (table, CTL_PLAIN, left);
  ctl_table_cellf (table, CTL_PLAIN, "%u", cores);
  ctl_table_cell (table, CTL_PLAIN, size);
}

int ctl_mesh_offers (struct ctl *ctl)
{
  static const char *const names[] = {"service", "port",  "cost",   "well",
                                      "lease",   "cores", "memory", NULL};
  const struct ctl_column columns[] = {{_ ("SERVICE"), false, true}, {_ ("PORT"), true, false},
                                       {_ ("COST"), true, false},    {_ ("STATE"), false, false},
                                       {_ ("LEASE"), true, false},   {_ ("CORES"), true, false},
                                       {_ ("MEMORY"), true, false}};
  const struct ctl_mesh_list list = {"ListOffers", "(a(suubtut))",         "offers", names,
                                     columns,      G_N_ELEMENTS (columns), add_offer};

  return ctl_mesh_list (ctl, &list, NULL, _ ("cannot list the offers"), NULL);
}

static bool read_number (const char *text, guint64 max, guint *number)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 0, max, &value, NULL))
    return false;
  *number = (guint)value;
  return true;
}

int ctl_mesh_offer (struct ctl *ctl)
{
  guint port, cost;
  int status;

  if (!read_number (ctl->arguments[2], G_MAXUINT16, &port) ||
      !read_number (ctl->arguments[3], G_MAXUINT32, &cost))
    return ctl_usage ("mesh", _ ("a port is a number up to 65535, and a cost one too"));
  g_autoptr (GVariant) reply = ctl_mesh_call (
    ctl, "OfferService",
    g_variant_new ("(suuutu)", ctl->arguments[1], port, cost, 0u, G_GUINT64_CONSTANT (0), 0u), "()",
    _ ("cannot offer the service"), &status);
  return status;
}

int ctl_mesh_withdraw (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "WithdrawService", g_variant_new ("(s)", ctl->arguments[1]), "()",
                   _ ("cannot withdraw the service"), &status);

  return status;
}
