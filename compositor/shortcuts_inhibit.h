/* keyboard-shortcuts-inhibit: a window takes our key bindings too, remote desktops for instance. */
#pragma once

#include "seat.h"

void *inos_shortcuts_inhibit_create (struct inos_compositor *compositor, int version);
void inos_shortcuts_inhibit_destroy (void *state);

/* Whether the window with the keyboard takes our bindings. */
bool inos_shortcuts_inhibited (struct inos_seat *seat);
/* A person wants the bindings back: they are, until the window gets the keyboard anew. */
void inos_shortcuts_restore (struct inos_seat *seat);
/* `surface`, which may be NULL, got the keyboard. */
void inos_shortcuts_follow_focus (struct inos_seat *seat, struct wlr_surface *surface);
