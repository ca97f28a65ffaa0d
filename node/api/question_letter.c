/*
 * Letters to an actor, here or on another node ("PEER/NAME"): to send one, to ask one, and to wait
 * until the actor goes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/question_private.h"
#include "node/mesh/service/mesh_actor.h"
#include "node/mesh/service/remote_actor.h"

#include <string.h>

#define REACH_TIME (10 * INOS_SECOND)
#define REACH_TRIES 3u   /* what is found may be about to end */
#define ASK_MAX 600000u  /* ms */
#define LETTERS_MAX 512u /* fewer than may be parked */

struct errand {
  inos_actor_id to;
  uint64_t began; /* ns, when a letter was parked */
  guint32 sent, parked;
  unsigned tries; /* to find where it is */
};

static const char *who_of (struct question *self)
{
  const char *who;

  g_variant_get_child (self->parameters, 0, "&s", &who);
  return who;
}

static enum inos_outcome refuse_gone (struct question *self, struct inos_context *context)
{
  return node_question_refuse (
    self, context, INOS_API_ERROR_NOT_FOUND,
    "“%.160s” cannot be reached: there is no such actor, or it is not for us, or there is no "
    "connection to its node.",
    who_of (self));
}

/* Whether it can be sent; else the question has been refused. Fills in all but the body. */
static bool address_letter (struct question *self, struct inos_context *context,
                            struct node_letter *letter)
{
  const char *type;

  *letter = (struct node_letter){.version = 1, .priority = INOS_PRIORITY_NORMAL};
  g_variant_get_child (self->parameters, 1, "&s", &type);
  if (inos_remote_name_is_right (type)) {
    g_strlcpy (letter->type, type, sizeof letter->type);
    return true;
  }
  node_question_refuse (self, context, INOS_API_ERROR_BAD_PAYLOAD,
                        "What a letter is called has 1 to 64 letters, digits and “-_.”.");
  return false;
}

static bool body_fits (struct question *self, struct inos_context *context, GVariant *body)
{
  const char *wrong = inos_remote_body_fits (body);

  if (wrong)
    node_question_refuse (self, context, INOS_API_ERROR_BAD_PAYLOAD, "This cannot be sent. %s",
                          wrong);
  return !wrong;
}

/* Send */

static enum inos_outcome say_sent (struct question *self, struct inos_context *context,
                                   enum inos_sent sent)
{
  const struct errand *errand = self->more;

  return node_question_answer (self, context,
                               g_variant_new ("(su)", inos_sent_name (sent), errand->sent));
}

enum inos_outcome node_question_letter_sent (struct question *self, struct inos_context *context)
{
  struct errand *errand = self->more;

  if (inos_now (context) - errand->began >= NODE_FRONT_BLOCK_MS * INOS_MILLISECOND)
    return say_sent (self, context, INOS_FULL);
  errand->sent += errand->parked;
  errand->parked = 0;
  return say_sent (self, context, INOS_ACCEPTED);
}

/* What is parked waits with us; `sent` comes when it does no more. */
static enum inos_outcome wait_for_room (struct question *self, struct inos_context *context)
{
  struct errand *errand = self->more;

  errand->began = inos_now (context);
  node_question_send_sent (context, (node_question_ref){INOS_TO (inos_self (context))},
                           INOS_NOTHING);
  return INOS_OK;
}

static enum inos_outcome send_letters (struct question *self, struct inos_context *context)
{
  g_autoptr (GVariant) bodies = g_variant_get_child_value (self->parameters, 2);
  struct errand *errand = self->more;
  struct node_letter letter;
  gsize count = g_variant_n_children (bodies);

  if (!address_letter (self, context, &letter))
    return INOS_DONE;
  if (count > LETTERS_MAX)
    return node_question_refuse (self, context, INOS_API_ERROR_TOO_MANY,
                                 "At most %u letters can be sent at once.", LETTERS_MAX);
  for (gsize i = 0; i < count; i++) {
    g_variant_get_child (bodies, i, "v", &letter.body);
    if (!body_fits (self, context, letter.body)) {
      node_letter_clear (&letter);
      return INOS_DONE;
    }
    enum inos_sent sent =
      node_letter_send_tell (context, (node_letter_ref){INOS_TO (errand->to)}, letter);
    if (!inos_sent_took (sent))
      node_letter_clear (&letter);
    if (sent == INOS_DEAD && errand->sent == 0)
      return refuse_gone (self, context);
    if (sent == INOS_PARKED)
      errand->parked++;
    else if (sent == INOS_ACCEPTED)
      errand->sent++;
    else
      return say_sent (self, context, sent);
  }
  return errand->parked > 0 ? wait_for_room (self, context)
                            : say_sent (self, context, INOS_ACCEPTED);
}

