#include "activation.h"

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_xdg_activation_v1.h>

#include "listener.h"
#include "seats.h"
#include "view.h"

struct activation {
  struct inos_compositor *compositor;
  struct wl_listener request_activate;
};

/* A token counts that a person's input made, which wlroots has checked where the token names a
 * seat, or one that the shell made. With another the window may say that it has something new. */
static void handle_request_activate (struct wl_listener *listener, void *data)
{
  struct activation *activation = wl_container_of (listener, activation, request_activate);
  const struct wl_client *shell = activation->compositor->shell;
  const struct wlr_xdg_activation_v1_request_activate_event *event = data;
  const struct wlr_xdg_activation_token_v1 *token = event->token;
  struct inos_view *view = inos_view_from_surface (event->surface);
  bool by_shell =
    token->surface && shell && wl_resource_get_client (token->surface->resource) == shell;
  if (!view || !view->mapped)
    return;
  if (token->seat)
    inos_seat_focus_view (inos_seats_from_wlr (activation->compositor, token->seat), view);
  else if (by_shell)
    inos_view_focus (view);
  else
    inos_view_set_urgent (view, true);
}

void *inos_activation_create (struct inos_compositor *compositor, int version)
{
  struct wlr_xdg_activation_v1 *wlr = wlr_xdg_activation_v1_create (compositor->display);
  if (!wlr)
    return NULL;
  struct activation *activation = g_new0 (struct activation, 1);
  activation->compositor = compositor;
  CONNECT_SIGNAL (wlr, activation, request_activate);
  return activation;
}

void inos_activation_destroy (void *state)
{
  struct activation *activation = state;
  DISCONNECT (activation->request_activate);
  g_free (activation);
}
