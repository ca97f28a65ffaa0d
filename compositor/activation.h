/* xdg-activation: a window comes to the front by itself where a person asked for it. */
#pragma once

#include "compositor.h"

void *inos_activation_create (struct inos_compositor *compositor, int version);
void inos_activation_destroy (void *state);
