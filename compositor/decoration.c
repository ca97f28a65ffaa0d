#include "decoration.h"

#include <wlr/types/wlr_xdg_decoration_v1.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "window_frame.h"
#include "listener.h"
#include "protocol.h"
#include "rule.h"

struct decorations {
  struct inos_compositor *compositor;
  struct wlr_xdg_decoration_manager_v1 *wlr;
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

bool inos_decoration_is_ours (struct inos_compositor *compositor, struct inos_view *view,
                              bool asked)
{
  int rule = view ? inos_rules_decoration (view) : -1;
  return rule >= 0 ? rule : compositor->config.title_bars || asked;
}

bool inos_decoration_is_negotiated (struct inos_view *view)
{
  const struct decorations *decorations =
    inos_protocol_state (view->compositor, INOS_STATE_DECORATIONS);
  struct wlr_xdg_toplevel_decoration_v1 *each;
  if (!decorations)
    return false;
  wl_list_for_each (each, &decorations->wlr->decorations, link) {
    if (each->toplevel->base->surface->data == view)
      return true;
  }
  return false;
}

static void decide (struct decoration *decoration)
{
  struct inos_view *view = view_of (decoration);
  bool asked = decoration->wlr->requested_mode == WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_SERVER_SIDE;
  enum wlr_xdg_toplevel_decoration_v1_mode mode =
    inos_decoration_is_ours (decoration->compositor, view, asked)
      ? WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_SERVER_SIDE
      : WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_CLIENT_SIDE;
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
  decorations->wlr = wlr;
  CONNECT_SIGNAL (wlr, decorations, new_toplevel_decoration);
  return decorations;
}

void inos_decoration_destroy (void *state)
{
  struct decorations *decorations = state;
  DISCONNECT (decorations->new_toplevel_decoration);
  g_free (decorations);
}
