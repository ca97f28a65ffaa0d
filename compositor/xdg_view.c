#include "xdg_view.h"

#include <signal.h>
#include <unistd.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_xdg_shell.h>
#include <wlr/util/edges.h>

#include "each_frame.h"
#include "listener.h"
#include "places.h"
#include "popup.h"
#include "responsive.h"
#include "roll.h"
#include "rule.h"
#include "snap.h"
#include "surfaces.h"
#include "tiles.h"
#include "view.h"
#include "window_frame.h"
#include "window_menu.h"

struct xdg_view {
  struct inos_view base;
  struct wlr_xdg_toplevel *toplevel;

  struct wl_listener map, unmap, commit, new_popup, ping_timeout, destroy;
  struct wl_listener request_maximize, request_fullscreen, request_minimize, request_move,
    request_resize, request_show_window_menu, set_parent, set_title, set_app_id;
};

static struct wlr_xdg_toplevel *toplevel_of (struct inos_view *base)
{
  struct xdg_view *view = wl_container_of (base, view, base);
  return view->toplevel;
}

static const char *title (struct inos_view *view)
{
  return toplevel_of (view)->title;
}

static const char *app_id (struct inos_view *view)
{
  return toplevel_of (view)->app_id;
}

static pid_t pid (struct inos_view *view)
{
  pid_t pid = 0;
  wl_client_get_credentials (toplevel_of (view)->base->client->client, &pid, NULL, NULL);
  return pid;
}

INOS_EACH_FRAME static struct wlr_box geometry (struct inos_view *view)
{
  struct wlr_box box;
  wlr_xdg_surface_get_geometry (toplevel_of (view)->base, &box);
  return box;
}

static struct inos_size_limits limits (struct inos_view *view)
{
  const struct wlr_xdg_toplevel_state *state = &toplevel_of (view)->current;
  return (struct inos_size_limits){state->min_width, state->min_height, state->max_width,
                                   state->max_height};
}

static uint32_t resize (struct inos_view *view, int width, int height)
{
  return wlr_xdg_toplevel_set_size (toplevel_of (view), width, height);
}

INOS_EACH_FRAME static uint32_t drawn_serial (struct inos_view *view)
{
  return toplevel_of (view)->base->current.configure_serial;
}

static struct inos_view *parent (struct inos_view *view)
{
  struct wlr_xdg_toplevel *toplevel = toplevel_of (view)->parent;
  struct inos_view *found = toplevel ? toplevel->base->surface->data : NULL;
  return found && found->mapped ? found : NULL;
}

/* Menus find their place anew. */
static void moved (struct inos_view *view)
{
  inos_popups_parent_moved (toplevel_of (view)->base);
}

static void show_state (struct inos_view *view)
{
  struct wlr_xdg_toplevel *toplevel = toplevel_of (view);
  wlr_xdg_toplevel_set_activated (toplevel, view->activated);
  wlr_xdg_toplevel_set_resizing (toplevel, view->resizing);
  wlr_xdg_toplevel_set_maximized (toplevel, view->maximized);
  wlr_xdg_toplevel_set_fullscreen (toplevel, view->fullscreen);
  wlr_xdg_toplevel_set_tiled (toplevel, inos_snap_tiled (view));
  wlr_xdg_toplevel_set_suspended (toplevel, view->suspended);
}

static void send_close (struct inos_view *view)
{
  wlr_xdg_toplevel_send_close (toplevel_of (view));
}

static void ping (struct inos_view *view)
{
  wlr_xdg_surface_ping (toplevel_of (view)->base);
}

static bool answered (struct inos_view *view)
{
  return toplevel_of (view)->base->client->ping_serial == 0;
}

/* The process, where it is another one than ours, and its connection in any case. */
static void end_client (struct inos_view *view)
{
  struct wl_client *client = toplevel_of (view)->base->client->client;
  pid_t process = pid (view);
  if (process > 1 && process != getpid())
    kill (process, SIGKILL);
  wl_client_destroy (client);
}

static const struct inos_view_impl impl = {
  .title = title,
  .app_id = app_id,
  .pid = pid,
  .geometry = geometry,
  .limits = limits,
  .resize = resize,
  .drawn_serial = drawn_serial,
  .parent = parent,
  .moved = moved,
  .show_state = show_state,
  .close = send_close,
  .ping = ping,
  .answered = answered,
  .kill = end_client,
};

static void handle_map (struct wl_listener *listener, void *data)
{
  struct xdg_view *view = wl_container_of (listener, view, map);
  inos_view_mapped (&view->base);
}

