/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tell.h"

#define NAME "org.freedesktop.Notifications"
#define PATH "/org/freedesktop/Notifications"
#define CRITICAL 2 /* urgency of the notifications' specification: it does not go by itself */
#define MAX_WAITING 8

struct inos_tell {
  GDBusConnection *bus;
  GPtrArray *waiting; /* of GVariant, Notify's arguments; owned */
  guint watch;        /* 0: nothing is to be said */
};

static void on_said (GObject *bus, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, &error);
  if (reply == NULL)
    g_message ("a notification was not shown: %s", error->message);
}

static void on_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
  struct inos_tell *tell = data;
  for (guint i = 0; i < tell->waiting->len; i++)
    g_dbus_connection_call (bus, owner, PATH, NAME, "Notify", g_ptr_array_index (tell->waiting, i),
                            G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL,
                            on_said, NULL);
  g_ptr_array_set_size (tell->waiting, 0);
  g_clear_handle_id (&tell->watch, g_bus_unwatch_name);
}

struct inos_tell *inos_tell_new (GDBusConnection *bus)
{
  struct inos_tell *tell = g_new0 (struct inos_tell, 1);
  tell->bus = g_object_ref (bus);
  tell->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  return tell;
}

void inos_tell_free (struct inos_tell *tell)
{
  if (tell == NULL)
    return;
  g_clear_handle_id (&tell->watch, g_bus_unwatch_name);
  g_ptr_array_unref (tell->waiting);
  g_object_unref (tell->bus);
  g_free (tell);
}

void inos_tell_say (struct inos_tell *tell, const char *summary, const char *body)
{
  if (tell->waiting->len >= MAX_WAITING)
    return;
  g_autofree char *markup = g_markup_escape_text (body, -1);
  GVariantBuilder hints;
  g_variant_builder_init (&hints, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&hints, "{sv}", "urgency", g_variant_new_byte (CRITICAL));
  GVariant *arguments =
    g_variant_new ("(susssasa{sv}i)", "Inos", 0, "org.inos.Inos", summary, markup, NULL, &hints, 0);
  g_ptr_array_add (tell->waiting, g_variant_ref_sink (arguments));
  if (tell->watch == 0)
    tell->watch = g_bus_watch_name_on_connection (tell->bus, NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                  on_appeared, NULL, tell, NULL);
}
