/* wlr-output-management: programs that list and change outputs, wlr-randr for instance. */
#pragma once

#include "compositor.h"

bool inos_output_management_init (struct inos_compositor *compositor, int version);
void inos_output_management_finish (struct inos_compositor *compositor);

/* Tells those programs how the outputs are now. */
void inos_output_management_publish (struct inos_compositor *compositor);
