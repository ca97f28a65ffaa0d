/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Protocols whose descriptions no Debian package has: virtual-keyboard, version 1, and of
 * input-method, version 2, what a client needs that takes no keys and has no popups. Requests go by
 * number, with wl_proxy_marshal_flags().
 */

#include <wayland-client.h>

extern const struct wl_interface inos_typing_manager_interface;
extern const struct wl_interface inos_typing_interface;
enum {
  INOS_TYPING_MANAGER_CREATE = 0,
  INOS_TYPING_KEYMAP = 0,
  INOS_TYPING_KEY = 1,
  INOS_TYPING_MODIFIERS = 2,
  INOS_TYPING_DESTROY = 3,
};

extern const struct wl_interface inos_method_manager_interface;
extern const struct wl_interface inos_method_interface;
enum {
  INOS_METHOD_MANAGER_GET = 0,
  INOS_METHOD_MANAGER_DESTROY = 1,
  INOS_METHOD_COMMIT_STRING = 0,
  INOS_METHOD_COMMIT = 3,
  INOS_METHOD_DESTROY = 6,
};
typedef struct {
  void (*activate) (void *data, struct wl_proxy *method);
  void (*deactivate) (void *data, struct wl_proxy *method);
  void (*surrounding_text) (void *data, struct wl_proxy *method, const char *text, uint32_t cursor,
                            uint32_t anchor);
  void (*text_change_cause) (void *data, struct wl_proxy *method, uint32_t cause);
  void (*content_type) (void *data, struct wl_proxy *method, uint32_t hint, uint32_t purpose);
  void (*done) (void *data, struct wl_proxy *method);
  void (*unavailable) (void *data, struct wl_proxy *method);
} InosMethodListener;