static void handle_unmap (struct wl_listener *listener, void *data)
{
  struct xdg_view *view = wl_container_of (listener, view, unmap);
  inos_view_unmapped (&view->base);
}

/* The size of its tile, that it had before, that a rule wants, or that the program's last window
 * had, else what the client likes. */
static void offer_size (struct xdg_view *view)
{
  struct wlr_box tile;
  if (inos_tiles_foresee (&view->base, &tile)) {
    tile = inos_frame_inner (&view->base, tile);
    wlr_xdg_toplevel_set_tiled (view->toplevel,
                                WLR_EDGE_TOP | WLR_EDGE_BOTTOM | WLR_EDGE_LEFT | WLR_EDGE_RIGHT);
    inos_view_resize (&view->base, tile.width, tile.height);
    return;
  }
  struct inos_size_limits limits = view->base.impl->limits (&view->base);
  struct wlr_box box = {0};
  if (!inos_roll_foresee (&view->base, &box) &&
      !inos_rules_size (&view->base, &box.width, &box.height) &&
      !inos_places_recall (&view->base, &box))
    box = (struct wlr_box){0};
  if (limits.max_width > 0)
    box.width = MIN (box.width, limits.max_width);
  if (limits.max_height > 0)
    box.height = MIN (box.height, limits.max_height);
  inos_view_resize (&view->base, box.width, box.height);
}

/* The first configure: maximized and full screen windows are told their size at once. */
static void configure_first (struct xdg_view *view)
{
  struct wlr_xdg_toplevel *toplevel = view->toplevel;
  struct inos_output *output = inos_output_active (view->base.compositor);
  wlr_xdg_toplevel_set_wm_capabilities (toplevel, WLR_XDG_TOPLEVEL_WM_CAPABILITIES_MAXIMIZE |
                                                    WLR_XDG_TOPLEVEL_WM_CAPABILITIES_FULLSCREEN |
                                                    WLR_XDG_TOPLEVEL_WM_CAPABILITIES_MINIMIZE |
                                                    WLR_XDG_TOPLEVEL_WM_CAPABILITIES_WINDOW_MENU);
  if (output) {
    wlr_xdg_toplevel_set_bounds (toplevel, output->usable.width, output->usable.height);
    inos_surface_prefer (toplevel->base->surface, output);
  }
  view->base.maximized = toplevel->requested.maximized;
  view->base.fullscreen = toplevel->requested.fullscreen;
  if (view->base.maximized || view->base.fullscreen)
    inos_view_apply_state (&view->base, output);
  else
    offer_size (view);
}

/* A client that was told a size and then took another keeps it: the next state that it is told of
 * does not bring the old one back. */
static void adopt_size (struct xdg_view *view)
{
  struct wlr_xdg_toplevel *toplevel = view->toplevel;
  struct wlr_box drawn = geometry (&view->base);
  if (!wl_list_empty (&toplevel->base->configure_list) || toplevel->base->configure_idle ||
      toplevel->scheduled.width == 0 || drawn.width <= 0 || drawn.height <= 0 ||
      !inos_view_is_floating (&view->base))
    return;
  toplevel->scheduled.width = drawn.width;
  toplevel->scheduled.height = drawn.height;
}

INOS_EACH_FRAME static void handle_commit (struct wl_listener *listener, void *data)
{
  struct xdg_view *view = wl_container_of (listener, view, commit);
  if (view->toplevel->base->initial_commit) {
    configure_first (view);
  } else {
    adopt_size (view);
    inos_view_committed (&view->base);
  }
}

static void handle_new_popup (struct wl_listener *listener, void *data)
{
  struct xdg_view *view = wl_container_of (listener, view, new_popup);
  inos_popup_create (view->base.compositor, data, view->base.tree);
}

static void handle_ping_timeout (struct wl_listener *listener, void *data)
{
  struct xdg_view *view = wl_container_of (listener, view, ping_timeout);
  inos_responsive_unanswered (&view->base);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct xdg_view *view = wl_container_of (listener, view, destroy);
  DISCONNECT (view->map);
  DISCONNECT (view->unmap);
  DISCONNECT (view->commit);
  DISCONNECT (view->new_popup);
  DISCONNECT (view->ping_timeout);
  DISCONNECT (view->destroy);
  DISCONNECT (view->request_maximize);
  DISCONNECT (view->request_fullscreen);
  DISCONNECT (view->request_minimize);
  DISCONNECT (view->request_move);
  DISCONNECT (view->request_resize);
  DISCONNECT (view->request_show_window_menu);
  DISCONNECT (view->set_parent);
  DISCONNECT (view->set_title);
  DISCONNECT (view->set_app_id);
  view->base.surface->data = NULL;
  inos_view_finish (&view->base);
  g_free (view);
}

