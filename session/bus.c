/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus.h"

#include "spawn.h"

#include "inos-config.h"

#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

struct inos_bus {
  struct inos_reaper *reaper;
  pid_t pid;      /* of our dbus-daemon; 0: none */
  int address_fd; /* where it prints its address; -1: closed */
  guint source;
  char *address;
  GDBusConnection *connection;
  GCancellable *cancellable;
  gulong closed;
  const struct inos_bus_handlers *handlers;
  void *data;
};

static void on_closed (GDBusConnection *connection, gboolean by_peer, GError *error, gpointer data)
{
  struct inos_bus *bus = data;
  if (bus->pid != 0) {
    kill (bus->pid, SIGTERM); /* ours: the reaper tells how it ended */
    return;
  }
  bus->handlers->lost (_ ("the session bus closed the connection"), bus->data);
}

static void on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* freed meanwhile */
  struct inos_bus *bus = data;
  if (connection == NULL) {
    g_autofree char *reason = g_strdup_printf (_ ("cannot connect to the session bus at %s: %s"),
                                               bus->address, error->message);
    bus->handlers->lost (reason, bus->data);
    return;
  }
  bus->connection = connection;
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  bus->closed = g_signal_connect (connection, "closed", G_CALLBACK (on_closed), bus);
  bus->handlers->ready (connection, bus->address, bus->data);
}

static void connect_to (struct inos_bus *bus, const char *address)
{
  bus->address = g_strdup (address);
  g_dbus_connection_new_for_address (address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                       G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, bus->cancellable, on_connected, bus);
}

/* The daemon prints one line when it listens. */
static gboolean on_address (gint fd, GIOCondition condition, gpointer data)
{
  struct inos_bus *bus = data;
  char line[1024];
  ssize_t n = read (fd, line, sizeof line - 1);
  bus->source = 0;
  close (bus->address_fd);
  bus->address_fd = -1;
  if (n <= 0)
    return G_SOURCE_REMOVE; /* it died; the reaper says so */
  line[n] = '\0';
  connect_to (bus, g_strstrip (line));
  return G_SOURCE_REMOVE;
}

static void on_reaped (pid_t pid, int wait_status, void *data)
{
  struct inos_bus *bus = data;
  bus->pid = 0;
  if (bus->connection != NULL)
    g_clear_signal_handler (&bus->closed, bus->connection);
  g_cancellable_cancel (bus->cancellable);
  g_autofree char *how = inos_reaper_describe (wait_status);
  g_autofree char *reason = g_strdup_printf (_ ("the session bus (dbus-daemon) %s"), how);
  bus->handlers->lost (reason, bus->data);
}

static gboolean start_daemon (struct inos_bus *bus, const char *runtime_directory, char **envp,
                              struct inos_output *output, GError **error)
{
  int fds[2];
  if (!g_unix_open_pipe (fds, O_CLOEXEC, error))
    return FALSE;
  int log = output != NULL ? inos_output_open (output, NULL) : -1;
  g_autofree char *escaped = g_dbus_address_escape_value (runtime_directory);
  g_autofree char *listen = g_strdup_printf ("--address=unix:path=%s/bus", escaped);
  g_autofree char *print = g_strdup_printf ("--print-address=%d", fds[1]);
  char *argv[] = {"dbus-daemon", "--session", "--nofork", "--nopidfile",
                  "--nosyslog",  listen,      print,      NULL};
  struct inos_spawn spawn = {
    .argv = argv, .envp = envp, .output = log, .own_group = TRUE, .keep = &fds[1], .n_keep = 1};
  bus->pid = inos_spawn (&spawn, error);
  close (fds[1]);
  if (log >= 0)
    close (log);
  if (bus->pid < 0) {
    bus->pid = 0;
    close (fds[0]);
    return FALSE;
  }
  inos_reaper_watch (bus->reaper, bus->pid, on_reaped, bus);
  bus->address_fd = fds[0];
  bus->source = g_unix_fd_add (fds[0], G_IO_IN | G_IO_HUP, on_address, bus);
  return TRUE;
}

/* Whether somebody listens at a socket; a file left behind by a dead bus does not. */
static gboolean somebody_listens (const char *path)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) probe =
    g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  return probe != NULL && g_socket_connect (probe, address, NULL, NULL);
}

struct inos_bus *inos_bus_new (struct inos_reaper *reaper, const char *runtime_directory,
                               char **envp, struct inos_output *output,
                               const struct inos_bus_handlers *handlers, void *data)
{
  struct inos_bus *bus = g_new0 (struct inos_bus, 1);
  *bus = (struct inos_bus){
    .reaper = reaper,
    .address_fd = -1,
    .cancellable = g_cancellable_new(),
    .handlers = handlers,
    .data = data,
  };
  const char *given = g_environ_getenv (envp, "DBUS_SESSION_BUS_ADDRESS");
  g_autofree char *path = g_build_filename (runtime_directory, "bus", NULL);
  if (given != NULL && *given != '\0') {
    connect_to (bus, given);
  } else if (somebody_listens (path)) {
    g_autofree char *escaped = g_dbus_address_escape_value (path);
    g_autofree char *address = g_strdup_printf ("unix:path=%s", escaped);
    connect_to (bus, address);
  } else {
    g_autoptr (GError) error = NULL;
    if (!start_daemon (bus, runtime_directory, envp, output, &error))
      handlers->lost (error->message, data);
  }
  return bus;
}

void inos_bus_free (struct inos_bus *bus)
{
  if (bus == NULL)
    return;
  g_cancellable_cancel (bus->cancellable);
  g_clear_object (&bus->cancellable);
  if (bus->pid != 0)
    inos_reaper_unwatch (bus->reaper, bus->pid);
  g_clear_handle_id (&bus->source, g_source_remove);
  if (bus->address_fd >= 0)
    close (bus->address_fd);
  if (bus->connection != NULL)
    g_clear_signal_handler (&bus->closed, bus->connection);
  g_clear_object (&bus->connection);
  g_free (bus->address);
  g_free (bus);
}

pid_t inos_bus_pid (const struct inos_bus *bus)
{
  return bus->pid;
}
