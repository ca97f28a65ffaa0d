#include "view.h"

#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_xdg_shell.h>
#include <wlr/util/log.h>

#include "each_frame.h"
#include "window_frame.h"
#include "grab.h"
#include "home.h"
#include "motion.h"
#include "placement.h"
#include "places.h"
#include "responsive.h"
#include "roll.h"
#include "rule.h"
#include "seats.h"
#include "stack.h"
#include "toplevel_icon.h"
#include "tiles.h"
#include "touch.h"
#include "workspace.h"

const char *inos_view_title (struct inos_view *view)
{
  const char *title = view->impl->title (view);
  return title ? title : "";
}

const char *inos_view_app_id (struct inos_view *view)
{
  const char *app_id = view->impl->app_id (view);
  return app_id ? app_id : "";
}

pid_t inos_view_pid (struct inos_view *view)
{
  return view->impl->pid (view);
}

struct inos_view *inos_view_from_surface (struct wlr_surface *surface)
{
  struct wlr_surface *root = surface ? wlr_surface_get_root_surface (surface) : NULL;
  struct wlr_xdg_surface *xdg = root ? wlr_xdg_surface_try_from_wlr_surface (root) : NULL;
  while (xdg && xdg->role == WLR_XDG_SURFACE_ROLE_POPUP)
    xdg =
      xdg->popup && xdg->popup->parent
        ? wlr_xdg_surface_try_from_wlr_surface (wlr_surface_get_root_surface (xdg->popup->parent))
        : NULL;
  struct wlr_surface *window = xdg ? xdg->surface : root;
  return window ? window->data : NULL;
}

struct inos_view *inos_view_find (struct inos_compositor *compositor, uint32_t id)
{
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    if (view->id == id)
      return view;
  }
  return NULL;
}

INOS_EACH_FRAME struct wlr_box inos_view_box (struct inos_view *view)
{
  struct wlr_box geometry = view->impl->geometry (view);
  return (struct wlr_box){view->x, view->y, geometry.width, geometry.height};
}

struct inos_output *inos_view_output (struct inos_view *view)
{
  struct wlr_box box = view->placing.timer ? view->placing.box : inos_view_box (view);
  struct inos_output *output =
    inos_output_at (view->compositor, box.x + box.width / 2.0, box.y + box.height / 2.0);
  return output ? output : inos_output_active (view->compositor);
}

void inos_view_changed (struct inos_view *view)
{
  if (!view->mapped)
    return;
  inos_frame_update (view);
  wl_signal_emit_mutable (&view->compositor->events.view_change, view);
}

void inos_view_move (struct inos_view *view, int x, int y)
{
  inos_view_end_placing (view);
  inos_motion_stop (view);
  view->x = x;
  view->y = y;
  inos_motion_place (view);
  if (view->impl->moved)
    view->impl->moved (view);
  inos_seats_refresh_cursor_later (view->compositor);
  inos_view_changed (view);
}

void inos_view_resize (struct inos_view *view, int width, int height)
{
  view->impl->resize (view, MAX (width, 0), MAX (height, 0));
}

void inos_view_close (struct inos_view *view)
{
  view->impl->close (view);
  inos_responsive_ask (view);
}

void inos_view_kill (struct inos_view *view)
{
  wlr_log (WLR_INFO, "window %u of process %d (%s) is ended by force", view->id,
           (int)inos_view_pid (view), inos_view_app_id (view));
  view->impl->kill (view);
}

void inos_view_mapped (struct inos_view *view)
{
  struct inos_compositor *compositor = view->compositor;
  struct inos_view *parent = inos_stack_parent (view);
  view->mapped = true;
  view->id = ++compositor->last_view_id;
  view->workspace = parent ? parent->workspace
                           : inos_workspace_of_output (compositor, inos_output_active (compositor));
  view->sticky = parent && parent->sticky;
  wl_list_insert (&compositor->views, &view->link);
  struct inos_seat *opener = inos_seats_opener (view);
  inos_seats_add_view (view, opener);
  inos_placement_open (view);
  inos_rules_apply (view);
  inos_roll_place (view);
  inos_tiles_arrange (compositor);
  view->has_floated = inos_view_is_floating (view);
  inos_view_update_visibility (view);
  inos_frame_update (view);
  wl_signal_emit_mutable (&compositor->events.view_map, view);
  inos_workspaces_changed (compositor);
  /* One that a rule puts out of sight does not come to the front by opening. */
  if (inos_view_is_shown (view))
    inos_seat_focus_view (opener, view);
  inos_motion_enter (view, 0);
}

