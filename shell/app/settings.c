/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "settings.h"

#include "../message.h"
#include "app_commands.h"
#include "app_window.h"
#include "settings_calls.h"
#include "settings_config.h"
#include "settings_defaults.h"
#include "settings_desk.h"
#include "settings_keys.h"
#include "settings_look.h"
#include "settings_machine.h"
#include "settings_mesh.h"
#include "settings_output.h"
#include "settings_permits.h"
#include "settings_session.h"
#include "settings_users.h"
#include "welcome.h"

#include <glib/gi18n.h>

#define SHELL_NAME "org.inos.Shell1"
#define SHELL_PATH "/org/inos/Shell1"
#define NOTES "org.inos.Shell1.Notifications"
#define PROPERTIES "org.freedesktop.DBus.Properties"
#define NAME_MAX_BYTES 255
#define MUTED_MOST 256

/* What a window has. */
typedef struct {
  InosAppWindow *window;
  InosUndos *undos;
  InosSettingsDesk *desk;
  InosDisplays *displays;
  InosLook *look;
  InosKeys *keys;
  InosPermits *permits;
  InosMeshNews *mesh;
  InosUsers *users;
} Part;

static Part *part_of (gpointer context)
{
  return inos_app_window_get_part (context);
}

static GDBusConnection *bus_of (Part *part)
{
  return inos_app_get_bus (inos_app_window_get_app (part->window));
}

static void run_apps_list (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_reply_ok (reply, inos_defaults_list());
}

static void run_apps_set (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_defaults_set (args, part_of (context)->undos, reply);
}

static void run_binding_set (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);
  g_autoptr (GVariant) bindings = inos_settings_desk_get_bindings (part->desk);
  g_autoptr (GVariant) actions = inos_settings_desk_get_actions (part->desk);
  g_autoptr (GError) error = NULL;
  GVariant *settings = inos_binding_take (args, bindings, actions, &error);

  if (settings)
    inos_settings_change (settings, bus_of (part), part->undos, reply);
  else
    inos_reply_fail (reply, "%s", error->message);
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

static void run_keys_listen (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_keys_listen (part_of (context)->keys, reply);
}

static void run_keys_stop (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_keys_stop (part_of (context)->keys);
  inos_reply_ok (reply, NULL);
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

static void run_machine_read (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_reply_ok (reply, inos_machine_describe());
}

/* Notifications */

typedef struct {
  InosUndos *undos;
  InosCalls *back;
  InosReply *reply;
} NoteChange;

static void on_note_set (guint n_done, GVariant *last, const GError *error, gpointer data)
{
  g_autofree NoteChange *change = data;
  g_autoptr (InosUndos) undos = change->undos;
  g_autoptr (InosCalls) back = change->back;

  if (error)
    inos_calls_fail (error, change->reply);
  else
    inos_undos_answer (undos, inos_calls_run_undo, inos_calls_ref (back),
                       (GDestroyNotify)inos_calls_unref, change->reply);
}

static GVariant *take_muted (JsonNode *node)
{
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint length = array ? json_array_get_length (array) : 0;
  GVariantBuilder names;

  if (!array || length > MUTED_MOST)
    return NULL;
  g_variant_builder_init (&names, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < length; i++) {
    JsonNode *each = json_array_get_element (array, i);

    if (!JSON_NODE_HOLDS_VALUE (each) || json_node_get_value_type (each) != G_TYPE_STRING) {
      g_variant_builder_clear (&names);
      return NULL;
    }
    g_variant_builder_add (&names, "s", json_node_get_string (each));
  }
  return g_variant_builder_end (&names);
}

/* {"DoNotDisturb" or "QuietInFullScreen": boolean} or {"Muted": [name]}; NULL for anything else. */
static GVariant *take_note (JsonObject *args, const char **name)
{
  static const char *const flags[] = {"DoNotDisturb", "QuietInFullScreen"};
  gboolean truth;

  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    if (inos_args_get_boolean (args, flags[i], &truth, NULL)) {
      *name = flags[i];
      return g_variant_new_boolean (truth);
    }
  *name = "Muted";
  return take_muted (json_object_get_member (args, "Muted"));
}

static void add_note (InosCalls *calls, const char *name, GVariant *value)
{
  inos_calls_add_to (calls, SHELL_NAME, SHELL_PATH, PROPERTIES, "Set",
                     g_variant_new ("(ssv)", NOTES, name, value));
}

static void run_notes_set (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);
  g_autoptr (GVariant) notes = inos_settings_desk_get_notes (part->desk);
  g_autoptr (InosCalls) calls = inos_calls_new (bus_of (part));
  const char *name;
  GVariant *value = take_note (args, &name);
  g_autoptr (GVariant) wanted = value ? g_variant_ref_sink (value) : NULL;
  g_autoptr (GVariant) now =
    wanted && notes ? g_variant_lookup_value (notes, name, g_variant_get_type (wanted)) : NULL;
  NoteChange *change;

  if (!wanted || !now) {
    inos_reply_fail (reply, "%s",
                     wanted ? _ ("The desktop’s shell is not there. Nothing has changed.")
                            : "that is no setting of notifications");
    return;
  }
  change = g_new0 (NoteChange, 1);
  *change = (NoteChange){inos_undos_ref (part->undos), inos_calls_new (bus_of (part)), reply};
  add_note (calls, name, wanted);
  add_note (change->back, name, now);
  inos_calls_run (calls, 1, on_note_set, change);
}

