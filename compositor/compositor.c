#include "compositor.h"

#include <sys/types.h>
#include <unistd.h>
#include <wlr/backend.h>
#include <wlr/backend/headless.h>
#include <wlr/backend/multi.h>
#include <wlr/render/allocator.h>
#include <wlr/render/wlr_renderer.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/util/log.h>
#include <glib/gi18n.h>

#include "binding.h"
#include "captures.h"
#include "clients.h"
#include "device.h"
#include "event_source.h"
#include "home.h"
#include "idle_stage.h"
#include "layer_surface.h"
#include "listener.h"
#include "lock.h"
#include "look.h"
#include "shared_settings.h"
#include "mirror_choice.h"
#include "motion.h"
#include "night_light.h"
#include "notice.h"
#include "output.h"
#include "output_management.h"
#include "places.h"
#include "roll.h"
#include "pointer_place.h"
#include "output_profile.h"
#include "overview_show.h"
#include "protocol.h"
#include "recovery.h"
#include "reload.h"
#include "renderer.h"
#include "seat_devices.h"
#include "seats.h"
#include "socket.h"
#include "surfaces.h"
#include "thrift.h"
#include "turn.h"
#include "workspace.h"
#include "xwayland.h"

G_DEFINE_QUARK (inos - compositor - error - quark, inos_compositor_error)

static void handle_new_output (struct wl_listener *listener, void *data)
{
  struct inos_compositor *compositor = wl_container_of (listener, compositor, new_output);
  inos_output_create (compositor, data);
}

static void handle_new_input (struct wl_listener *listener, void *data)
{
  struct inos_compositor *compositor = wl_container_of (listener, compositor, new_input);
  inos_seat_devices_add (compositor, data);
}

static void handle_layout_change (struct wl_listener *listener, void *data)
{
  struct inos_compositor *compositor = wl_container_of (listener, compositor, layout_change);
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link)
    inos_pointer_place_forget (seat);
  if (compositor->ending || compositor->moving_outputs > 0)
    return;
  inos_devices_map (compositor);
  inos_homes_hold (compositor);
  inos_homes_follow (compositor);
  inos_layer_arrange_all (compositor);
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link)
    wl_signal_emit_mutable (&compositor->events.output_change, output);
  inos_output_management_publish (compositor);
  inos_homes_release (compositor);
}

void inos_outputs_begin_move (struct inos_compositor *compositor)
{
  compositor->moving_outputs++;
}

void inos_outputs_end_move (struct inos_compositor *compositor)
{
  if (--compositor->moving_outputs == 0)
    handle_layout_change (&compositor->layout_change, NULL);
}

/* The nested window was closed, or the seat was lost. */
static void handle_backend_gone (struct wl_listener *listener, void *data)
{
  struct inos_compositor *compositor = wl_container_of (listener, compositor, backend_gone);
  DISCONNECT (compositor->backend_gone);
  compositor->backend = NULL;
  wl_signal_emit_mutable (&compositor->events.terminated, compositor);
}

static bool init_backend (struct inos_compositor *compositor, GError **error)
{
  if (compositor->options.headless) {
    compositor->backend = wlr_multi_backend_create (compositor->loop);
  } else {
    compositor->backend = wlr_backend_autocreate (compositor->loop, &compositor->session);
  }
  compositor->headless = wlr_headless_backend_create (compositor->loop);
  if (!compositor->backend || !compositor->headless) {
    g_set_error_literal (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_BACKEND,
                         _ ("no screen can be had: start from a text console or inside another "
                            "desktop, or give --headless"));
    return false;
  }
  if (wlr_backend_is_multi (compositor->backend))
    wlr_multi_backend_add (compositor->backend, compositor->headless);
  compositor->renderer = inos_renderer_create (compositor->backend);
  if (compositor->renderer)
    compositor->allocator = wlr_allocator_autocreate (compositor->backend, compositor->renderer);
  if (!compositor->renderer || !compositor->allocator) {
    g_set_error_literal (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_RENDERER,
                         _ ("no renderer can be had; WLR_RENDERER=pixman draws without a GPU"));
    return false;
  }
  inos_recovery_watch (compositor);
  return true;
}

static void init_scene (struct inos_compositor *compositor)
{
  compositor->layout = wlr_output_layout_create (compositor->display);
  compositor->scene = wlr_scene_create();
  compositor->scene_layout = wlr_scene_attach_output_layout (compositor->scene, compositor->layout);
  for (int i = 0; i < INOS_LAYER_COUNT; i++)
    compositor->layers[i] = wlr_scene_tree_create (&compositor->scene->tree);
}

