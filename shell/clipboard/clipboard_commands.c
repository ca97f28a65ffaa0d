/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clipboard_commands.h"

#include "../commands.h"
#include "../message.h"

static InosClipboard *clipboard_of (gpointer context)
{
  return inos_application_get_clipboard (((const InosCommandContext *)context)->application);
}

void inos_clipboard_run_choose (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint id;
  gboolean ok = inos_args_get_uint (args, "id", G_MAXUINT, &id, &error) &&
                inos_clipboard_choose (clipboard_of (context), id, &error);

  inos_command_finish (reply, ok, error);
}

void inos_clipboard_run_clear (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_clipboard_clear (clipboard_of (context));
  inos_reply_ok (reply, NULL);
}

void inos_clipboard_run_keep (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  gboolean on;
  guint id;
  gboolean ok = inos_args_get_uint (args, "id", G_MAXUINT, &id, &error) &&
                inos_args_get_boolean (args, "on", &on, &error) &&
                inos_clipboard_keep (clipboard_of (context), id, on, &error);

  inos_command_finish (reply, ok, error);
}

void inos_clipboard_run_remove (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint id;
  gboolean ok = inos_args_get_uint (args, "id", G_MAXUINT, &id, &error) &&
                inos_clipboard_remove (clipboard_of (context), id, &error);

  inos_command_finish (reply, ok, error);
}

void inos_clipboard_run_switch (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  gboolean on;
  gboolean ok = inos_args_get_boolean (args, "on", &on, &error) &&
                inos_clipboard_set_keeps (clipboard_of (context), on, &error);

  inos_command_finish (reply, ok, error);
}

void inos_clipboard_run_undo (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = inos_clipboard_undo (clipboard_of (context), &error);

  inos_command_finish (reply, ok, error);
}
