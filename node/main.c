/*
 * inos-node: one machine's node. Starts without a display and without a bus.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "inos-config.h"

#include "node/base/config.h"
#include "node/tree/tree.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <grp.h>
#include <locale.h>
#include <signal.h>
#include <systemd/sd-daemon.h>

enum status {
  STATUS_OK,
  STATUS_FAILED,
  STATUS_USAGE,
  STATUS_IDENTITY, /* a restart would not help */
  STATUS_RUNNING,  /* nor would it while the other node runs */
};

struct options {
  gboolean version, system, polkit;
  char *state_dir, *socket, *socket_mode, *group, *config;
  mode_t mode;
  gid_t gid;
};

static void clear_options (struct options *o)
{
  g_clear_pointer (&o->state_dir, g_free);
  g_clear_pointer (&o->socket, g_free);
  g_clear_pointer (&o->socket_mode, g_free);
  g_clear_pointer (&o->group, g_free);
  g_clear_pointer (&o->config, g_free);
}

static bool usage (const char *message)
{
  g_printerr ("inos-node: %s\n%s\n", message, _ ("Try “inos-node --help”."));
  return false;
}

static bool parse_mode (struct options *o)
{
  guint64 mode = 0600;

  if (o->socket_mode && !g_ascii_string_to_unsigned (o->socket_mode, 8, 0, 0777, &mode, NULL))
    return usage (_ ("--socket-mode takes an octal number such as 0600."));
  o->mode = (mode_t)mode;
  return true;
}

static bool find_group (struct options *o)
{
  const struct group *group = o->group ? getgrnam (o->group) : NULL;

  o->gid = group ? group->gr_gid : INOS_NO_GROUP;
  if (group || !o->group)
    return true;
  g_autofree char *message = g_strdup_printf (_ ("There is no group “%s”."), o->group);
  return usage (message);
}

static bool parse (struct options *o, int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"system", 0, 0, G_OPTION_ARG_NONE, &o->system, N_ ("Be the machine's node, not a user's"),
     NULL},
    {"state-dir", 0, 0, G_OPTION_ARG_FILENAME, &o->state_dir, N_ ("Keep the identity in DIR"),
     N_ ("DIR")},
    {"socket", 0, 0, G_OPTION_ARG_FILENAME, &o->socket, N_ ("Listen at PATH"), N_ ("PATH")},
    {"socket-mode", 0, 0, G_OPTION_ARG_STRING, &o->socket_mode,
     N_ ("Permissions of the socket, 0600 by default"), N_ ("MODE")},
    {"group", 0, 0, G_OPTION_ARG_STRING, &o->group, N_ ("Members of GROUP may speak to it too"),
     N_ ("GROUP")},
    {"polkit", 0, 0, G_OPTION_ARG_NONE, &o->polkit,
     N_ ("Every user may speak to it too, and do what polkit allows"), NULL},
    {"config", 0, 0, G_OPTION_ARG_FILENAME, &o->config, N_ ("Read FILE in place of node.ini"),
     N_ ("FILE")},
    {"version", 0, 0, G_OPTION_ARG_NONE, &o->version, N_ ("Print the version and end"), NULL},
    {NULL},
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("– this machine's Inos node"));
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return usage (error->message);
  if (argc > 1)
    return usage (_ ("There are only options, no arguments."));
  if (o->polkit && !o->system)
    return usage (_ ("--polkit goes with --system: a person's node is that person's alone."));
  return parse_mode (o) && find_group (o);
}

/* The places where no option names another. */
static bool complete (struct options *o)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");

  if (!o->state_dir)
    o->state_dir = o->system ? g_strdup ("/var/lib/inos")
                             : g_build_filename (g_get_user_state_dir(), "inos", NULL);
  if (!o->config)
    o->config = o->system ? g_strdup ("/etc/inos/node.ini")
                          : g_build_filename (g_get_user_config_dir(), "inos", "node.ini", NULL);
  if (!o->socket && o->system)
    o->socket = g_strdup ("/run/inos/node.sock");
  else if (!o->socket && runtime && *runtime)
    o->socket = g_build_filename (runtime, "inos", "node.sock", NULL);
  if (o->socket)
    return true;
  return usage (_ ("XDG_RUNTIME_DIR is not set, so the place of the socket is not known. Log in to "
                   "a session, or give "
                   "--socket or --system."));
}

struct node {
  GMainLoop *loop;
  GError *error; /* why it ended, where it was not asked to */
};

static gboolean on_signal (gpointer data)
{
  g_main_loop_quit (((struct node *)data)->loop);
  return G_SOURCE_CONTINUE;
}

static void on_ready (const char *peer_id, void *data)
{
  g_message (_ ("Node %s is ready."), peer_id);
  sd_notify (0, "READY=1");
}

static void on_tree_ended (const GError *error, void *data)
{
  struct node *node = data;

  node->error = g_error_copy (error);
  g_main_loop_quit (node->loop);
}

/* Where the machine's node is in the mesh a person's is not: it has what is the person's. */
static void choose_mesh (struct inos_mesh_config *mesh, bool system)
{
  if (mesh->of_system && system)
    g_warning ("node=system is for a person's node.ini: this is the system's node.");
  else if (mesh->of_system)
    mesh->enabled = false;
}

/* Returns: (transfer full) (nullable): why it ended, where it was not asked to. */
static GError *serve (struct inos_setup *setup)
{
  static const struct inos_tree_events events = {on_ready, on_tree_ended};
  struct node node = {.loop = g_main_loop_new (NULL, FALSE)};
  guint term = g_unix_signal_add (SIGTERM, on_signal, &node);
  guint interrupt = g_unix_signal_add (SIGINT, on_signal, &node);
  struct inos_tree *tree = inos_tree_new (setup, &events, &node, &node.error);

  if (tree) {
    g_main_loop_run (node.loop);
    if (!node.error)
      sd_notify (0, "STOPPING=1");
  }
  inos_tree_free (tree);
  g_source_remove (term);
  g_source_remove (interrupt);
  g_main_loop_unref (node.loop);
  return node.error;
}

static enum status status_of (const GError *error)
{
  if (g_error_matches (error, INOS_NODE_ERROR, INOS_NODE_ERROR_IDENTITY))
    return STATUS_IDENTITY;
  if (g_error_matches (error, INOS_NODE_ERROR, INOS_NODE_ERROR_RUNNING))
    return STATUS_RUNNING;
  return STATUS_FAILED;
}

static enum status run (const struct options *o)
{
  struct inos_setup setup;

  inos_setup_init (&setup);
  setup.state_dir = o->state_dir;
  setup.socket = o->socket;
  setup.socket_mode = o->mode;
  setup.group = o->gid;
  setup.asks_polkit = o->polkit;
  setup.has_terminals = !o->system;
  inos_config_load (o->config, &setup.alerts, &setup.mesh);
  choose_mesh (&setup.mesh, o->system);
  g_autoptr (GError) error = serve (&setup);
  if (error)
    g_printerr ("inos-node: %s\n", error->message);
  inos_setup_finish (&setup);
  return error ? status_of (error) : STATUS_OK;
}

int main (int argc, char **argv)
{
  struct options options = {0};
  enum status status = STATUS_USAGE;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, INOS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  signal (SIGPIPE, SIG_IGN);
  g_set_prgname ("inos-node");

  if (parse (&options, argc, argv)) {
    if (options.version) {
      g_print ("inos-node %s\n", INOS_VERSION);
      status = STATUS_OK;
    } else if (complete (&options)) {
      status = run (&options);
    }
  }
  clear_options (&options);
  return (int)status;
}
