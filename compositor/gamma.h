/* wlr-gamma-control: programs that tint the screen, warmer at night for instance. */
#pragma once

#include "output.h"

struct wlr_output_state;

void *inos_gamma_create (struct inos_compositor *compositor, int version);
void inos_gamma_destroy (void *state);

/* The output came back and has lost its tint: give it back with the next frame. */
void inos_gamma_renew (struct inos_output *output);
/* Puts the tint that is wanted now into a frame's state. A program whose table the output refuses
 * is told so. */
void inos_gamma_apply (struct inos_output *output, struct wlr_output_state *state);
