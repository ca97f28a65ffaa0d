/* When an output is drawn.
 *
 * Either as soon as it may be, or as late as it can be for the next vertical blank, so that what
 * programs drew and the pointer did meanwhile is in that frame and not only in the next one.
 * Programs are asked for their next picture right after a blank, once for each, so that they have
 * the time until then. [output NAME] max-render-time says which: how much time is kept for drawing,
 * or that this is to be learned from how long it took. That is the default for monitors; others
 * are drawn at once. */
#pragma once

#include "output.h"

struct inos_repaint;

struct inos_repaint *inos_repaint_create (struct inos_output *output);
/* NULL does nothing. */
void inos_repaint_destroy (struct inos_repaint *repaint);

/* wlroots says that the output may be drawn now. */
void inos_repaint_frame (struct inos_output *output);

/* How long before a blank it is drawn, in ns; 0: at once. */
gint64 inos_repaint_kept (struct inos_output *output);

/* For tests: another clock than the monotonic one, in ns. With it nothing is drawn by a timer:
 * inos_repaint_tick() is for the test to call. */
void inos_repaint_set_clock (struct inos_output *output, gint64 (*now) (void *data), void *data);
/* Draws, if it is time. */
void inos_repaint_tick (struct inos_output *output);
/* When that is; 0: no frame was put off. */
gint64 inos_repaint_due (struct inos_output *output);
/* Whether the hardware refused its last pictures, so often that it is not asked before something
 * changes. */
bool inos_repaint_has_given_up (const struct inos_output *output);
