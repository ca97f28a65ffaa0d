/* What a client needs of input-method, version 2, whose description no Debian package has: the
 * interfaces, and one function a request. */
#pragma once

#include <wayland-client.h>

static const struct wl_interface *im_no_types[] = {NULL, NULL, NULL, NULL, NULL};

static const struct wl_message im_popup_requests[] = {{"destroy", "", im_no_types}};
static const struct wl_message im_popup_events[] = {{"text_input_rectangle", "iiii", im_no_types}};
static const struct wl_interface im_popup_interface = {
  "zwp_input_popup_surface_v2", 1, 1, im_popup_requests, 1, im_popup_events};

static const struct wl_message im_grab_requests[] = {{"release", "", im_no_types}};
static const struct wl_message im_grab_events[] = {
  {"keymap", "uhu", im_no_types},
  {"key", "uuuu", im_no_types},
  {"modifiers", "uuuuu", im_no_types},
  {"repeat_info", "ii", im_no_types},
};
static const struct wl_interface im_grab_interface = {
  "zwp_input_method_keyboard_grab_v2", 1, 1, im_grab_requests, 4, im_grab_events};

static const struct wl_interface *im_popup_types[] = {&im_popup_interface, &wl_surface_interface};
static const struct wl_interface *im_grab_types[] = {&im_grab_interface};
static const struct wl_message im_requests[] = {
  {"commit_string", "s", im_no_types},
  {"set_preedit_string", "sii", im_no_types},
  {"delete_surrounding_text", "uu", im_no_types},
  {"commit", "u", im_no_types},
  {"get_input_popup_surface", "no", im_popup_types},
  {"grab_keyboard", "n", im_grab_types},
  {"destroy", "", im_no_types},
};
static const struct wl_message im_events[] = {
  {"activate", "", im_no_types},
  {"deactivate", "", im_no_types},
  {"surrounding_text", "suu", im_no_types},
  {"text_change_cause", "u", im_no_types},
  {"content_type", "uu", im_no_types},
  {"done", "", im_no_types},
  {"unavailable", "", im_no_types},
};
static const struct wl_interface im_interface = {"zwp_input_method_v2", 1, 7,
                                                 im_requests,           7, im_events};

static const struct wl_interface *im_manager_types[] = {&wl_seat_interface, &im_interface};
static const struct wl_message im_manager_requests[] = {
  {"get_input_method", "on", im_manager_types},
  {"destroy", "", im_no_types},
};
static const struct wl_interface im_manager_interface = {"zwp_input_method_manager_v2", 1, 2,
                                                         im_manager_requests,           0, NULL};

struct im_listener {
  void (*activate) (void *data, struct wl_proxy *im);
  void (*deactivate) (void *data, struct wl_proxy *im);
  void (*surrounding_text) (void *data, struct wl_proxy *im, const char *text, uint32_t cursor,
                            uint32_t anchor);
  void (*text_change_cause) (void *data, struct wl_proxy *im, uint32_t cause);
  void (*content_type) (void *data, struct wl_proxy *im, uint32_t hint, uint32_t purpose);
  void (*done) (void *data, struct wl_proxy *im);
  void (*unavailable) (void *data, struct wl_proxy *im);
};

struct im_grab_listener {
  void (*keymap) (void *data, struct wl_proxy *grab, uint32_t format, int32_t fd, uint32_t size);
  void (*key) (void *data, struct wl_proxy *grab, uint32_t serial, uint32_t time, uint32_t key,
               uint32_t state);
  void (*modifiers) (void *data, struct wl_proxy *grab, uint32_t serial, uint32_t depressed,
                     uint32_t latched, uint32_t locked, uint32_t group);
  void (*repeat_info) (void *data, struct wl_proxy *grab, int32_t rate, int32_t delay);
};

struct im_popup_listener {
  void (*rectangle) (void *data, struct wl_proxy *popup, int32_t x, int32_t y, int32_t width,
                     int32_t height);
};

static inline struct wl_proxy *im_get (void *manager, struct wl_seat *seat)
{
  return wl_proxy_marshal_flags (manager, 0, &im_interface, 1, 0, seat, NULL);
}

static inline struct wl_proxy *im_get_popup (struct wl_proxy *im, struct wl_surface *surface)
{
  return wl_proxy_marshal_flags (im, 4, &im_popup_interface, 1, 0, NULL, surface);
}

static inline struct wl_proxy *im_grab_keyboard (struct wl_proxy *im)
{
  return wl_proxy_marshal_flags (im, 5, &im_grab_interface, 1, 0, NULL);
}

/* The last request of each of these interfaces ends the object. */
static inline void im_end (struct wl_proxy *proxy, uint32_t opcode)
{
  wl_proxy_marshal_flags (proxy, opcode, NULL, 1, WL_MARSHAL_FLAG_DESTROY);
}
