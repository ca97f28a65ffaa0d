/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "dispatch.h"

#include "inos-config.h"
#include "message.h"

#include <stdlib.h>
#include <string.h>

static int compare (const void *name, const void *command)
{
  return strcmp (name, ((const InosCommand *)command)->name);
}

const InosCommand *inos_command_find (const InosCommandTable *table, const char *name)
{
  return bsearch (name, table->commands, table->n_commands, sizeof table->commands[0], compare);
}

void inos_command_dispatch (const InosCommandTable *table, gpointer context,
                            const InosCapability *capability, const char *text, gsize length,
                            InosReply *reply)
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
  command = inos_command_find (table, message.command);
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

gboolean inos_command_take (JsonObject *args, const char *name, guint max, guint *value,
                            InosReply *reply)
{
  g_autoptr (GError) error = NULL;

  if (inos_args_get_uint (args, name, max, value, &error))
    return TRUE;
  inos_reply_fail (reply, "%s", error->message);
  return FALSE;
}

void inos_command_finish (InosReply *reply, gboolean ok, const GError *error)
{
  if (ok)
    inos_reply_ok (reply, NULL);
  else
    inos_reply_fail (reply, "%s", error->message);
}

InosCapability *inos_command_load_capability (const char *page)
{
  g_autoptr (GError) error = NULL;
  InosCapability *capability = inos_capability_load (INOS_DATADIR "/capabilities", page, &error);

  if (!capability) {
    g_warning ("the page '%s' may do nothing: %s", page, error->message);
    capability = inos_capability_new_empty (page);
  }
  return capability;
}
