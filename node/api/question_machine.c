/*
 * To ask about this machine, whatever the message: its actor has the answer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/question_private.h"
#include "node/machine/machine_actor.h"

static enum inos_outcome on_answered (void *state, struct inos_context *context,
                                      enum inos_replied status,
                                      const struct node_figures_answer *reply, uint64_t tag)
{
  struct question *self = state;

  if (status == INOS_REPLIED)
    return node_question_pass_on (self, context, reply->payload, reply->code, reply->sentence);
  return node_question_refuse (self, context, INOS_API_ERROR_FAILED,
                               "The part of the node that looks at the machine is being started "
                               "again. Ask again.");
}

enum inos_outcome node_question_start_machine (struct question *self, struct inos_context *context)
{
  node_figures_ref machine = {inos_address_of_name (self->runtime, NODE_MACHINE_NAME)};
  struct node_figures_question question = {self->message->name, g_variant_ref (self->parameters),
                                           self->managed};

  if (node_figures_request_ask (context, machine, question, UINT64_MAX, on_answered, 0) !=
      INOS_NO_MEMORY)
    return INOS_OK;
  g_variant_unref (question.parameters);
  return node_question_no_memory (self, context);
}
