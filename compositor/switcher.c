#include "switcher.h"

#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "stack.h"
#include "view.h"

static unsigned int count (struct inos_compositor *compositor)
{
  return (unsigned int)wl_list_length (&compositor->views);
}

static struct inos_view *nth (struct inos_compositor *compositor, unsigned int index)
{
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    if (index-- == 0)
      return view;
  }
  return NULL;
}

/* Restores the stacking that the order of use gives, then shows `view` above it. */
static void show (struct inos_compositor *compositor, struct inos_view *view)
{
  inos_stack_restore (compositor);
  wlr_scene_node_raise_to_top (&view->tree->node);
  wlr_scene_node_set_enabled (&view->tree->node, true);
}

void inos_switcher_step (struct inos_seat *seat, int step)
{
  struct inos_compositor *compositor = seat->compositor;
  unsigned int n = count (compositor);
  if (n == 0)
    return;
  if (!seat->switcher.active) {
    seat->switcher.active = true;
    seat->switcher.index = 0;
  }
  struct inos_view *last = nth (compositor, seat->switcher.index % n);
  inos_view_update_visibility (last);
  seat->switcher.index = (seat->switcher.index % n + n + (unsigned int)step) % n;
  show (compositor, nth (compositor, seat->switcher.index));
}

void inos_switcher_accept (struct inos_seat *seat)
{
  if (!seat->switcher.active)
    return;
  seat->switcher.active = false;
  struct inos_view *view = nth (seat->compositor, seat->switcher.index);
  if (view)
    inos_view_focus (view);
}
