/* KDE's server-decoration: the older way to say who draws a window's title bar, which GTK 3 speaks.
 * A program may only be told what is usual, and then says what it does: it decides, but where a
 * rule does. */
#pragma once

#include "compositor.h"

void *inos_server_decoration_create (struct inos_compositor *compositor, int version);
void inos_server_decoration_destroy (void *state);
