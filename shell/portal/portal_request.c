/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "portal_request.h"

#include "inos-portal-dbus.h"

#define BRIDGE "org.inos.Node1"
#define BRIDGE_PATH "/org/inos/Node1"
#define PERMISSIONS "org.inos.Node1.Permissions"
/* Longer than the bridge waits for the person, ms. */
#define PATIENCE 120000

typedef struct {
  GDBusConnection *bus;
  InosImplPortalRequest *object;
  char *handle;
  InosPortalRequestFunc done;
  gpointer data;
} Request;

static void request_free (Request *self)
{
  GDBusInterfaceSkeleton *skeleton = G_DBUS_INTERFACE_SKELETON (self->object);

  if (g_dbus_interface_skeleton_get_connection (skeleton))
    g_dbus_interface_skeleton_unexport (skeleton);
  g_signal_handlers_disconnect_by_data (self->object, self);
  g_object_unref (self->object);
  g_object_unref (self->bus);
  g_free (self->handle);
  g_free (self);
}

static void on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  Request *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  InosPortalRequestFunc done = self->done;
  gpointer own = self->data;

  request_free (self); /* the handle is free for what comes next */
  done (answer ? NULL : error, own);
}

/* The question is dropped, which the bridge answers with an error. */
static gboolean on_close (InosImplPortalRequest *object, GDBusMethodInvocation *invocation,
                          gpointer data)
{
  Request *self = data;

  g_dbus_connection_call (self->bus, BRIDGE, BRIDGE_PATH, PERMISSIONS, "Withdraw",
                          g_variant_new ("(s)", self->handle), NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE, NULL, NULL, NULL);
  inos_impl_portal_request_complete_close (object, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

void inos_portal_request (GDBusConnection *bus, const char *handle, const char *app,
                          const char *capability, InosPortalRequestFunc done, gpointer data)
{
  g_autoptr (GError) error = NULL;
  Request *self;

  if (*app == '\0') {
    done (NULL, data);
    return;
  }
  self = g_new0 (Request, 1);
  *self = (Request){g_object_ref (bus), inos_impl_portal_request_skeleton_new(), g_strdup (handle),
                    done, data};
  g_signal_connect (self->object, "handle-close", G_CALLBACK (on_close), self);
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->object), bus, handle,
                                         &error))
    g_warning ("a portal's question cannot be closed: %s", error->message);
  g_dbus_connection_call (bus, BRIDGE, BRIDGE_PATH, PERMISSIONS, "Ask",
                          g_variant_new ("(sss)", app, capability, handle), G_VARIANT_TYPE ("(s)"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE, NULL, on_answered, self);
}
