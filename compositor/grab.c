#include "grab.h"

#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/util/edges.h>

#include "each_frame.h"
#include "seats.h"
#include "window_frame.h"
#include "pointer.h"
#include "resistance.h"
#include "snap.h"
#include "tiles.h"
#include "cursor_image.h"
#include "view.h"

enum { LEAST_SIZE = 64 };

const char *inos_grab_resize_image (uint32_t edges)
{
  switch (edges) {
  case WLR_EDGE_TOP:
    return "n-resize";
  case WLR_EDGE_BOTTOM:
    return "s-resize";
  case WLR_EDGE_LEFT:
    return "w-resize";
  case WLR_EDGE_RIGHT:
    return "e-resize";
  case WLR_EDGE_TOP | WLR_EDGE_LEFT:
    return "nw-resize";
  case WLR_EDGE_TOP | WLR_EDGE_RIGHT:
    return "ne-resize";
  case WLR_EDGE_BOTTOM | WLR_EDGE_LEFT:
    return "sw-resize";
  default:
    return "se-resize";
  }
}

static void begin (struct inos_seat *seat, struct inos_view *view, enum inos_grab_kind kind,
                   uint32_t edges)
{
  /* A second button, a finger, or another person takes over. */
  bool resizing = view->resizing;
  inos_grabs_forget_view (view);
  if (resizing)
    view->impl->show_state (view);
  struct inos_view *before = seat->grab.view;
  if (before) {
    inos_grab_forget_view (seat, before);
    before->impl->show_state (before);
  }
  seat->grab.kind = kind;
  seat->grab.view = view;
  seat->grab.x = seat->cursor->x;
  seat->grab.y = seat->cursor->y;
  seat->grab.box = seat->grab.wanted = inos_view_box (view);
  seat->grab.edges = edges;
  seat->grab.settling = seat->grab.tiled = seat->grab.keys = false;
  inos_snap_preview_end (seat);
  seat->pressed = false;
  wlr_seat_pointer_notify_clear_focus (seat->wlr);
}

/* A window dragged off its maximized or snapped place gets its own size back, under the pointer. */
static void restore_under_pointer (struct inos_seat *seat, struct inos_view *view)
{
  struct wlr_box full = inos_view_box (view);
  double part = full.width > 0 ? (seat->cursor->x - full.x) / full.width : 0.5;
  view->floats = true;
  inos_tiles_arrange (view->compositor);
  inos_snap_view (view, 0, NULL);
  view->floating.x = (int)(seat->cursor->x - part * view->floating.width);
  view->floating.y = full.y;
  inos_view_move (view, view->floating.x, view->floating.y);
}

void inos_grab_move (struct inos_seat *seat, struct inos_view *view)
{
  bool tiled = view->tiled && !view->maximized;
  if (view->fullscreen)
    return;
  if (!inos_view_is_floating (view))
    restore_under_pointer (seat, view);
  begin (seat, view, INOS_GRAB_MOVE, 0);
  seat->grab.tiled = tiled;
  seat->grab.box.x = view->x;
  seat->grab.box.y = view->y;
  inos_cursor_image_set_name (seat, "grabbing");
}

void inos_grab_resize (struct inos_seat *seat, struct inos_view *view, uint32_t edges)
{
  if (view->fullscreen || view->maximized || edges == 0)
    return;
  /* A half that is made larger is a half no more. */
  view->snapped = 0;
  view->floats |= view->tiled;
  inos_tiles_arrange (view->compositor);
  begin (seat, view, INOS_GRAB_RESIZE, edges);
  view->resizing = true;
  /* One that chose its size itself would choose again. */
  inos_view_resize (view, seat->grab.box.width, seat->grab.box.height);
  view->impl->show_state (view);
  inos_cursor_image_set_name (seat, inos_grab_resize_image (edges));
}

uint32_t inos_grab_nearest_edges (struct inos_seat *seat, struct inos_view *view)
{
  struct wlr_box box = inos_view_box (view);
  uint32_t edges = seat->cursor->x < box.x + box.width / 2.0 ? WLR_EDGE_LEFT : WLR_EDGE_RIGHT;
  return edges | (seat->cursor->y < box.y + box.height / 2.0 ? WLR_EDGE_TOP : WLR_EDGE_BOTTOM);
}

/* What holds the view while it is dragged: its output, and the other windows that are shown. */
static GArray *obstacles_of (struct inos_view *view)
{
  GArray *obstacles = g_array_new (FALSE, FALSE, sizeof (struct inos_obstacle));
  struct inos_output *output = inos_view_output (view);
  if (output)
    g_array_append_val (obstacles, ((struct inos_obstacle){output->usable, true}));
  struct inos_view *other;
  wl_list_for_each (other, &view->compositor->views, link) {
    struct inos_obstacle obstacle = {inos_frame_outer (other, inos_view_box (other)), false};
    if (other != view && inos_view_is_shown (other))
      g_array_append_val (obstacles, obstacle);
  }
  return obstacles;
}

