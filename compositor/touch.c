#include "touch.h"

#include <linux/input-event-codes.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_input_device.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_touch.h>

#include "binding.h"
#include "device.h"
#include "grab.h"
#include "idle.h"
#include "lens.h"
#include "listener.h"
#include "mirror.h"
#include "seats.h"
#include "view.h"
#include "window_frame.h"
#include "overview_show.h"
#include "window_menu.h"
#include "x11_scale.h"

enum { SLACK = 12 }; /* px that a finger slips while it taps */

/* One finger that is down. */
struct finger {
  struct inos_seat *seat;
  int32_t id;
  uint32_t serial;           /* of the event that told of it */
  double origin_x, origin_y; /* of the surface that it was put on, in layout coordinates */
  double scale;              /* of what its client counts by */
  double x, y;               /* in layout coordinates */
  bool grabs;                /* it moves or resizes a window */
  bool on_frame;             /* it was put on a title bar or an edge: no client knows of it */
  bool mute;                 /* another has pressed something of the overview already */
  bool on_menu, on_overview; /* or while a menu of ours, or the overview, was open */

  struct wl_listener surface_gone;
};

static void finger_free (void *data)
{
  struct finger *finger = data;
  DISCONNECT (finger->surface_gone);
  g_free (finger);
}

/* The client learns that the finger is up, or it would wait for ever. */
static void handle_surface_gone (struct wl_listener *listener, void *data)
{
  struct finger *finger = wl_container_of (listener, finger, surface_gone);
  struct inos_seat *seat = finger->seat;
  wlr_seat_touch_notify_up (seat->wlr, (uint32_t)(g_get_monotonic_time() / 1000), finger->id);
  wlr_seat_touch_notify_frame (seat->wlr);
  g_hash_table_remove (seat->touch_points, GINT_TO_POINTER (finger->id));
}

static struct finger *find (struct inos_seat *seat, int32_t id)
{
  return g_hash_table_lookup (seat->touch_points, GINT_TO_POINTER (id));
}

/* Returns false where no menu is open. */
static bool press_menu (struct inos_seat *seat, const struct wlr_touch_down_event *event, double x,
                        double y)
{
  if (!seat->menu)
    return false;
  wlr_cursor_warp_closest (seat->cursor, NULL, x, y);
  inos_window_menu_press (seat);
  struct finger *finger = g_new0 (struct finger, 1);
  *finger = (struct finger){.seat = seat, .id = event->touch_id, .x = x, .y = y, .on_menu = true};
  g_hash_table_replace (seat->touch_points, GINT_TO_POINTER (event->touch_id), finger);
  return true;
}

/* Likewise, of the overview. */
static bool press_overview (struct inos_seat *seat, const struct wlr_touch_down_event *event,
                            double x, double y)
{
  bool mute = inos_overview_is_pressed (seat->compositor);
  if (!inos_overview_is_shown (seat->compositor))
    return false;
  if (!mute)
    wlr_cursor_warp_closest (seat->cursor, NULL, x, y);
  if (!mute && !inos_overview_press (seat, BTN_LEFT))
    return false;
  struct finger *finger = g_new0 (struct finger, 1);
  *finger = (struct finger){
    .seat = seat, .id = event->touch_id, .x = x, .y = y, .on_overview = true, .mute = mute};
  g_hash_table_replace (seat->touch_points, GINT_TO_POINTER (event->touch_id), finger);
  return true;
}

/* Does what the pointer would; one finger at a time. */
static void press_frame (struct inos_seat *seat, const struct wlr_touch_down_event *event, double x,
                         double y)
{
  if (seat->on_frame.pressed || seat->grab.kind != INOS_GRAB_NONE || seat->wlr->drag)
    return;
  wlr_cursor_warp_closest (seat->cursor, NULL, x, y);
  if (!inos_frame_press (seat, event->time_msec, BTN_LEFT))
    return;
  seat->on_frame.slack = SLACK;
  struct finger *finger = g_new0 (struct finger, 1);
  *finger = (struct finger){.seat = seat,
                            .id = event->touch_id,
                            .x = x,
                            .y = y,
                            .on_frame = true,
                            .grabs = seat->grab.kind != INOS_GRAB_NONE};
  g_hash_table_replace (seat->touch_points, GINT_TO_POINTER (event->touch_id), finger);
}

static void pull_frame (struct inos_seat *seat, struct finger *finger)
{
  wlr_cursor_warp_closest (seat->cursor, NULL, finger->x, finger->y);
  if (!seat->on_frame.pressed)
    return;
  inos_frame_motion (seat);
  finger->grabs = seat->grab.kind != INOS_GRAB_NONE;
}

/* Where in the layout a finger is. Returns false where it is on no picture: beside the one that its
 * screen mirrors. */
