/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl watch: what changes at the compositor, a line each, until Ctrl-C. */
#include "bus.h"
#include "props.h"
#include "text.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <string.h>

struct watch {
  struct ctl *ctl;
  GMainLoop *loop;
  int status;
};

static void print (struct ctl *ctl, const char *path, const char *interface, const char *name,
                   GVariant *value)
{
  if (!ctl->json) {
    g_autofree char *text = g_variant_print (value, FALSE);
    g_autofree char *line = g_strdup_printf ("%s %s %s", path, name, text);
    g_autofree char *clean = ctl_text_clean (line);
    g_print ("%s\n", clean);
    return;
  }
  g_autoptr (JsonBuilder) json = json_builder_new();
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "path");
  json_builder_add_string_value (json, path);
  json_builder_set_member_name (json, "interface");
  json_builder_add_string_value (json, interface);
  json_builder_set_member_name (json, "name");
  json_builder_add_string_value (json, name);
  json_builder_set_member_name (json, "value");
  json_builder_add_value (json, json_gvariant_serialize (value));
  json_builder_end_object (json);
  json_print (json, true);
}

static void print_changes (struct ctl *ctl, const char *path, GVariant *parameters)
{
  const char *interface, *name;
  g_autoptr (GVariant) changed = NULL;
  GVariantIter iter;
  GVariant *value;
  g_variant_get (parameters, "(&s@a{sv}as)", &interface, &changed, NULL);
  g_variant_iter_init (&iter, changed);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    print (ctl, path, interface, name, value);
}

static void on_signal (GDBusConnection *bus, const char *sender, const char *path,
                       const char *interface, const char *name, GVariant *parameters, void *data)
{
  struct watch *watch = data;
  if (strcmp (name, "PropertiesChanged") == 0 &&
      g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    print_changes (watch->ctl, path, parameters);
  else
    print (watch->ctl, path, interface, name, parameters);
}

static void on_vanished (GDBusConnection *bus, const char *name, void *data)
{
  struct watch *watch = data;
  ctl_complain (_ ("%s is not on this bus"), name);
  watch->status = CTL_NO_SERVICE;
  g_main_loop_quit (watch->loop);
}

static gboolean on_end (void *data)
{
  g_main_loop_quit (((struct watch *)data)->loop);
  return G_SOURCE_CONTINUE;
}

int ctl_cmd_watch (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  const char *name = ctl_service_name (CTL_COMPOSITOR);
  /* Asked first: who is not there is told of in the words of every other command. */
  g_autoptr (GVariant) props = ctl_bus_properties (ctl, CTL_COMPOSITOR, &error);
  if (props == NULL)
    return ctl_bus_fail (ctl, CTL_COMPOSITOR, error, _ ("cannot watch"));
  struct watch watch = {ctl, g_main_loop_new (NULL, FALSE), CTL_OK};
  guint signals = g_dbus_connection_signal_subscribe (
    ctl->bus, name, NULL, NULL, NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_signal, &watch, NULL);
  guint owner = g_bus_watch_name_on_connection (ctl->bus, name, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
                                                on_vanished, &watch, NULL);
  guint ends[] = {g_unix_signal_add (SIGINT, on_end, &watch),
                  g_unix_signal_add (SIGTERM, on_end, &watch),
                  g_unix_signal_add (SIGHUP, on_end, &watch)};
  g_main_loop_run (watch.loop);
  for (size_t i = 0; i < G_N_ELEMENTS (ends); i++)
    g_source_remove (ends[i]);
  g_bus_unwatch_name (owner);
  g_dbus_connection_signal_unsubscribe (ctl->bus, signals);
  g_main_loop_unref (watch.loop);
  return watch.status;
}
