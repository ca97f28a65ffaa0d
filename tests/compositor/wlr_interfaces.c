#include "wlr_interfaces.h"

static const struct wl_interface *none[] = {NULL, NULL, NULL, NULL};

static const struct wl_interface *power_of_output[] = {&zwlr_output_power_v1_interface,
                                                       &wl_output_interface};
static const struct wl_message power_manager_requests[] = {
  {"get_output_power", "no", power_of_output},
  {"destroy", "", none},
};
const struct wl_interface zwlr_output_power_manager_v1_interface = {
  "zwlr_output_power_manager_v1", 1, 2, power_manager_requests, 0, NULL,
};
static const struct wl_message power_requests[] = {
  {"set_mode", "u", none},
  {"destroy", "", none},
};
static const struct wl_message power_events[] = {
  {"mode", "u", none},
  {"failed", "", none},
};
const struct wl_interface zwlr_output_power_v1_interface = {
  "zwlr_output_power_v1", 1, 2, power_requests, 2, power_events,
};

static const struct wl_interface *gamma_of_output[] = {&zwlr_gamma_control_v1_interface,
                                                       &wl_output_interface};
static const struct wl_message gamma_manager_requests[] = {
  {"get_gamma_control", "no", gamma_of_output},
  {"destroy", "", none},
};
const struct wl_interface zwlr_gamma_control_manager_v1_interface = {
  "zwlr_gamma_control_manager_v1", 1, 2, gamma_manager_requests, 0, NULL,
};
static const struct wl_message gamma_requests[] = {
  {"set_gamma", "h", none},
  {"destroy", "", none},
};
static const struct wl_message gamma_events[] = {
  {"gamma_size", "u", none},
  {"failed", "", none},
};
const struct wl_interface zwlr_gamma_control_v1_interface = {
  "zwlr_gamma_control_v1", 1, 2, gamma_requests, 2, gamma_events,
};

static const struct wl_interface *foreign_handle[] = {&zwlr_foreign_toplevel_handle_v1_interface};
static const struct wl_interface *a_seat[] = {&wl_seat_interface};
static const struct wl_interface *an_output[] = {&wl_output_interface};
static const struct wl_interface *a_rectangle[] = {&wl_surface_interface, NULL, NULL, NULL, NULL};
static const struct wl_message foreign_manager_requests[] = {
  {"stop", "", none},
};
static const struct wl_message foreign_manager_events[] = {
  {"toplevel", "n", foreign_handle},
  {"finished", "", none},
};
const struct wl_interface zwlr_foreign_toplevel_manager_v1_interface = {
  "zwlr_foreign_toplevel_manager_v1", 3, 1, foreign_manager_requests, 2, foreign_manager_events,
};
static const struct wl_message foreign_requests[] = {
  {"set_maximized", "", none},
  {"unset_maximized", "", none},
  {"set_minimized", "", none},
  {"unset_minimized", "", none},
  {"activate", "o", a_seat},
  {"close", "", none},
  {"set_rectangle", "oiiii", a_rectangle},
  {"destroy", "", none},
  {"set_fullscreen", "2?o", an_output},
  {"unset_fullscreen", "2", none},
};
static const struct wl_message foreign_events[] = {
  {"title", "s", none},
  {"app_id", "s", none},
  {"output_enter", "o", an_output},
  {"output_leave", "o", an_output},
  {"state", "a", none},
  {"done", "", none},
  {"closed", "", none},
  {"parent", "3?o", foreign_handle},
};
const struct wl_interface zwlr_foreign_toplevel_handle_v1_interface = {
  "zwlr_foreign_toplevel_handle_v1", 3, 10, foreign_requests, 8, foreign_events,
};
