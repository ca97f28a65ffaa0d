/* Mirroring: an output shows what another one shows, as large as it fits, with black beside it.
 *
 * Such an output is not in the layout and no wl_output: windows, panels and the pointer do not know
 * of it, and its windows live elsewhere meanwhile, as if it were unplugged. Who takes a picture of
 * it gets one of its source. mirror_choice.h says which outputs mirror which. */
#pragma once

#include "output.h"

/* Neither may mirror another one. */
void inos_mirror_begin (struct inos_output *output, struct inos_output *source);
/* It shows itself, where it was before if that is free. */
void inos_mirror_end (struct inos_output *output);

/* The output whose picture it shows: itself, where it does not mirror. NULL for NULL. */
struct inos_output *inos_mirror_shown (struct inos_output *output);

/* A place on the screen, both from 0 to 1 as wlr_cursor has turned it for the source, becomes that of
 * the picture there, where the output mirrors. Returns false for one beside the picture, which
 * becomes one beside the source. */
bool inos_mirror_point (const struct inos_output *output, double *x, double *y);

/* Draws the picture, where it has changed. */
void inos_mirror_draw (struct inos_output *output);
/* The output itself has changed: it needs drawing anew. */
void inos_mirror_refresh (struct inos_output *output);

/* Where an output that mirrors is to be when that ends, or that it is to stay off then. */
void inos_mirror_keep_place (struct inos_output *output, int x, int y);
void inos_mirror_keep_out (struct inos_output *output);

/* The output is about to go: those that mirror it end that before, and it mirrors none. */
void inos_mirror_leave (struct inos_output *output);
