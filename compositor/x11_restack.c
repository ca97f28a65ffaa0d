#include "x11_restack.h"

#include "stack.h"
#include "window_frame.h"
#include "x11_view.h"

/* Whether `a` is drawn over a part of `b`. */
static bool covers (struct inos_view *a, struct inos_view *b)
{
  struct wlr_box over = inos_frame_outer (a, inos_view_box (a));
  struct wlr_box under = inos_frame_outer (b, inos_view_box (b)), common;
  return a != b && inos_view_is_shown (a) && inos_view_is_shown (b) &&
         wlr_box_intersection (&common, &over, &under) && inos_stack_is_above (a, b);
}

static bool covers_any (struct inos_view *view)
{
  struct inos_view *other;
  wl_list_for_each (other, &view->compositor->views, link) {
    if (covers (view, other))
      return true;
  }
  return false;
}

static bool is_covered (struct inos_view *view)
{
  struct inos_view *other;
  wl_list_for_each (other, &view->compositor->views, link) {
    if (covers (other, view))
      return true;
  }
  return false;
}

/* What remains to be done of one that depends on what covers what. */
static enum xcb_stack_mode_t decide (struct inos_view *view, struct inos_view *sibling,
                                     enum xcb_stack_mode_t mode)
{
  bool covered = sibling ? covers (sibling, view) : is_covered (view);
  bool covering = sibling ? covers (view, sibling) : covers_any (view);
  if (covered && (mode == XCB_STACK_MODE_TOP_IF || mode == XCB_STACK_MODE_OPPOSITE))
    return XCB_STACK_MODE_ABOVE;
  if (covering && (mode == XCB_STACK_MODE_BOTTOM_IF || mode == XCB_STACK_MODE_OPPOSITE))
    return XCB_STACK_MODE_BELOW;
  return mode;
}

void inos_x11_restack (struct inos_view *view, struct inos_view *sibling,
                       enum xcb_stack_mode_t mode)
{
  if (mode != XCB_STACK_MODE_ABOVE && mode != XCB_STACK_MODE_BELOW) {
    enum xcb_stack_mode_t decided = decide (view, sibling, mode);
    if (decided == mode)
      return;
    mode = decided;
    sibling = NULL;
  }
  if (mode == XCB_STACK_MODE_ABOVE)
    inos_stack_put_above (view, sibling);
  else
    inos_stack_put_below (view, sibling);
  inos_x11_view_restacked (view, sibling, mode);
}
