#include "tablet.h"

#include <stdlib.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_tablet_pad.h>
#include <wlr/types/wlr_tablet_v2.h>

#include "idle.h"
#include "listener.h"

/* The buttons, rings and strips beside the drawing surface: for the window with the keyboard. */
struct pad {
  struct wl_list link; /* inos_seat.pads */
  struct inos_seat *seat;
  struct wlr_input_device *device;
  struct wlr_tablet_v2_tablet_pad *v2;
  struct wlr_surface *surface; /* may be NULL: the one that it entered */

  struct wl_listener button, ring, strip, destroy, surface_gone;
};

static void handle_surface_gone (struct wl_listener *listener, void *data)
{
  struct pad *pad = wl_container_of (listener, pad, surface_gone);
  DISCONNECT (pad->surface_gone);
  wlr_tablet_v2_tablet_pad_notify_leave (pad->v2, pad->surface);
  pad->surface = NULL;
}

static void follow (struct pad *pad, struct wlr_surface *surface)
{
  struct wlr_tablet_v2_tablet *tablet = inos_tablet_first (pad->seat);
  if (surface && (!tablet || !wlr_surface_accepts_tablet_v2 (tablet, surface)))
    surface = NULL;
  if (surface == pad->surface)
    return;
  if (pad->surface)
    handle_surface_gone (&pad->surface_gone, NULL);
  if (!surface)
    return;
  pad->surface = surface;
  CONNECT_TO (&surface->events.destroy, pad, surface_gone);
  wlr_tablet_v2_tablet_pad_notify_enter (pad->v2, tablet, surface);
}

void inos_tablet_pads_follow_focus (struct inos_seat *seat, struct wlr_surface *surface)
{
  struct pad *pad;
  wl_list_for_each (pad, &seat->pads, link)
    follow (pad, surface);
}

/* A tablet may have come, or the client have bound it, since the focus changed. */
static bool is_followed (struct pad *pad)
{
  inos_idle_activity (pad->seat);
  follow (pad, pad->seat->wlr->keyboard_state.focused_surface);
  return pad->surface;
}

static void handle_button (struct wl_listener *listener, void *data)
{
  struct pad *pad = wl_container_of (listener, pad, button);
  const struct wlr_tablet_pad_button_event *event = data;
  if (!is_followed (pad))
    return;
  if (event->group < pad->v2->group_count)
    wlr_tablet_v2_tablet_pad_notify_mode (pad->v2, event->group, event->mode, event->time_msec);
  wlr_tablet_v2_tablet_pad_notify_button (pad->v2, event->button, event->time_msec,
                                          (enum zwp_tablet_pad_v2_button_state)event->state);
}

static void handle_ring (struct wl_listener *listener, void *data)
{
  struct pad *pad = wl_container_of (listener, pad, ring);
  const struct wlr_tablet_pad_ring_event *event = data;
  if (is_followed (pad))
    wlr_tablet_v2_tablet_pad_notify_ring (pad->v2, event->ring, event->position,
                                          event->source == WLR_TABLET_PAD_RING_SOURCE_FINGER,
                                          event->time_msec);
}

static void handle_strip (struct wl_listener *listener, void *data)
{
  struct pad *pad = wl_container_of (listener, pad, strip);
  const struct wlr_tablet_pad_strip_event *event = data;
  if (is_followed (pad))
    wlr_tablet_v2_tablet_pad_notify_strip (pad->v2, event->strip, event->position,
                                           event->source == WLR_TABLET_PAD_STRIP_SOURCE_FINGER,
                                           event->time_msec);
}

static void pad_free (struct pad *pad)
{
  /* wlroots 0.18 leaves them behind. */
  free (pad->v2->groups);
  pad->v2->groups = NULL;
  pad->v2->group_count = 0;
  DISCONNECT (pad->button);
  DISCONNECT (pad->ring);
  DISCONNECT (pad->strip);
  DISCONNECT (pad->destroy);
  DISCONNECT (pad->surface_gone);
  wl_list_remove (&pad->link);
  g_free (pad);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct pad *pad = wl_container_of (listener, pad, destroy);
  pad_free (pad);
}

void inos_tablet_pad_create (struct inos_seat *seat, struct wlr_input_device *device)
{
  struct wlr_tablet_pad *wlr = wlr_tablet_pad_from_input_device (device);
  struct pad *pad = g_new0 (struct pad, 1);
  pad->seat = seat;
  pad->device = device;
  wl_list_insert (&seat->pads, &pad->link);
  CONNECT_SIGNAL (wlr, pad, button);
  CONNECT_SIGNAL (wlr, pad, ring);
  CONNECT_SIGNAL (wlr, pad, strip);
  /* Before wlroots connects too, which frees what clients are told with. */
  CONNECT_SIGNAL (device, pad, destroy);
  pad->v2 = wlr_tablet_pad_create (inos_tablet_manager (seat->compositor), seat->wlr, device);
}

/* As when it is unplugged: see tablet.c. */
static void pad_leave (struct pad *pad)
{
  struct wlr_tablet_v2_tablet_pad *v2 = pad->v2;
  pad_free (pad);
  v2->pad_destroy.notify (&v2->pad_destroy, NULL);
}

void inos_tablet_pad_remove (struct inos_seat *seat, struct wlr_input_device *device)
{
  struct pad *pad, *next;
  wl_list_for_each_safe (pad, next, &seat->pads, link) {
    if (pad->device != device)
      continue;
    follow (pad, NULL);
    pad_leave (pad);
  }
}

void inos_tablet_pads_finish (struct inos_seat *seat)
{
  struct pad *pad, *next;
  wl_list_for_each_safe (pad, next, &seat->pads, link)
    pad_leave (pad);
}
