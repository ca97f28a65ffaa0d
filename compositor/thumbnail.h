/* A live picture of a window in another size: copies of the nodes that the scene has of it, which
 * show the same buffers, so that nothing is drawn twice and no pixel is copied. It takes no input.
 */
#pragma once

#include "view.h"

struct inos_thumbnail {
  struct inos_view *view;
  struct wlr_scene_tree *tree;
  GPtrArray *parts;    /* struct wlr_scene_node, from the back to the front */
  struct wlr_box box;  /* px in the parent's coordinates */
  struct wlr_box clip; /* likewise; empty: all of it is drawn */
  float opacity;
};

/* Nothing is drawn before it is placed. The caller destroys it, at the latest when the view goes.
 */
struct inos_thumbnail *inos_thumbnail_create (struct wlr_scene_tree *parent,
                                              struct inos_view *view);
/* NULL does nothing. */
void inos_thumbnail_destroy (struct inos_thumbnail *thumbnail);

/* The window with its title bar fills the box; shadows are beside it. opacity: 0 to 1. */
void inos_thumbnail_place (struct inos_thumbnail *thumbnail, struct wlr_box box, float opacity);
/* The window was drawn anew. */
void inos_thumbnail_refresh (struct inos_thumbnail *thumbnail);
