/* Pointers: motion, buttons, the image of the pointer and click-to-focus. */
#pragma once

#include "seat.h"

struct inos_pointer {
  struct wl_list link; /* inos_seat.pointers */
  struct inos_seat *seat;
  struct wlr_input_device *device;
  GHashTable *held; /* the buttons that are down: GUINT_TO_POINTER */

  struct wl_listener destroy;
};

/* Takes over a pointing device and applies the configuration to it. */
void inos_pointer_create (struct inos_seat *seat, struct wlr_input_device *device);

/* Lets go of it, and of the buttons that are down on it. */
void inos_pointer_remove (struct inos_seat *seat, struct wlr_input_device *device);

/* What other devices do with the pointer: it is somewhere else, a button of theirs goes down or up.
 */
void inos_pointer_point (struct inos_seat *seat, uint32_t time);
void inos_pointer_button (struct inos_seat *seat, uint32_t time, uint32_t button, bool down);

/* The seat's cursor: made and freed with the seat. */
void inos_pointer_init (struct inos_seat *seat);
void inos_pointer_finish (struct inos_seat *seat);
