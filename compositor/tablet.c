#include "tablet.h"

#include <math.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_tablet_tool.h>
#include <wlr/types/wlr_tablet_v2.h>
#include <linux/input-event-codes.h>

#include "cursor_image.h"
#include "idle.h"
#include "lens.h"
#include "listener.h"
#include "pointer.h"
#include "pointer_place.h"
#include "protocol.h"
#include "seats.h"
#include "x11_scale.h"

/* A tablet. */
struct tablet {
  struct wl_list link; /* inos_seat.tablets */
  struct inos_seat *seat;
  struct wlr_input_device *device;
  struct wlr_tablet_v2_tablet *v2;

  struct wl_listener destroy;
};

/* A pen, an eraser, a brush: made when it first comes near, kept for the tool's life. */
struct tool {
  struct wl_list link; /* inos_tablets.tools */
  struct inos_seat *seat;
  struct wlr_tablet_tool *wlr;
  struct wlr_tablet_v2_tablet_tool *v2;
  struct wlr_input_device *device; /* the tablet that it was last used on */
  double tilt_x, tilt_y;
  double origin_x, origin_y; /* of the surface of a stroke, in layout coordinates */
  GHashTable *mouse_buttons; /* the buttons that are down as a mouse's: GUINT_TO_POINTER */

  struct wl_listener destroy, set_cursor;
};

struct inos_tablets {
  struct inos_seat *seat;
  struct wl_list tools; /* struct tool.link */

  struct wl_listener tablet_tool_axis, tablet_tool_proximity, tablet_tool_tip, tablet_tool_button;
};

struct wlr_tablet_manager_v2 *inos_tablet_manager (struct inos_compositor *compositor)
{
  return inos_protocol_state (compositor, INOS_STATE_TABLETS);
}

void *inos_tablet_manager_create (struct inos_compositor *compositor, int version)
{
  return wlr_tablet_v2_create (compositor->display);
}

void inos_tablet_manager_destroy (void *state)
{
}

static struct tablet *tablet_of (struct inos_seat *seat, struct wlr_input_device *device)
{
  struct tablet *tablet;
  wl_list_for_each (tablet, &seat->tablets, link) {
    if (tablet->device == device)
      return tablet;
  }
  return NULL;
}

struct wlr_tablet_v2_tablet *inos_tablet_first (struct inos_seat *seat)
{
  struct tablet *tablet;
  wl_list_for_each (tablet, &seat->tablets, link)
    return tablet->v2;
  return NULL;
}

/*
 * The mouse that a pen is where the client knows no tablets.
 */

static void mouse_button (struct tool *tool, uint32_t time, uint32_t button, bool down)
{
  bool was_down = g_hash_table_contains (tool->mouse_buttons, GUINT_TO_POINTER (button));
  if (down == was_down)
    return;
  if (down)
    g_hash_table_add (tool->mouse_buttons, GUINT_TO_POINTER (button));
  else
    g_hash_table_remove (tool->mouse_buttons, GUINT_TO_POINTER (button));
  inos_pointer_button (tool->seat, time, button, down);
  wlr_seat_pointer_notify_frame (tool->seat->wlr);
}

static void release_mouse (struct tool *tool, uint32_t time)
{
  g_autoptr (GList) buttons = g_hash_table_get_keys (tool->mouse_buttons);
  for (GList *l = buttons; l; l = l->next)
    mouse_button (tool, time, GPOINTER_TO_UINT (l->data), false);
}

bool inos_tablets_hold (struct inos_seat *seat, uint32_t button)
{
  const struct tool *tool;
  wl_list_for_each (tool, &seat->pens->tools, link) {
    if (g_hash_table_contains (tool->mouse_buttons, GUINT_TO_POINTER (button)))
      return true;
  }
  return false;
}

