/* Drags out of X11 programs (XDND) onto Wayland programs. The X11 program keeps the pointer, as X11
 * has it; where the pointer is over no X11 window a window of ours that nobody sees lies above all
 * others of the X server and takes the drag, and what is under the pointer is told of it. */
#pragma once

#include "x11_link.h"

struct inos_x11_drag;

struct inos_x11_drag *inos_x11_drag_create (struct inos_x11_link *link);
/* NULL does nothing. */
void inos_x11_drag_destroy (struct inos_x11_drag *drag);

void inos_x11_drag_event (struct inos_x11_drag *drag, const xcb_generic_event_t *event);

/* For the seat, while its x11_drag is this one. The pointer is somewhere else: true where nothing
 * is to be pointed at, since the button is up and the program has yet to say what becomes of it. */
bool inos_x11_drag_motion (struct inos_x11_drag *drag, uint32_t time);
/* The last button went up. */
void inos_x11_drag_released (struct inos_x11_drag *drag);
/* It comes to nothing; the seat's x11_drag is NULL afterwards. NULL does nothing. */
void inos_x11_drag_cancel (struct inos_x11_drag *drag);
