/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray_commands.h"

#include "../commands.h"
#include "../message.h"

#define MAX_WORD 16
#define MAX_DELTA 100000.0

static InosTray *tray_of (gpointer context)
{
  return inos_application_get_tray (((const InosCommandContext *)context)->application);
}

/* Whose menu, and which entry: programs number those as they like. */
static gboolean get_entry (JsonObject *args, guint *id, gint32 *entry, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  double number;

  if (inos_args_get_uint (args, "item", G_MAXUINT, id, &error) &&
      inos_args_get_double (args, "entry", G_MININT32, G_MAXINT32, &number, &error)) {
    *entry = (gint32)number;
    return TRUE;
  }
  inos_reply_fail (reply, "%s", error->message);
  return FALSE;
}

void inos_tray_run_choose (gpointer context, JsonObject *args, InosReply *reply)
{
  gint32 entry;
  guint id;

  if (get_entry (args, &id, &entry, reply))
    inos_tray_choose (tray_of (context), id, entry, reply);
}

void inos_tray_run_do (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *what = inos_args_get_string (args, "what", MAX_WORD, &error);
  guint id;

  if (what && inos_args_get_uint (args, "id", G_MAXUINT, &id, &error))
    inos_tray_do (tray_of (context), id, what, reply);
  else
    inos_reply_fail (reply, "%s", error->message);
}

void inos_tray_run_open (gpointer context, JsonObject *args, InosReply *reply)
{
  gint32 entry;
  guint id;

  if (get_entry (args, &id, &entry, reply))
    inos_tray_open (tray_of (context), id, entry, reply);
}

void inos_tray_run_scroll (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  gboolean horizontal, ok;
  double delta;
  guint id;

  ok = inos_args_get_uint (args, "id", G_MAXUINT, &id, &error) &&
       inos_args_get_double (args, "delta", -MAX_DELTA, MAX_DELTA, &delta, &error) &&
       inos_args_get_boolean (args, "horizontal", &horizontal, &error);
  if (ok)
    inos_tray_scroll (tray_of (context), id, (int)delta, horizontal);
  inos_command_finish (reply, ok, error);
}
