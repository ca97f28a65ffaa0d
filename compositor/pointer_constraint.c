#include "pointer_constraint.h"

#include <math.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_pointer_constraints_v1.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/util/region.h>

#include "listener.h"
#include "protocol.h"
#include "view.h"
#include "x11_scale.h"

struct constraints {
  struct inos_compositor *compositor;
  struct wlr_pointer_constraints_v1 *wlr;

  struct wl_listener new_constraint, focus_change;
};

static bool contains (const pixman_region32_t *region, double x, double y)
{
  return pixman_region32_contains_point (region, (int)floor (x), (int)floor (y), NULL);
}

/* Where the pointer is on the surface that has it, in our units: regions are in those, since
 * wlroots cuts them to the surface. */
static void place_of (struct inos_seat *seat, double *x, double *y)
{
  const struct wlr_seat_pointer_state *state = &seat->wlr->pointer_state;
  double scale = inos_x11_surface_scale (seat->compositor, state->focused_surface);
  *x = state->sx / scale;
  *y = state->sy / scale;
}

/* A program that locks the pointer says where its own pointer was. */
static void follow_hint (struct inos_seat *seat, struct wlr_pointer_constraint_v1 *constraint)
{
  const struct wlr_seat_pointer_state *state = &seat->wlr->pointer_state;
  double scale = inos_x11_surface_scale (seat->compositor, constraint->surface), at_x, at_y;
  double x = constraint->current.cursor_hint.x / scale;
  double y = constraint->current.cursor_hint.y / scale;
  place_of (seat, &at_x, &at_y);
  if (constraint->type != WLR_POINTER_CONSTRAINT_V1_LOCKED ||
      !constraint->current.cursor_hint.enabled || state->focused_surface != constraint->surface ||
      !contains (&constraint->surface->input_region, x, y))
    return;
  if (wlr_cursor_warp (seat->cursor, NULL, seat->cursor->x - at_x + x, seat->cursor->y - at_y + y))
    wlr_seat_pointer_warp (seat->wlr, x * scale, y * scale);
  inos_seat_refresh_cursor_later (seat);
}

static struct wlr_pointer_constraint_v1 *take_off (struct inos_seat *seat)
{
  struct wlr_pointer_constraint_v1 *constraint = seat->constraint;
  DISCONNECT (seat->constraint_gone);
  DISCONNECT (seat->constraint_region);
  seat->constraint = NULL;
  if (constraint)
    follow_hint (seat, constraint);
  return constraint;
}

static void handle_constraint_gone (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, constraint_gone);
  take_off (seat);
}

/* The point of the region that is nearest to x, y. */
static void nearest (const pixman_region32_t *region, double *x, double *y)
{
  int count;
  const pixman_box32_t *boxes = pixman_region32_rectangles (region, &count);
  double best = INFINITY, from_x = *x, from_y = *y;
  for (int i = 0; i < count; i++) {
    double px = CLAMP (from_x, boxes[i].x1, MAX (boxes[i].x1, boxes[i].x2 - 1));
    double py = CLAMP (from_y, boxes[i].y1, MAX (boxes[i].y1, boxes[i].y2 - 1));
    double far = hypot (px - from_x, py - from_y);
    if (far < best) {
      best = far;
      *x = px;
      *y = py;
    }
  }
}

/* The client has drawn a new region: a pointer that is outside comes in. */
static void handle_constraint_region (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, constraint_region);
  const struct wlr_pointer_constraint_v1 *constraint = seat->constraint;
  double at_x, at_y;
  place_of (seat, &at_x, &at_y);
  if (constraint->type != WLR_POINTER_CONSTRAINT_V1_CONFINED ||
      contains (&constraint->region, at_x, at_y))
    return;
  double x = at_x, y = at_y;
  nearest (&constraint->region, &x, &y);
  wlr_cursor_warp (seat->cursor, NULL, seat->cursor->x - at_x + x, seat->cursor->y - at_y + y);
  inos_seat_refresh_cursor_later (seat);
}

