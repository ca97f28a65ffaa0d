/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/mailbox.h"

#include "node/actor/route.h"
#include "node/api/messages.h"

#define ROOM 64u /* units that are with the one who reads */
#define WHO_MAX (INOS_REMOTE_NAME_MAX + sizeof "mailbox:")

static void node_mailbox_letters_clear (void *message)
{
  g_clear_pointer (&((struct node_mailbox_letters *)message)->rows, g_variant_unref);
}

static void node_mailbox_reply_clear (void *message)
{
  g_clear_pointer (&((struct node_mailbox_reply *)message)->body, g_variant_unref);
}

INOS_PROTOCOL_DEFINE (node_mailbox, NODE_MAILBOX);

struct seed {
  uint32_t capacity;
  char name[INOS_REMOTE_NAME_MAX + 1];
};

/* A letter that has not been read, or a question that has not been answered. */
struct kept {
  uint64_t number;
  struct inos_request_id request; /* id 0: none */
  struct node_letter letter;      /* owned body */
};

struct mailbox {
  inos_actor_id front;
  struct node_room *room; /* owned */
  uint64_t last;
  GQueue letters; /* struct kept, owned; not read */
  GQueue asked;   /* struct kept without a body, owned: read, and not answered */
  struct inos_request_id reader;
  struct node_mailbox_take wish; /* the reader's */
};

static void kept_free (void *data)
{
  struct kept *kept = data;

  node_letter_clear (&kept->letter);
  g_free (kept);
}

/* Reading */

static GVariant *rows_of (const struct mailbox *self, uint32_t limit)
{
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (INOS_LETTER_ROWS_TYPE));
  uint32_t n = 0;

  for (const GList *at = self->letters.head; at && n < limit; at = at->next, n++) {
    const struct kept *kept = at->data;
    g_variant_builder_add (&rows, "(tssbv)", kept->number, kept->letter.from, kept->letter.type,
                           (gboolean)(kept->request.id != 0), kept->letter.body);
  }
  return g_variant_ref_sink (g_variant_builder_end (&rows));
}

static void answer_reader (struct mailbox *self, struct inos_context *context)
{
  struct inos_request_id reader = self->reader;

  if (!reader.id || g_queue_is_empty (&self->letters))
    return;
  self->reader.id = 0;
  struct node_mailbox_letters letters = {rows_of (self, self->wish.limit)};
  if (!inos_sent_took (node_mailbox_reply_take_to (context, reader, letters)))
    node_mailbox_letters_clear (&letters);
}

/* A question stays until it is answered; who waits longest has to go. */
static void keep_question (struct mailbox *self, struct inos_context *context, struct kept *kept)
{
  node_letter_clear (&kept->letter);
  g_queue_push_tail (&self->asked, kept);
  if (self->asked.length <= NODE_MAILBOX_ASKED_MAX)
    return;
  struct kept *oldest = g_queue_pop_head (&self->asked);
  inos_decline (context, oldest->request, INOS_REPLY_FULL);
  kept_free (oldest);
}

static void drop_read (struct mailbox *self, struct inos_context *context, uint64_t after)
{
  uint32_t units = 0;

  while (self->letters.head && ((struct kept *)self->letters.head->data)->number <= after) {
    struct kept *kept = g_queue_pop_head (&self->letters);
    units += inos_remote_units (kept->letter.body);
    if (kept->request.id)
      keep_question (self, context, kept);
    else
      kept_free (kept);
  }
  if (units > 0)
    node_room_give (context, self->room, self->front, units);
}

INOS_HANDLE (node_mailbox, take, struct mailbox)
{
  inos_decline (context, self->reader, INOS_REPLY_REFUSED); /* there is one reader, the last */
  self->reader = inos_request_handled (context);
  self->wish = *message;
  self->wish.limit = CLAMP (self->wish.limit, 1, NODE_MAILBOX_ROWS);
  drop_read (self, context, message->after);
  answer_reader (self, context);
  return INOS_OK;
}

/* Answering */

static struct kept *take_question (struct mailbox *self, uint64_t number)
{
  for (GList *at = self->asked.head; at; at = at->next) {
    struct kept *kept = at->data;
    if (kept->number == number) {
      g_queue_delete_link (&self->asked, at);
      return kept;
    }
  }
  return NULL;
}

