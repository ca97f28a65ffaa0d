/* Views of xdg-shell toplevels. */
#pragma once

#include "compositor.h"

struct wlr_xdg_toplevel;

/* Takes over a new toplevel; the view frees itself with it. */
void inos_xdg_view_create (struct inos_compositor *compositor, struct wlr_xdg_toplevel *toplevel);
