/*
 * What the clients of ./dev bench compositor share: a connection, and windows whose pixels do not
 * matter.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <wayland-client.h>

#include "fractional-scale-v1-client-protocol.h"
#include "viewporter-client-protocol.h"
#include "xdg-shell-client-protocol.h"

enum { WIDTH = 640, HEIGHT = 400, WINDOWS_MAX = 1000, GLOBALS_MAX = 128 };

struct desk {
  struct wl_display *display;
  struct wl_registry *registry;
  struct wl_compositor *compositor;
  struct wl_shm *shm;
  struct xdg_wm_base *base;
  struct {
    uint32_t name;
    char interface[64];
  } globals[GLOBALS_MAX];
  int count;
  int width, height;                             /* of windows that may choose */
  struct wp_fractional_scale_manager_v1 *scales; /* NULL: windows are drawn in scale 1 */
  struct wp_viewporter *viewporter;
};

struct window {
  struct desk *desk;
  struct wl_surface *surface;
  struct xdg_surface *xdg;
  struct xdg_toplevel *toplevel;
  struct wl_buffer *buffers[2];
  struct wl_callback *callback;
  int width, height, drawn_width, drawn_height;
  unsigned frames;
  bool configured, running;
  struct wp_fractional_scale_v1
    *density; /* these two are NULL where windows are drawn in scale 1 */
  struct wp_viewport *viewport;
  int scale; /* in 120ths */
};

/* Ends the program. */
_Noreturn void fail (const char *what);

void desk_connect (struct desk *desk);
/* NULL where it is not offered. */
void *desk_bind (struct desk *desk, const struct wl_interface *interface, uint32_t version);
/* Waits for something to come, and handles it. */
void desk_dispatch (struct desk *desk);

/* Windows opened from now on are drawn as densely as their output is. */
void desk_be_dense (struct desk *desk);

/* Opens it, and draws it once. */
void window_open (struct window *window, struct desk *desk, bool fullscreen);
/* Draws it, of the size that it was told. */
void window_commit (struct window *window);
void window_close (struct window *window);

/* Seconds of a clock that does not go back. */
double now (void);

/* Says so, and waits until who measures is ready. */
void say (const char *word);
