/* pointer-constraints: a window that has the pointer holds it in place, or within a region. */
#pragma once

#include "seat.h"

void *inos_pointer_constraint_create (struct inos_compositor *compositor, int version);
void inos_pointer_constraint_destroy (void *state);

/* The pointer wants to move by dx, dy, which become what it may. Returns false where it is locked
 * and stays. */
bool inos_pointer_constraint_motion (struct inos_seat *seat, double *dx, double *dy);

/* The pointer's surface, its place there or the active window changed: lets go of a constraint that
 * no longer holds and takes up one that does. */
void inos_pointer_constraint_update (struct inos_seat *seat);

/* The seat goes. */
void inos_pointer_constraint_forget (struct inos_seat *seat);
