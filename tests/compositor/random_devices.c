/* Hardware that is plugged in, used and pulled out in any order: stand-ins that the test moves. */

#include <linux/input-event-codes.h>
#include <wlr/backend.h>
#include <wlr/interfaces/wlr_keyboard.h>
#include <wlr/interfaces/wlr_pointer.h>
#include <wlr/interfaces/wlr_tablet_pad.h>
#include <wlr/interfaces/wlr_tablet_tool.h>
#include <wlr/interfaces/wlr_touch.h>
#include <wlr/types/wlr_seat.h>

#include "random.h"
#include "seats.h"

enum { MOST_DEVICES = 10 };

static const struct wlr_keyboard_impl keyboard_impl = {.name = "random"};
static const struct wlr_pointer_impl pointer_impl = {.name = "random"};
static const struct wlr_touch_impl touch_impl = {.name = "random"};
static const struct wlr_tablet_impl tablet_impl = {.name = "random"};
static const struct wlr_tablet_pad_impl pad_impl = {.name = "random"};

void random_plug (struct world *world)
{
  if (world->devices->len >= MOST_DEVICES)
    return;
  struct device *device = g_new0 (struct device, 1);
  device->kind = (enum device_kind)random_pick (world, KINDS);
  g_string_append_printf (world->told, " kind %d", device->kind);
  struct wlr_input_device *base = NULL;
  if (device->kind == KEYBOARD) {
    wlr_keyboard_init (&device->keyboard, &keyboard_impl, "keyboard");
    base = &device->keyboard.base;
  } else if (device->kind == POINTER) {
    wlr_pointer_init (&device->pointer, &pointer_impl, "pointer");
    base = &device->pointer.base;
  } else if (device->kind == TOUCH) {
    wlr_touch_init (&device->touch, &touch_impl, "touch");
    base = &device->touch.base;
  } else if (device->kind == TABLET) {
    wlr_tablet_init (&device->tablet, &tablet_impl, "pen");
    device->pen.type = WLR_TABLET_TOOL_TYPE_PEN;
    wl_signal_init (&device->pen.events.destroy);
    base = &device->tablet.base;
  } else {
    wlr_tablet_pad_init (&device->pad, &pad_impl, "pad");
    device->pad.button_count = 4;
    base = &device->pad.base;
  }
  struct inos_seat *seat = random_pick_seat (world);
  if (inos_seat_is_main (seat))
    wl_signal_emit_mutable (&world->compositor->backend->events.new_input, base);
  else
    inos_seat_add_device (seat, base);
  g_string_append_printf (world->told, " to %s", seat->wlr->name);
  g_ptr_array_add (world->devices, device);
}

/* Pen and tablet go in either order. */
static void tablet_finish (struct device *device)
{
  bool pen_first = device->down & 1;
  if (pen_first)
    wl_signal_emit_mutable (&device->pen.events.destroy, &device->pen);
  wlr_tablet_finish (&device->tablet);
  if (!pen_first)
    wl_signal_emit_mutable (&device->pen.events.destroy, &device->pen);
}

void device_free (struct device *device)
{
  if (device->kind == KEYBOARD)
    wlr_keyboard_finish (&device->keyboard);
  else if (device->kind == POINTER)
    wlr_pointer_finish (&device->pointer);
  else if (device->kind == TOUCH)
    wlr_touch_finish (&device->touch);
  else if (device->kind == PAD)
    wlr_tablet_pad_finish (&device->pad);
  else
    tablet_finish (device);
  g_free (device);
}

void random_unplug (struct world *world)
{
  struct device *device = random_pick_of (world, world->devices);
  if (!device)
    return;
  g_string_append_printf (world->told, " kind %d", device->kind);
  g_ptr_array_remove (world->devices, device);
  device_free (device);
}

static void use_keyboard (struct world *world, struct device *device)
{
  static const uint32_t keys[] = {KEY_LEFTMETA, KEY_LEFTALT, KEY_LEFTSHIFT, KEY_TAB,   KEY_2,
                                  KEY_1,        KEY_A,       KEY_UP,        KEY_ENTER, KEY_SPACE};
  int which = random_pick (world, G_N_ELEMENTS (keys));
  device->down ^= 1U << which;
  struct wlr_keyboard_key_event event = {
    .keycode = keys[which],
    .update_state = true,
    .state =
      device->down & 1U << which ? WL_KEYBOARD_KEY_STATE_PRESSED : WL_KEYBOARD_KEY_STATE_RELEASED,
  };
  g_string_append_printf (world->told, " key %u %s", keys[which], event.state ? "down" : "up");
  wlr_keyboard_notify_key (&device->keyboard, &event);
}

