/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "portal_access.h"

#include "../exported.h"
#include "inos-portal-dbus.h"
#include "portal_request.h"

#define DENIED "org.inos.Error.AccessDenied"

struct InosPortalAccess {
  GDBusConnection *bus;
  InosImplPortalAccess *object;
};

/* As xdg-desktop-portal has them in src/device.c, src/camera.c and src/location.c. */
static const struct {
  const char *icon, *capability;
} kinds[] = {
  {"audio-input-microphone-symbolic", "device.microphone"},
  {"audio-speakers-symbolic", "device.speakers"},
  {"camera-web-symbolic", "device.camera"},
  {"find-location-symbolic", "device.location"},
};

const char *inos_portal_access_capability (const char *icon)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].icon, icon) == 0)
      return kinds[i].capability;
  return NULL;
}

static void answer (GDBusMethodInvocation *invocation, guint response)
{
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(ua{sv})", response, NULL));
}

gboolean inos_portal_access_is_denied (const GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);

  return g_strcmp0 (name, DENIED) == 0;
}

static void on_answered (const GError *error, gpointer invocation)
{
  if (!error) {
    answer (invocation, INOS_PORTAL_DONE);
    return;
  }
  g_info ("a portal was refused a device: %s", error->message);
  if (inos_portal_access_is_denied (error))
    answer (invocation, INOS_PORTAL_REFUSED);
  else
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_FAILED,
                                           "nobody has answered: %s", error->message);
}

static gboolean on_dialog (InosImplPortalAccess *object, GDBusMethodInvocation *invocation,
                           const char *handle, const char *app, const char *parent,
                           const char *title, const char *subtitle, const char *body,
                           GVariant *options, gpointer data)
{
  InosPortalAccess *self = data;
  const char *icon = NULL, *capability;

  g_variant_lookup (options, "icon", "&s", &icon);
  capability = inos_portal_access_capability (icon);
  if (capability) {
    inos_portal_request (self->bus, handle, app, capability, on_answered, invocation);
  } else {
    /* A response would be kept as the person's. */
    g_message ("a portal asks for something that is not known here, and is not answered");
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_NOT_SUPPORTED,
                                           "that cannot be asked of the person here");
  }
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

InosPortalAccess *inos_portal_access_create (GDBusConnection *bus)
{
  InosPortalAccess *self = g_new0 (InosPortalAccess, 1);
  g_autoptr (GError) error = NULL;

  self->bus = g_object_ref (bus);
  self->object = inos_impl_portal_access_skeleton_new();
  g_signal_connect (self->object, "handle-access-dialog", G_CALLBACK (on_dialog), self);
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->object), bus,
                                         INOS_PORTAL_PATH, &error))
    g_warning ("portals cannot ask for devices: %s", error->message);
  return self;
}

void inos_portal_access_destroy (InosPortalAccess *self)
{
  inos_exported_hide (self->object, self);
  g_object_unref (self->bus);
  g_free (self);
}
