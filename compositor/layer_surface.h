/* Layer surfaces: panels, wallpapers and overlays that belong to an output. */
#pragma once

#include "output.h"

struct inos_seat;
struct wlr_layer_surface_v1;

struct inos_layer_surface {
  struct wl_list link;        /* inos_output.layer_surfaces */
  struct inos_output *output; /* NULL once the output is gone */
  struct inos_compositor *compositor;
  struct wlr_layer_surface_v1 *wlr;
  struct wlr_scene_layer_surface_v1 *scene;
  struct inos_seat *seat; /* the one that it was opened for */
  uint32_t lifted;        /* id of the window that makes room for it; 0 for none */
  int lifted_from, lifted_to;

  struct wl_listener map, unmap, commit, new_popup, destroy;
};

/* The handler of the layer-shell module: takes over a new surface. */
void inos_layer_surface_create (struct inos_compositor *compositor,
                                struct wlr_layer_surface_v1 *wlr);

/* Places the layer surfaces of the output and finds what they leave to windows. */
void inos_layer_arrange (struct inos_output *output);
/* Likewise on every output; windows are put right when all are. */
void inos_layer_arrange_all (struct inos_compositor *compositor);

/* Tells the layer surfaces of an output that is going away to close. */
void inos_layer_close_all (struct inos_output *output);

/* The mapped surface that asks for the seat's keyboard before any window, or NULL. */
struct inos_layer_surface *inos_layer_exclusive (struct inos_seat *seat);

/* The seat goes: what was opened for it is the main seat's. */
void inos_layer_forget_seat (struct inos_seat *seat);
