#include "gesture.h"

#include <math.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_pointer.h>
#include <wlr/types/wlr_pointer_gestures_v1.h>
#include <wlr/types/wlr_seat.h>

#include "action.h"
#include "cursor_image.h"
#include "idle.h"
#include "listener.h"
#include "protocol.h"
#include "seats.h"
#include "workspace.h"
#include "x11_scale.h"

enum kind { NONE, SWIPE, PINCH, HOLD, OURS };

enum {
  FINGERS = 3,          /* of the swipes that are ours */
  WORKSPACE_STEP = 200, /* how far they go for the next workspace */
  OVERVIEW_STEP = 150,
};

struct inos_gestures {
  struct inos_seat *seat;
  enum kind kind; /* of the one that is going on */
  double x, y;    /* how far a swipe of ours went, or still has to go */

  struct wl_listener swipe_begin, swipe_update, swipe_end;
  struct wl_listener pinch_begin, pinch_update, pinch_end;
  struct wl_listener hold_begin, hold_end;
};

static struct wlr_pointer_gestures_v1 *clients (struct inos_gestures *gestures)
{
  return inos_protocol_state (gestures->seat->compositor, INOS_STATE_GESTURES);
}

/* Of what has the gesture. */
static double scale_of (const struct inos_gestures *gestures)
{
  return inos_x11_surface_scale (gestures->seat->compositor,
                                 gestures->seat->wlr->pointer_state.focused_surface);
}

static uint32_t now (void)
{
  return (uint32_t)(g_get_monotonic_time() / 1000);
}

static void end (struct inos_gestures *gestures, uint32_t time, bool cancelled)
{
  struct wlr_seat *seat = gestures->seat->wlr;
  enum kind kind = gestures->kind;
  gestures->kind = NONE;
  if (kind == SWIPE)
    wlr_pointer_gestures_v1_send_swipe_end (clients (gestures), seat, time, cancelled);
  else if (kind == PINCH)
    wlr_pointer_gestures_v1_send_pinch_end (clients (gestures), seat, time, cancelled);
  else if (kind == HOLD)
    wlr_pointer_gestures_v1_send_hold_end (clients (gestures), seat, time, cancelled);
  if (kind != NONE)
    inos_seat_hold_pointer (gestures->seat, false);
}

/* The surface under the pointer keeps it until the end, which it must see. */
static void begin (struct inos_gestures *gestures, enum kind kind, uint32_t time)
{
  end (gestures, time, true);
  inos_idle_activity (gestures->seat);
  inos_cursor_image_show (gestures->seat);
  gestures->kind = kind;
  inos_seat_act (gestures->seat);
  inos_seat_hold_pointer (gestures->seat, true);
}

static bool is_ours (struct inos_gestures *gestures, uint32_t fingers)
{
  const struct inos_config *config = &gestures->seat->compositor->config;
  return fingers == FINGERS && !gestures->seat->compositor->locked &&
         (config->swipe_workspaces || config->swipe_overview);
}

static void go (struct inos_gestures *gestures, int step)
{
  struct inos_compositor *compositor = gestures->seat->compositor;
  if (step > 0 || compositor->active_workspace > 0)
    inos_workspace_switch (compositor, compositor->active_workspace + (unsigned int)step);
}

/* Workspaces follow the fingers one by one: those to the right come when fingers go left. */
static void swipe (struct inos_gestures *gestures, double dx, double dy)
{
  struct inos_compositor *compositor = gestures->seat->compositor;
  gestures->x += dx;
  gestures->y += dy;
  if (compositor->config.swipe_workspaces && fabs (gestures->x) >= WORKSPACE_STEP) {
    go (gestures, gestures->x < 0 ? 1 : -1);
    gestures->x = 0;
    if (isfinite (gestures->y))
      gestures->y = 0;
  }
  if (compositor->config.swipe_overview && gestures->y <= -OVERVIEW_STEP) {
    gestures->y = INFINITY; /* once in a swipe */
    inos_action_run (compositor, "overview");
  }
}

static void handle_swipe_begin (struct wl_listener *listener, void *data)
{
  struct inos_gestures *gestures = wl_container_of (listener, gestures, swipe_begin);
  const struct wlr_pointer_swipe_begin_event *event = data;
  if (is_ours (gestures, event->fingers)) {
    begin (gestures, OURS, event->time_msec);
    gestures->x = gestures->y = 0;
    return;
  }
  begin (gestures, SWIPE, event->time_msec);
  wlr_pointer_gestures_v1_send_swipe_begin (clients (gestures), gestures->seat->wlr,
                                            event->time_msec, event->fingers);
}