/* Points at what is below the pen, with the pen or with the mouse. */
static void point (struct tool *tool, uint32_t time)
{
  double sx, sy;
  struct inos_seat *seat = tool->seat;
  inos_lenses_update (seat->compositor);
  struct tablet *tablet = tablet_of (seat, tool->device);
  struct wlr_surface *surface =
    inos_seat_surface_at (seat, seat->cursor->x, seat->cursor->y, &sx, &sy);
  bool mouse =
    seat->grab.kind != INOS_GRAB_NONE || seat->menu || g_hash_table_size (tool->mouse_buttons) > 0;
  /* What a stroke began on has gone: wlroots would keep what is below the pen now for its end. */
  if (tool->v2->is_down && !tool->v2->focused_surface)
    wlr_tablet_v2_tablet_tool_notify_up (tool->v2);
  /* A stroke goes on where the pen left the surface that it began on. */
  bool stroke = tool->v2->is_down && tool->v2->focused_surface;
  if (stroke) {
    surface = tool->v2->focused_surface;
    double scale = inos_x11_surface_scale (seat->compositor, surface);
    sx = (seat->cursor->x - tool->origin_x) * scale;
    sy = (seat->cursor->y - tool->origin_y) * scale;
  }
  if (!stroke &&
      (mouse || !tablet || !surface || !wlr_surface_accepts_tablet_v2 (tablet->v2, surface))) {
    if (tool->v2->focused_surface)
      wlr_tablet_v2_tablet_tool_notify_proximity_out (tool->v2);
    inos_pointer_point (seat, time);
    wlr_seat_pointer_notify_frame (seat->wlr);
    return;
  }
  if (!stroke)
    wlr_tablet_v2_tablet_tool_notify_proximity_in (tool->v2, tablet->v2, surface);
  wlr_tablet_v2_tablet_tool_notify_motion (tool->v2, sx, sy);
}

static void tool_leave (struct tool *tool);
static void lift (struct tool *tool, uint32_t time);
static void handle_tool_destroy (struct wl_listener *listener, void *data);
static void handle_set_cursor (struct wl_listener *listener, void *data);

static struct tool *tool_of (struct inos_seat *seat, struct wlr_tablet_tool *wlr,
                             struct wlr_tablet *tablet)
{
  struct tool *tool = wlr->data;
  /* The pen of somebody else's tablet. */
  if (tool && tool->seat != seat) {
    lift (tool, (uint32_t)(g_get_monotonic_time() / 1000));
    g_clear_pointer (&tool, tool_leave);
  }
  if (!tool) {
    tool = g_new0 (struct tool, 1);
    tool->seat = seat;
    tool->wlr = wlr;
    tool->mouse_buttons = g_hash_table_new (NULL, NULL);
    wlr->data = tool;
    wl_list_insert (&seat->pens->tools, &tool->link);
    /* Before wlroots connects too, which frees what clients are told with. */
    tool->destroy.notify = handle_tool_destroy;
    wl_signal_add (&wlr->events.destroy, &tool->destroy);
    tool->v2 = wlr_tablet_tool_create (inos_tablet_manager (seat->compositor), seat->wlr, wlr);
    tool->set_cursor.notify = handle_set_cursor;
    wl_signal_add (&tool->v2->events.set_cursor, &tool->set_cursor);
  }
  tool->device = &tablet->base;
  inos_idle_activity (seat);
  inos_cursor_image_show (seat);
  return tool;
}

static void tool_free (struct tool *tool)
{
  DISCONNECT (tool->destroy);
  DISCONNECT (tool->set_cursor);
  wl_list_remove (&tool->link);
  tool->wlr->data = NULL;
  g_hash_table_unref (tool->mouse_buttons);
  g_free (tool);
}

static void handle_tool_destroy (struct wl_listener *listener, void *data)
{
  struct tool *tool = wl_container_of (listener, tool, destroy);
  release_mouse (tool, (uint32_t)(g_get_monotonic_time() / 1000));
  tool_free (tool);
}

