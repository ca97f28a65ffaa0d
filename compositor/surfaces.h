/* wl_compositor: what every surface's change means to the pointer above it. */
#pragma once

#include "compositor.h"

void *inos_surfaces_create (struct inos_compositor *compositor, int version);
void inos_surfaces_destroy (void *state);

struct wlr_compositor;
struct wlr_surface;

/* Tells a surface that has no content yet for which output it will be, so that its first is as
 * sharp as those that follow. */
void inos_surface_prefer (struct wlr_surface *surface, struct inos_output *output);

/* wlroots' own, which the X server's windows are made of too. */
struct wlr_compositor *inos_surfaces_wlr (void *state);

/* The compositor draws with another renderer from now on: what was drawn
 * last, as far as its buffer is still there, and what comes then become its textures. */
void inos_surfaces_renderer_changed (void *state);
/* Whether there is anything to show of it, after a change of the renderer. */
bool inos_surface_has_content (struct wlr_surface *surface);
