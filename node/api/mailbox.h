/*
 * A mailbox for a program or a person: an actor that others send letters to, here and, where they
 * are allowed to, from other nodes; and that whoever made it reads and answers over the node's
 * socket. What is not read waits, and then whoever sends more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/service/letter.h"

#define NODE_MAILBOX_CAPACITY_MAX 65536u /* letters, beside those on the way to who reads */
#define NODE_MAILBOX_ROWS 256u           /* of one answer */
#define NODE_MAILBOX_ASKED_MAX                                                                     \
  1024u /* questions that wait for their answers; then the oldest goes */

struct node_mailbox_take {
  uint64_t after; /* these and all before have been read */
  uint32_t limit;
  uint32_t pad;
};
struct node_mailbox_letters {
  GVariant *rows; /* owned; INOS_LETTER_ROWS_TYPE */
};
struct node_mailbox_reply {
  uint64_t number;
  GVariant *body; /* owned */
};
struct node_mailbox_replied {
  uint32_t found;
};

#define NODE_MAILBOX(MESSAGE, REQUEST)                                                             \
  /* Answered when there is a letter. */                                                           \
  REQUEST (node_mailbox, take, struct node_mailbox_take, struct node_mailbox_letters, 1,           \
           .clear_reply = node_mailbox_letters_clear)                                              \
  REQUEST (node_mailbox, reply, struct node_mailbox_reply, struct node_mailbox_replied, 1,         \
           .clear = node_mailbox_reply_clear)                                                      \
  /* Answered when the mailbox is open. */                                                         \
  REQUEST (node_mailbox, begin, struct inos_nothing, struct inos_nothing, 1)                       \
  MESSAGE (node_mailbox, close, struct inos_nothing, 1)
INOS_PROTOCOL (node_mailbox, NODE_MAILBOX);

/**
 * node_mailbox_spawn:
 * @name: under which letters are sent to it
 * @capacity: letters that it keeps
 *
 * It ends at once where the name is taken.
 *
 * Returns: the actor to read from; 0: there is such a mailbox already, or no memory.
 */
inos_actor_id node_mailbox_spawn (struct inos_context *context, const char *name,
                                  uint32_t capacity);
/** node_mailbox_address: of the actor to read from. */
node_mailbox_ref node_mailbox_address (struct inos_runtime *runtime, const char *name);
