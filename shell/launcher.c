/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "launcher.h"

#include "notify/text.h"

#include <gio/gdesktopappinfo.h>
#include <glib/gi18n.h>
#include <unistd.h>

#define MAX_TEXT 256 /* bytes */
#define MAX_WORDS 64
#define MAX_ACTIONS 32

struct InosLauncher {
  InosHistory *history;
  GAppInfoMonitor *monitor;
  void (*changed) (gpointer data);
  gpointer data;
};

G_DEFINE_QUARK (inos-launcher-error-quark, inos_launcher_error)

static void on_applications_changed (GAppInfoMonitor *monitor, gpointer data)
{
  InosLauncher *self = data;

  self->changed (self->data);
}

InosLauncher *inos_launcher_create (InosHistory *history, void (*changed) (gpointer data),
                                    gpointer data)
{
  InosLauncher *self = g_new0 (InosLauncher, 1);

  *self = (InosLauncher){
    .history = history, .monitor = g_app_info_monitor_get(), .changed = changed, .data = data};
  g_signal_connect (self->monitor, "changed", G_CALLBACK (on_applications_changed), self);
  return self;
}

void inos_launcher_destroy (InosLauncher *self)
{
  if (!self)
    return;
  g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  inos_history_free (self->history);
  g_free (self);
}

/* Entries are anybody's. An id is not for people, and stays what it is. */
static void add_text (JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value ? value : "", -1);
  g_autofree char *text = inos_text_clean (valid, MAX_TEXT, FALSE);

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value ? value : "");
}

static void add_strings (JsonBuilder *builder, const char *name, const char *const *values)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; values && values[i] && i < MAX_WORDS; i++) {
    g_autofree char *text = inos_text_clean (values[i], MAX_TEXT, FALSE);

    json_builder_add_string_value (builder, text);
  }
  json_builder_end_array (builder);
}

static void add_application (JsonBuilder *builder, InosLauncher *self, GDesktopAppInfo *app)
{
  GAppInfo *info = G_APP_INFO (app);
  const char *executable = g_app_info_get_executable (info);
  const char *const *actions = g_desktop_app_info_list_actions (app);
  g_autofree char *program = executable ? g_path_get_basename (executable) : NULL;

  json_builder_begin_object (builder);
  add_string (builder, "id", g_app_info_get_id (info));
  add_text (builder, "name", g_app_info_get_display_name (info));
  add_text (builder, "generic", g_desktop_app_info_get_generic_name (app));
  add_text (builder, "description", g_app_info_get_description (info));
  add_text (builder, "program", program);
  add_strings (builder, "keywords", g_desktop_app_info_get_keywords (app));
  json_builder_set_member_name (builder, "actions");
  json_builder_begin_array (builder);
  for (guint i = 0; actions[i] && i < MAX_ACTIONS; i++) {
    if (!g_utf8_validate (actions[i], -1, NULL))
      continue;
    g_autofree char *name = g_desktop_app_info_get_action_name (app, actions[i]);

    json_builder_begin_object (builder);
    add_string (builder, "id", actions[i]);
    add_text (builder, "name", name);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "recent");
  json_builder_add_int_value (builder, inos_history_rank (self->history, g_app_info_get_id (info)));
  json_builder_end_object (builder);
}

/* What is in the list goes to pages and over the bus, which take UTF-8 alone: the name of a file
 * may be anything else. */
static gboolean is_listed (GAppInfo *info)
{
  const char *id = G_IS_DESKTOP_APP_INFO (info) ? g_app_info_get_id (info) : NULL;

  return id && g_utf8_validate (id, -1, NULL) && g_app_info_should_show (info);
}

JsonNode *inos_launcher_list (InosLauncher *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new();
  GList *applications = g_app_info_get_all();

  json_builder_begin_array (builder);
  for (GList *link = applications; link; link = link->next) {
    GAppInfo *info = link->data;

    if (is_listed (info))
      add_application (builder, self, G_DESKTOP_APP_INFO (info));
  }
  json_builder_end_array (builder);
  g_list_free_full (applications, g_object_unref);
  return json_builder_get_root (builder);
}

/* A session of its own: what ends the shell leaves the program alone. */
static void in_child (gpointer data)
{
  setsid();
}

/* GLib passes a token only to those that ask for startup notification; one is of use to all. */
void inos_launcher_pass_activation_token (GDesktopAppInfo *app, GAppLaunchContext *context)
{
  g_autofree char *token = NULL;

  if (g_desktop_app_info_get_boolean (app, "StartupNotify"))
    return;
  token = g_app_launch_context_get_startup_notify_id (context, G_APP_INFO (app), NULL);
  if (token)
    g_app_launch_context_setenv (context, "XDG_ACTIVATION_TOKEN", token);
}

static gboolean has_action (GDesktopAppInfo *app, const char *action)
{
  return g_strv_contains (g_desktop_app_info_list_actions (app), action);
}

gboolean inos_launcher_launch (InosLauncher *self, const char *id, const char *action,
                               GAppLaunchContext *context, GError **error)
{
  g_autoptr (GDesktopAppInfo) app =
    g_str_has_suffix (id, ".desktop") && !strchr (id, '/') ? g_desktop_app_info_new (id) : NULL;

  if (!app) {
    g_set_error (error, INOS_LAUNCHER_ERROR, 0,
                 _ ("There is no application “%s”, or its program is not installed."), id);
    return FALSE;
  }
  if (action && !has_action (app, action)) {
    g_set_error (error, INOS_LAUNCHER_ERROR, 0, _ ("“%s” cannot do that."),
                 g_app_info_get_display_name (G_APP_INFO (app)));
    return FALSE;
  }
  inos_launcher_clean_environment (context);
  inos_launcher_pass_activation_token (app, context);
  if (action)
    g_desktop_app_info_launch_action (app, action, context);
  else if (!g_desktop_app_info_launch_uris_as_manager (app, NULL, context, G_SPAWN_SEARCH_PATH,
                                                       in_child, NULL, NULL, NULL, error)) {
    g_prefix_error (error, _ ("“%s” could not be started: "),
                    g_app_info_get_display_name (G_APP_INFO (app)));
    return FALSE;
  }
  inos_history_add (self->history, id);
  self->changed (self->data);
  return TRUE;
}

void inos_launcher_clean_environment (GAppLaunchContext *context)
{
  g_auto (GStrv) names = g_listenv();

  for (char **name = names; *name; name++) {
    if (g_str_has_prefix (*name, "INOS_") || g_str_equal (*name, "GIO_USE_POWER_PROFILE_MONITOR") ||
        g_str_equal (*name, "NOTIFY_SOCKET") || g_str_equal (*name, "WAYLAND_SOCKET") ||
        g_str_equal (*name, "WATCHDOG_USEC") || g_str_equal (*name, "WATCHDOG_PID"))
      g_app_launch_context_unsetenv (context, *name);
  }
}
