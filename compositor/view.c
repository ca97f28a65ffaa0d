#include "view.h"

#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "grab.h"
#include "seat.h"
#include "touch.h"
#include "workspace.h"

enum { CASCADE_STEP = 24, CASCADE_COUNT = 6 };

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

struct wlr_box inos_view_box (struct inos_view *view)
{
  struct wlr_box geometry = view->impl->geometry (view);
  return (struct wlr_box){view->x, view->y, geometry.width, geometry.height};
}

struct inos_output *inos_view_output (struct inos_view *view)
{
  struct wlr_box box = inos_view_box (view);
  struct inos_output *output =
    inos_output_at (view->compositor, box.x + box.width / 2.0, box.y + box.height / 2.0);
  return output ? output : inos_output_active (view->compositor);
}

void inos_view_changed (struct inos_view *view)
{
  if (view->mapped)
    wl_signal_emit_mutable (&view->compositor->events.view_change, view);
}

void inos_view_move (struct inos_view *view, int x, int y)
{
  view->x = x;
  view->y = y;
  wlr_scene_node_set_position (&view->tree->node, x, y);
  if (view->impl->moved)
    view->impl->moved (view);
  inos_seat_refresh_cursor_later (view->compositor->seat);
  inos_view_changed (view);
}

void inos_view_resize (struct inos_view *view, int width, int height)
{
  view->impl->resize (view, MAX (width, 0), MAX (height, 0));
}

void inos_view_close (struct inos_view *view)
{
  view->impl->close (view);
}

void inos_view_update_visibility (struct inos_view *view)
{
  enum inos_layer layer = view->fullscreen ? INOS_LAYER_FULLSCREEN : INOS_LAYER_VIEWS;
  struct wlr_scene_tree *parent = view->compositor->layers[layer];
  if (view->tree->node.parent != parent)
    wlr_scene_node_reparent (&view->tree->node, parent);
  wlr_scene_node_set_enabled (
    &view->tree->node, view->mapped && view->workspace == view->compositor->active_workspace);
}

static void fill (struct inos_view *view, struct wlr_box box)
{
  inos_view_move (view, box.x, box.y);
  inos_view_resize (view, box.width, box.height);
}

void inos_view_apply_state (struct inos_view *view, struct inos_output *output)
{
  if (!output)
    output = inos_view_output (view);
  if (view->fullscreen || view->maximized)
    inos_grab_forget_view (view->compositor->seat, view);
  view->impl->show_state (view);
  if (view->fullscreen && output)
    fill (view, inos_output_box (output));
  else if (view->maximized && output)
    fill (view, output->usable);
  else
    fill (view, view->floating);
  inos_view_update_visibility (view);
  inos_view_changed (view);
}

/* Before the view is first enlarged: remember where it was. */
static void remember_place (struct inos_view *view)
{
  if (!view->maximized && !view->fullscreen && view->mapped)
    view->floating = inos_view_box (view);
}

void inos_view_set_maximized (struct inos_view *view, bool maximized)
{
  remember_place (view);
  view->maximized = maximized;
  inos_view_apply_state (view, NULL);
}

void inos_view_set_fullscreen (struct inos_view *view, bool fullscreen, struct inos_output *output)
{
  remember_place (view);
  view->fullscreen = fullscreen;
  inos_view_apply_state (view, output);
}

void inos_view_set_workspace (struct inos_view *view, unsigned int workspace)
{
  struct inos_compositor *compositor = view->compositor;
  if (workspace >= compositor->workspaces->len || workspace == view->workspace)
    return;
  view->workspace = workspace;
  inos_view_update_visibility (view);
  inos_view_changed (view);
  wl_signal_emit_mutable (&compositor->events.workspace_change, compositor);
  inos_seat_refocus (compositor->seat);
}

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
    if (view->workspace == compositor->active_workspace)
      return view;
  }
  return NULL;
}

void inos_view_focus (struct inos_view *view)
{
  if (!view->mapped)
    return;
  struct inos_compositor *compositor = view->compositor;
  if (view->workspace != compositor->active_workspace)
    inos_workspace_switch (compositor, view->workspace);
  wl_list_remove (&view->link);
  wl_list_insert (&compositor->views, &view->link);
  wlr_scene_node_raise_to_top (&view->tree->node);
  if (compositor->seat->active != view)
    inos_seat_end_popups (compositor->seat);
  inos_seat_refocus (compositor->seat);
}

