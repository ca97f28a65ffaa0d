/* The compositor as the Wayland conformance suite wants it: a shared object that makes a fresh one
 * for each test, with a pointer and a touch screen that the suite moves. Devices are stand-ins, the
 * compositor is the real one. */

#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wayland-client-core.h>
#include <wlcs/display_server.h>
#include <wlcs/pointer.h>
#include <wlcs/touch.h>
#include <wlr/backend.h>
#include <wlr/interfaces/wlr_pointer.h>
#include <wlr/interfaces/wlr_touch.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_layer_shell_v1.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_xdg_shell.h>
#include <wlr/util/log.h>

#include "layer_shell.h"
#include "layer_surface.h"
#include "listener.h"
#include "protocol.h"
#include "view.h"
#include "xdg_shell.h"

struct server {
  WlcsDisplayServer base;
  struct inos_compositor *compositor; /* made and freed by the thread that runs it */
  GMainLoop *loop;
  GHashTable *clients; /* the client's descriptor → struct wl_client */
  struct wl_listener new_surface, new_layer_surface;
};

struct pointer {
  WlcsPointer base;
  struct server *server;
  struct wlr_pointer wlr;
};

struct touch {
  WlcsTouch base;
  struct server *server;
  struct wlr_touch wlr;
};

static uint32_t now (void)
{
  return (uint32_t)(g_get_monotonic_time() / 1000);
}

/* A point of the layout as a part of it, as devices tell of theirs. */
static void to_parts (struct server *server, wl_fixed_t x, wl_fixed_t y, double *px, double *py)
{
  struct wlr_box box;
  wlr_output_layout_get_box (server->compositor->layout, NULL, &box);
  *px = (wl_fixed_to_double (x) - box.x) / box.width;
  *py = (wl_fixed_to_double (y) - box.y) / box.height;
}

static const struct wlr_pointer_impl pointer_impl = {.name = "wlcs-pointer"};

static void move_absolute (WlcsPointer *base, wl_fixed_t x, wl_fixed_t y)
{
  struct pointer *pointer = wl_container_of (base, pointer, base);
  struct wlr_pointer_motion_absolute_event event = {.pointer = &pointer->wlr, .time_msec = now()};
  to_parts (pointer->server, x, y, &event.x, &event.y);
  wl_signal_emit_mutable (&pointer->wlr.events.motion_absolute, &event);
  wl_signal_emit_mutable (&pointer->wlr.events.frame, &pointer->wlr);
}

static void move_relative (WlcsPointer *base, wl_fixed_t dx, wl_fixed_t dy)
{
  struct pointer *pointer = wl_container_of (base, pointer, base);
  struct wlr_pointer_motion_event event = {
    .pointer = &pointer->wlr,
    .time_msec = now(),
    .delta_x = wl_fixed_to_double (dx),
    .delta_y = wl_fixed_to_double (dy),
    .unaccel_dx = wl_fixed_to_double (dx),
    .unaccel_dy = wl_fixed_to_double (dy),
  };
  wl_signal_emit_mutable (&pointer->wlr.events.motion, &event);
  wl_signal_emit_mutable (&pointer->wlr.events.frame, &pointer->wlr);
}

static void click (WlcsPointer *base, int button, enum wl_pointer_button_state state)
{
  struct pointer *pointer = wl_container_of (base, pointer, base);
  struct wlr_pointer_button_event event = {
    .pointer = &pointer->wlr,
    .time_msec = now(),
    .button = (uint32_t)button,
    .state = state,
  };
  wl_signal_emit_mutable (&pointer->wlr.events.button, &event);
  wl_signal_emit_mutable (&pointer->wlr.events.frame, &pointer->wlr);
}

static void button_down (WlcsPointer *base, int button)
{
  click (base, button, WL_POINTER_BUTTON_STATE_PRESSED);
}

static void button_up (WlcsPointer *base, int button)
{
  click (base, button, WL_POINTER_BUTTON_STATE_RELEASED);
}

static void destroy_pointer (WlcsPointer *base)
{
  struct pointer *pointer = wl_container_of (base, pointer, base);
  wlr_pointer_finish (&pointer->wlr);
  g_free (pointer);
}

static WlcsPointer *create_pointer (WlcsDisplayServer *base)
{
  struct server *server = wl_container_of (base, server, base);
  struct pointer *pointer = g_new0 (struct pointer, 1);
  pointer->base = (WlcsPointer){
    .version = WLCS_POINTER_VERSION,
    .move_absolute = move_absolute,
    .move_relative = move_relative,
    .button_up = button_up,
    .button_down = button_down,
    .destroy = destroy_pointer,
  };
  pointer->server = server;
  wlr_pointer_init (&pointer->wlr, &pointer_impl, "wlcs-pointer");
  wl_signal_emit_mutable (&server->compositor->backend->events.new_input, &pointer->wlr.base);
  return &pointer->base;
}

