/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/machine/machine_actor.h"

#include "node/actor/edge.h"
#include "node/actor/route.h"
#include "node/machine/machine.h"
#include "node/tree/setup.h"

static void node_figures_question_clear (void *message)
{
  g_variant_unref (((struct node_figures_question *)message)->parameters);
}

static void node_figures_answer_clear (void *message)
{
  g_clear_pointer (&((struct node_figures_answer *)message)->payload, g_variant_unref);
}

INOS_PROTOCOL_DEFINE (node_figures, NODE_FIGURES);

struct holder {
  struct inos_runtime *runtime;
  inos_actor_id id;
  struct inos_machine *machine;
  bool
    of_user; /* else the machine's own node, which tells nobody here of users, but who manages it */
};

static void refuse (struct node_figures_answer *answer, enum inos_api_error code,
                    const char *sentence)
{
  const char *stop; /* it may have been cut within a character */

  answer->code = code;
  g_strlcpy (answer->sentence, sentence, sizeof answer->sentence);
  g_utf8_validate (answer->sentence, -1, &stop);
  answer->sentence[stop - answer->sentence] = '\0';
}

static void reply (struct inos_context *context, struct inos_request_id request,
                   struct node_figures_answer answer)
{
  if (!inos_sent_took (node_figures_reply_ask_to (context, request, answer)))
    node_figures_answer_clear (&answer);
}

static void on_answered (GVariant *payload, const GError *error, void *tag, void *data)
{
  struct holder *self = data;
  struct node_figures_answer answer = {.payload = payload};
  struct inos_context *context = inos_edge_enter (self->runtime, self->id);

  if (!payload)
    refuse (&answer, (enum inos_api_error)error->code, error->message);
  if (context) {
    reply (context, *(struct inos_request_id *)tag, answer);
    inos_edge_leave (context, INOS_OK);
  } else {
    node_figures_answer_clear (&answer);
  }
  g_free (tag);
}

INOS_HANDLE (node_figures, ask, struct holder)
{
  struct inos_request_id *request = g_new (struct inos_request_id, 1);
  struct node_figures_answer answer = {0};

  *request = inos_request_handled (context);
  bool may = self->of_user || message->managed;
  if (may && inos_machine_ask (self->machine, message->type, message->parameters, request))
    return INOS_OK;
  if (may)
    refuse (&answer, INOS_API_ERROR_TOO_MANY, "Too much is asked of this machine at once.");
  else
    refuse (&answer, INOS_API_ERROR_ACCESS_DENIED,
            "This is the machine's node and not a user's: it tells nobody of processes and logs.");
  reply (context, *request, answer);
  g_free (request);
  return INOS_OK;
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  const struct inos_setup *setup = *(struct inos_setup *const *)argument;
  struct holder *self = state;

  self->runtime = inos_context_runtime (context);
  self->id = inos_self (context);
  self->of_user = setup->has_terminals;
  self->machine = inos_machine_new (setup->proc, setup->sys, inos_edge_context (self->runtime),
                                    on_answered, self);
  inos_machine_set_logs (self->machine, setup->journal, setup->state_dir);
  return INOS_OK;
}

static void clear (void *state)
{
  g_clear_pointer (&((struct holder *)state)->machine, inos_machine_free);
}

INOS_BEHAVIOUR (node_figures, NODE_FIGURES, struct holder, .on_edge = true, .pre_start = pre_start,
                .clear = clear);
