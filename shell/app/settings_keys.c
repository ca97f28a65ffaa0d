/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "settings_keys.h"

struct InosKeys {
  GtkWindow *window;
  GtkEventController *controller;
  InosReply *reply; /* NULL: nobody listens */
};

static gboolean is_modifier (guint keyval)
{
  return (keyval >= GDK_KEY_Shift_L && keyval <= GDK_KEY_Hyper_R) ||
         keyval == GDK_KEY_ISO_Level3_Shift || keyval == GDK_KEY_ISO_Level5_Shift ||
         keyval == GDK_KEY_Num_Lock || keyval == GDK_KEY_Mode_switch;
}

gboolean inos_key_is_xf86 (guint keyval)
{
  return keyval >= 0x10080000 && keyval <= 0x1008ffff;
}

char *inos_keys_name (guint keyval, GdkModifierType state)
{
  const char *name = gdk_keyval_name (gdk_keyval_to_lower (keyval));
  gboolean bare; /* GDK leaves the prefix out that the compositor knows the key by */

  if (!name || is_modifier (keyval))
    return NULL;
  bare =
    inos_key_is_xf86 (keyval) && !g_str_has_prefix (name, "XF86") && !g_str_has_prefix (name, "0x");
  return g_strconcat (state & GDK_SUPER_MASK ? "Super+" : "",
                      state & GDK_CONTROL_MASK ? "Ctrl+" : "", state & GDK_ALT_MASK ? "Alt+" : "",
                      state & GDK_SHIFT_MASK ? "Shift+" : "", bare ? "XF86" : "", name, NULL);
}

static GdkToplevel *toplevel (InosKeys *self)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (self->window));

  return surface ? GDK_TOPLEVEL (surface) : NULL;
}

static void answer (InosKeys *self, const char *combination)
{
  InosReply *reply = g_steal_pointer (&self->reply);
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  gtk_event_controller_set_propagation_phase (self->controller, GTK_PHASE_NONE);
  if (toplevel (self))
    gdk_toplevel_restore_system_shortcuts (toplevel (self));
  json_object_set_string_member (object, "combination", combination);
  json_node_take_object (node, object);
  inos_reply_ok (reply, node);
}

/* The symbol that the key has without any modifier, so that Super+Shift+1 is not Super+exclam. */
static guint plain (GtkWidget *widget, guint keyval, guint keycode, int group)
{
  guint symbol;

  return gdk_display_translate_key (gtk_widget_get_display (widget), keycode, 0, group, &symbol,
                                    NULL, NULL, NULL)
           ? symbol
           : keyval;
}

static gboolean on_key (GtkEventControllerKey *controller, guint keyval, guint keycode,
                        GdkModifierType state, gpointer data)
{
  InosKeys *self = data;
  int group = (int)gtk_event_controller_key_get_group (controller);
  g_autofree char *name = NULL;

  if (!self->reply)
    return FALSE;
  name = inos_keys_name (plain (GTK_WIDGET (self->window), keyval, keycode, group), state);
  if (name)
    answer (self, g_str_equal (name, "Escape") ? "" : name);
  return TRUE;
}

static void on_active_changed (GtkWindow *window, GParamSpec *pspec, gpointer data)
{
  if (!gtk_window_is_active (window))
    inos_keys_stop (data);
}

void inos_keys_listen (InosKeys *self, InosReply *reply)
{
  inos_keys_stop (self);
  self->reply = reply;
  gtk_event_controller_set_propagation_phase (self->controller, GTK_PHASE_CAPTURE);
  if (toplevel (self))
    gdk_toplevel_inhibit_system_shortcuts (toplevel (self), NULL);
}

void inos_keys_stop (InosKeys *self)
{
  if (self->reply)
    answer (self, "");
}

InosKeys *inos_keys_create (GtkWindow *window)
{
  InosKeys *self = g_new0 (InosKeys, 1);

  self->window = window;
  self->controller = gtk_event_controller_key_new();
  gtk_event_controller_set_propagation_phase (self->controller, GTK_PHASE_NONE);
  g_signal_connect (self->controller, "key-pressed", G_CALLBACK (on_key), self);
  g_signal_connect (window, "notify::is-active", G_CALLBACK (on_active_changed), self);
  gtk_widget_add_controller (GTK_WIDGET (window), self->controller);
  return self;
}

void inos_keys_destroy (InosKeys *self)
{
  inos_keys_stop (self);
  g_signal_handlers_disconnect_by_data (self->window, self);
  gtk_widget_remove_controller (GTK_WIDGET (self->window), self->controller);
  g_free (self);
}