/* Displays, and ways back */

static void run_output_keep (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_displays_end_trial (part_of (context)->displays, TRUE, reply);
}

static void run_output_revert (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_displays_end_trial (part_of (context)->displays, FALSE, reply);
}

static void run_output_set (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_displays_set (part_of (context)->displays, args, reply);
}

static void run_permits_read (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_permits_read (part_of (context)->permits, reply);
}

static void run_permits_revoke (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);

  inos_permits_revoke (part->permits, args, part->undos, reply);
}

/* The mesh */

/* A command that is a question to the node. */
#define MESH(function, which)                                                                      \
  static void function (gpointer context, JsonObject *args, InosReply *reply)                      \
  {                                                                                                \
    inos_mesh_settings_ask (bus_of (part_of (context)), which, args, reply);                       \
  }

MESH (ask_access, "access")
MESH (ask_connect, "connect")
MESH (ask_decide, "decide")
MESH (ask_invite, "invite")
MESH (ask_join, "join")
MESH (ask_leave, "leave")
MESH (ask_offers, "offers")
MESH (ask_requests, "requests")
MESH (ask_revoke, "revoke")
MESH (ask_roll, "roll")
MESH (ask_states, "states")
MESH (ask_status, "status")
MESH (ask_withdraw, "withdraw")

static void run_mesh_save (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);

  inos_mesh_settings_save (bus_of (part), args, part->undos, reply);
}

/* People, and what counts from the next log-in */

static void run_session_language (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);

  inos_session_settings_set_language (bus_of (part), args, part->undos, reply);
}

static void run_session_read (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_session_settings_read (bus_of (part_of (context)), reply);
}

static void run_session_when (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);

  inos_session_settings_set_when (bus_of (part), args, part->undos, reply);
}

static void run_users_name (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);

  inos_users_set_name (part->users, args, part->undos, reply);
}

static void run_users_password (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_users_set_password (args, reply);
}

static void run_users_picture (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);

  inos_users_set_picture (part->users, args, part->undos, reply);
}

static void run_users_read (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_users_read (part_of (context)->users, reply);
}

static void run_welcome_open (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_welcome_open (bus_of (part_of (context)), reply);
}

static void run_undo (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint serial;

  if (inos_args_get_uint (args, "undo", G_MAXUINT, &serial, &error))
    inos_undos_run (part_of (context)->undos, serial, reply);
  else
    inos_reply_fail (reply, "%s", error->message);
}

