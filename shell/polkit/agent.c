/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent.h"

#include "asker.h"
#include "request.h"
#include "talk.h"

#include <string.h>

enum { REQUESTS_MOST = 16, PROMPT_MOST = 200, WORDS_MOST = 400 };

typedef enum { WAITING, ASKED, CHECKING, FAILED } Phase;
static const char *const phases[] = {"waiting", "asked", "checking", "failed"};

struct InosPolkitAgent {
  PolkitAgentListener *listener;
  InosPolkitPublish publish;
  gpointer data;
  guint timeout;
  gboolean locked;

  GQueue requests; /* InosPolkitRequest; the first is asked */
  guint count;     /* of those that there ever were */

  /* of the first */
  PolkitAgentSession *session; /* NULL where none runs */
  guint person;
  Phase phase;
  char *prompt, *info, *error;
  gboolean shown;
  gboolean answered; /* something in this conversation */
  guint wrong;
  guint timeout_source, again_source;
};

/* What polkit's library calls. */

typedef struct {
  PolkitAgentListener parent;
  InosPolkitAgent *agent; /* NULL when that has gone */
} Listener;
typedef PolkitAgentListenerClass ListenerClass;
static GType listener_get_type (void);
G_DEFINE_TYPE (Listener, listener, POLKIT_AGENT_TYPE_LISTENER)

static void go_on (InosPolkitAgent *self);

/* What is to be seen */

static void publish (InosPolkitAgent *self)
{
  const InosPolkitRequest *request = g_queue_peek_head (&self->requests);
  GVariantDict dict;

  g_variant_dict_init (&dict, request ? request->about : NULL);
  if (request) {
    g_variant_dict_insert (&dict, "person", "u", self->person);
    g_variant_dict_insert (&dict, "phase", "s", phases[self->phase]);
    g_variant_dict_insert (&dict, "prompt", "s", self->prompt ? self->prompt : "");
    g_variant_dict_insert (&dict, "shown", "b", self->shown);
    g_variant_dict_insert (&dict, "info", "s", self->info ? self->info : "");
    g_variant_dict_insert (&dict, "error", "s", self->error ? self->error : "");
    g_variant_dict_insert (&dict, "wrong", "u", self->wrong);
    g_variant_dict_insert (&dict, "waiting", "u", self->requests.length - 1);
  }
  self->publish (g_variant_dict_end (&dict), self->data);
}

/* The conversation */

/* Not freed at once: polkit's library looks at it after it has said that it is over. */
static void stop (InosPolkitAgent *self)
{
  PolkitAgentSession *session = g_steal_pointer (&self->session);

  g_clear_handle_id (&self->again_source, g_source_remove);
  if (!session)
    return;
  g_signal_handlers_disconnect_by_data (session, self);
  polkit_agent_session_cancel (session);
  g_idle_add_once (g_object_unref, session);
}

static void forget_words (InosPolkitAgent *self)
{
  g_clear_pointer (&self->prompt, g_free);
  g_clear_pointer (&self->info, g_free);
  g_clear_pointer (&self->error, g_free);
}

/* Takes error, which is NULL where it was found out who is there. */
static void finish (InosPolkitAgent *self, InosPolkitRequest *request, GError *error)
{
  gboolean first = g_queue_peek_head (&self->requests) == request;

  g_queue_remove (&self->requests, request);
  if (first) {
    stop (self);
    forget_words (self);
    g_clear_handle_id (&self->timeout_source, g_source_remove);
  }
  if (error)
    g_task_return_error (request->task, error);
  else
    g_task_return_boolean (request->task, TRUE);
  inos_polkit_request_free (request);
  if (first)
    go_on (self);
  publish (self);
}

static void give_up (InosPolkitAgent *self, InosPolkitRequest *request, const char *why)
{
  finish (self, request, g_error_new_literal (POLKIT_ERROR, POLKIT_ERROR_CANCELLED, why));
}

static gboolean on_timeout (gpointer data)
{
  InosPolkitAgent *self = data;

  self->timeout_source = 0;
  give_up (self, g_queue_peek_head (&self->requests), "nobody answered");
  return G_SOURCE_REMOVE;
}

static void restart_timeout (InosPolkitAgent *self)
{
  g_clear_handle_id (&self->timeout_source, g_source_remove);
  self->timeout_source = g_timeout_add_seconds (self->timeout, on_timeout, self);
}

static void on_request (PolkitAgentSession *session, const char *text, gboolean echo,
                        InosPolkitAgent *self)
{
  g_free (self->prompt);
  self->prompt = inos_polkit_clean (text, PROMPT_MOST);
  self->shown = echo;
  self->phase = ASKED;
  publish (self);
}

static void on_info (PolkitAgentSession *session, const char *text, InosPolkitAgent *self)
{
  g_free (self->info);
  self->info = inos_polkit_clean (text, WORDS_MOST);
  publish (self);
}

static void on_error (PolkitAgentSession *session, const char *text, InosPolkitAgent *self)
{
  g_free (self->error);
  self->error = inos_polkit_clean (text, WORDS_MOST);
  publish (self);
}

static void start (InosPolkitAgent *self);

static gboolean on_again (gpointer data)
{
  InosPolkitAgent *self = data;

  self->again_source = 0;
  start (self);
  publish (self);
  return G_SOURCE_REMOVE;
}

/* A conversation in which nothing was answered would fail again at once, and again. */
static void on_completed (PolkitAgentSession *session, gboolean right, InosPolkitAgent *self)
{
  if (right) {
    finish (self, g_queue_peek_head (&self->requests), NULL);
    return;
  }
  g_signal_handlers_disconnect_by_data (session, self);
  self->phase = self->answered ? WAITING : FAILED;
  if (self->answered) {
    self->wrong++;
    /* Not from within its signal. */
    self->again_source = g_idle_add (on_again, self);
  }
  publish (self);
}

