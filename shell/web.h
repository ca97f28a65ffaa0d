/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What all web views of a program share: one ephemeral network session, one web process in
 * WebKit's sandbox, one set of settings with all that the pages have no use for turned off.
 */

#include "scheme.h"

typedef struct InosWeb InosWeb;

/* To be called first of all, while there is one thread. A web process asks for the power profile
 * when it starts, in a sandbox by xdg-desktop-portal, for which it waits 25 s and longer, and which
 * waits for the shell: with this it asks only where it gets an answer at once. */
void inos_web_set_environment (void);

/* streams may be NULL, see scheme.h. */
InosWeb *inos_web_create (InosStreamFunc streams, gpointer data);
void inos_web_destroy (InosWeb *self); /* self may be NULL */

/* A floating view that shows nothing yet. The content manager is the view's own. */
GtkWidget *inos_web_create_view (InosWeb *self, WebKitUserContentManager *content);
/* What inos://shell/picture/NUMBER is; see scheme.h. */
void inos_web_set_pictures (InosWeb *self, InosPictureFunc pictures, gpointer data);
