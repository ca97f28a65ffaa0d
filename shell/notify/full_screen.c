/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "full_screen.h"

#define COMPOSITOR "org.inos.Compositor1"
#define WINDOW COMPOSITOR ".Window"
#define PROPERTIES "org.freedesktop.DBus.Properties"

struct InosFullScreen {
  GDBusConnection *bus;
  void (*changed) (gboolean on, gpointer data);
  gpointer data;
  char *path;
  guint subscription;
  GCancellable *question; /* NULL where none is open */
  gboolean on;
};

static void set (InosFullScreen *self, gboolean on)
{
  if (self->on == on)
    return;
  self->on = on;
  self->changed (on, self->data);
}

static void on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) value = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer)
    g_variant_get (answer, "(v)", &value);
  set (data, value && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN) &&
               g_variant_get_boolean (value));
}

static void on_changed (GDBusConnection *bus, const char *sender, const char *path,
                        const char *interface, const char *signal, GVariant *arguments,
                        gpointer data)
{
  g_autoptr (GVariant) changed = NULL;
  gboolean on;

  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  g_variant_get (arguments, "(&s@a{sv}as)", NULL, &changed, NULL);
  if (g_variant_lookup (changed, "Fullscreen", "b", &on))
    set (data, on);
}

static void leave (InosFullScreen *self)
{
  if (self->question)
    g_cancellable_cancel (self->question);
  g_clear_object (&self->question);
  if (self->subscription)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);
  self->subscription = 0;
}

void inos_full_screen_set_window (InosFullScreen *self, const char *path)
{
  if (g_strcmp0 (self->path, path) == 0)
    return;
  leave (self);
  g_free (self->path);
  self->path = g_strdup (path);
  if (!g_str_has_prefix (path, "/org/inos/")) {
    set (self, FALSE);
    return;
  }
  self->subscription = g_dbus_connection_signal_subscribe (
    self->bus, COMPOSITOR, PROPERTIES, "PropertiesChanged", path, WINDOW, G_DBUS_SIGNAL_FLAGS_NONE,
    on_changed, self, NULL);
  self->question = g_cancellable_new();
  g_dbus_connection_call (self->bus, COMPOSITOR, path, PROPERTIES, "Get",
                          g_variant_new ("(ss)", WINDOW, "Fullscreen"), G_VARIANT_TYPE ("(v)"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, self->question, on_answer, self);
}

InosFullScreen *inos_full_screen_create (GDBusConnection *bus,
                                         void (*changed) (gboolean on, gpointer data),
                                         gpointer data)
{
  InosFullScreen *self = g_new0 (InosFullScreen, 1);

  *self = (InosFullScreen){.bus = g_object_ref (bus), .changed = changed, .data = data};
  return self;
}

void inos_full_screen_destroy (InosFullScreen *self)
{
  if (!self)
    return;
  leave (self);
  g_free (self->path);
  g_object_unref (self->bus);
  g_free (self);
}
