/*
 * To stop and to restart an actor, to trace it, and what became of dead letters.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/actor/dead_letter.h"
#include "node/actor/trace.h"
#include "node/api/question_private.h"

#include <inttypes.h>

#define TRACE_ROOM_MAX 1024u

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

/* Traces */

enum inos_outcome node_question_start_trace (struct question *self, struct inos_context *context)
{
  const char *who;
  uint32_t room;

  g_variant_get (self->parameters, "(&su)", &who, &room);
  if (room > TRACE_ROOM_MAX)
    return node_question_refuse (self, context, INOS_API_ERROR_BAD_PAYLOAD,
                                 "A trace keeps at most %u messages.", TRACE_ROOM_MAX);
  inos_actor_id id = node_question_lookup (self, who);
  if (room == 0 && id && inos_trace_stop (self->runtime, id)) /* it may have gone meanwhile */
    return node_question_answer (self, context, g_variant_new ("(t)", id));
  if (!node_question_aim (self, context, who))
    return INOS_DONE;
  if (room > 0 && !inos_trace_actor (self->runtime, self->target.id, room))
    return node_question_refuse (self, context, INOS_API_ERROR_TOO_MANY,
                                 "So many actors are traced already. End the trace of another.");
  return node_question_answer (self, context, g_variant_new ("(t)", self->target.id));
}

static void add_traced (GVariantBuilder *rows, struct inos_context *context, uint64_t number,
                        const struct inos_traced *t)
{
  g_variant_builder_add (
    rows, "(ttttsxttss)", number, t->id, t->cause, t->sender, t->type ? t->type->name : "",
    node_question_real_time (context, t->handled), t->handled - MIN (t->handled, t->queued),
    t->duration, inos_traced_outcome_name (t->outcome),
    t->outcome == INOS_TRACED_DEAD ? inos_dead_reason_name (t->reason) : "");
}

/* The oldest of those after number @after that are kept. */
static GVariant *traced_after (struct question *self, struct inos_context *context,
                               inos_actor_id id, uint64_t after, uint32_t limit)
{
  g_autofree struct inos_traced *ring = g_new (struct inos_traced, TRACE_ROOM_MAX);
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (INOS_TRACED_ROWS_TYPE));
  uint64_t total;
  size_t count = inos_trace_read (self->runtime, id, ring, TRACE_ROOM_MAX, &total);
  uint32_t shown = 0;

  limit = CLAMP (limit, 1, NODE_QUESTION_ROWS);
  for (size_t i = 0; i < count && shown < limit; i++) {
    uint64_t number = total - count + i + 1;
    if (number <= after)
      continue;
    add_traced (&rows, context, number, &ring[i]);
    shown++;
  }
  return g_variant_new ("(ttua(ttttsxttss))", id, total, inos_trace_room (self->runtime, id),
                        &rows);
}

enum inos_outcome node_question_start_traced (struct question *self, struct inos_context *context)
{
  uint64_t after;
  uint32_t limit;
  const char *who;

  g_variant_get (self->parameters, "(&stu)", &who, &after, &limit);
  inos_actor_id id = node_question_lookup (self, who);
  if (!id || !inos_trace_room (self->runtime, id)) {
    if (!node_question_aim (self, context, who))
      return INOS_DONE;
    id = self->target.id;
  }
  return node_question_answer (self, context, traced_after (self, context, id, after, limit));
}

/* Dead letters */

static void add_letter (GVariantBuilder *rows, struct inos_context *context,
                        const struct inos_dead_letter *letter)
{
  g_variant_builder_add (rows, "(tsttsxx)", letter->number, inos_dead_reason_name (letter->reason),
                         letter->sender, letter->recipient, letter->type ? letter->type->name : "",
                         node_question_real_time (context, letter->time),
                         node_question_real_time (context, letter->died));
}

enum inos_outcome node_question_start_dead_letters (struct question *self,
                                                    struct inos_context *context)
{
  enum { KEPT = 256 };
  g_autofree struct inos_dead_letter *letters = g_new (struct inos_dead_letter, KEPT);
  GVariantBuilder reasons = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{st}"));
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (INOS_DEAD_LETTER_ROWS_TYPE));
  uint64_t counts[INOS_DEAD_REASONS], before, total = 0;
  uint32_t limit, shown = 0;

  g_variant_get (self->parameters, "(tu)", &before, &limit);
  limit = CLAMP (limit, 1, NODE_QUESTION_ROWS);
  inos_dead_letters_counted (self->runtime, counts);
  for (int i = 0; i < INOS_DEAD_REASONS; i++) {
    total += counts[i];
    g_variant_builder_add (&reasons, "{st}", inos_dead_reason_name ((enum inos_dead_reason)i),
                           counts[i]);
  }
  size_t count = inos_dead_letters (self->runtime, letters, KEPT);
  for (size_t i = 0; i < count && shown < limit; i++)
    if (before == 0 || letters[i].number < before) {
      add_letter (&rows, context, &letters[i]);
      shown++;
    }
  return node_question_answer (self, context,
                               g_variant_new ("(ta{st}a(tsttsxx))", total, &reasons, &rows));
}

enum inos_outcome node_question_start_resend (struct question *self, struct inos_context *context)
{
  uint64_t number;
  const char *who;

  g_variant_get (self->parameters, "(t&s)", &number, &who);
  if (*who && !node_question_aim (self, context, who))
    return INOS_DONE;
  struct inos_address to = INOS_TO (self->target.id);
  enum inos_sent sent = inos_dead_letter_resend (self->runtime, number, *who ? &to : NULL);
  if (sent == INOS_DEAD)
    return node_question_refuse (
      self, context, INOS_API_ERROR_NOT_FOUND,
      "There is no dead letter %" PRIu64 " to send, or whom it was for has gone.", number);
  return node_question_answer (self, context, g_variant_new ("(s)", inos_sent_name (sent)));
}
