/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A surface is one page on the desktop (see page.h): a layer-shell window that holds it.
 */

#include "reply.h"
#include "web.h"

typedef enum {
  INOS_SURFACE_WALLPAPER,
  INOS_SURFACE_PANEL,
  INOS_SURFACE_OVERLAY,
  INOS_SURFACE_POPUPS,
  INOS_SURFACE_PROMPT,
  INOS_SURFACE_AUTHENTICATION,
  INOS_SURFACE_KEYBOARD,
  INOS_SURFACE_KINDS, /* how many there are */
} InosSurfaceKind;

typedef struct InosSurface InosSurface;

/* Where the page of an overlay, of popups, of a prompt or of an authentication lies on its output.
 * The page itself is opaque: WebKit without a GPU does not clear what a see-through page drew
 * before, so GTK draws the dimmed rest, the corners and the shadow. */
typedef struct {
  GtkAlign align; /* GTK_ALIGN_CENTER or GTK_ALIGN_END, in the direction of reading */
  int top;
  int width;  /* in a page's own px, which are larger where a person has letters larger */
  int height; /* likewise; made smaller where an output is */
  gboolean dims;
} InosCard;

typedef struct {
  /* A page asks for something; answer through reply. */
  void (*message) (InosSurface *surface, const char *text, gsize length, InosReply *reply,
                   gpointer data);
  /* The person pressed Escape where no page can hear it, or clicked beside the card, or the output
   * of popups has gone. */
  void (*escape) (InosSurface *surface, gpointer data);
  /* An overlay is up and has the keyboard. */
  void (*focused) (InosSurface *surface, gpointer data);
  /* Its page has gone, with all that it had: it is loaded again, or given up. */
  void (*lost) (InosSurface *surface, gpointer data);
  /* Of a prompt, an authentication or the keyboard: its output has gone, and it is to be destroyed,
   * though not from here. */
  void (*closed) (InosSurface *surface, gpointer data);
} InosSurfaceHooks;

/* monitor may be NULL: the compositor chooses. An overlay, popups, a prompt, an
 * authentication and the keyboard begin hidden, the others are shown. */
InosSurface *inos_surface_create (InosSurfaceKind kind, InosWeb *web, GdkMonitor *monitor,
                                  const InosSurfaceHooks *hooks, gpointer data);
void inos_surface_destroy (InosSurface *self); /* self may be NULL */

InosSurfaceKind inos_surface_get_kind (InosSurface *self);
/* "wallpaper", "panel", "overlay", "popups", "prompt", "authentication" or "keyboard". */
const char *inos_surface_get_page (InosSurface *self);
/* In the language of the person, as a screen reader calls it. */
const char *inos_surface_get_title (InosSurface *self);
/* NULL while a native button stands in for it. */
WebKitWebView *inos_surface_get_view (InosSurface *self);
/* How high the panel or the keyboard is. */
int inos_surface_get_height (InosSurface *self);
/* Of those that begin hidden, but for the keyboard. */
void inos_surface_set_card (InosSurface *self, const InosCard *card);
/* So much at the bottom of its output is the keyboard's, and its card ends above it. */
void inos_surface_set_covered (InosSurface *self, int bottom);
/* Of those that begin hidden. It appears with inos_surface_reveal(), or a second later where nobody
 * calls that.
 */
void inos_surface_set_visible (InosSurface *self, gboolean visible);
/* Of popups: whether keys go there. They are not asked for when it appears. */
void inos_surface_set_keyboard (InosSurface *self, gboolean on);
/* Whether it is up and has the keyboard. */
gboolean inos_surface_is_focused (InosSurface *self);
/* The page has drawn what it was opened for. */
void inos_surface_reveal (InosSurface *self);
/* Nothing is sent to a page before this is called; the call itself sends what was kept. */
void inos_surface_set_listening (InosSurface *self);
/* The newest value under a name goes to the page with the next batch. Takes value. */
void inos_surface_send (InosSurface *self, const char *name, JsonNode *value);
