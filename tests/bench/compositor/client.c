/*
 * The client of ./dev bench compositor: the same for every compositor. It does one thing so many
 * times, acknowledges each configure at once, and tells when it begins and ends, so that whoever
 * started it can read the compositor's processor time at both.
 *
 *   client roundtrip N        N requests that are answered
 *   client commit N           N frames of one window, without waiting for it to be shown
 *   client map N              N windows that come and go, one after the other
 *   client frames S COUNT F   COUNT windows draw at each frame callback for S seconds; F: full
 * screen client windows N          opens N windows and waits for its input to close
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <wayland-client.h>

#include "xdg-shell-client-protocol.h"

enum { WIDTH = 640, HEIGHT = 400, WINDOWS_MAX = 1000 };

static struct wl_display *display;
static struct wl_compositor *compositor;
static struct wl_shm *shm;
static struct xdg_wm_base *base;

struct window {
  struct wl_surface *surface;
  struct xdg_surface *xdg;
  struct xdg_toplevel *toplevel;
  struct wl_buffer *buffers[2];
  struct wl_callback *callback;
  int width, height, drawn_width, drawn_height;
  unsigned frames;
  bool configured, running;
};

static void fail (const char *what)
{
  fprintf (stderr, "client: %s\n", what);
  exit (1);
}

static void on_ping (void *data, struct xdg_wm_base *wm, uint32_t serial)
{
  xdg_wm_base_pong (wm, serial);
}

static const struct xdg_wm_base_listener base_listener = {on_ping};

static void on_global (void *data, struct wl_registry *registry, uint32_t name,
                       const char *interface, uint32_t version)
{
  if (strcmp (interface, "wl_compositor") == 0)
    compositor = wl_registry_bind (registry, name, &wl_compositor_interface, 4);
  else if (strcmp (interface, "wl_shm") == 0)
    shm = wl_registry_bind (registry, name, &wl_shm_interface, 1);
  else if (strcmp (interface, "xdg_wm_base") == 0) {
    base = wl_registry_bind (registry, name, &xdg_wm_base_interface, 1);
    xdg_wm_base_add_listener (base, &base_listener, NULL);
  }
}

static void on_global_remove (void *data, struct wl_registry *registry, uint32_t name)
{
}

static void connect_to_compositor (void)
{
  static const struct wl_registry_listener listener = {on_global, on_global_remove};
  display = wl_display_connect (NULL);
  if (!display)
    fail ("no compositor");
  wl_registry_add_listener (wl_display_get_registry (display), &listener, NULL);
  wl_display_roundtrip (display);
  if (!compositor || !shm || !base)
    fail ("a protocol is missing");
}

static struct wl_buffer *make_buffer (int width, int height)
{
  size_t size = (size_t)width * (size_t)height * 4;
  int fd = memfd_create ("bench", MFD_CLOEXEC);
  if (fd < 0 || ftruncate (fd, (off_t)size) < 0)
    fail ("no memory for a buffer");
  void *pixels = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (pixels == MAP_FAILED)
    fail ("no memory for a buffer");
  memset (pixels, 0x80, size);
  munmap (pixels, size);
  struct wl_shm_pool *pool = wl_shm_create_pool (shm, fd, (int32_t)size);
  struct wl_buffer *buffer =
    wl_shm_pool_create_buffer (pool, 0, width, height, width * 4, WL_SHM_FORMAT_XRGB8888);
  wl_shm_pool_destroy (pool);
  close (fd);
  return buffer;
}

static void free_buffers (struct window *window)
{
  for (int i = 0; i < 2; i++) {
    if (window->buffers[i])
      wl_buffer_destroy (window->buffers[i]);
    window->buffers[i] = NULL;
  }
}

static void commit (struct window *window)
{
  int width = window->width > 0 ? window->width : WIDTH;
  int height = window->height > 0 ? window->height : HEIGHT;
  if (width != window->drawn_width || height != window->drawn_height) {
    free_buffers (window);
    window->buffers[0] = make_buffer (width, height);
    window->buffers[1] = make_buffer (width, height);
    window->drawn_width = width;
    window->drawn_height = height;
  }
  wl_surface_attach (window->surface, window->buffers[window->frames++ % 2], 0, 0);
  wl_surface_damage (window->surface, 0, 0, width, height);
  wl_surface_commit (window->surface);
}

static void on_configure (void *data, struct xdg_surface *xdg, uint32_t serial)
{
  struct window *window = data;
  xdg_surface_ack_configure (xdg, serial);
  if (window->configured)
    commit (window); /* some wait for it */
  window->configured = true;
}

