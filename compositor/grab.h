/* Interactive move and resize with the pointer. */
#pragma once

#include "seat.h"

void inos_grab_move (struct inos_seat *seat, struct inos_view *view);
/* edges: enum wlr_edges, the ones that follow the pointer. */
void inos_grab_resize (struct inos_seat *seat, struct inos_view *view, uint32_t edges);
/* The two edges of the view that are nearest to the pointer. */
uint32_t inos_grab_nearest_edges (struct inos_seat *seat, struct inos_view *view);

/* The name of the pointer's image for dragging those edges. */
const char *inos_grab_resize_image (uint32_t edges);

/* The pointer moved while a grab is on. */
void inos_grab_motion (struct inos_seat *seat);
/* The button was released. */
void inos_grab_end (struct inos_seat *seat);
/* The view goes away: end its grab. */
void inos_grab_forget_view (struct inos_seat *seat, struct inos_view *view);
/* Likewise, whichever seat has it. */
void inos_grabs_forget_view (struct inos_view *view);
/* The client drew a size: when it was asked for by a grab, keep the edge that does not move where
 * it is. Returns true when the view's place changed. */
bool inos_grab_view_committed (struct inos_view *view);
