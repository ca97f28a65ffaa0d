/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "welcome.h"

#include "../message.h"
#include "app_commands.h"
#include "choices.h"

#include <glib/gi18n.h>

#define NAME "org.inos.Welcome"
#define WELCOME_PATH "/org/inos/Welcome"
#define PATIENCE 20000 /* ms: the bus starts it */

INOS_CHOICES_ASK (ask_connect, "connect")
INOS_CHOICES_ASK (ask_invite, "invite")
INOS_CHOICES_ASK (ask_join, "join")
INOS_CHOICES_ASK (ask_roll, "roll")

/* It is seen: whoever closes it at once has seen it too. */
static void run_ready (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autofree char *path = g_build_filename (g_get_user_state_dir(), "inos", "welcomed", NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  if (!g_file_set_contents (path, "", 0, &error))
    g_warning ("the welcome will be shown again: %s", error->message);
  inos_app_run_ready (context, args, reply);
}

static const InosCommand commands[] = {
  {"clipboard.write", "clipboard", inos_app_run_clipboard_write},
  {"config.change", "config.write", inos_choices_run_config_change},
  {"hello", "page", inos_app_run_hello},
  {"layouts.list", "page", inos_choices_run_layouts_list},
  {"look.set", "look.configure", inos_choices_run_look_set},
  {"peer.connect", "node.mesh.control", ask_connect},
  {"peer.invite", "node.mesh.control", ask_invite},
  {"peer.join", "node.mesh.control", ask_join},
  {"peer.roll", "node.mesh", ask_roll},
  {"ready", "page", run_ready},
  {"session.language", "session.language", inos_choices_run_session_language},
  {"session.read", "page", inos_choices_run_session_read},
  {"window.close", "page", inos_app_run_window_close},
};
static const InosCommandTable table = {commands, G_N_ELEMENTS (commands)};

/* Its ways back are there for nothing: one chooses again. */
static gpointer create (InosAppWindow *window, GFile *file)
{
  InosChoices *choices = g_new0 (InosChoices, 1);

  inos_choices_init (choices, window);
  return choices;
}

static void destroy (gpointer data)
{
  inos_choices_finish (data);
  g_free (data);
}

static void greet (gpointer data, JsonObject *greeting)
{
  inos_choices_greet (data, greeting);
}

static void lost (gpointer data)
{
}

const InosAppKind inos_welcome_app = {
  .id = NAME,
  .path = WELCOME_PATH,
  .page = "welcome",
  .title = N_ ("Welcome"),
  .width = 760,
  .height = 640,
  .commands = &table,
  .single = TRUE,
  .create = create,
  .destroy = destroy,
  .greet = greet,
  .lost = lost,
};

/* For Settings */

static void on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply) {
    inos_reply_ok (data, NULL);
    return;
  }
  g_dbus_error_strip_remote_error (error);
  inos_reply_fail (data, _ ("The welcome does not open: %s"), error->message);
}

void inos_welcome_open (GDBusConnection *bus, InosReply *reply)
{
  g_dbus_connection_call (bus, NAME, WELCOME_PATH, "org.freedesktop.Application", "Activate",
                          g_variant_new ("(a{sv})", NULL), NULL, G_DBUS_CALL_FLAGS_NONE, PATIENCE,
                          NULL, on_opened, reply);
}
