/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "inos-config.h"

#include "node/api/connection_actor.h"

#include "node/actor/edge.h"
#include "node/actor/route.h"
#include "node/api/access.h"
#include "node/api/connection.h"
#include "node/api/feed.h"
#include "node/api/messages.h"
#include "node/api/question.h"
#include "node/api/resources.h"
#include "node/arena/arena_actor.h"
#include "node/identity/identity_actor.h"
#include "node/mesh/service/mesh_actor.h"
#include "node/monitor/monitor_actor.h"
#include "node/terminal/terminals_actor.h"
#include "node/tree/setup.h"

#include <string.h>
#include <unistd.h>

/* Whoever is asked lives in this process: it answers, or the runtime does in its place. */
#define FOR_EVER UINT64_MAX
#define QUESTIONS 16 /* at a time */

static void node_connection_frame_clear (void *message)
{
  g_bytes_unref (((struct node_connection_frame *)message)->frame);
}

INOS_PROTOCOL_DEFINE (node_connection, NODE_CONNECTION);

struct peer;

/* A guest's request that waits for polkit's word. */
struct check {
  struct peer *peer;
  struct inos_authority_question *question; /* NULL: free */
  struct inos_frame request;
  struct inos_need need;
};

struct peer {
  struct inos_runtime *runtime;
  inos_actor_id id;
  struct inos_setup *setup;
  struct inos_api_connection *connection;
  struct inos_frame asked;               /* what is being answered, without its payload */
  uint32_t interval;                     /* of the subscription, ms; 0: none */
  struct inos_frame question[QUESTIONS]; /* id 0: free. Others do not wait for these answers */
  struct inos_asker who;
  struct inos_guest *guest; /* NULL: one of the node's own */
  int process;              /* a guest's pidfd; -1: it is not known */
  struct check check[INOS_GUEST_QUESTIONS];
};

struct handler {
  const char *type;
  enum inos_sent (*handle) (struct peer *self, struct inos_context *context, GVariant *payload);
};

static void refuse (struct peer *self, enum inos_api_error code, const char *sentence)
{
  inos_api_connection_error (self->connection, &self->asked, ++self->setup->last_frame, code,
                             sentence);
  inos_api_connection_go_on (self->connection);
}

static void answer (struct peer *self, GVariant *payload)
{
  inos_api_connection_reply (self->connection, &self->asked, ++self->setup->last_frame, payload);
  inos_api_connection_go_on (self->connection);
}

/* Whether there is an answer; if not, the peer is told so. */
static bool is_answered (struct peer *self, enum inos_replied status)
{
  if (status == INOS_REPLIED)
    return true;
  refuse (self, INOS_API_ERROR_FAILED,
          status == INOS_REPLY_DEAD
            ? "The part of the node that knows this has failed and is being "
              "started again. Ask again."
            : "The node is too busy to answer this. Ask again later.");
  return false;
}

/* Requests */

static enum inos_outcome on_described (void *state, struct inos_context *context,
                                       enum inos_replied status,
                                       const struct node_identity_description *reply, uint64_t tag)
{
  g_autofree char *host = g_utf8_make_valid (g_get_host_name(), -1);
  struct peer *self = state;

  if (is_answered (self, status))
    answer (self, g_variant_new ("(sssxs)", reply->peer_id, INOS_VERSION, host,
                                 self->setup->started, reply->public_key));
  return INOS_OK;
}

static enum inos_sent handle_info (struct peer *self, struct inos_context *context,
                                   GVariant *payload)
{
  node_identity_ref identity = {inos_address_of_name (self->runtime, NODE_IDENTITY_NAME)};

  return node_identity_request_describe (context, identity, INOS_NOTHING, FOR_EVER, on_described,
                                         0);
}

static node_monitor_ref the_monitor (struct peer *self)
{
  return (node_monitor_ref){inos_address_of_name (self->runtime, NODE_MONITOR_NAME)};
}

static enum inos_outcome on_looked (void *state, struct inos_context *context,
                                    enum inos_replied status, const struct node_monitor_look *reply,
                                    uint64_t tag)
{
  if (is_answered (state, status))
    answer (state, inos_resources_to_variant (&reply->sight->sample));
  return INOS_OK;
}

static enum inos_sent handle_resources (struct peer *self, struct inos_context *context,
                                        GVariant *payload)
{
  return node_monitor_request_look (context, the_monitor (self), INOS_NOTHING, FOR_EVER, on_looked,
                                    0);
}

