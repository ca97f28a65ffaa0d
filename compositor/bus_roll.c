#include "bus_roll.h"

#include <string.h>

#include "compositor-dbus.h"
#include "roll.h"
#include "session/desk_file.h"

struct inos_bus_roll {
  struct inos_compositor *compositor;
  InosDBusCompositor1Windows *object;
};

static gboolean on_describe (InosDBusCompositor1Windows *object, GDBusMethodInvocation *invocation,
                             void *data)
{
  const struct inos_bus_roll *roll = data;
  g_autofree char *text = inos_roll_describe (roll->compositor->roll);
  inos_dbus_compositor1_windows_complete_describe (object, invocation, text);
  return TRUE;
}

static gboolean on_expect (InosDBusCompositor1Windows *object, GDBusMethodInvocation *invocation,
                           const char *text, void *data)
{
  const struct inos_bus_roll *roll = data;
  g_autoptr (GError) error = NULL;
  GPtrArray *windows = inos_desk_parse (text, strlen (text), &error);
  if (!windows) {
    g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR,
                                                   G_DBUS_ERROR_INVALID_ARGS, error->message);
    return TRUE;
  }
  inos_roll_expect (roll->compositor->roll, windows);
  inos_dbus_compositor1_windows_complete_expect (object, invocation);
  return TRUE;
}

struct inos_bus_roll *inos_bus_roll_create (struct inos_compositor *compositor,
                                            GDBusConnection *connection, const char *path)
{
  struct inos_bus_roll *roll = g_new0 (struct inos_bus_roll, 1);
  roll->compositor = compositor;
  roll->object = inos_dbus_compositor1_windows_skeleton_new();
  g_signal_connect (roll->object, "handle-describe", G_CALLBACK (on_describe), roll);
  g_signal_connect (roll->object, "handle-expect", G_CALLBACK (on_expect), roll);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (roll->object), connection, path,
                                    NULL);
  return roll;
}

void inos_bus_roll_destroy (struct inos_bus_roll *roll)
{
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (roll->object));
  g_object_unref (roll->object);
  g_free (roll);
}
