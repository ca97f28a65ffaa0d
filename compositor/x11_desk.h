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

/* What a window says of itself in _NET_WM_STATE that wlroots does not look at. */
enum {
  INOS_X11_ABOVE = 1 << 0,
  INOS_X11_STICKY = 1 << 1,
  INOS_X11_ATTENTION = 1 << 2,
};

/* Reads that of a window that is about to be shown: wlroots writes over it right afterwards. desk:
 * may be NULL. */
uint32_t inos_x11_desk_read (struct inos_x11_desk *desk, xcb_window_t window);
/* The window has those states too from now on. */
void inos_x11_desk_add (struct inos_view *view, uint32_t states);
