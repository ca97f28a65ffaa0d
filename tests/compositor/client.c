#include "client.h"

#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wlr/types/wlr_output.h>
#include <wlr/util/edges.h>

#include "frame.h"
#include "output.h"

#include "xdg-dialog-v1-client-protocol.h"
#include "xdg-shell-client-protocol.h"
#include "xdg-toplevel-icon-v1-client-protocol.h"

enum { DEFAULT_WIDTH = 320, DEFAULT_HEIGHT = 200, SETTLES_WITHIN = 5000000 /* µs */ };

void pump (void)
{
  for (int i = 0; i < 3; i++) {
    while (g_main_context_iteration (NULL, FALSE))
      ;
  }
}

/* Reads what the compositor has sent, without waiting. */
static void read_events (struct client *client)
{
  while (wl_display_prepare_read (client->display) != 0)
    wl_display_dispatch_pending (client->display);
  wl_display_flush (client->display);
  struct pollfd fd = {.fd = wl_display_get_fd (client->display), .events = POLLIN};
  if (poll (&fd, 1, 0) > 0)
    wl_display_read_events (client->display);
  else
    wl_display_cancel_read (client->display);
  wl_display_dispatch_pending (client->display);
}

static void on_done (void *data, struct wl_callback *callback, uint32_t serial)
{
  *(bool *)data = true;
}

void client_roundtrip (struct client *client)
{
  static const struct wl_callback_listener listener = {on_done};
  bool done = false;
  struct wl_callback *callback = wl_display_sync (client->display);
  wl_callback_add_listener (callback, &listener, &done);
  for (int i = 0; i < 1000 && !done && wl_display_get_error (client->display) == 0; i++) {
    wl_display_flush (client->display);
    pump();
    read_events (client);
  }
  wl_callback_destroy (callback);
}

void client_wait (struct client *client, int ms)
{
  gint64 end = g_get_monotonic_time() + ms * 1000;
  while (g_get_monotonic_time() < end) {
    client_roundtrip (client);
    g_usleep (2000);
  }
}

static bool all_rest (struct inos_compositor *compositor)
{
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    const struct wlr_output *wlr = output->wlr;
    if (wlr->enabled && (wlr->frame_pending || wlr->needs_frame || wlr->idle_frame ||
                         inos_output_has_changed (output)))
      return false;
  }
  return true;
}

void client_settle (struct client *client)
{
  gint64 end = g_get_monotonic_time() + SETTLES_WITHIN;
  /* What was just shown may make others draw. */
  for (int calm = 0; calm < 2 && g_get_monotonic_time() < end;) {
    client_roundtrip (client);
    calm = all_rest (client->compositor) ? calm + 1 : 0;
    if (!calm)
      g_usleep (500);
  }
}

static void on_ping (void *data, struct xdg_wm_base *base, uint32_t serial)
{
  xdg_wm_base_pong (base, serial);
}

static void on_global (void *data, struct wl_registry *registry, uint32_t name,
                       const char *interface, uint32_t version)
{
  static const struct xdg_wm_base_listener listener = {on_ping};
  struct client *client = data;
  g_ptr_array_add (client->globals, g_strdup_printf ("%s %u", interface, version));
  if (g_str_equal (interface, "wl_compositor")) {
    client->wl_compositor = wl_registry_bind (registry, name, &wl_compositor_interface, 4);
  } else if (g_str_equal (interface, "wl_shm")) {
    client->shm = wl_registry_bind (registry, name, &wl_shm_interface, 1);
  } else if (g_str_equal (interface, "xdg_wm_base")) {
    client->wm_base = wl_registry_bind (registry, name, &xdg_wm_base_interface, 6);
    xdg_wm_base_add_listener (client->wm_base, &listener, client);
  } else if (g_str_equal (interface, "xdg_wm_dialog_v1")) {
    client->dialogs = wl_registry_bind (registry, name, &xdg_wm_dialog_v1_interface, 1);
  } else if (g_str_equal (interface, "xdg_toplevel_icon_manager_v1")) {
    client->icons = wl_registry_bind (registry, name, &xdg_toplevel_icon_manager_v1_interface, 1);
  }
}

