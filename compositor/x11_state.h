/* _NET_WM_STATE: what a window says of itself that wlroots does not look at, and what it is told.
 */
#pragma once

#include "x11_link.h"

enum {
  INOS_X11_ABOVE = 1 << 0,
  INOS_X11_BELOW = 1 << 1,
  INOS_X11_STICKY = 1 << 2,
  INOS_X11_ATTENTION = 1 << 3,
};

/* What of that the view is. */
uint32_t inos_x11_states_of (struct inos_view *view);

/* Reads that of a window that is about to be shown: wlroots writes over it right afterwards. link:
 * may be NULL. */
uint32_t inos_x11_states_read (struct inos_x11_link *link, xcb_window_t window);
/* The window has those states too from now on. */
void inos_x11_states_add (struct inos_view *view, uint32_t states);

/* The property may say another thing than the view is: puts that right. */
void inos_x11_states_look (struct inos_x11_link *link, xcb_window_t window);
/* A tool, or the program, asks for a change; data: of its message. */
void inos_x11_states_change (struct inos_x11_link *link, struct inos_view *view,
                             const uint32_t *data);
