/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The question for an administrator's password, drawn over everything: polkit asks it through
 * inos-polkit-agent, a page of the shell's draws it, and what the person types goes back. No page
 * of an application has any part in it. While the screen is locked nothing is asked.
 */

#include "../reply.h"
#include "../surface.h"

typedef struct InosAuthenticator InosAuthenticator;

typedef struct {
  /* It comes up: what else has the keyboard is to let go of it. */
  void (*asking) (gpointer data);
  /* Whether it is up: nothing else is to be asked meanwhile. */
  void (*busy) (gboolean busy, gpointer data);
} InosAuthenticatorHooks;

/* surface_hooks: of the surface on which it is drawn, of the kind INOS_SURFACE_AUTHENTICATION. */
InosAuthenticator *inos_authenticator_create (InosWeb *web, const InosSurfaceHooks *surface_hooks,
                                              const InosAuthenticatorHooks *hooks, gpointer data);
void inos_authenticator_destroy (InosAuthenticator *self); /* self may be NULL */

/* For the page: the question, or null; see lib/authentication.ts. Transfer full. */
JsonNode *inos_authenticator_describe (InosAuthenticator *self);
/* The page is to have this value too. Takes value. */
void inos_authenticator_send (InosAuthenticator *self, const char *name, JsonNode *value);

void inos_authenticator_set_locked (InosAuthenticator *self, gboolean locked);

/* To the question with that number. */
void inos_authenticator_answer (InosAuthenticator *self, guint id, const char *text,
                                InosReply *reply);
void inos_authenticator_choose (InosAuthenticator *self, guint id, guint person, InosReply *reply);
void inos_authenticator_cancel (InosAuthenticator *self, guint id, InosReply *reply);
/* Cancels the one that is shown, unless it has only just come up. */
void inos_authenticator_escape (InosAuthenticator *self);
/* See question.h. */
void inos_authenticator_painted (InosAuthenticator *self, guint id);
void inos_authenticator_fit (InosAuthenticator *self, guint height);
void inos_authenticator_forget_page (InosAuthenticator *self);
void inos_authenticator_lose_surface (InosAuthenticator *self);
