/* xdg-shell: every new toplevel becomes a view. */
#pragma once

#include "compositor.h"

void *inos_xdg_shell_create (struct inos_compositor *compositor, int version);
void inos_xdg_shell_destroy (void *state);