static void move_by (struct inos_seat *seat, int dx, int dy)
{
  struct inos_view *view = seat->grab.view;
  struct inos_output *output = inos_view_output (view);
  struct wlr_box box = inos_view_box (view);
  box.x = seat->grab.box.x + dx;
  box.y = seat->grab.box.y + dy;
  box = inos_frame_outer (view, box);
  box.y = MAX (output ? output->usable.y : box.y, box.y);
  g_autoptr (GArray) obstacles = obstacles_of (view);
  box = inos_resist_move (box, (void *)obstacles->data, obstacles->len,
                          view->compositor->config.edge_resistance);
  box = inos_frame_inner (view, box);
  inos_view_move (view, box.x, box.y);
  inos_snap_preview (seat);
}

static void resize_by (struct inos_seat *seat, int dx, int dy)
{
  struct inos_view *view = seat->grab.view;
  struct inos_size_limits limits = view->impl->limits (view);
  struct wlr_box box = seat->grab.box;
  if (seat->grab.edges & WLR_EDGE_LEFT) {
    box.x += dx;
    box.width -= dx;
  } else if (seat->grab.edges & WLR_EDGE_RIGHT) {
    box.width += dx;
  }
  if (seat->grab.edges & WLR_EDGE_TOP) {
    box.y += dy;
    box.height -= dy;
  } else if (seat->grab.edges & WLR_EDGE_BOTTOM) {
    box.height += dy;
  }
  g_autoptr (GArray) obstacles = obstacles_of (view);
  box = inos_resist_resize (inos_frame_outer (view, box), seat->grab.edges, (void *)obstacles->data,
                            obstacles->len, view->compositor->config.edge_resistance);
  box = inos_frame_inner (view, box);
  box.width = MAX (box.width, MAX (LEAST_SIZE, limits.min_width));
  box.height = MAX (box.height, MAX (LEAST_SIZE, limits.min_height));
  if (limits.max_width > 0)
    box.width = MIN (box.width, limits.max_width);
  if (limits.max_height > 0)
    box.height = MIN (box.height, limits.max_height);
  seat->grab.wanted = box;
  inos_view_resize (view, box.width, box.height);
}

void inos_grab_motion (struct inos_seat *seat)
{
  int dx = (int)(seat->cursor->x - seat->grab.x), dy = (int)(seat->cursor->y - seat->grab.y);
  if (seat->grab.kind == INOS_GRAB_RESIZE)
    resize_by (seat, dx, dy);
  else
    move_by (seat, dx, dy);
}

/* The seat that moves or resizes the view, or has just done so; NULL where none does. */
static struct inos_seat *holder (struct inos_view *view)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &view->compositor->seats, link) {
    if (seat->grab.view == view)
      return seat;
  }
  return NULL;
}

INOS_EACH_FRAME bool inos_grab_view_committed (struct inos_view *view)
{
  struct inos_seat *seat = holder (view);
  struct wlr_box now = inos_view_box (view);
  if (!seat || (seat->grab.kind != INOS_GRAB_RESIZE && !seat->grab.settling)) {
    bool resized = now.width != view->seen_width || now.height != view->seen_height;
    view->seen_width = now.width;
    view->seen_height = now.height;
    if (inos_view_is_floating (view))
      view->floating = now;
    return resized;
  }
  int x = seat->grab.box.x, y = seat->grab.box.y;
  if (seat->grab.edges & WLR_EDGE_LEFT)
    x += seat->grab.box.width - now.width;
  if (seat->grab.edges & WLR_EDGE_TOP)
    y += seat->grab.box.height - now.height;
  if (seat->grab.settling && now.width == seat->grab.wanted.width &&
      now.height == seat->grab.wanted.height)
    inos_grab_forget_view (seat, view);
  /* Also where it does not move, and draws nothing more: this is the size that it gets back. */
  view->floating = (struct wlr_box){x, y, now.width, now.height};
  if (x == view->x && y == view->y)
    return true;
  inos_view_move (view, x, y);
  return false;
}

void inos_grab_end (struct inos_seat *seat)
{
  struct inos_view *view = seat->grab.view;
  bool resizing = seat->grab.kind == INOS_GRAB_RESIZE;
  seat->grab.kind = INOS_GRAB_NONE;
  if (resizing) {
    view->resizing = false;
    view->impl->show_state (view);
    seat->grab.settling = true;
  } else {
    uint32_t snap = seat->grab.snap;
    inos_snap_preview_end (seat);
    seat->grab.view = NULL;
    view->floating.x = view->x;
    view->floating.y = view->y;
    inos_view_join_output (view);
    if (snap)
      inos_snap_view (view, snap,
                      inos_output_at (seat->compositor, seat->cursor->x, seat->cursor->y));
    else if (seat->grab.tiled)
      inos_tiles_drop (view, seat->cursor->x, seat->cursor->y);
  }
  inos_seat_refresh_cursor (seat);
}

void inos_grab_forget_view (struct inos_seat *seat, struct inos_view *view)
{
  if (!seat || !view || seat->grab.view != view)
    return;
  inos_snap_preview_end (seat);
  seat->grab.kind = INOS_GRAB_NONE;
  seat->grab.view = NULL;
  seat->grab.settling = false;
  view->resizing = false;
  inos_seat_refresh_cursor_later (seat);
}

void inos_grabs_forget_view (struct inos_view *view)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &view->compositor->seats, link)
    inos_grab_forget_view (seat, view);
}
