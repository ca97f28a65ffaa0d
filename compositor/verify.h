/* What must be true of a compositor whenever it waits for the next event: for tests that do things
 * in an order that nobody thought of. */
#pragma once

#include "compositor.h"

/* Looks at everything that the compositor holds. Returns NULL where all is well, else a sentence on
 * the first thing that is not, the caller's to free. Changes nothing. */
char *inos_verify_invariants (struct inos_compositor *compositor);
