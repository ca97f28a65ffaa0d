/* layer-shell: panels, wallpapers and overlays; each one is an inos_layer_surface. */
#pragma once

#include "compositor.h"

void *inos_layer_shell_create (struct inos_compositor *compositor, int version);
void inos_layer_shell_destroy (void *state);
