/* Popups of the input method: lists of candidates, shown at the text's cursor. */
#pragma once

#include "compositor.h"

struct wlr_input_popup_surface_v2;

/* Takes over a popup; it is let go of when it goes. popups: the list that it joins. */
void inos_input_popup_create (struct inos_compositor *compositor, struct wl_list *popups,
                              struct wlr_input_popup_surface_v2 *wlr);
/* The text's cursor moved, or another text field is active. */
void inos_input_popups_place (struct wl_list *popups);
/* Lets go of all. */
void inos_input_popups_finish (struct wl_list *popups);

/* Where a popup of that size goes on `room`: below `cursor`, else above it, moved sideways as far
 * as it must be to be seen. */
struct wlr_box inos_input_popup_fit (struct wlr_box cursor, int width, int height,
                                     struct wlr_box room);