static void handle_set_cursor (struct wl_listener *listener, void *data)
{
  struct tool *tool = wl_container_of (listener, tool, set_cursor);
  const struct wlr_tablet_v2_event_cursor *event = data;
  struct wlr_surface *focus = tool->v2->focused_surface;
  if (focus && wl_resource_get_client (focus->resource) == event->seat_client->client)
    inos_cursor_image_set_surface (tool->seat, event->surface, event->hotspot_x, event->hotspot_y);
}

/* A mouse on the tablet moves, all else is where it is put. */
static void move (struct tool *tool, const struct wlr_tablet_tool_axis_event *event)
{
  struct inos_seat *seat = tool->seat;
  bool x = event->updated_axes & WLR_TABLET_TOOL_AXIS_X;
  bool y = event->updated_axes & WLR_TABLET_TOOL_AXIS_Y;
  if (!x && !y)
    return;
  if (tool->wlr->type == WLR_TABLET_TOOL_TYPE_MOUSE || tool->wlr->type == WLR_TABLET_TOOL_TYPE_LENS)
    inos_pointer_place_by (seat, tool->device, event->dx, event->dy);
  else
    inos_pointer_place_at (seat, tool->device, x ? event->x : NAN, y ? event->y : NAN);
  point (tool, event->time_msec);
}

static void handle_tablet_tool_axis (struct wl_listener *listener, void *data)
{
  struct inos_tablets *tablets = wl_container_of (listener, tablets, tablet_tool_axis);
  const struct wlr_tablet_tool_axis_event *event = data;
  struct tool *tool = tool_of (tablets->seat, event->tool, event->tablet);
  move (tool, event);
  if (event->updated_axes & WLR_TABLET_TOOL_AXIS_PRESSURE)
    wlr_tablet_v2_tablet_tool_notify_pressure (tool->v2, event->pressure);
  if (event->updated_axes & WLR_TABLET_TOOL_AXIS_DISTANCE)
    wlr_tablet_v2_tablet_tool_notify_distance (tool->v2, event->distance);
  if (event->updated_axes & WLR_TABLET_TOOL_AXIS_TILT_X)
    tool->tilt_x = event->tilt_x;
  if (event->updated_axes & WLR_TABLET_TOOL_AXIS_TILT_Y)
    tool->tilt_y = event->tilt_y;
  if (event->updated_axes & (WLR_TABLET_TOOL_AXIS_TILT_X | WLR_TABLET_TOOL_AXIS_TILT_Y))
    wlr_tablet_v2_tablet_tool_notify_tilt (tool->v2, tool->tilt_x, tool->tilt_y);
  if (event->updated_axes & WLR_TABLET_TOOL_AXIS_ROTATION)
    wlr_tablet_v2_tablet_tool_notify_rotation (tool->v2, event->rotation);
  if (event->updated_axes & WLR_TABLET_TOOL_AXIS_SLIDER)
    wlr_tablet_v2_tablet_tool_notify_slider (tool->v2, event->slider);
  if (event->updated_axes & WLR_TABLET_TOOL_AXIS_WHEEL)
    wlr_tablet_v2_tablet_tool_notify_wheel (tool->v2, event->wheel_delta, 0);
}

static void handle_tablet_tool_proximity (struct wl_listener *listener, void *data)
{
  struct inos_tablets *tablets = wl_container_of (listener, tablets, tablet_tool_proximity);
  const struct wlr_tablet_tool_proximity_event *event = data;
  struct tool *tool = tool_of (tablets->seat, event->tool, event->tablet);
  if (event->state == WLR_TABLET_TOOL_PROXIMITY_IN) {
    inos_pointer_place_at (tablets->seat, tool->device, event->x, event->y);
    point (tool, event->time_msec);
    return;
  }
  release_mouse (tool, event->time_msec);
  if (tool->v2->focused_surface)
    wlr_tablet_v2_tablet_tool_notify_proximity_out (tool->v2);
  inos_seat_refresh_cursor_later (tablets->seat);
}

