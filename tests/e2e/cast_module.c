/*
 * For xdg-desktop-portal-wlr 0.7, preloaded: lets it cast where there is no GPU. It wants to hear
 * of a format for graphics buffers before it begins (start_screencast()), also where it then makes
 * buffers in memory, and no compositor that draws with the processor has one to name. So it hears
 * of one from here; since nobody offers linux-dmabuf it makes none. All else is its own: what it
 * asks the compositor, what it copies and what it hands to PipeWire.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wayland-client.h>

#define XR24 0x34325258 /* DRM_FORMAT_XRGB8888 */

struct frame_listener { /* zwlr_screencopy_frame_v1, version 3 */
  void (*buffer) (void *data, struct wl_proxy *frame, uint32_t format, uint32_t width,
                  uint32_t height, uint32_t stride);
  void (*flags) (void *data, struct wl_proxy *frame, uint32_t flags);
  void (*ready) (void *data, struct wl_proxy *frame, uint32_t high, uint32_t low, uint32_t ns);
  void (*failed) (void *data, struct wl_proxy *frame);
  void (*damage) (void *data, struct wl_proxy *frame, uint32_t x, uint32_t y, uint32_t width,
                  uint32_t height);
  void (*linux_dmabuf) (void *data, struct wl_proxy *frame, uint32_t format, uint32_t width,
                        uint32_t height);
  void (*buffer_done) (void *data, struct wl_proxy *frame);
};

static const struct frame_listener *theirs;
static struct frame_listener ours;

static void on_buffer (void *data, struct wl_proxy *frame, uint32_t format, uint32_t width,
                       uint32_t height, uint32_t stride)
{
  theirs->buffer (data, frame, format, width, height, stride);
  theirs->linux_dmabuf (data, frame, XR24, width, height);
}

/* The libwayland-client's, found before it. */
__attribute__ ((visibility ("default"))) int
wl_proxy_add_listener (struct wl_proxy *proxy, void (**implementation) (void), void *data)
{
  int (*real) (struct wl_proxy *, void (**) (void), void *);
  void *found = dlsym (RTLD_NEXT, "wl_proxy_add_listener");

  memcpy (&real, &found, sizeof real);
  if (strcmp (wl_proxy_get_class (proxy), "zwlr_screencopy_frame_v1") == 0) {
    theirs = (const struct frame_listener *)(const void *)implementation;
    ours = *theirs;
    ours.buffer = on_buffer;
    implementation = (void (**) (void)) (void *)&ours;
  }
  return real (proxy, implementation, data);
}
