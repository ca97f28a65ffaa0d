/* cursor-shape: a client names the pointer's picture instead of drawing it. */
#pragma once

#include "compositor.h"

void *inos_cursor_shape_create (struct inos_compositor *compositor, int version);
void inos_cursor_shape_destroy (void *state);
