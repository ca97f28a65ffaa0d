/* Interfaces of protocols whose descriptions no Debian package has, for clients in tests. Requests
 * go by number, with wl_proxy_marshal_flags(). */
#pragma once

#include <wayland-client.h>

extern const struct wl_interface zwlr_output_power_manager_v1_interface;
extern const struct wl_interface zwlr_output_power_v1_interface;
enum { OUTPUT_POWER_MANAGER_GET = 0, OUTPUT_POWER_SET_MODE = 0, OUTPUT_POWER_DESTROY = 1 };
struct output_power_listener {
  void (*mode) (void *data, struct wl_proxy *power, uint32_t mode);
  void (*failed) (void *data, struct wl_proxy *power);
};

extern const struct wl_interface zwlr_gamma_control_manager_v1_interface;
extern const struct wl_interface zwlr_gamma_control_v1_interface;
enum { GAMMA_MANAGER_GET = 0, GAMMA_CONTROL_DESTROY = 1 };
struct gamma_control_listener {
  void (*gamma_size) (void *data, struct wl_proxy *control, uint32_t size);
  void (*failed) (void *data, struct wl_proxy *control);
};
