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

extern const struct wl_interface org_kde_kwin_server_decoration_manager_interface;
extern const struct wl_interface org_kde_kwin_server_decoration_interface;
enum { KDE_DECORATION_MANAGER_CREATE = 0, KDE_DECORATION_RELEASE = 0, KDE_DECORATION_REQUEST = 1 };
enum { KDE_DECORATION_CLIENT = 1, KDE_DECORATION_SERVER = 2 };
/* Of the manager the usual mode, of a decoration the one that it has. */
struct kde_decoration_listener {
  void (*mode) (void *data, struct wl_proxy *proxy, uint32_t mode);
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

extern const struct wl_interface zwp_virtual_keyboard_manager_v1_interface;
extern const struct wl_interface zwp_virtual_keyboard_v1_interface;
enum {
  VIRTUAL_KEYBOARD_MANAGER_CREATE = 0,
  VIRTUAL_KEYBOARD_KEYMAP = 0,
  VIRTUAL_KEYBOARD_KEY = 1,
  VIRTUAL_KEYBOARD_DESTROY = 3,
};

extern const struct wl_interface zwlr_virtual_pointer_manager_v1_interface;
extern const struct wl_interface zwlr_virtual_pointer_v1_interface;
enum {
  VIRTUAL_POINTER_MANAGER_CREATE = 0,
  VIRTUAL_POINTER_MANAGER_DESTROY = 1,
  VIRTUAL_POINTER_MOTION_ABSOLUTE = 1,
  VIRTUAL_POINTER_BUTTON = 2,
  VIRTUAL_POINTER_AXIS = 3,
  VIRTUAL_POINTER_FRAME = 4,
  VIRTUAL_POINTER_DESTROY = 8,
};

extern const struct wl_interface zwlr_screencopy_manager_v1_interface;
extern const struct wl_interface zwlr_screencopy_frame_v1_interface;
enum {
  SCREENCOPY_CAPTURE_OUTPUT = 0,
  SCREENCOPY_DESTROY = 2,
  SCREENCOPY_FRAME_COPY = 0,
  SCREENCOPY_FRAME_DESTROY = 1,
};
struct screencopy_frame_listener {
  void (*buffer) (void *data, struct wl_proxy *frame, uint32_t format, uint32_t width,
                  uint32_t height, uint32_t stride);
  void (*flags) (void *data, struct wl_proxy *frame, uint32_t flags);
  void (*ready) (void *data, struct wl_proxy *frame, uint32_t hi, uint32_t lo, uint32_t nsec);
  void (*failed) (void *data, struct wl_proxy *frame);
  void (*damage) (void *data, struct wl_proxy *frame, uint32_t x, uint32_t y, uint32_t width,
                  uint32_t height);
  void (*linux_dmabuf) (void *data, struct wl_proxy *frame, uint32_t format, uint32_t width,
                        uint32_t height);
  void (*buffer_done) (void *data, struct wl_proxy *frame);
};

extern const struct wl_interface zwlr_export_dmabuf_manager_v1_interface;
extern const struct wl_interface zwlr_export_dmabuf_frame_v1_interface;
enum {
  EXPORT_CAPTURE_OUTPUT = 0,
  EXPORT_DESTROY = 1,
  EXPORT_FRAME_DESTROY = 0,
};
struct export_frame_listener {
  void (*frame) (void *data, struct wl_proxy *frame, uint32_t width, uint32_t height, uint32_t x,
                 uint32_t y, uint32_t buffer_flags, uint32_t flags, uint32_t format,
                 uint32_t mod_high, uint32_t mod_low, uint32_t objects);
  void (*object) (void *data, struct wl_proxy *frame, uint32_t index, int32_t fd, uint32_t size,
                  uint32_t offset, uint32_t stride, uint32_t plane);
  void (*ready) (void *data, struct wl_proxy *frame, uint32_t hi, uint32_t lo, uint32_t nsec);
  void (*cancel) (void *data, struct wl_proxy *frame, uint32_t reason);
};
