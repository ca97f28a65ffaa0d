/* The seats' input devices: their list, and their settings. */
#pragma once

#include "seat.h"

struct wlr_input_device;

struct inos_device {
  struct wl_list link; /* inos_seat.devices */
  struct inos_seat *seat;
  uint32_t id; /* never used again in this compositor */
  struct wlr_input_device *wlr;
  double scroll_speed; /* times what it says */
  bool mapped;         /* to a part of the outputs, by the settings or what it says itself */

  struct wl_listener destroy;
};

/* Puts a device on the list and applies its settings; it leaves when it goes. */
void inos_device_create (struct inos_seat *seat, struct wlr_input_device *wlr);
void inos_devices_finish (struct inos_seat *seat);

/* It is now that seat's. */
void inos_device_move (struct inos_device *device, struct inos_seat *seat);

/* Settings changed. */
void inos_devices_apply (struct inos_seat *seat);
/* Outputs came, went or moved, or show another one's picture: devices that belong to a part of them
 * point there. */
void inos_devices_map (struct inos_compositor *compositor);

/* The whole output that it covers, by the settings or what it says itself; NULL where it covers a
 * region, or all. */
struct inos_output *inos_device_output (struct inos_seat *seat, struct wlr_input_device *wlr);

/* How far its scrolling goes, as a part of what it says itself. */
double inos_device_scroll_speed (struct inos_seat *seat, const struct wlr_input_device *wlr);

/* The device with that id, of whichever seat, or NULL. */
struct inos_device *inos_device_find (struct inos_compositor *compositor, uint32_t id);

/* "keyboard", "touchpad", "mouse", "touch", "tablet", "pad" or "switch". */
const char *inos_device_kind (struct inos_device *device);
/* Never NULL. */
const char *inos_device_name (struct inos_device *device);