/* Only the active window may hold the pointer, so that one below it cannot catch it in passing. */
static bool may_hold (struct inos_seat *seat, struct wlr_pointer_constraint_v1 *constraint)
{
  struct inos_view *view = inos_view_from_surface (constraint->surface);
  double x, y;
  place_of (seat, &x, &y);
  return constraint->surface->mapped && (!view || view == seat->active) &&
         contains (&constraint->region, x, y);
}

void inos_pointer_constraint_update (struct inos_seat *seat)
{
  struct constraints *module =
    inos_protocol_state (seat->compositor, INOS_STATE_POINTER_CONSTRAINTS);
  struct wlr_surface *surface = seat->wlr->pointer_state.focused_surface;
  if (!module || seat->compositor->ending ||
      (!seat->constraint && wl_list_empty (&module->wlr->constraints)))
    return;
  struct wlr_pointer_constraint_v1 *wanted =
    surface ? wlr_pointer_constraints_v1_constraint_for_surface (module->wlr, surface, seat->wlr)
            : NULL;
  /* One that holds the pointer is not lost by the pointer's being elsewhere on the surface. */
  if (wanted && wanted == seat->constraint
        ? inos_view_from_surface (surface) && inos_view_from_surface (surface) != seat->active
        : wanted && !may_hold (seat, wanted))
    wanted = NULL;
  if (wanted == seat->constraint)
    return;
  struct wlr_pointer_constraint_v1 *last = take_off (seat);
  if (wanted) {
    seat->constraint = wanted;
    CONNECT_TO (&wanted->events.destroy, seat, constraint_gone);
    CONNECT_TO (&wanted->events.set_region, seat, constraint_region);
    wlr_pointer_constraint_v1_send_activated (wanted);
  }
  if (last)
    wlr_pointer_constraint_v1_send_deactivated (last);
}

bool inos_pointer_constraint_motion (struct inos_seat *seat, double *dx, double *dy)
{
  const struct wlr_pointer_constraint_v1 *constraint = seat->constraint;
  double at_x, at_y, x, y;
  if (!constraint)
    return true;
  if (constraint->type == WLR_POINTER_CONSTRAINT_V1_LOCKED)
    return false;
  place_of (seat, &at_x, &at_y);
  if (wlr_region_confine (&constraint->region, at_x, at_y, at_x + *dx, at_y + *dy, &x, &y)) {
    *dx = x - at_x;
    *dy = y - at_y;
  }
  return true;
}

void inos_pointer_constraint_forget (struct inos_seat *seat)
{
  DISCONNECT (seat->constraint_gone);
  DISCONNECT (seat->constraint_region);
  seat->constraint = NULL;
}

static void handle_new_constraint (struct wl_listener *listener, void *data)
{
  struct constraints *module = wl_container_of (listener, module, new_constraint);
  struct wlr_pointer_constraint_v1 *constraint = data;
  /* wlroots waits for the surface's next commit with the region that the request brought. */
  if (pixman_region32_not_empty (&constraint->pending.region))
    pixman_region32_intersect (&constraint->region, &constraint->surface->input_region,
                               &constraint->pending.region);
  struct inos_seat *seat;
  wl_list_for_each (seat, &module->compositor->seats, link)
    inos_pointer_constraint_update (seat);
}

static void handle_focus_change (struct wl_listener *listener, void *data)
{
  struct constraints *module = wl_container_of (listener, module, focus_change);
  struct inos_seat *seat;
  wl_list_for_each (seat, &module->compositor->seats, link)
    inos_pointer_constraint_update (seat);
}

void *inos_pointer_constraint_create (struct inos_compositor *compositor, int version)
{
  struct wlr_pointer_constraints_v1 *wlr = wlr_pointer_constraints_v1_create (compositor->display);
  if (!wlr)
    return NULL;
  struct constraints *module = g_new0 (struct constraints, 1);
  module->compositor = compositor;
  module->wlr = wlr;
  CONNECT_SIGNAL (wlr, module, new_constraint);
  CONNECT_SIGNAL (compositor, module, focus_change);
  return module;
}

void inos_pointer_constraint_destroy (void *state)
{
  struct constraints *module = state;
  DISCONNECT (module->new_constraint);
  DISCONNECT (module->focus_change);
  g_free (module);
}
