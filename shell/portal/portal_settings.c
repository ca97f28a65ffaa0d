/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "portal_settings.h"

#include "../accent.h"
#include "../exported.h"
#include "inos-portal-dbus.h"
#include "portal_request.h"

#include <string.h>

#define VERSION 1
#define APPEARANCE "org.freedesktop.appearance"
#define INTERFACE "org.gnome.desktop.interface"
#define ACCESS "org.gnome.desktop.a11y.interface"
#define NOT_FOUND "org.freedesktop.portal.Error.NotFound"

enum { LOOK, SIGHT, SCHEMAS };
static const char *const schemas[SCHEMAS] = {[LOOK] = INTERFACE, [SIGHT] = ACCESS};

struct InosPortalSettings {
  InosImplPortalSettings *object;
  GSettings *settings[SCHEMAS]; /* NULL where the schema is not installed */
};

/* What portals call it, and the key that it follows. */
static const struct {
  const char *name;
  int schema;
  const char *key;
} appearance[] = {
  {"accent-color", LOOK, "accent-color"},
  {"color-scheme", LOOK, "color-scheme"},
  {"contrast", SIGHT, "high-contrast"},
  {"reduced-motion", LOOK, "enable-animations"},
};

gboolean inos_portal_settings_matches (const char *const *patterns, const char *name)
{
  if (!*patterns)
    return TRUE;
  for (; *patterns; patterns++) {
    gsize length = strlen (*patterns);
    gboolean begins = length > 0 && (*patterns)[length - 1] == '*';

    if (length == 0 || g_str_equal (*patterns, name) ||
        (begins && strncmp (*patterns, name, length - 1) == 0))
      return TRUE;
  }
  return FALSE;
}

/* org.freedesktop.appearance */

static GVariant *accent_of (GSettings *settings)
{
  guint32 rgb = inos_accent_rgb (inos_accent_of (settings));

  return g_variant_new ("(ddd)", (rgb >> 16) / 255.0, (rgb >> 8 & 0xff) / 255.0,
                        (rgb & 0xff) / 255.0);
}

static guint scheme_of (const char *name)
{
  if (g_str_equal (name, "prefer-dark"))
    return 1;
  return g_str_equal (name, "prefer-light") ? 2 : 0;
}

static gboolean has_key (GSettings *settings, const char *key)
{
  g_autoptr (GSettingsSchema) schema = NULL;

  if (!settings)
    return FALSE;
  g_object_get (settings, "settings-schema", &schema, NULL);
  return g_settings_schema_has_key (schema, key);
}

/* Floating; NULL where the machine has no such setting. */
static GVariant *appearance_value (InosPortalSettings *self, gsize i)
{
  GSettings *settings = self->settings[appearance[i].schema];
  const char *key = appearance[i].key;
  g_autoptr (GVariant) value =
    has_key (settings, key) ? g_settings_get_value (settings, key) : NULL;

  if (!value)
    return NULL;
  if (g_str_equal (key, "accent-color"))
    return accent_of (settings);
  if (g_str_equal (key, "color-scheme"))
    return g_variant_new_uint32 (scheme_of (g_variant_get_string (value, NULL)));
  if (g_str_equal (key, "high-contrast"))
    return g_variant_new_uint32 (g_variant_get_boolean (value) ? 1 : 0);
  return g_variant_new_uint32 (g_variant_get_boolean (value) ? 0 : 1);
}

static GVariant *read_appearance (InosPortalSettings *self)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (appearance); i++) {
    GVariant *value = appearance_value (self, i);

    if (value)
      g_variant_dict_insert_value (&dict, appearance[i].name, value);
  }
  return g_variant_dict_end (&dict);
}

/* The schemas */

static GVariant *read_schema (GSettings *settings)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;
  GVariantDict dict;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  g_variant_dict_init (&dict, NULL);
  for (guint i = 0; keys[i]; i++) {
    g_autoptr (GVariant) value = g_settings_get_value (settings, keys[i]);

    g_variant_dict_insert_value (&dict, keys[i], value);
  }
  return g_variant_dict_end (&dict);
}

