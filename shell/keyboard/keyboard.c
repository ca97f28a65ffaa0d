/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "keyboard.h"

#include "../bus_client.h"
#include "method.h"
#include "typist.h"

#include <glib/gi18n.h>

#define SCHEMA "org.gnome.desktop.a11y.applications"
#define KEY "screen-keyboard-enabled"
/* From one field to the next it stays. */
#define LOWER_MS 250
#define MAX_LAYOUTS 16

struct InosKeyboard {
  InosKeyboardHooks hooks;
  InosSurfaceHooks surface_hooks;
  gpointer data;
  GDBusConnection *bus;
  InosWeb *web;
  GSettings *settings; /* NULL where the schema is not installed */
  gboolean on, locked;

  /* NULL while it is off: */
  InosBusClient *input;
  InosTypist *typist;
  InosMethod *method;
  struct xkb_keymap *keymap; /* may be NULL all the same */
  InosSurface *surface;      /* as above */
  GVariant *names;           /* what keymap was made of, (sssss) */
  JsonNode *layouts;         /* the newest word of them */
  guint layout;

  gboolean visible;
  gboolean by_hand; /* it stays where no text field has the keyboard */
  gboolean text;    /* a text field has the keyboard, and takes what no key types */
  InosPurpose purpose;
  guint serial; /* how often it was raised */
  guint lower_source;
  guint lose_source;
};

/* For pages */

static const char *const purposes[INOS_PURPOSES] = {
  [INOS_PURPOSE_NORMAL] = "text",       [INOS_PURPOSE_ALPHA] = "text",
  [INOS_PURPOSE_DIGITS] = "digits",     [INOS_PURPOSE_NUMBER] = "number",
  [INOS_PURPOSE_PHONE] = "phone",       [INOS_PURPOSE_URL] = "url",
  [INOS_PURPOSE_EMAIL] = "email",       [INOS_PURPOSE_NAME] = "text",
  [INOS_PURPOSE_PASSWORD] = "password", [INOS_PURPOSE_PIN] = "pin",
  [INOS_PURPOSE_DATE] = "text",         [INOS_PURPOSE_TIME] = "text",
  [INOS_PURPOSE_DATETIME] = "text",     [INOS_PURPOSE_TERMINAL] = "terminal",
};

JsonNode *inos_keyboard_describe (InosKeyboard *self)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_int_member (object, "serial", self->serial);
  json_object_set_string_member (object, "purpose", purposes[self->purpose]);
  json_object_set_boolean_member (object, "writes", self->text);
  json_object_set_int_member (object, "layout", self->layout);
  json_object_set_member (object, "layouts",
                          self->layouts ? json_node_copy (self->layouts)
                                        : json_node_init_array (json_node_alloc(), NULL));
  if (self->keymap)
    json_object_set_member (object, "rows", inos_keys_describe (self->keymap, self->layout));
  else
    json_object_set_array_member (object, "rows", json_array_new());
  json_node_take_object (node, object);
  return node;
}

JsonNode *inos_keyboard_describe_switch (const InosKeyboard *self)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_boolean_member (object, "on", self->on);
  json_object_set_boolean_member (object, "visible", self->visible);
  json_node_take_object (node, object);
  return node;
}

void inos_keyboard_send (InosKeyboard *self, const char *name, JsonNode *value)
{
  if (self->surface)
    inos_surface_send (self->surface, name, value);
  else
    json_node_unref (value);
}

static void tell_page (InosKeyboard *self)
{
  if (self->surface)
    inos_surface_send (self->surface, "keys", inos_keyboard_describe (self));
}

/* Raised and lowered */

static void set_visible (InosKeyboard *self, gboolean visible)
{
  g_clear_handle_id (&self->lower_source, g_source_remove);
  visible = visible && self->surface && !self->locked;
  if (visible == self->visible)
    return;
  self->visible = visible;
  if (visible) {
    self->serial++;
    tell_page (self);
  } else {
    self->by_hand = FALSE;
    inos_typist_release_all (self->typist);
  }
  if (self->surface)
    inos_surface_set_visible (self->surface, visible);
  self->hooks.changed (self->data);
}

static gboolean on_lower (gpointer data)
{
  InosKeyboard *self = data;

  self->lower_source = 0;
  set_visible (self, FALSE);
  return G_SOURCE_REMOVE;
}

/* Whether it is another one than before. */
static gboolean take_text (InosKeyboard *self, gboolean active, InosPurpose purpose)
{
  InosPurpose wanted = active ? purpose : INOS_PURPOSE_NORMAL;
  gboolean other = self->text != active || self->purpose != wanted;

  self->text = active;
  self->purpose = wanted;
  return other;
}

static void on_text (gboolean active, gboolean again, InosPurpose purpose, gpointer data)
{
  InosKeyboard *self = data;
  gboolean other = take_text (self, active, purpose);

  if (active)
    g_clear_handle_id (&self->lower_source, g_source_remove);
  else if (self->visible && !self->by_hand && !self->lower_source)
    self->lower_source = g_timeout_add (LOWER_MS, on_lower, self);
  if (active && again && !self->visible)
    set_visible (self, TRUE);
  else if (other)
    tell_page (self);
}

