/* What X11 tools know of the desk and ask of it (EWMH), beyond what wlroots' window manager does:
 * closing, moving and raising of windows, workspaces, the room that panels leave, frames. */
#pragma once

#include "x11_link.h"

struct inos_x11_desk *inos_x11_desk_create (struct inos_x11_link *link);
/* NULL does nothing. */
void inos_x11_desk_destroy (struct inos_x11_desk *desk);

/* The scale is another one: see x11_scale.h. */
void inos_x11_desk_update (struct inos_x11_desk *desk);

void inos_x11_desk_event (struct inos_x11_desk *desk, xcb_generic_event_t *event);
