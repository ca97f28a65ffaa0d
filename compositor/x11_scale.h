/* Where the numbers of X11 programs and ours meet. The X server knows the desktop in pixels of its
 * densest output, so that what X11 programs draw is shown on that as it is; everybody else counts
 * in units of which an output of scale 2 has half as many. All that goes one way or the other,
 * sizes, places, regions and the pointer, is converted here.
 *
 * Programs learn how dense the screen is when they start, if at all: the scale stays as it is while
 * any of their windows is shown. */
#pragma once

#include <wlr/types/wlr_compositor.h>

#include "compositor.h"

struct wlr_output;

/* Reads a setting: "auto", which is 0, or a number from 1 to 4. text: may be NULL for auto. */
bool inos_x11_scale_from_text (const char *text, double *scale);

/* X11's pixels in one unit of ours, at least 1. */
double inos_x11_scale (const struct inos_compositor *compositor);
/* Chooses it anew, where no X11 window is shown. Returns whether it is another one now. */
bool inos_x11_scale_choose (struct inos_compositor *compositor);

/* Lengths and places; a size in our units is at least 1. Each fits into X11's 16 bits. */
int inos_x11_px (const struct inos_compositor *compositor, double units);
int inos_x11_place (const struct inos_compositor *compositor, int px);
int inos_x11_size (const struct inos_compositor *compositor, int px);
struct wlr_box inos_x11_box_px (const struct inos_compositor *compositor, struct wlr_box units);
/* Where the X server has an output, pixel for pixel where that is as dense. */
struct wlr_box inos_x11_output_px (const struct inos_compositor *compositor,
                                   struct wlr_output *output);

/* What a client that draws the surface counts by in one unit of ours: 1 but for the X server. */
double inos_x11_surface_scale (const struct inos_compositor *compositor,
                               const struct wlr_surface *surface);

/* For surfaces of the X server. What it is about to commit is turned into our units; its own view
 * of the buffer is kept in `own` until the commit is done. */
typedef __typeof__ (((struct wlr_surface_state *)NULL)->viewport) inos_x11_viewport;
void inos_x11_surface_commit (struct inos_compositor *compositor, struct wlr_surface *surface,
                              inos_x11_viewport *own);
void inos_x11_surface_committed (struct inos_compositor *compositor, struct wlr_surface *surface,
                                 const inos_x11_viewport *own);