static bool place (struct inos_seat *seat, struct wlr_touch *touch, double x, double y,
                   double *layout_x, double *layout_y)
{
  const struct inos_output *output = inos_device_output (seat, &touch->base);
  bool inside = !output || inos_mirror_point (output, &x, &y);
  wlr_cursor_absolute_to_layout_coords (seat->cursor, &touch->base, x, y, layout_x, layout_y);
  inos_lens_to_layout (seat->compositor, layout_x, layout_y);
  return inside;
}

static void handle_touch_down (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, touch_down);
  const struct wlr_touch_down_event *event = data;
  double x, y, sx, sy;
  inos_idle_activity (seat);
  if (!place (seat, event->touch, event->x, event->y, &x, &y))
    return;
  inos_seat_act (seat);
  inos_binding_forget_tap (seat);
  if (press_menu (seat, event, x, y) || press_overview (seat, event, x, y))
    return;
  struct wlr_surface *surface = inos_seat_surface_at (seat, x, y, &sx, &sy);
  inos_seat_click_focus (seat, surface);
  if (!surface) {
    press_frame (seat, event, x, y);
    return;
  }
  struct finger *finger = g_new0 (struct finger, 1);
  double scale = inos_x11_surface_scale (seat->compositor, surface);
  *finger = (struct finger){.seat = seat,
                            .id = event->touch_id,
                            .origin_x = x - sx / scale,
                            .origin_y = y - sy / scale,
                            .scale = scale,
                            .x = x,
                            .y = y};
  g_hash_table_replace (seat->touch_points, GINT_TO_POINTER (event->touch_id), finger);
  /* Before wlroots connects too, which forgets the finger without a word. */
  CONNECT_TO (&surface->events.destroy, finger, surface_gone);
  finger->serial =
    wlr_seat_touch_notify_down (seat->wlr, surface, event->time_msec, event->touch_id, sx, sy);
}

/* A drag drops on the surface that its finger is over. */
static void look_for_target (struct inos_seat *seat, const struct finger *finger, uint32_t time)
{
  double sx, sy;
  struct wlr_surface *surface = inos_seat_surface_at (seat, finger->x, finger->y, &sx, &sy);
  if (surface)
    wlr_seat_touch_point_focus (seat->wlr, surface, time, finger->id, sx, sy);
  else
    wlr_seat_touch_point_clear_focus (seat->wlr, time, finger->id);
}

static void handle_touch_motion (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, touch_motion);
  const struct wlr_touch_motion_event *event = data;
  inos_idle_activity (seat);
  struct finger *finger = find (seat, event->touch_id);
  if (!finger)
    return;
  place (seat, event->touch, event->x, event->y, &finger->x, &finger->y);
  if (finger->grabs && seat->grab.kind != INOS_GRAB_NONE) {
    wlr_cursor_warp_closest (seat->cursor, NULL, finger->x, finger->y);
    inos_grab_motion (seat);
    return;
  }
  if (finger->on_menu) {
    wlr_cursor_warp_closest (seat->cursor, NULL, finger->x, finger->y);
    inos_window_menu_motion (seat);
    return;
  }
  if (finger->mute)
    return;
  if (finger->on_overview) {
    wlr_cursor_warp_closest (seat->cursor, NULL, finger->x, finger->y);
    inos_overview_motion (seat);
    return;
  }
  if (finger->on_frame) {
    pull_frame (seat, finger);
    return;
  }
  if (seat->wlr->drag)
    look_for_target (seat, finger, event->time_msec);
  wlr_seat_touch_notify_motion (seat->wlr, event->time_msec, event->touch_id,
                                (finger->x - finger->origin_x) * finger->scale,
                                (finger->y - finger->origin_y) * finger->scale);
}

static void lift (struct inos_seat *seat, int32_t id, uint32_t time)
{
  const struct finger *finger = find (seat, id);
  if (!finger)
    return;
  if (finger->grabs && seat->grab.kind != INOS_GRAB_NONE)
    inos_grab_end (seat);
  else if (finger->on_frame)
    inos_frame_release (seat);
  else if (finger->on_menu)
    inos_window_menu_release (seat);
  else if (finger->on_overview && !finger->mute)
    inos_overview_release (seat, BTN_LEFT);
  if (finger->on_frame)
    inos_frame_leave (seat);
  else if (!finger->on_menu && !finger->on_overview)
    wlr_seat_touch_notify_up (seat->wlr, time, id);
  g_hash_table_remove (seat->touch_points, GINT_TO_POINTER (id));
}

static void handle_touch_up (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, touch_up);
  const struct wlr_touch_up_event *event = data;
  inos_idle_activity (seat);
  lift (seat, event->touch_id, event->time_msec);
}

