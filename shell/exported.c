/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "exported.h"

void inos_exported_show (gpointer skeleton, GDBusConnection *bus, const char *path)
{
  GDBusInterfaceSkeleton *object = G_DBUS_INTERFACE_SKELETON (skeleton);
  g_autoptr (GError) error = NULL;

  if (!g_dbus_interface_skeleton_export (object, bus, path, &error))
    g_warning ("could not export %s: %s", g_dbus_interface_skeleton_get_info (object)->name,
               error->message);
}

void inos_exported_hide (gpointer skeleton, gpointer data)
{
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (skeleton));
  g_signal_handlers_disconnect_by_data (skeleton, data);
  g_object_unref (skeleton);
}

static void on_answer (const char *json, const char *error, gpointer data)
{
  GDBusMethodInvocation *invocation = data;

  if (error)
    g_dbus_method_invocation_return_error (invocation, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", error);
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

InosReply *inos_exported_reply (GDBusMethodInvocation *invocation)
{
  return inos_reply_new (on_answer, invocation);
}
