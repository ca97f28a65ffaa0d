/* Edges that hold a window for a few pixels while it is moved or resized: those of outputs, seen
 * from inside, and those of other windows, seen from outside. Boxes in, boxes out. */
#pragma once

#include <stdint.h>
#include <wlr/util/box.h>

/* An edge that may hold: `box` is held from inside (a room) or from outside (a neighbour). */
struct inos_obstacle {
  struct wlr_box box;
  bool room;
};

/* Moves `box` back to the edges that it is less than `strength` px beyond. */
struct wlr_box inos_resist_move (struct wlr_box box, const struct inos_obstacle *obstacles,
                                 unsigned int count, int strength);
/* The same for those of its edges (enum wlr_edges) that are dragged; the others stay. */
struct wlr_box inos_resist_resize (struct wlr_box box, uint32_t edges,
                                   const struct inos_obstacle *obstacles, unsigned int count,
                                   int strength);