static void handle_touch_cancel (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, touch_cancel);
  const struct wlr_touch_cancel_event *event = data;
  struct wlr_touch_point *point = wlr_seat_touch_get_point (seat->wlr, event->touch_id);
  const struct finger *finger = find (seat, event->touch_id);
  if (finger && finger->grabs && seat->grab.kind != INOS_GRAB_NONE)
    inos_grab_end (seat);
  if (finger && finger->on_frame)
    inos_frame_cancel (seat);
  if (finger && finger->on_menu)
    inos_window_menu_close (seat);
  if (finger && finger->on_overview)
    inos_overview_forget_seat (seat);
  if (point && point->client)
    wlr_seat_touch_notify_cancel (seat->wlr, point->client);
  g_hash_table_remove (seat->touch_points, GINT_TO_POINTER (event->touch_id));
}

static void handle_touch_frame (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, touch_frame);
  wlr_seat_touch_notify_frame (seat->wlr);
}

bool inos_touch_takes_cursor (struct inos_seat *seat, struct inos_view *view, uint32_t serial)
{
  struct wlr_touch_point *point;
  wl_list_for_each (point, &seat->wlr->touch_state.touch_points, link) {
    struct finger *finger = find (seat, point->touch_id);
    if (!finger || finger->serial != serial || inos_view_from_surface (point->surface) != view)
      continue;
    finger->grabs = true;
    wlr_cursor_warp_closest (seat->cursor, NULL, finger->x, finger->y);
    return true;
  }
  return false;
}

void inos_touch_let_go (struct inos_seat *seat)
{
  g_autoptr (GList) ids = g_hash_table_get_keys (seat->touch_points);
  for (GList *l = ids; l; l = l->next) {
    const struct finger *finger = g_hash_table_lookup (seat->touch_points, l->data);
    if (finger && finger->on_frame)
      inos_frame_cancel (seat);
    if (finger && finger->on_menu)
      inos_window_menu_close (seat);
    if (finger && finger->on_overview)
      inos_overview_forget_seat (seat);
    if (finger)
      lift (seat, finger->id, (uint32_t)(g_get_monotonic_time() / 1000));
  }
  if (ids)
    wlr_seat_touch_notify_frame (seat->wlr);
}

static void touch_free (struct inos_touch *touch)
{
  struct inos_seat *seat = touch->seat;
  DISCONNECT (touch->destroy);
  wlr_cursor_detach_input_device (seat->cursor, touch->device);
  wl_list_remove (&touch->link);
  g_free (touch);
}

/* A screen that goes cannot say any more that its fingers are up. */
static void drop (struct inos_touch *touch)
{
  struct inos_seat *seat = touch->seat;
  touch_free (touch);
  if (wl_list_empty (&seat->touches))
    inos_touch_let_go (seat);
  inos_seat_update_capabilities (seat);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct inos_touch *touch = wl_container_of (listener, touch, destroy);
  drop (touch);
}

void inos_touch_remove (struct inos_seat *seat, struct wlr_input_device *device)
{
  struct inos_touch *touch, *next;
  wl_list_for_each_safe (touch, next, &seat->touches, link) {
    if (touch->device == device)
      drop (touch);
  }
}

/* To the output that it is part of, or the one whose picture that shows. */
void inos_touch_create (struct inos_seat *seat, struct wlr_input_device *device)
{
  struct inos_touch *touch = g_new0 (struct inos_touch, 1);
  touch->seat = seat;
  touch->device = device;
  wlr_cursor_attach_input_device (seat->cursor, device);
  wl_list_insert (&seat->touches, &touch->link);
  CONNECT_SIGNAL (device, touch, destroy);
  inos_seat_update_capabilities (seat);
}

void inos_touch_init (struct inos_seat *seat)
{
  wl_list_init (&seat->touches);
  seat->touch_points = g_hash_table_new_full (NULL, NULL, NULL, finger_free);
  CONNECT_SIGNAL (seat->cursor, seat, touch_down);
  CONNECT_SIGNAL (seat->cursor, seat, touch_up);
  CONNECT_SIGNAL (seat->cursor, seat, touch_motion);
  CONNECT_SIGNAL (seat->cursor, seat, touch_cancel);
  CONNECT_SIGNAL (seat->cursor, seat, touch_frame);
}

void inos_touch_finish (struct inos_seat *seat)
{
  struct inos_touch *touch, *next;
  wl_list_for_each_safe (touch, next, &seat->touches, link)
    touch_free (touch);
  DISCONNECT (seat->touch_down);
  DISCONNECT (seat->touch_up);
  DISCONNECT (seat->touch_motion);
  DISCONNECT (seat->touch_cancel);
  DISCONNECT (seat->touch_frame);
  g_hash_table_unref (seat->touch_points);
}
