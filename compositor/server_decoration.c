#include "server_decoration.h"

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_server_decoration.h>

#include "decoration.h"
#include "listener.h"
#include "rule.h"
#include "view.h"
#include "window_frame.h"

struct manager {
  struct inos_compositor *compositor;
  struct wlr_server_decoration_manager *wlr;
  struct wl_listener new_decoration, config_change;
};

struct decoration {
  struct inos_compositor *compositor;
  struct wlr_server_decoration *wlr;
  struct wl_listener mode, destroy, config_change, commit;
};

/* Programs that ask for nothing get the usual; those that draw their own go on to. */
static void decide (struct decoration *decoration)
{
  struct inos_view *view = inos_view_from_surface (decoration->wlr->surface);
  if (!view || view->surface != decoration->wlr->surface || inos_decoration_is_negotiated (view))
    return;
  bool asked = decoration->wlr->mode == WLR_SERVER_DECORATION_MANAGER_MODE_SERVER;
  bool rule = inos_rules_decoration (view) >= 0;
  inos_frame_set (view,
                  rule ? inos_decoration_is_ours (decoration->compositor, view, asked) : asked);
}

static void handle_mode (struct wl_listener *listener, void *data)
{
  struct decoration *decoration = wl_container_of (listener, decoration, mode);
  decide (decoration);
}

static void handle_config_change (struct wl_listener *listener, void *data)
{
  struct decoration *decoration = wl_container_of (listener, decoration, config_change);
  decide (decoration);
}

/* It may have been made before the surface was a window. */
static void handle_commit (struct wl_listener *listener, void *data)
{
  struct decoration *decoration = wl_container_of (listener, decoration, commit);
  const struct wlr_surface *surface = decoration->wlr->surface;
  if (!surface->mapped)
    decide (decoration);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct decoration *decoration = wl_container_of (listener, decoration, destroy);
  struct inos_view *view = inos_view_from_surface (decoration->wlr->surface);
  if (view && view->surface == decoration->wlr->surface && !inos_decoration_is_negotiated (view))
    inos_frame_set (view, false);
  DISCONNECT (decoration->mode);
  DISCONNECT (decoration->destroy);
  DISCONNECT (decoration->config_change);
  DISCONNECT (decoration->commit);
  g_free (decoration);
}

static void handle_new_decoration (struct wl_listener *listener, void *data)
{
  struct manager *manager = wl_container_of (listener, manager, new_decoration);
  struct decoration *decoration = g_new0 (struct decoration, 1);
  decoration->compositor = manager->compositor;
  decoration->wlr = data;
  CONNECT_SIGNAL (decoration->wlr, decoration, mode);
  CONNECT_SIGNAL (decoration->wlr, decoration, destroy);
  CONNECT_SIGNAL (decoration->compositor, decoration, config_change);
  CONNECT_SIGNAL (decoration->wlr->surface, decoration, commit);
  decide (decoration);
}

static void say_what_is_usual (struct manager *manager)
{
  wlr_server_decoration_manager_set_default_mode (manager->wlr,
                                                  manager->compositor->config.title_bars
                                                    ? WLR_SERVER_DECORATION_MANAGER_MODE_SERVER
                                                    : WLR_SERVER_DECORATION_MANAGER_MODE_CLIENT);
}

static void handle_manager_config_change (struct wl_listener *listener, void *data)
{
  struct manager *manager = wl_container_of (listener, manager, config_change);
  say_what_is_usual (manager);
}

void *inos_server_decoration_create (struct inos_compositor *compositor, int version)
{
  struct wlr_server_decoration_manager *wlr =
    wlr_server_decoration_manager_create (compositor->display);
  if (!wlr)
    return NULL;
  struct manager *manager = g_new0 (struct manager, 1);
  manager->compositor = compositor;
  manager->wlr = wlr;
  CONNECT_SIGNAL (wlr, manager, new_decoration);
  manager->config_change.notify = handle_manager_config_change;
  wl_signal_add (&compositor->events.config_change, &manager->config_change);
  say_what_is_usual (manager);
  return manager;
}

void inos_server_decoration_destroy (void *state)
{
  struct manager *manager = state;
  DISCONNECT (manager->new_decoration);
  DISCONNECT (manager->config_change);
  g_free (manager);
}
