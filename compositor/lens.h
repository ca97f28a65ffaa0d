/* The screen for people who see it badly: the output under the pointer is magnified, and all
 * colours are inverted, where the settings ask for it.
 *
 * An output without a lens is drawn as ever, straight to the screen. With one, the scene is drawn
 * into a picture of its own, and that to the screen; the rest of the compositor knows nothing of
 * it, for the pointer is shown where it is: the part of the output that is left of it is left of it
 * on the screen too, in the same proportion. */
#pragma once

#include <stdbool.h>

struct inos_compositor;
struct inos_lens;
struct inos_output;
struct wlr_output_state;

/* Sets how large all is, in hundredths, within what the settings allow, until they are read anew.
 */
void inos_lens_set_zoom (struct inos_compositor *compositor, int percent);
void inos_lens_set_inverted (struct inos_compositor *compositor, bool on);

/* Gives outputs their lenses and takes them away: the settings, the outputs or the pointer changed.
 * It is cheap where nothing is asked for. */
void inos_lenses_update (struct inos_compositor *compositor);

/* Draws the next frame. Returns false where there is nothing to draw it with. */
bool inos_lens_build_state (struct inos_lens *lens, struct wlr_output_state *state);

/* A place of the screen, as a finger points at it, becomes the place of the layout shown there. */
void inos_lens_to_layout (struct inos_compositor *compositor, double *x, double *y);

/* For an output that goes. NULL does nothing. */
void inos_lens_destroy (struct inos_lens *lens);
