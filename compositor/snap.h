/* Snapping: windows that take a half, a quarter or all of an output, by dragging and by keys.
 *
 * A place is 0 for a floating window, the edges (enum wlr_edges) of the output that the window
 * touches with a side of its own, or one of the values below. */
#pragma once

#include "seat.h"
#include "view.h"

enum { INOS_SNAP_MAXIMIZED = 1 << 8, INOS_SNAP_MINIMIZED = 1 << 9 };

/* A name of a place, "top-left" for instance, from and to its value. Unknown: UINT32_MAX. */
uint32_t inos_snap_from_name (const char *name);
const char *inos_snap_name (uint32_t place);

/* The part of `area` that a place takes. */
struct wlr_box inos_snap_box (struct wlr_box area, uint32_t place);
/* The place after `place` when a key asks for one more towards an edge. */
uint32_t inos_snap_next (uint32_t place, uint32_t edge);
/* The place that a window dragged to a point asks for, 0 for none. */
uint32_t inos_snap_zone (struct wlr_box area, double x, double y, int distance);

/* The sides (enum wlr_edges) with which the view touches an edge of its part of the output. */
uint32_t inos_snap_tiled (struct inos_view *view);

uint32_t inos_snap_of (struct inos_view *view);
/* Puts the view there, on the output where it is or on `output`; may be NULL. */
void inos_snap_view (struct inos_view *view, uint32_t place, struct inos_output *output);
/* One more towards an edge: perhaps on the output next to this one. */
void inos_snap_step (struct inos_view *view, uint32_t edge);

/* While a window is dragged: shows where it would go, and takes that away. */
void inos_snap_preview (struct inos_seat *seat);
void inos_snap_preview_end (struct inos_seat *seat);
