#include "xwayland.h"

#include <poll.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/util/log.h>
#include <wlr/xwayland/server.h>
#include <wlr/xwayland/xwayland.h>

#include "listener.h"
#include "protocol.h"
#include "seat.h"
#include "surfaces.h"
#include "x11_desk.h"
#include "x11_display.h"
#include "x11_output.h"
#include "x11_scale.h"
#include "x11_settings.h"
#include "x11_view.h"

struct xwayland {
  struct inos_compositor *compositor;
  struct wlr_xwayland *wlr; /* NULL once it was stopped */
  struct inos_x11_types types;
  struct inos_x11_link *link; /* may be NULL */
  bool is_ready;              /* the X server that runs, or ran last */
  unsigned int lost;          /* windows and menus that went because it did */
  struct inos_x11_outputs *outputs;
  struct wl_event_source *rescale; /* NULL: the scale is what it should be */
  struct inos_x11_display display;
  struct wl_event_source *again; /* NULL: wlroots starts the next one */
  int rounds;                    /* that it has waited */
  struct wl_listener start, gone, ready, new_surface;
  struct wl_listener layout_change, config_change;
};

/* ms after an X server that never got ready: one that never will costs little then. */
enum { PAUSE = 2000, ROUNDS = 15 };

static void tell_scale (struct xwayland *xwayland)
{
  inos_x11_outputs_update (xwayland->outputs);
  if (!xwayland->link)
    return;
  inos_x11_desk_update (xwayland->link->desk);
  inos_x11_settings_update (xwayland->link->settings);
}

static void on_rescale (void *data)
{
  struct xwayland *xwayland = data;
  xwayland->rescale = NULL;
  if (inos_x11_scale_choose (xwayland->compositor))
    tell_scale (xwayland);
}

static void rescale_later (struct xwayland *xwayland)
{
  if (!xwayland->rescale && !xwayland->compositor->ending)
    xwayland->rescale = wl_event_loop_add_idle (xwayland->compositor->loop, on_rescale, xwayland);
}

static void handle_layout_change (struct wl_listener *listener, void *data)
{
  struct xwayland *xwayland = wl_container_of (listener, xwayland, layout_change);
  rescale_later (xwayland);
}

/* The pointer's size may be another one too. */
static void handle_config_change (struct wl_listener *listener, void *data)
{
  struct xwayland *xwayland = wl_container_of (listener, xwayland, config_change);
  inos_x11_scale_choose (xwayland->compositor);
  tell_scale (xwayland);
}

/* Each time that the X server has started: the clipboards and the pointer's image are shared. */
static void handle_ready (struct wl_listener *listener, void *data)
{
  struct xwayland *xwayland = wl_container_of (listener, xwayland, ready);
  /* It is libxcb's by now. wlroots would close it too when the X server dies, and what is written
   * to the windows meanwhile goes to whatever has its number then, or waits for that without end.
   */
  xwayland->wlr->server->wm_fd[0] = -1;
  xwayland->is_ready = true;
  wlr_xwayland_set_seat (xwayland->wlr, xwayland->compositor->seat->wlr);
  inos_x11_settings_begin (xwayland->compositor, wlr_xwayland_get_xwm_connection (xwayland->wlr));
  inos_x11_types_init (&xwayland->types, wlr_xwayland_get_xwm_connection (xwayland->wlr));
  inos_x11_link_destroy (xwayland->link);
  xwayland->link = inos_x11_link_create (xwayland->compositor, xwayland->wlr);
}

static void handle_new_surface (struct wl_listener *listener, void *data)
{
  struct xwayland *xwayland = wl_container_of (listener, xwayland, new_surface);
  inos_x11_view_create (xwayland->compositor, data);
}

static void stop (struct xwayland *xwayland)
{
  g_clear_pointer (&xwayland->again, wl_event_source_remove);
  DISCONNECT (xwayland->start);
  DISCONNECT (xwayland->gone);
  DISCONNECT (xwayland->ready);
  DISCONNECT (xwayland->new_surface);
  g_clear_pointer (&xwayland->link, inos_x11_link_destroy);
  if (xwayland->wlr)
    inos_x11_display_return (&xwayland->display, xwayland->wlr->server);
  g_clear_pointer (&xwayland->wlr, wlr_xwayland_destroy);
}

static bool begin (struct xwayland *xwayland);

/* Where somebody holds on to the pipe of the one that did not come up, another display is better
 * than none. */
static int on_again (void *data)
{
  struct xwayland *xwayland = data;
  if (inos_x11_display_again (&xwayland->display, xwayland->wlr->server)) {
    g_clear_pointer (&xwayland->again, wl_event_source_remove);
  } else if (++xwayland->rounds < ROUNDS) {
    wl_event_source_timer_update (xwayland->again, PAUSE);
  } else {
    stop (xwayland);
    begin (xwayland);
  }
  return 0;
}

/* Of one that was never ready. */
static void try_again_later (struct xwayland *xwayland)
{
  wlr_log (WLR_ERROR, "the X server ended before it was ready; X11 programs can start it again");
  inos_x11_display_keep (&xwayland->display, xwayland->wlr->server);
  xwayland->rounds = 0;
  xwayland->again = wl_event_loop_add_timer (xwayland->compositor->loop, on_again, xwayland);
  wl_event_source_timer_update (xwayland->again, PAUSE);
}

