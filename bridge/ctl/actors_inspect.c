/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl actors inspect. The words are those of the D-Bus interface, so that one finds them there;
 * what a newer node says besides is shown too. */
#include "actors.h"

#include <glib/gi18n.h>
#include <string.h>

/* The details that are rows, and what a row's fields are called. */
static const struct {
  const char *key, *type;
  const char *names[5];
} lists[] = {
  {"children", "a(tssu)", {"id", "name", "state", "restarts"}},
  {"history", "a(xss)", {"time", "name", "reason"}},
  {"requests", "a(ttt)", {"id", "target", "age"}},
};

static const char *const lanes[] = {"critical", "high", "normal", "low"};

/* In which order the first of them are shown. */
static const char *const order[] = {
  "name",  "behaviour", "parent",      "state",   "handling", "busy-for", "blocked-on",
  "depth", "oldest",    "depth-known", "handled", "restarts", "memory",
};

static bool is_time (const char *key)
{
  return strcmp (key, "busy-for") == 0 || strcmp (key, "oldest") == 0 || strcmp (key, "age") == 0;
}

static bool is_id (const char *key)
{
  return strcmp (key, "id") == 0 || strcmp (key, "parent") == 0 || strcmp (key, "target") == 0 ||
         strcmp (key, "blocked-on") == 0;
}

/* As people read it; of a basic type. */
static char *text_of (const char *key, GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT64) && is_time (key))
    return ctl_text_time (g_variant_get_uint64 (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT64) && strcmp (key, "memory") == 0)
    return ctl_text_bytes (g_variant_get_uint64 (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64) && strcmp (key, "time") == 0)
    return ctl_actors_clock (g_variant_get_int64 (value));
  return g_variant_print (value, FALSE);
}