/* Focuses what the pen comes down on, as a click does. */
static void put_down (struct tool *tool)
{
  struct inos_seat *seat = tool->seat;
  double sx, sy;
  struct wlr_surface *surface =
    inos_seat_surface_at (seat, seat->cursor->x, seat->cursor->y, &sx, &sy);
  inos_seat_act (seat);
  inos_seat_click_focus (seat, surface);
  double scale = inos_x11_surface_scale (seat->compositor, surface);
  tool->origin_x = seat->cursor->x - sx / scale;
  tool->origin_y = seat->cursor->y - sy / scale;
  wlr_tablet_v2_tablet_tool_notify_down (tool->v2);
  wlr_tablet_tool_v2_start_implicit_grab (tool->v2);
}

static void handle_tablet_tool_tip (struct wl_listener *listener, void *data)
{
  struct inos_tablets *tablets = wl_container_of (listener, tablets, tablet_tool_tip);
  const struct wlr_tablet_tool_tip_event *event = data;
  struct tool *tool = tool_of (tablets->seat, event->tool, event->tablet);
  bool down = event->state == WLR_TABLET_TOOL_TIP_DOWN;
  if (tool->v2->is_down && !down) {
    wlr_tablet_v2_tablet_tool_notify_up (tool->v2);
    point (tool, event->time_msec);
  } else if (down && tool->v2->focused_surface) {
    put_down (tool);
  } else {
    mouse_button (tool, event->time_msec, BTN_LEFT, down);
  }
}

/* The buttons of a pen are the other two of a mouse. */
static uint32_t as_mouse (uint32_t button)
{
  return button == BTN_STYLUS ? BTN_RIGHT : button == BTN_STYLUS2 ? BTN_MIDDLE : button;
}

static void handle_tablet_tool_button (struct wl_listener *listener, void *data)
{
  struct inos_tablets *tablets = wl_container_of (listener, tablets, tablet_tool_button);
  const struct wlr_tablet_tool_button_event *event = data;
  struct tool *tool = tool_of (tablets->seat, event->tool, event->tablet);
  bool down = event->state == WLR_BUTTON_PRESSED;
  uint32_t button = as_mouse (event->button);
  if (tool->v2->focused_surface &&
      !g_hash_table_contains (tool->mouse_buttons, GUINT_TO_POINTER (button)))
    wlr_tablet_v2_tablet_tool_notify_button (tool->v2, event->button,
                                             (enum zwp_tablet_pad_v2_button_state)down);
  else
    mouse_button (tool, event->time_msec, button, down);
}

/* The window learns of it, whatever the hand still does. */
static void lift (struct tool *tool, uint32_t time)
{
  struct wlr_tablet_v2_tablet_tool *v2 = tool->v2;
  release_mouse (tool, time);
  while (v2->num_buttons > 0) {
    size_t left = v2->num_buttons;
    wlr_tablet_v2_tablet_tool_notify_button (v2, v2->pressed_buttons[0],
                                             ZWP_TABLET_PAD_V2_BUTTON_STATE_RELEASED);
    if (v2->num_buttons >= left)
      break;
  }
  if (v2->is_down)
    wlr_tablet_v2_tablet_tool_notify_up (v2);
  if (v2->focused_surface)
    wlr_tablet_v2_tablet_tool_notify_proximity_out (v2);
}

void inos_tablets_let_go (struct inos_seat *seat)
{
  struct tool *tool;
  wl_list_for_each (tool, &seat->pens->tools, link)
    lift (tool, (uint32_t)(g_get_monotonic_time() / 1000));
}

