/* The pointer on a frame. */
#include <linux/input-event-codes.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_scene.h>

#include "window_frame_private.h"
#include "grab.h"
#include "cursor_image.h"
#include "window_menu.h"
#include "seats.h"

enum { DOUBLE_CLICK = 400 /* ms */, SLACK = 4 /* px */ };

/* The view whose frame is under the pointer, where no surface is in front of it, or NULL. */
static struct inos_view *framed_view_at (struct inos_seat *seat)
{
  double sx, sy;
  if (seat->compositor->locked)
    return NULL;
  struct wlr_scene_node *node =
    inos_seat_node_at (seat, seat->cursor->x, seat->cursor->y, &sx, &sy);
  for (; node; node = node->parent ? &node->parent->node : NULL) {
    struct inos_view *view;
    wl_list_for_each (view, &seat->compositor->views, link) {
      if (view->frame && &view->frame->tree->node == node)
        return view;
    }
  }
  return NULL;
}

/* Several people may be at one frame: it shows what one of them does. */
static void show_parts (struct inos_view *view)
{
  enum inos_frame_part hover = INOS_FRAME_NONE, pressed = INOS_FRAME_NONE;
  struct inos_seat *seat;
  wl_list_for_each (seat, &view->compositor->seats, link) {
    if (seat->on_frame.hovered == view && hover == INOS_FRAME_NONE)
      hover = seat->on_frame.hover_part;
    if (seat->on_frame.pressed == view && pressed == INOS_FRAME_NONE)
      pressed = seat->on_frame.pressed_part;
  }
  if (view->frame->hover == hover && view->frame->pressed == pressed)
    return;
  view->frame->hover = hover;
  view->frame->pressed = pressed;
  inos_frame_update (view);
}

void inos_frame_leave (struct inos_seat *seat)
{
  struct inos_view *view = seat->on_frame.hovered;
  seat->on_frame.hovered = NULL;
  if (view && view->frame)
    show_parts (view);
}

void inos_frame_forget_view (struct inos_seat *seat, struct inos_view *view)
{
  if (!seat)
    return;
  if (seat->on_frame.hovered == view)
    seat->on_frame.hovered = NULL;
  if (seat->on_frame.pressed == view)
    seat->on_frame.pressed = NULL;
  if (seat->on_frame.clicked == view)
    seat->on_frame.clicked = NULL;
}

/* A title bar that is held and pulled moves its window. */
static bool drag (struct inos_seat *seat)
{
  struct inos_view *view = seat->on_frame.pressed;
  if (!view || seat->on_frame.pressed_part != INOS_FRAME_BAR)
    return false;
  double dx = seat->cursor->x - seat->on_frame.x, dy = seat->cursor->y - seat->on_frame.y;
  if (dx * dx + dy * dy < seat->on_frame.slack * seat->on_frame.slack)
    return true;
  seat->on_frame.pressed = seat->on_frame.clicked = NULL;
  inos_frame_leave (seat);
  show_parts (view);
  inos_grab_move (seat, view);
  /* From where it was taken, not from where the drag was noticed. */
  seat->grab.x = seat->on_frame.x;
  seat->grab.y = seat->on_frame.y;
  inos_grab_motion (seat);
  return true;
}

bool inos_frame_motion (struct inos_seat *seat)
{
  if (drag (seat))
    return true;
  struct inos_view *view = framed_view_at (seat);
  if (seat->on_frame.hovered && seat->on_frame.hovered != view)
    inos_frame_leave (seat);
  if (!view)
    return seat->on_frame.pressed != NULL;
  enum inos_frame_part part = inos_frame_part_at (view, seat->cursor->x, seat->cursor->y);
  seat->on_frame.hovered = view;
  seat->on_frame.hover_part = part;
  show_parts (view);
  uint32_t edges =
    part == INOS_FRAME_EDGE ? inos_frame_edges (view, seat->cursor->x, seat->cursor->y) : 0;
  inos_cursor_image_set_name (seat, edges ? inos_grab_resize_image (edges) : "default");
  return true;
}

bool inos_frame_press (struct inos_seat *seat, uint32_t time, uint32_t button)
{
  struct inos_view *view = framed_view_at (seat);
  if (!view)
    return false;
  enum inos_frame_part part = inos_frame_part_at (view, seat->cursor->x, seat->cursor->y);
  if (part == INOS_FRAME_NONE)
    return false;
  inos_seat_focus_view (seat, view);
  if (button == BTN_RIGHT && part != INOS_FRAME_EDGE)
    inos_window_menu_open (view, seat->cursor->x, seat->cursor->y, false);
  if (button != BTN_LEFT)
    return true;
  if (part == INOS_FRAME_EDGE) {
    inos_grab_resize (seat, view, inos_frame_edges (view, seat->cursor->x, seat->cursor->y));
    return true;
  }
  bool twice = part == INOS_FRAME_BAR && seat->on_frame.clicked == view &&
               time - seat->on_frame.time < DOUBLE_CLICK;
  seat->on_frame.clicked = twice || part != INOS_FRAME_BAR ? NULL : view;
  seat->on_frame.time = time;
  if (twice) {
    inos_view_set_maximized (view, !view->maximized);
    return true;
  }
  if (seat->on_frame.hovered != view)
    inos_frame_leave (seat);
  seat->on_frame.hovered = seat->on_frame.pressed = view;
  seat->on_frame.hover_part = seat->on_frame.pressed_part = part;
  seat->on_frame.x = seat->cursor->x;
  seat->on_frame.y = seat->cursor->y;
  seat->on_frame.slack = SLACK;
  show_parts (view);
  return true;
}

void inos_frame_cancel (struct inos_seat *seat)
{
  struct inos_view *view = seat->on_frame.pressed;
  seat->on_frame.pressed = seat->on_frame.clicked = NULL;
  inos_frame_leave (seat);
  if (view)
    show_parts (view);
}

bool inos_frame_release (struct inos_seat *seat)
{
  struct inos_view *view = seat->on_frame.pressed;
  if (!view)
    return false;
  enum inos_frame_part pressed = seat->on_frame.pressed_part;
  enum inos_frame_part part = inos_frame_part_at (view, seat->cursor->x, seat->cursor->y);
  seat->on_frame.pressed = NULL;
  if (seat->on_frame.hovered == view)
    seat->on_frame.hover_part = part;
  show_parts (view);
  if (part != pressed)
    return true;
  if (part == INOS_FRAME_CLOSE)
    inos_view_close (view);
  else if (part == INOS_FRAME_MAXIMIZE)
    inos_view_set_maximized (view, !view->maximized);
  else if (part == INOS_FRAME_MINIMIZE)
    inos_view_set_minimized (view, true);
  return true;
}
