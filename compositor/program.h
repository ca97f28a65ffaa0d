/* Programs that the compositor starts for a person. */
#pragma once

#include "compositor.h"

/* Starts a command line as a client of this compositor. Returns false and sets error, which names
 * the command, where it cannot be. */
bool inos_program_start (struct inos_compositor *compositor, const char *command, GError **error);
