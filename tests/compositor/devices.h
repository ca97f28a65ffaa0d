/* A keyboard and a mouse without hardware: what libinput would announce, used by the test. */
#pragma once

#include <wlr/interfaces/wlr_keyboard.h>
#include <wlr/interfaces/wlr_pointer.h>
#include <wlr/types/wlr_cursor.h>
#include <linux/input-event-codes.h>

#include "seat.h"

static inline void add_keyboard_to (struct inos_seat *seat, struct wlr_keyboard *keyboard)
{
  static const struct wlr_keyboard_impl no_hardware = {.name = "test"};
  wlr_keyboard_init (keyboard, &no_hardware, "test");
  inos_seat_add_device (seat, &keyboard->base);
}

static inline void add_keyboard (struct inos_compositor *compositor, struct wlr_keyboard *keyboard)
{
  add_keyboard_to (compositor->seat, keyboard);
}

static inline void key (struct wlr_keyboard *keyboard, uint32_t code, bool down)
{
  struct wlr_keyboard_key_event event = {
    .keycode = code,
    .update_state = true,
    .state = down ? WL_KEYBOARD_KEY_STATE_PRESSED : WL_KEYBOARD_KEY_STATE_RELEASED,
  };
  wlr_keyboard_notify_key (keyboard, &event);
}

static inline void tap (struct wlr_keyboard *keyboard, uint32_t code)
{
  key (keyboard, code, true);
  key (keyboard, code, false);
}

/* Super and another key. */
static inline void chord (struct wlr_keyboard *keyboard, uint32_t code)
{
  key (keyboard, KEY_LEFTMETA, true);
  tap (keyboard, code);
  key (keyboard, KEY_LEFTMETA, false);
}

static inline void add_pointer_to (struct inos_seat *seat, struct wlr_pointer *pointer)
{
  static const struct wlr_pointer_impl no_hardware = {.name = "test"};
  wlr_pointer_init (pointer, &no_hardware, "test");
  inos_seat_add_device (seat, &pointer->base);
}

static inline void add_pointer (struct inos_compositor *compositor, struct wlr_pointer *pointer)
{
  add_pointer_to (compositor->seat, pointer);
}

/* unaccelerated: half as far. */
static inline void move_by (struct wlr_pointer *pointer, double dx, double dy)
{
  struct wlr_pointer_motion_event event = {
    .pointer = pointer,
    .time_msec = 7,
    .delta_x = dx,
    .delta_y = dy,
    .unaccel_dx = dx / 2,
    .unaccel_dy = dy / 2,
  };
  wl_signal_emit_mutable (&pointer->events.motion, &event);
  wl_signal_emit_mutable (&pointer->events.frame, pointer);
}

/* Moves the mouse until the pointer is there. */
static inline void move_to (struct inos_seat *seat, struct wlr_pointer *pointer, double x, double y)
{
  move_by (pointer, x - seat->cursor->x, y - seat->cursor->y);
}

static inline void button (struct wlr_pointer *pointer, uint32_t code, bool down)
{
  struct wlr_pointer_button_event event = {
    .pointer = pointer,
    .button = code,
    .state = down ? WL_POINTER_BUTTON_STATE_PRESSED : WL_POINTER_BUTTON_STATE_RELEASED,
  };
  wl_signal_emit_mutable (&pointer->events.button, &event);
  wl_signal_emit_mutable (&pointer->events.frame, pointer);
}
