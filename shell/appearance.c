/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "appearance.h"

#include "accent.h"

#include <gtk/gtk.h>

struct InosAppearance {
  GSettings *interface;     /* NULL where the schema is not installed */
  GSettings *accessibility; /* as above */
  GSettings *programs;      /* as above */
  void (*changed) (gpointer data);
  gpointer data;
  gboolean dark;
  gboolean high_contrast;
  gboolean reader;
};

static GSettings *open_settings (const char *id, const char *key)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();
  g_autoptr (GSettingsSchema) schema =
    source ? g_settings_schema_source_lookup (source, id, TRUE) : NULL;

  return schema && g_settings_schema_has_key (schema, key) ? g_settings_new (id) : NULL;
}

static void update (InosAppearance *self)
{
  self->dark = FALSE;
  if (self->interface) {
    g_autofree char *scheme = g_settings_get_string (self->interface, "color-scheme");

    self->dark = g_str_equal (scheme, "prefer-dark");
    inos_accent_of (self->interface); /* of changes of keys alone that were read it is told */
  }
  self->high_contrast =
    self->accessibility && g_settings_get_boolean (self->accessibility, "high-contrast");
  self->reader = self->programs && g_settings_get_boolean (self->programs, "screen-reader-enabled");
  g_object_set (gtk_settings_get_default(), "gtk-application-prefer-dark-theme", self->dark, NULL);
}

static void on_changed (GSettings *settings, const char *key, gpointer data)
{
  InosAppearance *self = data;

  update (self);
  self->changed (self->data);
}

InosAppearance *inos_appearance_create (void (*changed) (gpointer data), gpointer data)
{
  static const char *const followed[] = {"color-scheme", "accent-color"};
  InosAppearance *self = g_new0 (InosAppearance, 1);

  self->changed = changed;
  self->data = data;
  self->interface = open_settings ("org.gnome.desktop.interface", "color-scheme");
  self->accessibility = open_settings ("org.gnome.desktop.a11y.interface", "high-contrast");
  self->programs = open_settings ("org.gnome.desktop.a11y.applications", "screen-reader-enabled");
  if (self->interface)
    for (gsize i = 0; i < G_N_ELEMENTS (followed); i++) {
      g_autofree char *signal = g_strconcat ("changed::", followed[i], NULL);

      g_signal_connect (self->interface, signal, G_CALLBACK (on_changed), self);
    }
  if (self->accessibility)
    g_signal_connect (self->accessibility, "changed::high-contrast", G_CALLBACK (on_changed), self);
  if (self->programs)
    g_signal_connect (self->programs, "changed::screen-reader-enabled", G_CALLBACK (on_changed),
                      self);
  update (self);
  return self;
}

void inos_appearance_destroy (InosAppearance *self)
{
  if (!self)
    return;
  if (self->interface)
    g_signal_handlers_disconnect_by_data (self->interface, self);
  if (self->accessibility)
    g_signal_handlers_disconnect_by_data (self->accessibility, self);
  if (self->programs)
    g_signal_handlers_disconnect_by_data (self->programs, self);
  g_clear_object (&self->interface);
  g_clear_object (&self->accessibility);
  g_clear_object (&self->programs);
  g_free (self);
}

JsonNode *inos_appearance_describe (InosAppearance *self)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_boolean_member (object, "dark", self->dark);
  json_object_set_boolean_member (object, "highContrast", self->high_contrast);
  json_object_set_string_member (object, "accent", inos_accent_of (self->interface));
  json_object_set_boolean_member (object, "reader", self->reader);
  json_node_take_object (node, object);
  return node;
}