/* One that ran is started again by wlroots; it leaves alone what did not come up. */
static void handle_gone (struct wl_listener *listener, void *data)
{
  struct xwayland *xwayland = wl_container_of (listener, xwayland, gone);
  DISCONNECT (xwayland->gone);
  /* It is being destroyed; wlroots would do so once more when it sees the end of another pipe. */
  if (!xwayland->is_ready)
    xwayland->wlr->server->client = NULL;
  /* Whichever of its connections is looked at first. */
  if (!xwayland->compositor->ending)
    xwayland->lost += xwayland->compositor->x11.shown;
  if (xwayland->lost > 0)
    wlr_log (WLR_ERROR,
             "the X server ended, with %u windows and menus; X11 programs that are started now get "
             "another one",
             xwayland->lost);
  if (!xwayland->is_ready && !xwayland->compositor->ending && !xwayland->again)
    try_again_later (xwayland);
}

static void handle_start (struct wl_listener *listener, void *data)
{
  struct xwayland *xwayland = wl_container_of (listener, xwayland, start);
  xwayland->is_ready = false;
  xwayland->lost = 0;
  inos_x11_scale_choose (xwayland->compositor);
  DISCONNECT (xwayland->gone);
  xwayland->gone.notify = handle_gone;
  wl_client_add_destroy_listener (xwayland->wlr->server->client, &xwayland->gone);
}

static bool begin (struct xwayland *xwayland)
{
  struct wlr_compositor *wlr =
    inos_surfaces_wlr (inos_protocol_state (xwayland->compositor, INOS_STATE_SURFACES));
  xwayland->wlr = wlr_xwayland_create (xwayland->compositor->display, wlr, true);
  if (!xwayland->wlr) {
    wlr_log (WLR_ERROR, "no Xwayland can be had: X11 programs will not start; install xwayland");
    return false;
  }
  CONNECT_TO (&xwayland->wlr->server->events.start, xwayland, start);
  CONNECT_SIGNAL (xwayland->wlr, xwayland, ready);
  CONNECT_SIGNAL (xwayland->wlr, xwayland, new_surface);
  return true;
}

/* Without a socket there are no programs, nor any X11 programs. */
void *inos_xwayland_create (struct inos_compositor *compositor, int version)
{
  const char *socket = compositor->options.socket;
  if (!compositor->config.xwayland || (socket && *socket == '\0'))
    return NULL;
  struct xwayland *xwayland = g_new0 (struct xwayland, 1);
  xwayland->compositor = compositor;
  if (!begin (xwayland)) {
    g_free (xwayland);
    return NULL;
  }
  xwayland->outputs = inos_x11_outputs_create (compositor);
  CONNECT_TO (&compositor->layout->events.change, xwayland, layout_change);
  CONNECT_SIGNAL (compositor, xwayland, config_change);
  return xwayland;
}

void inos_xwayland_destroy (void *state)
{
  struct xwayland *xwayland = state;
  stop (xwayland);
  DISCONNECT (xwayland->layout_change);
  DISCONNECT (xwayland->config_change);
  g_clear_pointer (&xwayland->rescale, wl_event_source_remove);
  inos_x11_outputs_destroy (xwayland->outputs);
  g_free (xwayland);
}

static struct xwayland *find (struct inos_compositor *compositor)
{
  return inos_protocol_state (compositor, INOS_STATE_XWAYLAND);
}

const char *inos_xwayland_display (struct inos_compositor *compositor)
{
  const struct xwayland *xwayland = find (compositor);
  if (!xwayland || !xwayland->wlr)
    return NULL;
  return xwayland->display.kept ? xwayland->display.name : xwayland->wlr->display_name;
}

struct inos_x11_link *inos_xwayland_link (struct inos_compositor *compositor)
{
  const struct xwayland *xwayland = find (compositor);
  return xwayland ? xwayland->link : NULL;
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

bool inos_xwayland_has_global (struct inos_compositor *compositor, const struct wl_global *global)
{
  const struct xwayland *xwayland = find (compositor);
  return xwayland && inos_x11_outputs_is (xwayland->outputs, global);
}

/* wlroots takes its windows away then, before it takes notice of it otherwise. */
static bool has_hung_up (const struct xwayland *xwayland)
{
  xcb_connection_t *connection =
    xwayland->wlr ? wlr_xwayland_get_xwm_connection (xwayland->wlr) : NULL;
  struct pollfd socket = {.fd = connection ? xcb_get_file_descriptor (connection) : -1};
  return connection && poll (&socket, 1, 0) == 1;
}

void inos_xwayland_shown (struct inos_compositor *compositor, bool shown)
{
  struct xwayland *xwayland = find (compositor);
  compositor->x11.shown += shown ? 1u : -1u;
  if (!shown && xwayland && !compositor->ending && has_hung_up (xwayland))
    xwayland->lost++;
  if (!shown && compositor->x11.shown == 0 && xwayland)
    rescale_later (xwayland);
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
