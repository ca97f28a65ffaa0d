/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_object.h"

#include "inos-config.h"
#include "inos-session1.h"

#define NAME "org.inos.Session1"
#define PATH "/org/inos/Session1"

struct inos_session_object {
  InosSession1 *skeleton;
  guint name;
  GCancellable *freed;
  const struct inos_session_object_handlers *handlers;
  void *data;
};

static void on_logout_answered (GObject *connection, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  struct inos_session_object *object = data;
  g_dbus_connection_flush_finish (G_DBUS_CONNECTION (connection), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* freed meanwhile */
  object->handlers->logout (object->data);
}

/* Whoever asked gets the answer before the bus that carries it is ended. */
static gboolean on_logout (InosSession1 *skeleton, GDBusMethodInvocation *invocation, gpointer data)
{
  struct inos_session_object *object = data;
  g_autoptr (GDBusConnection) connection =
    g_object_ref (g_dbus_method_invocation_get_connection (invocation));
  inos_session1_complete_logout (skeleton, invocation);
  g_dbus_connection_flush (connection, object->freed, on_logout_answered, object);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_restart (InosSession1 *skeleton, GDBusMethodInvocation *invocation,
                            const char *component, gpointer data)
{
  struct inos_session_object *object = data;
  g_autoptr (GError) error = NULL;
  if (object->handlers->restart (component, &error, object->data))
    inos_session1_complete_restart (skeleton, invocation);
  else
    g_dbus_method_invocation_return_error_literal (
      invocation, G_DBUS_ERROR,
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ? G_DBUS_ERROR_INVALID_ARGS
                                                                : G_DBUS_ERROR_NOT_SUPPORTED,
      error->message);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void on_name_lost (GDBusConnection *connection, const char *name, gpointer data)
{
  if (connection != NULL && !g_dbus_connection_is_closed (connection))
    g_message ("another session on this bus has the name %s", name);
}

struct inos_session_object *
inos_session_object_new (GDBusConnection *connection,
                         const struct inos_session_object_handlers *handlers, void *data,
                         GError **error)
{
  g_autoptr (InosSession1) skeleton = inos_session1_skeleton_new();
  inos_session1_set_version (skeleton, INOS_VERSION);
  inos_session1_set_state (skeleton, "starting");
  inos_session1_set_components (skeleton, g_variant_new ("a(ssuu)", NULL));
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (skeleton), connection, PATH,
                                         error))
    return NULL;
  struct inos_session_object *object = g_new0 (struct inos_session_object, 1);
  object->freed = g_cancellable_new();
  object->handlers = handlers;
  object->data = data;
  g_signal_connect (skeleton, "handle-logout", G_CALLBACK (on_logout), object);
  g_signal_connect (skeleton, "handle-restart", G_CALLBACK (on_restart), object);
  object->skeleton = g_steal_pointer (&skeleton);
  object->name = g_bus_own_name_on_connection (connection, NAME, G_BUS_NAME_OWNER_FLAGS_NONE, NULL,
                                               on_name_lost, NULL, NULL);
  return object;
}

void inos_session_object_free (struct inos_session_object *object)
{
  if (object == NULL)
    return;
  g_clear_handle_id (&object->name, g_bus_unown_name);
  g_signal_handlers_disconnect_by_data (object->skeleton, object);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (object->skeleton));
  g_clear_object (&object->skeleton);
  g_cancellable_cancel (object->freed);
  g_clear_object (&object->freed);
  g_free (object);
}

void inos_session_object_set_safe (struct inos_session_object *object, gboolean safe)
{
  inos_session1_set_safe_mode (object->skeleton, safe);
}

void inos_session_object_set_state (struct inos_session_object *object, const char *state)
{
  inos_session1_set_state (object->skeleton, state);
}

void inos_session_object_set_components (struct inos_session_object *object, GPtrArray *components)
{
  GVariantBuilder list;
  g_variant_builder_init (&list, G_VARIANT_TYPE ("a(ssuu)"));
  for (guint i = 0; i < components->len; i++) {
    const struct inos_component *component = g_ptr_array_index (components, i);
    g_variant_builder_add (&list, "(ssuu)", component->spec->name,
                           inos_component_state_name (component), (guint32)component->pid,
                           component->restarts);
  }
  inos_session1_set_components (object->skeleton, g_variant_builder_end (&list));
}

void inos_session_object_component_died (struct inos_session_object *object,
                                         const struct inos_component *component, gboolean restarts)
{
  inos_session1_emit_component_died (object->skeleton, component->spec->name, component->reason,
                                     restarts);
}
