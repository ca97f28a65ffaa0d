/*
 * What an actor gets, and what becomes of a message.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/actor/trace.h"
#include "node/api/question_private.h"

#include <inttypes.h>

#define TRACE_ROOM_MAX 1024u

/* One actor */

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

/* A path. Questions are asked one after the other, so the number that is looked at is the number
 * that is read. */

static void add_step (GVariantBuilder *rows, struct question *self, struct inos_context *context,
                      const struct inos_traced *t)
{
  struct inos_actor_health to;
  const char *name = "";

  if (inos_health_glance (self->runtime, t->recipient, &to)) /* else it has gone meanwhile */
    name = to.name[0] ? to.name : node_question_behaviour_name (to.behaviour);
  g_variant_builder_add (
    rows, "(tttt@ssxttss)", t->id, t->cause, t->sender, t->recipient, node_question_string (name),
    t->type ? t->type->name : "", node_question_real_time (context, t->handled),
    t->handled - MIN (t->handled, t->queued), t->duration, inos_traced_outcome_name (t->outcome),
    t->outcome == INOS_TRACED_DEAD ? inos_dead_reason_name (t->reason) : "");
}

/* Whether the path @wanted is the one that there is; if not, that has been answered. */
static bool is_the_path (struct question *self, struct inos_context *context, uint64_t wanted)
{
  uint64_t number = inos_trace_path_number (self->runtime);

  if (number > 0 && (wanted == 0 || wanted == number))
    return true;
  if (wanted == 0 || wanted > number)
    node_question_refuse (self, context, INOS_API_ERROR_NOT_FOUND,
                          "There is no such path. Begin one first.");
  else
    node_question_refuse (self, context, INOS_API_ERROR_NOT_FOUND,
                          "Path %" PRIu64 " has been forgotten: somebody has begun another.",
                          wanted);
  return false;
}

enum inos_outcome node_question_start_path_begin (struct question *self,
                                                  struct inos_context *context)
{
  const char *who;
  uint32_t steps;

  g_variant_get (self->parameters, "(&su)", &who, &steps);
  if (steps == 0 || steps > TRACE_ROOM_MAX)
    return node_question_refuse (self, context, INOS_API_ERROR_BAD_PAYLOAD,
                                 "A path has 1 to %u messages.", TRACE_ROOM_MAX);
  if (!node_question_aim (self, context, who))
    return INOS_DONE;
  uint64_t number = inos_trace_path (self->runtime, self->target.id, steps);
  if (!number)
    return node_question_refuse (self, context, INOS_API_ERROR_NOT_FOUND,
                                 "The actor has just ended.");
  return node_question_answer (self, context, g_variant_new ("(tt)", self->target.id, number));
}

enum inos_outcome node_question_start_path (struct question *self, struct inos_context *context)
{
  g_autofree struct inos_traced *steps = g_new (struct inos_traced, TRACE_ROOM_MAX);
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (INOS_PATH_ROWS_TYPE));
  uint32_t skip, limit;
  uint64_t number;
  bool going_on;

  g_variant_get (self->parameters, "(tuu)", &number, &skip, &limit);
  if (!is_the_path (self, context, number)) {
    g_variant_builder_clear (&rows);
    return INOS_DONE;
  }
  limit = CLAMP (limit, 1, NODE_QUESTION_ROWS);
  size_t count = inos_trace_path_read (self->runtime, steps, TRACE_ROOM_MAX, &going_on);
  for (size_t i = skip; i < count && i - skip < limit; i++)
    add_step (&rows, self, context, &steps[i]);
  return node_question_answer (
    self, context, g_variant_new ("(bua(ttttssxttss))", (gboolean)going_on, (guint32)count, &rows));
}

enum inos_outcome node_question_start_path_end (struct question *self, struct inos_context *context)
{
  uint64_t number;

  g_variant_get (self->parameters, "(t)", &number);
  if (!is_the_path (self, context, number))
    return INOS_DONE;
  inos_trace_path_stop (self->runtime);
  return node_question_answer (self, context, g_variant_new ("()"));
}