static void scroll (struct world *world, struct device *device)
{
  struct wlr_pointer_axis_event event = {
    .pointer = &device->pointer,
    .source = WL_POINTER_AXIS_SOURCE_WHEEL,
    .orientation = (enum wl_pointer_axis)random_pick (world, 2),
    .delta = 15,
    .delta_discrete = WLR_POINTER_AXIS_DISCRETE_STEP,
  };
  g_string_append (world->told, " scroll");
  wl_signal_emit_mutable (&device->pointer.events.axis, &event);
}

static void begin_gesture (struct world *world, struct device *device)
{
  struct wlr_pointer *pointer = &device->pointer;
  uint32_t fingers = 2 + (uint32_t)random_pick (world, 4);
  device->gesture = SWIPE + (unsigned int)random_pick (world, 3);
  g_string_append_printf (world->told, " gesture %d of %u fingers", device->gesture, fingers);
  if (device->gesture == SWIPE) {
    struct wlr_pointer_swipe_begin_event event = {.pointer = pointer, .fingers = fingers};
    wl_signal_emit_mutable (&pointer->events.swipe_begin, &event);
  } else if (device->gesture == PINCH) {
    struct wlr_pointer_pinch_begin_event event = {.pointer = pointer, .fingers = fingers};
    wl_signal_emit_mutable (&pointer->events.pinch_begin, &event);
  } else {
    struct wlr_pointer_hold_begin_event event = {.pointer = pointer, .fingers = fingers};
    wl_signal_emit_mutable (&pointer->events.hold_begin, &event);
  }
}

static void end_gesture (struct world *world, struct device *device)
{
  struct wlr_pointer *pointer = &device->pointer;
  bool cancelled = random_pick (world, 2);
  g_string_append_printf (world->told, " gesture %s", cancelled ? "cancelled" : "ends");
  if (device->gesture == SWIPE) {
    struct wlr_pointer_swipe_end_event event = {.pointer = pointer, .cancelled = cancelled};
    wl_signal_emit_mutable (&pointer->events.swipe_end, &event);
  } else if (device->gesture == PINCH) {
    struct wlr_pointer_pinch_end_event event = {.pointer = pointer, .cancelled = cancelled};
    wl_signal_emit_mutable (&pointer->events.pinch_end, &event);
  } else {
    struct wlr_pointer_hold_end_event event = {.pointer = pointer, .cancelled = cancelled};
    wl_signal_emit_mutable (&pointer->events.hold_end, &event);
  }
  device->gesture = NO_GESTURE;
}

static void gesture (struct world *world, struct device *device)
{
  struct wlr_pointer *pointer = &device->pointer;
  double dx = random_pick (world, 400) - 200, dy = random_pick (world, 400) - 200;
  if (device->gesture == NO_GESTURE) {
    begin_gesture (world, device);
  } else if (device->gesture == HOLD || random_pick (world, 3) == 0) {
    end_gesture (world, device);
  } else if (device->gesture == SWIPE) {
    struct wlr_pointer_swipe_update_event event = {
      .pointer = pointer, .fingers = 3, .dx = dx, .dy = dy};
    wl_signal_emit_mutable (&pointer->events.swipe_update, &event);
  } else {
    struct wlr_pointer_pinch_update_event event = {
      .pointer = pointer, .fingers = 2, .dx = dx, .dy = dy, .scale = 0.5, .rotation = 10};
    wl_signal_emit_mutable (&pointer->events.pinch_update, &event);
  }
}

static void use_pointer (struct world *world, struct device *device)
{
  struct wlr_pointer *pointer = &device->pointer;
  int which = random_pick (world, 8);
  if (which > 5) {
    gesture (world, device);
  } else if (which == 5) {
    scroll (world, device);
  } else if (which < 2) {
    device->down ^= 1U << which;
    struct wlr_pointer_button_event event = {
      .pointer = pointer,
      .button = BTN_LEFT + (uint32_t)which,
      .state = device->down & 1U << which ? WL_POINTER_BUTTON_STATE_PRESSED
                                          : WL_POINTER_BUTTON_STATE_RELEASED,
    };
    g_string_append_printf (world->told, " button %d %s", which, event.state ? "down" : "up");
    wl_signal_emit_mutable (&pointer->events.button, &event);
  } else {
    struct wlr_pointer_motion_absolute_event event = {.pointer = pointer,
                                                      .x = random_pick (world, 100) / 100.0,
                                                      .y = random_pick (world, 100) / 100.0};
    g_string_append_printf (world->told, " to %g,%g", event.x, event.y);
    wl_signal_emit_mutable (&pointer->events.motion_absolute, &event);
  }
  wl_signal_emit_mutable (&pointer->events.frame, pointer);
}

