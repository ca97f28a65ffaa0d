/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The on-screen keyboard: there while it is switched on (org.gnome.desktop.a11y.applications
 * screen-keyboard-enabled), raised by a text field or by hand. While it is off nothing of it is
 * there: no page, no protocol, no client of the compositor's.
 */

#include "../surface.h"

#include <gio/gio.h>

typedef struct InosKeyboard InosKeyboard;

typedef struct {
  /* It is on or off, or raised or lowered, or has word of text fields or not. */
  void (*changed) (gpointer data);
} InosKeyboardHooks;

/* surface_hooks: for its page; data: of both. */
InosKeyboard *inos_keyboard_create (GDBusConnection *bus, InosWeb *web,
                                    const InosSurfaceHooks *surface_hooks,
                                    const InosKeyboardHooks *hooks, gpointer data);
void inos_keyboard_destroy (InosKeyboard *self); /* self may be NULL */

gboolean inos_keyboard_is_enabled (const InosKeyboard *self);
gboolean inos_keyboard_set_enabled (InosKeyboard *self, gboolean on, GError **error);
gboolean inos_keyboard_is_visible (const InosKeyboard *self);
/* Whether it is raised by text fields; FALSE where another program composes text. */
gboolean inos_keyboard_follows_text (const InosKeyboard *self);
/* By hand. An error where it is off. */
gboolean inos_keyboard_show (InosKeyboard *self, GError **error);
void inos_keyboard_hide (InosKeyboard *self);
/* How much of the output it takes; 0 while it is hidden. */
int inos_keyboard_get_height (const InosKeyboard *self);

void inos_keyboard_set_locked (InosKeyboard *self, gboolean locked);
/* Of its page: it has gone, its output has, it was drawn. */
void inos_keyboard_forget_page (InosKeyboard *self);
void inos_keyboard_lose_surface (InosKeyboard *self);
void inos_keyboard_painted (InosKeyboard *self, guint serial);
/* Goes to its page, where there is one. Takes value. */
void inos_keyboard_send (InosKeyboard *self, const char *name, JsonNode *value);

/* What its page does; see typist.h and method.h. serial: of when the page was raised for it: what
 * comes late is refused. */
gboolean inos_keyboard_press (InosKeyboard *self, guint serial, guint code, guint modifiers,
                              GError **error);
void inos_keyboard_release (InosKeyboard *self, guint code);
gboolean inos_keyboard_write (InosKeyboard *self, guint serial, const char *text, GError **error);
void inos_keyboard_choose_layout (InosKeyboard *self, guint index, InosReply *reply);

/* For its page: the keys, and what is typed into. */
JsonNode *inos_keyboard_describe (InosKeyboard *self);
/* For the others: { "on": …, "visible": … }. */
JsonNode *inos_keyboard_describe_switch (const InosKeyboard *self);
