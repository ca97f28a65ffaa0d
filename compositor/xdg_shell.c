#include "xdg_shell.h"

#include <wlr/types/wlr_xdg_shell.h>

#include "listener.h"
#include "xdg_view.h"

struct xdg_shell {
  struct inos_compositor *compositor;
  struct wl_listener new_toplevel;
};

static void handle_new_toplevel (struct wl_listener *listener, void *data)
{
  struct xdg_shell *shell = wl_container_of (listener, shell, new_toplevel);
  inos_xdg_view_create (shell->compositor, data);
}

void *inos_xdg_shell_create (struct inos_compositor *compositor, int version)
{
  struct wlr_xdg_shell *wlr = wlr_xdg_shell_create (compositor->display, (uint32_t)version);
  if (!wlr)
    return NULL;
  struct xdg_shell *shell = g_new0 (struct xdg_shell, 1);
  shell->compositor = compositor;
  CONNECT_SIGNAL (wlr, shell, new_toplevel);
  return shell;
}

void inos_xdg_shell_destroy (void *state)
{
  struct xdg_shell *shell = state;
  DISCONNECT (shell->new_toplevel);
  g_free (shell);
}
