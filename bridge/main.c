/*
 * inos-bridge: the node's socket on one side, org.inos.Node1 on the session bus on the other.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/node_object.h"

#include "inos-config.h"

#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>

#define BUS_NAME "org.inos.Node1"
#define SYSTEM_SOCKET "/run/inos/node.sock"

struct bridge {
  GMainLoop *loop;
  int status;
};

static void end (struct bridge *bridge, int status)
{
  bridge->status = status;
  g_main_loop_quit (bridge->loop);
}

static gboolean on_signal (void *data)
{
  end (data, EXIT_SUCCESS);
  return G_SOURCE_CONTINUE;
}

static void on_name_acquired (GDBusConnection *bus, const char *name, void *data)
{
  sd_notify (0, "READY=1");
}

static void on_name_lost (GDBusConnection *bus, const char *name, void *data)
{
  if (bus == NULL || g_dbus_connection_is_closed (bus))
    g_critical ("the session bus is gone; the bridge ends");
  else
    g_critical ("another program owns %s on this bus: is a bridge running already?", name);
  end (data, EXIT_FAILURE);
}

static int run (GDBusConnection *bus, const char *socket, const char *system)
{
  struct bridge bridge = {.loop = g_main_loop_new (NULL, FALSE), .status = EXIT_SUCCESS};
  g_autoptr (GError) error = NULL;
  struct inos_node_object *object = inos_node_object_new (bus, socket, system, &error);
  guint signals[2], name;

  if (object == NULL) {
    g_critical ("cannot put the node on the bus: %s", error->message);
    g_main_loop_unref (bridge.loop);
    return EXIT_FAILURE;
  }
  signals[0] = g_unix_signal_add (SIGTERM, on_signal, &bridge);
  signals[1] = g_unix_signal_add (SIGINT, on_signal, &bridge);
  name = g_bus_own_name_on_connection (bus, BUS_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                                       on_name_acquired, on_name_lost, &bridge, NULL);
  g_main_loop_run (bridge.loop);
  sd_notify (0, "STOPPING=1");
  g_bus_unown_name (name);
  inos_node_object_free (object);
  g_dbus_connection_flush_sync (bus, NULL, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (signals); i++)
    g_source_remove (signals[i]);
  g_main_loop_unref (bridge.loop);
  return bridge.status;
}

/* (transfer full) (nullable): the machine's node, where that one is in the mesh and not the
 * person's: the person's reads the same, and says what is wrong in it. */
static char *socket_of_system (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  g_autofree char *path = g_build_filename (g_get_user_config_dir(), "inos", "node.ini", NULL);
  g_autofree char *node = NULL;
  const char *named = g_getenv ("INOS_SYSTEM_SOCKET");

  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    node = g_key_file_get_string (file, "mesh", "node", NULL);
  if (g_strcmp0 (node, "system") != 0)
    return NULL;
  return g_strdup (named != NULL && *named != '\0' ? named : SYSTEM_SOCKET);
}

int main (int argc, char **argv)
{
  g_autofree char *socket = NULL, *system = NULL;
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
    {"socket", 0, 0, G_OPTION_ARG_FILENAME, &socket,
     "The node's socket, else $XDG_RUNTIME_DIR/inos/node.sock", "PATH"},
    {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Show the version", NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- the node on the session bus");
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc > 1) {
    g_printerr ("inos-bridge: %s; see 'inos-bridge --help'\n",
                error != NULL ? error->message : "it takes no arguments");
    return 2;
  }
  if (version) {
    g_print ("inos-bridge %s\n", INOS_VERSION);
    return EXIT_SUCCESS;
  }
  if (socket == NULL)
    socket = g_build_filename (g_get_user_runtime_dir(), "inos", "node.sock", NULL);
  system = socket_of_system();
  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  if (bus == NULL) {
    g_critical ("cannot reach the session bus: %s; is DBUS_SESSION_BUS_ADDRESS right?",
                error->message);
    return EXIT_FAILURE;
  }
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  return run (bus, socket, system);
}
