/* Corners of outputs that do something when the pointer stays in them: [corners] of
 * compositor.ini. One that another output goes on from is none, since the pointer does not stop
 * there. */
#pragma once

#include "seat.h"

/* The pointer is somewhere else. */
void inos_corner_motion (struct inos_seat *seat);
/* It is used for something where it is: the corner does nothing until it is entered again. */
void inos_corner_forget (struct inos_seat *seat);
void inos_corner_finish (struct inos_seat *seat);
