/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seat.h"

#include "cursor-shape-v1-client-protocol.h"
#include "keys.h"
#include "screen.h"

#include <linux/input-event-codes.h>

static enum inos_part part_at (struct inos_seat *seat, const struct wl_surface *surface, double x,
                               double y)
{
  const struct inos_screen *screen = inos_screen_of (seat->display, surface);
  return screen ? inos_screen_part_at (screen, surface, x, y) : INOS_PART_NONE;
}

/* The pointer */

static void tell_hover (struct inos_seat *seat)
{
  enum inos_part part = part_at (seat, seat->under, seat->x, seat->y);
  if (seat->shape)
    wp_cursor_shape_device_v1_set_shape (seat->shape, seat->entered,
                                         part == INOS_PART_FIELD
                                           ? WP_CURSOR_SHAPE_DEVICE_V1_SHAPE_TEXT
                                           : WP_CURSOR_SHAPE_DEVICE_V1_SHAPE_DEFAULT);
  seat->display->events->hover (part, seat->display->data);
}

static void handle_enter (void *data, struct wl_pointer *pointer, uint32_t serial,
                          struct wl_surface *surface, wl_fixed_t x, wl_fixed_t y)
{
  struct inos_seat *seat = data;
  seat->under = surface;
  seat->entered = serial;
  seat->x = wl_fixed_to_double (x);
  seat->y = wl_fixed_to_double (y);
  tell_hover (seat);
}

static void handle_leave (void *data, struct wl_pointer *pointer, uint32_t serial,
                          struct wl_surface *surface)
{
  struct inos_seat *seat = data;
  seat->under = NULL;
  seat->display->events->hover (INOS_PART_NONE, seat->display->data);
  seat->display->events->release (seat->display->data);
}

static void handle_motion (void *data, struct wl_pointer *pointer, uint32_t time, wl_fixed_t x,
                           wl_fixed_t y)
{
  struct inos_seat *seat = data;
  seat->x = wl_fixed_to_double (x);
  seat->y = wl_fixed_to_double (y);
  tell_hover (seat);
}

static void handle_button (void *data, struct wl_pointer *pointer, uint32_t serial, uint32_t time,
                           uint32_t button, uint32_t state)
{
  struct inos_seat *seat = data;
  if (button != BTN_LEFT)
    return;
  if (state == WL_POINTER_BUTTON_STATE_PRESSED)
    seat->display->events->press (part_at (seat, seat->under, seat->x, seat->y), false,
                                  seat->display->data);
  else
    seat->display->events->release (seat->display->data);
}

static void handle_axis (void *data, struct wl_pointer *pointer, uint32_t time, uint32_t axis,
                         wl_fixed_t value)
{
}

static void handle_pointer_frame (void *data, struct wl_pointer *pointer)
{
}

static void handle_axis_source (void *data, struct wl_pointer *pointer, uint32_t source)
{
}

static void handle_axis_stop (void *data, struct wl_pointer *pointer, uint32_t time, uint32_t axis)
{
}

static void handle_axis_discrete (void *data, struct wl_pointer *pointer, uint32_t axis,
                                  int32_t discrete)
{
}

static const struct wl_pointer_listener pointer_listener = {
  .enter = handle_enter,
  .leave = handle_leave,
  .motion = handle_motion,
  .button = handle_button,
  .axis = handle_axis,
  .frame = handle_pointer_frame,
  .axis_source = handle_axis_source,
  .axis_stop = handle_axis_stop,
  .axis_discrete = handle_axis_discrete,
};

/* Fingers */

static void handle_down (void *data, struct wl_touch *touch, uint32_t serial, uint32_t time,
                         struct wl_surface *surface, int32_t id, wl_fixed_t x, wl_fixed_t y)
{
  struct inos_seat *seat = data;
  enum inos_part part = part_at (seat, surface, wl_fixed_to_double (x), wl_fixed_to_double (y));
  seat->display->events->press (part, true, seat->display->data);
}

