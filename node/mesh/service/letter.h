/*
 * Letters: messages that say themselves what they are, so that they can go to an actor on another
 * node, and come from there. An actor that wants to be reached handles the protocol `node_letter`
 * beside its own; who sends does not know how far away it is (node_mesh.reach in mesh_actor.h finds
 * the address of "PEER/NAME").
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"
#include "node/mesh/remote/message.h"
#include "node/mesh/wire/peer_id.h"

struct node_letter {
  GVariant *body;   /* owned; inos_remote_body_fits() */
  uint64_t until;   /* ns of the runtime's clock when nobody wants it any more; 0: never */
  uint16_t version; /* of what it is called */
  uint8_t priority; /* enum inos_priority; on the other node */
  char type[INOS_REMOTE_NAME_MAX + 1]; /* what it is called; inos_remote_name_is_right() */
  char from[INOS_PEER_TEXT_MAX];       /* the peer it comes from; "": this node */
};

struct node_letter_answer {
  GVariant *body; /* owned */
};

#define NODE_LETTER(MESSAGE, REQUEST)                                                              \
  MESSAGE (node_letter, tell, struct node_letter, 1, .clear = node_letter_clear,                   \
           .copy = node_letter_copy)                                                               \
  REQUEST (node_letter, ask, struct node_letter, struct node_letter_answer, 1,                     \
           .clear = node_letter_clear, .clear_reply = node_letter_answer_clear)
INOS_PROTOCOL (node_letter, NODE_LETTER);

/** node_letter_answer_clear: drops what it owns; for who could not send it. */
void node_letter_answer_clear (void *answer);
/** node_letter_clear: the same of a letter. */
void node_letter_clear (void *letter);
void node_letter_copy (void *to, const void *from);

/*
 * A front is the mailbox of a letterbox: bounded, under the name by which others reach it. It hands
 * letters on to the actor behind it as far as that has room, and what does not fit waits in it, and
 * then with who sends. Where it ends its monitors and links are told, with the reason for which
 * the actor behind it stops it.
 */

#define NODE_FRONT_BLOCK_MS 5000u /* that a sender waits */

/* What a front may hand on; shared with who is behind it. */
struct node_room;
/** node_room_new: @units at first, of inos_remote_units(). */
struct node_room *node_room_new (uint32_t units);
struct node_room *node_room_ref (struct node_room *room);
void node_room_unref (struct node_room *room);
/** node_room_give: there are @units more; @front goes on. */
void node_room_give (struct inos_context *context, struct node_room *room, inos_actor_id front,
                     uint32_t units);

/**
 * node_front_spawn: the running actor is behind it.
 * @name: under which it is registered
 * @capacity: letters that it keeps itself
 *
 * Returns: its id; 0: @name is taken, or there is no memory.
 */
inos_actor_id node_front_spawn (struct inos_context *context, const char *name, uint32_t capacity,
                                struct node_room *room);
