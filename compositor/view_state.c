/* What a view is: maximized, full screen, minimized, on top, below, on every workspace. */
#include "each_frame.h"
#include "view.h"

#include <wlr/types/wlr_scene.h>

#include "window_frame.h"
#include "grab.h"
#include "motion.h"
#include "seats.h"
#include "snap.h"
#include "stack.h"
#include "tiles.h"
#include "workspace.h"

bool inos_view_is_shown (struct inos_view *view)
{
  for (struct inos_view *v = view; v; v = inos_stack_parent (v)) {
    if (v->minimized)
      return false;
  }
  return view->mapped &&
         (view->sticky || inos_workspace_is_shown (view->compositor, view->workspace));
}

enum inos_layer inos_view_layer (struct inos_view *view)
{
  enum inos_layer layer = INOS_LAYER_VIEWS;
  for (struct inos_view *v = view; v; v = inos_stack_parent (v)) {
    if (v->fullscreen)
      return INOS_LAYER_FULLSCREEN;
    if (v->on_top)
      layer = INOS_LAYER_ABOVE;
    else if (v->below && layer == INOS_LAYER_VIEWS)
      layer = INOS_LAYER_BELOW;
  }
  return layer;
}

void inos_view_update_visibility (struct inos_view *view)
{
  struct wlr_scene_tree *parent = view->compositor->layers[inos_view_layer (view)];
  if (view->tree->node.parent != parent)
    wlr_scene_node_reparent (&view->tree->node, parent);
  bool hidden = view->tile_hidden && view->tiled && !view->maximized && !view->fullscreen;
  bool shown = inos_view_is_shown (view) && !hidden;
  wlr_scene_node_set_enabled (&view->tree->node, shown);
  if (view->mapped && view->suspended == shown) {
    view->suspended = !shown;
    view->impl->show_state (view);
  }
}

/* The view and its dialogs. */
static void update_family (struct inos_view *view)
{
  inos_view_update_visibility (view);
  struct inos_view *other;
  wl_list_for_each (other, &view->compositor->views, link) {
    if (inos_stack_belongs (other, view))
      inos_view_update_visibility (other);
  }
  inos_seats_refresh_cursor_later (view->compositor);
}

void inos_view_apply_state (struct inos_view *view, struct inos_output *output)
{
  if (!output)
    output = inos_view_output (view);
  if (!inos_view_is_floating (view))
    inos_grabs_forget_view (view);
  view->impl->show_state (view);
  if (view->fullscreen && output)
    inos_view_place (view, inos_output_box (output));
  else if (view->maximized && output)
    inos_view_place (view, inos_frame_inner (view, output->usable));
  else if (view->tiled)
    inos_view_place (view, inos_frame_inner (view, view->tile));
  else if (view->snapped && output)
    inos_view_place (view, inos_frame_inner (view, inos_snap_box (output->usable, view->snapped)));
  else
    inos_view_place (view, view->floating);
  view->has_floated |= view->mapped && inos_view_is_floating (view);
  update_family (view);
  inos_view_changed (view);
}

INOS_EACH_FRAME bool inos_view_is_floating (struct inos_view *view)
{
  return !view->maximized && !view->fullscreen && !view->snapped && !view->tiled;
}

void inos_view_remember_place (struct inos_view *view)
{
  if (inos_view_is_floating (view) && view->mapped && !view->placing.timer)
    view->floating = inos_view_box (view);
}

void inos_view_set_maximized (struct inos_view *view, bool maximized)
{
  inos_view_remember_place (view);
  view->maximized = maximized;
  if (maximized)
    inos_view_set_minimized (view, false);
  inos_view_apply_state (view, NULL);
}

void inos_view_set_fullscreen (struct inos_view *view, bool fullscreen, struct inos_output *output)
{
  inos_view_remember_place (view);
  view->fullscreen = fullscreen;
  if (fullscreen)
    inos_view_set_minimized (view, false);
  inos_view_apply_state (view, output);
  if (view->activated)
    inos_stack_raise (view);
}