static const InosCommand commands[] = {
  {"apps.list", "apps.defaults", run_apps_list},
  {"apps.set", "apps.defaults", run_apps_set},
  {"binding.set", "config.write", run_binding_set},
  {"clipboard.write", "clipboard", inos_app_run_clipboard_write},
  {"config.change", "config.write", run_config_change},
  {"hello", "page", inos_app_run_hello},
  {"keys.listen", "input.listen", run_keys_listen},
  {"keys.stop", "input.listen", run_keys_stop},
  {"layouts.list", "page", run_layouts_list},
  {"look.set", "look.configure", run_look_set},
  {"machine.read", "page", run_machine_read},
  {"mesh.save", "node.mesh.control", run_mesh_save},
  {"notes.set", "notification.control", run_notes_set},
  {"output.keep", "output.configure", run_output_keep},
  {"output.revert", "output.configure", run_output_revert},
  {"output.set", "output.configure", run_output_set},
  {"peer.access", "node.mesh", ask_access},
  {"peer.connect", "node.mesh.control", ask_connect},
  {"peer.decide", "node.mesh.control", ask_decide},
  {"peer.invite", "node.mesh.control", ask_invite},
  {"peer.join", "node.mesh.control", ask_join},
  {"peer.leave", "node.mesh.control", ask_leave},
  {"peer.requests", "node.mesh", ask_requests},
  {"peer.revoke", "node.mesh.control", ask_revoke},
  {"peer.roll", "node.mesh", ask_roll},
  {"peer.states", "node.mesh", ask_states},
  {"peer.status", "node.mesh", ask_status},
  {"permits.read", "permissions.read", run_permits_read},
  {"permits.revoke", "permissions.control", run_permits_revoke},
  {"ready", "page", inos_app_run_ready},
  {"service.offers", "node.mesh", ask_offers},
  {"service.withdraw", "node.mesh.control", ask_withdraw},
  {"session.language", "session.language", run_session_language},
  {"session.read", "page", run_session_read},
  {"session.when", "session.restore", run_session_when},
  {"settings.set", "app.settings", inos_app_run_settings_set},
  {"undo", "config.write", run_undo},
  {"users.name", "users.own", run_users_name},
  {"users.password", "users.own", run_users_password},
  {"users.picture", "users.own", run_users_picture},
  {"users.read", "page", run_users_read},
  {"welcome.open", "page", run_welcome_open},
  {"window.close", "page", inos_app_run_window_close},
  {"window.fullscreen", "page", inos_app_run_window_fullscreen},
};
static const InosCommandTable table = {commands, G_N_ELEMENTS (commands)};

/* What the page is told */

static void send (Part *part, const char *name, JsonNode *state)
{
  inos_page_send (inos_app_window_get_page (part->window), name, state);
}

static void on_desk (JsonNode *state, gpointer data)
{
  send (data, "desk", state);
}

static void on_trial (JsonNode *state, gpointer data)
{
  send (data, "trial", state);
}

static void on_look (JsonNode *state, gpointer data)
{
  send (data, "look", state);
}

static void on_mesh (JsonNode *serial, gpointer data)
{
  send (data, "meshNews", serial);
}

static void on_permits (JsonNode *state, gpointer data)
{
  send (data, "permitNews", state);
}

static gpointer create (InosAppWindow *window, GFile *file)
{
  Part *part = g_new0 (Part, 1);

  part->window = window;
  part->undos = inos_undos_new();
  part->desk = inos_settings_desk_create (bus_of (part), on_desk, part);
  part->displays = inos_displays_create (bus_of (part), part->desk, part->undos, on_trial, part);
  part->look = inos_look_create (on_look, part);
  part->keys = inos_keys_create (inos_app_window_get_window (window));
  part->permits = inos_permits_create (bus_of (part), on_permits, part);
  part->mesh = inos_mesh_news_create (bus_of (part), on_mesh, part);
  part->users = inos_users_create (inos_app_get_thumbs (inos_app_window_get_app (window)),
                                   inos_app_window_get_window (window));
  return part;
}

static void destroy (gpointer data)
{
  Part *part = data;

  inos_users_destroy (part->users);
  inos_mesh_news_destroy (part->mesh);
  inos_permits_destroy (part->permits);
  inos_keys_destroy (part->keys);
  inos_look_destroy (part->look);
  inos_displays_destroy (part->displays);
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
  json_object_set_member (greeting, "trial", inos_displays_describe_trial (part->displays));
}

/* The page that listened is not there any more. */
static void lost (gpointer data)
{
  inos_keys_stop (((Part *)data)->keys);
}

static const char *const places[] = {
  "displays", "keyboard", "pointer", "appearance", "accessibility", "power", "notifications",
  "privacy",  "mesh",     "users",   "language",   "defaults",      "about", NULL};

const InosAppKind inos_settings_app = {
  .id = "org.inos.Settings",
  .path = "/org/inos/Settings",
  .page = "settings",
  .title = N_ ("Settings"),
  .width = 980,
  .height = 680,
  .commands = &table,
  .single = TRUE,
  .places = places,
  .create = create,
  .destroy = destroy,
  .greet = greet,
  .lost = lost,
};
