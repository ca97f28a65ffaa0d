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
enum { GAMMA_MANAGER_GET = 0, GAMMA_CONTROL_SET = 0, GAMMA_CONTROL_DESTROY = 1 };
struct gamma_control_listener {
  void (*gamma_size) (void *data, struct wl_proxy *control, uint32_t size);
  void (*failed) (void *data, struct wl_proxy *control);
};

extern const struct wl_interface zwlr_foreign_toplevel_manager_v1_interface;
extern const struct wl_interface zwlr_foreign_toplevel_handle_v1_interface;
enum {
  FOREIGN_SET_MAXIMIZED = 0,
  FOREIGN_UNSET_MAXIMIZED = 1,
  FOREIGN_SET_MINIMIZED = 2,
  FOREIGN_UNSET_MINIMIZED = 3,
  FOREIGN_ACTIVATE = 4,
  FOREIGN_CLOSE = 5,
  FOREIGN_SET_RECTANGLE = 6,
  FOREIGN_DESTROY = 7,
  FOREIGN_SET_FULLSCREEN = 8,
  FOREIGN_UNSET_FULLSCREEN = 9,
};
enum {
  FOREIGN_STATE_MAXIMIZED = 0,
  FOREIGN_STATE_MINIMIZED = 1,
  FOREIGN_STATE_ACTIVATED = 2,
  FOREIGN_STATE_FULLSCREEN = 3,
};
struct foreign_manager_listener {
  void (*toplevel) (void *data, struct wl_proxy *manager, struct wl_proxy *handle);
  void (*finished) (void *data, struct wl_proxy *manager);
};
struct foreign_handle_listener {
  void (*title) (void *data, struct wl_proxy *handle, const char *title);
  void (*app_id) (void *data, struct wl_proxy *handle, const char *app_id);
  void (*output_enter) (void *data, struct wl_proxy *handle, struct wl_output *output);
  void (*output_leave) (void *data, struct wl_proxy *handle, struct wl_output *output);
  void (*state) (void *data, struct wl_proxy *handle, struct wl_array *state);
  void (*done) (void *data, struct wl_proxy *handle);
  void (*closed) (void *data, struct wl_proxy *handle);
  void (*parent) (void *data, struct wl_proxy *handle, struct wl_proxy *parent);
};
