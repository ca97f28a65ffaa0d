#include "view.h"

#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "grab.h"
#include "listener.h"
#include "popup.h"
#include "seat.h"
#include "workspace.h"

enum { CASCADE_STEP = 24, CASCADE_COUNT = 6 };

const char *inos_view_title (struct inos_view *view)
{
  return view->toplevel->title ? view->toplevel->title : "";
}

const char *inos_view_app_id (struct inos_view *view)
{
  return view->toplevel->app_id ? view->toplevel->app_id : "";
}

pid_t inos_view_pid (struct inos_view *view)
{
  pid_t pid = 0;
  wl_client_get_credentials (view->toplevel->base->client->client, &pid, NULL, NULL);
  return pid;
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
  return xdg && xdg->role == WLR_XDG_SURFACE_ROLE_TOPLEVEL ? xdg->data : NULL;
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
  struct wlr_box geometry;
  wlr_xdg_surface_get_geometry (view->toplevel->base, &geometry);
  return (struct wlr_box){view->x, view->y, geometry.width, geometry.height};
}

struct inos_output *inos_view_output (struct inos_view *view)
{
  struct wlr_box box = inos_view_box (view);
  struct inos_output *output =
    inos_output_at (view->compositor, box.x + box.width / 2.0, box.y + box.height / 2.0);
  return output ? output : inos_output_active (view->compositor);
}

static void changed (struct inos_view *view)
{
  if (view->mapped)
    wl_signal_emit_mutable (&view->compositor->events.view_change, view);
}

void inos_view_move (struct inos_view *view, int x, int y)
{
  view->x = x;
  view->y = y;
  wlr_scene_node_set_position (&view->tree->node, x, y);
  changed (view);
}

void inos_view_resize (struct inos_view *view, int width, int height)
{
  wlr_xdg_toplevel_set_size (view->toplevel, MAX (width, 0), MAX (height, 0));
}

