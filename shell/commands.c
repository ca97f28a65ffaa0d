/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "commands.h"

#include "arena.h"
#include "clipboard/clipboard_commands.h"
#include "keyboard/keyboard_commands.h"
#include "media/media_commands.h"
#include "message.h"
#include "notify/notify_commands.h"
#include "permit/prompt_commands.h"
#include "polkit/authentication_commands.h"
#include "quick/quick_commands.h"
#include "shortcuts.h"
#include "tray/tray_commands.h"

#include <glib/gi18n.h>

#define MAX_ID_LENGTH 255
#define MAX_WORKSPACES 255
#define MAX_HEIGHT 4096

static void run_app_launch (gpointer data, JsonObject *args, InosReply *reply)
{
  const InosCommandContext *context = data;
  g_autoptr (GError) error = NULL;
  const char *id = inos_args_get_string (args, "id", MAX_ID_LENGTH, &error);
  const char *action = NULL;
  gboolean ok = id != NULL;

  if (ok && json_object_has_member (args, "action")) {
    action = inos_args_get_string (args, "action", MAX_ID_LENGTH, &error);
    ok = action != NULL;
  }
  ok = ok && inos_application_launch (context->application, id, action, &error);
  inos_command_finish (reply, ok, error);
}

static void run_arena_open (gpointer data, JsonObject *args, InosReply *reply)
{
  const InosCommandContext *context = data;

  inos_arena_open (inos_application_get_node (context->application),
                   inos_surface_get_view (context->surface), reply);
}

static void run_hello (gpointer data, JsonObject *args, InosReply *reply)
{
  const InosCommandContext *context = data;
  inos_reply_ok (reply, inos_application_greet (context->application, context->surface));
}

static void run_overlay_close (gpointer data, JsonObject *args, InosReply *reply)
{
  const InosCommandContext *context = data;
  inos_application_set_overlay (context->application, "", NULL);
  inos_reply_ok (reply, NULL);
}

static void run_overlay_fit (gpointer data, JsonObject *args, InosReply *reply)
{
  const InosCommandContext *context = data;
  guint height;

  if (!inos_command_take (args, "height", MAX_HEIGHT, &height, reply))
    return;
  inos_application_fit_overlay (context->application, height);
  inos_reply_ok (reply, NULL);
}

static void run_overlay_painted (gpointer data, JsonObject *args, InosReply *reply)
{
  const InosCommandContext *context = data;
  guint serial;

  if (!inos_command_take (args, "serial", G_MAXUINT, &serial, reply))
    return;
  inos_application_overlay_painted (context->application, serial);
  inos_reply_ok (reply, NULL);
}

static void run_overlay_toggle (gpointer data, JsonObject *args, InosReply *reply)
{
  const InosCommandContext *context = data;
  g_autoptr (GError) error = NULL;
  const char *overlay = inos_args_get_string (args, "overlay", MAX_ID_LENGTH, &error);
  gboolean ok = overlay && inos_application_toggle_overlay (context->application, overlay, &error);

  inos_command_finish (reply, ok, error);
}

static void run_overview_toggle (gpointer data, JsonObject *args, InosReply *reply)
{
  const InosCommandContext *context = data;
  inos_compositor_client_run (inos_application_get_compositor (context->application), "overview",
                              reply);
}

static void run_overview_typed (gpointer data, JsonObject *args, InosReply *reply)
{
  const InosCommandContext *context = data;
  inos_compositor_client_take_typed (inos_application_get_compositor (context->application), reply);
}

static void run_panel_report (gpointer data, JsonObject *args, InosReply *reply)
{
  const InosCommandContext *context = data;
  g_autoptr (GError) error = NULL;
  InosPanelFigures figures;
  gboolean ok = inos_args_get_double (args, "cpu", 0, 100, &figures.cpu, &error) &&
                inos_args_get_double (args, "memory", 0, 100, &figures.memory, &error) &&
                inos_args_get_boolean (args, "connected", &figures.connected, &error);

  if (ok)
    inos_application_set_figures (context->application, &figures);
  inos_command_finish (reply, ok, error);
}

static void run_power_do (gpointer data, JsonObject *args, InosReply *reply)
{
  const InosCommandContext *context = data;
  g_autoptr (GError) error = NULL;
  const char *action = inos_args_get_string (args, "action", MAX_ID_LENGTH, &error);

  if (!action)
    inos_reply_fail (reply, "%s", error->message);
  else if (g_str_equal (action, "lock"))
    inos_compositor_client_lock (inos_application_get_compositor (context->application), reply);
  else if (g_str_equal (action, "logout"))
    inos_session_client_logout (inos_application_get_session (context->application), reply);
  else
    inos_power_do (inos_application_get_power (context->application), action,
                   json_object_get_boolean_member_with_default (args, "heedless", FALSE), reply);
}

static void run_power_list (gpointer data, JsonObject *args, InosReply *reply)
{
  const InosCommandContext *context = data;
  InosBusClient *compositor = inos_application_get_compositor (context->application);
  InosBusClient *session = inos_application_get_session (context->application);

  inos_power_list (inos_application_get_power (context->application),
                   inos_bus_client_get_proxy (compositor) != NULL,
                   inos_bus_client_get_proxy (session) != NULL, reply);
}

static void run_ready (gpointer data, JsonObject *args, InosReply *reply)
{
  const InosCommandContext *context = data;
  inos_application_page_ready (context->application, context->surface);
  inos_reply_ok (reply, NULL);
}

