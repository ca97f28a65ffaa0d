#include "pointer.h"

#include <math.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_pointer.h>
#include <wlr/types/wlr_relative_pointer_v1.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_xcursor_manager.h>
#include <linux/input-event-codes.h>

#include "binding.h"
#include "corner.h"
#include "cursor_image.h"
#include "cursor_theme.h"
#include "device.h"
#include "window_frame.h"
#include "gesture.h"
#include "grab.h"
#include "idle.h"
#include "lens.h"
#include "listener.h"
#include "overview_show.h"
#include "pointer_constraint.h"
#include "pointer_place.h"
#include "protocol.h"
#include "responsive.h"
#include "seats.h"
#include "turn.h"
#include "view.h"
#include "window_menu.h"
#include "x11_drag.h"
#include "x11_scale.h"

enum { TOUCHPAD_STEP = 15, MOST_STEPS = 8 }; /* of scrolling */

void inos_pointer_point (struct inos_seat *seat, uint32_t time)
{
  double sx, sy;
  inos_lenses_update (seat->compositor);
  inos_corner_motion (seat);
  if (seat->drag_icon)
    wlr_scene_node_set_position (&seat->drag_icon->node, (int)seat->cursor->x,
                                 (int)seat->cursor->y);
  if (seat->grab.kind != INOS_GRAB_NONE) {
    inos_grab_motion (seat);
    return;
  }
  if (inos_window_menu_motion (seat) || inos_overview_motion (seat) ||
      (seat->on_frame.pressed && inos_frame_motion (seat)))
    return;
  if (seat->x11_drag && inos_x11_drag_motion (seat->x11_drag, time))
    return;
  if ((seat->pressed || seat->gesturing) && seat->wlr->pointer_state.focused_surface) {
    double scale =
      inos_x11_surface_scale (seat->compositor, seat->wlr->pointer_state.focused_surface);
    wlr_seat_pointer_notify_motion (seat->wlr, time, (seat->cursor->x - seat->press_x) * scale,
                                    (seat->cursor->y - seat->press_y) * scale);
    return;
  }
  struct wlr_surface *surface =
    inos_seat_surface_at (seat, seat->cursor->x, seat->cursor->y, &sx, &sy);
  if (surface)
    inos_frame_leave (seat);
  if (!surface) {
    if (!inos_frame_motion (seat))
      inos_cursor_image_set_name (seat, "default");
    wlr_seat_pointer_notify_clear_focus (seat->wlr);
    return;
  }
  wlr_seat_pointer_notify_enter (seat->wlr, surface, sx, sy);
  wlr_seat_pointer_notify_motion (seat->wlr, time, sx, sy);
  if (!seat->constraint)
    inos_pointer_constraint_update (seat);
}

/* The surface keeps the pointer: later motion is told from where it is now. */
static void hold_place (struct inos_seat *seat, const struct wlr_surface *surface, double sx,
                        double sy)
{
  double scale = inos_x11_surface_scale (seat->compositor, surface);
  seat->press_x = seat->cursor->x - sx / scale;
  seat->press_y = seat->cursor->y - sy / scale;
}

void inos_seat_hold_pointer (struct inos_seat *seat, bool hold)
{
  const struct wlr_seat_pointer_state *state = &seat->wlr->pointer_state;
  if (hold && !seat->pressed)
    hold_place (seat, state->focused_surface, state->sx, state->sy);
  seat->gesturing = hold;
  if (!hold)
    inos_seat_refresh_cursor (seat);
}

void inos_seat_refresh_cursor (struct inos_seat *seat)
{
  double sx, sy;
  /* While a menu of ours is open no program has the pointer. */
  if (!seat || seat->pressed || seat->gesturing || seat->menu || seat->x11_drag ||
      seat->grab.kind != INOS_GRAB_NONE)
    return;
  struct wlr_surface *surface =
    inos_seat_surface_at (seat, seat->cursor->x, seat->cursor->y, &sx, &sy);
  const struct wlr_seat_pointer_state *state = &seat->wlr->pointer_state;
  if (!surface) {
    wlr_seat_pointer_notify_clear_focus (seat->wlr);
  } else if (surface != state->focused_surface) {
    wlr_seat_pointer_notify_enter (seat->wlr, surface, sx, sy);
  } else if (sx != state->sx || sy != state->sy) {
    wlr_seat_pointer_notify_motion (seat->wlr, (uint32_t)(g_get_monotonic_time() / 1000), sx, sy);
    wlr_seat_pointer_notify_frame (seat->wlr);
  }
}

