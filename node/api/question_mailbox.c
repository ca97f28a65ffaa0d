/*
 * Mailboxes: to open one, to read it, to answer what was asked, and to close it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/mailbox.h"
#include "node/api/question_private.h"

#include <string.h>

#define OPEN_TIME (1 * INOS_SECOND)
#define WAIT_MAX 600000u /* ms */

static node_mailbox_ref mailbox (struct question *self, const char *name)
{
  return node_mailbox_address (self->runtime, name);
}

static enum inos_outcome refuse_unknown (struct question *self, struct inos_context *context)
{
  const char *name;

  g_variant_get_child (self->parameters, 0, "&s", &name);
  return node_question_refuse (self, context, INOS_API_ERROR_NOT_FOUND,
                               "There is no mailbox “%.80s”. Open it first.", name);
}

/* Open */

static enum inos_outcome on_open (void *state, struct inos_context *context,
                                  enum inos_replied status, const struct inos_nothing *reply,
                                  uint64_t tag)
{
  if (status == INOS_REPLIED)
    return node_question_answer (state, context, g_variant_new ("()"));
  return node_question_refuse (state, context, INOS_API_ERROR_FAILED,
                               "An actor has that name already. Choose another.");
}

static enum inos_outcome start_open (struct question *self, struct inos_context *context)
{
  const char *name;
  guint32 capacity;

  g_variant_get (self->parameters, "(&su)", &name, &capacity);
  if (!inos_remote_name_is_right (name) || strlen (name) > NODE_QUESTION_WHO_MAX)
    return node_question_refuse (self, context, INOS_API_ERROR_BAD_PAYLOAD,
                                 "A mailbox's name has 1 to %u letters, digits and “-_.”.",
                                 NODE_QUESTION_WHO_MAX);
  if (mailbox (self, name).address.id)
    return node_question_answer (self, context, g_variant_new ("()"));
  inos_actor_id who = node_mailbox_spawn (context, name, capacity);
  if (!who || node_mailbox_request_begin (context, (node_mailbox_ref){INOS_TO (who)}, INOS_NOTHING,
                                          OPEN_TIME, on_open, 0) == INOS_NO_MEMORY)
    return node_question_no_memory (self, context);
  return INOS_OK;
}

/* Receive */

static enum inos_outcome on_letters (void *state, struct inos_context *context,
                                     enum inos_replied status,
                                     const struct node_mailbox_letters *reply, uint64_t tag)
{
  struct question *self = state;

  if (status == INOS_REPLIED)
    return node_question_answer (self, context,
                                 g_variant_new ("(@" INOS_LETTER_ROWS_TYPE ")", reply->rows));
  if (status == INOS_TIMED_OUT)
    return node_question_answer (self, context,
                                 g_variant_new ("(" INOS_LETTER_ROWS_TYPE ")", NULL));
  if (status == INOS_REPLY_REFUSED)
    return node_question_refuse (self, context, INOS_API_ERROR_FAILED,
                                 "Somebody else reads this mailbox now.");
  return refuse_unknown (self, context);
}

static enum inos_outcome start_receive (struct question *self, struct inos_context *context)
{
  struct node_mailbox_take take = {0};
  const char *name;
  guint32 wait;

  g_variant_get (self->parameters, "(&stuu)", &name, &take.after, &take.limit, &wait);
  if (node_mailbox_request_take (context, mailbox (self, name), take,
                                 MIN (wait, WAIT_MAX) * INOS_MILLISECOND, on_letters,
                                 0) == INOS_NO_MEMORY)
    return node_question_no_memory (self, context);
  return INOS_OK;
}

/* Answer */

static enum inos_outcome on_answered (void *state, struct inos_context *context,
                                      enum inos_replied status,
                                      const struct node_mailbox_replied *reply, uint64_t tag)
{
  if (status == INOS_REPLIED && reply->found)
    return node_question_answer (state, context, g_variant_new ("()"));
  if (status != INOS_REPLIED)
    return refuse_unknown (state, context);
  return node_question_refuse (state, context, INOS_API_ERROR_NOT_FOUND,
                               "Nobody waits for that answer: it was given, or is too late.");
}

static enum inos_outcome start_answer (struct question *self, struct inos_context *context)
{
  struct node_mailbox_reply reply = {0};
  const char *name;

  g_variant_get (self->parameters, "(&stv)", &name, &reply.number, &reply.body);
  const char *wrong = inos_remote_body_fits (reply.body);
  if (wrong) {
    g_variant_unref (reply.body);
    return node_question_refuse (self, context, INOS_API_ERROR_BAD_PAYLOAD,
                                 "This cannot be sent. %s", wrong);
  }
  if (inos_sent_took (node_mailbox_request_reply (context, mailbox (self, name), reply, UINT64_MAX,
                                                  on_answered, 0)))
    return INOS_OK;
  g_variant_unref (reply.body);
  return node_question_no_memory (self, context);
}

/* Close */

static enum inos_outcome start_close (struct question *self, struct inos_context *context)
{
  const char *name;

  g_variant_get (self->parameters, "(&s)", &name);
  node_mailbox_ref to = mailbox (self, name);
  if (!to.address.id)
    return refuse_unknown (self, context);
  node_mailbox_send_close (context, to, INOS_NOTHING);
  return node_question_answer (self, context, g_variant_new ("()"));
}

enum inos_outcome node_question_start_mailbox (struct question *self, struct inos_context *context)
{
  const char *name = self->message->name;

  if (strcmp (name, INOS_ACTORS_OPEN) == 0)
    return start_open (self, context);
  if (strcmp (name, INOS_ACTORS_RECEIVE) == 0)
    return start_receive (self, context);
  return strcmp (name, INOS_ACTORS_ANSWER) == 0 ? start_answer (self, context)
                                                : start_close (self, context);
}
