/* xdg-output for the X server alone, which is told where outputs are in pixels: see x11_scale.h. */
#pragma once

#include "compositor.h"

struct inos_x11_outputs;

struct inos_x11_outputs *inos_x11_outputs_create (struct inos_compositor *compositor);
/* NULL does nothing. */
void inos_x11_outputs_destroy (struct inos_x11_outputs *outputs);

/* The scale is another one. */
void inos_x11_outputs_update (struct inos_x11_outputs *outputs);

/* Whether the global is this one and not the one that all others see. */
bool inos_x11_outputs_is (const struct inos_x11_outputs *outputs, const struct wl_global *global);