/* One that has been read and not said to be yet can be answered too. */
static struct inos_request_id question_of (struct mailbox *self, uint64_t number)
{
  struct inos_request_id request = {0};
  g_autofree struct kept *asked = take_question (self, number);

  if (asked)
    return asked->request;
  for (GList *at = self->letters.head; at; at = at->next) {
    struct kept *kept = at->data;
    if (kept->number != number)
      continue;
    request = kept->request;
    kept->request.id = 0;
  }
  return request;
}

INOS_HANDLE (node_mailbox, reply, struct mailbox)
{
  struct inos_request_id request = question_of (self, message->number);

  if (request.id) {
    struct node_letter_answer answer = {g_variant_ref (message->body)};
    if (!inos_sent_took (node_letter_reply_ask_to (context, request, answer)))
      node_letter_answer_clear (&answer);
  }
  node_mailbox_reply_reply (context, (struct node_mailbox_replied){request.id != 0});
  return INOS_OK;
}

INOS_HANDLE (node_mailbox, begin, struct mailbox)
{
  node_mailbox_reply_begin (context, INOS_NOTHING);
  return INOS_OK;
}

INOS_HANDLE (node_mailbox, close, struct mailbox)
{
  inos_stop (context, self->front, (struct inos_exit){INOS_EXIT_NORMAL, 0});
  return INOS_DONE;
}

static enum inos_outcome take_in (struct mailbox *self, struct inos_context *context,
                                  const struct node_letter *letter)
{
  struct kept *kept = g_new0 (struct kept, 1);

  kept->number = ++self->last;
  kept->request = inos_request_handled (context);
  kept->letter = *letter;
  g_variant_ref (kept->letter.body);
  g_queue_push_tail (&self->letters, kept);
  answer_reader (self, context);
  return INOS_OK;
}

/* Life cycle */

static enum inos_outcome on_down (void *state, struct inos_context *context, inos_actor_id who,
                                  struct inos_exit reason)
{
  return who == ((struct mailbox *)state)->front ? INOS_DONE : INOS_OK;
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  const struct seed *seed = argument;
  struct mailbox *self = state;

  g_queue_init (&self->letters);
  g_queue_init (&self->asked);
  self->room = node_room_new (ROOM);
  self->front = node_front_spawn (context, seed->name, seed->capacity, self->room);
  if (!self->front)
    return INOS_DONE; /* who waits for it to begin is told that it is gone */
  inos_monitor (context, self->front);
  return INOS_OK;
}

static void clear (void *state)
{
  struct mailbox *self = state;

  g_queue_clear_full (&self->letters, kept_free);
  g_queue_clear_full (&self->asked, kept_free);
  g_clear_pointer (&self->room, node_room_unref);
}

INOS_BEHAVIOUR (node_mailbox, NODE_MAILBOX, struct mailbox);

static enum inos_outcome receive (void *state, struct inos_context *context,
                                  const struct inos_message *message)
{
  if (message->type->protocol == &node_letter_protocol)
    return take_in (state, context, message->payload);
  return node_mailbox_behaviour.receive (state, context, message);
}

static const struct inos_behaviour behaviour = {
  .name = "node_mailbox",
  .protocol = &node_mailbox_protocol,
  .state_size = sizeof (struct mailbox),
  .pre_start = pre_start,
  .receive = receive,
  .on_down = on_down,
  .clear = clear,
};

/* No letter can be sent to a name with a colon. */
static void who_reads (const char *name, char out[WHO_MAX])
{
  g_snprintf (out, WHO_MAX, "mailbox:%s", name);
}

inos_actor_id node_mailbox_spawn (struct inos_context *context, const char *name, uint32_t capacity)
{
  struct seed seed = {.capacity = CLAMP (capacity, 1, NODE_MAILBOX_CAPACITY_MAX)};
  char who[WHO_MAX];

  who_reads (name, who);
  g_strlcpy (seed.name, name, sizeof seed.name);
  return inos_spawn_actor (context, &(struct inos_spawn){.behaviour = &behaviour,
                                                         .argument = &seed,
                                                         .argument_size = sizeof seed,
                                                         .name = who});
}

node_mailbox_ref node_mailbox_address (struct inos_runtime *runtime, const char *name)
{
  char who[WHO_MAX];

  who_reads (name, who);
  return (node_mailbox_ref){INOS_TO (inos_lookup (runtime, who))};
}