void inos_view_unmapped (struct inos_view *view)
{
  struct inos_compositor *compositor = view->compositor;
  bool was_drawn = view->tree->node.enabled;
  /* Nothing may show the surface again, under the picture that fades for instance: one that is
   * about to be freed would stay on the list of what is on the output. */
  wlr_scene_node_set_enabled (&view->tree->node, false);
  if (was_drawn)
    inos_motion_close (view);
  inos_motion_stop (view);
  if (inos_view_is_floating (view)) {
    view->floating.x = view->x; /* to come back to */
    view->floating.y = view->y;
  }
  inos_places_remember (view);
  inos_home_forget (view);
  view->mapped = false;
  view->unresponsive = false;
  inos_responsive_forget (view);
  inos_seats_forget_view (view);
  inos_view_end_placing (view);
  view->snapped = 0;
  view->floats = view->urgent = false;
  view->maximized = view->fullscreen = view->minimized = view->on_top = view->below = view->sticky =
    false;
  view->suspended = false;
  wl_list_remove (&view->link);
  wl_list_init (&view->link);
  inos_seats_remove_view (view);
  inos_tiles_arrange (compositor);
  inos_view_update_visibility (view);
  wl_signal_emit_mutable (&compositor->events.view_unmap, view);
  inos_workspaces_changed (compositor);
  if (!compositor->ending)
    inos_seats_refocus (compositor);
}

INOS_EACH_FRAME void inos_view_committed (struct inos_view *view)
{
  if (view->mapped && inos_view_placing_committed (view) && inos_grab_view_committed (view))
    inos_view_changed (view);
}

/* Whether `serial` is the seat's press that holds a part of the view. A title bar that the client
 * draws may be a surface of its own. */
static bool is_pressed (struct inos_seat *seat, struct inos_view *view, uint32_t serial)
{
  struct wlr_surface *surface = seat->wlr->pointer_state.focused_surface;
  if (surface && inos_view_from_surface (surface) == view &&
      wlr_seat_validate_pointer_grab_serial (seat->wlr, surface, serial))
    return true;
  return inos_touch_takes_cursor (seat, view, serial);
}

/* The seat whose press `serial` is, or NULL. */
static struct inos_seat *presser (struct inos_view *view, uint32_t serial)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &view->compositor->seats, link) {
    if (is_pressed (seat, view, serial))
      return seat;
  }
  return NULL;
}

void inos_view_request_move (struct inos_view *view, uint32_t serial)
{
  struct inos_seat *seat = presser (view, serial);
  if (seat)
    inos_grab_move (seat, view);
}

void inos_view_request_resize (struct inos_view *view, uint32_t serial, uint32_t edges)
{
  struct inos_seat *seat = presser (view, serial);
  if (seat)
    inos_grab_resize (seat, view, edges);
}

void inos_view_init (struct inos_view *view, struct inos_compositor *compositor,
                     const struct inos_view_impl *impl)
{
  view->compositor = compositor;
  view->impl = impl;
  view->workspace = compositor->active_workspace;
  wl_list_init (&view->link);
  /* A tree of our own: the one of the client's surface may leave before we do. */
  view->tree = wlr_scene_tree_create (compositor->layers[INOS_LAYER_VIEWS]);
  view->tree->node.data = view;
  wlr_scene_node_set_enabled (&view->tree->node, false);
}

void inos_view_finish (struct inos_view *view)
{
  inos_view_end_placing (view);
  inos_motion_stop (view);
  inos_roll_forget (view);
  inos_frame_set (view, false);
  g_clear_pointer (&view->icon, inos_icon_unref);
  wl_list_remove (&view->link);
  wlr_scene_node_destroy (&view->tree->node);
}
