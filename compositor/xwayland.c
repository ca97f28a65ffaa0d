#include "xwayland.h"

#include <wlr/util/log.h>
#include <wlr/xwayland/server.h>
#include <wlr/xwayland/xwayland.h>

#include "listener.h"
#include "protocol.h"
#include "seat.h"
#include "surfaces.h"
#include "x11_view.h"

struct xwayland {
  struct inos_compositor *compositor;
  struct wlr_xwayland *wlr; /* NULL once it was stopped */
  struct inos_x11_types types;
  struct wl_listener ready, new_surface;
};

/* Each time that the X server has started: the clipboards and the pointer's image are shared. */
static void handle_ready (struct wl_listener *listener, void *data)
{
  struct xwayland *xwayland = wl_container_of (listener, xwayland, ready);
  /* It is libxcb's by now. wlroots would close it too when the X server dies, and what is written to
   * the windows meanwhile goes to whatever has its number then, or waits for that without end. */
  xwayland->wlr->server->wm_fd[0] = -1;
  wlr_xwayland_set_seat (xwayland->wlr, xwayland->compositor->seat->wlr);
  inos_x11_types_init (&xwayland->types, wlr_xwayland_get_xwm_connection (xwayland->wlr));
}

static void handle_new_surface (struct wl_listener *listener, void *data)
{
  struct xwayland *xwayland = wl_container_of (listener, xwayland, new_surface);
  inos_x11_view_create (xwayland->compositor, data);
}

/* Without a socket there are no programs, nor any X11 programs. */
void *inos_xwayland_create (struct inos_compositor *compositor, int version)
{
  const char *socket = compositor->options.socket;
  if (!compositor->config.xwayland || (socket && *socket == '\0'))
    return NULL;
  struct wlr_compositor *wlr =
    inos_surfaces_wlr (inos_protocol_state (compositor, "wl_compositor"));
  struct wlr_xwayland *server = wlr_xwayland_create (compositor->display, wlr, true);
  if (!server) {
    wlr_log (WLR_ERROR, "no Xwayland can be had: X11 programs will not start; install xwayland");
    return NULL;
  }
  struct xwayland *xwayland = g_new0 (struct xwayland, 1);
  xwayland->compositor = compositor;
  xwayland->wlr = server;
  CONNECT_SIGNAL (server, xwayland, ready);
  CONNECT_SIGNAL (server, xwayland, new_surface);
  return xwayland;
}

static void stop (struct xwayland *xwayland)
{
  DISCONNECT (xwayland->ready);
  DISCONNECT (xwayland->new_surface);
  g_clear_pointer (&xwayland->wlr, wlr_xwayland_destroy);
}

void inos_xwayland_destroy (void *state)
{
  struct xwayland *xwayland = state;
  stop (xwayland);
  g_free (xwayland);
}

static struct xwayland *find (struct inos_compositor *compositor)
{
  return inos_protocol_state (compositor, "xwayland_shell_v1");
}

const char *inos_xwayland_display (struct inos_compositor *compositor)
{
  const struct xwayland *xwayland = find (compositor);
  return xwayland && xwayland->wlr ? xwayland->wlr->display_name : NULL;
}

const struct inos_x11_types *inos_xwayland_types (struct inos_compositor *compositor)
{
  const struct xwayland *xwayland = find (compositor);
  return xwayland ? &xwayland->types : NULL;
}

bool inos_xwayland_is_server (struct inos_compositor *compositor, const struct wl_client *client)
{
  const struct xwayland *xwayland = find (compositor);
  return xwayland && xwayland->wlr && xwayland->wlr->server &&
         xwayland->wlr->server->client == client;
}

void inos_xwayland_kill (struct inos_compositor *compositor, uint32_t window)
{
  const struct xwayland *xwayland = find (compositor);
  xcb_connection_t *connection =
    xwayland && xwayland->wlr ? wlr_xwayland_get_xwm_connection (xwayland->wlr) : NULL;
  if (!connection)
    return;
  xcb_kill_client (connection, window);
  xcb_flush (connection);
}

void inos_xwayland_stop (struct inos_compositor *compositor)
{
  struct xwayland *xwayland = find (compositor);
  if (xwayland)
    stop (xwayland);
}
