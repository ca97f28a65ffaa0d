#include "protocol.h"

#include <wlr/render/wlr_renderer.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_cursor_shape_v1.h>
#include <wlr/types/wlr_data_control_v1.h>
#include <wlr/types/wlr_data_device.h>
#include <wlr/types/wlr_fractional_scale_v1.h>
#include <wlr/types/wlr_layer_shell_v1.h>
#include <wlr/types/wlr_linux_dmabuf_v1.h>
#include <wlr/types/wlr_presentation_time.h>
#include <wlr/types/wlr_primary_selection_v1.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_screencopy_v1.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_security_context_v1.h>
#include <wlr/types/wlr_single_pixel_buffer_v1.h>
#include <wlr/types/wlr_subcompositor.h>
#include <wlr/types/wlr_viewporter.h>
#include <wlr/types/wlr_virtual_keyboard_v1.h>
#include <wlr/types/wlr_virtual_pointer_v1.h>
#include <wlr/types/wlr_xdg_activation_v1.h>
#include <wlr/types/wlr_xdg_decoration_v1.h>
#include <wlr/types/wlr_xdg_output_v1.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "keyboard.h"
#include "layer_surface.h"
#include "listener.h"
#include "output_management.h"
#include "pointer.h"
#include "seat.h"
#include "view.h"

/* A protocol that wlroots serves without our help. */
#define SIMPLE(function, call)                                                                     \
  static bool function (struct inos_compositor *compositor, int version)                           \
  {                                                                                                \
    return call;                                                                                   \
  }

SIMPLE (init_compositor,
        wlr_compositor_create (compositor->display, (uint32_t)version, compositor->renderer))
SIMPLE (init_subcompositor, wlr_subcompositor_create (compositor->display))
SIMPLE (init_data_device, wlr_data_device_manager_create (compositor->display))
SIMPLE (init_data_control, wlr_data_control_manager_v1_create (compositor->display))
SIMPLE (init_primary_selection,
        wlr_primary_selection_v1_device_manager_create (compositor->display))
SIMPLE (init_viewporter, wlr_viewporter_create (compositor->display))
SIMPLE (init_single_pixel, wlr_single_pixel_buffer_manager_v1_create (compositor->display))
SIMPLE (init_fractional_scale,
        wlr_fractional_scale_manager_v1_create (compositor->display, (uint32_t)version))
SIMPLE (init_presentation, wlr_presentation_create (compositor->display, compositor->backend))
SIMPLE (init_xdg_output, wlr_xdg_output_manager_v1_create (compositor->display, compositor->layout))
SIMPLE (init_screencopy, wlr_screencopy_manager_v1_create (compositor->display))

static bool init_shm (struct inos_compositor *compositor, int version)
{
  if (!wlr_renderer_init_wl_shm (compositor->renderer, compositor->display))
    return false;
  /* Where the renderer imports graphics buffers, clients may use them. */
  if (wlr_renderer_get_texture_formats (compositor->renderer, WLR_BUFFER_CAP_DMABUF)) {
    struct wlr_linux_dmabuf_v1 *dmabuf =
      wlr_linux_dmabuf_v1_create_with_renderer (compositor->display, 4, compositor->renderer);
    wlr_scene_set_linux_dmabuf_v1 (compositor->scene, dmabuf);
  }
  return true;
}

static void handle_new_toplevel (struct wl_listener *listener, void *data)
{
  struct inos_compositor *compositor =
    wl_container_of (listener, compositor, protocols.new_toplevel);
  inos_view_create (compositor, data);
}

static bool init_xdg_shell (struct inos_compositor *compositor, int version)
{
  compositor->protocols.xdg_shell = wlr_xdg_shell_create (compositor->display, (uint32_t)version);
  if (compositor->protocols.xdg_shell)
    CONNECT_SIGNAL (compositor->protocols.xdg_shell, &compositor->protocols, new_toplevel);
  return compositor->protocols.xdg_shell;
}

static void finish_xdg_shell (struct inos_compositor *compositor)
{
  DISCONNECT (compositor->protocols.new_toplevel);
}

static void handle_new_layer_surface (struct wl_listener *listener, void *data)
{
  struct inos_compositor *compositor =
    wl_container_of (listener, compositor, protocols.new_layer_surface);
  inos_layer_surface_create (compositor, data);
}

static bool init_layer_shell (struct inos_compositor *compositor, int version)
{
  struct wlr_layer_shell_v1 *shell =
    wlr_layer_shell_v1_create (compositor->display, (uint32_t)version);
  if (shell)
    CONNECT_TO (&shell->events.new_surface, &compositor->protocols, new_layer_surface);
  return shell;
}

