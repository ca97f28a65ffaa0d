/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "authentication_commands.h"

#include "../commands.h"
#include "../message.h"
#include "talk.h"

#include <string.h>

#define MAX_HEIGHT 4096

static InosAuthenticator *authenticator_of (gpointer context)
{
  return inos_application_get_authenticator (((const InosCommandContext *)context)->application);
}

/* The message's copy of what was typed is wiped; those of the page and its parser are theirs. */
void inos_authentication_run_answer (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *text = inos_args_get_string (args, "text", INOS_POLKIT_ANSWER_MAX, &error);
  guint id;

  if (text && inos_args_get_uint (args, "id", G_MAXUINT, &id, &error))
    inos_authenticator_answer (authenticator_of (context), id, text, reply);
  else
    inos_reply_fail (reply, "%s", error->message);
  if (text)
    explicit_bzero ((char *)text, strlen (text));
}

void inos_authentication_run_cancel (gpointer context, JsonObject *args, InosReply *reply)
{
  guint id;

  if (inos_command_take (args, "id", G_MAXUINT, &id, reply))
    inos_authenticator_cancel (authenticator_of (context), id, reply);
}

void inos_authentication_run_choose (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint id, person;

  if (inos_args_get_uint (args, "id", G_MAXUINT, &id, &error) &&
      inos_args_get_uint (args, "person", INOS_POLKIT_PEOPLE_MAX, &person, &error))
    inos_authenticator_choose (authenticator_of (context), id, person, reply);
  else
    inos_reply_fail (reply, "%s", error->message);
}

void inos_authentication_run_fit (gpointer context, JsonObject *args, InosReply *reply)
{
  guint height;

  if (!inos_command_take (args, "height", MAX_HEIGHT, &height, reply))
    return;
  inos_authenticator_fit (authenticator_of (context), height);
  inos_reply_ok (reply, NULL);
}

void inos_authentication_run_painted (gpointer context, JsonObject *args, InosReply *reply)
{
  guint id;

  if (!inos_command_take (args, "id", G_MAXUINT, &id, reply))
    return;
  inos_authenticator_painted (authenticator_of (context), id);
  inos_reply_ok (reply, NULL);
}
