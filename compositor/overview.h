/* Where windows go in an overview: side by side, none over another, as large as they can be, each
 * about where it is on the desk. Only the places are found here; who draws is somebody else. */
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
