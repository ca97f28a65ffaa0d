/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/guests.h"
#include "node/api/question_private.h"

#include <stdarg.h>
#include <string.h>

#define PAGES 8 /* of a supervisor's children that are searched */
#define CHILD_TIME (500 * INOS_MILLISECOND)

struct node_question_kind {
  const char *type;
  node_question_start start;
};

static const struct node_question_kind kinds[] = {
  {INOS_ACTORS_ANSWER, node_question_start_mailbox},
  {INOS_ACTORS_ASK, node_question_start_letter},
  {INOS_ACTORS_CLOSE, node_question_start_mailbox},
  {INOS_ACTORS_CYCLES, node_question_start_cycles},
  {INOS_ACTORS_DEAD_LETTERS, node_question_start_dead_letters},
  {INOS_ACTORS_INSPECT, node_question_start_inspect},
  {INOS_ACTORS_LIST, node_question_start_list},
  {INOS_ACTORS_OPEN, node_question_start_mailbox},
  {INOS_ACTORS_PATH, node_question_start_path},
  {INOS_ACTORS_PATH_BEGIN, node_question_start_path_begin},
  {INOS_ACTORS_PATH_END, node_question_start_path_end},
  {INOS_ACTORS_RECEIVE, node_question_start_mailbox},
  {INOS_ACTORS_RESEND, node_question_start_resend},
  {INOS_ACTORS_RESTART, node_question_start_restart},
  {INOS_ACTORS_SEND, node_question_start_letter},
  {INOS_ACTORS_STOP, node_question_start_stop},
  {INOS_ACTORS_TRACE, node_question_start_trace},
  {INOS_ACTORS_TRACED, node_question_start_traced},
  {INOS_ACTORS_WAIT, node_question_start_letter},
};

static const struct node_question_kind of_machine = {NULL, node_question_start_machine};
static const struct node_question_kind of_mesh = {NULL, node_question_start_mesh};
static const struct node_question_kind of_terminals = {NULL, node_question_start_terminals};

static void node_question_text_clear (void *message)
{
  struct node_question_text *text = message;

  g_variant_unref (text->parameters);
}

static void node_question_answer_clear (void *message)
{
  g_clear_pointer (&((struct node_question_answer *)message)->payload, g_variant_unref);
}

INOS_PROTOCOL_DEFINE (node_question, NODE_QUESTION);

const struct node_question_kind *node_question_find (const char *type)
{
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].type, type) == 0)
      return &kinds[i];
  if (g_str_has_prefix (type, "machine."))
    return &of_machine;
  if (g_str_has_prefix (type, "terminals."))
    return &of_terminals;
  return g_str_has_prefix (type, "mesh.") ? &of_mesh : NULL;
}

/* Answers */

enum inos_outcome node_question_answer (struct question *self, struct inos_context *context,
                                        GVariant *payload)
{
  struct node_question_answer answer = {.payload = g_variant_ref_sink (payload)};

  if (!inos_sent_took (node_question_reply_ask_to (context, self->request, answer)))
    node_question_answer_clear (&answer);
  return INOS_DONE;
}

enum inos_outcome node_question_refuse (struct question *self, struct inos_context *context,
                                        enum inos_api_error code, const char *format, ...)
{
  struct node_question_answer answer = {.code = code};
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_strlcpy (answer.sentence, text, sizeof answer.sentence);
  if (!g_utf8_validate (answer.sentence, -1, NULL)) /* cut within a character */
    g_strlcpy (answer.sentence, "The node cannot do this.", sizeof answer.sentence);
  node_question_reply_ask_to (context, self->request, answer);
  return INOS_DONE;
}

enum inos_outcome node_question_pass_on (struct question *self, struct inos_context *context,
                                         GVariant *payload, enum inos_api_error code,
                                         const char *sentence)
{
  return payload ? node_question_answer (self, context, payload)
                 : node_question_refuse (self, context, code, "%s", sentence);
}

enum inos_outcome node_question_no_memory (struct question *self, struct inos_context *context)
{
  return node_question_refuse (self, context, INOS_API_ERROR_FAILED,
                               "The node has no memory for this. Ask again later.");
}

/* Whom it is about */

inos_actor_id node_question_lookup (struct question *self, const char *who)
{
  guint64 id = 0;

  if (*who == '\0' || strlen (who) > NODE_QUESTION_WHO_MAX)
    return 0;
  if (g_ascii_string_to_unsigned (who, 10, 1, G_MAXUINT64, &id, NULL))
    return id;
  return inos_lookup (self->runtime, who);
}

bool node_question_aim (struct question *self, struct inos_context *context, const char *who)
{
  inos_actor_id id = node_question_lookup (self, who);

  if (id && inos_health_outside (self->runtime, id, &self->target))
    return true;
  if (strlen (who) > NODE_QUESTION_WHO_MAX)
    node_question_refuse (self, context, INOS_API_ERROR_BAD_PAYLOAD,
                          "The name of an actor has at most %u bytes.", NODE_QUESTION_WHO_MAX);
  else
    node_question_refuse (self, context, INOS_API_ERROR_NOT_FOUND, "There is no actor “%s”.", who);
  return false;
}

bool node_question_is_supervisor (struct question *self, inos_actor_id id)
{
  struct inos_actor_health health;

  return id && inos_health_glance (self->runtime, id, &health) &&
         health.behaviour == &inos_supervisor_behaviour;
}

