/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "welcome.h"

#include "../message.h"
#include "app_commands.h"
#include "app_window.h"
#include "settings_config.h"
#include "settings_desk.h"
#include "settings_look.h"
#include "settings_machine.h"
#include "settings_mesh.h"
#include "settings_session.h"

#include <glib/gi18n.h>

#define NAME "org.inos.Welcome"
#define WELCOME_PATH "/org/inos/Welcome"
#define PATIENCE 20000 /* ms: the bus starts it */

/* What a window has. */
typedef struct {
  InosAppWindow *window;
  InosUndos *undos; /* which nobody asks for: one chooses again */
  InosSettingsDesk *desk;
  InosLook *look;
  InosMeshNews *mesh;
} Part;

static Part *part_of (gpointer context)
{
  return inos_app_window_get_part (context);
}

static GDBusConnection *bus_of (Part *part)
{
  return inos_app_get_bus (inos_app_window_get_app (part->window));
}

static void run_config_change (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);
  g_autoptr (GError) error = NULL;
  GVariant *settings = inos_settings_take (args, &error);

  if (settings)
    inos_settings_change (settings, bus_of (part), part->undos, reply);
  else
    inos_reply_fail (reply, "%s", error->message);
}

static void run_layouts_list (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_reply_ok (reply, inos_layouts_list());
}

static void run_look_set (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);

  inos_look_set (part->look, args, part->undos, reply);
}

/* A command that is a question to the node. */
#define MESH(function, which)                                                                      \
  static void function (gpointer context, JsonObject *args, InosReply *reply)                      \
  {                                                                                                \
    inos_mesh_settings_ask (bus_of (part_of (context)), which, args, reply);                       \
  }

MESH (ask_connect, "connect")
MESH (ask_invite, "invite")
MESH (ask_join, "join")
MESH (ask_roll, "roll")

static void run_session_language (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);

  inos_session_settings_set_language (bus_of (part), args, part->undos, reply);
}

static void run_session_read (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_session_settings_read (bus_of (part_of (context)), reply);
}

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
  {"config.change", "config.write", run_config_change},
  {"hello", "page", inos_app_run_hello},
  {"layouts.list", "page", run_layouts_list},
  {"look.set", "look.configure", run_look_set},
  {"peer.connect", "node.mesh.control", ask_connect},
  {"peer.invite", "node.mesh.control", ask_invite},
  {"peer.join", "node.mesh.control", ask_join},
  {"peer.roll", "node.mesh", ask_roll},
  {"ready", "page", run_ready},
  {"session.language", "session.language", run_session_language},
  {"session.read", "page", run_session_read},
  {"window.close", "page", inos_app_run_window_close},
};
static const InosCommandTable table = {commands, G_N_ELEMENTS (commands)};

static void send (Part *part, const char *name, JsonNode *state)
{
  inos_page_send (inos_app_window_get_page (part->window), name, state);
}

static void on_desk (JsonNode *state, gpointer data)
{
  send (data, "desk", state);
}

static void on_look (JsonNode *state, gpointer data)
{
  send (data, "look", state);
}

static void on_mesh (JsonNode *serial, gpointer data)
{
  send (data, "meshNews", serial);
}

static gpointer create (InosAppWindow *window, GFile *file)
{
  Part *part = g_new0 (Part, 1);

  part->window = window;
  part->undos = inos_undos_new();
  part->desk = inos_settings_desk_create (bus_of (part), on_desk, part);
  part->look = inos_look_create (on_look, part);
  part->mesh = inos_mesh_news_create (bus_of (part), on_mesh, part);
  return part;
}

static void destroy (gpointer data)
{
  Part *part = data;

  inos_mesh_news_destroy (part->mesh);
  inos_look_destroy (part->look);
  inos_settings_desk_destroy (part->desk);
  inos_undos_unref (part->undos);
  g_free (part);
}

static void greet (gpointer data, JsonObject *greeting)
{
  Part *part = data;
  JsonNode *desk = inos_settings_desk_get_state (part->desk);

  if (desk)
    json_object_set_member (greeting, "desk", desk);
  json_object_set_member (greeting, "look", inos_look_describe (part->look));
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
