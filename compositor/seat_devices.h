/* Which seat an input device belongs to: the one that its settings name, else the main one. A seat
 * is there as long as settings name it, with its devices or before them: some programs look for
 * seats only when they start. */
#pragma once

#include "seat.h"

struct wlr_input_device;

/* Takes over a new input device of any kind that we can use. */
void inos_seat_devices_add (struct inos_compositor *compositor, struct wlr_input_device *device);

/* The compositor starts, or settings changed: devices go to their seats, and seats that are named
 * no more end. */
void inos_seat_devices_settle (struct inos_compositor *compositor);

/* The seat ends: its devices go to the main one. */
void inos_seat_devices_leave (struct inos_seat *seat);