static void tablet_free (struct tablet *tablet)
{
  DISCONNECT (tablet->destroy);
  wlr_cursor_detach_input_device (tablet->seat->cursor, tablet->device);
  wl_list_remove (&tablet->link);
  g_free (tablet);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct tablet *tablet = wl_container_of (listener, tablet, destroy);
  struct tool *tool;
  wl_list_for_each (tool, &tablet->seat->pens->tools, link) {
    if (tool->device != tablet->device)
      continue;
    release_mouse (tool, (uint32_t)(g_get_monotonic_time() / 1000));
    if (tool->v2->focused_surface)
      wlr_tablet_v2_tablet_tool_notify_proximity_out (tool->v2);
    tool->device = NULL;
  }
  struct inos_seat *seat = tablet->seat;
  tablet_free (tablet);
  inos_cursor_image_redraw (seat);
}

/* wlroots 0.18 knows no other way for a pen or a tablet to leave a seat than what it does when they
 * are unplugged; programs are told the same. */
static void tool_leave (struct tool *tool)
{
  struct wlr_tablet_v2_tablet_tool *v2 = tool->v2;
  tool_free (tool);
  v2->tool_destroy.notify (&v2->tool_destroy, NULL);
}

static void tablet_leave (struct tablet *tablet)
{
  struct wlr_tablet_v2_tablet *v2 = tablet->v2;
  tablet_free (tablet);
  v2->tablet_destroy.notify (&v2->tablet_destroy, NULL);
}

void inos_tablet_remove (struct inos_seat *seat, struct wlr_input_device *device)
{
  struct tablet *tablet = tablet_of (seat, device);
  struct tool *tool, *next;
  if (!tablet)
    return;
  wl_list_for_each_safe (tool, next, &seat->pens->tools, link) {
    if (tool->device != device)
      continue;
    lift (tool, (uint32_t)(g_get_monotonic_time() / 1000));
    tool_leave (tool);
  }
  tablet_leave (tablet);
  inos_cursor_image_redraw (seat);
}

void inos_tablet_create (struct inos_seat *seat, struct wlr_input_device *device)
{
  struct tablet *tablet = g_new0 (struct tablet, 1);
  tablet->seat = seat;
  tablet->device = device;
  /* Before wlroots connects too, which frees what clients are told with. */
  CONNECT_SIGNAL (device, tablet, destroy);
  tablet->v2 = wlr_tablet_create (inos_tablet_manager (seat->compositor), seat->wlr, device);
  wlr_cursor_attach_input_device (seat->cursor, device);
  wl_list_insert (&seat->tablets, &tablet->link);
  inos_cursor_image_redraw (seat);
}

void inos_tablets_init (struct inos_seat *seat)
{
  struct inos_tablets *tablets = seat->pens = g_new0 (struct inos_tablets, 1);
  tablets->seat = seat;
  wl_list_init (&tablets->tools);
  CONNECT_SIGNAL (seat->cursor, tablets, tablet_tool_axis);
  CONNECT_SIGNAL (seat->cursor, tablets, tablet_tool_proximity);
  CONNECT_SIGNAL (seat->cursor, tablets, tablet_tool_tip);
  CONNECT_SIGNAL (seat->cursor, tablets, tablet_tool_button);
}

void inos_tablets_finish (struct inos_seat *seat)
{
  struct inos_tablets *tablets = seat->pens;
  struct tablet *tablet, *next_tablet;
  struct tool *tool, *next_tool;
  inos_tablet_pads_finish (seat);
  wl_list_for_each_safe (tool, next_tool, &tablets->tools, link)
    tool_leave (tool);
  wl_list_for_each_safe (tablet, next_tablet, &seat->tablets, link)
    tablet_leave (tablet);
  DISCONNECT (tablets->tablet_tool_axis);
  DISCONNECT (tablets->tablet_tool_proximity);
  DISCONNECT (tablets->tablet_tool_tip);
  DISCONNECT (tablets->tablet_tool_button);
  g_clear_pointer (&seat->pens, g_free);
}
