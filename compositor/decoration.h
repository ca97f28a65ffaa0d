/* xdg-decoration: who draws a window's title bar. */
#pragma once

#include "compositor.h"

void *inos_decoration_create (struct inos_compositor *compositor, int version);
void inos_decoration_destroy (void *state);

/* Whether the title bar is ours: a rule for the window says so, or a person wants all of them, or
 * else the client asked. view: may be NULL. */
bool inos_decoration_is_ours (struct inos_compositor *compositor, struct inos_view *view,
                              bool asked);

/* Whether the client speaks xdg-decoration of that window, which goes before older protocols. */
bool inos_decoration_is_negotiated (struct inos_view *view);
