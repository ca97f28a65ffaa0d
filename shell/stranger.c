/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "stranger.h"

#define PROPERTIES "org.freedesktop.DBus.Properties"
#define TIMEOUT_MS 3000
/* Between one reading and the next. */
#define READ_PAUSE (250 * G_TIME_SPAN_MILLISECOND)
/* So many signals in a second are too many; it is not listened to for so long then. */
#define MAX_SIGNALS 40
#define DEAF_SECONDS 5

struct InosStranger {
  GDBusConnection *bus;
  char *owner, *path, *interface;
  InosStrangerHooks hooks;
  gpointer data;
  GCancellable *cancellable;

  guint signal;  /* 0 while it is not listened to */
  gint64 window; /* when the second began that is counted, monotonic µs */
  guint signals; /* in it */
  guint deaf;    /* source that ends that, or 0 */

  gboolean reading, again;
  gint64 last; /* when reading last began, monotonic µs; 0: never */
  guint source;
};

/* Reading */

static void on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  InosStranger *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->reading = FALSE;
  if (self->again)
    inos_stranger_refresh (self);
  if (answer) {
    g_autoptr (GVariant) properties = g_variant_get_child_value (answer, 0);

    self->hooks.read (properties, self->data);
    return;
  }
  g_debug ("%s%s does not say what it is: %s", self->owner, self->path, error->message);
  if (self->hooks.failed)
    self->hooks.failed (error, self->data);
}

static gboolean on_time (gpointer data)
{
  InosStranger *self = data;

  self->source = 0;
  self->reading = TRUE;
  self->again = FALSE;
  self->last = g_get_monotonic_time();
  g_dbus_connection_call (self->bus, self->owner, self->path, PROPERTIES, "GetAll",
                          g_variant_new ("(s)", self->interface), G_VARIANT_TYPE ("(a{sv})"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, TIMEOUT_MS, self->cancellable, on_read,
                          self);
  return G_SOURCE_REMOVE;
}

void inos_stranger_refresh (InosStranger *self)
{
  gint64 pause = self->last > 0 ? self->last + READ_PAUSE - g_get_monotonic_time() : 0;

  self->again = self->reading;
  if (!self->reading && !self->source)
    self->source = g_timeout_add (pause > 0 ? (guint)(pause / 1000) : 0, on_time, self);
}

void inos_stranger_for_each (GVariant *properties,
                             void (*each) (gpointer data, const char *name, GVariant *value),
                             gpointer data)
{
  gsize count = MIN (g_variant_n_children (properties), INOS_STRANGER_MAX_PROPERTIES);

  for (gsize i = 0; i < count; i++) {
    g_autoptr (GVariant) value = NULL;
    const char *name;

    g_variant_get_child (properties, i, "{&sv}", &name, &value);
    each (data, name, value);
  }
}

gboolean inos_stranger_boolean (GVariant *value)
{
  return g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN) && g_variant_get_boolean (value);
}

const char *inos_stranger_string (GVariant *value)
{
  return g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ||
             g_variant_is_of_type (value, G_VARIANT_TYPE_OBJECT_PATH)
           ? g_variant_get_string (value, NULL)
           : "";
}

/* Listening */

static void listen (InosStranger *self);

static gboolean on_deaf_end (gpointer data)
{
  InosStranger *self = data;

  self->deaf = 0;
  listen (self);
  inos_stranger_refresh (self);
  return G_SOURCE_REMOVE;
}

static void unlisten (InosStranger *self)
{
  if (self->signal)
    g_dbus_connection_signal_unsubscribe (self->bus, self->signal);
  self->signal = 0;
}

static void on_signal (GDBusConnection *bus, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *parameters,
                       gpointer data)
{
  InosStranger *self = data;
  gint64 now = g_get_monotonic_time();

  if (now - self->window > G_TIME_SPAN_SECOND) {
    self->window = now;
    self->signals = 0;
  }
  inos_stranger_refresh (self);
  if (++self->signals <= MAX_SIGNALS)
    return;
  g_info ("%s%s says too often that it has changed: not listened to for %d s", self->owner,
          self->path, DEAF_SECONDS);
  unlisten (self);
  self->deaf = g_timeout_add_seconds (DEAF_SECONDS, on_deaf_end, self);
}

static void listen (InosStranger *self)
{
  self->signals = 0;
  self->signal =
    g_dbus_connection_signal_subscribe (self->bus, self->owner, NULL, NULL, self->path, NULL,
                                        G_DBUS_SIGNAL_FLAGS_NONE, on_signal, self, NULL);
}

/* Life */

InosStranger *inos_stranger_create (GDBusConnection *bus, const InosStrangerAddress *address,
                                    const InosStrangerHooks *hooks, gpointer data)
{
  InosStranger *self = g_new0 (InosStranger, 1);

  *self = (InosStranger){.bus = g_object_ref (bus),
                         .owner = g_strdup (address->owner),
                         .path = g_strdup (address->path),
                         .interface = g_strdup (address->interface),
                         .hooks = *hooks,
                         .data = data,
                         .cancellable = g_cancellable_new()};
  listen (self);
  inos_stranger_refresh (self);
  return self;
}

void inos_stranger_destroy (InosStranger *self)
{
  if (!self)
    return;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  unlisten (self);
  g_clear_handle_id (&self->deaf, g_source_remove);
  g_clear_handle_id (&self->source, g_source_remove);
  g_free (self->owner);
  g_free (self->path);
  g_free (self->interface);
  g_object_unref (self->bus);
  g_free (self);
}
