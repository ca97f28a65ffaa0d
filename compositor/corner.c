#include "corner.h"

#include <wlr/types/wlr_cursor.h>

#include "binding.h"
#include "frame.h"
#include "overview_show.h"

enum { REACH = 1 }; /* px: an edge stops the pointer */

/* One that is on the left and at the top has none of these bits. */
enum { RIGHT = 1, BOTTOM = 2, INSIDE = 4 };

static const char *const names[] = {"top-left", "top-right", "bottom-left", "bottom-right"};

/* Whether the pointer can go on there. */
static bool goes_on (struct inos_compositor *compositor, double x, double y)
{
  return inos_output_at (compositor, x, y) != NULL;
}

/* The corner that the point is in, with INSIDE; 0 for none. */
static int corner_at (struct inos_compositor *compositor, double x, double y)
{
  struct inos_output *output = inos_output_at (compositor, x, y);
  if (!output)
    return 0;
  struct wlr_box box = inos_output_box (output);
  double right = box.x + box.width - 1 - REACH, bottom = box.y + box.height - 1 - REACH;
  bool is_right = x >= right, is_bottom = y >= bottom;
  if ((!is_right && x > box.x + REACH) || (!is_bottom && y > box.y + REACH))
    return 0;
  double beyond_x = is_right ? box.x + box.width : box.x - 1;
  double beyond_y = is_bottom ? box.y + box.height : box.y - 1;
  if (goes_on (compositor, beyond_x, y) || goes_on (compositor, x, beyond_y))
    return 0;
  return INSIDE | (is_right ? RIGHT : 0) | (is_bottom ? BOTTOM : 0);
}

/* Whether the person is at something else: a film, a game, a drag. */
static bool is_busy (struct inos_seat *seat)
{
  struct inos_output *output = inos_output_at (seat->compositor, seat->cursor->x, seat->cursor->y);
  return inos_overview_is_pressed (seat->compositor) || seat->pressed || seat->gesturing ||
         seat->menu || seat->x11_drag || seat->drag_icon || seat->constraint ||
         seat->grab.kind != INOS_GRAB_NONE || (output && inos_output_fullscreen (output));
}

static int on_timer (void *data)
{
  struct inos_seat *seat = data;
  if (!is_busy (seat))
    inos_binding_corner (seat, names[seat->corner.at & ~INSIDE]);
  return 0;
}

static void wait (struct inos_seat *seat, int ms)
{
  struct wl_event_loop *loop = seat->compositor->loop;
  if (!seat->corner.timer && ms > 0)
    seat->corner.timer = wl_event_loop_add_timer (loop, on_timer, seat);
  if (seat->corner.timer)
    wl_event_source_timer_update (seat->corner.timer, ms);
}

void inos_corner_motion (struct inos_seat *seat)
{
  struct inos_compositor *compositor = seat->compositor;
  if (!seat->corner.at && !inos_bindings_has_corners (compositor->bindings))
    return;
  int at = corner_at (compositor, seat->cursor->x, seat->cursor->y);
  if (at == seat->corner.at)
    return;
  seat->corner.at = at;
  bool does =
    at && inos_bindings_find_corner (compositor->bindings, names[at & ~INSIDE]) && !is_busy (seat);
  wait (seat, does ? MAX (1, compositor->config.corners.delay) : 0);
}

void inos_corner_forget (struct inos_seat *seat)
{
  if (seat->corner.at)
    wait (seat, 0);
}

void inos_corner_finish (struct inos_seat *seat)
{
  g_clear_pointer (&seat->corner.timer, wl_event_source_remove);
}
