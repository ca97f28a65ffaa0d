#include "layer_shell.h"

#include <wlr/types/wlr_layer_shell_v1.h>

#include "layer_surface.h"
#include "listener.h"

struct layer_shell {
  struct inos_compositor *compositor;
  struct wl_listener new_surface;
};

static void handle_new_surface (struct wl_listener *listener, void *data)
{
  struct layer_shell *shell = wl_container_of (listener, shell, new_surface);
  inos_layer_surface_create (shell->compositor, data);
}

void *inos_layer_shell_create (struct inos_compositor *compositor, int version)
{
  struct wlr_layer_shell_v1 *wlr =
    wlr_layer_shell_v1_create (compositor->display, (uint32_t)version);
  if (!wlr)
    return NULL;
  struct layer_shell *shell = g_new0 (struct layer_shell, 1);
  shell->compositor = compositor;
  CONNECT_SIGNAL (wlr, shell, new_surface);
  return shell;
}

void inos_layer_shell_destroy (void *state)
{
  struct layer_shell *shell = state;
  DISCONNECT (shell->new_surface);
  g_free (shell);
}
