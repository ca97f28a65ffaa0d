/* A place and a size that are taken together: the view moves when the client has drawn. */
#include "view.h"

enum { PATIENCE = 100 /* ms that a client has to draw */ };

void inos_view_end_placing (struct inos_view *view)
{
  g_clear_pointer (&view->placing.timer, wl_event_source_remove);
}

static int on_patience_ends (void *data)
{
  struct inos_view *view = data;
  struct wlr_box box = view->placing.box;
  inos_view_move (view, box.x, box.y);
  return 0;
}

void inos_view_place (struct inos_view *view, struct wlr_box box)
{
  struct wlr_box now = inos_view_box (view);
  bool same = box.width == now.width && box.height == now.height;
  view->placing.serial = view->impl->resize (view, MAX (box.width, 0), MAX (box.height, 0));
  if (!view->mapped || same || (box.x == view->x && box.y == view->y) ||
      !view->impl->drawn_serial) {
    inos_view_move (view, box.x, box.y);
    return;
  }
  if (!view->placing.timer)
    view->placing.timer = wl_event_loop_add_timer (view->compositor->loop, on_patience_ends, view);
  view->placing.box = box;
  wl_event_source_timer_update (view->placing.timer, PATIENCE);
}

bool inos_view_placing_committed (struct inos_view *view)
{
  /* Serials wrap. */
  if (view->impl->drawn_serial &&
      (int32_t)(view->impl->drawn_serial (view) - view->placing.serial) < 0)
    return false;
  struct wlr_box box = view->placing.box;
  if (view->placing.timer)
    inos_view_move (view, box.x, box.y);
  return true;
}