static enum inos_outcome on_alerts (void *state, struct inos_context *context,
                                    enum inos_replied status, const struct inos_alerts *reply,
                                    uint64_t tag)
{
  if (is_answered (state, status))
    answer (state, inos_alerts_to_variant (reply));
  return INOS_OK;
}

static enum inos_sent handle_alerts (struct peer *self, struct inos_context *context,
                                     GVariant *payload)
{
  return node_monitor_request_alerts (context, the_monitor (self), INOS_NOTHING, FOR_EVER,
                                      on_alerts, 0);
}

static enum inos_outcome on_subscribed (void *state, struct inos_context *context,
                                        enum inos_replied status,
                                        const struct node_feed_interval *reply, uint64_t tag)
{
  struct peer *self = state;

  if (!is_answered (self, status))
    return INOS_OK;
  self->interval = reply->ms;
  answer (self, g_variant_new ("(u)", reply->ms));
  return INOS_OK;
}

static enum inos_sent ask_feed (struct peer *self, struct inos_context *context, uint32_t interval,
                                node_feed_subscribe_done done)
{
  node_feed_ref feed = {inos_address_of_name (self->runtime, NODE_FEED_NAME)};

  return node_feed_request_subscribe (context, feed, (struct node_feed_interval){interval},
                                      FOR_EVER, done, 0);
}

static enum inos_sent handle_subscribe (struct peer *self, struct inos_context *context,
                                        GVariant *payload)
{
  uint32_t interval;

  g_variant_get (payload, "(u)", &interval);
  return ask_feed (self, context, interval, on_subscribed);
}

static enum inos_outcome on_arena (void *state, struct inos_context *context,
                                   enum inos_replied status, const struct node_arena_grant *reply,
                                   uint64_t tag)
{
  struct peer *self = state;

  if (!is_answered (self, status))
    return INOS_OK;
  if (reply->fd[NODE_ARENA_MEMORY] < 0) {
    refuse (self, INOS_API_ERROR_TOO_MANY, reply->sentence);
    return INOS_OK;
  }
  inos_api_connection_reply_with (self->connection, &self->asked, ++self->setup->last_frame,
                                  g_variant_new_tuple (NULL, 0), reply->fd, NODE_ARENA_FDS);
  inos_api_connection_go_on (self->connection);
  return INOS_OK;
}

static enum inos_sent handle_arena (struct peer *self, struct inos_context *context,
                                    GVariant *payload)
{
  node_arena_ref arena = {inos_address_of_name (self->runtime, NODE_ARENA_NAME)};

  return node_arena_request_open (context, arena, INOS_NOTHING, FOR_EVER, on_arena, 0);
}

static const struct handler handlers[] = {
  {INOS_NODE_ALERTS, handle_alerts},       {INOS_NODE_ARENA, handle_arena},
  {INOS_NODE_INFO, handle_info},           {INOS_NODE_RESOURCES, handle_resources},
  {INOS_NODE_SUBSCRIBE, handle_subscribe},
};

static const struct handler *handler_of (const char *type)
{
  for (size_t i = 0; i < G_N_ELEMENTS (handlers); i++)
    if (strcmp (handlers[i].type, type) == 0)
      return &handlers[i];
  return NULL;
}

/* Questions, each of which is an actor of its own and may take its time */

static enum inos_outcome on_answered (void *state, struct inos_context *context,
                                      enum inos_replied status,
                                      const struct node_question_answer *reply, uint64_t place)
{
  struct peer *self = state;
  struct inos_frame asked = self->question[place];

  self->question[place].id = 0;
  if (status == INOS_REPLIED && reply->payload)
    inos_api_connection_reply (self->connection, &asked, ++self->setup->last_frame, reply->payload);
  else if (status == INOS_REPLIED)
    inos_api_connection_error (self->connection, &asked, ++self->setup->last_frame, reply->code,
                               reply->sentence);
  else
    inos_api_connection_error (
      self->connection, &asked, ++self->setup->last_frame, INOS_API_ERROR_FAILED,
      status == INOS_TIMED_OUT ? "This takes longer than one waits for an answer. It goes on."
                               : "The node cannot answer this now. Ask again.");
  return INOS_OK;
}

