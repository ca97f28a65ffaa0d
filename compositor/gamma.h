/* What tints an output: a program that has wlr-gamma-control, for as long as it does, else the
 * night light. */
#pragma once

#include "output.h"

struct wlr_output_state;

void *inos_gamma_create (struct inos_compositor *compositor, int version);
void inos_gamma_destroy (void *state);

/* Another tint may be wanted: it comes with the next frame. */
void inos_gamma_renew (struct inos_output *output);
/* The output is new or came back, and has no tint. */
void inos_gamma_lost (struct inos_output *output);
/* "unsupported", "none", "night-light" or "program". */
const char *inos_gamma_state (struct inos_output *output);
/* Puts the tint that is wanted now into a frame's state. A program whose table the output refuses
 * is told so. */
void inos_gamma_apply (struct inos_output *output, struct wlr_output_state *state);