static void handle_request_maximize (struct wl_listener *listener, void *data)
{
  struct xdg_view *view = wl_container_of (listener, view, request_maximize);
  if (view->toplevel->base->initialized)
    inos_view_set_maximized (&view->base, view->toplevel->requested.maximized);
}

static void handle_request_fullscreen (struct wl_listener *listener, void *data)
{
  struct xdg_view *view = wl_container_of (listener, view, request_fullscreen);
  if (view->toplevel->base->initialized)
    inos_view_set_fullscreen (&view->base, view->toplevel->requested.fullscreen,
                              inos_output_from_wlr (view->toplevel->requested.fullscreen_output));
}

static void handle_request_minimize (struct wl_listener *listener, void *data)
{
  struct xdg_view *view = wl_container_of (listener, view, request_minimize);
  if (view->toplevel->base->initialized && view->base.mapped)
    inos_view_set_minimized (&view->base, view->toplevel->requested.minimized);
}

static void handle_request_move (struct wl_listener *listener, void *data)
{
  struct xdg_view *view = wl_container_of (listener, view, request_move);
  const struct wlr_xdg_toplevel_move_event *event = data;
  inos_view_request_move (&view->base, event->serial);
}

static void handle_request_resize (struct wl_listener *listener, void *data)
{
  struct xdg_view *view = wl_container_of (listener, view, request_resize);
  const struct wlr_xdg_toplevel_resize_event *event = data;
  inos_view_request_resize (&view->base, event->serial, event->edges);
}

static void handle_request_show_window_menu (struct wl_listener *listener, void *data)
{
  struct xdg_view *view = wl_container_of (listener, view, request_show_window_menu);
  const struct wlr_xdg_toplevel_show_window_menu_event *event = data;
  struct wlr_box drawn = geometry (&view->base);
  /* The place is of the surface, shadows included. */
  inos_window_menu_request (&view->base, event->seat, event->serial, (double)event->x - drawn.x,
                            (double)event->y - drawn.y);
}

static void handle_set_parent (struct wl_listener *listener, void *data)
{
  struct xdg_view *view = wl_container_of (listener, view, set_parent);
  inos_view_parent_changed (&view->base);
}

static void handle_set_title (struct wl_listener *listener, void *data)
{
  struct xdg_view *view = wl_container_of (listener, view, set_title);
  inos_view_changed (&view->base);
}

static void handle_set_app_id (struct wl_listener *listener, void *data)
{
  struct xdg_view *view = wl_container_of (listener, view, set_app_id);
  inos_view_changed (&view->base);
}

void inos_xdg_view_create (struct inos_compositor *compositor, struct wlr_xdg_toplevel *toplevel)
{
  struct xdg_view *view = g_new0 (struct xdg_view, 1);
  view->toplevel = toplevel;
  inos_view_init (&view->base, compositor, &impl);
  wlr_scene_xdg_surface_create (view->base.tree, toplevel->base);
  view->base.surface = toplevel->base->surface;
  view->base.surface->data = &view->base;
  CONNECT_SIGNAL (toplevel->base->surface, view, map);
  CONNECT_SIGNAL (toplevel->base->surface, view, unmap);
  CONNECT_SIGNAL (toplevel->base->surface, view, commit);
  CONNECT_SIGNAL (toplevel->base, view, new_popup);
  CONNECT_SIGNAL (toplevel->base, view, ping_timeout);
  CONNECT_SIGNAL (toplevel, view, destroy);
  CONNECT_SIGNAL (toplevel, view, request_maximize);
  CONNECT_SIGNAL (toplevel, view, request_fullscreen);
  CONNECT_SIGNAL (toplevel, view, request_minimize);
  CONNECT_SIGNAL (toplevel, view, request_move);
  CONNECT_SIGNAL (toplevel, view, request_resize);
  CONNECT_SIGNAL (toplevel, view, request_show_window_menu);
  CONNECT_SIGNAL (toplevel, view, set_parent);
  CONNECT_SIGNAL (toplevel, view, set_title);
  CONNECT_SIGNAL (toplevel, view, set_app_id);
}
