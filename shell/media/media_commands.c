/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "media_commands.h"

#include "../commands.h"
#include "../message.h"

#define MAX_ACTION 32
#define MAX_SECONDS (365.0 * 24 * 3600)

static InosMedia *media_of (gpointer context)
{
  InosApplication *application = ((const InosCommandContext *)context)->application;

  return inos_quick_get_media (inos_application_get_quick (application));
}

void inos_media_run_do (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *action = inos_args_get_string (args, "action", MAX_ACTION, &error);
  guint id;

  if (action && inos_args_get_uint (args, "id", G_MAXUINT, &id, &error))
    inos_media_do (media_of (context), id, action, reply);
  else
    inos_reply_fail (reply, "%s", error->message);
}

void inos_media_run_seek (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  double seconds;
  guint id;

  if (inos_args_get_uint (args, "id", G_MAXUINT, &id, &error) &&
      inos_args_get_double (args, "position", 0, MAX_SECONDS, &seconds, &error))
    inos_media_seek (media_of (context), id, (gint64)(seconds * G_USEC_PER_SEC), reply);
  else
    inos_reply_fail (reply, "%s", error->message);
}
