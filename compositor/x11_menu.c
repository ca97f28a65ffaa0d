/* Menus, tooltips and what is dragged: windows that X11 programs place themselves. */
#include "x11_view_private.h"

#include "seats.h"
#include "x11_scale.h"

/* What is dragged lies under the pointer, and is not what that points at. */
static bool accept_none (struct wlr_scene_buffer *buffer, double *sx, double *sy)
{
  return false;
}

static void let_through (struct wlr_scene_buffer *buffer, int sx, int sy, void *data)
{
  buffer->point_accepts_input = accept_none;
}

void inos_x11_menu_place (struct x11_view *view)
{
  const struct inos_compositor *compositor = view->base.compositor;
  wlr_scene_node_set_position (&view->scene->node, inos_x11_place (compositor, view->x11->x),
                               inos_x11_place (compositor, view->x11->y));
}

/* The keyboard goes only to those that may be typed into. */
void inos_x11_menu_map (struct x11_view *view)
{
  struct inos_compositor *compositor = view->base.compositor;
  view->unmanaged = true;
  view->scene = wlr_scene_subsurface_tree_create (compositor->layers[INOS_LAYER_FULLSCREEN],
                                                  view->x11->surface);
  inos_x11_menu_place (view);
  if (inos_x11_view_type (view) == INOS_X11_DRAGGED)
    wlr_scene_node_for_each_buffer (&view->scene->node, let_through, NULL);
  inos_seats_refresh_cursor_later (compositor);
  if (wlr_xwayland_or_surface_wants_focus (view->x11) &&
      wlr_xwayland_icccm_input_model (view->x11) != WLR_ICCCM_INPUT_MODEL_NONE)
    inos_seat_lend_focus (inos_seats_opener (&view->base), view->x11->surface);
}
