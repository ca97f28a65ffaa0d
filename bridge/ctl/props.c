/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "props.h"
#include "text.h"

#include <math.h>
#include <stdio.h>

double props_finite (double x)
{
  return isfinite (x) ? x : 0.0;
}

double props_double (GVariant *props, const char *name)
{
  double value = 0;
  g_variant_lookup (props, name, "d", &value);
  return props_finite (value);
}

guint64 props_uint64 (GVariant *props, const char *name)
{
  guint64 value = 0;
  g_variant_lookup (props, name, "t", &value);
  return value;
}

gint64 props_int64 (GVariant *props, const char *name)
{
  gint64 value = 0;
  g_variant_lookup (props, name, "x", &value);
  return value;
}

guint32 props_uint32 (GVariant *props, const char *name)
{
  guint32 value = 0;
  g_variant_lookup (props, name, "u", &value);
  return value;
}

gint32 props_int32 (GVariant *props, const char *name)
{
  gint32 value = 0;
  g_variant_lookup (props, name, "i", &value);
  return value;
}

bool props_bool (GVariant *props, const char *name)
{
  gboolean value = FALSE;
  g_variant_lookup (props, name, "b", &value);
  return value;
}

char *props_string (GVariant *props, const char *name)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (props, name, NULL);

  if (value == NULL || !(g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ||
                         g_variant_is_of_type (value, G_VARIANT_TYPE_OBJECT_PATH)))
    return g_strdup ("");
  return g_variant_dup_string (value, NULL);
}

GVariant *props_value (GVariant *props, const char *name, const char *type)
{
  GVariant *value = g_variant_lookup_value (props, name, G_VARIANT_TYPE (type));

  if (value == NULL && g_variant_type_is_array (G_VARIANT_TYPE (type)))
    value = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE (type + 1), NULL, 0));
  return value;
}

void json_add_string (JsonBuilder *json, const char *key, const char *value)
{
  json_builder_set_member_name (json, key);
  json_builder_add_string_value (json, value);
}

void json_add_int (JsonBuilder *json, const char *key, gint64 value)
{
  json_builder_set_member_name (json, key);
  json_builder_add_int_value (json, value);
}

void json_add_uint (JsonBuilder *json, const char *key, guint64 value)
{
  json_add_int (json, key, (gint64)MIN (value, (guint64)G_MAXINT64));
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

void json_print (JsonBuilder *json, bool one_line)
{
  g_autoptr (JsonNode) root = json_builder_get_root (json);
  g_autofree char *text = json_to_string (root, !one_line);
  g_autofree char *safe = ctl_text_escape_json (text);

  puts (safe); /* JSON is UTF-8 in every locale */
  fflush (stdout);
}
