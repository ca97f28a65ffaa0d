/* Which window has the keyboard. */
#include <wlr/types/wlr_seat.h>

#include "seat.h"
#include "stack.h"
#include "tiles.h"
#include "view.h"
#include "workspace.h"

struct inos_view *inos_view_focused (struct inos_compositor *compositor)
{
  struct inos_view *view =
    inos_view_from_surface (compositor->seat->wlr->keyboard_state.focused_surface);
  return view && view->mapped ? view : NULL;
}

struct inos_view *inos_view_next_focus (struct inos_compositor *compositor)
{
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    struct inos_view *modal = inos_view_is_shown (view) ? inos_stack_modal (view) : NULL;
    if (modal)
      return inos_view_is_shown (modal) ? modal : view;
  }
  return NULL;
}

/* The view and what it belongs to, which hides it where it is minimized. */
static void restore (struct inos_view *view)
{
  for (struct inos_view *v = view; v; v = inos_stack_parent (v))
    inos_view_set_minimized (v, false);
}

static void use (struct inos_view *view)
{
  wl_list_remove (&view->link);
  wl_list_insert (&view->compositor->views, &view->link);
}

void inos_view_focus (struct inos_view *view)
{
  if (!view->mapped)
    return;
  struct inos_compositor *compositor = view->compositor;
  /* What was asked for comes right after the dialog that stands in front of it. */
  use (view);
  view = inos_stack_modal (view);
  use (view);
  restore (view);
  if (!view->sticky && !inos_workspace_is_shown (compositor, view->workspace))
    inos_workspace_switch (compositor, view->workspace);
  /* A strip of columns moves to where the window is seen. */
  inos_tiles_arrange (compositor);
  inos_stack_raise (view);
  if (compositor->seat->active != view)
    inos_seat_end_popups (compositor->seat);
  inos_seat_refocus (compositor->seat);
}
