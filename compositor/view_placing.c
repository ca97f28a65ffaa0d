/* A place and a size that are taken together: the view moves when the client has drawn. */
#include "each_frame.h"
#include "motion.h"
#include "view.h"

enum { PATIENCE = 100 /* ms that a client has to draw */ };

void inos_view_end_placing (struct inos_view *view)
{
  g_clear_pointer (&view->placing.timer, wl_event_source_remove);
}

/* What is drawn goes there; the view is there at once. */
static void take_place (struct inos_view *view, struct wlr_box box)
{
  int x = view->x + view->drawn_x, y = view->y + view->drawn_y;
  inos_view_move (view, box.x, box.y);
  if (view->mapped)
    inos_motion_slide (view, x, y);
}

static int on_patience_ends (void *data)
{
  struct inos_view *view = data;
  take_place (view, view->placing.box);
  return 0;
}

void inos_view_place (struct inos_view *view, struct wlr_box box)
{
  struct wlr_box now = inos_view_box (view);
  bool same = box.width == now.width && box.height == now.height;
  view->placing.serial = view->impl->resize (view, MAX (box.width, 0), MAX (box.height, 0));
  if (!view->mapped || same || (box.x == view->x && box.y == view->y) ||
      !view->impl->drawn_serial) {
    take_place (view, box);
    return;
  }
  if (!view->placing.timer)
    view->placing.timer = wl_event_loop_add_timer (view->compositor->loop, on_patience_ends, view);
  view->placing.box = box;
  wl_event_source_timer_update (view->placing.timer, PATIENCE);
}

INOS_EACH_FRAME bool inos_view_placing_committed (struct inos_view *view)
{
  /* Serials wrap. */
  if (view->impl->drawn_serial &&
      (int32_t)(view->impl->drawn_serial (view) - view->placing.serial) < 0)
    return false;
  if (view->placing.timer)
    take_place (view, view->placing.box);
  return true;
}
