#include "wlr_interfaces.h"

static const struct wl_interface *none[10];

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

static const struct wl_interface *decoration_of_surface[] = {
  &org_kde_kwin_server_decoration_interface, &wl_surface_interface};
static const struct wl_message kde_decoration_manager_requests[] = {
  {"create", "no", decoration_of_surface},
};
static const struct wl_message kde_decoration_manager_events[] = {
  {"default_mode", "u", none},
};
const struct wl_interface org_kde_kwin_server_decoration_manager_interface = {
  "org_kde_kwin_server_decoration_manager", 1, 1,
  kde_decoration_manager_requests,          1, kde_decoration_manager_events,
};
static const struct wl_message kde_decoration_requests[] = {
  {"release", "", none},
  {"request_mode", "u", none},
};
static const struct wl_message kde_decoration_events[] = {
  {"mode", "u", none},
};
const struct wl_interface org_kde_kwin_server_decoration_interface = {
  "org_kde_kwin_server_decoration", 1, 2, kde_decoration_requests, 1, kde_decoration_events,
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

static const struct wl_interface *keyboard_of_seat[] = {&wl_seat_interface,
                                                        &zwp_virtual_keyboard_v1_interface};
static const struct wl_message keyboard_manager_requests[] = {
  {"create_virtual_keyboard", "on", keyboard_of_seat},
};
const struct wl_interface zwp_virtual_keyboard_manager_v1_interface = {
  "zwp_virtual_keyboard_manager_v1", 1, 1, keyboard_manager_requests, 0, NULL,
};
static const struct wl_message keyboard_requests[] = {
  {"keymap", "uhu", none},
  {"key", "uuu", none},
  {"modifiers", "uuuu", none},
  {"destroy", "", none},
};
const struct wl_interface zwp_virtual_keyboard_v1_interface = {
  "zwp_virtual_keyboard_v1", 1, 4, keyboard_requests, 0, NULL,
};

static const struct wl_interface *pointer_of_seat[] = {&wl_seat_interface,
                                                       &zwlr_virtual_pointer_v1_interface};
static const struct wl_message pointer_manager_requests[] = {
  {"create_virtual_pointer", "?on", pointer_of_seat},
  {"destroy", "", none},
};
const struct wl_interface zwlr_virtual_pointer_manager_v1_interface = {
  "zwlr_virtual_pointer_manager_v1", 1, 2, pointer_manager_requests, 0, NULL,
};
static const struct wl_message pointer_requests[] = {
  {"motion", "uff", none},   {"motion_absolute", "uuuuu", none},
  {"button", "uuu", none},   {"axis", "uuf", none},
  {"frame", "", none},       {"axis_source", "u", none},
  {"axis_stop", "uu", none}, {"axis_discrete", "uufi", none},
  {"destroy", "", none},
};
const struct wl_interface zwlr_virtual_pointer_v1_interface = {
  "zwlr_virtual_pointer_v1", 1, 9, pointer_requests, 0, NULL,
};

static const struct wl_interface *frame_of_output[] = {
  &zwlr_screencopy_frame_v1_interface, NULL, &wl_output_interface, NULL, NULL, NULL, NULL};
static const struct wl_interface *a_buffer[] = {&wl_buffer_interface};
static const struct wl_message screencopy_requests[] = {
  {"capture_output", "nio", frame_of_output},
  {"capture_output_region", "nioiiii", frame_of_output},
  {"destroy", "", none},
};
const struct wl_interface zwlr_screencopy_manager_v1_interface = {
  "zwlr_screencopy_manager_v1", 1, 3, screencopy_requests, 0, NULL,
};
static const struct wl_message frame_requests[] = {
  {"copy", "o", a_buffer},
  {"destroy", "", none},
  {"copy_with_damage", "2o", a_buffer},
};
static const struct wl_message frame_events[] = {
  {"buffer", "uuuu", none},   {"flags", "u", none},      {"ready", "uuu", none},
  {"failed", "", none},       {"damage", "2uuuu", none}, {"linux_dmabuf", "3uuu", none},
  {"buffer_done", "3", none},
};
const struct wl_interface zwlr_screencopy_frame_v1_interface = {
  "zwlr_screencopy_frame_v1", 1, 3, frame_requests, 7, frame_events,
};

static const struct wl_interface *export_of_output[] = {&zwlr_export_dmabuf_frame_v1_interface,
                                                        NULL, &wl_output_interface};
static const struct wl_message export_requests[] = {
  {"capture_output", "nio", export_of_output},
  {"destroy", "", none},
};
const struct wl_interface zwlr_export_dmabuf_manager_v1_interface = {
  "zwlr_export_dmabuf_manager_v1", 1, 2, export_requests, 0, NULL,
};
static const struct wl_message export_frame_requests[] = {
  {"destroy", "", none},
};
static const struct wl_message export_frame_events[] = {
  {"frame", "uuuuuuuuuu", none},
  {"object", "uhuuuu", none},
  {"ready", "uuu", none},
  {"cancel", "u", none},
};
const struct wl_interface zwlr_export_dmabuf_frame_v1_interface = {
  "zwlr_export_dmabuf_frame_v1", 1, 1, export_frame_requests, 4, export_frame_events,
};
