/*
 * One question of a peer about the actors: an actor that asks around, answers, and ends. It hangs
 * on nobody, so that it can stop and start again even those through whom it was asked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"
#include "node/actor/health.h"
#include "node/api/frame.h"
#include "node/api/messages.h"

/* After this it is answered that it takes long; what was begun goes on. Less than a peer waits. */
#define NODE_QUESTION_PATIENCE (INOS_API_PATIENCE * INOS_MILLISECOND)
/* Rows of one answer. */
#define NODE_QUESTION_ROWS 128u
/* The longest name or id of an actor that is looked for. */
#define NODE_QUESTION_WHO_MAX 63u

struct inos_guest;
struct node_question_kind;

struct node_question_text {
  const struct node_question_kind *kind;
  const struct inos_api_message *message;
  GVariant *parameters; /* owned */
  bool managed;         /* by a member of the mesh that has the right */
};

struct node_question_answer {
  GVariant *payload;        /* owned; NULL: refused */
  enum inos_api_error code; /* why, and in a sentence */
  char sentence[480];       /* an address of a relay is long */
};

#define NODE_QUESTION(MESSAGE, REQUEST)                                                            \
  REQUEST (node_question, ask, struct node_question_text, struct node_question_answer, 1,          \
           .clear = node_question_text_clear, .clear_reply = node_question_answer_clear)           \
  /* To itself: what an actor found when it looked at itself; no id: it has gone. */               \
  MESSAGE (node_question, seen, struct inos_actor_health, 1)                                       \
  /* What it has sent, and had to wait for, is there or lost. */                                   \
  MESSAGE (node_question, sent, struct inos_nothing, 1)                                            \
  /* It has not looked in time. */                                                                 \
  MESSAGE (node_question, unseen, struct inos_nothing, 1)
INOS_PROTOCOL (node_question, NODE_QUESTION);

extern const struct inos_behaviour node_question_behaviour;

/** node_question_find: (nullable): what answers the message @type. */
const struct node_question_kind *node_question_find (const char *type);

/**
 * node_question_spawn: an actor for one question, on the edge.
 * @guest: (nullable): whose it is, counted until it has gone; NULL: one of the node's own asks
 *
 * Returns: its id, or 0 where there is no memory or no place.
 */
inos_actor_id node_question_spawn (struct inos_context *context, struct inos_guest *guest);

/**
 * node_question_put: asks it.
 * @who: what node_question_spawn() has said; it ends where it cannot be asked
 * @text: (transfer full): what is asked
 * @done, @tag: as of inos_request()
 *
 * Returns: false where there is no memory; @done is not called then.
 */
bool node_question_put (struct inos_context *context, inos_actor_id who,
                        struct node_question_text text, node_question_ask_done done, uint64_t tag);
