/* Which outputs mirror which: for as long as [output NAME] mirror says so, and the other output is
 * plugged in, in the layout, and mirrors none itself. */
#pragma once

#include "output.h"

struct inos_mirrors;

struct inos_mirrors *inos_mirrors_create (struct inos_compositor *compositor);
/* NULL does nothing. */
void inos_mirrors_destroy (struct inos_mirrors *mirrors);

/* Outputs begin and end to mirror as the settings, and what is plugged in, say now. */
void inos_mirrors_update (struct inos_compositor *compositor);

/* Until it is set again, or the settings say another thing than now. source: the name of an output,
 * or "" for none. Returns false, and sets error (INOS_COMPOSITOR_ERROR_CONFIG), where that cannot
 * be. */
bool inos_mirrors_set (struct inos_output *output, const char *source, GError **error);
