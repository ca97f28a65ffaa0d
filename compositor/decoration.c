#include "decoration.h"

#include <wlr/types/wlr_xdg_decoration_v1.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "window_frame.h"
#include "listener.h"
#include "rule.h"

struct decorations {
  struct inos_compositor *compositor;
  struct wl_listener new_toplevel_decoration;
};

struct decoration {
  struct inos_compositor *compositor;
  struct wlr_xdg_toplevel_decoration_v1 *wlr;
  struct wl_listener request_mode, destroy, config_change;
};

static struct inos_view *view_of (struct decoration *decoration)
{
  return decoration->wlr->toplevel->base->surface->data;
}

/* The person's choice first, then the client's. */
static void decide (struct decoration *decoration)
{
  struct inos_view *view = view_of (decoration);
  enum wlr_xdg_toplevel_decoration_v1_mode mode = decoration->wlr->requested_mode;
  int rule = view ? inos_rules_decoration (view) : -1;
  if (rule >= 0 ? rule : decoration->compositor->config.title_bars)
    mode = WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_SERVER_SIDE;
  else if (rule == 0 || mode == WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_NONE)
    mode = WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_CLIENT_SIDE;
  if (decoration->wlr->toplevel->base->initialized)
    wlr_xdg_toplevel_decoration_v1_set_mode (decoration->wlr, mode);
  else
    decoration->wlr->scheduled_mode = mode;
  if (view)
    inos_frame_set (view, mode == WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_SERVER_SIDE);
}

static void handle_request_mode (struct wl_listener *listener, void *data)
{
  struct decoration *decoration = wl_container_of (listener, decoration, request_mode);
  decide (decoration);
}

static void handle_config_change (struct wl_listener *listener, void *data)
{
  struct decoration *decoration = wl_container_of (listener, decoration, config_change);
  decide (decoration);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct decoration *decoration = wl_container_of (listener, decoration, destroy);
  struct inos_view *view = view_of (decoration);
  if (view)
    inos_frame_set (view, false);
  DISCONNECT (decoration->request_mode);
  DISCONNECT (decoration->destroy);
  DISCONNECT (decoration->config_change);
  g_free (decoration);
}

static void handle_new_toplevel_decoration (struct wl_listener *listener, void *data)
{
  struct decorations *decorations =
    wl_container_of (listener, decorations, new_toplevel_decoration);
  struct decoration *decoration = g_new0 (struct decoration, 1);
  decoration->compositor = decorations->compositor;
  decoration->wlr = data;
  CONNECT_SIGNAL (decoration->wlr, decoration, request_mode);
  CONNECT_SIGNAL (decoration->wlr, decoration, destroy);
  CONNECT_SIGNAL (decoration->compositor, decoration, config_change);
  decide (decoration);
}

void *inos_decoration_create (struct inos_compositor *compositor, int version)
{
  struct wlr_xdg_decoration_manager_v1 *wlr =
    wlr_xdg_decoration_manager_v1_create (compositor->display);
  if (!wlr)
    return NULL;
  struct decorations *decorations = g_new0 (struct decorations, 1);
  decorations->compositor = compositor;
  CONNECT_SIGNAL (wlr, decorations, new_toplevel_decoration);
  return decorations;
}

void inos_decoration_destroy (void *state)
{
  struct decorations *decorations = state;
  DISCONNECT (decorations->new_toplevel_decoration);
  g_free (decorations);
}
