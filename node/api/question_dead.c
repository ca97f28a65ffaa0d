/*
 * What became of dead letters, and to send them again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/actor/dead_letter.h"
#include "node/api/question_private.h"

#include <inttypes.h>

#define KEPT 256 /* as many as the runtime keeps */

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

/* To whom the letter @number was. Returns: false where it is not kept any more. */
static bool find_recipient (struct question *self, uint64_t number, inos_actor_id *recipient)
{
  g_autofree struct inos_dead_letter *letters = g_new (struct inos_dead_letter, KEPT);
  size_t count = inos_dead_letters (self->runtime, letters, KEPT);

  for (size_t i = 0; i < count; i++)
    if (letters[i].number == number) {
      *recipient = letters[i].recipient;
      return true;
    }
  return false;
}

/* Finds to whom letter @number goes, as `target`. One that is for nobody stays where it is. */
static bool aim_letter (struct question *self, struct inos_context *context, uint64_t number,
                        const char *who)
{
  inos_actor_id recipient;

  if (*who && !node_question_aim (self, context, who))
    return false;
  if (!find_recipient (self, number, &recipient)) {
    node_question_refuse (self, context, INOS_API_ERROR_NOT_FOUND,
                          "There is no dead letter %" PRIu64
                          ": it has been sent again, is too old, or never was.",
                          number);
    return false;
  }
  if (*who || inos_health_glance (self->runtime, recipient, &self->target))
    return true;
  node_question_refuse (self, context, INOS_API_ERROR_NOT_FOUND,
                        "Whom dead letter %" PRIu64 " was for has gone. Say who is to get it.",
                        number);
  return false;
}

enum inos_outcome node_question_start_resend (struct question *self, struct inos_context *context)
{
  uint64_t number;
  const char *who;

  g_variant_get (self->parameters, "(t&s)", &number, &who);
  if (!aim_letter (self, context, number, who))
    return INOS_DONE;
  struct inos_address to = INOS_TO (self->target.id);
  enum inos_sent sent = inos_dead_letter_resend (self->runtime, number, &to);
  if (sent == INOS_DEAD)
    return node_question_refuse (
      self, context, INOS_API_ERROR_FAILED,
      "Dead letter %" PRIu64 " cannot be sent again: it is an answer, or its actor has just ended.",
      number);
  return node_question_answer (self, context, g_variant_new ("(s)", inos_sent_name (sent)));
}
