/* What a person set for every program: light or dark, moving or still, which
 * it also is while the machine saves its battery. */
#pragma once

#include "compositor.h"

struct inos_look;

/* Both look the settings up when they are first asked; without the schema it is light and moves. */
bool inos_look_is_dark (struct inos_compositor *compositor);
bool inos_look_moves (struct inos_compositor *compositor);

/* NULL does nothing. */
void inos_look_destroy (struct inos_look *look);
