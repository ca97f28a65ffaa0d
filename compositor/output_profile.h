/* What a person set up for a set of monitors, remembered in outputs.ini in the state directory and
 * applied when that very set is plugged in again. */
#pragma once

#include "output.h"

struct inos_output_profiles;

struct inos_output_profiles *inos_output_profiles_create (struct inos_compositor *compositor);
/* NULL does nothing. */
void inos_output_profiles_destroy (struct inos_output_profiles *profiles);

/* A person changed something: remembers how the outputs are now. */
void inos_output_profiles_save (struct inos_compositor *compositor);

/* Make, model and serial of a monitor; the name of an output that has none. */
char *inos_output_identity (struct inos_output *output);
