/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/letter.h"

#include <stdatomic.h>

void node_letter_clear (void *letter)
{
  g_clear_pointer (&((struct node_letter *)letter)->body, g_variant_unref);
}

void node_letter_copy (void *to, const void *from)
{
  memcpy (to, from, sizeof (struct node_letter));
  g_variant_ref (((struct node_letter *)to)->body);
}

void node_letter_answer_clear (void *answer)
{
  g_clear_pointer (&((struct node_letter_answer *)answer)->body, g_variant_unref);
}

INOS_PROTOCOL_DEFINE (node_letter, NODE_LETTER);

/* Room */

struct node_room {
  gatomicrefcount refs;
  _Atomic int64_t units; /* at most 0: the front is paused, or about to be */
};

struct node_room *node_room_new (uint32_t units)
{
  struct node_room *room = g_new0 (struct node_room, 1);

  g_atomic_ref_count_init (&room->refs);
  atomic_init (&room->units, units);
  return room;
}

struct node_room *node_room_ref (struct node_room *room)
{
  g_atomic_ref_count_inc (&room->refs);
  return room;
}

void node_room_unref (struct node_room *room)
{
  if (g_atomic_ref_count_dec (&room->refs))
    g_free (room);
}

void node_room_give (struct inos_context *context, struct node_room *room, inos_actor_id front,
                     uint32_t units)
{
  int64_t before = atomic_fetch_add (&room->units, units);

  if (before <= 0 && before + units > 0)
    inos_resume (context, front);
}

/* The front */

struct front {
  inos_actor_id back;
  struct node_room *room; /* owned */
};

static enum inos_outcome receive (void *state, struct inos_context *context,
                                  const struct inos_message *message)
{
  struct front *self = state;

  if (message->type->protocol != &node_letter_protocol)
    return inos_unhandled (context, message);
  const struct node_letter *letter = message->payload;
  int64_t units = inos_remote_units (letter->body);
  if (inos_forward (context, INOS_TO (self->back)) == INOS_NO_MEMORY)
    return inos_fail (context, 0, "no memory to hand a letter on");
  if (atomic_fetch_sub (&self->room->units, units) - units <= 0)
    inos_pause (context);
  return INOS_OK;
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  struct front *self = state;

  *self = *(const struct front *)argument;
  node_room_ref (self->room);
  if (atomic_load (&self->room->units) <= 0)
    inos_pause (context);
  return INOS_OK;
}

static void clear (void *state)
{
  g_clear_pointer (&((struct front *)state)->room, node_room_unref);
}

static void clear_argument (void *argument)
{
  node_room_unref (((struct front *)argument)->room);
}

static const struct inos_behaviour front_behaviour = {
  .name = "node_front",
  .protocol = &node_letter_protocol,
  .state_size = sizeof (struct front),
  .pre_start = pre_start,
  .receive = receive,
  .clear = clear,
};

inos_actor_id node_front_spawn (struct inos_context *context, const char *name, uint32_t capacity,
                                struct node_room *room)
{
  struct front front = {inos_self (context), node_room_ref (room)};

  return inos_spawn_actor (context, &(struct inos_spawn){.behaviour = &front_behaviour,
                                                         .argument = &front,
                                                         .argument_size = sizeof front,
                                                         .clear_argument = clear_argument,
                                                         .capacity = capacity,
                                                         .on_full = INOS_ON_FULL_BLOCK,
                                                         .block_timeout_ms = NODE_FRONT_BLOCK_MS,
                                                         .name = name});
}