/* What PAM said of the last try stays until it says more. */
static void start (InosPolkitAgent *self)
{
  const InosPolkitRequest *request = g_queue_peek_head (&self->requests);

  stop (self);
  g_clear_pointer (&self->prompt, g_free);
  g_clear_pointer (&self->info, g_free);
  self->phase = WAITING;
  self->answered = self->shown = FALSE;
  self->session = polkit_agent_session_new (request->people->pdata[self->person], request->cookie);
  g_signal_connect (self->session, "request", G_CALLBACK (on_request), self);
  g_signal_connect (self->session, "show-info", G_CALLBACK (on_info), self);
  g_signal_connect (self->session, "show-error", G_CALLBACK (on_error), self);
  g_signal_connect (self->session, "completed", G_CALLBACK (on_completed), self);
  polkit_agent_session_initiate (self->session);
}

static void go_on (InosPolkitAgent *self)
{
  if (g_queue_is_empty (&self->requests))
    return;
  self->person = 0;
  self->wrong = 0;
  restart_timeout (self);
  start (self);
}

/* What polkit asks */

static gboolean on_gone (gpointer data)
{
  InosPolkitRequest *request = data;
  Listener *listener = g_task_get_source_object (request->task);

  give_up (listener->agent, request, "it is not asked any more");
  return G_SOURCE_REMOVE;
}

/* Its handlers cannot be taken away from within it. */
static void on_cancelled (GCancellable *cancellable, InosPolkitRequest *request)
{
  g_signal_handler_disconnect (cancellable, request->cancelled);
  request->cancelled = 0;
  on_gone (request);
}

static const char *find_refusal (InosPolkitAgent *self, const InosPolkitRequest *request)
{
  if (self->locked)
    return "the screen is locked";
  if (self->requests.length >= REQUESTS_MOST)
    return "too much is asked at once";
  return request->people->len == 0 ? "nobody with an account may allow it" : NULL;
}

static void listener_initiate (PolkitAgentListener *listener, const char *action,
                               const char *message, const char *icon, PolkitDetails *details,
                               const char *cookie, GList *identities, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer data)
{
  InosPolkitAgent *self = ((Listener *)listener)->agent;
  GTask *task = g_task_new (listener, cancellable, callback, data);
  InosPolkitRequest *request =
    inos_polkit_request_new (self->count + 1, task, cookie, action, message, details, identities);
  const char *refusal = find_refusal (self, request);

  /* Who asks learns why; by itself GTask would say that it was cancelled, and how often. */
  g_task_set_check_cancellable (task, FALSE);
  if (refusal) {
    g_task_return_new_error (task, POLKIT_ERROR, POLKIT_ERROR_CANCELLED, "%s", refusal);
    inos_polkit_request_free (request);
    return;
  }
  self->count++;
  g_queue_push_tail (&self->requests, request);
  request->cancelled =
    g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), request);
  if (self->requests.length == 1)
    go_on (self);
  publish (self);
}

static gboolean listener_initiate_finish (PolkitAgentListener *listener, GAsyncResult *result,
                                          GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void listener_class_init (ListenerClass *class)
{
  class->initiate_authentication = listener_initiate;
  class->initiate_authentication_finish = listener_initiate_finish;
}

static void listener_init (Listener *self)
{
}

/* The person's words */

static InosPolkitRequest *find_asked (InosPolkitAgent *self, guint id)
{
  InosPolkitRequest *request = g_queue_peek_head (&self->requests);

  return request && request->id == id ? request : NULL;
}

void inos_polkit_agent_set_locked (InosPolkitAgent *self, gboolean locked)
{
  self->locked = locked;
  while (locked && !g_queue_is_empty (&self->requests))
    give_up (self, g_queue_peek_tail (&self->requests), "the screen is locked");
}

/* Of the same person it is to try again. */
void inos_polkit_agent_choose (InosPolkitAgent *self, guint id, guint person)
{
  const InosPolkitRequest *request = find_asked (self, id);

  if (!request || person >= request->people->len)
    return;
  self->person = person;
  self->wrong = 0;
  g_clear_pointer (&self->error, g_free);
  restart_timeout (self);
  start (self);
  publish (self);
}

void inos_polkit_agent_answer (InosPolkitAgent *self, guint id, const char *text)
{
  if (!find_asked (self, id) || self->phase != ASKED)
    return;
  self->phase = CHECKING;
  self->answered = TRUE;
  forget_words (self);
  restart_timeout (self);
  publish (self);
  polkit_agent_session_response (self->session, text);
}

void inos_polkit_agent_cancel (InosPolkitAgent *self, guint id)
{
  InosPolkitRequest *request = find_asked (self, id);

  if (request)
    give_up (self, request, "the person did not want to");
}

/* Life */

PolkitAgentListener *inos_polkit_agent_get_listener (InosPolkitAgent *self)
{
  return self->listener;
}

InosPolkitAgent *inos_polkit_agent_new (guint timeout, InosPolkitPublish told, gpointer data)
{
  InosPolkitAgent *self = g_new0 (InosPolkitAgent, 1);

  *self = (InosPolkitAgent){.publish = told, .data = data, .timeout = timeout, .locked = TRUE};
  g_queue_init (&self->requests);
  self->listener = g_object_new (listener_get_type(), NULL);
  ((Listener *)self->listener)->agent = self;
  return self;
}

void inos_polkit_agent_free (InosPolkitAgent *self)
{
  if (!self)
    return;
  inos_polkit_agent_set_locked (self, TRUE);
  g_object_unref (self->listener);
  g_free (self);
}