static void handle_swipe_update (struct wl_listener *listener, void *data)
{
  struct inos_gestures *gestures = wl_container_of (listener, gestures, swipe_update);
  const struct wlr_pointer_swipe_update_event *event = data;
  if (gestures->kind == OURS)
    swipe (gestures, event->dx, event->dy);
  else if (gestures->kind == SWIPE)
    wlr_pointer_gestures_v1_send_swipe_update (clients (gestures), gestures->seat->wlr,
                                               event->time_msec, event->dx * scale_of (gestures),
                                               event->dy * scale_of (gestures));
}

static void handle_swipe_end (struct wl_listener *listener, void *data)
{
  struct inos_gestures *gestures = wl_container_of (listener, gestures, swipe_end);
  const struct wlr_pointer_swipe_end_event *event = data;
  if (gestures->kind == SWIPE || gestures->kind == OURS)
    end (gestures, event->time_msec, event->cancelled);
}

static void handle_pinch_begin (struct wl_listener *listener, void *data)
{
  struct inos_gestures *gestures = wl_container_of (listener, gestures, pinch_begin);
  const struct wlr_pointer_pinch_begin_event *event = data;
  begin (gestures, PINCH, event->time_msec);
  wlr_pointer_gestures_v1_send_pinch_begin (clients (gestures), gestures->seat->wlr,
                                            event->time_msec, event->fingers);
}

static void handle_pinch_update (struct wl_listener *listener, void *data)
{
  struct inos_gestures *gestures = wl_container_of (listener, gestures, pinch_update);
  const struct wlr_pointer_pinch_update_event *event = data;
  if (gestures->kind == PINCH)
    wlr_pointer_gestures_v1_send_pinch_update (
      clients (gestures), gestures->seat->wlr, event->time_msec, event->dx * scale_of (gestures),
      event->dy * scale_of (gestures), event->scale, event->rotation);
}

static void handle_pinch_end (struct wl_listener *listener, void *data)
{
  struct inos_gestures *gestures = wl_container_of (listener, gestures, pinch_end);
  const struct wlr_pointer_pinch_end_event *event = data;
  if (gestures->kind == PINCH)
    end (gestures, event->time_msec, event->cancelled);
}

static void handle_hold_begin (struct wl_listener *listener, void *data)
{
  struct inos_gestures *gestures = wl_container_of (listener, gestures, hold_begin);
  const struct wlr_pointer_hold_begin_event *event = data;
  begin (gestures, HOLD, event->time_msec);
  wlr_pointer_gestures_v1_send_hold_begin (clients (gestures), gestures->seat->wlr,
                                           event->time_msec, event->fingers);
}

static void handle_hold_end (struct wl_listener *listener, void *data)
{
  struct inos_gestures *gestures = wl_container_of (listener, gestures, hold_end);
  const struct wlr_pointer_hold_end_event *event = data;
  if (gestures->kind == HOLD)
    end (gestures, event->time_msec, event->cancelled);
}

void inos_gestures_cancel (struct inos_seat *seat)
{
  end (seat->gestures, now(), true);
}

void inos_gestures_init (struct inos_seat *seat)
{
  struct inos_gestures *gestures = seat->gestures = g_new0 (struct inos_gestures, 1);
  gestures->seat = seat;
  CONNECT_SIGNAL (seat->cursor, gestures, swipe_begin);
  CONNECT_SIGNAL (seat->cursor, gestures, swipe_update);
  CONNECT_SIGNAL (seat->cursor, gestures, swipe_end);
  CONNECT_SIGNAL (seat->cursor, gestures, pinch_begin);
  CONNECT_SIGNAL (seat->cursor, gestures, pinch_update);
  CONNECT_SIGNAL (seat->cursor, gestures, pinch_end);
  CONNECT_SIGNAL (seat->cursor, gestures, hold_begin);
  CONNECT_SIGNAL (seat->cursor, gestures, hold_end);
}

void inos_gestures_finish (struct inos_seat *seat)
{
  struct inos_gestures *gestures = seat->gestures;
  DISCONNECT (gestures->swipe_begin);
  DISCONNECT (gestures->swipe_update);
  DISCONNECT (gestures->swipe_end);
  DISCONNECT (gestures->pinch_begin);
  DISCONNECT (gestures->pinch_update);
  DISCONNECT (gestures->pinch_end);
  DISCONNECT (gestures->hold_begin);
  DISCONNECT (gestures->hold_end);
  g_clear_pointer (&seat->gestures, g_free);
}