static void run_workspace_switch (gpointer data, JsonObject *args, InosReply *reply)
{
  const InosCommandContext *context = data;
  guint index;

  if (inos_command_take (args, "index", MAX_WORKSPACES, &index, reply))
    inos_compositor_client_switch_workspace (inos_application_get_compositor (context->application),
                                             index, reply);
}

static const InosCommand commands[] = {
  {"app.launch", "app.launch", run_app_launch},
  {"arena.open", "shell.arena", run_arena_open},
  {"authentication.answer", "shell.authentication", inos_authentication_run_answer},
  {"authentication.cancel", "shell.authentication", inos_authentication_run_cancel},
  {"authentication.choose", "shell.authentication", inos_authentication_run_choose},
  {"authentication.fit", "page", inos_authentication_run_fit},
  {"authentication.painted", "page", inos_authentication_run_painted},
  {"clipboard.choose", "clipboard.history", inos_clipboard_run_choose},
  {"clipboard.clear", "clipboard.history", inos_clipboard_run_clear},
  {"clipboard.keep", "clipboard.history", inos_clipboard_run_keep},
  {"clipboard.remove", "clipboard.history", inos_clipboard_run_remove},
  {"clipboard.switch", "clipboard.history", inos_clipboard_run_switch},
  {"clipboard.undo", "clipboard.history", inos_clipboard_run_undo},
  {"hello", "page", run_hello},
  {"keyboard.hide", "shell.keyboard", inos_keyboard_run_hide},
  {"keyboard.layout", "shell.keyboard", inos_keyboard_run_layout},
  {"keyboard.painted", "page", inos_keyboard_run_painted},
  {"keyboard.press", "shell.keyboard", inos_keyboard_run_press},
  {"keyboard.release", "shell.keyboard", inos_keyboard_run_release},
  {"keyboard.toggle", "shell.keyboard", inos_keyboard_run_toggle},
  {"keyboard.write", "shell.keyboard", inos_keyboard_run_write},
  {"media.do", "media.control", inos_media_run_do},
  {"media.seek", "media.control", inos_media_run_seek},
  {"notes.act", "notification.control", inos_notify_run_act},
  {"notes.clear", "notification.control", inos_notify_run_clear},
  {"notes.dismiss", "notification.control", inos_notify_run_dismiss},
  {"notes.link", "notification.control", inos_notify_run_link},
  {"notes.mute", "notification.control", inos_notify_run_mute},
  {"notes.quiet", "notification.control", inos_notify_run_quiet},
  {"notes.reply", "notification.control", inos_notify_run_reply},
  {"notes.undo", "notification.control", inos_notify_run_undo},
  {"overlay.close", "shell.overlay", run_overlay_close},
  {"overlay.fit", "page", run_overlay_fit},
  {"overlay.painted", "page", run_overlay_painted},
  {"overlay.toggle", "shell.overlay", run_overlay_toggle},
  {"overview.toggle", "shell.overlay", run_overview_toggle},
  {"overview.typed", "shell.overlay", run_overview_typed},
  {"panel.report", "page", run_panel_report},
  {"popups.busy", "page", inos_notify_run_busy},
  {"popups.fit", "page", inos_notify_run_fit},
  {"popups.keyboard", "page", inos_notify_run_keyboard},
  {"popups.painted", "page", inos_notify_run_painted},
  {"power.do", "session.end", run_power_do},
  {"power.list", "session.end", run_power_list},
  {"prompt.answer", "shell.permissions", inos_prompt_run_answer},
  {"prompt.fit", "page", inos_prompt_run_fit},
  {"prompt.painted", "page", inos_prompt_run_painted},
  {"quick.bluetooth", "bluetooth.control", inos_quick_run_bluetooth},
  {"quick.brightness", "brightness.control", inos_quick_run_brightness},
  {"quick.connect", "network.control", inos_quick_run_connect},
  {"quick.dark", "appearance.control", inos_quick_run_dark},
  {"quick.device", "bluetooth.control", inos_quick_run_device},
  {"quick.disconnect", "network.control", inos_quick_run_disconnect},
  {"quick.keyboard", "shell.keyboard", inos_keyboard_run_switch},
  {"quick.loudness", "audio.control", inos_quick_run_loudness},
  {"quick.mute", "audio.control", inos_quick_run_mute},
  {"quick.night", "output.configure", inos_quick_run_night},
  {"quick.profile", "power.configure", inos_quick_run_profile},
  {"quick.quieten", "audio.control", inos_quick_run_quieten},
  {"quick.scan", "network.control", inos_quick_run_scan},
  {"quick.sound", "audio.control", inos_quick_run_sound},
  {"quick.volume", "audio.control", inos_quick_run_volume},
  {"quick.wifi", "network.control", inos_quick_run_wifi},
  {"ready", "page", run_ready},
  {"shortcuts.list", "input.read", inos_shortcuts_run_list},
  {"tray.choose", "tray.control", inos_tray_run_choose},
  {"tray.do", "tray.control", inos_tray_run_do},
  {"tray.open", "tray.control", inos_tray_run_open},
  {"tray.scroll", "tray.control", inos_tray_run_scroll},
  {"workspace.switch", "workspace.switch", run_workspace_switch},
};

const InosCommandTable inos_commands = {commands, G_N_ELEMENTS (commands)};
