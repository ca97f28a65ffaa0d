/* Touch screens: fingers that point, and that move and resize windows as a mouse does. */
#pragma once

#include "seat.h"

struct wlr_input_device;

struct inos_touch {
  struct wl_list link; /* inos_seat.touches */
  struct inos_seat *seat;
  struct wlr_input_device *device;

  struct wl_listener destroy;
};

/* Takes over a touch screen; it is let go of when the device goes. */
void inos_touch_create (struct inos_seat *seat, struct wlr_input_device *device);
void inos_touch_remove (struct inos_seat *seat, struct wlr_input_device *device);

/* Made and freed with the seat, after its cursor and before it. */
void inos_touch_init (struct inos_seat *seat);
void inos_touch_finish (struct inos_seat *seat);

/* Every finger that is down counts as lifted. */
void inos_touch_let_go (struct inos_seat *seat);

/* Whether `serial` is that of a finger put down on the view. If so the seat's cursor goes there
 * and follows that finger while it moves or resizes a window. */
bool inos_touch_takes_cursor (struct inos_seat *seat, struct inos_view *view, uint32_t serial);