static void on_available (gboolean available, gpointer data)
{
  InosKeyboard *self = data;
  gboolean other = take_text (self, FALSE, INOS_PURPOSE_NORMAL);

  /* Nobody will say that the text field for which it was raised has gone. */
  if (!available && !self->by_hand)
    set_visible (self, FALSE);
  else if (other)
    tell_page (self);
  self->hooks.changed (self->data);
}

gboolean inos_keyboard_show (InosKeyboard *self, GError **error)
{
  if (!self->on || self->locked) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         self->on ? _ ("The session is locked.")
                                  : _ ("The on-screen keyboard is switched off."));
    return FALSE;
  }
  inos_method_retry (self->method);
  set_visible (self, TRUE);
  self->by_hand = TRUE;
  return TRUE;
}

void inos_keyboard_hide (InosKeyboard *self)
{
  if (self->on)
    set_visible (self, FALSE);
}

void inos_keyboard_set_locked (InosKeyboard *self, gboolean locked)
{
  self->locked = locked;
  if (self->on && locked)
    set_visible (self, FALSE);
}

/* Layouts */

static const char *name_at (GVariant *names, gsize index)
{
  const char *name;

  g_variant_get_child (names, index, "&s", &name);
  return name;
}

static void take_names (InosKeyboard *self, GVariant *names)
{
  const InosKeyNames wanted = {name_at (names, 0), name_at (names, 1), name_at (names, 2),
                               name_at (names, 3), name_at (names, 4)};

  if (self->names && g_variant_equal (self->names, names))
    return;
  g_clear_pointer (&self->names, g_variant_unref);
  self->names = g_variant_ref (names);
  xkb_keymap_unref (self->keymap);
  self->keymap = inos_keys_compile (&wanted);
  if (!self->keymap)
    g_warning ("this machine has no keyboard layouts: the on-screen keyboard has no keys");
  inos_typist_set_keymap (self->typist, self->keymap);
}

static void describe_input (GDBusProxy *proxy, JsonObject *state)
{
  g_autoptr (GVariant) layouts = proxy ? inos_bus_get_variant (proxy, "Layouts", "as") : NULL;
  g_autoptr (GVariant) names =
    proxy ? inos_bus_get_variant (proxy, "KeymapNames", "(sssss)") : NULL;
  g_auto (GStrv) codes = g_strsplit (names ? name_at (names, 2) : "", ",", MAX_LAYOUTS);
  guint n_codes = g_strv_length (codes);
  JsonArray *array = json_array_new();

  for (gsize i = 0; layouts && i < MIN (g_variant_n_children (layouts), MAX_LAYOUTS); i++) {
    JsonObject *layout = json_object_new();
    const char *name;

    g_variant_get_child (layouts, i, "&s", &name);
    json_object_set_string_member (layout, "name", name);
    json_object_set_string_member (layout, "code", i < n_codes ? codes[i] : "");
    json_array_add_object_element (array, layout);
  }
  json_object_set_array_member (state, "layouts", array);
  json_object_set_int_member (state, "layout",
                              proxy ? inos_bus_get_uint (proxy, "ActiveLayout") : 0);
}

static void on_input (JsonNode *state, gpointer data)
{
  InosKeyboard *self = data;
  GDBusProxy *proxy = inos_bus_client_get_proxy (self->input);
  g_autoptr (GVariant) names =
    proxy ? inos_bus_get_variant (proxy, "KeymapNames", "(sssss)") : NULL;
  JsonObject *object = json_node_get_object (state);

  g_clear_pointer (&self->layouts, json_node_unref);
  self->layouts = json_node_ref (json_object_get_member (object, "layouts"));
  self->layout = (guint)json_object_get_int_member (object, "layout");
  if (names)
    take_names (self, names);
  inos_typist_set_layout (self->typist, self->layout);
  tell_page (self);
  json_node_unref (state);
}

void inos_keyboard_choose_layout (InosKeyboard *self, guint index, InosReply *reply)
{
  if (self->on)
    inos_bus_client_ask (self->input, "SetLayout", g_variant_new ("(u)", index),
                         _ ("The compositor does not answer."),
                         _ ("The layout could not be changed: %s"), reply);
  else
    inos_reply_fail (reply, "%s", _ ("The on-screen keyboard is switched off."));
}

/* Typing */

/* A page that was raised anew may not know it yet: its finger has gone. */
static gboolean may_type (InosKeyboard *self, guint serial, GError **error)
{
  if (self->visible && serial == self->serial)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       "only a keyboard that can be seen types");
  return FALSE;
}

gboolean inos_keyboard_press (InosKeyboard *self, guint serial, guint code, guint modifiers,
                              GError **error)
{
  if (!may_type (self, serial, error))
    return FALSE;
  if (inos_typist_press (self->typist, code, modifiers))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the key %u cannot be pressed", code);
  return FALSE;
}

void inos_keyboard_release (InosKeyboard *self, guint code)
{
  if (self->on)
    inos_typist_release (self->typist, code);
}

