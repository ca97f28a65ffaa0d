/* The overview: the windows of the workspace that each output shows side by side, as live pictures,
 * with the workspaces above them.
 *
 * While it is open it has keys, pointer and fingers, but for panels and what else is above windows,
 * and no window hears of them; windows go on drawing. Its state is what it will be from the first
 * moment on: only what is drawn moves. Closed, it costs nothing: no node, no listener, no timer.
 * Whatever takes the keyboard for itself closes it, and so do the lock screen and whoever destroys
 * what it is drawn with. overview_draw.c draws, overview_screen.c places, overview_input.c hears.
 */
#pragma once

#include "keyboard.h"
#include "seat.h"

struct inos_overview;
struct timespec;
struct wlr_scene_node;

struct inos_overview *inos_overview_create (struct inos_compositor *compositor);
/* NULL does nothing. */
void inos_overview_destroy (struct inos_overview *overview);

/* Opens it, or not where the session is locked, something is dragged, or something above the
 * windows has the keyboard for itself. Returns whether it is open. */
bool inos_overview_open (struct inos_compositor *compositor);
void inos_overview_close (struct inos_compositor *compositor);
void inos_overview_toggle (struct inos_compositor *compositor);
/* Closes it without any motion: what it shows may not be shown longer. */
void inos_overview_end (struct inos_compositor *compositor);

/* Whether it is open, and whether it is drawn, which it also is while it closes. */
bool inos_overview_is_open (const struct inos_compositor *compositor);
bool inos_overview_is_shown (const struct inos_compositor *compositor);
/* The number of the window that is chosen in it; 0: none, or it is closed. */
uint32_t inos_overview_selected (const struct inos_compositor *compositor);

/* Colours or the size of letters are others. */
void inos_overview_redraw (struct inos_compositor *compositor);

/* Fingers open or close it: how much of the way from closed to open they have gone, 0 to 1. It has
 * the input when they have let go. Returns false where it cannot be opened. */
bool inos_overview_pull (struct inos_compositor *compositor, double part);
/* The fingers let go: it opens or closes. */
void inos_overview_release_pull (struct inos_compositor *compositor, bool open);

/* What was typed in it since it was opened last, which is then forgotten: the launcher goes on with
 * that. Empty while it is open. The caller frees it. */
char *inos_overview_take_typed (struct inos_compositor *compositor);

/* A frame of the output is about to be drawn; its windows may draw the next one. */
void inos_overview_step (struct inos_output *output);
void inos_overview_ask (struct inos_output *output, const struct timespec *now);
/* The seat is in the middle of nothing any more. */
void inos_overview_forget_seat (struct inos_seat *seat);
/* Something has the seat's keyboard for itself. */
void inos_overview_yield (struct inos_seat *seat);
/* Whether the node is a picture of a private window, which then has this size. */
bool inos_overview_is_private (const struct inos_compositor *compositor,
                               const struct wlr_scene_node *node, int *width, int *height);

/* The next window (step 1) or the one before (-1) is chosen; it must be open. */
void inos_overview_choose_next (struct inos_compositor *compositor, int step);

/* Each returns true where the event was the overview's. overview_input.c */
bool inos_overview_motion (struct inos_seat *seat);
bool inos_overview_press (struct inos_seat *seat, uint32_t button);
bool inos_overview_release (struct inos_seat *seat, uint32_t button);
/* Whether something of it is pressed; what else is pressed meanwhile does nothing. */
bool inos_overview_is_pressed (const struct inos_compositor *compositor);
bool inos_overview_scroll (struct inos_seat *seat, double steps);
bool inos_overview_key (struct inos_keyboard *keyboard, uint32_t key);

/* What is wrong with it, for verify.h; the caller frees it. NULL: nothing. */
char *inos_overview_verify (struct inos_compositor *compositor);
