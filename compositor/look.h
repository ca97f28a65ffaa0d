/* What a person set for every program: light or dark, of high contrast, in which colour what is
 * chosen is, letters of which size, moving or still, which it also is while the machine saves its
 * battery. */
#pragma once

#include "compositor.h"
#include "picture.h"

struct inos_look;

/* All look the settings up when they are first asked; without the schema it is light, of usual
 * contrast and size, and moves. */
bool inos_look_is_dark (struct inos_compositor *compositor);
bool inos_look_is_contrast (struct inos_compositor *compositor);
struct inos_colour inos_look_accent (struct inos_compositor *compositor);
/* How large letters are, in hundredths: 50 to 300. */
int inos_look_text (struct inos_compositor *compositor);
bool inos_look_moves (struct inos_compositor *compositor);

/* NULL does nothing. */
void inos_look_destroy (struct inos_look *look);
