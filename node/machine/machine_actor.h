/*
 * The actor through which the rest of the node asks what this machine does.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"
#include "node/api/frame.h"

#define NODE_MACHINE_NAME "machine" /* in its runtime */

struct node_figures_question {
  const char *type;     /* a message "machine.…" of the message table; static */
  GVariant *parameters; /* owned */
  bool managed;         /* asked by another node, which was given the right */
};

struct node_figures_answer {
  GVariant *payload;        /* owned; NULL: refused */
  enum inos_api_error code; /* why, and in a sentence */
  char sentence[240];
};

#define NODE_FIGURES(MESSAGE, REQUEST)                                                             \
  REQUEST (node_figures, ask, struct node_figures_question, struct node_figures_answer, 1,         \
           .clear = node_figures_question_clear, .clear_reply = node_figures_answer_clear)
INOS_PROTOCOL (node_figures, NODE_FIGURES);

/* Its argument is a struct inos_setup *. */
extern const struct inos_behaviour node_figures_behaviour;