static void handle_up (void *data, struct wl_touch *touch, uint32_t serial, uint32_t time,
                       int32_t id)
{
  const struct inos_seat *seat = data;
  seat->display->events->release (seat->display->data);
}

static void handle_touch_motion (void *data, struct wl_touch *touch, uint32_t time, int32_t id,
                                 wl_fixed_t x, wl_fixed_t y)
{
}

static void handle_touch_frame (void *data, struct wl_touch *touch)
{
}

static void handle_touch_cancel (void *data, struct wl_touch *touch)
{
  const struct inos_seat *seat = data;
  seat->display->events->release (seat->display->data);
}

static const struct wl_touch_listener touch_listener = {
  .down = handle_down,
  .up = handle_up,
  .motion = handle_touch_motion,
  .frame = handle_touch_frame,
  .cancel = handle_touch_cancel,
};

/* The seat */

static void drop_pointer (struct inos_seat *seat)
{
  if (seat->shape)
    wp_cursor_shape_device_v1_destroy (seat->shape);
  if (seat->pointer) {
    wl_pointer_release (seat->pointer);
    seat->display->events->release (seat->display->data);
  }
  seat->shape = NULL;
  seat->pointer = NULL;
  seat->under = NULL;
}

static void drop_touch (struct inos_seat *seat)
{
  if (seat->touch) {
    wl_touch_release (seat->touch);
    seat->display->events->release (seat->display->data);
  }
  seat->touch = NULL;
}

static void take_pointer (struct inos_seat *seat)
{
  struct wp_cursor_shape_manager_v1 *shapes = seat->display->shape_manager;
  seat->pointer = wl_seat_get_pointer (seat->wl);
  wl_pointer_add_listener (seat->pointer, &pointer_listener, seat);
  if (shapes)
    seat->shape = wp_cursor_shape_manager_v1_get_pointer (shapes, seat->pointer);
}

static void handle_capabilities (void *data, struct wl_seat *wl, uint32_t capabilities)
{
  struct inos_seat *seat = data;
  if (!(capabilities & WL_SEAT_CAPABILITY_KEYBOARD))
    inos_keys_drop (seat);
  else if (!seat->keyboard)
    inos_keys_take (seat);
  if (!(capabilities & WL_SEAT_CAPABILITY_POINTER))
    drop_pointer (seat);
  else if (!seat->pointer)
    take_pointer (seat);
  if (!(capabilities & WL_SEAT_CAPABILITY_TOUCH)) {
    drop_touch (seat);
  } else if (!seat->touch) {
    seat->touch = wl_seat_get_touch (wl);
    wl_touch_add_listener (seat->touch, &touch_listener, seat);
  }
}

static void handle_name (void *data, struct wl_seat *wl, const char *name)
{
}

static const struct wl_seat_listener seat_listener = {
  .capabilities = handle_capabilities,
  .name = handle_name,
};

struct inos_seat *inos_seat_create (struct inos_display *display, struct wl_seat *wl, uint32_t name)
{
  struct inos_seat *seat = g_new0 (struct inos_seat, 1);
  seat->display = display;
  seat->wl = wl;
  seat->name = name;
  wl_list_insert (&display->seats, &seat->link);
  wl_seat_add_listener (wl, &seat_listener, seat);
  return seat;
}

void inos_seat_destroy (struct inos_seat *seat)
{
  inos_keys_drop (seat);
  drop_pointer (seat);
  drop_touch (seat);
  wl_list_remove (&seat->link);
  wl_seat_release (seat->wl);
  g_free (seat);
}

void inos_seat_forget_surface (struct inos_seat *seat, const struct wl_surface *surface)
{
  if (seat->under == surface)
    seat->under = NULL;
}

void inos_seat_widen_surface (struct inos_seat *seat, const struct wl_surface *surface, double by)
{
  if (seat->under == surface)
    seat->x += by;
}
