/* The shadow of a framed window, which tells it from what is behind it. Takes no input. */
#pragma once

#include "compositor.h"

struct inos_shadow;

/* All that its picture depends on. */
struct inos_shadow_look {
  int scale;
  bool active, dark;
};

/* Below all else of the parent, which owns it: inos_shadow_destroy() before that goes. */
struct inos_shadow *inos_shadow_create (struct wlr_scene_tree *parent);
/* NULL does nothing. */
void inos_shadow_destroy (struct inos_shadow *shadow);

/* Around a box of the parent's coordinates; one without a size takes the shadow away. */
void inos_shadow_place (struct inos_shadow *shadow, struct wlr_box box,
                        const struct inos_shadow_look *look);
/* Its picture is lost. */
void inos_shadow_redraw (struct inos_shadow *shadow);
