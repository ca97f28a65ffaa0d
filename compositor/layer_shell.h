/* layer-shell: panels, wallpapers and overlays; each one is an inos_layer_surface. */
#pragma once

#include "compositor.h"

void *inos_layer_shell_create (struct inos_compositor *compositor, int version);
void inos_layer_shell_destroy (void *state);

/* Emitted with each new struct wlr_layer_surface_v1, for the conformance suite. */
struct wl_signal *inos_layer_shell_new_surface (void *state);