static void on_refresh (void *data)
{
  struct inos_seat *seat = data;
  seat->refresh = NULL;
  inos_seat_refresh_cursor (seat);
}

void inos_seat_refresh_cursor_later (struct inos_seat *seat)
{
  if (seat && !seat->refresh && !seat->compositor->ending)
    seat->refresh = wl_event_loop_add_idle (seat->compositor->loop, on_refresh, seat);
}

static void handle_pointer_focus_change (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, pointer_focus_change);
  inos_pointer_constraint_update (seat);
}

/* Games look at how far the mouse went, whatever becomes of the pointer. */
static void tell_relative (struct inos_seat *seat, uint32_t time, double dx, double dy,
                           double unaccel_dx, double unaccel_dy)
{
  struct wlr_relative_pointer_manager_v1 *manager =
    inos_protocol_state (seat->compositor, INOS_STATE_RELATIVE_POINTERS);
  if (wl_list_empty (&manager->relative_pointers))
    return;
  double scale =
    inos_x11_surface_scale (seat->compositor, seat->wlr->pointer_state.focused_surface);
  wlr_relative_pointer_manager_v1_send_relative_motion (manager, seat->wlr, (uint64_t)time * 1000,
                                                        dx * scale, dy * scale, unaccel_dx * scale,
                                                        unaccel_dy * scale);
}

static void handle_motion (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, motion);
  const struct wlr_pointer_motion_event *event = data;
  double dx = event->delta_x, dy = event->delta_y;
  seat->acted = event->time_msec;
  inos_cursor_image_show (seat);
  tell_relative (seat, event->time_msec, dx, dy, event->unaccel_dx, event->unaccel_dy);
  if (!inos_pointer_constraint_motion (seat, &dx, &dy))
    return;
  inos_pointer_place_by (seat, &event->pointer->base, dx, dy);
  inos_pointer_point (seat, event->time_msec);
}

static void handle_motion_absolute (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, motion_absolute);
  const struct wlr_pointer_motion_absolute_event *event = data;
  double x, y;
  wlr_cursor_absolute_to_layout_coords (seat->cursor, &event->pointer->base, event->x, event->y, &x,
                                        &y);
  double dx = x - seat->cursor->x, dy = y - seat->cursor->y;
  seat->acted = event->time_msec;
  inos_cursor_image_show (seat);
  tell_relative (seat, event->time_msec, dx, dy, dx, dy);
  if (!inos_pointer_constraint_motion (seat, &dx, &dy))
    return;
  if (seat->constraint)
    inos_pointer_place_by (seat, &event->pointer->base, dx, dy);
  else
    inos_pointer_place_at (seat, &event->pointer->base, event->x, event->y);
  inos_pointer_point (seat, event->time_msec);
}

/* Nobody sees its release either. */
static void swallow (struct inos_seat *seat, uint32_t button)
{
  if (seat->swallowed_button_count < G_N_ELEMENTS (seat->swallowed_buttons))
    seat->swallowed_buttons[seat->swallowed_button_count++] = button;
}

static void press (struct inos_seat *seat, const struct wlr_pointer_button_event *event)
{
  double sx, sy;
  inos_seat_act (seat);
  inos_binding_forget_tap (seat);
  inos_corner_forget (seat);
  inos_cursor_image_show (seat);
  if (!seat->pressed)
    inos_x11_drag_cancel (seat->x11_drag);
  bool ends_grab = seat->grab.kind != INOS_GRAB_NONE && seat->grab.keys; /* when it goes up */
  if (ends_grab || inos_window_menu_press (seat) || inos_overview_press (seat, event->button)) {
    swallow (seat, event->button);
    return;
  }
  struct wlr_surface *surface =
    inos_seat_surface_at (seat, seat->cursor->x, seat->cursor->y, &sx, &sy);
  inos_seat_click_focus (seat, surface);
  if (inos_view_from_surface (surface))
    inos_responsive_ask (inos_view_from_surface (surface));
  if (inos_binding_button (seat, event->button)) {
    swallow (seat, event->button);
    return;
  }
  if (!surface && inos_frame_press (seat, event->time_msec, event->button))
    return;
  if (!seat->pressed && surface == seat->wlr->pointer_state.focused_surface) {
    seat->pressed = true;
    hold_place (seat, surface, sx, sy);
  }
  wlr_seat_pointer_notify_button (seat->wlr, event->time_msec, event->button, event->state);
}

