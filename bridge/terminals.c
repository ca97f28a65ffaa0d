/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/terminals.h"

#include "bridge/error.h"
#include "bridge/forward.h"
#include "inos-node1.h"
#include "node/api/messages.h"
#include "node/terminal/terminals.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <gio/gunixsocketaddress.h>
#include <unistd.h>

#define PATIENCE 5 /* seconds */

struct inos_terminals_object {
  InosNode1Terminals *skeleton;
  struct inos_node_link **link;
  struct inos_permit *permit;
  char *door;
};

/* One call of Attach on its way. */
struct visit {
  GDBusMethodInvocation *invocation;
  GSocketConnection *connection; /* may be NULL */
  struct inos_terminals_knock knock;
  struct inos_terminal_hello hello;
};

static void visit_end (struct visit *visit)
{
  g_clear_object (&visit->connection);
  g_free (visit);
}

static void visit_fail (struct visit *visit, const char *name, const char *sentence)
{
  g_dbus_method_invocation_return_dbus_error (visit->invocation, name, sentence);
  visit_end (visit);
}

static void visit_refused (struct visit *visit)
{
  g_autofree char *sentence =
    g_strdup_printf ("There is no terminal %" G_GUINT64_FORMAT ".", (guint64)visit->knock.id);

  if (visit->hello.status == INOS_TERMINAL_TOO_MANY)
    visit_fail (visit, INOS_BUS_TOO_MANY, "So many look on at this terminal already.");
  else
    visit_fail (visit, INOS_BUS_NOT_FOUND, sentence);
}

/* The socket itself goes to the caller; what was read of it was the hello to its last byte. */
static void hand_over (struct visit *visit)
{
  int fd = g_socket_get_fd (g_socket_connection_get_socket (visit->connection));
  g_autoptr (GUnixFDList) list = g_unix_fd_list_new();
  g_autoptr (GError) error = NULL;
  int index = g_unix_fd_list_append (list, fd, &error);

  if (index < 0) {
    visit_fail (visit, INOS_BUS_FAILED, error->message);
    return;
  }
  g_dbus_method_invocation_return_value_with_unix_fd_list (
    visit->invocation,
    g_variant_new ("(htuu)", index, (guint64)visit->hello.replay, visit->hello.columns,
                   visit->hello.rows),
    list);
  visit_end (visit);
}

static void on_hello (GObject *source, GAsyncResult *result, gpointer data)
{
  struct visit *visit = data;
  g_autoptr (GError) error = NULL;
  gsize size;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &size, &error))
    visit_fail (visit, INOS_BUS_FAILED, error->message);
  else if (size < sizeof visit->hello)
    visit_fail (visit, INOS_BUS_FAILED, "The node did not let us in.");
  else if (visit->hello.status != INOS_TERMINAL_OK)
    visit_refused (visit);
  else
    hand_over (visit);
}

static void on_knocked (GObject *source, GAsyncResult *result, gpointer data)
{
  struct visit *visit = data;
  g_autoptr (GError) error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error)) {
    visit_fail (visit, INOS_BUS_FAILED, error->message);
    return;
  }
  g_input_stream_read_all_async (g_io_stream_get_input_stream (G_IO_STREAM (visit->connection)),
                                 &visit->hello, sizeof visit->hello, G_PRIORITY_DEFAULT, NULL,
                                 on_hello, visit);
}

static void on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  struct visit *visit = data;
  g_autoptr (GError) error = NULL;

  visit->connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  if (visit->connection == NULL) {
    visit_fail (visit, INOS_BUS_NOT_CONNECTED, "The node is not connected.");
    return;
  }
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (visit->connection)),
                                   &visit->knock, sizeof visit->knock, G_PRIORITY_DEFAULT, NULL,
                                   on_knocked, visit);
}

static gboolean on_attach (InosNode1Terminals *skeleton, GDBusMethodInvocation *invocation,
                           GUnixFDList *list, guint64 id, void *data)
{
  struct inos_terminals_object *object = data;
  g_autoptr (GSocketClient) client = g_socket_client_new();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (object->door);
  struct visit *visit = g_new0 (struct visit, 1);

  *visit =
    (struct visit){.invocation = invocation, .knock = {.magic = INOS_TERMINALS_MAGIC, .id = id}};
  g_socket_client_set_timeout (client, PATIENCE);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address), NULL, on_connected, visit);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

struct inos_terminals_object *inos_terminals_object_new (GDBusConnection *bus, const char *path,
                                                         const char *socket,
                                                         struct inos_node_link **link,
                                                         struct inos_permit *permit, GError **error)
{
  struct inos_terminals_object *object = g_new0 (struct inos_terminals_object, 1);
  g_autofree char *folder = g_path_get_dirname (socket);

  object->link = link;
  object->permit = permit;
  object->door = g_build_filename (folder, INOS_TERMINALS_SOCKET, NULL);
  object->skeleton = inos_node1_terminals_skeleton_new();
  inos_permit_guard (permit, G_DBUS_INTERFACE_SKELETON (object->skeleton), NULL);
  g_signal_connect (object->skeleton, "handle-attach", G_CALLBACK (on_attach), object);
  inos_forward (G_DBUS_INTERFACE_SKELETON (object->skeleton), link, NULL);
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (object->skeleton), bus, path,
                                         error))
    g_clear_pointer (&object, inos_terminals_object_free);
  return object;
}

void inos_terminals_object_free (struct inos_terminals_object *object)
{
  GDBusInterfaceSkeleton *skeleton;

  if (object == NULL)
    return;
  skeleton = G_DBUS_INTERFACE_SKELETON (object->skeleton);
  inos_forward_end (skeleton);
  inos_permit_release (object->permit, skeleton);
  g_signal_handlers_disconnect_by_data (skeleton, object);
  if (g_dbus_interface_skeleton_get_connection (skeleton) != NULL)
    g_dbus_interface_skeleton_unexport (skeleton);
  g_object_unref (skeleton);
  g_free (object->door);
  g_free (object);
}

static void on_listed (GVariant *payload, const GError *error, void *data)
{
}

void inos_terminals_object_up (struct inos_terminals_object *object)
{
  inos_node_link_request (*object->link, INOS_TERMINALS_LIST, NULL, on_listed, object);
}

bool inos_terminals_object_event (struct inos_terminals_object *object, const char *type,
                                  GVariant *payload)
{
  const char *title;
  gint code, signal;
  guint64 id;

  if (!g_str_has_prefix (type, "terminals."))
    return false;
  g_variant_get_child (payload, 0, "t", &id);
  if (g_str_equal (type, INOS_TERMINALS_OPENED)) {
    inos_node1_terminals_emit_opened (object->skeleton, id);
  } else if (g_str_equal (type, INOS_TERMINALS_CHANGED)) {
    g_variant_get_child (payload, 1, "&s", &title);
    inos_node1_terminals_emit_title_changed (object->skeleton, id, title);
  } else if (g_str_equal (type, INOS_TERMINALS_ENDED)) {
    g_variant_get (payload, "(tii)", NULL, &code, &signal);
    inos_node1_terminals_emit_ended (object->skeleton, id, code, signal);
  } else if (g_str_equal (type, INOS_TERMINALS_CLOSED)) {
    inos_node1_terminals_emit_closed (object->skeleton, id);
  }
  return true;
}
