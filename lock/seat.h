/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One seat at the lock screen: its keyboard, whose keys are turned into text here, its pointer and
 * fingers. Seats type into the same field. */
#pragma once

#include "display.h"

struct inos_seat {
  struct wl_list link; /* inos_display.seats */
  struct inos_display *display;
  struct wl_seat *wl;
  uint32_t name;                /* of the global */
  struct wl_keyboard *keyboard; /* may be NULL, as those below */
  struct wl_pointer *pointer;
  struct wl_touch *touch;
  struct wp_cursor_shape_device_v1 *shape;

  struct xkb_keymap *keymap;
  struct xkb_state *state;
  struct xkb_compose_state *composing;
  int32_t rate, delay; /* of repetition, keys a second and ms */
  uint32_t repeated;   /* key code, 0 for none */
  guint repetition;    /* source */
  bool caps;           /* as it was told */
  xkb_layout_index_t layout;

  const struct wl_surface *under; /* the pointer */
  double x, y;
  uint32_t entered; /* serial */
};

struct inos_seat *inos_seat_create (struct inos_display *display, struct wl_seat *wl,
                                    uint32_t name);
void inos_seat_destroy (struct inos_seat *seat);
/* A surface is wider by that, on both of its sides: the pointer over it has not moved. */
void inos_seat_widen_surface (struct inos_seat *seat, const struct wl_surface *surface, double by);
/* A surface goes: nobody points at it any more. */
void inos_seat_forget_surface (struct inos_seat *seat, const struct wl_surface *surface);
