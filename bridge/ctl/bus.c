/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus.h"

#include "other_node.h"
#include "system_node.h"

#include <glib/gi18n.h>
#include <string.h>

enum {
  CALL_TIMEOUT_MS = 10000,
  /* Where the mesh is that of the machine's node, polkit may ask a person for a password. */
  MESH_TIMEOUT_MS = 160000,
};

static const struct {
  const char *name, *path, *component, *what;
} services[] = {
  [CTL_SESSION] = {"org.inos.Session1", "/org/inos/Session1", NULL, N_ ("the session")},
  [CTL_COMPOSITOR] = {"org.inos.Compositor1", "/org/inos/Compositor1", "compositor",
                      N_ ("the compositor")},
  [CTL_NODE] = {"org.inos.Node1", "/org/inos/Node1", "bridge", N_ ("the bridge to the node")},
  [CTL_SHELL] = {"org.inos.Shell1", "/org/inos/Shell1", "shell", N_ ("the shell")},
};

const char *ctl_service_name (enum ctl_service service)
{
  return services[service].name;
}

const char *ctl_service_path (enum ctl_service service)
{
  return services[service].path;
}

bool ctl_bus_connect (struct ctl *ctl, GError **error)
{
  if (ctl->bus == NULL)
    ctl->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, error);
  if (ctl->bus == NULL) {
    g_prefix_error (error, "%s", _ ("cannot reach the session bus: "));
    return false;
  }
  g_dbus_connection_set_exit_on_close (ctl->bus, FALSE);
  return true;
}

static GVariant *call (struct ctl *ctl, enum ctl_service service, const char *path,
                       const char *interface, const char *method, GVariant *parameters, int timeout,
                       GError **error)
{
  g_autoptr (GVariant) sunk = parameters != NULL ? g_variant_ref_sink (parameters) : NULL;

  if (ctl->system && service == CTL_NODE)
    return ctl_system_call (interface, method, sunk, error);
  if (!ctl_bus_connect (ctl, error))
    return NULL;
  if (service == CTL_NODE && ctl_other_node_is_meant (ctl, interface))
    return ctl_other_node_call (ctl, method, sunk, error);
  if (service == CTL_NODE && strcmp (interface, "org.inos.Node1.Mesh") == 0)
    timeout = MAX (timeout, MESH_TIMEOUT_MS);
  return g_dbus_connection_call_sync (ctl->bus, services[service].name, path, interface, method,
                                      sunk, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, timeout, NULL,
                                      error);
}

GVariant *ctl_bus_call (struct ctl *ctl, enum ctl_service service, const char *path,
                        const char *interface, const char *method, GVariant *parameters,
                        GError **error)
{
  return call (ctl, service, path, interface, method, parameters, CALL_TIMEOUT_MS, error);
}

GVariant *ctl_bus_call_long (struct ctl *ctl, enum ctl_service service, const char *path,
                             const char *interface, const char *method, GVariant *parameters,
                             GError **error)
{
  return call (ctl, service, path, interface, method, parameters, G_MAXINT, error);
}

/* A well-known name may belong to a program that answers nonsense: that is an error, not a crash.
 */
static GVariant *expect (GVariant *reply, const char *type, GError **error)
{
  if (reply == NULL || g_variant_is_of_type (reply, G_VARIANT_TYPE (type)))
    return reply;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("the answer has the type %s, not %s"),
               g_variant_get_type_string (reply), type);
  g_variant_unref (reply);
  return NULL;
}

