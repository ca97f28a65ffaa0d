/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "settings.h"

#include "../message.h"
#include "app_commands.h"
#include "choices.h"
#include "settings_calls.h"
#include "settings_config.h"
#include "settings_defaults.h"
#include "settings_keys.h"
#include "settings_machine.h"
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
  InosChoices choices;
  InosDisplays *displays;
  InosKeys *keys;
  InosPermits *permits;
  InosUsers *users;
} Part;

static Part *part_of (gpointer context)
{
  return inos_app_window_get_part (context);
}

static GDBusConnection *bus_of (Part *part)
{
  return inos_choices_get_bus (&part->choices);
}

static void run_apps_list (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_reply_ok (reply, inos_defaults_list());
}

static void run_apps_set (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_defaults_set (args, part_of (context)->choices.undos, reply);
}

static void run_binding_set (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);
  g_autoptr (GVariant) bindings = inos_settings_desk_get_bindings (part->choices.desk);
  g_autoptr (GVariant) actions = inos_settings_desk_get_actions (part->choices.desk);
  g_autoptr (GError) error = NULL;
  GVariant *settings = inos_binding_take (args, bindings, actions, &error);

  if (settings)
    inos_settings_change (settings, bus_of (part), part->choices.undos, reply);
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

static void run_machine_read (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_reply_ok (reply, inos_machine_describe());
}

/* Notifications */

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
  g_autoptr (GVariant) notes = inos_settings_desk_get_notes (part->choices.desk);
  g_autoptr (InosCalls) calls = inos_calls_new (bus_of (part));
  const char *name;
  GVariant *value = take_note (args, &name);
  g_autoptr (GVariant) wanted = value ? g_variant_ref_sink (value) : NULL;
  g_autoptr (GVariant) now =
    wanted && notes ? g_variant_lookup_value (notes, name, g_variant_get_type (wanted)) : NULL;
  g_autoptr (InosCalls) back = inos_calls_new (bus_of (part));

  if (!wanted || !now) {
    inos_reply_fail (reply, "%s",
                     wanted ? _ ("The desktop’s shell is not there. Nothing has changed.")
                            : "that is no setting of notifications");
    return;
  }
  add_note (calls, name, wanted);
  add_note (back, name, now);
  inos_calls_run_change (calls, back, part->choices.undos, reply);
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

  inos_permits_revoke (part->permits, args, part->choices.undos, reply);
}

/* The mesh */

INOS_CHOICES_ASK (ask_access, "access")
INOS_CHOICES_ASK (ask_connect, "connect")
INOS_CHOICES_ASK (ask_decide, "decide")
INOS_CHOICES_ASK (ask_invite, "invite")
INOS_CHOICES_ASK (ask_join, "join")
INOS_CHOICES_ASK (ask_leave, "leave")
INOS_CHOICES_ASK (ask_offers, "offers")
INOS_CHOICES_ASK (ask_requests, "requests")
INOS_CHOICES_ASK (ask_revoke, "revoke")
INOS_CHOICES_ASK (ask_roll, "roll")
INOS_CHOICES_ASK (ask_states, "states")
INOS_CHOICES_ASK (ask_status, "status")
INOS_CHOICES_ASK (ask_withdraw, "withdraw")

static void run_mesh_save (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);

  inos_mesh_settings_save (bus_of (part), args, part->choices.undos, reply);
}

/* People, and what counts from the next log-in */

static void run_session_when (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);

  inos_session_settings_set_when (bus_of (part), args, part->choices.undos, reply);
}

static void run_users_name (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);

  inos_users_set_name (part->users, args, part->choices.undos, reply);
}

static void run_users_password (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_users_set_password (args, reply);
}

static void run_users_picture (gpointer context, JsonObject *args, InosReply *reply)
{
  Part *part = part_of (context);

  inos_users_set_picture (part->users, args, part->choices.undos, reply);
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
    inos_undos_run (part_of (context)->choices.undos, serial, reply);
  else
    inos_reply_fail (reply, "%s", error->message);
}

static const InosCommand commands[] = {
  {"apps.list", "apps.defaults", run_apps_list},
  {"apps.set", "apps.defaults", run_apps_set},
  {"binding.set", "config.write", run_binding_set},
  {"clipboard.write", "clipboard", inos_app_run_clipboard_write},
  {"config.change", "config.write", inos_choices_run_config_change},
  {"hello", "page", inos_app_run_hello},
  {"keys.listen", "input.listen", run_keys_listen},
  {"keys.stop", "input.listen", run_keys_stop},
  {"layouts.list", "page", inos_choices_run_layouts_list},
  {"look.set", "look.configure", inos_choices_run_look_set},
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
  {"session.language", "session.language", inos_choices_run_session_language},
  {"session.read", "page", inos_choices_run_session_read},
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

static void on_trial (JsonNode *state, gpointer data)
{
  inos_choices_send (data, "trial", state);
}

static void on_permits (JsonNode *state, gpointer data)
{
  inos_choices_send (data, "permitNews", state);
}

static gpointer create (InosAppWindow *window, GFile *file)
{
  Part *part = g_new0 (Part, 1);

  inos_choices_init (&part->choices, window);
  part->displays =
    inos_displays_create (bus_of (part), part->choices.desk, part->choices.undos, on_trial, part);
  part->keys = inos_keys_create (inos_app_window_get_window (window));
  part->permits = inos_permits_create (bus_of (part), on_permits, part);
  part->users = inos_users_create (inos_app_get_thumbs (inos_app_window_get_app (window)),
                                   inos_app_window_get_window (window));
  return part;
}

static void destroy (gpointer data)
{
  Part *part = data;

  inos_users_destroy (part->users);
  inos_permits_destroy (part->permits);
  inos_keys_destroy (part->keys);
  inos_displays_destroy (part->displays);
  inos_choices_finish (&part->choices);
  g_free (part);
}

static void greet (gpointer data, JsonObject *greeting)
{
  Part *part = data;

  inos_choices_greet (&part->choices, greeting);
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
