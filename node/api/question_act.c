/*
 * To stop and to restart an actor.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/question_private.h"

/* Finds the actor of the first parameter, which has to be a supervisor's child. */
static bool aim_at_child (struct question *self, struct inos_context *context)
{
  const char *who;

  g_variant_get_child (self->parameters, 0, "&s", &who);
  if (!node_question_aim (self, context, who))
    return false;
  if (node_question_is_supervisor (self, self->target.watcher))
    return true;
  node_question_refuse (self, context, INOS_API_ERROR_FAILED,
                        "“%s” has no supervisor. The node itself stops with its service.", who);
  return false;
}

static inos_supervisor_ref supervisor (struct question *self)
{
  return (inos_supervisor_ref){INOS_TO (self->target.watcher)};
}

/* Stop */

enum inos_outcome node_question_start_stop (struct question *self, struct inos_context *context)
{
  if (!aim_at_child (self, context))
    return INOS_DONE;
  inos_monitor (context, self->target.id);
  inos_stop (context, self->target.id, (struct inos_exit){INOS_EXIT_SHUTDOWN, 0});
  return INOS_OK;
}

enum inos_outcome node_question_stopped (struct question *self, struct inos_context *context,
                                         inos_actor_id who)
{
  return node_question_answer (self, context, g_variant_new ("(t)", who));
}

/* Restart */

static struct inos_supervisor_whom child_name (struct question *self)
{
  return inos_supervisor_whom_of (0, self->more);
}

static enum inos_outcome on_restarted (void *state, struct inos_context *context,
                                       enum inos_replied status,
                                       const struct inos_supervisor_answer *reply, uint64_t tag)
{
  struct question *self = state;

  /* Running: somebody else was faster. */
  if (status == INOS_REPLIED &&
      (reply->status == INOS_COMMAND_OK || reply->status == INOS_COMMAND_RUNNING))
    return node_question_answer (self, context, g_variant_new ("(t)", reply->id));
  return node_question_refuse (self, context, INOS_API_ERROR_FAILED,
                               "“%s” has stopped and did not start again. Its log says why.",
                               (const char *)self->more);
}

static enum inos_outcome on_terminated (void *state, struct inos_context *context,
                                        enum inos_replied status,
                                        const struct inos_supervisor_answer *reply, uint64_t tag)
{
  struct question *self = state;

  if (status != INOS_REPLIED || reply->status != INOS_COMMAND_OK)
    return node_question_refuse (self, context, INOS_API_ERROR_FAILED,
                                 "The supervisor of “%s” does not stop it now. Ask again.",
                                 (const char *)self->more);
  inos_supervisor_request_restart_child (context, supervisor (self), child_name (self), UINT64_MAX,
                                         on_restarted, 0);
  return INOS_OK;
}

static enum inos_outcome on_found (struct question *self, struct inos_context *context,
                                   const struct inos_supervisor_children *page,
                                   const struct inos_child_info *child)
{
  if (!child)
    return node_question_refuse (self, context, INOS_API_ERROR_FAILED,
                                 "The supervisor of this actor is busy. Ask again.");
  if (page->strategy == INOS_SIMPLE_ONE_FOR_ONE || child->lifetime == INOS_TEMPORARY)
    return node_question_refuse (self, context, INOS_API_ERROR_FAILED,
                                 "This actor is made when it is needed, and not started again.");
  self->more = g_strdup (child->name);
  inos_supervisor_request_terminate_child (context, supervisor (self), child_name (self),
                                           UINT64_MAX, on_terminated, 0);
  return INOS_OK;
}

enum inos_outcome node_question_start_restart (struct question *self, struct inos_context *context)
{
  if (!aim_at_child (self, context))
    return INOS_DONE;
  return node_question_find_child (self, context, on_found);
}