static bool init_socket (struct inos_compositor *compositor, GError **error)
{
  const char *wanted = compositor->options.socket;
  if (wanted && wanted[0] == '\0')
    return true;
  compositor->listening = inos_socket_create (compositor, wanted);
  if (compositor->listening)
    compositor->socket = g_strdup (inos_socket_name (compositor->listening));
  if (!compositor->socket)
    g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_SOCKET,
                 _ ("no Wayland socket '%s' can be made in XDG_RUNTIME_DIR (%s)"),
                 wanted ? wanted : "wayland-N", g_get_user_runtime_dir());
  return compositor->socket;
}

static void init_signals (struct inos_compositor *compositor)
{
  wl_list_init (&compositor->outputs);
  wl_list_init (&compositor->views);
  wl_list_init (&compositor->seats);
  wl_signal_init (&compositor->events.view_map);
  wl_signal_init (&compositor->events.profile_change);
  wl_signal_init (&compositor->events.overview_change);
  wl_signal_init (&compositor->events.tint_change);
  wl_signal_init (&compositor->events.scan_out_change);
  wl_signal_init (&compositor->events.view_unmap);
  wl_signal_init (&compositor->events.view_change);
  wl_signal_init (&compositor->events.output_add);
  wl_signal_init (&compositor->events.output_remove);
  compositor->x11.scale = 1;
  wl_signal_init (&compositor->events.output_change);
  wl_signal_init (&compositor->events.focus_change);
  wl_signal_init (&compositor->events.workspace_change);
  wl_signal_init (&compositor->events.surface_commit);
  wl_signal_init (&compositor->events.lock_change);
  wl_signal_init (&compositor->events.idle_change);
  wl_signal_init (&compositor->events.capture_change);
  wl_signal_init (&compositor->events.action);
  wl_signal_init (&compositor->events.input_change);
  wl_signal_init (&compositor->events.access_change);
  wl_signal_init (&compositor->events.config_change);
  wl_signal_init (&compositor->events.config_error);
  wl_signal_init (&compositor->events.terminated);
  wl_signal_init (&compositor->events.greeted);
}

static bool start (struct inos_compositor *compositor, GError **error)
{
  if (!wlr_backend_start (compositor->backend) ||
      (!wlr_backend_is_multi (compositor->backend) && !wlr_backend_start (compositor->headless))) {
    g_set_error_literal (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_BACKEND,
                         _ ("the screen could not be started"));
    return false;
  }
  int wanted = compositor->options.headless ? MAX (1, compositor->options.outputs) : 0;
  for (int i = 0; i < wanted; i++) {
    if (!inos_output_add_virtual (compositor, compositor->options.width,
                                  compositor->options.height)) {
      g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_BACKEND,
                   _ ("an output of %dx%d cannot be made"), compositor->options.width,
                   compositor->options.height);
      return false;
    }
  }
  if (wl_list_empty (&compositor->outputs))
    compositor->fallback = inos_output_add_virtual (compositor, 1280, 800);
  return true;
}

struct inos_compositor *inos_compositor_create (const struct inos_options *options, GError **error)
{
  struct inos_compositor *compositor = g_new0 (struct inos_compositor, 1);
  compositor->options = *options;
  init_signals (compositor);
  inos_reload_init (compositor);
  compositor->bindings = inos_bindings_create (&compositor->config);
  inos_workspaces_init (compositor);
  compositor->display = wl_display_create();
  /* A client that is slow to read may lag by this much before it is dropped. */
  wl_display_set_default_max_buffer_size (compositor->display, 1 << 20);
  compositor->loop = wl_display_get_event_loop (compositor->display);
  compositor->clients = inos_clients_create (compositor);
  compositor->turns = inos_turns_create (compositor->display);
  compositor->captures = inos_captures_create (compositor);
  if (compositor->options.places_path)
    compositor->places = inos_places_create (compositor, compositor->options.places_path);
  compositor->roll = inos_roll_create (compositor, compositor->options.roll_path);
  if (!init_backend (compositor, error))
    goto failed;
  init_scene (compositor);
  const char *missing = inos_protocols_init (compositor);
  if (missing) {
    g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_RENDERER,
                 _ ("the protocol %s cannot be offered"), missing);
    goto failed;
  }
  inos_seats_init (compositor);
  inos_seat_devices_settle (compositor);
  compositor->motions = inos_motions_create (compositor);
  compositor->overview = inos_overview_create (compositor);
  compositor->homes = inos_homes_create (compositor);
  compositor->notice = inos_notice_create (compositor);
  compositor->profiles = inos_output_profiles_create (compositor);
  compositor->stages = inos_stages_create (compositor);
  compositor->night_light = inos_night_light_create (compositor);
  compositor->mirrors = inos_mirrors_create (compositor);
  compositor->thrift = inos_thrift_create (compositor);
  CONNECT_SIGNAL (compositor->backend, compositor, new_output);
  CONNECT_SIGNAL (compositor->backend, compositor, new_input);
  CONNECT_TO (&compositor->backend->events.destroy, compositor, backend_gone);
  CONNECT_TO (&compositor->layout->events.change, compositor, layout_change);
  if (!init_socket (compositor, error) || !start (compositor, error))
    goto failed;
  compositor->source = inos_event_source_attach (compositor);
  if (compositor->options.greeter || compositor->options.locked)
    inos_lock_from_start (compositor);
  return compositor;