static const struct xdg_surface_listener surface_listener = {on_configure};

static void on_toplevel_configure (void *data, struct xdg_toplevel *toplevel, int32_t width,
                                   int32_t height, struct wl_array *states)
{
  struct window *window = data;
  window->width = width;
  window->height = height;
}

static void on_close (void *data, struct xdg_toplevel *toplevel)
{
}

static const struct xdg_toplevel_listener toplevel_listener = {on_toplevel_configure, on_close};

static void open_window (struct window *window, bool fullscreen)
{
  *window = (struct window){.surface = wl_compositor_create_surface (compositor)};
  window->xdg = xdg_wm_base_get_xdg_surface (base, window->surface);
  xdg_surface_add_listener (window->xdg, &surface_listener, window);
  window->toplevel = xdg_surface_get_toplevel (window->xdg);
  xdg_toplevel_add_listener (window->toplevel, &toplevel_listener, window);
  xdg_toplevel_set_app_id (window->toplevel, "org.inos.Bench");
  xdg_toplevel_set_title (window->toplevel, "bench");
  if (fullscreen)
    xdg_toplevel_set_fullscreen (window->toplevel, NULL);
  wl_surface_commit (window->surface);
  while (!window->configured)
    if (wl_display_dispatch (display) < 0)
      fail ("the compositor has gone");
  commit (window);
  wl_display_roundtrip (display);
}

static void close_window (struct window *window)
{
  xdg_toplevel_destroy (window->toplevel);
  xdg_surface_destroy (window->xdg);
  wl_surface_destroy (window->surface);
  free_buffers (window);
  wl_display_roundtrip (display);
}

/* Says so, and waits until who measures is ready. */
static void say (const char *word)
{
  printf ("%s\n", word);
  fflush (stdout);
  if (getchar() == EOF)
    exit (0);
}

static void roundtrips (long n)
{
  say ("begin");
  for (long i = 0; i < n; i++)
    wl_display_roundtrip (display);
}

static void commits (long n)
{
  struct window window;
  open_window (&window, false);
  say ("begin");
  for (long i = 0; i < n; i++) {
    commit (&window);
    if (i % 16 == 15)
      wl_display_roundtrip (display);
  }
  wl_display_roundtrip (display);
}

static void maps (long n)
{
  struct window window;
  say ("begin");
  for (long i = 0; i < n; i++) {
    open_window (&window, false);
    close_window (&window);
  }
}

static void ask_for_frame (struct window *window);

static void on_frame (void *data, struct wl_callback *callback, uint32_t time)
{
  struct window *window = data;
  wl_callback_destroy (callback);
  window->callback = NULL;
  if (window->running)
    ask_for_frame (window);
}

static void ask_for_frame (struct window *window)
{
  static const struct wl_callback_listener listener = {on_frame};
  window->callback = wl_surface_frame (window->surface);
  wl_callback_add_listener (window->callback, &listener, window);
  commit (window);
}

static double now (void)
{
  struct timespec time;
  clock_gettime (CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void frames (double seconds, int count, bool fullscreen)
{
  static struct window windows[WINDOWS_MAX];
  for (int i = 0; i < count; i++)
    open_window (&windows[i], fullscreen);
  say ("begin");
  unsigned before = windows[0].frames;
  double end = now() + seconds;
  for (int i = 0; i < count; i++) {
    windows[i].running = true;
    ask_for_frame (&windows[i]);
  }
  while (now() < end)
    if (wl_display_dispatch (display) < 0)
      fail ("the compositor has gone");
  printf ("frames %u\n", windows[0].frames - before);
}

static void many_windows (int n)
{
  static struct window windows[WINDOWS_MAX];
  for (int i = 0; i < n && i < WINDOWS_MAX; i++)
    open_window (&windows[i], false);
  say ("begin");
}

int main (int argc, char **argv)
{
  const char *what = argc > 2 ? argv[1] : "";
  long n = argc > 2 ? strtol (argv[2], NULL, 10) : 0;
  connect_to_compositor();
  if (strcmp (what, "roundtrip") == 0)
    roundtrips (n);
  else if (strcmp (what, "commit") == 0)
    commits (n);
  else if (strcmp (what, "map") == 0)
    maps (n);
  else if (strcmp (what, "frames") == 0)
    frames ((double)n, argc > 3 ? atoi (argv[3]) : 1, argc > 4);
  else if (strcmp (what, "windows") == 0)
    many_windows ((int)n);
  else
    fail ("see the top of client.c for what it takes");
  say ("end");
  return 0;
}
