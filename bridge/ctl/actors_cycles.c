/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl actors cycles, and whether an actor is in one. */
#include "actors.h"

#include <glib/gi18n.h>

#define REPLY "(ua(ua(tsstst)))"

enum {
  LIMIT = 64,
  MIN_AGE = 1000, /* ms: actors ask each other all the time, and soon have their answers */
};

struct wait {
  guint64 who, whom, age;
  const char *name, *behaviour, *kind;
};

static bool next_wait (GVariantIter *iter, struct wait *wait)
{
  return g_variant_iter_next (iter, "(t&s&st&st)", &wait->who, &wait->name, &wait->behaviour,
                              &wait->whom, &wait->kind, &wait->age);
}

static GVariant *fetch (struct ctl *ctl, guint *unknown, GError **error)
{
  g_autoptr (GVariant) reply = ctl_actors_call (
    ctl, "ListCycles", g_variant_new ("(uu)", (guint)MIN_AGE, (guint)LIMIT), REPLY, error);
  GVariant *cycles = NULL;

  if (reply != NULL)
    g_variant_get (reply, "(u@a(ua(tsstst)))", unknown, &cycles);
  return cycles;
}

static char *label (const struct wait *wait)
{
  if (*wait->name != '\0')
    return g_strdup (wait->name);
  if (*wait->behaviour != '\0')
    return g_strdup (wait->behaviour);
  return g_strdup_printf ("%" G_GUINT64_FORMAT, wait->who);
}

/* Who is waited for: that of the next row, or of the first where the circle closes. */
static char *label_of (GVariant *waits, guint64 id)
{
  GVariantIter iter;
  struct wait wait;

  g_variant_iter_init (&iter, waits);
  while (next_wait (&iter, &wait))
    if (wait.who == id)
      return label (&wait);
  return g_strdup_printf ("%" G_GUINT64_FORMAT, id);
}

/* JSON */

static void json_wait (JsonBuilder *json, const struct wait *wait)
{
  json_builder_begin_object (json);
  ctl_actors_json_id (json, "id", wait->who);
  ctl_actors_json_text (json, "name", wait->name);
  ctl_actors_json_text (json, "behaviour", wait->behaviour);
  ctl_actors_json_id (json, "waits_for", wait->whom);
  ctl_actors_json_text (json, "kind", wait->kind);
  json_add_int (json, "age", (gint64)wait->age);
  json_builder_end_object (json);
}

static void json_cycle (JsonBuilder *json, guint length, GVariant *waits)
{
  GVariantIter iter;
  struct wait wait;

  json_builder_begin_object (json);
  json_add_int (json, "length", length);
  json_builder_set_member_name (json, "waits");
  json_builder_begin_array (json);
  g_variant_iter_init (&iter, waits);
  while (next_wait (&iter, &wait))
    json_wait (json, &wait);
  json_builder_end_array (json);
  json_builder_end_object (json);
}

static void print_json (GVariant *cycles, guint unknown)
{
  g_autoptr (JsonBuilder) json = json_builder_new();
  GVariantIter iter;
  GVariant *waits;
  guint length;

  json_builder_begin_object (json);
  json_add_int (json, "unknown", unknown);
  json_builder_set_member_name (json, "cycles");
  json_builder_begin_array (json);
  g_variant_iter_init (&iter, cycles);
  while (g_variant_iter_loop (&iter, "(u@a(tsstst))", &length, &waits))
    json_cycle (json, length, waits);
  json_builder_end_array (json);
  json_builder_end_object (json);
  json_print (json, false);
}

/* For people */