void inos_view_set_minimized (struct inos_view *view, bool minimized)
{
  struct inos_compositor *compositor = view->compositor;
  if (view->minimized == minimized)
    return;
  view->minimized = minimized;
  view->impl->show_state (view);
  if (minimized && view->mapped) {
    /* The last to be gone through with Alt+Tab. */
    wl_list_remove (&view->link);
    wl_list_insert (compositor->views.prev, &view->link);
    inos_seats_use_last (view);
    inos_grabs_forget_view (view);
  }
  if (minimized && view->tree->node.enabled)
    inos_motion_leave (view, 0);
  inos_tiles_arrange (compositor);
  update_family (view);
  inos_motion_enter (view, 0);
  inos_view_changed (view);
  inos_seats_refocus (compositor);
}

void inos_view_set_on_top (struct inos_view *view, bool on_top)
{
  if (view->on_top == on_top)
    return;
  view->on_top = on_top;
  view->below = view->below && !on_top;
  update_family (view);
  if (view->mapped)
    inos_stack_raise (view);
  inos_view_changed (view);
}

void inos_view_set_below (struct inos_view *view, bool below)
{
  if (view->below == below)
    return;
  view->below = below;
  view->on_top = view->on_top && !below;
  update_family (view);
  if (view->mapped)
    inos_stack_raise (view);
  inos_view_changed (view);
}

void inos_view_set_sticky (struct inos_view *view, bool sticky)
{
  struct inos_compositor *compositor = view->compositor;
  if (view->sticky == sticky)
    return;
  view->sticky = sticky;
  /* It stays where it was seen last. */
  if (!sticky)
    inos_view_set_workspace (view, compositor->active_workspace);
  inos_tiles_arrange (compositor);
  update_family (view);
  inos_view_changed (view);
  inos_seats_refocus (compositor);
}

void inos_view_set_modal (struct inos_view *view, bool modal)
{
  if (view->modal == modal)
    return;
  view->modal = modal;
  inos_tiles_arrange (view->compositor);
  if (view->mapped)
    inos_seats_refocus (view->compositor);
  inos_view_changed (view);
}

void inos_view_set_urgent (struct inos_view *view, bool urgent)
{
  urgent = urgent && !view->activated;
  if (view->urgent == urgent)
    return;
  view->urgent = urgent;
  inos_view_changed (view);
  inos_workspaces_changed (view->compositor);
}

void inos_view_parent_changed (struct inos_view *view)
{
  struct inos_view *parent = inos_stack_parent (view);
  if (!view->mapped)
    return;
  if (parent && parent->workspace != view->workspace)
    inos_view_set_workspace (view, parent->workspace);
  inos_tiles_arrange (view->compositor);
  update_family (view);
  struct inos_view *focused = inos_seat_focused (view->compositor->acting);
  if (focused)
    inos_stack_raise (focused);
  inos_view_changed (view);
  /* A window that is minimized hides its dialogs. */
  inos_seats_refocus (view->compositor);
}

void inos_view_set_workspace (struct inos_view *view, unsigned int workspace)
{
  struct inos_compositor *compositor = view->compositor;
  if (workspace >= compositor->workspaces->len || workspace == view->workspace)
    return;
  struct inos_view *root = inos_stack_root (view), *other;
  wl_list_for_each (other, &compositor->views, link) {
    if (other != view && other != root && inos_stack_root (other) != root)
      continue;
    other->workspace = workspace;
    inos_view_update_visibility (other);
    inos_view_changed (other);
  }
  inos_workspace_settle (compositor, workspace);
  inos_tiles_arrange (compositor);
  inos_workspaces_changed (compositor);
  inos_seats_refocus (compositor);
}

void inos_view_join_output (struct inos_view *view)
{
  struct inos_output *output = inos_view_output (view);
  if (view->compositor->config.workspaces_per_output && output && !view->sticky)
    inos_view_set_workspace (view, output->workspace);
}

void inos_view_set_private (struct inos_view *view, bool is_private)
{
  if (view->is_private == is_private)
    return;
  view->is_private = is_private;
  inos_view_changed (view);
}
