#include "layer-client.h"

#include "xdg-shell-client-protocol.h"

static const struct wl_interface *surface_types[] = {
  &test_layer_surface_interface, &wl_surface_interface, &wl_output_interface, NULL, NULL};
static const struct wl_interface *popup_types[] = {&xdg_popup_interface};
static const struct wl_interface *no_types[] = {NULL, NULL, NULL, NULL};

static const struct wl_message shell_requests[] = {
  {"get_layer_surface", "no?ous", surface_types},
  {"destroy", "3", no_types},
};

const struct wl_interface test_layer_shell_interface = {"zwlr_layer_shell_v1", 4, 2,
                                                        shell_requests,        0, NULL};

static const struct wl_message surface_requests[] = {
  {"set_size", "uu", no_types},
  {"set_anchor", "u", no_types},
  {"set_exclusive_zone", "i", no_types},
  {"set_margin", "iiii", no_types},
  {"set_keyboard_interactivity", "u", no_types},
  {"get_popup", "o", popup_types},
  {"ack_configure", "u", no_types},
  {"destroy", "", no_types},
  {"set_layer", "2u", no_types},
};

static const struct wl_message surface_events[] = {
  {"configure", "uuu", no_types},
  {"closed", "", no_types},
};

const struct wl_interface test_layer_surface_interface = {
  "zwlr_layer_surface_v1", 4, 9, surface_requests, 2, surface_events};

struct wl_proxy *layer_surface_create (struct wl_proxy *shell, struct wl_surface *surface,
                                       struct wl_output *output, uint32_t layer)
{
  return wl_proxy_marshal_flags (shell, LAYER_SHELL_GET_SURFACE, &test_layer_surface_interface,
                                 wl_proxy_get_version (shell), 0, NULL, surface, output, layer,
                                 "test");
}

void layer_surface_set (struct wl_proxy *layer_surface, uint32_t request, int32_t a, int32_t b,
                        int32_t c, int32_t d)
{
  union wl_argument numbers[4] = {{.i = a}, {.i = b}, {.i = c}, {.i = d}};
  wl_proxy_marshal_array_flags (layer_surface, request, NULL, wl_proxy_get_version (layer_surface),
                                request == LAYER_SURFACE_DESTROY ? WL_MARSHAL_FLAG_DESTROY : 0,
                                numbers);
}