static void add_cycle (CtlTable *table, guint number, guint length, GVariant *waits)
{
  gsize shown = g_variant_n_children (waits);
  GVariantIter iter;
  struct wait wait;

  g_variant_iter_init (&iter, waits);
  while (next_wait (&iter, &wait)) {
    g_autofree char *who = label (&wait), *whom = label_of (waits, wait.whom),
                    *age = wait.age > 0 ? ctl_text_time (wait.age) : g_strdup ("?");
    ctl_table_cellf (table, CTL_DIM, "%u", number);
    ctl_table_cell (table, CTL_PLAIN, who);
    ctl_table_cellf (table, CTL_DIM, "%" G_GUINT64_FORMAT, wait.who);
    ctl_table_cell (table, CTL_PLAIN, whom);
    ctl_table_cell (table, CTL_PLAIN, wait.kind);
    ctl_table_cell (table, CTL_PLAIN, age);
  }
  if (length <= shown)
    return;
  guint more = length - (guint)shown;
  ctl_table_cellf (table, CTL_DIM, "%u", number);
  ctl_table_cellf (table, CTL_DIM, ngettext ("and %u more", "and %u more", more), more);
  for (int i = 0; i < 4; i++)
    ctl_table_cell (table, CTL_DIM, "");
}

static void print_table (struct ctl *ctl, GVariant *cycles)
{
  const struct ctl_column columns[] = {
    {_ ("CIRCLE"), true, false},    {_ ("ACTOR"), false, true}, {_ ("ID"), true, false},
    {_ ("WAITS FOR"), false, true}, {_ ("WHAT"), false, false}, {_ ("SINCE"), true, false},
  };
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GString) out = g_string_new (NULL);
  GVariantIter iter;
  GVariant *waits;
  guint length, number = 0;
  int width, height;

  g_variant_iter_init (&iter, cycles);
  while (g_variant_iter_loop (&iter, "(u@a(tsstst))", &length, &waits))
    add_cycle (table, ++number, length, waits);
  ctl_text_terminal_size (&width, &height);
  ctl_table_print (table, out, 0, width, ctl->color);
  g_print ("%s", out->str);
}

int ctl_actors_cycles (struct ctl *ctl, const char *who)
{
  g_autoptr (GError) error = NULL;
  guint unknown = 0;
  g_autoptr (GVariant) cycles = fetch (ctl, &unknown, &error);

  if (cycles == NULL)
    return ctl_actors_fail (ctl, error, NULL, _ ("cannot look who waits for whom"));
  if (ctl->json) {
    print_json (cycles, unknown);
    return CTL_OK;
  }
  if (g_variant_n_children (cycles) > 0)
    print_table (ctl, cycles);
  else
    g_print (_ ("No actors wait for each other.\n"));
  if (unknown > 0)
    g_print (ngettext ("%u actor did not say in time for whom it waits.\n",
                       "%u actors did not say in time for whom they wait.\n", unknown),
             unknown);
  return CTL_OK;
}

/* For those who mark an actor that is in one */

GVariant *ctl_actors_find_cycles (struct ctl *ctl)
{
  guint unknown;

  return fetch (ctl, &unknown, NULL);
}

/* Its place among the waits; as many as there are: it is none of them. */
static gsize place_of (GVariant *waits, guint64 id)
{
  GVariantIter iter;
  struct wait wait;
  gsize place = 0;

  g_variant_iter_init (&iter, waits);
  while (next_wait (&iter, &wait) && wait.who != id)
    place++;
  return place;
}

/* Once around, from there. */
static char *way_from (GVariant *waits, guint length, gsize place)
{
  g_autoptr (GString) way = g_string_new (NULL);
  gsize count = g_variant_n_children (waits);

  for (gsize i = 0; i <= count; i++) {
    gsize at = (place + i) % count;
    guint64 id;
    g_variant_get_child (waits, at, "(tsstst)", &id, NULL, NULL, NULL, NULL, NULL);
    g_autofree char *who = label_of (waits, id);
    g_string_append_printf (way, "%s%s%s", i > 0 ? " → " : "",
                            i > 0 && at == 0 && length > count ? "… → " : "", who);
  }
  return g_strdup (way->str);
}

char *ctl_actors_cycle_of (GVariant *cycles, guint64 id)
{
  if (cycles == NULL)
    return NULL;
  for (gsize i = 0; i < g_variant_n_children (cycles); i++) {
    g_autoptr (GVariant) waits = NULL;
    guint length;
    g_variant_get_child (cycles, i, "(u@a(tsstst))", &length, &waits);
    gsize place = place_of (waits, id);
    if (place < g_variant_n_children (waits))
      return way_from (waits, length, place);
  }
  return NULL;
}