static const struct wlr_touch_impl touch_impl = {.name = "wlcs-touch"};

/* Version 1.7 of the suite gives whole pixels here, whatever its header says. */
static void touch_down (WlcsTouch *base, wl_fixed_t x, wl_fixed_t y)
{
  struct touch *touch = wl_container_of (base, touch, base);
  struct wlr_touch_down_event event = {.touch = &touch->wlr, .time_msec = now()};
  to_parts (touch->server, wl_fixed_from_int (x), wl_fixed_from_int (y), &event.x, &event.y);
  wl_signal_emit_mutable (&touch->wlr.events.down, &event);
  wl_signal_emit_mutable (&touch->wlr.events.frame, NULL);
}

static void touch_move (WlcsTouch *base, wl_fixed_t x, wl_fixed_t y)
{
  struct touch *touch = wl_container_of (base, touch, base);
  struct wlr_touch_motion_event event = {.touch = &touch->wlr, .time_msec = now()};
  to_parts (touch->server, wl_fixed_from_int (x), wl_fixed_from_int (y), &event.x, &event.y);
  wl_signal_emit_mutable (&touch->wlr.events.motion, &event);
  wl_signal_emit_mutable (&touch->wlr.events.frame, NULL);
}

static void touch_up (WlcsTouch *base)
{
  struct touch *touch = wl_container_of (base, touch, base);
  struct wlr_touch_up_event event = {.touch = &touch->wlr, .time_msec = now()};
  wl_signal_emit_mutable (&touch->wlr.events.up, &event);
  wl_signal_emit_mutable (&touch->wlr.events.frame, NULL);
}

static void destroy_touch (WlcsTouch *base)
{
  struct touch *touch = wl_container_of (base, touch, base);
  wlr_touch_finish (&touch->wlr);
  g_free (touch);
}

static WlcsTouch *create_touch (WlcsDisplayServer *base)
{
  struct server *server = wl_container_of (base, server, base);
  struct touch *touch = g_new0 (struct touch, 1);
  touch->base = (WlcsTouch){
    .version = WLCS_TOUCH_VERSION,
    .touch_down = touch_down,
    .touch_move = touch_move,
    .touch_up = touch_up,
    .destroy = destroy_touch,
  };
  touch->server = server;
  wlr_touch_init (&touch->wlr, &touch_impl, "wlcs-touch");
  wl_signal_emit_mutable (&server->compositor->backend->events.new_input, &touch->wlr.base);
  return &touch->base;
}

static int create_client_socket (WlcsDisplayServer *base)
{
  struct server *server = wl_container_of (base, server, base);
  int pair[2];
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
    return -1;
  struct wl_client *client = wl_client_create (server->compositor->display, pair[0]);
  g_hash_table_insert (server->clients, GINT_TO_POINTER (pair[1]), client);
  return pair[1];
}

static void position_window (WlcsDisplayServer *base, wl_display *display, wl_surface *surface,
                             int x, int y)
{
  struct server *server = wl_container_of (base, server, base);
  struct wl_client *client =
    g_hash_table_lookup (server->clients, GINT_TO_POINTER (wl_display_get_fd (display)));
  struct wl_resource *resource =
    client ? wl_client_get_object (client, wl_proxy_get_id ((struct wl_proxy *)surface)) : NULL;
  struct wlr_surface *wlr = resource ? wlr_surface_from_resource (resource) : NULL;
  struct inos_view *view = inos_view_from_surface (wlr);
  struct wlr_layer_surface_v1 *layer = wlr ? wlr_layer_surface_v1_try_from_wlr_surface (wlr) : NULL;
  if (view) {
    inos_view_move (view, x, y);
  } else if (layer) {
    struct inos_layer_surface *ours = layer->data;
    wlr_scene_node_set_position (&ours->scene->tree->node, x, y);
  }
}

/*
 * The suite, version 1.7, attaches a buffer before the first configure, which the protocol forbids
 * and wlroots answers with an error: half of the tests would end there. So a surface here counts as
 * configured from its start, and again when it was unmapped. Nothing else is bent.
 */
struct early {
  struct wlr_xdg_surface *surface;
  struct wl_listener client_commit, commit, destroy;
};

static void handle_commit (struct wl_listener *listener, void *data)
{
  struct early *early = wl_container_of (listener, early, commit);
  early->surface->configured = true;
  early->surface->initial_commit = false;
}

/* Connects after the compositor's own listeners, which thus see the first commit as it is. */
static void handle_client_commit (struct wl_listener *listener, void *data)
{
  struct early *early = wl_container_of (listener, early, client_commit);
  DISCONNECT (early->client_commit);
  CONNECT_SIGNAL (early->surface->surface, early, commit);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct early *early = wl_container_of (listener, early, destroy);
  DISCONNECT (early->client_commit);
  DISCONNECT (early->commit);
  DISCONNECT (early->destroy);
  g_free (early);
}