GVariant *ctl_bus_properties (struct ctl *ctl, enum ctl_service service, GError **error)
{
  GVariant *arguments = g_variant_new ("(s)", services[service].name);
  g_autoptr (GVariant) reply =
    expect (ctl_bus_call (ctl, service, services[service].path, "org.freedesktop.DBus.Properties",
                          "GetAll", arguments, error),
            "(a{sv})", error);

  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

GPtrArray *ctl_bus_objects (struct ctl *ctl, const char *interface, GError **error)
{
  g_autoptr (GVariant) reply =
    expect (ctl_bus_call (ctl, CTL_COMPOSITOR, services[CTL_COMPOSITOR].path,
                          "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", NULL, error),
            "(a{oa{sa{sv}}})", error);
  GPtrArray *found;
  GVariantIter *objects;
  GVariant *interfaces;

  if (reply == NULL)
    return NULL;
  found = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  g_variant_get (reply, "(a{oa{sa{sv}}})", &objects);
  while (g_variant_iter_loop (objects, "{o@a{sa{sv}}}", NULL, &interfaces)) {
    GVariant *properties = g_variant_lookup_value (interfaces, interface, G_VARIANT_TYPE_VARDICT);
    if (properties != NULL)
      g_ptr_array_add (found, properties);
  }
  g_variant_iter_free (objects);
  return found;
}

bool ctl_bus_is_absent (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER);
}

bool ctl_bus_is_missing (const GError *error)
{
  g_autofree char *remote = g_dbus_error_get_remote_error (error);

  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_FILE_NOT_FOUND) ||
         (remote != NULL && g_str_has_suffix (remote, ".NotFound"));
}

static bool has_owner (struct ctl *ctl, const char *name)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
    ctl->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
    "NameHasOwner", g_variant_new ("(s)", name), G_VARIANT_TYPE ("(b)"), G_DBUS_CALL_FLAGS_NONE,
    CALL_TIMEOUT_MS, NULL, NULL);
  gboolean owned = FALSE;

  if (reply != NULL)
    g_variant_get (reply, "(b)", &owned);
  return owned;
}

int ctl_bus_fail (struct ctl *ctl, enum ctl_service service, const GError *error, const char *what)
{
  g_autoptr (GError) local = g_error_copy (error);

  g_dbus_error_strip_remote_error (local);
  if (ctl->system)
    return ctl_system_fail (local, what);
  if (ctl->bus == NULL) {
    ctl_complain (_ ("%s; is there a desktop session, and is DBUS_SESSION_BUS_ADDRESS right?"),
                  local->message);
    return CTL_NO_SERVICE;
  }
  if (!ctl_bus_is_absent (error)) {
    ctl_complain ("%s: %s", what, local->message);
    return CTL_FAILED;
  }
  if (services[service].component == NULL || !has_owner (ctl, services[CTL_SESSION].name))
    ctl_complain ("%s: %s", what, _ ("no Inos session on this bus: start one with inos-session"));
  else
    ctl_complain (_ ("%s: %s (%s) is not on this bus: try 'inosctl restart %s'"), what,
                  _ (services[service].what), services[service].name, services[service].component);
  return CTL_NO_SERVICE;
}

GVariant *ctl_bus_of_type (GVariant *reply, const char *type, const char *what, int *status)
{
  g_autoptr (GVariant) owned = reply;

  *status = g_variant_is_of_type (reply, G_VARIANT_TYPE (type)) ? CTL_OK : CTL_FAILED;
  if (*status == CTL_OK)
    return g_steal_pointer (&owned);
  ctl_complain (_ ("%s: the answer has the type %s, not %s"), what,
                g_variant_get_type_string (reply), type);
  return NULL;
}

GVariant *ctl_bus_ask_shell (struct ctl *ctl, const char *interface, const char *method,
                             GVariant *parameters, const char *type, const char *what, int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = ctl_bus_call (ctl, CTL_SHELL, ctl_service_path (CTL_SHELL),
                                             interface, method, parameters, &error);

  if (reply != NULL)
    return ctl_bus_of_type (g_steal_pointer (&reply), type, what, status);
  bool missing = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  *status = ctl_bus_fail (ctl, CTL_SHELL, error, what);
  if (missing && *status == CTL_FAILED)
    *status = CTL_NO_OBJECT;
  return NULL;
}
