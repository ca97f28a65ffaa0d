/* ext-image-copy-capture: programs take pictures of outputs and windows, one by one or as a film,
 * and of the pointer by itself. */
#pragma once

#include "capture_source.h"

void *inos_capture_create (struct inos_compositor *compositor, int version);
void inos_capture_destroy (void *state);
