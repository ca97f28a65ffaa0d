#include "seat_data.h"

#include <stdlib.h>
#include <wlr/types/wlr_data_device.h>
#include <wlr/types/wlr_primary_selection.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>

#include "listener.h"
#include "seat.h"

static void handle_request_set_selection (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, request_set_selection);
  const struct wlr_seat_request_set_selection_event *event = data;
  wlr_seat_set_selection (seat->wlr, event->source, event->serial);
}

static void handle_request_set_primary_selection (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, request_set_primary_selection);
  const struct wlr_seat_request_set_primary_selection_event *event = data;
  wlr_seat_set_primary_selection (seat->wlr, event->source, event->serial);
}

static void handle_refused_icon_destroy (struct wl_listener *listener, void *data)
{
  struct wlr_drag *drag = wl_container_of (listener, drag, icon_destroy);
  wl_list_remove (&drag->icon_destroy.link);
  free (drag);
}

/* The end of its source is a drag's end; of one that has none, and was never started, wlroots would
 * keep the memory. Its icon goes with the icon's surface, and knows the drag until then. */
static void refuse_drag (struct wlr_drag *drag)
{
  if (drag->source) {
    wlr_data_source_destroy (drag->source);
    return;
  }
  if (drag->icon)
    drag->icon_destroy.notify = handle_refused_icon_destroy;
  else
    free (drag);
}

static void handle_request_start_drag (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, request_start_drag);
  struct wlr_seat_request_start_drag_event *event = data;
  struct wlr_touch_point *touch = NULL;
  if (wlr_seat_validate_pointer_grab_serial (seat->wlr, event->origin, event->serial))
    wlr_seat_start_pointer_drag (seat->wlr, event->drag, event->serial);
  else if (wlr_seat_validate_touch_grab_serial (seat->wlr, event->origin, event->serial, &touch))
    wlr_seat_start_touch_drag (seat->wlr, event->drag, event->serial, touch);
  else
    refuse_drag (event->drag);
}

static void handle_drag_icon_destroy (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, drag_icon_destroy);
  DISCONNECT (seat->drag_icon_destroy);
  seat->drag_icon = NULL;
  seat->pressed = false;
  inos_seat_refocus (seat);
}

static void handle_start_drag (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, start_drag);
  struct wlr_drag *drag = data;
  seat->pressed = false;
  if (!drag->icon || seat->drag_icon)
    return;
  seat->drag_icon =
    wlr_scene_drag_icon_create (seat->compositor->layers[INOS_LAYER_DRAG_ICON], drag->icon);
  CONNECT_TO (&drag->icon->events.destroy, seat, drag_icon_destroy);
  inos_seat_refresh_cursor (seat);
}

void inos_seat_data_init (struct inos_seat *seat)
{
  CONNECT_SIGNAL (seat->wlr, seat, request_set_selection);
  CONNECT_SIGNAL (seat->wlr, seat, request_set_primary_selection);
  CONNECT_SIGNAL (seat->wlr, seat, request_start_drag);
  CONNECT_SIGNAL (seat->wlr, seat, start_drag);
}

void inos_seat_data_finish (struct inos_seat *seat)
{
  DISCONNECT (seat->request_set_selection);
  DISCONNECT (seat->request_set_primary_selection);
  DISCONNECT (seat->request_start_drag);
  DISCONNECT (seat->start_drag);
  DISCONNECT (seat->drag_icon_destroy);
}
