/* Views of X11 windows, and the windows that X11 programs place themselves. */
#pragma once

#include "compositor.h"

struct wlr_xwayland_surface;

/* Takes over a new X11 window; what is made for it frees itself with it. */
void inos_x11_view_create (struct inos_compositor *compositor, struct wlr_xwayland_surface *x11);
