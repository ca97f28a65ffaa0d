/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "service.h"

#include "exported.h"
#include "inos-config.h"
#include "inos-shell-dbus.h"

#define SHELL_NAME "org.inos.Shell1"
#define SHELL_PATH "/org/inos/Shell1"

struct InosService {
  InosApplication *application;
  InosDBusShell1 *object;
  guint owner_id;
  void (*lost) (gpointer data);
  gpointer data;
};

static gboolean on_toggle (InosDBusShell1 *object, GDBusMethodInvocation *invocation,
                           const char *overlay, gpointer data)
{
  InosService *self = data;
  GError *error = NULL;

  if (inos_application_toggle_overlay (self->application, overlay, &error))
    inos_dbus_shell1_complete_toggle (object, invocation);
  else
    g_dbus_method_invocation_take_error (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_launch (InosDBusShell1 *object, GDBusMethodInvocation *invocation,
                           const char *desktop_id, gpointer data)
{
  InosService *self = data;
  GError *error = NULL;

  if (inos_application_launch (self->application, desktop_id, NULL, &error))
    inos_dbus_shell1_complete_launch (object, invocation);
  else
    g_dbus_method_invocation_take_error (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void on_name_lost (GDBusConnection *bus, const char *name, gpointer data)
{
  InosService *self = data;

  g_warning ("the bus name " SHELL_NAME " is taken: another shell runs");
  self->lost (self->data);
}

InosService *inos_service_create (GDBusConnection *bus, InosApplication *application,
                                  void (*lost) (gpointer data), gpointer data)
{
  InosService *self = g_new0 (InosService, 1);

  g_dbus_error_register_error (INOS_LAUNCHER_ERROR, 0, SHELL_NAME ".Error.CannotStart");
  self->application = application;
  self->lost = lost;
  self->data = data;
  self->object = inos_dbus_shell1_skeleton_new();
  inos_dbus_shell1_set_version (self->object, INOS_VERSION);
  inos_dbus_shell1_set_overlay (self->object, "");
  inos_dbus_shell1_set_panel_figures (self->object, g_variant_new ("(ddb)", 0.0, 0.0, FALSE));
  g_signal_connect (self->object, "handle-toggle", G_CALLBACK (on_toggle), self);
  g_signal_connect (self->object, "handle-launch", G_CALLBACK (on_launch), self);
  inos_exported_show (self->object, bus, SHELL_PATH);
  self->owner_id = g_bus_own_name_on_connection (
    bus, SHELL_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE, NULL, on_name_lost, self, NULL);
  return self;
}

void inos_service_destroy (InosService *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->owner_id, g_bus_unown_name);
  inos_exported_hide (self->object, self);
  g_free (self);
}

void inos_service_set_overlay (InosService *self, const char *overlay)
{
  inos_dbus_shell1_set_overlay (self->object, overlay);
}

void inos_service_set_figures (InosService *self, const InosPanelFigures *figures)
{
  inos_dbus_shell1_set_panel_figures (
    self->object, g_variant_new ("(ddb)", figures->cpu, figures->memory, figures->connected));
}
