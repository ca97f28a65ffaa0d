/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keyboard_commands.h"

#include "../commands.h"
#include "../message.h"
#include "keys.h"

#define MAX_CODE 767 /* the kernel's last */
#define MAX_LAYOUTS 15
#define MAX_TEXT 16 /* a letter with its marks */

static InosKeyboard *keyboard_of (gpointer context)
{
  return inos_application_get_keyboard (((const InosCommandContext *)context)->application);
}

void inos_keyboard_run_hide (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_keyboard_hide (keyboard_of (context));
  inos_reply_ok (reply, NULL);
}

void inos_keyboard_run_layout (gpointer context, JsonObject *args, InosReply *reply)
{
  guint index;

  if (inos_command_take (args, "index", MAX_LAYOUTS, &index, reply))
    inos_keyboard_choose_layout (keyboard_of (context), index, reply);
}

void inos_keyboard_run_painted (gpointer context, JsonObject *args, InosReply *reply)
{
  guint serial;

  if (!inos_command_take (args, "serial", G_MAXUINT, &serial, reply))
    return;
  inos_keyboard_painted (keyboard_of (context), serial);
  inos_reply_ok (reply, NULL);
}

void inos_keyboard_run_press (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint serial, code, modifiers;
  gboolean ok = inos_args_get_uint (args, "serial", G_MAXUINT, &serial, &error) &&
                inos_args_get_uint (args, "code", MAX_CODE, &code, &error) &&
                inos_args_get_uint (args, "modifiers", INOS_KEYS_MODIFIERS, &modifiers, &error) &&
                inos_keyboard_press (keyboard_of (context), serial, code, modifiers, &error);

  inos_command_finish (reply, ok, error);
}

void inos_keyboard_run_release (gpointer context, JsonObject *args, InosReply *reply)
{
  guint code;

  if (!inos_command_take (args, "code", MAX_CODE, &code, reply))
    return;
  inos_keyboard_release (keyboard_of (context), code);
  inos_reply_ok (reply, NULL);
}

void inos_keyboard_run_switch (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  gboolean on;
  gboolean ok = inos_args_get_boolean (args, "on", &on, &error) &&
                inos_keyboard_set_enabled (keyboard_of (context), on, &error);

  inos_command_finish (reply, ok, error);
}

void inos_keyboard_run_toggle (gpointer context, JsonObject *args, InosReply *reply)
{
  InosKeyboard *keyboard = keyboard_of (context);
  g_autoptr (GError) error = NULL;
  gboolean ok = TRUE;

  if (inos_keyboard_is_visible (keyboard))
    inos_keyboard_hide (keyboard);
  else
    ok = inos_keyboard_show (keyboard, &error);
  inos_command_finish (reply, ok, error);
}

void inos_keyboard_run_write (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *text = inos_args_get_string (args, "text", MAX_TEXT, &error);
  guint serial;
  gboolean ok = text && inos_args_get_uint (args, "serial", G_MAXUINT, &serial, &error) &&
                inos_keyboard_write (keyboard_of (context), serial, text, &error);

  inos_command_finish (reply, ok, error);
}