static void on_global_remove (void *data, struct wl_registry *registry, uint32_t name)
{
}

struct binding {
  const struct wl_interface *interface;
  uint32_t version;
  int left;
  void *proxy;
};

static void on_binding_global (void *data, struct wl_registry *registry, uint32_t name,
                               const char *interface, uint32_t version)
{
  struct binding *binding = data;
  if (g_str_equal (interface, binding->interface->name) && binding->left-- == 0)
    binding->proxy = wl_registry_bind (registry, name, binding->interface, binding->version);
}

void *client_bind_nth (struct client *client, const struct wl_interface *interface,
                       uint32_t version, int nth)
{
  static const struct wl_registry_listener listener = {on_binding_global, on_global_remove};
  struct binding binding = {interface, version, nth, NULL};
  struct wl_registry *registry = wl_display_get_registry (client->display);
  wl_registry_add_listener (registry, &listener, &binding);
  client_roundtrip (client);
  wl_registry_destroy (registry);
  return binding.proxy;
}

void *client_bind (struct client *client, const struct wl_interface *interface, uint32_t version)
{
  return client_bind_nth (client, interface, version, 0);
}

static void handle_gone (struct wl_listener *listener, void *data)
{
  struct client *client = wl_container_of (listener, client, gone);
  client->server_side = NULL;
}

struct client *client_connect_to_fd (struct inos_compositor *compositor, int fd)
{
  static const struct wl_registry_listener listener = {on_global, on_global_remove};
  struct client *client = g_new0 (struct client, 1);
  client->compositor = compositor;
  client->display = wl_display_connect_to_fd (fd);
  client->globals = g_ptr_array_new_with_free_func (g_free);
  client->registry = wl_display_get_registry (client->display);
  wl_registry_add_listener (client->registry, &listener, client);
  client_roundtrip (client);
  return client;
}

struct client *client_connect (struct inos_compositor *compositor)
{
  int pair[2];
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
  struct wl_client *server_side = wl_client_create (compositor->display, pair[0]);
  struct client *client = client_connect_to_fd (compositor, pair[1]);
  client->server_side = server_side;
  client->gone.notify = handle_gone;
  wl_client_add_destroy_listener (client->server_side, &client->gone);
  return client;
}

void client_disconnect (struct client *client)
{
  if (client->dialogs)
    xdg_wm_dialog_v1_destroy (client->dialogs);
  if (client->icons)
    xdg_toplevel_icon_manager_v1_destroy (client->icons);
  if (client->wm_base)
    xdg_wm_base_destroy (client->wm_base);
  if (client->shm)
    wl_shm_destroy (client->shm);
  if (client->wl_compositor)
    wl_compositor_destroy (client->wl_compositor);
  wl_registry_destroy (client->registry);
  wl_display_disconnect (client->display);
  if (client->server_side)
    wl_list_remove (&client->gone.link);
  g_ptr_array_unref (client->globals);
  g_free (client);
}

static void on_configure (void *data, struct xdg_surface *surface, uint32_t serial)
{
  struct window *window = data;
  window->serial = serial;
  window->configures++;
}

static void on_toplevel_configure (void *data, struct xdg_toplevel *toplevel, int32_t width,
                                   int32_t height, struct wl_array *states)
{
  static const struct {
    uint32_t state, edge;
  } tiled[] = {
    {XDG_TOPLEVEL_STATE_TILED_LEFT, WLR_EDGE_LEFT},
    {XDG_TOPLEVEL_STATE_TILED_RIGHT, WLR_EDGE_RIGHT},
    {XDG_TOPLEVEL_STATE_TILED_TOP, WLR_EDGE_TOP},
    {XDG_TOPLEVEL_STATE_TILED_BOTTOM, WLR_EDGE_BOTTOM},
  };
  struct window *window = data;
  window->width = width;
  window->height = height;
  window->activated = window->maximized = window->fullscreen = window->suspended = false;
  window->tiled = 0;
  uint32_t *state;
  wl_array_for_each (state, states) {
    window->activated |= *state == XDG_TOPLEVEL_STATE_ACTIVATED;
    window->maximized |= *state == XDG_TOPLEVEL_STATE_MAXIMIZED;
    window->fullscreen |= *state == XDG_TOPLEVEL_STATE_FULLSCREEN;
    window->suspended |= *state == XDG_TOPLEVEL_STATE_SUSPENDED;
    for (uint32_t i = 0; i < G_N_ELEMENTS (tiled); i++)
      window->tiled |= *state == tiled[i].state ? tiled[i].edge : 0;
  }
}

