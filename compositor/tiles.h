/* Tiling: each workspace may lay its windows out by itself. Dialogs, windows of one size, those on
 * every workspace and those that a person took out of it float above. */
#pragma once

#include "layout.h"
#include "view.h"

/* Something changed that may matter to a layout: lays out what has one. */
void inos_tiles_arrange (struct inos_compositor *compositor);

/* The tile that the view, which is not shown yet, will have. Returns false where it will float. */
bool inos_tiles_foresee (struct inos_view *view, struct wlr_box *tile);

void inos_tiles_set_layout (struct inos_compositor *compositor, unsigned int workspace,
                            enum inos_layout layout);

/* Takes the view out of its workspace's layout, or puts it back. */
void inos_tiles_set_floats (struct inos_view *view, bool floats);

/* Puts the view into its workspace's layout where a person dropped it: before or after the window
 * that is at that point, else at the end. */
void inos_tiles_drop (struct inos_view *view, double x, double y);

/* Changes places with the next (step 1) or previous (step -1) window of the layout. */
void inos_tiles_swap (struct inos_view *view, int step);

/* Gives the view more or less room, in parts of one. */
void inos_tiles_grow (struct inos_view *view, double by);