/* Ask */

static enum inos_outcome on_answer (void *state, struct inos_context *context,
                                    enum inos_replied status,
                                    const struct node_letter_answer *reply, uint64_t tag)
{
  struct question *self = state;

  switch (status) {
  case INOS_REPLIED:
    return node_question_answer (self, context, g_variant_new ("(v)", reply->body));
  case INOS_TIMED_OUT:
    return node_question_refuse (self, context, INOS_API_ERROR_TIMEOUT,
                                 "“%.160s” did not answer in time.", who_of (self));
  case INOS_REPLY_DEAD:
    return refuse_gone (self, context);
  case INOS_REPLY_FULL:
    return node_question_refuse (self, context, INOS_API_ERROR_TOO_MANY,
                                 "The mailbox of “%.160s” is full. Ask again later.",
                                 who_of (self));
  case INOS_REPLY_REFUSED:
    break;
  }
  return node_question_refuse (self, context, INOS_API_ERROR_FAILED,
                               "“%.160s” does not answer such questions.", who_of (self));
}

static enum inos_outcome ask_letter (struct question *self, struct inos_context *context)
{
  const struct errand *errand = self->more;
  struct node_letter letter;
  guint32 timeout;

  g_variant_get_child (self->parameters, 3, "u", &timeout);
  uint64_t patience = CLAMP (timeout, 1, ASK_MAX) * INOS_MILLISECOND;
  if (!address_letter (self, context, &letter))
    return INOS_DONE;
  g_variant_get_child (self->parameters, 2, "v", &letter.body);
  if (!body_fits (self, context, letter.body)) {
    node_letter_clear (&letter);
    return INOS_DONE;
  }
  letter.until = inos_now (context) + patience;
  if (inos_sent_took (node_letter_request_ask (context, (node_letter_ref){INOS_TO (errand->to)},
                                               letter, patience, on_answer, 0)))
    return INOS_OK;
  node_letter_clear (&letter);
  return node_question_no_memory (self, context);
}

/* Wait */

enum inos_outcome node_question_letter_down (struct question *self, struct inos_context *context,
                                             struct inos_exit reason)
{
  return node_question_answer (self, context,
                               g_variant_new ("(s)", node_question_exit_name (reason.kind)));
}

static enum inos_outcome go_on (struct question *self, struct inos_context *context)
{
  if (strcmp (self->message->name, INOS_ACTORS_SEND) == 0)
    return send_letters (self, context);
  if (strcmp (self->message->name, INOS_ACTORS_ASK) == 0)
    return ask_letter (self, context);
  inos_monitor (context, ((struct errand *)self->more)->to);
  return INOS_OK;
}

/* Whom */

static enum inos_outcome reach (struct question *self, struct inos_context *context);

static enum inos_outcome on_found (void *state, struct inos_context *context,
                                   enum inos_replied status, const struct node_far_front *reply,
                                   uint64_t tag)
{
  struct question *self = state;
  struct errand *errand = self->more;

  if (status == INOS_REPLY_DEAD && ++errand->tries < REACH_TRIES)
    return reach (self, context);
  if (status != INOS_REPLIED || !reply->front)
    return refuse_gone (self, context);
  errand->to = reply->front;
  return go_on (self, context);
}

static enum inos_outcome reach (struct question *self, struct inos_context *context)
{
  node_reach_ref mesh = {inos_address_of_name (self->runtime, NODE_MESH_NAME)};
  struct node_reach_whom whom;

  g_strlcpy (whom.name, who_of (self), sizeof whom.name);
  if (node_reach_request_find (context, mesh, whom, REACH_TIME, on_found, 0) == INOS_NO_MEMORY)
    return node_question_no_memory (self, context);
  return INOS_OK;
}

enum inos_outcome node_question_start_letter (struct question *self, struct inos_context *context)
{
  struct errand *errand = self->more = g_new0 (struct errand, 1);
  const char *who = who_of (self);

  errand->to = node_question_lookup (self, who);
  if (errand->to)
    return go_on (self, context);
  if (!strchr (who, '/') || strlen (who) >= NODE_FAR_NAME_MAX)
    return refuse_gone (self, context);
  return reach (self, context);
}
