/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "prompt_commands.h"

#include "../commands.h"
#include "../message.h"

#define MAX_HEIGHT 4096
#define MAX_WORD 16

static InosPrompter *prompter_of (gpointer context)
{
  return inos_application_get_prompter (((const InosCommandContext *)context)->application);
}

void inos_prompt_run_answer (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *answer = inos_args_get_string (args, "answer", MAX_WORD, &error);
  guint id;

  if (answer && inos_args_get_uint (args, "id", G_MAXUINT, &id, &error))
    inos_prompter_answer (prompter_of (context), id, answer, reply);
  else
    inos_reply_fail (reply, "%s", error->message);
}

void inos_prompt_run_fit (gpointer context, JsonObject *args, InosReply *reply)
{
  guint height;

  if (!inos_command_take (args, "height", MAX_HEIGHT, &height, reply))
    return;
  inos_prompter_fit (prompter_of (context), height);
  inos_reply_ok (reply, NULL);
}

void inos_prompt_run_painted (gpointer context, JsonObject *args, InosReply *reply)
{
  guint id;

  if (!inos_command_take (args, "id", G_MAXUINT, &id, reply))
    return;
  inos_prompter_painted (prompter_of (context), id);
  inos_reply_ok (reply, NULL);
}
