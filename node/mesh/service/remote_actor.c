/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/remote_actor.h"

#include "node/actor/route.h"

#include <string.h>

static void node_far_answer_free (void *message)
{
  g_clear_pointer (&((struct node_far_answer *)message)->body, g_variant_unref);
}

INOS_PROTOCOL_DEFINE (node_far, NODE_FAR);
INOS_PROTOCOL_DEFINE (node_reach, NODE_REACH);

#define TRIES 8 /* to get a name */

struct seed {
  struct inos_remote_link *link; /* owned */
  struct inos_peer_id peer;
  char name[INOS_REMOTE_NAME_MAX + 1];
};

struct far {
  struct inos_remote_link *link; /* owned */
  struct inos_peer_id peer;
  uint64_t session, last; /* number of the last question */
  inos_actor_id front;    /* 0: none */
  struct node_room *room; /* owned */
  GHashTable *asked;      /* number → struct inos_request_id */
  bool over;
};

void node_far_name (const struct inos_peer_id *peer, const char *name, char out[NODE_FAR_NAME_MAX])
{
  char id[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (peer, id);
  g_snprintf (out, NODE_FAR_NAME_MAX, "%s/%s", id, name);
}

struct inos_exit node_far_exit (struct inos_remote_over why)
{
  static const enum inos_exit_kind kinds[INOS_REMOTE_ENDS] = {
    [INOS_REMOTE_NORMAL] = INOS_EXIT_NORMAL, [INOS_REMOTE_SHUTDOWN] = INOS_EXIT_SHUTDOWN,
    [INOS_REMOTE_KILLED] = INOS_EXIT_KILLED, [INOS_REMOTE_ERROR] = INOS_EXIT_ERROR,
    [INOS_REMOTE_NOBODY] = INOS_EXIT_NOBODY, [INOS_REMOTE_TOO_MANY] = INOS_EXIT_LOST,
    [INOS_REMOTE_LOST] = INOS_EXIT_LOST,
  };

  return (struct inos_exit){kinds[why.end], why.code};
}

struct inos_remote_over node_far_end (struct inos_exit reason)
{
  switch (reason.kind) {
  case INOS_EXIT_NORMAL:
    return (struct inos_remote_over){INOS_REMOTE_NORMAL, reason.code};
  case INOS_EXIT_SHUTDOWN:
    return (struct inos_remote_over){INOS_REMOTE_SHUTDOWN, reason.code};
  case INOS_EXIT_KILLED:
    return (struct inos_remote_over){INOS_REMOTE_KILLED, reason.code};
  case INOS_EXIT_NOBODY:
    return (struct inos_remote_over){INOS_REMOTE_NOBODY, reason.code};
  case INOS_EXIT_ERROR:
  case INOS_EXIT_START:
  case INOS_EXIT_ESCALATED:
  case INOS_EXIT_MEMORY:
  case INOS_EXIT_LOST:
    break;
  }
  return (struct inos_remote_over){INOS_REMOTE_ERROR, reason.code};
}

/* Orders */

static bool order (struct far *self, enum inos_remote_what what,
                   const struct inos_remote_message *message)
{
  return inos_remote_link_do (
    self->link,
    &(struct inos_remote_order){.what = what, .session = self->session, .message = *message});
}

static enum inos_outcome end (struct far *self, struct inos_context *context,
                              struct inos_remote_over why)
{
  self->over = true;
  if (self->front)
    inos_stop (context, self->front, node_far_exit (why));
  return INOS_DONE; /* what has been asked is answered with INOS_REPLY_DEAD */
}

/* Letters */

static uint32_t remaining_of (const struct node_letter *letter, uint64_t now)
{
  uint64_t ms = letter->until > 0 ? (letter->until - now) / INOS_MILLISECOND + 1 : 0;

  return (uint32_t)MIN (ms, INOS_REMOTE_REMAINING_MAX);
}

static enum inos_outcome send_letter (struct far *self, struct inos_context *context,
                                      const struct node_letter *letter, bool asks)
{
  struct inos_request_id request = inos_request_handled (context);
  uint64_t now = inos_now (context);

  if ((letter->until > 0 && letter->until <= now) || inos_remote_body_fits (letter->body) ||
      !inos_remote_name_is_right (letter->type)) {
    node_room_give (context, self->room, self->front, inos_remote_units (letter->body));
    inos_decline (context, request,
                  letter->until > 0 && letter->until <= now ? INOS_TIMED_OUT : INOS_REPLY_REFUSED);
    return INOS_OK;
  }
  struct inos_remote_message message = {.version = letter->version,
                                        .priority = letter->priority,
                                        .remaining = remaining_of (letter, now),
                                        .body = letter->body};
  g_strlcpy (message.name, letter->type, sizeof message.name);
  if (asks) {
    message.id = ++self->last;
    g_hash_table_insert (self->asked, g_memdup2 (&message.id, sizeof message.id),
                         g_memdup2 (&request, sizeof request));
    inos_monitor (context, request.sender);
  }
  if (!order (self, INOS_REMOTE_DO_SEND, &message))
    return end (self, context, (struct inos_remote_over){.end = INOS_REMOTE_LOST});
  return INOS_OK;
}

/* From the mesh */

INOS_HANDLE (node_far, room, struct far)
{
  node_room_give (context, self->room, self->front, message->units);
  return INOS_OK;
}

INOS_HANDLE (node_far, answer, struct far)
{
  static const enum inos_replied statuses[INOS_REMOTE_STATUSES] = {
    [INOS_REMOTE_TIMED_OUT] = INOS_TIMED_OUT,
    [INOS_REMOTE_DEAD] = INOS_REPLY_DEAD,
    [INOS_REMOTE_FULL] = INOS_REPLY_FULL,
    [INOS_REMOTE_REFUSED] = INOS_REPLY_REFUSED,
  };
  const struct inos_request_id *found = g_hash_table_lookup (self->asked, &message->id);

  if (!found)
    return INOS_OK; /* who asked has gone */
  struct inos_request_id request = *found;
  g_hash_table_remove (self->asked, &message->id);
  inos_demonitor (context, request.sender);
  if (message->status != INOS_REMOTE_REPLIED) {
    inos_decline (context, request, statuses[message->status]);
    return INOS_OK;
  }
  struct node_letter_answer answer = {g_variant_ref (message->body)};
  if (!inos_sent_took (node_letter_reply_ask_to (context, request, answer)))
    node_letter_answer_clear (&answer);
  return INOS_OK;
}

INOS_HANDLE (node_far, over, struct far)
{
  return end (self, context, message->why);
}

/* Life cycle */

/* Nobody waits for the answers to what @who has asked. */
static void cancel (struct far *self, inos_actor_id who)
{
  GHashTableIter iter;
  gpointer id, request;

  g_hash_table_iter_init (&iter, self->asked);
  while (g_hash_table_iter_next (&iter, &id, &request)) {
    if (((const struct inos_request_id *)request)->sender != who)
      continue;
    order (self, INOS_REMOTE_DO_CANCEL, &(struct inos_remote_message){.id = *(uint64_t *)id});
    g_hash_table_iter_remove (&iter);
  }
}

static enum inos_outcome on_down (void *state, struct inos_context *context, inos_actor_id who,
                                  struct inos_exit reason)
{
  struct far *self = state;

  if (who != self->front) {
    cancel (self, who);
    return INOS_OK;
  }
  return INOS_DONE;
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  const struct seed *seed = argument;
  struct far *self = state;
  char name[NODE_FAR_NAME_MAX];

  self->link = inos_remote_link_ref (seed->link);
  self->peer = seed->peer;
  self->asked = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->room = node_room_new (0);
  node_far_name (&seed->peer, seed->name, name);
  for (unsigned i = 0; !self->front && i < TRIES; i++) {
    self->front = node_front_spawn (context, name, NODE_FAR_CAPACITY, self->room);
    if (self->front)
      break;
    /* Somebody was faster, and theirs is as good; or the one before has not quite gone. */
    self->front = inos_lookup (inos_context_runtime (context), name);
    self->over = self->front != 0;
  }
  if (self->over || !self->front) {
    self->over = true;
    return INOS_OK;
  }
  inos_monitor (context, self->front);
  self->session = inos_remote_link_number (self->link);
  struct inos_remote_order open = {.what = INOS_REMOTE_DO_OPEN,
                                   .session = self->session,
                                   .actor = inos_self (context),
                                   .peer = seed->peer};
  g_strlcpy (open.message.name, seed->name, sizeof open.message.name);
  if (!inos_remote_link_do (self->link, &open))
    return end (self, context, (struct inos_remote_over){.end = INOS_REMOTE_LOST});
  return INOS_OK;
}

static void clear (void *state)
{
  struct far *self = state;

  if (self->session)
    order (
      self, INOS_REMOTE_DO_END,
      &(struct inos_remote_message){.amount = INOS_REMOTE_LOST}); /* where it is not over yet */
  g_clear_pointer (&self->asked, g_hash_table_unref);
  g_clear_pointer (&self->room, node_room_unref);
  g_clear_pointer (&self->link, inos_remote_link_unref);
}

INOS_BEHAVIOUR (node_far, NODE_FAR, struct far);

static enum inos_outcome receive (void *state, struct inos_context *context,
                                  const struct inos_message *message)
{
  struct far *self = state;

  if (message->type->protocol == &node_letter_protocol)
    return send_letter (self, context, message->payload,
                        message->type->ordinal == node_letter_ask_ordinal);
  if (message->type->protocol != &node_reach_protocol)
    return node_far_behaviour.receive (state, context, message);
  node_reach_reply_find (context, (struct node_far_front){self->front});
  return self->over ? INOS_DONE : INOS_OK;
}

static const struct inos_behaviour far_behaviour = {
  .name = "node_far",
  .protocol = &node_far_protocol,
  .state_size = sizeof (struct far),
  .pre_start = pre_start,
  .receive = receive,
  .on_down = on_down,
  .clear = clear,
};

static void clear_seed (void *seed)
{
  inos_remote_link_unref (((struct seed *)seed)->link);
}

static inos_actor_id spawn_far (struct inos_context *context, struct inos_remote_link *link,
                                const struct inos_peer_id *peer, const char *name)
{
  struct seed seed = {inos_remote_link_ref (link), *peer, ""};

  g_strlcpy (seed.name, name, sizeof seed.name);
  return inos_spawn_actor (context, &(struct inos_spawn){.behaviour = &far_behaviour,
                                                         .argument = &seed,
                                                         .argument_size = sizeof seed,
                                                         .clear_argument = clear_seed});
}

/* Where there is none yet the far actor that is made says where it is. */
static inos_actor_id find (struct inos_context *context, struct inos_remote_link *link,
                           const char *self, const char *whom, bool *forwarded)
{
  const char *slash = strchr (whom, '/');
  char peer[INOS_PEER_TEXT_MAX], name[NODE_FAR_NAME_MAX];
  struct inos_peer_id id;

  if (!slash || slash - whom >= (ptrdiff_t)sizeof peer || !inos_remote_name_is_right (slash + 1))
    return 0;
  g_strlcpy (peer, whom, (gsize)(slash - whom) + 1);
  if (!inos_peer_id_parse (&id, peer))
    return 0;
  node_far_name (&id, slash + 1, name);
  if (g_str_has_prefix (name, self) && name[strlen (self)] == '/')
    return inos_lookup (inos_context_runtime (context), slash + 1);
  inos_actor_id known = inos_lookup (inos_context_runtime (context), name);
  if (known || !link)
    return known;
  inos_actor_id far = spawn_far (context, link, &id, slash + 1);
  *forwarded = far && inos_sent_took (inos_forward (context, INOS_TO (far)));
  return 0;
}

void node_reach_handle (struct inos_context *context, struct inos_remote_link *link,
                        const char *self, const struct node_reach_whom *whom)
{
  bool forwarded = false;
  inos_actor_id found = find (context, link, self, whom->name, &forwarded);

  if (!forwarded)
    node_reach_reply_find (context, (struct node_far_front){found});
}

/* From the mesh's thread */

static node_far_ref to (inos_actor_id far)
{
  return (node_far_ref){INOS_TO (far)};
}

void node_far_room (struct inos_runtime *runtime, inos_actor_id far, uint32_t units)
{
  node_far_post_room (runtime, to (far), (struct node_far_room){units});
}

void node_far_answer (struct inos_runtime *runtime, inos_actor_id far, uint64_t id,
                      enum inos_remote_status status, GVariant *body)
{
  struct node_far_answer answer = {id, status, body ? g_variant_ref (body) : NULL};

  if (!inos_sent_took (node_far_post_answer (runtime, to (far), answer)))
    node_far_answer_free (&answer);
}

void node_far_over (struct inos_runtime *runtime, inos_actor_id far, struct inos_remote_over why)
{
  node_far_post_over (runtime, to (far), (struct node_far_over){why});
}