/* Returns: whether there was room for it, and memory. */
static bool ask_around (struct peer *self, struct inos_context *context,
                        const struct node_question_kind *kind, const struct inos_frame *request)
{
  unsigned place = 0;

  while (place < QUESTIONS && self->question[place].id)
    place++;
  if (place == QUESTIONS)
    return false;
  inos_actor_id who = node_question_spawn (context, self->guest);
  if (!who)
    return false;
  if (strcmp (request->type, INOS_MESH_SUBSCRIBE) == 0)
    inos_subscribe (context, NODE_MESH_TOPIC);
  if (strcmp (request->type, INOS_MESH_MEMBERS) == 0)
    inos_subscribe (context, NODE_MEMBERS_TOPIC);
  if (strcmp (request->type, INOS_MESH_GROUPS) == 0)
    inos_subscribe (context, NODE_GROUPS_TOPIC);
  if (strcmp (request->type, INOS_MESH_STATES) == 0)
    inos_subscribe (context, NODE_STATES_TOPIC);
  if (strcmp (request->type, INOS_TERMINALS_LIST) == 0)
    inos_subscribe (context, NODE_TERMINALS_TOPIC);
  self->question[place] = *request;
  self->question[place].payload = NULL;
  struct node_question_text text = {
    .kind = kind,
    .message = inos_message_find (request->type, request->version),
    .parameters = g_variant_ref (request->payload),
  };
  if (node_question_put (context, who, text, on_answered, place))
    return true;
  self->question[place].id = 0;
  return false;
}

/* Says no to a request that is not held. */
static void turn_down (struct peer *self, const struct inos_frame *request,
                       enum inos_api_error code, const char *sentence)
{
  inos_api_connection_error (self->connection, request, ++self->setup->last_frame, code, sentence);
}

/* Does what is asked for, whoever may ask it. */
static void act (struct peer *self, struct inos_context *context, const struct inos_frame *request)
{
  const struct node_question_kind *kind = node_question_find (request->type);
  const struct handler *handler = handler_of (request->type);

  if (kind) {
    if (!ask_around (self, context, kind, request))
      turn_down (self, request, INOS_API_ERROR_TOO_MANY,
                 "So many questions wait for their answers already.");
    return;
  }
  if (!handler) {
    turn_down (self, request, INOS_API_ERROR_UNKNOWN_MESSAGE,
               "The node does not answer this message.");
    return;
  }
  self->asked = *request;
  self->asked.payload = NULL;
  inos_api_connection_hold (self->connection);
  if (handler->handle (self, context, request->payload) == INOS_NO_MEMORY)
    refuse (self, INOS_API_ERROR_FAILED, "The node has no memory for this. Ask again later.");
}

/* Guests, of whom polkit says what they may */

static char *why_not (enum inos_authority_word word, const char *action)
{
  switch (word) {
  case INOS_AUTHORITY_CHALLENGE:
    return g_strdup_printf ("This needs an administrator's password (polkit's %s), and nobody can "
                            "be asked for it here. Ask in a desktop session, or as root.",
                            action);
  case INOS_AUTHORITY_DISMISSED:
    return g_strdup_printf ("No administrator's password was given (polkit's %s).", action);
  case INOS_AUTHORITY_ABSENT:
    return g_strdup ("There is no word of polkit here: root, this node's own user and members of "
                     "its group may do this.");
  default:
    return g_strdup_printf ("polkit does not let you do this (%s). An administrator can, and can "
                            "allow it by a rule.",
                            action);
  }
}

static void end_check (struct check *check)
{
  check->peer->guest->questions--;
  check->question = NULL;
  inos_frame_clear (&check->request);
}

static void on_said (enum inos_authority_word word, void *data)
{
  struct check *check = data;
  struct peer *self = check->peer;
  const struct inos_need need = check->need;
  struct inos_frame request = check->request;
  struct inos_context *context = inos_edge_enter (self->runtime, self->id);

  check->request.payload = NULL; /* ours now */
  end_check (check);
  if (handler_of (request.type)) /* it was held */
    inos_api_connection_go_on (self->connection);
  if (context && word == INOS_AUTHORITY_YES) {
    if (need.changes)
      g_message ("User %u asks for %s, and polkit allows it (%s).", self->who.uid, request.type,
                 need.action);
    act (self, context, &request);
  } else if (context) {
    g_autofree char *sentence = why_not (word, need.action);
    turn_down (self, &request, INOS_API_ERROR_ACCESS_DENIED, sentence);
  }
  inos_frame_clear (&request);
  if (context)
    inos_edge_leave (context, INOS_OK);
}

static struct check *free_check (struct peer *self)
{
  if (self->guest->questions >= INOS_GUEST_QUESTIONS)
    return NULL;
  for (size_t i = 0; i < G_N_ELEMENTS (self->check); i++)
    if (!self->check[i].question)
      return &self->check[i];
  return NULL;
}

