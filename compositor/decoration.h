/* xdg-decoration: who draws a window's title bar. */
#pragma once

#include "compositor.h"

void *inos_decoration_create (struct inos_compositor *compositor, int version);
void inos_decoration_destroy (void *state);
