/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Questions of a page to the node (org.inos.Node1 and its interfaces): what each may say, how long
 * its answer is waited for, and how that goes to the page.
 *
 * In an answer's JSON a structure is an array, a dictionary an object, and a number of 64 bits a
 * string of its digits, since a page's numbers do not hold them all.
 */

#include "../reply.h"

#include <gio/gio.h>

#define INOS_QUESTION_ARGUMENTS 9
/* Bytes of an answer, and of one string in it; a longer string is cut. */
#define INOS_ANSWER_MAX (2u * 1024 * 1024)
#define INOS_ANSWER_STRING_MAX 4096u

typedef struct {
  const char *name;
  /* 's': a string of 1 to most bytes. 'o': the same, or missing, which is "". 'u': a whole number
   * up to most. 'i': one from -most to most. 'b': true or false. 't': a string of decimal digits,
   * of 64 bits. 'x': the same up to 2^63 - 1, which the node takes with a sign. */
  char type;
  guint most;
} InosQuestionArgument;

typedef struct {
  const char *interface, *method;
  const char *answer;                                      /* its type */
  guint patience;                                          /* ms */
  InosQuestionArgument arguments[INOS_QUESTION_ARGUMENTS]; /* in the order of the method's */
} InosQuestion;

/* Which entries of a log are meant: the first of ReadLog's arguments. */
#define INOS_LOG_FILTER                                                                            \
  {"source", 's', 16}, {"search", 'o', 512}, {"unit", 'o', 255}, {"boot", 'o', 32},                \
    {"priority", 'u', 7}, {"since", 'x', 0}

/* How long the mesh is waited for where it is to do something, ms. It may be that of the machine's
 * node, of which polkit may ask a person for a password: the bridge gives up before. */
#define INOS_DEED_PATIENCE 160000

/* Bytes of a peer's id. */
#define INOS_PEER_MOST 128u

/* Which other node of the mesh the page means: its "node", a peer's id; NULL: this machine's. FALSE
 * and error where it says something else. */
gboolean inos_question_node (JsonObject *args, const char **node, GError **error);

/* Says a method of interface, with arguments, which are sunk, to this machine's node, or where node
 * is not NULL to that one. */
void inos_node_call (GDBusConnection *bus, const char *node, const char *interface,
                     const char *method, GVariant *arguments, int patience,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
/* What it answers, where that is of type answer; transfer full. NULL: error is a sentence. */
GVariant *inos_node_call_finish (GObject *bus, GAsyncResult *result, const char *answer,
                                 GError **error);

/* What the method gets, floating; NULL and error where the page says something else. */
GVariant *inos_question_arguments (const InosQuestion *question, JsonObject *args, GError **error);

/* An answer as the page gets it; transfer full. */
JsonNode *inos_answer_to_json (GVariant *answer);

/* Asks, and answers the page with what comes of it, or with a sentence. bus is used until then. */
void inos_question_ask (const InosQuestion *question, GDBusConnection *bus,
                        GCancellable *cancellable, JsonObject *args, InosReply *reply);