static void use_touch (struct world *world, struct device *device)
{
  struct wlr_touch *touch = &device->touch;
  int32_t id = random_pick (world, 3);
  double x = random_pick (world, 100) / 100.0, y = random_pick (world, 100) / 100.0;
  if (!(device->down & 1U << id)) {
    struct wlr_touch_down_event event = {.touch = touch, .touch_id = id, .x = x, .y = y};
    wl_signal_emit_mutable (&touch->events.down, &event);
    device->down |= 1U << id;
  } else if (random_pick (world, 2)) {
    struct wlr_touch_motion_event event = {.touch = touch, .touch_id = id, .x = x, .y = y};
    wl_signal_emit_mutable (&touch->events.motion, &event);
  } else if (random_pick (world, 4)) {
    struct wlr_touch_up_event event = {.touch = touch, .touch_id = id};
    wl_signal_emit_mutable (&touch->events.up, &event);
    device->down &= ~(1U << id);
  } else {
    struct wlr_touch_cancel_event event = {.touch = touch, .touch_id = id};
    wl_signal_emit_mutable (&touch->events.cancel, &event);
    device->down &= ~(1U << id);
  }
  wl_signal_emit_mutable (&touch->events.frame, NULL);
}

static void use_pen_near (struct world *world, struct device *device)
{
  struct wlr_tablet *tablet = &device->tablet;
  double x = random_pick (world, 100) / 100.0, y = random_pick (world, 100) / 100.0;
  int which = random_pick (world, 4);
  if (which == 0) {
    device->down ^= 2;
    struct wlr_tablet_tool_tip_event event = {
      .tablet = tablet,
      .tool = &device->pen,
      .x = x,
      .y = y,
      .state = device->down & 2 ? WLR_TABLET_TOOL_TIP_DOWN : WLR_TABLET_TOOL_TIP_UP,
    };
    wl_signal_emit_mutable (&tablet->events.tip, &event);
  } else if (which == 1) {
    device->down ^= 4;
    struct wlr_tablet_tool_button_event event = {
      .tablet = tablet,
      .tool = &device->pen,
      .button = BTN_STYLUS,
      .state = device->down & 4 ? WLR_BUTTON_PRESSED : WLR_BUTTON_RELEASED,
    };
    wl_signal_emit_mutable (&tablet->events.button, &event);
  } else {
    struct wlr_tablet_tool_axis_event event = {
      .tablet = tablet,
      .tool = &device->pen,
      .updated_axes = WLR_TABLET_TOOL_AXIS_X | WLR_TABLET_TOOL_AXIS_Y,
      .x = x,
      .y = y,
    };
    wl_signal_emit_mutable (&tablet->events.axis, &event);
  }
}

/* The lowest bit: the pen is near. */
static void use_tablet (struct world *world, struct device *device)
{
  if (device->down & 1 && random_pick (world, 5)) {
    g_string_append (world->told, " pen");
    use_pen_near (world, device);
    return;
  }
  device->down = device->down & 1 ? 0 : 1;
  struct wlr_tablet_tool_proximity_event event = {
    .tablet = &device->tablet,
    .tool = &device->pen,
    .x = random_pick (world, 100) / 100.0,
    .y = random_pick (world, 100) / 100.0,
    .state = device->down ? WLR_TABLET_TOOL_PROXIMITY_IN : WLR_TABLET_TOOL_PROXIMITY_OUT,
  };
  g_string_append_printf (world->told, " pen %s", device->down ? "comes near" : "is lifted");
  wl_signal_emit_mutable (&device->tablet.events.proximity, &event);
}

static void use_pad (struct world *world, struct device *device)
{
  uint32_t which = (uint32_t)random_pick (world, 4);
  device->down ^= 1U << which;
  struct wlr_tablet_pad_button_event event = {
    .button = which,
    .state = device->down & 1U << which ? WLR_BUTTON_PRESSED : WLR_BUTTON_RELEASED,
  };
  wl_signal_emit_mutable (&device->pad.events.button, &event);
}

void random_use (struct world *world)
{
  struct device *device = random_pick_of (world, world->devices);
  if (!device)
    return;
  if (device->kind == KEYBOARD)
    use_keyboard (world, device);
  else if (device->kind == POINTER)
    use_pointer (world, device);
  else if (device->kind == TOUCH)
    use_touch (world, device);
  else if (device->kind == TABLET)
    use_tablet (world, device);
  else
    use_pad (world, device);
}
