/* ext-transient-seat: a remote desktop gets a seat of its own, with the virtual pointers and
 * keyboards that it makes there; the seat goes with it. */
#pragma once

#include "compositor.h"

void *inos_transient_seat_create (struct inos_compositor *compositor, int version);
void inos_transient_seat_destroy (void *state);
