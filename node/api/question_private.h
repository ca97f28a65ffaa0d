/*
 * What the files of a question share. Every step of one ends with node_question_answer(),
 * node_question_refuse(), or with INOS_OK where it waits for something.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/route.h"
#include "node/actor/supervisor.h"
#include "node/api/messages.h"
#include "node/api/question.h"

struct question {
  struct inos_runtime *runtime;
  struct inos_request_id request;
  const struct inos_api_message *message; /* what was asked */
  GVariant *parameters;
  struct inos_guest *guest;        /* that counts this; NULL: one of the node's own asks */
  bool managed;                    /* asked by another node, which may */
  struct inos_actor_health target; /* as seen from outside at first */
  void *more;                      /* of one kind; g_free */
  struct inos_health_question *health;
  /* of the search for a child */
  uint32_t skipped;
  enum inos_outcome (*found) (struct question *self, struct inos_context *context,
                              const struct inos_supervisor_children *page,
                              const struct inos_child_info *child);
};

typedef enum inos_outcome (*node_question_start) (struct question *self,
                                                  struct inos_context *context);

enum inos_outcome node_question_start_letter (struct question *self, struct inos_context *context);
enum inos_outcome node_question_start_mailbox (struct question *self, struct inos_context *context);
enum inos_outcome node_question_start_list (struct question *self, struct inos_context *context);
enum inos_outcome node_question_start_inspect (struct question *self, struct inos_context *context);
enum inos_outcome node_question_start_machine (struct question *self, struct inos_context *context);
enum inos_outcome node_question_start_mesh (struct question *self, struct inos_context *context);
enum inos_outcome node_question_start_terminals (struct question *self,
                                                 struct inos_context *context);
enum inos_outcome node_question_start_stop (struct question *self, struct inos_context *context);
enum inos_outcome node_question_start_restart (struct question *self, struct inos_context *context);
enum inos_outcome node_question_start_trace (struct question *self, struct inos_context *context);
enum inos_outcome node_question_start_traced (struct question *self, struct inos_context *context);
enum inos_outcome node_question_start_cycles (struct question *self, struct inos_context *context);
enum inos_outcome node_question_start_path (struct question *self, struct inos_context *context);
enum inos_outcome node_question_start_path_begin (struct question *self,
                                                  struct inos_context *context);
enum inos_outcome node_question_start_path_end (struct question *self,
                                                struct inos_context *context);
enum inos_outcome node_question_start_dead_letters (struct question *self,
                                                    struct inos_context *context);
enum inos_outcome node_question_start_resend (struct question *self, struct inos_context *context);

/* What comes to a question that inspects. */
enum inos_outcome node_question_inspect_seen (struct question *self, struct inos_context *context,
                                              const struct inos_actor_health *health);
enum inos_outcome node_question_inspect_unseen (struct question *self,
                                                struct inos_context *context);
/* What comes to one that sends a letter, and to one that waits for an end. */
enum inos_outcome node_question_letter_sent (struct question *self, struct inos_context *context);
enum inos_outcome node_question_letter_down (struct question *self, struct inos_context *context,
                                             struct inos_exit reason);
/* What comes to one that stops an actor. */
enum inos_outcome node_question_stopped (struct question *self, struct inos_context *context,
                                         inos_actor_id who);

/** node_question_answer: (transfer floating) @payload. Returns: INOS_DONE. */
enum inos_outcome node_question_answer (struct question *self, struct inos_context *context,
                                        GVariant *payload);
/** node_question_refuse: Returns: INOS_DONE. */
enum inos_outcome node_question_refuse (struct question *self, struct inos_context *context,
                                        enum inos_api_error code, const char *format, ...)
  G_GNUC_PRINTF (4, 5);

/**
 * node_question_pass_on: what a part of the node has answered.
 * @payload: (nullable): (transfer none): NULL: it refuses with @code and @sentence
 */
enum inos_outcome node_question_pass_on (struct question *self, struct inos_context *context,
                                         GVariant *payload, enum inos_api_error code,
                                         const char *sentence);
/** node_question_no_memory: refuses, since what is to be sent has no room. */
enum inos_outcome node_question_no_memory (struct question *self, struct inos_context *context);

/** node_question_lookup: the actor of this id, in decimal, or name; 0: there is none. */
inos_actor_id node_question_lookup (struct question *self, const char *who);

/**
 * node_question_aim:
 * @who: an id in decimal, or a name
 *
 * Finds the actor that is asked about, as `target`.
 *
 * Returns: false where there is none, and that has been answered.
 */
bool node_question_aim (struct question *self, struct inos_context *context, const char *who);

/** node_question_exit_name: "normal", "noconnection", … */
const char *node_question_exit_name (enum inos_exit_kind kind);
/** node_question_supervisor: whether @id is a supervisor. */
bool node_question_is_supervisor (struct question *self, inos_actor_id id);

/**
 * node_question_find_child:
 * @found: goes on with the target's line at its supervisor; NULL where it has none, or that does
 *         not say so in time
 */
enum inos_outcome node_question_find_child (
  struct question *self, struct inos_context *context,
  enum inos_outcome (*found) (struct question *self, struct inos_context *context,
                              const struct inos_supervisor_children *page,
                              const struct inos_child_info *child));

/** node_question_text: (transfer floating): a name as a GVariant, whatever bytes it has. */
GVariant *node_question_string (const char *bytes);
/** node_question_behaviour_name: "" where it has not run yet. */
const char *node_question_behaviour_name (const struct inos_behaviour *behaviour);
const char *node_question_state_name (enum inos_actor_state state);
/** node_question_real_time: µs since 1970 of a time of the runtime's clock, ns. */
gint64 node_question_real_time (struct inos_context *context, uint64_t time);