static void on_configure_bounds (void *data, struct xdg_toplevel *toplevel, int32_t width,
                                 int32_t height)
{
}

static void on_wm_capabilities (void *data, struct xdg_toplevel *toplevel, struct wl_array *array)
{
}

static void on_close (void *data, struct xdg_toplevel *toplevel)
{
  ((struct window *)data)->closed = true;
}

struct wl_buffer *client_buffer (struct client *client, int width, int height, uint32_t color)
{
  int size = width * height * 4;
  int fd = memfd_create ("buffer", MFD_CLOEXEC);
  g_assert_no_errno (ftruncate (fd, size));
  uint32_t *pixels = mmap (NULL, (size_t)size, PROT_WRITE, MAP_SHARED, fd, 0);
  g_assert_true (pixels != MAP_FAILED);
  for (int i = 0; color != 0 && i < width * height; i++)
    pixels[i] = color;
  munmap (pixels, (size_t)size);
  struct wl_shm_pool *pool = wl_shm_create_pool (client->shm, fd, size);
  struct wl_buffer *buffer =
    wl_shm_pool_create_buffer (pool, 0, width, height, width * 4, WL_SHM_FORMAT_XRGB8888);
  wl_shm_pool_destroy (pool);
  close (fd);
  return buffer;
}

void window_draw (struct window *window)
{
  int width = window->width ? window->width : DEFAULT_WIDTH;
  int height = window->height ? window->height : DEFAULT_HEIGHT;
  g_clear_pointer (&window->buffer, wl_buffer_destroy);
  window->buffer = client_buffer (window->client, width, height, window->color);
  if (window->acknowledged != window->serial)
    xdg_surface_ack_configure (window->xdg_surface, window->serial);
  window->acknowledged = window->serial;
  wl_surface_attach (window->surface, window->buffer, 0, 0);
  wl_surface_damage_buffer (window->surface, 0, 0, width, height);
  wl_surface_commit (window->surface);
  client_roundtrip (window->client);
}

struct window *window_new (struct client *client, const char *app_id, const char *title)
{
  static const struct xdg_surface_listener surface_listener = {on_configure};
  static const struct xdg_toplevel_listener toplevel_listener = {
    .configure = on_toplevel_configure,
    .close = on_close,
    .configure_bounds = on_configure_bounds,
    .wm_capabilities = on_wm_capabilities,
  };
  struct window *window = g_new0 (struct window, 1);
  window->client = client;
  window->surface = wl_compositor_create_surface (client->wl_compositor);
  window->xdg_surface = xdg_wm_base_get_xdg_surface (client->wm_base, window->surface);
  xdg_surface_add_listener (window->xdg_surface, &surface_listener, window);
  window->toplevel = xdg_surface_get_toplevel (window->xdg_surface);
  xdg_toplevel_add_listener (window->toplevel, &toplevel_listener, window);
  xdg_toplevel_set_app_id (window->toplevel, app_id);
  xdg_toplevel_set_title (window->toplevel, title);
  return window;
}

void window_show (struct window *window)
{
  wl_surface_commit (window->surface);
  client_roundtrip (window->client);
  window_draw (window);
  client_roundtrip (window->client);
}

struct window *window_open (struct client *client, const char *app_id, const char *title)
{
  struct window *window = window_new (client, app_id, title);
  window_show (window);
  return window;
}

void window_close (struct window *window)
{
  struct client *client = window->client;
  xdg_toplevel_destroy (window->toplevel);
  xdg_surface_destroy (window->xdg_surface);
  wl_surface_destroy (window->surface);
  g_clear_pointer (&window->buffer, wl_buffer_destroy);
  g_free (window);
  client_roundtrip (client);
}
