/* Windows that move and fade when they open, close, take a place or leave with their workspace.
 *
 * Only what is drawn moves: the place of a window, its size, the focus and what clients are told
 * are what they will be from the first moment, and nobody waits for an end. A closed window is
 * drawn by the buffers that it had last. Steps are taken in frames of the output; when all is
 * still, nothing is drawn and nothing wakes up. */
#pragma once

#include "view.h"

struct inos_motion;
struct inos_motions;

/* Whether windows move at all now. */
bool inos_motions_are_on (struct inos_compositor *compositor);

/* ms of the clock that motions run by. */
gint64 inos_motion_now (struct inos_compositor *compositor);

struct inos_motions *inos_motions_create (struct inos_compositor *compositor);
/* NULL does nothing. */
void inos_motions_destroy (struct inos_motions *motions);

/* All is at its end at once: the pictures that are shown may not be kept. */
void inos_motions_end (struct inos_motions *motions);

/* The view has just become visible, from `dx` px beside its place. */
void inos_motion_enter (struct inos_view *view, int dx);
/* The view is about to be drawn no more: a picture of it fades, going `dx` px. */
void inos_motion_leave (struct inos_view *view, int dx);
/* Likewise where it closes. */
void inos_motion_close (struct inos_view *view);
/* The view has just been put to its place and was seen at x, y before. */
void inos_motion_slide (struct inos_view *view, int x, int y);
/* Draws the view at its own place again. */
void inos_motion_stop (struct inos_view *view);
/* Puts the node of the view where it is now to be drawn. */
void inos_motion_place (struct inos_view *view);

/* A frame of the output is about to be drawn. */
void inos_motions_step (struct inos_output *output);
