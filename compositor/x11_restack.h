/* What an X11 tool asks of the order of windows (_NET_RESTACK_WINDOW). */
#pragma once

#include <xcb/xcb.h>

struct inos_view;

/* Puts the view, an X11 window's, before or behind the sibling's, or all where that is NULL, within
 * its layer: as ConfigureWindow has it. Nobody is focused. */
void inos_x11_restack (struct inos_view *view, struct inos_view *sibling,
                       enum xcb_stack_mode_t mode);
