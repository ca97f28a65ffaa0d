/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protocols.h"

static const struct wl_interface *none[5];

static const struct wl_interface *typing_of_seat[] = {&wl_seat_interface, &inos_typing_interface};
static const struct wl_message typing_manager_requests[] = {
  {"create_virtual_keyboard", "on", typing_of_seat},
};
const struct wl_interface inos_typing_manager_interface = {
  "zwp_virtual_keyboard_manager_v1", 1, 1, typing_manager_requests, 0, NULL,
};
static const struct wl_message typing_requests[] = {
  {"keymap", "uhu", none},
  {"key", "uuu", none},
  {"modifiers", "uuuu", none},
  {"destroy", "", none},
};
const struct wl_interface inos_typing_interface = {
  "zwp_virtual_keyboard_v1", 1, 4, typing_requests, 0, NULL,
};

static const struct wl_interface *method_of_seat[] = {&wl_seat_interface, &inos_method_interface};
static const struct wl_message method_manager_requests[] = {
  {"get_input_method", "on", method_of_seat},
  {"destroy", "", none},
};
const struct wl_interface inos_method_manager_interface = {
  "zwp_input_method_manager_v2", 1, 2, method_manager_requests, 0, NULL,
};
static const struct wl_message method_requests[] = {
  {"commit_string", "s", none},
  {"set_preedit_string", "sii", none},
  {"delete_surrounding_text", "uu", none},
  {"commit", "u", none},
  {"get_input_popup_surface", "no", none},
  {"grab_keyboard", "n", none},
  {"destroy", "", none},
};
static const struct wl_message method_events[] = {
  {"activate", "", none},           {"deactivate", "", none},     {"surrounding_text", "suu", none},
  {"text_change_cause", "u", none}, {"content_type", "uu", none}, {"done", "", none},
  {"unavailable", "", none},
};
const struct wl_interface inos_method_interface = {
  "zwp_input_method_v2", 1, 7, method_requests, 7, method_events,
};
