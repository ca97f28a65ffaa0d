/* ext-data-control: clipboard managers. wlroots serves the older wlr-data-control; both look at and
 * set the same selections of the seat. */
#pragma once

#include "compositor.h"

void *inos_data_control_create (struct inos_compositor *compositor, int version);
void inos_data_control_destroy (void *state);
