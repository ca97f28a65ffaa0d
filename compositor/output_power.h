/* wlr-output-power-management: switches monitors off and on and keeps their place. */
#pragma once

#include "output.h"

void *inos_output_power_create (struct inos_compositor *compositor, int version);
void inos_output_power_destroy (void *state);

/* Returns false where the hardware refuses. */
bool inos_output_set_power (struct inos_output *output, bool on);
