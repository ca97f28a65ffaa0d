/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "settings_look.h"

#include "../accent.h"
#include "../message.h"

#include <glib/gi18n.h>
#include <string.h>

#define INTERFACE "org.gnome.desktop.interface"
#define ACCESS "org.gnome.desktop.a11y.interface"
#define ACCESS_PROGRAMS "org.gnome.desktop.a11y.applications"
#define NAME_MAX_BYTES 64

static const struct {
  const char *name; /* of the key too */
  const char *schema;
} keys[] = {
  {"accent-color", INTERFACE},      {"color-scheme", INTERFACE},
  {"enable-animations", INTERFACE}, {"text-scaling-factor", INTERFACE},
  {"high-contrast", ACCESS},        {"screen-keyboard-enabled", ACCESS_PROGRAMS},
};

struct InosLook {
  GSettings *settings[G_N_ELEMENTS (keys)]; /* NULL where there is no such key */
  InosLookFunc changed;
  gpointer data;
};

static GSettings *open_settings (const char *schema, const char *key)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();
  g_autoptr (GSettingsSchema) found =
    source ? g_settings_schema_source_lookup (source, schema, TRUE) : NULL;

  return found && g_settings_schema_has_key (found, key) ? g_settings_new (schema) : NULL;
}

static JsonNode *value_node (GVariant *value)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    json_node_set_boolean (node, g_variant_get_boolean (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    json_node_set_double (node, g_variant_get_double (value));
  else
    json_node_set_string (node, g_variant_get_string (value, NULL));
  return node;
}

JsonNode *inos_look_describe (InosLook *self)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autoptr (GVariant) value =
      self->settings[i] ? g_settings_get_value (self->settings[i], keys[i].name) : NULL;

    if (value && g_str_equal (keys[i].name, "accent-color"))
      json_object_set_string_member (object, keys[i].name, inos_accent_of (self->settings[i]));
    else if (value)
      json_object_set_member (object, keys[i].name, value_node (value));
  }
  json_node_take_object (node, object);
  return node;
}

static void on_changed (GSettings *settings, const char *key, gpointer data)
{
  InosLook *self = data;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (self->settings[i] == settings && g_str_equal (keys[i].name, key))
      self->changed (inos_look_describe (self), self->data);
}

InosLook *inos_look_create (InosLookFunc changed, gpointer data)
{
  InosLook *self = g_new0 (InosLook, 1);

  self->changed = changed;
  self->data = data;
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    self->settings[i] = open_settings (keys[i].schema, keys[i].name);
    if (self->settings[i])
      g_signal_connect (self->settings[i], "changed", G_CALLBACK (on_changed), self);
  }
  return self;
}

void inos_look_destroy (InosLook *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (self->settings[i]) {
      g_signal_handlers_disconnect_by_data (self->settings[i], self);
      g_object_unref (self->settings[i]);
    }
  g_free (self);
}

/* A change */

typedef struct {
  GSettings *settings;
  const char *key;
  GVariant *value; /* NULL: nobody had set it */
} Before;

static void before_free (gpointer data)
{
  Before *before = data;

  g_object_unref (before->settings);
  g_clear_pointer (&before->value, g_variant_unref);
  g_free (before);
}

static void go_back (gpointer data, InosReply *reply)
{
  Before *before = data;

  if (!g_settings_is_writable (before->settings, before->key)) {
    inos_reply_fail (reply, "%s", _ ("This setting cannot be changed here."));
    return;
  }
  if (before->value)
    g_settings_set_value (before->settings, before->key, before->value);
  else
    g_settings_reset (before->settings, before->key);
  g_settings_sync();
  inos_reply_ok (reply, NULL);
}

/* Floating; NULL where the page's value is of another type. */
static GVariant *take_value (JsonNode *node, const GVariantType *type)
{
  GType given =
    node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (g_variant_type_equal (type, G_VARIANT_TYPE_BOOLEAN) && given == G_TYPE_BOOLEAN)
    return g_variant_new_boolean (json_node_get_boolean (node));
  if (g_variant_type_equal (type, G_VARIANT_TYPE_DOUBLE) &&
      (given == G_TYPE_DOUBLE || given == G_TYPE_INT64))
    return g_variant_new_double (json_node_get_double (node));
  if (g_variant_type_equal (type, G_VARIANT_TYPE_STRING) && given == G_TYPE_STRING)
    return g_variant_new_string (json_node_get_string (node));
  return NULL;
}

static gboolean set (GSettings *settings, const char *key, JsonNode *node, GError **error)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettingsSchemaKey) about = NULL;
  g_autoptr (GVariant) value = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  about = g_settings_schema_get_key (schema, key);
  value = take_value (node, g_settings_schema_key_get_value_type (about));
  if (value)
    g_variant_ref_sink (value);
  if (!value || !g_settings_schema_key_range_check (about, value)) {
    g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
                 _ ("That is no value of “%s”."), key);
    return FALSE;
  }
  if (!g_settings_set_value (settings, key, value)) {
    g_set_error_literal (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
                         _ ("This setting cannot be changed here."));
    return FALSE;
  }
  g_settings_sync();
  return TRUE;
}

void inos_look_set (InosLook *self, JsonObject *args, InosUndos *undos, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *name = inos_args_get_string (args, "name", NAME_MAX_BYTES, &error);
  Before *before;
  gsize i = 0;

  while (name && i < G_N_ELEMENTS (keys) && !g_str_equal (keys[i].name, name))
    i++;
  if (!name || i == G_N_ELEMENTS (keys) || !self->settings[i]) {
    inos_reply_fail (reply, "%s", error ? error->message : _ ("There is no such setting here."));
    return;
  }
  before = g_new0 (Before, 1);
  *before = (Before){g_object_ref (self->settings[i]), keys[i].name,
                     g_settings_get_user_value (self->settings[i], keys[i].name)};
  if (set (self->settings[i], keys[i].name, json_object_get_member (args, "value"), &error)) {
    inos_undos_answer (undos, go_back, before, before_free, reply);
    return;
  }
  before_free (before);
  inos_reply_fail (reply, "%s", error->message);
}
