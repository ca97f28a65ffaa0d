#include "decoration.h"

#include <wlr/types/wlr_xdg_decoration_v1.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "listener.h"

struct decorations {
  struct wl_listener new_toplevel_decoration;
};

/* We draw no decorations yet: a client that asks is told to draw its own. */
static void handle_new_toplevel_decoration (struct wl_listener *listener, void *data)
{
  struct wlr_xdg_toplevel_decoration_v1 *decoration = data;
  if (decoration->toplevel->base->initialized)
    wlr_xdg_toplevel_decoration_v1_set_mode (decoration,
                                             WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_CLIENT_SIDE);
  else
    decoration->scheduled_mode = WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_CLIENT_SIDE;
}

void *inos_decoration_create (struct inos_compositor *compositor, int version)
{
  struct wlr_xdg_decoration_manager_v1 *wlr =
    wlr_xdg_decoration_manager_v1_create (compositor->display);
  if (!wlr)
    return NULL;
  struct decorations *decorations = g_new0 (struct decorations, 1);
  CONNECT_SIGNAL (wlr, decorations, new_toplevel_decoration);
  return decorations;
}

void inos_decoration_destroy (void *state)
{
  struct decorations *decorations = state;
  DISCONNECT (decorations->new_toplevel_decoration);
  g_free (decorations);
}
