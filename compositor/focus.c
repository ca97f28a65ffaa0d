/* Which window has the keyboard. */
#include <wlr/types/wlr_seat.h>

#include "seat_focus.h"
#include "seats.h"
#include "stack.h"
#include "tiles.h"
#include "view.h"
#include "workspace.h"

struct inos_view *inos_seat_focused (struct inos_seat *seat)
{
  struct inos_view *view = inos_view_from_surface (seat->wlr->keyboard_state.focused_surface);
  return view && view->mapped ? view : NULL;
}

struct inos_view *inos_view_focused (struct inos_compositor *compositor)
{
  return inos_seat_focused (compositor->seat);
}

static bool is_anothers (struct inos_view *view, const struct inos_seat *seat)
{
  struct inos_seat *each;
  wl_list_for_each (each, &view->compositor->seats, link) {
    if (each != seat && each->active == view)
      return true;
  }
  return false;
}

/* Nobody's typing goes to the window that somebody else is at, unless it was asked for. */
struct inos_view *inos_seat_next_focus (struct inos_seat *seat)
{
  struct inos_use *use;
  if (seat->leaving)
    return NULL;
  wl_list_for_each (use, &seat->views, link) {
    struct inos_view *view = use->view;
    if (!use->own || !inos_view_is_shown (view))
      continue;
    struct inos_view *modal = inos_stack_modal (view);
    view = inos_view_is_shown (modal) ? modal : view;
    if (view == seat->chosen || view == seat->active || !is_anothers (view, seat))
      return view;
  }
  return NULL;
}

/* The view and what it belongs to, which hides it where it is minimized. */
static void restore (struct inos_view *view)
{
  for (struct inos_view *v = view; v; v = inos_stack_parent (v))
    inos_view_set_minimized (v, false);
}

static void use (struct inos_seat *seat, struct inos_view *view)
{
  wl_list_remove (&view->link);
  wl_list_insert (&view->compositor->views, &view->link);
  inos_seat_use_view (seat, view);
}

void inos_seat_focus_view (struct inos_seat *seat, struct inos_view *view)
{
  if (!view->mapped)
    return;
  struct inos_compositor *compositor = view->compositor;
  /* What was asked for comes right after the dialog that stands in front of it. */
  use (seat, view);
  view = inos_stack_modal (view);
  use (seat, view);
  restore (view);
  if (!view->sticky)
    inos_workspace_switch (compositor, view->workspace);
  /* A strip of columns moves to where the window is seen. */
  inos_tiles_arrange (compositor);
  inos_stack_raise (view);
  if (seat->active != view)
    inos_seat_end_popups (seat);
  seat->chosen = view;
  /* What was clicked on the panel led here: it has the keyboard no longer. */
  inos_seat_forget_click (seat);
  inos_seat_refocus (seat);
}

void inos_view_focus (struct inos_view *view)
{
  inos_seat_focus_view (view->compositor->acting, view);
}
