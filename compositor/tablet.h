/* Drawing tablets: pens that clients who know tablets follow, and that are a mouse for the others.
 */
#pragma once

#include "seat.h"

struct wlr_input_device;

void *inos_tablet_manager_create (struct inos_compositor *compositor, int version);
void inos_tablet_manager_destroy (void *state);

/* The seat's tablets: made and freed with the seat, after its cursor and before it. */
void inos_tablets_init (struct inos_seat *seat);
void inos_tablets_finish (struct inos_seat *seat);

/* Lifts every pen, for the window that it draws in and for the mouse that it is. */
void inos_tablets_let_go (struct inos_seat *seat);

/* Whether a pen that is a mouse holds that button of it down. */
bool inos_tablets_hold (struct inos_seat *seat, uint32_t button);

/* Takes over a tablet or a tablet's pad; it is let go of when it goes. */
void inos_tablet_create (struct inos_seat *seat, struct wlr_input_device *device);
void inos_tablet_pad_create (struct inos_seat *seat, struct wlr_input_device *device);
/* Lets go of one that stays plugged in. */
void inos_tablet_remove (struct inos_seat *seat, struct wlr_input_device *device);
void inos_tablet_pad_remove (struct inos_seat *seat, struct wlr_input_device *device);

/* For tablet_pad.c. A pad is told of the tablet that it belongs to: the first of the seat. */
struct wlr_tablet_v2_tablet;
struct wlr_tablet_v2_tablet *inos_tablet_first (struct inos_seat *seat);
struct wlr_tablet_manager_v2;
struct wlr_tablet_manager_v2 *inos_tablet_manager (struct inos_compositor *compositor);
/* The keyboard's focus, which pads follow, is another. */
void inos_tablet_pads_follow_focus (struct inos_seat *seat, struct wlr_surface *surface);
void inos_tablet_pads_finish (struct inos_seat *seat);