void inos_view_close (struct inos_view *view)
{
  wlr_xdg_toplevel_send_close (view->toplevel);
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

/* Puts the view where its state says, on `output`. */
static void apply_state (struct inos_view *view, struct inos_output *output)
{
  wlr_xdg_toplevel_set_maximized (view->toplevel, view->maximized);
  wlr_xdg_toplevel_set_fullscreen (view->toplevel, view->fullscreen);
  if (view->fullscreen && output)
    fill (view, inos_output_box (output));
  else if (view->maximized && output)
    fill (view, output->usable);
  else
    fill (view, view->floating);
  inos_view_update_visibility (view);
  changed (view);
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
  apply_state (view, inos_view_output (view));
}

void inos_view_set_fullscreen (struct inos_view *view, bool fullscreen, struct inos_output *output)
{
  remember_place (view);
  view->fullscreen = fullscreen;
  apply_state (view, output ? output : inos_view_output (view));
}

void inos_view_set_workspace (struct inos_view *view, unsigned int workspace)
{
  struct inos_compositor *compositor = view->compositor;
  if (workspace >= compositor->workspaces->len || workspace == view->workspace)
    return;
  view->workspace = workspace;
  inos_view_update_visibility (view);
  changed (view);
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

static void handle_map (struct wl_listener *listener, void *data)
{
  struct inos_view *view = wl_container_of (listener, view, map);
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
  } else {
    place (view);
  }
  inos_view_update_visibility (view);
  wl_signal_emit_mutable (&compositor->events.view_map, view);
  wl_signal_emit_mutable (&compositor->events.workspace_change, compositor);
  inos_view_focus (view);
}

static void handle_unmap (struct wl_listener *listener, void *data)
{
  struct inos_view *view = wl_container_of (listener, view, unmap);
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

/* The first configure: maximized and full screen windows are told their size at once. */
static void configure_first (struct inos_view *view)
{
  struct inos_output *output = inos_output_active (view->compositor);
  wlr_xdg_toplevel_set_wm_capabilities (view->toplevel,
                                        WLR_XDG_TOPLEVEL_WM_CAPABILITIES_MAXIMIZE |
                                          WLR_XDG_TOPLEVEL_WM_CAPABILITIES_FULLSCREEN);
  if (output)
    wlr_xdg_toplevel_set_bounds (view->toplevel, output->usable.width, output->usable.height);
  view->maximized = view->toplevel->requested.maximized;
  view->fullscreen = view->toplevel->requested.fullscreen;
  if (view->maximized || view->fullscreen)
    apply_state (view, output);
  else
    inos_view_resize (view, 0, 0);
}

static void handle_commit (struct wl_listener *listener, void *data)
{
  struct inos_view *view = wl_container_of (listener, view, commit);
  if (view->toplevel->base->initial_commit)
    configure_first (view);
  else if (view->mapped && inos_grab_view_committed (view->compositor->seat, view))
    changed (view);
}

static void handle_new_popup (struct wl_listener *listener, void *data)
{
  struct inos_view *view = wl_container_of (listener, view, new_popup);
  inos_popup_create (view->compositor, data, view->tree);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct inos_view *view = wl_container_of (listener, view, destroy);
  DISCONNECT (view->map);
  DISCONNECT (view->unmap);
  DISCONNECT (view->commit);
  DISCONNECT (view->new_popup);
  DISCONNECT (view->destroy);
  DISCONNECT (view->request_maximize);
  DISCONNECT (view->request_fullscreen);
  DISCONNECT (view->request_minimize);
  DISCONNECT (view->request_move);
  DISCONNECT (view->request_resize);
  DISCONNECT (view->set_title);
  DISCONNECT (view->set_app_id);
  view->toplevel->base->data = NULL;
  wl_list_remove (&view->link);
  wlr_scene_node_destroy (&view->tree->node);
  g_free (view);
}

static void handle_request_maximize (struct wl_listener *listener, void *data)
{
  struct inos_view *view = wl_container_of (listener, view, request_maximize);
  if (view->toplevel->base->initialized)
    inos_view_set_maximized (view, view->toplevel->requested.maximized);
}

static void handle_request_fullscreen (struct wl_listener *listener, void *data)
{
  struct inos_view *view = wl_container_of (listener, view, request_fullscreen);
  if (view->toplevel->base->initialized)
    inos_view_set_fullscreen (view, view->toplevel->requested.fullscreen,
                              inos_output_from_wlr (view->toplevel->requested.fullscreen_output));
}

/* Minimizing is not offered in wm_capabilities; the protocol still wants an answer. */
static void handle_request_minimize (struct wl_listener *listener, void *data)
{
  struct inos_view *view = wl_container_of (listener, view, request_minimize);
  if (view->toplevel->base->initialized)
    wlr_xdg_surface_schedule_configure (view->toplevel->base);
}

/* Whether `serial` is the press that holds a part of the view. A title bar that the client draws
 * may be a surface of its own. */
static bool is_pressed (struct inos_view *view, uint32_t serial)
{
  struct wlr_seat *seat = view->compositor->seat->wlr;
  struct wlr_surface *surface = seat->pointer_state.focused_surface;
  return surface && inos_view_from_surface (surface) == view &&
         wlr_seat_validate_pointer_grab_serial (seat, surface, serial);
}

static void handle_request_move (struct wl_listener *listener, void *data)
{
  struct inos_view *view = wl_container_of (listener, view, request_move);
  const struct wlr_xdg_toplevel_move_event *event = data;
  if (is_pressed (view, event->serial))
    inos_grab_move (view->compositor->seat, view);
}

static void handle_request_resize (struct wl_listener *listener, void *data)
{
  struct inos_view *view = wl_container_of (listener, view, request_resize);
  const struct wlr_xdg_toplevel_resize_event *event = data;
  if (is_pressed (view, event->serial))
    inos_grab_resize (view->compositor->seat, view, event->edges);
}

static void handle_set_title (struct wl_listener *listener, void *data)
{
  struct inos_view *view = wl_container_of (listener, view, set_title);
  changed (view);
}

static void handle_set_app_id (struct wl_listener *listener, void *data)
{
  struct inos_view *view = wl_container_of (listener, view, set_app_id);
  changed (view);
}

void inos_view_create (struct inos_compositor *compositor, struct wlr_xdg_toplevel *toplevel)
{
  struct inos_view *view = g_new0 (struct inos_view, 1);
  view->compositor = compositor;
  view->toplevel = toplevel;
  view->workspace = compositor->active_workspace;
  wl_list_init (&view->link);
  /* A tree of our own: the one of the xdg surface leaves before our destroy handler runs. */
  view->tree = wlr_scene_tree_create (compositor->layers[INOS_LAYER_VIEWS]);
  wlr_scene_xdg_surface_create (view->tree, toplevel->base);
  view->tree->node.data = view;
  wlr_scene_node_set_enabled (&view->tree->node, false);
  toplevel->base->data = view;
  CONNECT_SIGNAL (toplevel->base->surface, view, map);
  CONNECT_SIGNAL (toplevel->base->surface, view, unmap);
  CONNECT_SIGNAL (toplevel->base->surface, view, commit);
  CONNECT_SIGNAL (toplevel->base, view, new_popup);
  CONNECT_SIGNAL (toplevel, view, destroy);
  CONNECT_SIGNAL (toplevel, view, request_maximize);
  CONNECT_SIGNAL (toplevel, view, request_fullscreen);
  CONNECT_SIGNAL (toplevel, view, request_minimize);
  CONNECT_SIGNAL (toplevel, view, request_move);
  CONNECT_SIGNAL (toplevel, view, request_resize);
  CONNECT_SIGNAL (toplevel, view, set_title);
  CONNECT_SIGNAL (toplevel, view, set_app_id);
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
      apply_state (view, inos_view_output (view));
    else
      pull_in (view);
    if (gone)
      changed (view);
  }
}
