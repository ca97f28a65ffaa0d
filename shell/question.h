/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Where a question is drawn that the person has to answer before anything else: a surface over
 * everything, with a page of the shell's own, that comes up with the question, goes with its
 * answer, and is kept a while for the next. It knows when an answer counts (dead_time.h), not what
 * is asked.
 */

#include "surface.h"

typedef struct InosQuestion InosQuestion;

typedef struct {
  InosSurfaceKind kind;
  const char *name; /* under which the page gets what is asked */
  /* What the page gets: the question, or null. Transfer full. */
  JsonNode *(*describe) (gpointer owner);
  /* It comes up: what else has the keyboard is to let go of it. */
  void (*asking) (gpointer data);
} InosQuestionTraits;

/* traits are copied; data is that of the surface's hooks and of asking. */
InosQuestion *inos_question_create (const InosQuestionTraits *traits, gpointer owner, InosWeb *web,
                                    const InosSurfaceHooks *hooks, gpointer data);
void inos_question_destroy (InosQuestion *self); /* self may be NULL */

/* Another question, or the same with other words. It comes up where it is not. */
void inos_question_show (InosQuestion *self, gboolean another);
void inos_question_hide (InosQuestion *self);
gboolean inos_question_is_visible (InosQuestion *self);
/* The page is to have this value too. Takes value. */
void inos_question_send (InosQuestion *self, const char *name, JsonNode *value);

/* The page needs that many pixels of height. */
void inos_question_fit (InosQuestion *self, guint height);
/* The page has drawn what is asked now. */
void inos_question_painted (InosQuestion *self);
/* The page has begun, and has drawn nothing. */
void inos_question_forget_page (InosQuestion *self);
/* The surface went with its output; another takes its place where something is asked. */
void inos_question_lose_surface (InosQuestion *self);

gboolean inos_question_may_allow (InosQuestion *self);
gboolean inos_question_may_escape (InosQuestion *self);
