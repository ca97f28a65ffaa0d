/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { ONE = 120 }; /* a scale of 1, as wp_fractional_scale_v1 counts */

void fail (const char *what)
{
  fprintf (stderr, "client: %s\n", what);
  exit (1);
}

static void on_ping (void *data, struct xdg_wm_base *wm, uint32_t serial)
{
  xdg_wm_base_pong (wm, serial);
}

static void on_global (void *data, struct wl_registry *registry, uint32_t name,
                       const char *interface, uint32_t version)
{
  struct desk *desk = data;
  if (desk->count == GLOBALS_MAX)
    return;
  desk->globals[desk->count].name = name;
  snprintf (desk->globals[desk->count++].interface, sizeof desk->globals[0].interface, "%s",
            interface);
}

static void on_global_remove (void *data, struct wl_registry *registry, uint32_t name)
{
}

void *desk_bind (struct desk *desk, const struct wl_interface *interface, uint32_t version)
{
  for (int i = 0; i < desk->count; i++) {
    if (strcmp (desk->globals[i].interface, interface->name) == 0)
      return wl_registry_bind (desk->registry, desk->globals[i].name, interface, version);
  }
  return NULL;
}

void desk_connect (struct desk *desk)
{
  static const struct wl_registry_listener listener = {on_global, on_global_remove};
  static const struct xdg_wm_base_listener base_listener = {on_ping};
  *desk = (struct desk){.display = wl_display_connect (NULL), .width = WIDTH, .height = HEIGHT};
  /* The socket is there a little before anybody listens. */
  for (int tries = 0; !desk->display && tries < 100; tries++) {
    usleep (10000);
    desk->display = wl_display_connect (NULL);
  }
  if (!desk->display)
    fail ("no compositor");
  desk->registry = wl_display_get_registry (desk->display);
  wl_registry_add_listener (desk->registry, &listener, desk);
  wl_display_roundtrip (desk->display);
  desk->compositor = desk_bind (desk, &wl_compositor_interface, 4);
  desk->shm = desk_bind (desk, &wl_shm_interface, 1);
  desk->base = desk_bind (desk, &xdg_wm_base_interface, 1);
  if (!desk->compositor || !desk->shm || !desk->base)
    fail ("a protocol is missing");
  xdg_wm_base_add_listener (desk->base, &base_listener, NULL);
}

void desk_be_dense (struct desk *desk)
{
  desk->scales = desk_bind (desk, &wp_fractional_scale_manager_v1_interface, 1);
  desk->viewporter = desk_bind (desk, &wp_viewporter_interface, 1);
  if (!desk->scales || !desk->viewporter)
    fail ("the compositor has no scale but whole ones");
}

void desk_dispatch (struct desk *desk)
{
  if (wl_display_dispatch (desk->display) < 0)
    fail ("the compositor has gone");
}

static struct wl_buffer *make_buffer (struct desk *desk, int width, int height)
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
  struct wl_shm_pool *pool = wl_shm_create_pool (desk->shm, fd, (int32_t)size);
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

void window_commit (struct window *window)
{
  int wide = window->width > 0 ? window->width : window->desk->width;
  int high = window->height > 0 ? window->height : window->desk->height;
  int width = (wide * window->scale + ONE / 2) / ONE,
      height = (high * window->scale + ONE / 2) / ONE;
  if (width != window->drawn_width || height != window->drawn_height) {
    free_buffers (window);
    window->buffers[0] = make_buffer (window->desk, width, height);
    window->buffers[1] = make_buffer (window->desk, width, height);
    window->drawn_width = width;
    window->drawn_height = height;
    if (window->viewport)
      wp_viewport_set_destination (window->viewport, wide, high);
  }
  wl_surface_attach (window->surface, window->buffers[window->frames++ % 2], 0, 0);
  wl_surface_damage (window->surface, 0, 0, wide, high);
  wl_surface_commit (window->surface);
}

static void on_configure (void *data, struct xdg_surface *xdg, uint32_t serial)
{
  struct window *window = data;
  xdg_surface_ack_configure (xdg, serial);
  if (window->configured)
    window_commit (window); /* some wait for it */
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

static const struct xdg_toplevel_listener toplevel_listener = {
  .configure = on_toplevel_configure,
  .close = on_close,
};

static void on_scale (void *data, struct wp_fractional_scale_v1 *density, uint32_t scale)
{
  ((struct window *)data)->scale = (int)scale;
}

static void make_dense (struct window *window)
{
  static const struct wp_fractional_scale_v1_listener listener = {on_scale};
  window->density =
    wp_fractional_scale_manager_v1_get_fractional_scale (window->desk->scales, window->surface);
  wp_fractional_scale_v1_add_listener (window->density, &listener, window);
  window->viewport = wp_viewporter_get_viewport (window->desk->viewporter, window->surface);
}

void window_open (struct window *window, struct desk *desk, bool fullscreen)
{
  *window = (struct window){
    .desk = desk, .surface = wl_compositor_create_surface (desk->compositor), .scale = ONE};
  if (desk->scales)
    make_dense (window);
  window->xdg = xdg_wm_base_get_xdg_surface (desk->base, window->surface);
  xdg_surface_add_listener (window->xdg, &surface_listener, window);
  window->toplevel = xdg_surface_get_toplevel (window->xdg);
  xdg_toplevel_add_listener (window->toplevel, &toplevel_listener, window);
  xdg_toplevel_set_app_id (window->toplevel, "org.inos.Bench");
  xdg_toplevel_set_title (window->toplevel, "bench");
  if (fullscreen)
    xdg_toplevel_set_fullscreen (window->toplevel, NULL);
  wl_surface_commit (window->surface);
  while (!window->configured)
    desk_dispatch (desk);
  window_commit (window);
  wl_display_roundtrip (desk->display);
}

void window_close (struct window *window)
{
  if (window->viewport) {
    wp_viewport_destroy (window->viewport);
    wp_fractional_scale_v1_destroy (window->density);
  }
  xdg_toplevel_destroy (window->toplevel);
  xdg_surface_destroy (window->xdg);
  wl_surface_destroy (window->surface);
  free_buffers (window);
  wl_display_roundtrip (window->desk->display);
}

double now (void)
{
  struct timespec time;
  clock_gettime (CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void say (const char *word)
{
  printf ("%s\n", word);
  fflush (stdout);
  if (getchar() == EOF)
    exit (0);
}
