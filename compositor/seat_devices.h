/* Which seat an input device belongs to: the one that its settings name, else the main one. A seat
 * that is named so comes with the first device, and stays as long as settings name it. */
#pragma once

#include "seat.h"

struct wlr_input_device;

/* Takes over a new input device of any kind that we can use. */
void inos_seat_devices_add (struct inos_compositor *compositor, struct wlr_input_device *device);

/* Settings changed: devices go to their seats, and seats that are named no more end. */
void inos_seat_devices_settle (struct inos_compositor *compositor);

/* The seat ends: its devices go to the main one. */
void inos_seat_devices_leave (struct inos_seat *seat);