failed:
  inos_compositor_destroy (compositor);
  return NULL;
}

void inos_compositor_destroy (struct inos_compositor *compositor)
{
  if (!compositor)
    return;
  compositor->ending = true;
  inos_reload_finish (compositor);
  if (compositor->source) {
    g_source_destroy (compositor->source);
    g_source_unref (compositor->source);
  }
  inos_socket_destroy (compositor->listening);
  /* Not by its connection alone: wlroots would start the X server anew. */
  inos_xwayland_stop (compositor);
  wl_display_destroy_clients (compositor->display);
  DISCONNECT (compositor->shell_gone);
  inos_recovery_finish (compositor);
  DISCONNECT (compositor->layout_change);
  inos_stages_destroy (compositor->stages);
  inos_notice_destroy (compositor->notice);
  g_clear_pointer (&compositor->profiles, inos_output_profiles_destroy);
  g_clear_pointer (&compositor->mirrors, inos_mirrors_destroy);
  g_clear_pointer (&compositor->night_light, inos_night_light_destroy);
  g_clear_pointer (&compositor->homes, inos_homes_destroy);
  inos_protocols_finish (compositor);
  DISCONNECT (compositor->new_input);
  inos_seats_finish (compositor);
  DISCONNECT (compositor->new_output);
  DISCONNECT (compositor->backend_gone);
  if (compositor->headless && !(compositor->backend && wlr_backend_is_multi (compositor->backend)))
    wlr_backend_destroy (compositor->headless);
  if (compositor->backend)
    wlr_backend_destroy (compositor->backend);
  inos_overview_destroy (compositor->overview);
  g_clear_pointer (&compositor->motions, inos_motions_destroy);
  if (compositor->scene)
    wlr_scene_node_destroy (&compositor->scene->tree.node);
  if (compositor->allocator)
    wlr_allocator_destroy (compositor->allocator);
  if (compositor->renderer)
    wlr_renderer_destroy (compositor->renderer);
  inos_places_destroy (compositor->places);
  inos_roll_destroy (compositor->roll);
  inos_thrift_destroy (compositor->thrift);
  inos_captures_destroy (compositor->captures);
  inos_shared_settings_destroy (compositor->shared);
  inos_clients_destroy (compositor->clients);
  inos_turns_destroy (compositor->turns);
  wl_display_destroy (compositor->display);
  inos_look_destroy (compositor->look);
  inos_bindings_destroy (compositor->bindings);
  g_ptr_array_unref (compositor->workspaces);
  inos_config_finish (&compositor->config);
  g_free (compositor->socket);
  g_free (compositor);
}

static void handle_shell_gone (struct wl_listener *listener, void *data)
{
  struct inos_compositor *compositor = wl_container_of (listener, compositor, shell_gone);
  DISCONNECT (compositor->shell_gone);
  compositor->shell = NULL;
}

bool inos_compositor_adopt_shell (struct inos_compositor *compositor, int fd)
{
  if (compositor->shell)
    wl_client_destroy (compositor->shell);
  compositor->shell = wl_client_create (compositor->display, fd);
  if (!compositor->shell) {
    close (fd);
    return false;
  }
  compositor->shell_gone.notify = handle_shell_gone;
  wl_client_add_destroy_listener (compositor->shell, &compositor->shell_gone);
  return true;
}