static void json_value (JsonBuilder *json, const char *key, GVariant *value)
{
  g_autofree char *name = g_strdelimit (g_strdup (key), "-", '_');

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT64) && is_id (key))
    ctl_actors_json_id (json, name, g_variant_get_uint64 (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT64))
    json_add_int (json, name, (gint64)g_variant_get_uint64 (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    json_add_int (json, name, g_variant_get_int64 (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    json_add_int (json, name, g_variant_get_uint32 (value));
  else {
    g_autofree char *text = text_of (key, value);
    ctl_actors_json_text (json, name, text);
  }
}

static void json_row (JsonBuilder *json, GVariant *row, const char *const *names)
{
  json_builder_begin_object (json);
  for (gsize i = 0; i < g_variant_n_children (row); i++) {
    g_autoptr (GVariant) field = g_variant_get_child_value (row, i);
    json_value (json, names[i], field);
  }
  json_builder_end_object (json);
}

/* Names of the fields where the detail is a list that we know; NULL where it is not. */
static const char *const *names_of (const char *key, GVariant *value)
{
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++)
    if (strcmp (lists[i].key, key) == 0 &&
        g_variant_is_of_type (value, G_VARIANT_TYPE (lists[i].type)))
      return lists[i].names;
  return NULL;
}

static bool is_lanes (const char *key, GVariant *value)
{
  return strcmp (key, "lanes") == 0 && g_variant_is_of_type (value, G_VARIANT_TYPE ("at")) &&
         g_variant_n_children (value) == G_N_ELEMENTS (lanes);
}

static void json_detail (JsonBuilder *json, const char *key, GVariant *value)
{
  const char *const *names = names_of (key, value);

  if (names != NULL) {
    json_builder_set_member_name (json, key);
    json_builder_begin_array (json);
    for (gsize i = 0; i < g_variant_n_children (value); i++) {
      g_autoptr (GVariant) row = g_variant_get_child_value (value, i);
      json_row (json, row, names);
    }
    json_builder_end_array (json);
  } else if (is_lanes (key, value)) {
    json_builder_set_member_name (json, key);
    json_row (json, value, lanes);
  } else {
    json_value (json, key, value);
  }
}

static void print_json (guint64 id, GVariant *details, bool looked, bool in_cycle)
{
  g_autoptr (JsonBuilder) json = json_builder_new();
  GVariantIter iter;
  const char *key;
  GVariant *value;

  json_builder_begin_object (json);
  ctl_actors_json_id (json, "id", id);
  g_variant_iter_init (&iter, details);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    json_detail (json, key, value);
  if (looked)
    json_add_bool (json, "in_cycle", in_cycle);
  else
    json_add_null (json, "in_cycle");
  json_builder_end_object (json);
  json_print (json, false);
}

static void line (CtlTable *table, const char *key, const char *text)
{
  ctl_table_cell (table, CTL_DIM, key);
  ctl_table_cell (table, CTL_PLAIN, text);
}

/* A row of fields with blanks between. */
static void lines (CtlTable *table, const char *key, GVariant *value, const char *const *names)
{
  for (gsize i = 0; i < g_variant_n_children (value); i++) {
    g_autoptr (GVariant) row = g_variant_get_child_value (value, i);
    g_autoptr (GString) text = g_string_new (NULL);
    for (gsize k = 0; k < g_variant_n_children (row); k++) {
      g_autoptr (GVariant) field = g_variant_get_child_value (row, k);
      g_autofree char *word = text_of (names[k], field);
      g_string_append_printf (text, "%s%s", k > 0 ? "  " : "", word);
    }
    line (table, i == 0 ? key : "", text->str);
  }
}

static void detail (CtlTable *table, const char *key, GVariant *value)
{
  const char *const *names = names_of (key, value);

  if (names != NULL) {
    lines (table, key, value, names);
  } else if (is_lanes (key, value)) {
    guint64 n[G_N_ELEMENTS (lanes)];
    g_autoptr (GString) text = g_string_new (NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (lanes); i++) {
      g_variant_get_child (value, i, "t", &n[i]);
      g_string_append_printf (text, "%s%s %" G_GUINT64_FORMAT, i > 0 ? ", " : "", lanes[i], n[i]);
    }
    line (table, key, text->str);
  } else {
    g_autofree char *text = text_of (key, value);
    if (*text != '\0')
      line (table, key, text);
  }
}

static bool comes_first (const char *key)
{
  for (size_t i = 0; i < G_N_ELEMENTS (order); i++)
    if (strcmp (order[i], key) == 0)
      return true;
  return false;
}

static void print_text (struct ctl *ctl, guint64 id, GVariant *details, const char *cycle)
{
  const struct ctl_column columns[] = {{NULL, false, false}, {NULL, false, true}};
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, id);
  GVariantIter iter;
  const char *key;
  GVariant *value;
  int width, height;

  line (table, "id", number);
  for (size_t i = 0; i < G_N_ELEMENTS (order); i++) {
    g_autoptr (GVariant) known = g_variant_lookup_value (details, order[i], NULL);
    if (known != NULL)
      detail (table, order[i], known);
  }
  g_variant_iter_init (&iter, details);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    if (!comes_first (key))
      detail (table, key, value);
  if (cycle != NULL)
    line (table, "in-cycle", cycle);
  ctl_text_terminal_size (&width, &height);
  ctl_table_print (table, out, 0, width, ctl->color);
  g_print ("%s", out->str);
}

int ctl_actors_inspect (struct ctl *ctl, const char *who)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    ctl_actors_call (ctl, "InspectActor", g_variant_new ("(s)", who), "(ta{sv})", &error);
  g_autoptr (GVariant) details = NULL;
  guint64 id;

  if (reply == NULL)
    return ctl_actors_fail (ctl, error, who, _ ("cannot inspect the actor"));
  g_variant_get (reply, "(t@a{sv})", &id, &details);
  g_autoptr (GVariant) cycles = ctl_actors_find_cycles (ctl);
  g_autofree char *cycle = ctl_actors_cycle_of (cycles, id);
  if (ctl->json)
    print_json (id, details, cycles != NULL, cycle != NULL);
  else
    print_text (ctl, id, details, cycle);
  return CTL_OK;
}
