/* The client's side of the layer shell, as far as the tests need it. No Debian package has the
 * description from which it is elsewhere generated. */
#pragma once

#include <wayland-client.h>

extern const struct wl_interface test_layer_shell_interface;
extern const struct wl_interface test_layer_surface_interface;

/* Numbers of requests. */
enum {
  LAYER_SHELL_GET_SURFACE = 0,
  LAYER_SURFACE_SET_SIZE = 0,
  LAYER_SURFACE_SET_ANCHOR,
  LAYER_SURFACE_SET_EXCLUSIVE_ZONE,
  LAYER_SURFACE_SET_MARGIN,
  LAYER_SURFACE_SET_KEYBOARD_INTERACTIVITY,
  LAYER_SURFACE_GET_POPUP,
  LAYER_SURFACE_ACK_CONFIGURE,
  LAYER_SURFACE_DESTROY,
  LAYER_SURFACE_SET_LAYER,
};

struct layer_surface_listener {
  void (*configure) (void *data, struct wl_proxy *surface, uint32_t serial, uint32_t width,
                     uint32_t height);
  void (*closed) (void *data, struct wl_proxy *surface);
};

/* output: may be NULL, the compositor then chooses. */
struct wl_proxy *layer_surface_create (struct wl_proxy *shell, struct wl_surface *surface,
                                       struct wl_output *output, uint32_t layer);
/* Sends a request of up to four numbers. */
void layer_surface_set (struct wl_proxy *layer_surface, uint32_t request, int32_t a, int32_t b,
                        int32_t c, int32_t d);
