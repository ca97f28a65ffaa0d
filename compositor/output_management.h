/* wlr-output-management: programs that list and change outputs, wlr-randr for instance. */
#pragma once

#include "compositor.h"

struct wlr_output_manager_v1;

void *inos_output_management_create (struct inos_compositor *compositor, int version);
void inos_output_management_destroy (void *state);

/* Tells those programs how the outputs are now. */
void inos_output_management_publish (struct inos_compositor *compositor);

/* wlroots' own, for tests that act as an output manager. */
struct wlr_output_manager_v1 *inos_output_management_wlr (void *state);
