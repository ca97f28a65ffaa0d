/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "commands.h"

#include "arena.h"
#include "message.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ID_LENGTH 255
#define MAX_WORKSPACES 255
#define MAX_HEIGHT 4096

static void finish (InosReply *reply, gboolean ok, GError *error)
{
  if (ok)
    inos_reply_ok (reply, NULL);
  else
    inos_reply_fail (reply, "%s", error->message);
}

static void run_app_launch (const InosCommandContext *context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *id = inos_args_get_string (args, "id", MAX_ID_LENGTH, &error);
  const char *action = NULL;
  gboolean ok = id != NULL;

  if (ok && json_object_has_member (args, "action")) {
    action = inos_args_get_string (args, "action", MAX_ID_LENGTH, &error);
    ok = action != NULL;
  }
  ok = ok && inos_application_launch (context->application, id, action, &error);
  finish (reply, ok, error);
}

static void run_arena_open (const InosCommandContext *context, JsonObject *args, InosReply *reply)
{
  inos_arena_open (inos_application_get_node (context->application),
                   inos_surface_get_view (context->surface), reply);
}

static void run_hello (const InosCommandContext *context, JsonObject *args, InosReply *reply)
{
  inos_reply_ok (reply, inos_application_greet (context->application, context->surface));
}

static void run_overlay_close (const InosCommandContext *context, JsonObject *args,
                               InosReply *reply)
{
  inos_application_set_overlay (context->application, "", NULL);
  inos_reply_ok (reply, NULL);
}

static void run_overlay_fit (const InosCommandContext *context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint height;
  gboolean ok = inos_args_get_uint (args, "height", MAX_HEIGHT, &height, &error);

  if (ok)
    inos_application_fit_overlay (context->application, height);
  finish (reply, ok, error);
}

static void run_overlay_painted (const InosCommandContext *context, JsonObject *args,
                                 InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint serial;
  gboolean ok = inos_args_get_uint (args, "serial", G_MAXUINT, &serial, &error);

  if (ok)
    inos_application_overlay_painted (context->application, serial);
  finish (reply, ok, error);
}

static void run_overlay_toggle (const InosCommandContext *context, JsonObject *args,
                                InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *overlay = inos_args_get_string (args, "overlay", MAX_ID_LENGTH, &error);
  gboolean ok = overlay && inos_application_toggle_overlay (context->application, overlay, &error);

  finish (reply, ok, error);
}

static void run_panel_report (const InosCommandContext *context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  InosPanelFigures figures;
  gboolean ok = inos_args_get_double (args, "cpu", 0, 100, &figures.cpu, &error) &&
                inos_args_get_double (args, "memory", 0, 100, &figures.memory, &error) &&
                inos_args_get_boolean (args, "connected", &figures.connected, &error);

  if (ok)
    inos_application_set_figures (context->application, &figures);
  finish (reply, ok, error);
}

static void run_power_do (const InosCommandContext *context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *action = inos_args_get_string (args, "action", MAX_ID_LENGTH, &error);

  if (!action)
    inos_reply_fail (reply, "%s", error->message);
  else if (g_str_equal (action, "logout"))
    inos_session_client_logout (inos_application_get_session (context->application), reply);
  else
    inos_power_do (inos_application_get_power (context->application), action, reply);
}

static void run_power_list (const InosCommandContext *context, JsonObject *args, InosReply *reply)
{
  InosBusClient *session = inos_application_get_session (context->application);

  inos_power_list (inos_application_get_power (context->application),
                   inos_bus_client_get_proxy (session) != NULL, reply);
}

static void run_ready (const InosCommandContext *context, JsonObject *args, InosReply *reply)
{
  inos_application_page_ready (context->application, context->surface);
  inos_reply_ok (reply, NULL);
}

static void run_workspace_switch (const InosCommandContext *context, JsonObject *args,
                                  InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint index;

  if (inos_args_get_uint (args, "index", MAX_WORKSPACES, &index, &error))
    inos_compositor_client_switch_workspace (inos_application_get_compositor (context->application),
                                             index, reply);
  else
    inos_reply_fail (reply, "%s", error->message);
}

static const InosCommand commands[] = {
  {"app.launch", "app.launch", run_app_launch},
  {"arena.open", "shell.arena", run_arena_open},
  {"hello", "page", run_hello},
  {"overlay.close", "shell.overlay", run_overlay_close},
  {"overlay.fit", "page", run_overlay_fit},
  {"overlay.painted", "page", run_overlay_painted},
  {"overlay.toggle", "shell.overlay", run_overlay_toggle},
  {"panel.report", "page", run_panel_report},
  {"power.do", "session.end", run_power_do},
  {"power.list", "session.end", run_power_list},
  {"ready", "page", run_ready},
  {"workspace.switch", "workspace.switch", run_workspace_switch},
};

const InosCommand *inos_commands_get_all (gsize *n_commands)
{
  *n_commands = G_N_ELEMENTS (commands);
  return commands;
}

static int compare (const void *name, const void *command)
{
  return strcmp (name, ((const InosCommand *)command)->name);
}

const InosCommand *inos_commands_find (const char *name)
{
  return bsearch (name, commands, G_N_ELEMENTS (commands), sizeof commands[0], compare);
}

void inos_commands_dispatch (const InosCommandContext *context, const InosCapability *capability,
                             const char *text, gsize length, InosReply *reply)
{
  const char *page = inos_capability_get_page (capability);
  g_auto (InosMessage) message = {0};
  g_autoptr (GError) error = NULL;
  const InosCommand *command;

  if (!inos_message_parse (&message, text, length, &error)) {
    g_warning ("the page '%s' sent a bad message: %s", page, error->message);
    inos_reply_fail (reply, "%s", error->message);
    return;
  }
  g_debug ("%s: %s", page, message.command);
  command = inos_commands_find (message.command);
  if (!command) {
    g_warning ("the page '%s' asked for '%s', which does not exist; refused", page,
               message.command);
    inos_reply_fail (reply, "There is no command '%s'.", message.command);
    return;
  }
  if (!inos_capability_allows (capability, message.command)) {
    g_warning ("the page '%s' asked for '%s' (capability %s), which its capability file does not "
               "declare; refused",
               page, message.command, command->capability);
    inos_reply_fail (reply, "This page may not use '%s'.", message.command);
    return;
  }
  command->run (context, message.args, reply);
}
