/* Drawing one frame of an output. */
#pragma once

#include "output.h"

/* Draws what has changed, and nothing where nothing has. */
void inos_output_draw (struct inos_output *output);
