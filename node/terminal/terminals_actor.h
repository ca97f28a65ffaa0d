/*
 * The actor through which the rest of the node speaks with its terminals.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"
#include "node/api/frame.h"

#define NODE_TERMINALS_NAME "terminals" /* in its runtime */
/* Here it publishes what becomes of them, for connections that have asked for the list. */
#define NODE_TERMINALS_TOPIC "terminals"

struct node_terminals_question {
  const char *type;     /* a message "terminals.…" of the message table; static */
  GVariant *parameters; /* owned */
};

struct node_terminals_answer {
  GVariant *payload;        /* owned; NULL: refused */
  enum inos_api_error code; /* why, and in a sentence */
  char sentence[240];
};

#define NODE_TERMINALS(MESSAGE, REQUEST)                                                           \
  REQUEST (node_terminals, ask, struct node_terminals_question, struct node_terminals_answer, 1,   \
           .clear = node_terminals_question_clear, .clear_reply = node_terminals_answer_clear)
INOS_PROTOCOL (node_terminals, NODE_TERMINALS);

/* Its argument is a struct inos_setup *. */
extern const struct inos_behaviour node_terminals_behaviour;
