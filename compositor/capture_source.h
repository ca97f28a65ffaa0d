/* ext-image-capture-source: what a program may take pictures of, an output or one window. */
#pragma once

#include "compositor.h"

/* What is captured; both NULL once it is gone. */
struct inos_capture_target {
  struct inos_compositor *compositor;
  struct inos_output *output;
  struct inos_view *view;
  struct wlr_box region; /* of the layout, where there is neither; empty for none */
  uint32_t seat;         /* inos_seat.id: whose pointer is meant alone; 0: the main one's */
};

void *inos_output_source_create (struct inos_compositor *compositor, int version);
void inos_output_source_destroy (void *state);

void *inos_toplevel_source_create (struct inos_compositor *compositor, int version);
void inos_toplevel_source_destroy (void *state);

/* What an ext_image_capture_source_v1 stands for now. */
struct inos_capture_target inos_capture_source_target (struct wl_resource *resource);
