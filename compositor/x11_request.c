/* What the program of an X11 window asks for: a size, a state, to be in front, to be dragged. */
#include "x11_view_private.h"

#include <wlr/types/wlr_output_layout.h>

#include "grab.h"
#include "listener.h"
#include "seats.h"
#include "x11_scale.h"
#include "x11_state.h"
#include "xwayland.h"

enum { SIZE_MOST = 8192 /* px of a window's width and height that are always granted */ };

/* A window far larger than the desktop would only take memory, of which the X server has to make
 * all at once. */
static struct wlr_box size_most (struct x11_view *view)
{
  struct wlr_box box;
  wlr_output_layout_get_box (view->base.compositor->layout, NULL, &box);
  box = inos_x11_box_px (view->base.compositor, box);
  return (struct wlr_box){0, 0, MAX (box.width, SIZE_MOST), MAX (box.height, SIZE_MOST)};
}

static void handle_map_request (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, map_request);
  struct wlr_xwayland_surface *x11 = view->x11;
  struct wlr_box most = size_most (view);
  if (x11->width > most.width || x11->height > most.height)
    wlr_xwayland_surface_configure (x11, x11->x, x11->y, (uint16_t)MIN (x11->width, most.width),
                                    (uint16_t)MIN (x11->height, most.height));
  view->states = inos_x11_states_read (inos_xwayland_link (view->base.compositor), x11->window_id);
}

void inos_x11_view_ask_size (struct inos_view *base, int width, int height)
{
  struct x11_view *view = wl_container_of (base, view, base);
  struct wlr_box most = size_most (view);
  if (inos_view_is_floating (base)) {
    view->width = MIN (width, most.width);
    view->height = MIN (height, most.height);
  }
  inos_x11_view_tell_later (view);
}

/* A window that is not yet shown may be where it likes; later it may ask for a size alone. */
static void handle_request_configure (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, request_configure);
  const struct wlr_xwayland_surface_configure_event *event = data;
  struct wlr_box most = size_most (view);
  int width = MIN (event->width, most.width), height = MIN (event->height, most.height);
  if (!view->base.mapped)
    wlr_xwayland_surface_configure (view->x11, event->x, event->y, (uint16_t)width,
                                    (uint16_t)height);
  else
    inos_x11_view_ask_size (&view->base, width, height);
}

static void handle_request_maximize (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, request_maximize);
  if (view->base.mapped)
    inos_view_set_maximized (&view->base, view->x11->maximized_horz && view->x11->maximized_vert);
}

static void handle_request_fullscreen (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, request_fullscreen);
  if (view->base.mapped)
    inos_view_set_fullscreen (&view->base, view->x11->fullscreen, NULL);
}

static void handle_request_minimize (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, request_minimize);
  const struct wlr_xwayland_minimize_event *event = data;
  if (view->base.mapped)
    inos_view_set_minimized (&view->base, event->minimize);
}

bool inos_x11_view_is_used (struct inos_view *base)
{
  struct inos_view *active = inos_seats_opener (base)->active;
  return active && inos_x11_view_is (active) && inos_view_pid (active) == inos_view_pid (base);
}

/* Only a program that a person uses already may bring another of its windows to the front; others
 * may say that they have something new. */
static void handle_request_activate (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, request_activate);
  if (!view->base.mapped)
    return;
  if (inos_x11_view_is_used (&view->base))
    inos_seat_focus_view (inos_seats_opener (&view->base), &view->base);
  else
    inos_view_set_urgent (&view->base, true);
}

/* X11 gives no serial to compare: a button must be down on the window. */
static struct inos_seat *holder (struct x11_view *view)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &view->base.compositor->seats, link) {
    if (view->base.mapped && seat->pressed && seat->active == &view->base)
      return seat;
  }
  return NULL;
}

static void handle_request_move (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, request_move);
  struct inos_seat *seat = holder (view);
  if (seat)
    inos_grab_move (seat, &view->base);
}

static void handle_request_resize (struct wl_listener *listener, void *data)
{
  struct x11_view *view = wl_container_of (listener, view, request_resize);
  const struct wlr_xwayland_resize_event *event = data;
  struct inos_seat *seat = holder (view);
  if (seat)
    inos_grab_resize (seat, &view->base, event->edges);
}

void inos_x11_requests_connect (struct x11_view *view)
{
  struct wlr_xwayland_surface *x11 = view->x11;
  CONNECT_SIGNAL (x11, view, map_request);
  CONNECT_SIGNAL (x11, view, request_configure);
  CONNECT_SIGNAL (x11, view, request_maximize);
  CONNECT_SIGNAL (x11, view, request_fullscreen);
  CONNECT_SIGNAL (x11, view, request_minimize);
  CONNECT_SIGNAL (x11, view, request_activate);
  CONNECT_SIGNAL (x11, view, request_move);
  CONNECT_SIGNAL (x11, view, request_resize);
}

void inos_x11_requests_disconnect (struct x11_view *view)
{
  DISCONNECT (view->map_request);
  DISCONNECT (view->request_configure);
  DISCONNECT (view->request_maximize);
  DISCONNECT (view->request_fullscreen);
  DISCONNECT (view->request_minimize);
  DISCONNECT (view->request_activate);
  DISCONNECT (view->request_move);
  DISCONNECT (view->request_resize);
}