/* Floating; NULL where there is no such namespace. */
static GVariant *read_namespace (InosPortalSettings *self, const char *name)
{
  if (g_str_equal (name, APPEARANCE))
    return read_appearance (self);
  for (int i = 0; i < SCHEMAS; i++)
    if (g_str_equal (name, schemas[i]) && self->settings[i])
      return read_schema (self->settings[i]);
  return NULL;
}

/* Methods */

static gboolean on_read_all (InosImplPortalSettings *object, GDBusMethodInvocation *invocation,
                             const char *const *namespaces, gpointer data)
{
  static const char *const all[] = {APPEARANCE, INTERFACE, ACCESS};
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sa{sv}}"));
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    GVariant *values =
      inos_portal_settings_matches (namespaces, all[i]) ? read_namespace (data, all[i]) : NULL;

    if (values)
      g_variant_builder_add (&builder, "{s@a{sv}}", all[i], values);
  }
  inos_impl_portal_settings_complete_read_all (object, invocation,
                                               g_variant_builder_end (&builder));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_read (InosImplPortalSettings *object, GDBusMethodInvocation *invocation,
                         const char *name, const char *key, gpointer data)
{
  GVariant *floating = read_namespace (data, name);
  g_autoptr (GVariant) values = floating ? g_variant_ref_sink (floating) : NULL;
  g_autoptr (GVariant) value = values ? g_variant_lookup_value (values, key, NULL) : NULL;

  if (value)
    inos_impl_portal_settings_complete_read (object, invocation, g_variant_new_variant (value));
  else
    g_dbus_method_invocation_return_dbus_error (invocation, NOT_FOUND, "there is no such setting");
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void tell (InosPortalSettings *self, const char *name, const char *key, GVariant *value)
{
  if (value)
    inos_impl_portal_settings_emit_setting_changed (self->object, name, key,
                                                    g_variant_new_variant (value));
}

static void on_changed (GSettings *settings, const char *key, gpointer data)
{
  InosPortalSettings *self = data;

  for (int i = 0; i < SCHEMAS; i++)
    if (self->settings[i] == settings) {
      g_autoptr (GVariant) value = g_settings_get_value (settings, key);

      tell (self, schemas[i], key, value);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (appearance); i++)
    if (self->settings[appearance[i].schema] == settings && g_str_equal (appearance[i].key, key))
      tell (self, APPEARANCE, appearance[i].name, appearance_value (self, i));
}

/* Life */

static void open_schemas (InosPortalSettings *self)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();

  for (int i = 0; i < SCHEMAS; i++) {
    g_autoptr (GSettingsSchema) schema =
      source ? g_settings_schema_source_lookup (source, schemas[i], TRUE) : NULL;

    if (!schema)
      continue;
    self->settings[i] = g_settings_new (schemas[i]);
    g_signal_connect (self->settings[i], "changed", G_CALLBACK (on_changed), self);
    /* GSettings tells of changes of keys alone that were read. */
    g_variant_unref (g_variant_ref_sink (read_schema (self->settings[i])));
  }
}

InosPortalSettings *inos_portal_settings_create (GDBusConnection *bus)
{
  InosPortalSettings *self = g_new0 (InosPortalSettings, 1);
  g_autoptr (GError) error = NULL;

  open_schemas (self);
  self->object = inos_impl_portal_settings_skeleton_new();
  inos_impl_portal_settings_set_version (self->object, VERSION);
  g_signal_connect (self->object, "handle-read-all", G_CALLBACK (on_read_all), self);
  g_signal_connect (self->object, "handle-read", G_CALLBACK (on_read), self);
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->object), bus,
                                         INOS_PORTAL_PATH, &error))
    g_warning ("portals get no settings: %s", error->message);
  return self;
}

void inos_portal_settings_destroy (InosPortalSettings *self)
{
  for (int i = 0; i < SCHEMAS; i++)
    if (self->settings[i]) {
      g_signal_handlers_disconnect_by_data (self->settings[i], self);
      g_object_unref (self->settings[i]);
    }
  inos_exported_hide (self->object, self);
  g_free (self);
}
