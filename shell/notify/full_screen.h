/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Whether the window that has the keyboard fills the screen.
 */

#include <gio/gio.h>

typedef struct InosFullScreen InosFullScreen;

InosFullScreen *inos_full_screen_create (GDBusConnection *bus,
                                         void (*changed) (gboolean on, gpointer data),
                                         gpointer data);
void inos_full_screen_destroy (InosFullScreen *self); /* self may be NULL */
/* The compositor's object of the window that has the keyboard, "/" for none. */
void inos_full_screen_set_window (InosFullScreen *self, const char *path);
