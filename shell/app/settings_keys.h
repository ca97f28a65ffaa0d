/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Which combination of keys a person presses: for a while the window gets them all, also those that
 * are the desktop's, and none goes to the page.
 */

#include "../reply.h"

#include <gtk/gtk.h>

typedef struct InosKeys InosKeys;

InosKeys *inos_keys_create (GtkWindow *window);
void inos_keys_destroy (InosKeys *self);

/* Answers {"combination"}, such as "Super+Shift+q"; "" for Escape alone, when the window loses the
 * keyboard, or by inos_keys_stop(). */
void inos_keys_listen (InosKeys *self, InosReply *reply);
void inos_keys_stop (InosKeys *self);

/* Of a key without any modifier, and GDK's modifiers; NULL for a modifier alone. */
char *inos_keys_name (guint keyval, GdkModifierType state);
/* Keys for sound, brightness and the like: XF86AudioMute. */
gboolean inos_key_is_xf86 (guint keyval);