static void finish_layer_shell (struct inos_compositor *compositor)
{
  DISCONNECT (compositor->protocols.new_layer_surface);
}

/* We draw no decorations yet: a client that asks is told to draw its own. */
static void handle_new_toplevel_decoration (struct wl_listener *listener, void *data)
{
  struct wlr_xdg_toplevel_decoration_v1 *decoration = data;
  if (decoration->toplevel->base->initialized)
    wlr_xdg_toplevel_decoration_v1_set_mode (decoration,
                                             WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_CLIENT_SIDE);
  else
    decoration->scheduled_mode = WLR_XDG_TOPLEVEL_DECORATION_V1_MODE_CLIENT_SIDE;
}

static bool init_decoration (struct inos_compositor *compositor, int version)
{
  compositor->protocols.decoration = wlr_xdg_decoration_manager_v1_create (compositor->display);
  if (compositor->protocols.decoration)
    CONNECT_SIGNAL (compositor->protocols.decoration, &compositor->protocols,
                    new_toplevel_decoration);
  return compositor->protocols.decoration;
}

static void finish_decoration (struct inos_compositor *compositor)
{
  DISCONNECT (compositor->protocols.new_toplevel_decoration);
}

/* A window may come to the front by itself only with a token that a person's input made, which
 * wlroots has checked where the token names a seat, or with one that the shell made. */
static void handle_request_activate (struct wl_listener *listener, void *data)
{
  struct inos_compositor *compositor =
    wl_container_of (listener, compositor, protocols.request_activate);
  const struct wlr_xdg_activation_v1_request_activate_event *event = data;
  const struct wlr_xdg_activation_token_v1 *token = event->token;
  struct inos_view *view = inos_view_from_surface (event->surface);
  bool by_shell = token->surface && compositor->shell &&
                  wl_resource_get_client (token->surface->resource) == compositor->shell;
  if (view && (token->seat || by_shell))
    inos_view_focus (view);
}

static bool init_activation (struct inos_compositor *compositor, int version)
{
  struct wlr_xdg_activation_v1 *activation = wlr_xdg_activation_v1_create (compositor->display);
  if (activation)
    CONNECT_SIGNAL (activation, &compositor->protocols, request_activate);
  return activation;
}

static void finish_activation (struct inos_compositor *compositor)
{
  DISCONNECT (compositor->protocols.request_activate);
}

static void handle_new_virtual_keyboard (struct wl_listener *listener, void *data)
{
  struct inos_compositor *compositor =
    wl_container_of (listener, compositor, protocols.new_virtual_keyboard);
  struct wlr_virtual_keyboard_v1 *keyboard = data;
  inos_keyboard_create (compositor->seat, &keyboard->keyboard, false);
}

static bool init_virtual_keyboard (struct inos_compositor *compositor, int version)
{
  struct wlr_virtual_keyboard_manager_v1 *manager =
    wlr_virtual_keyboard_manager_v1_create (compositor->display);
  if (manager)
    CONNECT_SIGNAL (manager, &compositor->protocols, new_virtual_keyboard);
  return manager;
}

static void finish_virtual_keyboard (struct inos_compositor *compositor)
{
  DISCONNECT (compositor->protocols.new_virtual_keyboard);
}

static void handle_new_virtual_pointer (struct wl_listener *listener, void *data)
{
  struct inos_compositor *compositor =
    wl_container_of (listener, compositor, protocols.new_virtual_pointer);
  const struct wlr_virtual_pointer_v1_new_pointer_event *event = data;
  inos_pointer_create (compositor->seat, &event->new_pointer->pointer.base);
  if (event->suggested_output)
    wlr_cursor_map_input_to_output (compositor->seat->cursor, &event->new_pointer->pointer.base,
                                    event->suggested_output);
}

static bool init_virtual_pointer (struct inos_compositor *compositor, int version)
{
  struct wlr_virtual_pointer_manager_v1 *manager =
    wlr_virtual_pointer_manager_v1_create (compositor->display);
  if (manager)
    CONNECT_SIGNAL (manager, &compositor->protocols, new_virtual_pointer);
  return manager;
}

static void finish_virtual_pointer (struct inos_compositor *compositor)
{
  DISCONNECT (compositor->protocols.new_virtual_pointer);
}

static void handle_request_set_shape (struct wl_listener *listener, void *data)
{
  struct inos_compositor *compositor =
    wl_container_of (listener, compositor, protocols.request_set_shape);
  const struct wlr_cursor_shape_manager_v1_request_set_shape_event *event = data;
  struct inos_seat *seat = compositor->seat;
  if (event->seat_client == seat->wlr->pointer_state.focused_client &&
      seat->grab.kind == INOS_GRAB_NONE)
    inos_pointer_set_image (seat, wlr_cursor_shape_v1_name (event->shape));
}

