/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The question whether an application may do something, drawn over everything: the bridge says what
 * is asked (org.inos.Node1.Permissions), a page of the shell's draws it, and the person's answer
 * goes back. The page that asks, or whatever else wants it, draws nothing of it.
 *
 * Nothing is allowed by a key or a click that was meant for something else: until a question has
 * been seen for half a second it can only be denied, and in its first half second not with Escape.
 * See dead_time.h.
 */

#include "../reply.h"
#include "../surface.h"

#include <gio/gio.h>

typedef struct InosPrompter InosPrompter;

/* hooks: of the surface on which it is drawn, of the kind INOS_SURFACE_PROMPT. asking: a question
 * comes up, what else has the keyboard is to let go of it. */
InosPrompter *inos_prompter_create (GDBusConnection *bus, InosWeb *web,
                                    const InosSurfaceHooks *hooks, void (*asking) (gpointer data),
                                    gpointer data);
void inos_prompter_destroy (InosPrompter *self); /* self may be NULL */

/* For the page: the question, or null; see lib/permissions.ts. Transfer full. */
JsonNode *inos_prompter_describe (InosPrompter *self);
/* The page is to have this value too. Takes value. */
void inos_prompter_send (InosPrompter *self, const char *name, JsonNode *value);

/* Something else is asked first: nothing is, until that is over. */
void inos_prompter_hold (InosPrompter *self, gboolean held);
/* While the session is locked nothing is asked; it is so until somebody says that it is not. */
void inos_prompter_set_locked (InosPrompter *self, gboolean locked);
/* Whether a question is on the screen. */
gboolean inos_prompter_is_visible (InosPrompter *self);
/* "once", "always" or "deny" to the question with that number. */
void inos_prompter_answer (InosPrompter *self, guint id, const char *answer, InosReply *reply);
/* Denies the one that is shown, unless it has only just come up. */
void inos_prompter_escape (InosPrompter *self);
/* The page has drawn that question. */
void inos_prompter_painted (InosPrompter *self, guint id);
void inos_prompter_fit (InosPrompter *self, guint height);
/* The page has begun, and has drawn nothing. */
void inos_prompter_forget_page (InosPrompter *self);
/* The surface went with its output. */
void inos_prompter_lose_surface (InosPrompter *self);
