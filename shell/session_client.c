/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_client.h"

#include <glib/gi18n.h>

struct InosSessionClient {
  InosBusClient *bus;
};

static void on_changed (GDBusProxy *proxy, gpointer data)
{
}

InosSessionClient *inos_session_client_create (GDBusConnection *bus)
{
  static const InosBusAddress address = {"org.inos.Session1", "/org/inos/Session1",
                                         "org.inos.Session1"};
  static const InosBusHooks hooks = {.changed = on_changed};
  InosSessionClient *self = g_new0 (InosSessionClient, 1);

  self->bus = inos_bus_client_create (bus, &address, &hooks, self);
  return self;
}

void inos_session_client_destroy (InosSessionClient *self)
{
  if (!self)
    return;
  inos_bus_client_destroy (self->bus);
  g_free (self);
}

gboolean inos_session_client_is_present (InosSessionClient *self)
{
  return inos_bus_client_get_proxy (self->bus) != NULL;
}

static void on_logged_out (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &error);

  if (answer)
    inos_reply_ok (data, NULL);
  else
    inos_reply_fail (data, _ ("The session could not be ended: %s"), error->message);
}

void inos_session_client_logout (InosSessionClient *self, InosReply *reply)
{
  GDBusProxy *proxy = inos_bus_client_get_proxy (self->bus);

  if (!proxy) {
    inos_reply_fail (reply, "%s", _ ("The session does not answer."));
    return;
  }
  g_dbus_proxy_call (proxy, "Logout", NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_logged_out, reply);
}