/* Centred on the active output, each new window a little lower than the last. */
static void place (struct inos_view *view)
{
  struct inos_output *output = inos_output_active (view->compositor);
  if (!output)
    return;
  struct wlr_box box = inos_view_box (view);
  struct wlr_box room = output->usable;
  int step = CASCADE_STEP * (int)(view->compositor->cascade++ % CASCADE_COUNT) -
             CASCADE_STEP * CASCADE_COUNT / 2;
  int x = room.x + (room.width - box.width) / 2 + step;
  int y = room.y + (room.height - box.height) / 2 + step;
  x = CLAMP (x, room.x, MAX (room.x, room.x + room.width - box.width));
  y = CLAMP (y, room.y, MAX (room.y, room.y + room.height - box.height));
  inos_view_move (view, x, y);
  view->floating = inos_view_box (view);
}

void inos_view_mapped (struct inos_view *view)
{
  struct inos_compositor *compositor = view->compositor;
  view->mapped = true;
  view->id = ++compositor->last_view_id;
  view->workspace = compositor->active_workspace;
  wl_list_insert (&compositor->views, &view->link);
  if (view->maximized || view->fullscreen) {
    struct inos_output *output = inos_output_active (compositor);
    view->floating = output ? output->usable : view->floating;
    view->floating.x += view->floating.width / 8;
    view->floating.y += view->floating.height / 8;
    view->floating.width = view->floating.width * 3 / 4;
    view->floating.height = view->floating.height * 3 / 4;
    /* Outputs may have changed since the client was told its size. */
    inos_view_apply_state (view, NULL);
  } else {
    place (view);
  }
  inos_view_update_visibility (view);
  wl_signal_emit_mutable (&compositor->events.view_map, view);
  wl_signal_emit_mutable (&compositor->events.workspace_change, compositor);
  inos_view_focus (view);
}

void inos_view_unmapped (struct inos_view *view)
{
  struct inos_compositor *compositor = view->compositor;
  view->mapped = false;
  inos_seat_forget_view (compositor->seat, view);
  view->maximized = view->fullscreen = false;
  wl_list_remove (&view->link);
  wl_list_init (&view->link);
  inos_view_update_visibility (view);
  wl_signal_emit_mutable (&compositor->events.view_unmap, view);
  wl_signal_emit_mutable (&compositor->events.workspace_change, compositor);
  if (!compositor->ending)
    inos_seat_refocus (compositor->seat);
}

void inos_view_committed (struct inos_view *view)
{
  if (view->mapped && inos_grab_view_committed (view->compositor->seat, view))
    inos_view_changed (view);
}

/* Whether `serial` is the press that holds a part of the view. A title bar that the client draws
 * may be a surface of its own. */
static bool is_pressed (struct inos_view *view, uint32_t serial)
{
  struct wlr_seat *seat = view->compositor->seat->wlr;
  struct wlr_surface *surface = seat->pointer_state.focused_surface;
  if (surface && inos_view_from_surface (surface) == view &&
      wlr_seat_validate_pointer_grab_serial (seat, surface, serial))
    return true;
  return inos_touch_takes_cursor (view->compositor->seat, view, serial);
}

void inos_view_request_move (struct inos_view *view, uint32_t serial)
{
  if (is_pressed (view, serial))
    inos_grab_move (view->compositor->seat, view);
}

void inos_view_request_resize (struct inos_view *view, uint32_t serial, uint32_t edges)
{
  if (is_pressed (view, serial))
    inos_grab_resize (view->compositor->seat, view, edges);
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
  wl_list_remove (&view->link);
  wlr_scene_node_destroy (&view->tree->node);
}

/* A window must stay reachable: its middle on an output and its top edge in the usable part. */
static void pull_in (struct inos_view *view)
{
  struct wlr_box box = inos_view_box (view);
  struct inos_output *output = inos_view_output (view);
  struct wlr_box room = output->usable;
  int x = CLAMP (box.x, room.x - box.width / 2, room.x + room.width - box.width / 2);
  int y = CLAMP (box.y, room.y, MAX (room.y, room.y + room.height - CASCADE_STEP));
  if (x != box.x || y != box.y)
    inos_view_move (view, x, y);
}

void inos_views_settle (struct inos_compositor *compositor, struct inos_output *gone)
{
  if (wl_list_empty (&compositor->outputs))
    return;
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    if (view->maximized || view->fullscreen)
      inos_view_apply_state (view, NULL);
    else
      pull_in (view);
    if (gone)
      inos_view_changed (view);
  }
}
