/* The control socket: over it the session asks for the shell's Wayland connection. */
#pragma once

#include "compositor.h"

struct inos_control;

/* Serves the inherited socket `fd`, which it takes. */
struct inos_control *inos_control_create (struct inos_compositor *compositor, int fd);
/* NULL does nothing. */
void inos_control_destroy (struct inos_control *control);