gboolean inos_keyboard_write (InosKeyboard *self, guint serial, const char *text, GError **error)
{
  if (!may_type (self, serial, error))
    return FALSE;
  if (inos_method_write (self->method, text))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no text field takes it");
  return FALSE;
}

/* On and off */

static void switch_on (InosKeyboard *self)
{
  static const InosBusAddress address = {"org.inos.Compositor1", "/org/inos/Compositor1",
                                         "org.inos.Compositor1.Input"};
  static const InosMethodHooks method_hooks = {.changed = on_text, .available = on_available};
  const InosBusHooks bus_hooks = {.describe = describe_input, .changed = on_input};

  self->typist = inos_typist_create();
  self->method = inos_method_create (&method_hooks, self);
  self->surface =
    inos_surface_create (INOS_SURFACE_KEYBOARD, self->web, NULL, &self->surface_hooks, self->data);
  self->input = inos_bus_client_create (self->bus, &address, &bus_hooks, self);
}

static void switch_off (InosKeyboard *self)
{
  g_clear_handle_id (&self->lower_source, g_source_remove);
  g_clear_handle_id (&self->lose_source, g_source_remove);
  self->visible = self->by_hand = self->text = FALSE;
  self->purpose = INOS_PURPOSE_NORMAL;
  g_clear_pointer (&self->input, inos_bus_client_destroy);
  g_clear_pointer (&self->method, inos_method_destroy);
  g_clear_pointer (&self->typist, inos_typist_destroy);
  g_clear_pointer (&self->surface, inos_surface_destroy);
  g_clear_pointer (&self->layouts, json_node_unref);
  g_clear_pointer (&self->names, g_variant_unref);
  g_clear_pointer (&self->keymap, xkb_keymap_unref);
}

static void apply (InosKeyboard *self, gboolean on)
{
  if (on == self->on)
    return;
  self->on = on;
  if (on)
    switch_on (self);
  else
    switch_off (self);
  self->hooks.changed (self->data);
}

static void on_setting (GSettings *settings, const char *key, gpointer data)
{
  apply (data, g_settings_get_boolean (settings, KEY));
}

gboolean inos_keyboard_set_enabled (InosKeyboard *self, gboolean on, GError **error)
{
  gboolean ok = self->settings && g_settings_set_boolean (self->settings, KEY, on);

  apply (self, on);
  if (!ok)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                         _ ("This cannot be saved, and holds until you log out."));
  return ok;
}

gboolean inos_keyboard_is_enabled (const InosKeyboard *self)
{
  return self->on;
}

gboolean inos_keyboard_is_visible (const InosKeyboard *self)
{
  return self->visible;
}

gboolean inos_keyboard_follows_text (const InosKeyboard *self)
{
  return self->on && inos_method_is_available (self->method);
}

int inos_keyboard_get_height (const InosKeyboard *self)
{
  return self->visible ? inos_surface_get_height (self->surface) : 0;
}

/* Its page */

/* Nobody is left who would let go of a key. */
void inos_keyboard_forget_page (InosKeyboard *self)
{
  if (self->on)
    inos_typist_release_all (self->typist);
}

static gboolean on_lose (gpointer data)
{
  InosKeyboard *self = data;

  self->lose_source = 0;
  set_visible (self, FALSE);
  inos_surface_destroy (self->surface);
  self->surface =
    inos_surface_create (INOS_SURFACE_KEYBOARD, self->web, NULL, &self->surface_hooks, self->data);
  return G_SOURCE_REMOVE;
}

/* Not now: the surface is who calls. */
void inos_keyboard_lose_surface (InosKeyboard *self)
{
  if (self->on && !self->lose_source)
    self->lose_source = g_idle_add (on_lose, self);
}

void inos_keyboard_painted (InosKeyboard *self, guint serial)
{
  if (self->visible && serial == self->serial)
    inos_surface_reveal (self->surface);
}

/* Life */

InosKeyboard *inos_keyboard_create (GDBusConnection *bus, InosWeb *web,
                                    const InosSurfaceHooks *surface_hooks,
                                    const InosKeyboardHooks *hooks, gpointer data)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();
  g_autoptr (GSettingsSchema) schema =
    source ? g_settings_schema_source_lookup (source, SCHEMA, TRUE) : NULL;
  InosKeyboard *self = g_new0 (InosKeyboard, 1);

  self->hooks = *hooks;
  self->surface_hooks = *surface_hooks;
  self->data = data;
  self->bus = g_object_ref (bus);
  self->web = web;
  if (schema && g_settings_schema_has_key (schema, KEY)) {
    self->settings = g_settings_new (SCHEMA);
    g_signal_connect (self->settings, "changed::" KEY, G_CALLBACK (on_setting), self);
    self->on = g_settings_get_boolean (self->settings, KEY);
  }
  if (self->on)
    switch_on (self);
  return self;
}

void inos_keyboard_destroy (InosKeyboard *self)
{
  if (!self)
    return;
  if (self->settings)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);
  switch_off (self);
  g_object_unref (self->bus);
  g_free (self);
}