static void ask_for_page (struct question *self, struct inos_context *context);

static enum inos_outcome on_page (void *state, struct inos_context *context,
                                  enum inos_replied status,
                                  const struct inos_supervisor_children *page, uint64_t tag)
{
  struct question *self = state;

  if (status != INOS_REPLIED)
    return self->found (self, context, NULL, NULL);
  for (uint32_t i = 0; i < page->shown; i++)
    if (page->child[i].id == self->target.id)
      return self->found (self, context, page, &page->child[i]);
  self->skipped += page->shown;
  if (page->shown == 0 || self->skipped >= page->total ||
      self->skipped >= PAGES * INOS_CHILDREN_SHOWN)
    return self->found (self, context, page, NULL);
  ask_for_page (self, context);
  return INOS_OK;
}

static void ask_for_page (struct question *self, struct inos_context *context)
{
  inos_supervisor_request_which_children (
    context, (inos_supervisor_ref){INOS_TO (self->target.watcher)},
    (struct inos_supervisor_page){self->skipped}, CHILD_TIME, on_page, 0);
}

enum inos_outcome node_question_find_child (
  struct question *self, struct inos_context *context,
  enum inos_outcome (*found) (struct question *self, struct inos_context *context,
                              const struct inos_supervisor_children *page,
                              const struct inos_child_info *child))
{
  if (!node_question_is_supervisor (self, self->target.watcher))
    return found (self, context, NULL, NULL);
  self->found = found;
  self->skipped = 0;
  ask_for_page (self, context);
  return INOS_OK;
}

/* Words */

GVariant *node_question_string (const char *bytes)
{
  return g_variant_new_take_string (g_utf8_make_valid (bytes, -1));
}

const char *node_question_behaviour_name (const struct inos_behaviour *behaviour)
{
  return behaviour ? behaviour->name : "";
}

const char *node_question_state_name (enum inos_actor_state state)
{
  static const char *const names[] = {
    [INOS_STATE_STARTING] = "starting", [INOS_STATE_IDLE] = "idle",
    [INOS_STATE_READY] = "ready",       [INOS_STATE_RUNNING] = "running",
    [INOS_STATE_BUSY] = "busy",         [INOS_STATE_BLOCKED] = "blocked",
    [INOS_STATE_STUCK] = "stuck",
  };

  return (size_t)state < G_N_ELEMENTS (names) ? names[state] : "";
}

gint64 node_question_real_time (struct inos_context *context, uint64_t time)
{
  return g_get_real_time() - ((gint64)inos_now (context) - (gint64)time) / 1000;
}

/* The actor */

static void uncount (void *argument)
{
  (*(struct inos_guest *const *)argument)->questions--;
}

/* The guest is counted by the argument, which is there before the actor is, and then by its state;
 * both are released on the edge. A message's memory is not: as a dead letter it is kept, and freed
 * by whichever worker records another. */
inos_actor_id node_question_spawn (struct inos_context *context, struct inos_guest *guest)
{
  struct inos_spawn spawn = {.behaviour = &node_question_behaviour};

  if (guest) {
    spawn.argument = &guest;
    spawn.argument_size = sizeof (struct inos_guest *);
    spawn.clear_argument = uncount;
    guest->questions++;
  }
  return inos_spawn_actor (context, &spawn);
}

bool node_question_put (struct inos_context *context, inos_actor_id who,
                        struct node_question_text text, node_question_ask_done done, uint64_t tag)
{
  uint64_t patience = inos_message_patience (text.message) * INOS_MILLISECOND;

  if (inos_sent_took (node_question_request_ask (context, (node_question_ref){INOS_TO (who)}, text,
                                                 patience, done, tag)))
    return true;
  node_question_text_clear (&text);
  inos_kill (context, who);
  return false;
}

INOS_HANDLE (node_question, ask, struct question)
{
  if (self->request.id) /* one question is enough for one actor */
    return inos_fail (context, 0, "asked twice");
  self->request = inos_request_handled (context);
  self->message = message->message;
  self->parameters = g_variant_ref (message->parameters);
  self->managed = message->managed;
  return message->kind->start (self, context);
}

INOS_HANDLE (node_question, seen, struct question)
{
  return node_question_inspect_seen (self, context, message);
}

INOS_HANDLE (node_question, sent, struct question)
{
  return node_question_letter_sent (self, context);
}

INOS_HANDLE (node_question, unseen, struct question)
{
  return node_question_inspect_unseen (self, context);
}

static enum inos_outcome on_down (void *state, struct inos_context *context, inos_actor_id who,
                                  struct inos_exit reason)
{
  if (strcmp (((struct question *)state)->message->name, INOS_ACTORS_WAIT) == 0)
    return node_question_letter_down (state, context, reason);
  return node_question_stopped (state, context, who);
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  struct question *self = state;

  self->runtime = inos_context_runtime (context);
  self->guest = argument ? *(struct inos_guest *const *)argument : NULL;
  if (self->guest)
    self->guest->questions++;
  return INOS_OK;
}

static void clear (void *state)
{
  struct question *self = state;

  g_clear_pointer (&self->health, inos_health_question_end);
  g_clear_pointer (&self->parameters, g_variant_unref);
  g_free (self->more);
  if (self->guest)
    self->guest->questions--;
}

INOS_BEHAVIOUR (node_question, NODE_QUESTION, struct question, .on_edge = true,
                .pre_start = pre_start, .on_down = on_down, .clear = clear);
