/* inos-bridge: options, the bus name and readiness.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <systemd/sd-daemon.h>

#include "bridge/node_object.h"
#include "inos-config.h"

#define NAME "org.inos.Node1"

struct program {
  GMainLoop *loop;
  int status;
};

static gboolean on_signal (void *data)
{
  struct program *program = data;
  g_main_loop_quit (program->loop);
  return G_SOURCE_CONTINUE;
}

static void on_name_acquired (GDBusConnection *connection, const char *name, void *data)
{
  sd_notify (0, "READY=1");
}

static void on_name_lost (GDBusConnection *connection, const char *name, void *data)
{
  struct program *program = data;
  g_warning ("The name %s is not ours on the session bus; is another bridge running?", name);
  program->status = 1;
  g_main_loop_quit (program->loop);
}

static void on_closed (GDBusConnection *connection, gboolean vanished, GError *error, void *data)
{
  struct program *program = data;
  g_warning ("The session bus is gone.");
  program->status = 1;
  g_main_loop_quit (program->loop);
}

static int run (const char *socket)
{
  struct program program = {.loop = g_main_loop_new (NULL, FALSE)};
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  struct inos_node_object *object = NULL;
  if (connection)
    object = inos_node_object_create (connection, socket, &error);
  if (!object) {
    fprintf (stderr, "inos-bridge: %s\n", error->message);
    g_main_loop_unref (program.loop);
    return 1;
  }
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), &program);
  guint name = g_bus_own_name_on_connection (connection, NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                                             on_name_acquired, on_name_lost, &program, NULL);
  g_unix_signal_add (SIGTERM, on_signal, &program);
  g_unix_signal_add (SIGINT, on_signal, &program);

  g_main_loop_run (program.loop);

  sd_notify (0, "STOPPING=1");
  g_signal_handlers_disconnect_by_data (connection, &program);
  g_bus_unown_name (name);
  inos_node_object_destroy (object);
  g_dbus_connection_close_sync (connection, NULL, NULL);
  g_main_loop_unref (program.loop);
  return program.status;
}

int main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, INOS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_autofree char *socket = NULL;
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
    {"socket", 0, 0, G_OPTION_ARG_FILENAME, &socket, N_ ("The node's socket"), N_ ("PATH")},
    {"version", 0, 0, G_OPTION_ARG_NONE, &version, N_ ("Show the version"), NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context =
    g_option_context_new (_ ("— shows this computer's node on the session bus"));
  g_autoptr (GError) error = NULL;
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    fprintf (stderr, "inos-bridge: %s\n", error->message);
    return 2;
  }
  if (version) {
    puts ("inos-bridge " INOS_VERSION);
    return 0;
  }
  if (argc > 1) {
    fprintf (stderr, "inos-bridge: %s\n", _ ("there are no arguments but options; see --help"));
    return 2;
  }
  if (!socket)
    socket = g_build_filename (g_get_user_runtime_dir(), "inos", "node.sock", NULL);
  return run (socket);
}