/* What is not a question is answered in its turn, also by polkit. */
static void ask_polkit (struct peer *self, const struct inos_frame *request, struct inos_need need)
{
  struct check *check = free_check (self);

  if (check)
    check->question = inos_authority_ask (self->setup->authority, self->process, self->who.pid,
                                          self->who.uid, need.action, need.changes, on_said, check);
  if (!check || !check->question) {
    turn_down (self, request, INOS_API_ERROR_TOO_MANY,
               "So many questions of yours wait for their answers already.");
    return;
  }
  self->guest->questions++;
  check->peer = self;
  check->need = need;
  check->request = *request;
  check->request.payload = request->payload ? g_variant_ref (request->payload) : NULL;
  if (handler_of (request->type))
    inos_api_connection_hold (self->connection);
}

static void on_guests_request (struct peer *self, const struct inos_frame *request)
{
  const struct inos_api_message *message = inos_message_find (request->type, request->version);
  struct inos_need need = {0};

  if (message)
    need = inos_need_of (message);
  if (!inos_guest_within_rate (self->guest))
    turn_down (self, request, INOS_API_ERROR_TOO_MANY,
               "There are too many requests of yours a second.");
  else if (!need.action)
    turn_down (self, request, INOS_API_ERROR_ACCESS_DENIED,
               "Terminals, processes, logs and the arena are a person's: your own node has them, "
               "the machine's does not.");
  else if (self->process < 0)
    turn_down (self, request, INOS_API_ERROR_ACCESS_DENIED,
               "The process that connected has ended, or the kernel does not say which it is "
               "(Linux 6.5 does): polkit cannot be asked. Connect again.");
  else
    ask_polkit (self, request, need);
}

static void on_request (struct inos_api_connection *connection, const struct inos_frame *request,
                        void *data)
{
  struct peer *self = data;

  if (self->guest) {
    on_guests_request (self, request);
    return;
  }
  struct inos_context *context = inos_edge_enter (self->runtime, self->id);
  if (!context)
    return;
  act (self, context, request);
  inos_edge_leave (context, INOS_OK);
}

static void on_closed (struct inos_api_connection *connection, void *data)
{
  struct peer *self = data;
  struct inos_context *context = inos_edge_enter (self->runtime, self->id);

  if (context)
    inos_edge_leave (context, INOS_DONE);
}

/* Messages */

INOS_HANDLE (node_connection, event, struct peer)
{
  inos_api_connection_event (self->connection, message->frame, message->newest_only);
  return INOS_OK;
}

static enum inos_outcome on_renewed (void *state, struct inos_context *context,
                                     enum inos_replied status,
                                     const struct node_feed_interval *reply, uint64_t tag)
{
  return INOS_OK; /* where it is gone again, the next one will say so */
}

INOS_HANDLE (node_connection, renew, struct peer)
{
  if (self->interval)
    ask_feed (self, context, self->interval, on_renewed);
  return INOS_OK;
}

/* Life cycle */

static const struct inos_api_connection_events events = {on_request, on_closed};

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  const struct node_connection_seed *seed = argument;
  struct peer *self = state;

  self->runtime = inos_context_runtime (context);
  self->id = inos_self (context);
  self->setup = seed->setup;
  self->process = -1;
  /* The server has let it in: where the kernel does not say who it is now, it is nobody's own. */
  if (!inos_peer_look (seed->fd, self->setup->group, &self->who))
    self->who = (struct inos_asker){.uid = (uid_t)-1};
  if (!self->who.own) {
    self->guest = inos_guests_enter (self->setup->guests, self->who.uid);
    self->process = inos_peer_process (seed->fd);
  }
  self->connection =
    inos_api_connection_new (seed->fd, self->setup->frame_timeout_ms, &events, self);
  inos_subscribe (context, NODE_FEED_TOPIC);
  return INOS_OK;
}

static void leave (struct peer *self)
{
  for (size_t i = 0; i < G_N_ELEMENTS (self->check); i++)
    if (self->check[i].question) {
      inos_authority_forget (self->check[i].question);
      end_check (&self->check[i]);
    }
  if (self->process >= 0)
    close (self->process);
  inos_guests_leave (self->setup->guests, self->guest);
}

static void clear (void *state)
{
  struct peer *self = state;

  if (self->guest)
    leave (self);
  inos_api_connection_free (self->connection);
}

INOS_BEHAVIOUR (node_connection, NODE_CONNECTION, struct peer, .on_edge = true,
                .pre_start = pre_start, .clear = clear);
