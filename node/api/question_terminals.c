/*
 * To ask about terminals, whatever the message: their actor has the answer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/question_private.h"
#include "node/terminal/terminals_actor.h"

static enum inos_outcome on_answered (void *state, struct inos_context *context,
                                      enum inos_replied status,
                                      const struct node_terminals_answer *reply, uint64_t tag)
{
  struct question *self = state;

  if (status == INOS_REPLIED)
    return node_question_pass_on (self, context, reply->payload, reply->code, reply->sentence);
  return node_question_refuse (self, context, INOS_API_ERROR_FAILED,
                               "The part of the node that has the terminals is being started "
                               "again. They go on; ask again.");
}

enum inos_outcome node_question_start_terminals (struct question *self,
                                                 struct inos_context *context)
{
  node_terminals_ref terminals = {inos_address_of_name (self->runtime, NODE_TERMINALS_NAME)};
  struct node_terminals_question question = {self->message->name, g_variant_ref (self->parameters)};

  if (node_terminals_request_ask (context, terminals, question, UINT64_MAX, on_answered, 0) !=
      INOS_NO_MEMORY)
    return INOS_OK;
  g_variant_unref (question.parameters);
  return node_question_no_memory (self, context);
}
