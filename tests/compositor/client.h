/* A Wayland client in the test's own process, on a socketpair: what a program would see, without
 * a second process. The test drives both sides from one thread. */
#pragma once

#include <stdbool.h>
#include <wayland-client.h>

#include "compositor.h"

struct window {
  struct client *client;
  struct wl_surface *surface;
  struct xdg_surface *xdg_surface;
  struct xdg_toplevel *toplevel;
  struct wl_buffer *buffer;
  int width, height; /* of the last configure, 0 for "you choose" */
  bool activated, maximized, fullscreen, suspended;
  uint32_t tiled; /* enum wlr_edges */
  bool closed;    /* asked to close */
  int configures; /* how many so far */
  bool has_buffer;
  uint32_t serial; /* of the last configure */
  uint32_t acknowledged;
  uint32_t color; /* that it draws, XRGB */
};

struct client {
  struct inos_compositor *compositor;
  struct wl_display *display;
  struct wl_client *server_side; /* NULL once the compositor dropped it */
  struct wl_listener gone;
  struct wl_registry *registry;
  struct wl_compositor *wl_compositor;
  struct wl_shm *shm;
  struct xdg_wm_base *wm_base;
  struct xdg_wm_dialog_v1 *dialogs;
  struct xdg_toplevel_icon_manager_v1 *icons;
  GPtrArray *globals; /* char *: "interface version" */
};

/* Connects. The server side is made with wl_client_create, as for any other client. */
struct client *client_connect (struct inos_compositor *compositor);
/* Connects over a socket that somebody accepts for the compositor. */
struct client *client_connect_to_fd (struct inos_compositor *compositor, int fd);
void client_disconnect (struct client *client);

/* Binds the first global of that interface, NULL where it is not offered. */
void *client_bind (struct client *client, const struct wl_interface *interface, uint32_t version);
/* Likewise the one with that index, an output for instance. */
void *client_bind_nth (struct client *client, const struct wl_interface *interface,
                       uint32_t version, int nth);

/* A buffer of one colour, XRGB. */
struct wl_buffer *client_buffer (struct client *client, int width, int height, uint32_t color);

/* Lets both sides talk for so long. */
void client_wait (struct client *client, int ms);

/* Lets both sides talk until all that is to be drawn is on the screen, and nothing is being. Not
 * for outputs whose blanks the test makes. */
void client_settle (struct client *client);

/* Lets both sides talk until the condition, an expression, is true. */
#define client_wait_until(client, condition)                                                       \
  do {                                                                                             \
    gint64 client_wait_end = g_get_monotonic_time() + CLIENT_PATIENCE * G_USEC_PER_SEC;            \
    while (!(condition)) {                                                                         \
      if (g_get_monotonic_time() > client_wait_end)                                                \
        fail_msg ("after %d s it is not so: %s", CLIENT_PATIENCE, #condition);                     \
      client_wait ((client), 2);                                                                   \
    }                                                                                              \
  } while (0)
enum { CLIENT_PATIENCE = 60 /* s */ };

/* Lets both sides talk until everything that was asked has been answered. */
void client_roundtrip (struct client *client);

/* Lets the compositor run until it has nothing to do. */
void pump (void);

/* A window in two steps: what has to be said before it is shown comes in between. */
struct window *window_new (struct client *client, const char *app_id, const char *title);
void window_show (struct window *window);
/* Both. */
struct window *window_open (struct client *client, const char *app_id, const char *title);
/* Draws what was last configured, acknowledges and commits. */
void window_draw (struct window *window);
void window_close (struct window *window);
