/* Lists of windows for other programs: taskbars, switchers, screen sharing. Two protocols with one
 * handle a window: wlr-foreign-toplevel-management, which can also act on windows, and
 * ext-foreign-toplevel-list, which names them for others. */
#pragma once

#include "compositor.h"

void *inos_foreign_toplevel_create (struct inos_compositor *compositor, int version);
void inos_foreign_toplevel_destroy (void *state);

/* The view of an ext_foreign_toplevel_handle_v1, or NULL: its window was closed. */
struct inos_view *inos_foreign_toplevel_view (struct inos_compositor *compositor,
                                              struct wl_resource *resource);
