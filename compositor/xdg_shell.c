#include "xdg_shell.h"

#include <wlr/types/wlr_xdg_shell.h>

#include "listener.h"
#include "xdg_view.h"

struct xdg_shell {
  struct inos_compositor *compositor;
  struct wlr_xdg_shell *wlr;
  struct wl_listener new_toplevel, config_change;
};

static void handle_new_toplevel (struct wl_listener *listener, void *data)
{
  struct xdg_shell *shell = wl_container_of (listener, shell, new_toplevel);
  inos_xdg_view_create (shell->compositor, data);
}

/* A question is never asked where the time is 0. */
static void handle_config_change (struct wl_listener *listener, void *data)
{
  struct xdg_shell *shell = wl_container_of (listener, shell, config_change);
  shell->wlr->ping_timeout = (uint32_t)shell->compositor->config.unresponsive_after;
}

void *inos_xdg_shell_create (struct inos_compositor *compositor, int version)
{
  struct wlr_xdg_shell *wlr = wlr_xdg_shell_create (compositor->display, (uint32_t)version);
  if (!wlr)
    return NULL;
  struct xdg_shell *shell = g_new0 (struct xdg_shell, 1);
  shell->compositor = compositor;
  shell->wlr = wlr;
  CONNECT_SIGNAL (wlr, shell, new_toplevel);
  CONNECT_SIGNAL (compositor, shell, config_change);
  handle_config_change (&shell->config_change, compositor);
  return shell;
}

void inos_xdg_shell_destroy (void *state)
{
  struct xdg_shell *shell = state;
  DISCONNECT (shell->new_toplevel);
  DISCONNECT (shell->config_change);
  g_free (shell);
}

struct wlr_xdg_shell *inos_xdg_shell_wlr (void *state)
{
  struct xdg_shell *shell = state;
  return shell->wlr;
}
