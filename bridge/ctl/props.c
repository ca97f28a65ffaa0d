/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "props.h"
#include "text.h"

#include <math.h>
#include <stdio.h>

double props_finite (double x)
{
  return isfinite (x) ? x : 0.0;
}

GVariant *props_value (GVariant *props, const char *name, const char *type)
{
  const GVariantType *wanted = G_VARIANT_TYPE (type);
  GVariant *value = g_variant_lookup_value (props, name, wanted);

  /* A value without bytes is its type's zero, "" or empty array. */
  return value ? value
               : g_variant_ref_sink (g_variant_new_from_data (wanted, NULL, 0, TRUE, NULL, NULL));
}

#define READER(c_type, function, kind, type)                                                       \
  c_type function (GVariant *props, const char *name)                                              \
  {                                                                                                \
    g_autoptr (GVariant) value = props_value (props, name, type);                                  \
    return g_variant_get_##kind (value);                                                           \
  }

READER (bool, props_bool, boolean, "b")
READER (gint32, props_int32, int32, "i")
READER (guint32, props_uint32, uint32, "u")
READER (gint64, props_int64, int64, "x")
READER (guint64, props_uint64, uint64, "t")

double props_double (GVariant *props, const char *name)
{
  g_autoptr (GVariant) value = props_value (props, name, "d");
  return props_finite (g_variant_get_double (value));
}

char *props_string (GVariant *props, const char *name)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (props, name, NULL);

  if (value == NULL || !(g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ||
                         g_variant_is_of_type (value, G_VARIANT_TYPE_OBJECT_PATH)))
    return g_strdup ("");
  return g_variant_dup_string (value, NULL);
}

void json_add_int (JsonBuilder *json, const char *key, gint64 value)
{
  json_builder_set_member_name (json, key);
  json_builder_add_int_value (json, value);
}

void json_add_double (JsonBuilder *json, const char *key, double value)
{
  json_builder_set_member_name (json, key);
  json_builder_add_double_value (json, props_finite (value));
}

void json_add_bool (JsonBuilder *json, const char *key, bool value)
{
  json_builder_set_member_name (json, key);
  json_builder_add_boolean_value (json, value);
}

void json_add_null (JsonBuilder *json, const char *key)
{
  json_builder_set_member_name (json, key);
  json_builder_add_null_value (json);
}

static void add_value (JsonBuilder *json, GVariant *value);

static void add_entry (JsonBuilder *json, GVariant *entry)
{
  g_autoptr (GVariant) key = g_variant_get_child_value (entry, 0);
  g_autoptr (GVariant) value = g_variant_get_child_value (entry, 1);

  json_builder_set_member_name (json, g_variant_get_string (key, NULL));
  add_value (json, value);
}

/* A dictionary by strings as an object; any other array, and a tuple, as an array. */
static void add_container (JsonBuilder *json, GVariant *value)
{
  bool is_object = g_variant_is_of_type (value, G_VARIANT_TYPE ("a{s*}"));

  if (is_object)
    json_builder_begin_object (json);
  else
    json_builder_begin_array (json);
  for (gsize i = 0; i < g_variant_n_children (value); i++) {
    g_autoptr (GVariant) child = g_variant_get_child_value (value, i);
    if (is_object)
      add_entry (json, child);
    else
      add_value (json, child);
  }
  if (is_object)
    json_builder_end_object (json);
  else
    json_builder_end_array (json);
}

static void add_value (JsonBuilder *json, GVariant *value)
{
  switch (g_variant_classify (value)) {
  case G_VARIANT_CLASS_BOOLEAN:
    json_builder_add_boolean_value (json, g_variant_get_boolean (value));
    break;
  case G_VARIANT_CLASS_BYTE:
    json_builder_add_int_value (json, g_variant_get_byte (value));
    break;
  case G_VARIANT_CLASS_INT32:
    json_builder_add_int_value (json, g_variant_get_int32 (value));
    break;
  case G_VARIANT_CLASS_UINT32:
    json_builder_add_int_value (json, g_variant_get_uint32 (value));
    break;
  case G_VARIANT_CLASS_INT64:
    json_builder_add_int_value (json, g_variant_get_int64 (value));
    break;
  case G_VARIANT_CLASS_UINT64:
    json_builder_add_int_value (json,
                                (gint64)MIN (g_variant_get_uint64 (value), (guint64)G_MAXINT64));
    break;
  case G_VARIANT_CLASS_DOUBLE:
    json_builder_add_double_value (json, props_finite (g_variant_get_double (value)));
    break;
  case G_VARIANT_CLASS_ARRAY:
  case G_VARIANT_CLASS_TUPLE:
    add_container (json, value);
    break;
  default:
    json_builder_add_string_value (json, g_variant_get_string (value, NULL));
  }
}

void json_add_fields (JsonBuilder *json, GVariant *row, const char *const *names)
{
  for (gsize i = 0; i < g_variant_n_children (row) && names[i]; i++) {
    g_autoptr (GVariant) field = g_variant_get_child_value (row, i);
    json_builder_set_member_name (json, names[i]);
    add_value (json, field);
  }
}

void json_add_rows (JsonBuilder *json, const char *key, GVariant *rows, const char *const *names)
{
  json_builder_set_member_name (json, key);
  json_builder_begin_array (json);
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
    json_builder_begin_object (json);
    json_add_fields (json, row, names);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
}

void json_add_properties (JsonBuilder *json, GVariant *props, const struct json_property *list,
                          size_t n)
{
  for (size_t i = 0; i < n; i++) {
    g_autoptr (GVariant) value = props_value (props, list[i].property, list[i].type);
    json_builder_set_member_name (json, list[i].key);
    add_value (json, value);
  }
}

void json_print (JsonBuilder *json, bool one_line)
{
  g_autoptr (JsonNode) root = json_builder_get_root (json);
  g_autofree char *text = json_to_string (root, !one_line);
  g_autofree char *safe = ctl_text_escape_json (text);

  puts (safe); /* JSON is UTF-8 in every locale */
  fflush (stdout);
}
