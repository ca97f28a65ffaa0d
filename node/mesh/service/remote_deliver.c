/*
 * The deliverer: what comes from another node for one actor of this one, sent as by an actor here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/remote_actor.h"

#include <string.h>

#define CANCELLED_MAX INOS_REMOTE_ASKED_MAX /* that may wait here to be delivered */

struct delivery {
  struct node_letter letter; /* owned body; `until` is not known yet */
  uint64_t id;               /* 0: not to be answered */
  uint32_t remaining;        /* ms */
};
struct cancelled {
  uint64_t id;
};

static void node_deliverer_delivery_clear (void *message)
{
  node_letter_clear (&((struct delivery *)message)->letter);
}

/* What was cancelled overtakes what waits. */
#define NODE_DELIVERER(MESSAGE, REQUEST)                                                           \
  MESSAGE (node_deliverer, deliver, struct delivery, 1, .clear = node_deliverer_delivery_clear)    \
  MESSAGE (node_deliverer, cancel, struct cancelled, 1, INOS_PRIORITY (INOS_PRIORITY_HIGH))
INOS_PROTOCOL (node_deliverer, NODE_DELIVERER);
INOS_PROTOCOL_DEFINE (node_deliverer, NODE_DELIVERER);

struct seed {
  struct inos_remote_link *link; /* owned */
  uint64_t session;
  inos_actor_id target;
  char from[INOS_PEER_TEXT_MAX];
};

struct deliverer {
  struct seed seed;
  uint64_t cancelled[CANCELLED_MAX]; /* a ring; 0: none */
  unsigned next;
};

static void order (struct deliverer *self, enum inos_remote_what what,
                   const struct inos_remote_message *message)
{
  inos_remote_link_do (
    self->seed.link,
    &(struct inos_remote_order){.what = what, .session = self->seed.session, .message = *message});
}

static void answer (struct deliverer *self, uint64_t id, enum inos_remote_status status,
                    GVariant *body)
{
  order (self, INOS_REMOTE_DO_ANSWER,
         &(struct inos_remote_message){.id = id, .amount = status, .body = body});
}

static bool was_cancelled (const struct deliverer *self, uint64_t id)
{
  for (unsigned i = 0; id && i < CANCELLED_MAX; i++)
    if (self->cancelled[i] == id)
      return true;
  return false;
}

static enum inos_outcome on_answered (void *state, struct inos_context *context,
                                      enum inos_replied status,
                                      const struct node_letter_answer *reply, uint64_t id)
{
  static const enum inos_remote_status statuses[] = {
    [INOS_REPLIED] = INOS_REMOTE_REPLIED,       [INOS_TIMED_OUT] = INOS_REMOTE_TIMED_OUT,
    [INOS_REPLY_DEAD] = INOS_REMOTE_DEAD,       [INOS_REPLY_FULL] = INOS_REMOTE_FULL,
    [INOS_REPLY_REFUSED] = INOS_REMOTE_REFUSED,
  };

  answer (state, id, statuses[status], status == INOS_REPLIED ? reply->body : NULL);
  return INOS_OK;
}

/* Returns: whether it was sent, or at least is somebody else's now. */
static enum inos_sent deliver (struct inos_context *context, const struct deliverer *self,
                               const struct delivery *delivery)
{
  node_letter_ref to = {INOS_TO (self->seed.target)};
  const struct inos_send_options options = {
    .ttl_ms = delivery->remaining, .has_priority = true, .priority = delivery->letter.priority};
  struct node_letter letter = delivery->letter;
  uint64_t patience = delivery->remaining > 0 ? delivery->remaining * INOS_MILLISECOND : UINT64_MAX;

  g_variant_ref (letter.body);
  memcpy (letter.from, self->seed.from, sizeof letter.from);
  letter.until = delivery->remaining > 0 ? inos_now (context) + patience : 0;
  enum inos_sent sent = delivery->id ? node_letter_request_ask (context, to, letter, patience,
                                                                on_answered, delivery->id)
                                     : node_letter_send_tell_with (context, to, letter, &options);
  if (!inos_sent_took (sent))
    node_letter_clear (&letter);
  return sent;
}

/* It is done with when it has left this mailbox. Where the actor's own is full it is this one that
 * waits, and with it whoever sends more. */
INOS_HANDLE (node_deliverer, deliver, struct deliverer)
{
  uint32_t units = inos_remote_units (message->letter.body);

  if (!was_cancelled (self, message->id) && deliver (context, self, message) == INOS_NO_MEMORY &&
      message->id)
    answer (self, message->id, INOS_REMOTE_FULL, NULL);
  order (self, INOS_REMOTE_DO_TAKEN, &(struct inos_remote_message){.amount = units});
  return INOS_OK;
}

INOS_HANDLE (node_deliverer, cancel, struct deliverer)
{
  self->cancelled[self->next++ % CANCELLED_MAX] = message->id;
  return INOS_OK;
}

/* Life cycle */

static enum inos_outcome on_down (void *state, struct inos_context *context, inos_actor_id who,
                                  struct inos_exit reason)
{
  struct inos_remote_over why = node_far_end (reason);

  order (state, INOS_REMOTE_DO_END,
         &(struct inos_remote_message){.amount = why.end, .code = why.code});
  return INOS_DONE;
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  struct deliverer *self = state;

  self->seed = *(const struct seed *)argument;
  inos_remote_link_ref (self->seed.link);
  inos_monitor (context, self->seed.target);
  return INOS_OK;
}

static void clear (void *state)
{
  g_clear_pointer (&((struct deliverer *)state)->seed.link, inos_remote_link_unref);
}

INOS_BEHAVIOUR (node_deliverer, NODE_DELIVERER, struct deliverer, .pre_start = pre_start,
                .on_down = on_down, .clear = clear);

static void clear_seed (void *seed)
{
  inos_remote_link_unref (((struct seed *)seed)->link);
}

/* From the mesh's thread */

inos_actor_id node_deliverer_spawn (struct inos_runtime *runtime, struct inos_remote_link *link,
                                    uint64_t session, const struct inos_peer_id *peer,
                                    inos_actor_id target)
{
  struct seed seed = {.link = inos_remote_link_ref (link), .session = session, .target = target};

  inos_peer_id_text (peer, seed.from);
  return inos_runtime_spawn (runtime, &(struct inos_spawn){.behaviour = &node_deliverer_behaviour,
                                                           .argument = &seed,
                                                           .argument_size = sizeof seed,
                                                           .clear_argument = clear_seed});
}

void node_deliverer_letter (struct inos_runtime *runtime, inos_actor_id deliverer,
                            const struct inos_remote_message *letter)
{
  struct delivery delivery = {.id = letter->id, .remaining = letter->remaining};

  delivery.letter = (struct node_letter){
    .body = g_variant_ref (letter->body), .version = letter->version, .priority = letter->priority};
  g_strlcpy (delivery.letter.type, letter->name, sizeof delivery.letter.type);
  if (!inos_sent_took (
        node_deliverer_post_deliver (runtime, (node_deliverer_ref){INOS_TO (deliverer)}, delivery)))
    node_deliverer_delivery_clear (&delivery);
}

void node_deliverer_cancel (struct inos_runtime *runtime, inos_actor_id deliverer, uint64_t id)
{
  node_deliverer_post_cancel (runtime, (node_deliverer_ref){INOS_TO (deliverer)},
                              (struct cancelled){id});
}

void node_deliverer_gone (struct inos_runtime *runtime, inos_actor_id deliverer)
{
  inos_runtime_stop_actor (runtime, deliverer, (struct inos_exit){INOS_EXIT_SHUTDOWN, 0});
}
