/*
 * Actors that wait for each other. Whoever looks for them waits for others to say for whom they
 * wait, so it is done by the compute pool.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/actor/compute.h"
#include "node/api/question_private.h"

#define LOOK_TIME (300 * INOS_MILLISECOND)
#define CYCLES_MAX 64u

struct look {
  struct inos_runtime *runtime;
  uint64_t min_age;
  uint32_t room;
  size_t count, unknown;
  struct inos_wait_cycle cycle[CYCLES_MAX];
};

/* On a thread of the pool. */
static void find_cycles (const struct inos_task *task, void *argument)
{
  struct look *look = argument;

  look->count = inos_health_cycles (look->runtime, look->min_age, LOOK_TIME, look->cycle,
                                    look->room, &look->unknown);
}

static void add_wait (GVariantBuilder *waits, struct inos_runtime *runtime,
                      const struct inos_wait *wait)
{
  struct inos_actor_health who;

  inos_health_glance (runtime, wait->who, &who); /* which may have gone since; it is empty then */
  g_variant_builder_add (waits, "(t@sstst)", wait->who, node_question_string (who.name),
                         node_question_behaviour_name (who.behaviour), wait->whom,
                         wait->kind == INOS_WAIT_ROOM ? "room" : "reply", wait->age);
}

static enum inos_outcome on_looked (void *state, struct inos_context *context,
                                    enum inos_replied status, const void *reply, uint64_t tag)
{
  struct question *self = state;
  const struct look *look = inos_computed (reply);
  GVariantBuilder cycles = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (INOS_CYCLE_ROWS_TYPE));

  if (!look) {
    g_variant_builder_clear (&cycles);
    return node_question_refuse (self, context, INOS_API_ERROR_FAILED,
                                 "The node is too busy to look for this. Ask again later.");
  }
  for (size_t i = 0; i < look->count; i++) {
    const struct inos_wait_cycle *cycle = &look->cycle[i];
    g_variant_builder_open (&cycles, G_VARIANT_TYPE ("(ua(tsstst))"));
    g_variant_builder_add (&cycles, "u", cycle->length);
    g_variant_builder_open (&cycles, G_VARIANT_TYPE ("a(tsstst)"));
    for (uint32_t k = 0; k < MIN (cycle->length, INOS_CYCLE_MAX); k++)
      add_wait (&cycles, self->runtime, &cycle->wait[k]);
    g_variant_builder_close (&cycles);
    g_variant_builder_close (&cycles);
  }
  return node_question_answer (
    self, context,
    g_variant_new ("(ua(ua(tsstst)))", (guint32)MIN (look->unknown, G_MAXUINT32), &cycles));
}

enum inos_outcome node_question_start_cycles (struct question *self, struct inos_context *context)
{
  struct look *look = g_new0 (struct look, 1);
  uint32_t min_age, limit;

  g_variant_get (self->parameters, "(uu)", &min_age, &limit);
  look->runtime = self->runtime;
  look->min_age = min_age * INOS_MILLISECOND;
  look->room = CLAMP (limit, 1, CYCLES_MAX);
  if (inos_compute (context, find_cycles, look, g_free, NODE_QUESTION_PATIENCE, on_looked, 0) ==
      INOS_NO_MEMORY)
    return node_question_refuse (self, context, INOS_API_ERROR_FAILED,
                                 "There is no memory to look for this. Ask again later.");
  return INOS_OK;
}