static bool init_cursor_shape (struct inos_compositor *compositor, int version)
{
  struct wlr_cursor_shape_manager_v1 *manager =
    wlr_cursor_shape_manager_v1_create (compositor->display, (uint32_t)version);
  if (manager)
    CONNECT_SIGNAL (manager, &compositor->protocols, request_set_shape);
  return manager;
}

static void finish_cursor_shape (struct inos_compositor *compositor)
{
  DISCONNECT (compositor->protocols.request_set_shape);
}

static bool init_security_context (struct inos_compositor *compositor, int version)
{
  compositor->protocols.security_context =
    wlr_security_context_manager_v1_create (compositor->display);
  return compositor->protocols.security_context;
}

#define EVERYONE INOS_ACCESS_EVERYONE
#define TRUSTED INOS_ACCESS_TRUSTED

/* wl_shm comes first: the seat and the scene count on it. */
const struct inos_protocol inos_protocols[] = {
  {"wl_shm", 2, EVERYONE, init_shm, NULL},
  {"zwp_linux_dmabuf_v1", 4, EVERYONE, NULL, NULL},
  {"wl_compositor", 6, EVERYONE, init_compositor, NULL},
  {"wl_subcompositor", 1, EVERYONE, init_subcompositor, NULL},
  {"wl_data_device_manager", 3, EVERYONE, init_data_device, NULL},
  {"wl_seat", 9, EVERYONE, NULL, NULL},
  {"wl_output", 4, EVERYONE, NULL, NULL},
  {"xdg_wm_base", 6, EVERYONE, init_xdg_shell, finish_xdg_shell},
  {"zxdg_decoration_manager_v1", 1, EVERYONE, init_decoration, finish_decoration},
  {"xdg_activation_v1", 1, EVERYONE, init_activation, finish_activation},
  {"wp_viewporter", 1, EVERYONE, init_viewporter, NULL},
  {"wp_single_pixel_buffer_manager_v1", 1, EVERYONE, init_single_pixel, NULL},
  {"wp_fractional_scale_manager_v1", 1, EVERYONE, init_fractional_scale, NULL},
  {"wp_presentation", 1, EVERYONE, init_presentation, NULL},
  {"wp_cursor_shape_manager_v1", 1, EVERYONE, init_cursor_shape, finish_cursor_shape},
  {"zwp_primary_selection_device_manager_v1", 1, EVERYONE, init_primary_selection, NULL},
  {"zxdg_output_manager_v1", 3, EVERYONE, init_xdg_output, NULL},
  {"zwlr_layer_shell_v1", 4, TRUSTED, init_layer_shell, finish_layer_shell},
  {"zwlr_screencopy_manager_v1", 3, TRUSTED, init_screencopy, NULL},
  {"zwlr_data_control_manager_v1", 2, TRUSTED, init_data_control, NULL},
  {"zwlr_output_manager_v1", 4, TRUSTED, inos_output_management_init,
   inos_output_management_finish},
  {"zwp_virtual_keyboard_manager_v1", 1, TRUSTED, init_virtual_keyboard, finish_virtual_keyboard},
  {"zwlr_virtual_pointer_manager_v1", 2, TRUSTED, init_virtual_pointer, finish_virtual_pointer},
  {"wp_security_context_manager_v1", 1, TRUSTED, init_security_context, NULL},
  {0},
};

/* An allow-list: a global that no module declares is nobody's. */
static bool may_see (const struct wl_client *client, const struct wl_global *global, void *data)
{
  struct inos_compositor *compositor = data;
  const char *name = wl_global_get_interface (global)->name;
  for (const struct inos_protocol *protocol = inos_protocols; protocol->name; protocol++) {
    if (!g_str_equal (protocol->name, name))
      continue;
    return protocol->access == INOS_ACCESS_EVERYONE ||
           !wlr_security_context_manager_v1_lookup_client (compositor->protocols.security_context,
                                                           client);
  }
  return g_str_equal (name, "wl_drm"); /* Mesa's own, goes with linux-dmabuf */
}

const char *inos_protocols_init (struct inos_compositor *compositor)
{
  for (const struct inos_protocol *protocol = inos_protocols; protocol->name; protocol++) {
    if (protocol->init && !protocol->init (compositor, protocol->version))
      return protocol->name;
  }
  wl_display_set_global_filter (compositor->display, may_see, compositor);
  return NULL;
}

void inos_protocols_finish (struct inos_compositor *compositor)
{
  for (const struct inos_protocol *protocol = inos_protocols; protocol->name; protocol++) {
    if (protocol->finish)
      protocol->finish (compositor);
  }
}
