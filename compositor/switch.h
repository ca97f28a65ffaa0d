/* Switches of the machine: a lid, a screen that folds into a tablet. */
#pragma once

#include "seat.h"

struct wlr_input_device;

/* Takes over a switch, whose changes do what [switches] says; it is let go of when it goes. */
void inos_switch_create (struct inos_seat *seat, struct wlr_input_device *device);
void inos_switch_remove (struct inos_seat *seat, struct wlr_input_device *device);
void inos_switches_finish (struct inos_seat *seat);
