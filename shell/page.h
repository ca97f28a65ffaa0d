/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A page of the bundle in a web view, and the two ways between it and the host: messages (see
 * message.h), and state: named JSON values, the newest of each, gathered and handed over in one
 * call.
 *
 * Where the web process dies the page is loaded again; where that happens three times in 15 s a
 * native button says so in its place.
 */

#include "reply.h"
#include "web.h"

typedef struct InosPage InosPage;

typedef struct {
  /* The page asks for something; answer through reply. */
  void (*message) (InosPage *page, const char *text, gsize length, InosReply *reply, gpointer data);
  /* There is a new view, before anything is loaded into it. May be NULL. */
  void (*created) (InosPage *page, WebKitWebView *view, gpointer data);
  /* The page has gone, with all that it had: it is loaded again, or given up. May be NULL. */
  void (*lost) (InosPage *page, gpointer data);
  /* It keeps dying; the native button stands in for it. May be NULL. */
  void (*failed) (InosPage *page, gpointer data);
} InosPageHooks;

/* name is static. The page is loaded with inos_page_load(). */
InosPage *inos_page_create (const char *name, InosWeb *web, const InosPageHooks *hooks,
                            gpointer data);
/* Leaves the widget to its parent. self may be NULL. */
void inos_page_destroy (InosPage *self);

const char *inos_page_get_name (InosPage *self);
/* A box that holds the view, or what stands in for it. */
GtkWidget *inos_page_get_widget (InosPage *self);
/* NULL while the native button stands in for it. */
GtkWidget *inos_page_get_view (InosPage *self);
void inos_page_load (InosPage *self);

/* Nothing is sent to a page before this is called; the call itself sends what was kept. */
void inos_page_set_listening (InosPage *self);
gboolean inos_page_is_listening (InosPage *self);
/* The newest value under a name goes to the page with the next batch. Takes value. */
void inos_page_send (InosPage *self, const char *name, JsonNode *value);
