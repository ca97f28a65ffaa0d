/* Where the pointer is. It is there at once; its picture follows at the end of the dispatch, when
 * who is below it has been told: moving the picture touches every output. */
#pragma once

#include "seat.h"

struct wlr_input_device;
struct wlr_output;

/* Moves it by @dx, @dy of the layout, to the nearest place that is on a screen. */
void inos_pointer_place_by (struct inos_seat *seat, struct wlr_input_device *device, double dx,
                            double dy);

/* Moves it to @x, @y of what the device covers, each from 0 to 1; NAN: stays. */
void inos_pointer_place_at (struct inos_seat *seat, struct wlr_input_device *device, double x,
                            double y);

/* The device covers the region of the layout, else that one output, else all of them. Either may be
 * NULL; an empty region is none. */
void inos_pointer_place_map (struct inos_seat *seat, struct wlr_input_device *device,
                             struct wlr_output *output, const struct wlr_box *region);

/* The outputs are elsewhere. */
void inos_pointer_place_forget (struct inos_seat *seat);

/* The seat goes. */
void inos_pointer_place_finish (struct inos_seat *seat);
