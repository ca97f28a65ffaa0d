/* Where windows go in an overview: side by side, none over another, as large as they can be, each
 * about where it is on the desk. Only the places are found here; overview_show.h draws. */
#pragma once

#include "compositor.h"

struct inos_overview_place {
  struct inos_view *view;
  struct wlr_box box; /* in the room that was given */
};

/* The places of a workspace's windows in a room of that size, with `gap` px around each. Minimized
 * windows have none. Returns a GArray of struct inos_overview_place, which is the caller's. */
GArray *inos_overview_arrange (struct inos_compositor *compositor, unsigned int workspace,
                               int width, int height, int gap);

/* Each of the struct inos_overview_place, whose boxes are where the windows are on the desk, gets a
 * box in such a room; their order is another one after. None is left where the gaps alone fill it.
 */
void inos_overview_arrange_places (GArray *places, int width, int height, int gap);