static void handle_new_surface (struct wl_listener *listener, void *data)
{
  struct early *early = g_new0 (struct early, 1);
  early->surface = data;
  early->surface->configured = true;
  CONNECT_SIGNAL (early->surface->surface, early, client_commit);
  CONNECT_SIGNAL (early->surface, early, destroy);
}

static void handle_new_layer_surface (struct wl_listener *listener, void *data)
{
  struct wlr_layer_surface_v1 *surface = data;
  surface->configured = true;
}

static gboolean on_wlcs (int fd, GIOCondition condition, void *data)
{
  wl_event_loop_dispatch (data, 0);
  return G_SOURCE_CONTINUE;
}

static void start_on_this_thread (WlcsDisplayServer *base, struct wl_event_loop *wlcs)
{
  struct server *server = wl_container_of (base, server, base);
  g_autoptr (GMainContext) context = g_main_context_new();
  g_main_context_push_thread_default (context);
  server->loop = g_main_loop_new (context, FALSE);
  struct inos_options options = {
    .headless = true,
    .outputs = 1,
    .width = 1280,
    .height = 1024,
    .socket = "",
    .config_path = "/nonexistent/compositor.ini",
  };
  g_autoptr (GError) error = NULL;
  server->compositor = inos_compositor_create (&options, &error);
  if (!server->compositor)
    g_error ("%s", error->message);
  struct wlr_xdg_shell *shell =
    inos_xdg_shell_wlr (inos_protocol_state (server->compositor, INOS_STATE_XDG_SHELL));
  CONNECT_SIGNAL (shell, server, new_surface);
  CONNECT_TO (
    inos_layer_shell_new_surface (inos_protocol_state (server->compositor, INOS_STATE_LAYER_SHELL)),
    server, new_layer_surface);
  /* The machine has a touch screen from its start: the suite's clients look for one only then. */
  struct wlr_touch screen = {0};
  wlr_touch_init (&screen, &touch_impl, "wlcs-screen");
  wl_signal_emit_mutable (&server->compositor->backend->events.new_input, &screen.base);
  GSource *source = g_unix_fd_source_new (wl_event_loop_get_fd (wlcs), G_IO_IN);
  g_source_set_callback (source, G_SOURCE_FUNC (on_wlcs), wlcs, NULL);
  g_source_attach (source, context);
  g_main_loop_run (server->loop);
  g_source_destroy (source);
  g_source_unref (source);
  wlr_touch_finish (&screen);
  DISCONNECT (server->new_surface);
  DISCONNECT (server->new_layer_surface);
  inos_compositor_destroy (server->compositor);
  server->compositor = NULL;
  g_clear_pointer (&server->loop, g_main_loop_unref);
  g_main_context_pop_thread_default (context);
}

static void stop (WlcsDisplayServer *base)
{
  struct server *server = wl_container_of (base, server, base);
  g_main_loop_quit (server->loop);
}

static const WlcsIntegrationDescriptor *get_descriptor (const WlcsDisplayServer *base)
{
  static WlcsExtensionDescriptor extensions[128];
  static WlcsIntegrationDescriptor descriptor = {.version = 1, .supported_extensions = extensions};
  descriptor.num_extensions = 0;
  for (const struct inos_protocol *p = inos_protocols;
       p->name && descriptor.num_extensions < G_N_ELEMENTS (extensions); p++)
    extensions[descriptor.num_extensions++] =
      (WlcsExtensionDescriptor){p->name, (uint32_t)p->version};
  return &descriptor;
}

static WlcsDisplayServer *create_server (int argc, const char **argv)
{
  struct server *server = g_new0 (struct server, 1);
  server->base = (WlcsDisplayServer){
    .version = WLCS_DISPLAY_SERVER_VERSION,
    .stop = stop,
    .create_client_socket = create_client_socket,
    .position_window_absolute = position_window,
    .create_pointer = create_pointer,
    .create_touch = create_touch,
    .get_descriptor = get_descriptor,
    .start_on_this_thread = start_on_this_thread,
  };
  server->clients = g_hash_table_new (NULL, NULL);
  g_setenv ("WLR_RENDERER", "pixman", TRUE);
  g_setenv ("XDG_STATE_HOME", "/nonexistent", TRUE); /* nothing is remembered */
  wlr_log_init (WLR_ERROR, NULL);
  return &server->base;
}

static void destroy_server (WlcsDisplayServer *base)
{
  struct server *server = wl_container_of (base, server, base);
  g_hash_table_unref (server->clients);
  g_free (server);
}

__attribute__ ((visibility ("default"))) const WlcsServerIntegration wlcs_server_integration = {
  .version = WLCS_SERVER_INTEGRATION_VERSION,
  .create_server = create_server,
  .destroy_server = destroy_server,
};
