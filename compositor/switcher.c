#include "switcher.h"

#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "seats.h"
#include "stack.h"
#include "view.h"

/* Restores the stacking that the order of use gives, then shows `view` above it. */
static void show (struct inos_compositor *compositor, struct inos_view *view)
{
  inos_stack_restore (compositor);
  wlr_scene_node_raise_to_top (&view->tree->node);
  wlr_scene_node_set_enabled (&view->tree->node, true);
}

/* The view that is `step` further in the order of use, from the last to the first and back. */
static struct inos_view *next_of (struct inos_seat *seat, struct inos_view *view, int step)
{
  struct wl_list *last = &view->uses[seat->index].link;
  struct wl_list *link = step > 0 ? last->next : last->prev;
  if (link == &seat->views)
    link = step > 0 ? link->next : link->prev;
  const struct inos_use *use = wl_container_of (link, use, link);
  return use->view;
}

void inos_switcher_step (struct inos_seat *seat, int step)
{
  struct inos_compositor *compositor = seat->compositor;
  if (wl_list_empty (&seat->views))
    return;
  const struct inos_use *first = wl_container_of (seat->views.next, first, link);
  struct inos_view *last =
    seat->switcher.active ? inos_view_find (compositor, seat->switcher.shown) : NULL;
  if (last)
    inos_view_update_visibility (last);
  struct inos_view *view = next_of (seat, last ? last : first->view, step);
  seat->switcher.active = true;
  seat->switcher.shown = view->id;
  show (compositor, view);
}

void inos_switcher_accept (struct inos_seat *seat)
{
  if (!seat->switcher.active)
    return;
  seat->switcher.active = false;
  struct inos_view *view = inos_view_find (seat->compositor, seat->switcher.shown);
  if (!view)
    return;
  inos_view_update_visibility (view);
  inos_seat_focus_view (seat, view);
}
