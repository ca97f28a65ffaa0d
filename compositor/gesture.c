#include "gesture.h"

#include <math.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_pointer.h>
#include <wlr/types/wlr_pointer_gestures_v1.h>
#include <wlr/types/wlr_seat.h>

#include "action.h"
#include "binding.h"
#include "cursor_image.h"
#include "idle.h"
#include "listener.h"
#include "overview_show.h"
#include "protocol.h"
#include "seats.h"
#include "x11_scale.h"

/* Those that are a program's, those that are bindings, and a binding that has been done. */
enum kind { NONE, SWIPE, PINCH, HOLD, OUR_SWIPE, OUR_PINCH, OUR_HOLD, PULL, DONE };

/* From here on a gesture is meant: how far a swipe goes, in px, and how long a hold is, in ms. */
enum { ACROSS_STEP = 200, UPRIGHT_STEP = 150, HOLD_LEAST = 300 };

/* px from which on the overview follows the fingers. */
enum { PULL_STEP = 24 };
/* Of the way of a swipe: who lets go there meant it. */
#define PULL_MEANT 0.4

/* Likewise, of how far apart fingers are to how far they were. */
#define PINCHED_IN 0.75
#define PINCHED_OUT 1.25

struct inos_gestures {
  struct inos_seat *seat;
  enum kind kind; /* of the one that is going on */
  uint32_t fingers, began;
  double x, y; /* how far a swipe of ours went */
  bool closes; /* a swipe that pulls the overview began where that was open */

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
  else if (kind == PULL)
    inos_overview_release_pull (gestures->seat->compositor, gestures->closes);
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

/* Whether any of those, from first to last, is a binding. */
static bool is_bound (struct inos_gestures *gestures, uint32_t fingers, enum inos_finger_move first,
                      enum inos_finger_move last)
{
  for (enum inos_finger_move move = first; move <= last; move++) {
    g_autofree char *action = inos_binding_gesture (gestures->seat, move, fingers);
    if (action)
      return true;
  }
  return false;
}

static void begin_ours (struct inos_gestures *gestures, enum kind kind, uint32_t fingers,
                        uint32_t time)
{
  begin (gestures, kind, time);
  inos_binding_forget_tap (gestures->seat);
  gestures->x = gestures->y = 0;
  gestures->fingers = fingers;
  gestures->began = time;
}

/* What goes to the next of several is done again as a swipe goes on. */
static bool goes_on (const char *action)
{
  return g_str_has_prefix (action, "workspace ") || g_str_has_prefix (action, "focus ") ||
         g_str_has_prefix (action, "column-move ");
}

static void run (struct inos_gestures *gestures, enum inos_finger_move move)
{
  g_autofree char *action = inos_binding_gesture (gestures->seat, move, gestures->fingers);
  if (!action)
    return;
  if (gestures->kind != OUR_SWIPE || !goes_on (action))
    gestures->kind = DONE;
  gestures->x = gestures->y = 0;
  inos_action_run (gestures->seat->compositor, action);
}

/* How far fingers have pulled the overview open, or closed where it is open: up opens it. */
static double pulled (const struct inos_gestures *gestures)
{
  return (gestures->closes ? gestures->y : -gestures->y) / UPRIGHT_STEP;
}

/* The fingers go to where the overview opens or closes. */
static bool begins_pull (struct inos_gestures *gestures)
{
  struct inos_compositor *compositor = gestures->seat->compositor;
  gestures->closes = inos_overview_is_open (compositor);
  if (fabs (gestures->y) < PULL_STEP || fabs (gestures->y) < fabs (gestures->x) ||
      pulled (gestures) < 0)
    return false;
  g_autofree char *up = inos_binding_gesture (gestures->seat, INOS_SWIPE_UP, gestures->fingers);
  g_autofree char *down = inos_binding_gesture (gestures->seat, INOS_SWIPE_DOWN, gestures->fingers);
  return g_strcmp0 (up, "overview") == 0 && !(gestures->closes && down) &&
         inos_overview_pull (compositor, gestures->closes ? 1 : 0);
}

/* It follows, and at the end of the way it is what the fingers have made it. */
static void pull (struct inos_gestures *gestures)
{
  struct inos_compositor *compositor = gestures->seat->compositor;
  double part = pulled (gestures);
  if (part < 1) {
    inos_overview_pull (compositor, gestures->closes ? 1 - part : part);
    return;
  }
  gestures->kind = DONE;
  inos_overview_release_pull (compositor, !gestures->closes);
  wl_signal_emit_mutable (&compositor->events.action, (void *)"overview");
}

static void swipe (struct inos_gestures *gestures, double dx, double dy)
{
  gestures->x += dx;
  gestures->y += dy;
  double x = gestures->x, y = gestures->y;
  if (gestures->kind == OUR_SWIPE && begins_pull (gestures))
    gestures->kind = PULL;
  if (gestures->kind == PULL) {
    pull (gestures);
    return;
  }
  if (fabs (x) >= ACROSS_STEP) {
    gestures->x = 0;
    run (gestures, x < 0 ? INOS_SWIPE_LEFT : INOS_SWIPE_RIGHT);
  } else if (fabs (y) >= UPRIGHT_STEP) {
    gestures->y = 0;
    run (gestures, y < 0 ? INOS_SWIPE_UP : INOS_SWIPE_DOWN);
  }
}

static void let_go (struct inos_gestures *gestures)
{
  struct inos_compositor *compositor = gestures->seat->compositor;
  if (pulled (gestures) < PULL_MEANT)
    return; /* it goes back */
  gestures->kind = DONE;
  inos_overview_release_pull (compositor, !gestures->closes);
  wl_signal_emit_mutable (&compositor->events.action, (void *)"overview");
}

static void pinch (struct inos_gestures *gestures, double scale)
{
  if (scale <= PINCHED_IN || scale >= PINCHED_OUT)
    run (gestures, scale < 1 ? INOS_PINCH_IN : INOS_PINCH_OUT);
}

static void handle_swipe_begin (struct wl_listener *listener, void *data)
{
  struct inos_gestures *gestures = wl_container_of (listener, gestures, swipe_begin);
  const struct wlr_pointer_swipe_begin_event *event = data;
  if (is_bound (gestures, event->fingers, INOS_SWIPE_LEFT, INOS_SWIPE_DOWN)) {
    begin_ours (gestures, OUR_SWIPE, event->fingers, event->time_msec);
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
  if (gestures->kind == OUR_SWIPE || gestures->kind == PULL)
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
  if (gestures->kind == PULL && !event->cancelled)
    let_go (gestures);
  if (gestures->kind == SWIPE || gestures->kind == OUR_SWIPE || gestures->kind == PULL ||
      gestures->kind == DONE)
    end (gestures, event->time_msec, event->cancelled);
}

static void handle_pinch_begin (struct wl_listener *listener, void *data)
{
  struct inos_gestures *gestures = wl_container_of (listener, gestures, pinch_begin);
  const struct wlr_pointer_pinch_begin_event *event = data;
  if (is_bound (gestures, event->fingers, INOS_PINCH_IN, INOS_PINCH_OUT)) {
    begin_ours (gestures, OUR_PINCH, event->fingers, event->time_msec);
    return;
  }
  begin (gestures, PINCH, event->time_msec);
  wlr_pointer_gestures_v1_send_pinch_begin (clients (gestures), gestures->seat->wlr,
                                            event->time_msec, event->fingers);
}

static void handle_pinch_update (struct wl_listener *listener, void *data)
{
  struct inos_gestures *gestures = wl_container_of (listener, gestures, pinch_update);
  const struct wlr_pointer_pinch_update_event *event = data;
  if (gestures->kind == OUR_PINCH)
    pinch (gestures, event->scale);
  else if (gestures->kind == PINCH)
    wlr_pointer_gestures_v1_send_pinch_update (
      clients (gestures), gestures->seat->wlr, event->time_msec, event->dx * scale_of (gestures),
      event->dy * scale_of (gestures), event->scale, event->rotation);
}

static void handle_pinch_end (struct wl_listener *listener, void *data)
{
  struct inos_gestures *gestures = wl_container_of (listener, gestures, pinch_end);
  const struct wlr_pointer_pinch_end_event *event = data;
  if (gestures->kind == PINCH || gestures->kind == OUR_PINCH || gestures->kind == DONE)
    end (gestures, event->time_msec, event->cancelled);
}

static void handle_hold_begin (struct wl_listener *listener, void *data)
{
  struct inos_gestures *gestures = wl_container_of (listener, gestures, hold_begin);
  const struct wlr_pointer_hold_begin_event *event = data;
  if (is_bound (gestures, event->fingers, INOS_HOLD, INOS_HOLD)) {
    begin_ours (gestures, OUR_HOLD, event->fingers, event->time_msec);
    return;
  }
  begin (gestures, HOLD, event->time_msec);
  wlr_pointer_gestures_v1_send_hold_begin (clients (gestures), gestures->seat->wlr,
                                           event->time_msec, event->fingers);
}

static void handle_hold_end (struct wl_listener *listener, void *data)
{
  struct inos_gestures *gestures = wl_container_of (listener, gestures, hold_end);
  const struct wlr_pointer_hold_end_event *event = data;
  /* One that moves is cancelled, and becomes a swipe or a pinch. */
  if (gestures->kind == OUR_HOLD && !event->cancelled &&
      event->time_msec - gestures->began >= HOLD_LEAST)
    run (gestures, INOS_HOLD);
  if (gestures->kind == HOLD || gestures->kind == OUR_HOLD || gestures->kind == DONE)
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
