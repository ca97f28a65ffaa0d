/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layout.h"

#include "../notify/text.h"
#include "../stranger.h"

#include <string.h>

/* An entry, as far as it was read. */
typedef struct {
  char *label;
  const char *toggle; /* "check", "radio" or "" */
  gboolean enabled, visible, separator, on, menu;
} Entry;

char *inos_layout_label (const char *label)
{
  g_autofree char *shown = inos_text_clean (label, INOS_LAYOUT_MAX_LABEL, FALSE);
  GString *out = g_string_new (NULL);
  gboolean marked = FALSE;

  for (const char *c = shown; *c; c++) {
    if (*c == '_' && c[1] == '_')
      g_string_append_c (out, *c++);
    else if (*c == '_' && !marked)
      marked = TRUE;
    else
      g_string_append_c (out, *c);
  }
  return g_string_free (out, FALSE);
}

static void read_property (gpointer data, const char *name, GVariant *value)
{
  const char *text = inos_stranger_string (value);
  Entry *entry = data;

  if (g_str_equal (name, "label")) {
    g_free (entry->label);
    entry->label = inos_layout_label (text);
  } else if (g_str_equal (name, "enabled"))
    entry->enabled = inos_stranger_boolean (value);
  else if (g_str_equal (name, "visible"))
    entry->visible = inos_stranger_boolean (value);
  else if (g_str_equal (name, "type"))
    entry->separator = g_str_equal (text, "separator");
  else if (g_str_equal (name, "children-display"))
    entry->menu = g_str_equal (text, "submenu");
  else if (g_str_equal (name, "toggle-type"))
    entry->toggle = g_str_equal (text, "checkmark") ? "check"
                    : g_str_equal (text, "radio")   ? "radio"
                                                    : "";
  else if (g_str_equal (name, "toggle-state"))
    entry->on =
      g_variant_is_of_type (value, G_VARIANT_TYPE_INT32) && g_variant_get_int32 (value) == 1;
}

static JsonArray *read_children (GVariant *children, guint depth, guint *left);

/* NULL where it is not to be seen. */
static JsonObject *read_entry (GVariant *layout, guint depth, guint *left)
{
  g_autoptr (GVariant) properties = g_variant_get_child_value (layout, 1);
  g_autoptr (GVariant) children = g_variant_get_child_value (layout, 2);
  Entry entry = {.toggle = "", .enabled = TRUE, .visible = TRUE};
  g_autofree char *label = NULL;
  JsonObject *object;
  gint32 id;

  g_variant_get_child (layout, 0, "i", &id);
  inos_stranger_for_each (properties, read_property, &entry);
  label = g_steal_pointer (&entry.label);
  if (!entry.visible)
    return NULL;
  object = json_object_new();
  json_object_set_int_member (object, "id", id);
  json_object_set_string_member (object, "label", label ? label : "");
  json_object_set_boolean_member (object, "enabled", entry.enabled);
  json_object_set_boolean_member (object, "separator", entry.separator);
  json_object_set_string_member (object, "toggle", entry.toggle);
  json_object_set_boolean_member (object, "on", entry.on);
  if (entry.menu || g_variant_n_children (children) > 0)
    json_object_set_array_member (object, "children", read_children (children, depth + 1, left));
  return object;
}

static JsonArray *read_children (GVariant *children, guint depth, guint *left)
{
  JsonArray *array = json_array_new();
  gsize count = depth < INOS_LAYOUT_MAX_DEPTH ? g_variant_n_children (children) : 0;

  for (gsize i = 0; i < count && *left > 0; i++) {
    g_autoptr (GVariant) child = NULL;
    JsonObject *object = NULL;

    g_variant_get_child (children, i, "v", &child);
    (*left)--;
    if (g_variant_is_of_type (child, G_VARIANT_TYPE (INOS_LAYOUT_TYPE)))
      object = read_entry (child, depth, left);
    if (object)
      json_array_add_object_element (array, object);
  }
  return array;
}

JsonNode *inos_layout_read (GVariant *layout)
{
  g_autoptr (GVariant) children = g_variant_get_child_value (layout, 2);
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  guint left = INOS_LAYOUT_MAX_ENTRIES;

  json_node_take_array (node, read_children (children, 0, &left));
  return node;
}
