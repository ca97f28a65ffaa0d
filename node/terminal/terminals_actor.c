/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/terminal/terminals_actor.h"

#include "node/actor/edge.h"
#include "node/actor/route.h"
#include "node/api/connection_actor.h"
#include "node/api/messages.h"
#include "node/terminal/terminals.h"
#include "node/tree/setup.h"

#include <string.h>

static void node_terminals_question_clear (void *message)
{
  g_variant_unref (((struct node_terminals_question *)message)->parameters);
}

static void node_terminals_answer_clear (void *message)
{
  g_clear_pointer (&((struct node_terminals_answer *)message)->payload, g_variant_unref);
}

INOS_PROTOCOL_DEFINE (node_terminals, NODE_TERMINALS);

struct holder {
  struct inos_runtime *runtime;
  inos_actor_id id;
  struct inos_setup *setup;
  struct inos_context *answering; /* while it does */
};

/* News */

/* Takes a floating @payload. */
static void publish (struct holder *self, struct inos_context *context, const char *type,
                     GVariant *payload)
{
  struct inos_frame event = {
    .kind = INOS_EVENT,
    .priority = INOS_PRIORITY_NORMAL,
    .version = INOS_MESSAGE_VERSION,
    .id = ++self->setup->last_frame,
    .payload = g_variant_ref_sink (payload),
  };

  g_strlcpy (event.type, type, sizeof event.type);
  struct node_connection_frame frame = {.frame = inos_frame_encode (&event)};
  inos_frame_clear (&event);
  if (frame.frame &&
      !inos_sent_took (node_connection_publish_event (context, NODE_TERMINALS_TOPIC, frame)))
    g_bytes_unref (frame.frame);
}

/* From the main loop, or from the question that brought it about. */
static void tell (struct holder *self, const char *type, GVariant *payload)
{
  if (self->answering) {
    publish (self, self->answering, type, payload);
    return;
  }
  struct inos_context *context = inos_edge_enter (self->runtime, self->id);
  if (!context) {
    g_variant_unref (g_variant_ref_sink (payload));
    return;
  }
  publish (self, context, type, payload);
  inos_edge_leave (context, INOS_OK);
}

static void on_opened (uint64_t id, void *data)
{
  tell (data, INOS_TERMINALS_OPENED, g_variant_new ("(t)", (guint64)id));
}

static void on_changed (uint64_t id, const char *title, void *data)
{
  tell (data, INOS_TERMINALS_CHANGED, g_variant_new ("(ts)", (guint64)id, title));
}

static void on_ended (uint64_t id, int32_t code, int32_t signal, void *data)
{
  tell (data, INOS_TERMINALS_ENDED, g_variant_new ("(tii)", (guint64)id, code, signal));
}

static void on_closed (uint64_t id, void *data)
{
  tell (data, INOS_TERMINALS_CLOSED, g_variant_new ("(t)", (guint64)id));
}

static const struct inos_terminals_events events = {on_opened, on_changed, on_ended, on_closed};

/* Questions */

static bool not_found (GError **error, guint64 id)
{
  g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_NOT_FOUND,
               "There is no terminal %" G_GUINT64_FORMAT ".", id);
  return false;
}

static GVariant *open_one (struct inos_terminals *terminals, GVariant *parameters, GError **error)
{
  g_autofree const char **command = NULL;
  g_autofree const char **environment = NULL;
  const char *directory;
  guint columns, rows;

  g_variant_get (parameters, "(&s^a&s^a&suu)", &directory, &command, &environment, &columns, &rows);
  uint64_t id =
    inos_terminals_open (terminals, directory, command, environment, columns, rows, error);
  return id ? g_variant_new ("(t)", (guint64)id) : NULL;
}

static GVariant *close_one (struct inos_terminals *terminals, GVariant *parameters, GError **error)
{
  guint64 id;

  g_variant_get (parameters, "(t)", &id);
  return inos_terminals_close (terminals, id) || not_found (error, id) ? g_variant_new ("()")
                                                                       : NULL;
}

static GVariant *list (struct inos_terminals *terminals, GVariant *parameters, GError **error)
{
  return g_variant_new ("(@" INOS_TERMINAL_ROWS_TYPE ")", inos_terminals_list (terminals));
}

static GVariant *resize (struct inos_terminals *terminals, GVariant *parameters, GError **error)
{
  guint64 id;
  guint columns, rows;

  g_variant_get (parameters, "(tuu)", &id, &columns, &rows);
  return inos_terminals_resize (terminals, id, columns, rows) || not_found (error, id)
           ? g_variant_new ("()")
           : NULL;
}

static const struct {
  const char *type;
  GVariant *(*answer) (struct inos_terminals *terminals, GVariant *parameters, GError **error);
} questions[] = {
  {INOS_TERMINALS_CLOSE, close_one},
  {INOS_TERMINALS_LIST, list},
  {INOS_TERMINALS_OPEN, open_one},
  {INOS_TERMINALS_RESIZE, resize},
};

static GVariant *answer_of (struct holder *self, const struct node_terminals_question *question,
                            GError **error)
{
  if (!self->setup->terminals) {
    g_set_error (
      error, INOS_API_ERROR, INOS_API_ERROR_FAILED,
      "This node has no terminals. It is the machine's and not a user's, or its log says "
      "why.");
    return NULL;
  }
  for (size_t i = 0; i < G_N_ELEMENTS (questions); i++)
    if (strcmp (questions[i].type, question->type) == 0)
      return questions[i].answer (self->setup->terminals, question->parameters, error);
  g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_UNKNOWN_MESSAGE,
               "The node does not answer this message.");
  return NULL;
}

INOS_HANDLE (node_terminals, ask, struct holder)
{
  g_autoptr (GError) error = NULL;
  struct node_terminals_answer answer = {0};

  self->answering = context;
  answer.payload = answer_of (self, message, &error);
  self->answering = NULL;
  if (answer.payload) {
    g_variant_ref_sink (answer.payload);
  } else {
    const char *stop; /* it may have been cut within a character */
    answer.code = (enum inos_api_error)error->code;
    g_strlcpy (answer.sentence, error->message, sizeof answer.sentence);
    g_utf8_validate (answer.sentence, -1, &stop);
    answer.sentence[stop - answer.sentence] = '\0';
  }
  if (!inos_sent_took (node_terminals_reply_ask (context, answer)))
    node_terminals_answer_clear (&answer);
  return INOS_OK;
}

/* Life cycle */

static struct inos_terminals *make (const char *socket, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (socket);
  g_autofree char *path = g_build_filename (folder, INOS_TERMINALS_SOCKET, NULL);

  g_mkdir_with_parents (folder, 0700);
  return inos_terminals_new (path, error);
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  g_autoptr (GError) error = NULL;
  struct holder *self = state;

  self->runtime = inos_context_runtime (context);
  self->id = inos_self (context);
  self->setup = *(struct inos_setup *const *)argument;
  if (!self->setup->terminals && self->setup->has_terminals)
    self->setup->terminals = make (self->setup->socket, &error);
  if (error)
    g_warning ("There are no terminals on this node: %s", error->message);
  if (self->setup->terminals)
    inos_terminals_listen (self->setup->terminals, &events, self);
  return INOS_OK;
}

static void clear (void *state)
{
  struct holder *self = state;

  if (self->setup && self->setup->terminals)
    inos_terminals_listen (self->setup->terminals, NULL, NULL);
}

INOS_BEHAVIOUR (node_terminals, NODE_TERMINALS, struct holder, .on_edge = true,
                .pre_start = pre_start, .clear = clear);
