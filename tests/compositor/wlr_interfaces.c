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