static bool unswallow (struct inos_seat *seat, uint32_t button)
{
  for (size_t i = 0; i < seat->swallowed_button_count; i++) {
    if (seat->swallowed_buttons[i] == button) {
      seat->swallowed_buttons[i] = seat->swallowed_buttons[--seat->swallowed_button_count];
      return true;
    }
  }
  return false;
}

static void release (struct inos_seat *seat, uint32_t time, uint32_t button)
{
  /* During a grab nothing has the pointer, so that nobody sees a release without its press. */
  if (!unswallow (seat, button))
    wlr_seat_pointer_notify_button (seat->wlr, time, button, WL_POINTER_BUTTON_STATE_RELEASED);
  if (seat->grab.kind != INOS_GRAB_NONE)
    inos_grab_end (seat);
  else if (!inos_overview_release (seat, button) && !inos_window_menu_release (seat) &&
           button == BTN_LEFT)
    inos_frame_release (seat);
  if (seat->wlr->pointer_state.button_count == 0) {
    seat->pressed = false;
    if (seat->x11_drag)
      inos_x11_drag_released (seat->x11_drag);
    inos_pointer_point (seat, time);
  }
}

void inos_pointer_button (struct inos_seat *seat, uint32_t time, uint32_t button, bool down)
{
  const struct wlr_pointer_button_event event = {
    .time_msec = time, .button = button, .state = WL_POINTER_BUTTON_STATE_PRESSED};
  if (down)
    press (seat, &event);
  else
    release (seat, time, button);
}

static void remember (struct inos_seat *seat, const struct wlr_pointer_button_event *event)
{
  struct inos_pointer *pointer;
  wl_list_for_each (pointer, &seat->pointers, link) {
    if (pointer->device != &event->pointer->base)
      continue;
    if (event->state == WL_POINTER_BUTTON_STATE_PRESSED)
      g_hash_table_add (pointer->held, GUINT_TO_POINTER (event->button));
    else
      g_hash_table_remove (pointer->held, GUINT_TO_POINTER (event->button));
  }
}

static void handle_button (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, button);
  const struct wlr_pointer_button_event *event = data;
  seat->acted = event->time_msec;
  remember (seat, event);
  if (event->state == WL_POINTER_BUTTON_STATE_PRESSED)
    press (seat, event);
  else
    release (seat, event->time_msec, event->button);
  inos_idle_activity (seat);
}

/* Each notch of a wheel, and as much of a touchpad, asks for the action once. Returns true where
 * the scrolling was a binding. */
static bool scroll_binding (struct inos_seat *seat, const struct wlr_pointer_axis_event *event)
{
  bool vertical = event->orientation == WL_POINTER_AXIS_VERTICAL_SCROLL;
  double *scrolled = &seat->scrolled[event->orientation == WL_POINTER_AXIS_HORIZONTAL_SCROLL];
  double step = event->delta_discrete
                  ? (double)event->delta_discrete / WLR_POINTER_AXIS_DISCRETE_STEP
                  : event->delta / TOUCHPAD_STEP;
  enum inos_scroll back = vertical ? INOS_SCROLL_UP : INOS_SCROLL_LEFT;
  enum inos_scroll forth = vertical ? INOS_SCROLL_DOWN : INOS_SCROLL_RIGHT;
  if (!inos_binding_has_scroll (seat, step < 0 ? back : forth)) {
    *scrolled = 0;
    return false;
  }
  inos_seat_act (seat);
  *scrolled += CLAMP (step, -MOST_STEPS, MOST_STEPS);
  for (; *scrolled >= 1; *scrolled -= 1)
    inos_binding_scroll (seat, forth);
  for (; *scrolled <= -1; *scrolled += 1)
    inos_binding_scroll (seat, back);
  return true;
}

static void handle_axis (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, axis);
  const struct wlr_pointer_axis_event *event = data;
  seat->acted = event->time_msec;
  inos_cursor_image_show (seat);
  double step = event->delta_discrete
                  ? (double)event->delta_discrete / WLR_POINTER_AXIS_DISCRETE_STEP
                  : event->delta / (4.0 * TOUCHPAD_STEP);
  if (scroll_binding (seat, event) || inos_overview_scroll (seat, step))
    return;
  double speed = inos_device_scroll_speed (seat, &event->pointer->base);
  wlr_seat_pointer_notify_axis (
    seat->wlr, event->time_msec, event->orientation, event->delta * speed,
    (int32_t)CLAMP (lround (event->delta_discrete * speed), INT32_MIN, INT32_MAX), event->source,
    event->relative_direction);
  inos_idle_activity (seat);
}

static void handle_frame (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, frame);
  wlr_seat_pointer_notify_frame (seat->wlr);
  if (seat->wlr->pointer_state.focused_client)
    inos_turns_tell (seat->compositor->turns, seat->wlr->pointer_state.focused_client->client,
                     seat->acted);
  inos_idle_activity (seat);
}

static void handle_request_set_cursor (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, request_set_cursor);
  const struct wlr_seat_pointer_request_set_cursor_event *event = data;
  if (event->seat_client == seat->wlr->pointer_state.focused_client &&
      seat->grab.kind == INOS_GRAB_NONE)
    inos_cursor_image_set_surface (seat, event->surface, event->hotspot_x, event->hotspot_y);
}

static void pointer_free (struct inos_pointer *pointer)
{
  DISCONNECT (pointer->destroy);
  wlr_cursor_detach_input_device (pointer->seat->cursor, pointer->device);
  wl_list_remove (&pointer->link);
  g_hash_table_unref (pointer->held);
  g_free (pointer);
}

/* A mouse that goes cannot say any more that its buttons are up. */
static void let_go (struct inos_pointer *pointer)
{
  struct inos_seat *seat = pointer->seat;
  GHashTableIter held;
  gpointer button;
  g_hash_table_iter_init (&held, pointer->held);
  while (g_hash_table_iter_next (&held, &button, NULL)) {
    release (seat, (uint32_t)(g_get_monotonic_time() / 1000), GPOINTER_TO_UINT (button));
    wlr_seat_pointer_notify_frame (seat->wlr);
  }
}

static void drop (struct inos_pointer *pointer)
{
  inos_gestures_cancel (pointer->seat);
  struct inos_seat *seat = pointer->seat;
  let_go (pointer);
  pointer_free (pointer);
  inos_cursor_image_redraw (seat);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct inos_pointer *pointer = wl_container_of (listener, pointer, destroy);
  drop (pointer);
}

void inos_pointer_remove (struct inos_seat *seat, struct wlr_input_device *device)
{
  struct inos_pointer *pointer, *next;
  wl_list_for_each_safe (pointer, next, &seat->pointers, link) {
    if (pointer->device == device)
      drop (pointer);
  }
}

void inos_pointer_create (struct inos_seat *seat, struct wlr_input_device *device)
{
  struct inos_pointer *pointer = g_new0 (struct inos_pointer, 1);
  pointer->seat = seat;
  pointer->device = device;
  pointer->held = g_hash_table_new (NULL, NULL);
  wlr_cursor_attach_input_device (seat->cursor, device);
  wl_list_insert (&seat->pointers, &pointer->link);
  CONNECT_SIGNAL (device, pointer, destroy);
  inos_cursor_image_redraw (seat);
}

void inos_pointer_init (struct inos_seat *seat)
{
  seat->cursor = wlr_cursor_create();
  wlr_cursor_attach_output_layout (seat->cursor, seat->compositor->layout);
  seat->xcursor = inos_cursor_theme_load (&seat->compositor->config);
  inos_cursor_image_set_name (seat, "default");
  CONNECT_SIGNAL (seat->cursor, seat, motion);
  CONNECT_SIGNAL (seat->cursor, seat, motion_absolute);
  CONNECT_SIGNAL (seat->cursor, seat, button);
  CONNECT_SIGNAL (seat->cursor, seat, axis);
  CONNECT_SIGNAL (seat->cursor, seat, frame);
  CONNECT_SIGNAL (seat->wlr, seat, request_set_cursor);
  CONNECT_TO (&seat->wlr->pointer_state.events.focus_change, seat, pointer_focus_change);
}

void inos_pointer_finish (struct inos_seat *seat)
{
  struct inos_pointer *pointer, *next;
  wl_list_for_each_safe (pointer, next, &seat->pointers, link)
    pointer_free (pointer);
  DISCONNECT (seat->motion);
  DISCONNECT (seat->motion_absolute);
  DISCONNECT (seat->button);
  DISCONNECT (seat->axis);
  DISCONNECT (seat->frame);
  DISCONNECT (seat->request_set_cursor);
  DISCONNECT (seat->pointer_focus_change);
  inos_pointer_constraint_forget (seat);
  inos_pointer_place_finish (seat);
  inos_cursor_image_finish (seat);
  if (seat->refresh)
    wl_event_source_remove (seat->refresh);
  wlr_xcursor_manager_destroy (seat->xcursor);
  wlr_cursor_destroy (seat->cursor);
}
