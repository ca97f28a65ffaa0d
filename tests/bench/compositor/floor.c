/*
 * The floor of ./dev bench compositor: the least that wlroots' scene graph makes of a compositor.
 * It shows windows where they come, the newest active, as tinywl does, and has no bindings, panels,
 * configuration or input.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib.h>
#include <stdio.h>
#include <time.h>
#include <wayland-server-core.h>
#include <wlr/backend.h>
#include <wlr/backend/headless.h>
#include <wlr/render/allocator.h>
#include <wlr/render/wlr_renderer.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_data_device.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_subcompositor.h>
#include <wlr/types/wlr_xcursor_manager.h>
#include <wlr/types/wlr_xdg_shell.h>

struct floor {
  struct wl_display *display;
  struct wlr_backend *backend;
  struct wlr_renderer *renderer;
  struct wlr_allocator *allocator;
  struct wlr_scene *scene;
  struct wlr_scene_output *scene_output;
  struct wlr_output_layout *layout;
  struct wlr_scene_output_layout *scene_layout;
  struct wlr_xdg_toplevel *active; /* may be NULL */
  struct wl_listener new_output, frame, new_toplevel;
};

struct window {
  struct floor *floor;
  struct wlr_xdg_toplevel *toplevel;
  struct wlr_scene_tree *tree;
  struct wl_listener map, commit, destroy;
};

static void handle_frame (struct wl_listener *listener, void *data)
{
  struct floor *floor = wl_container_of (listener, floor, frame);
  struct timespec now;
  wlr_scene_output_commit (floor->scene_output, NULL);
  clock_gettime (CLOCK_MONOTONIC, &now);
  wlr_scene_output_send_frame_done (floor->scene_output, &now);
}

static void handle_new_output (struct wl_listener *listener, void *data)
{
  struct floor *floor = wl_container_of (listener, floor, new_output);
  struct wlr_output *output = data;
  struct wlr_output_state state;
  wlr_output_init_render (output, floor->allocator, floor->renderer);
  wlr_output_state_init (&state);
  wlr_output_state_set_enabled (&state, true);
  wlr_output_commit_state (output, &state);
  wlr_output_state_finish (&state);
  struct wlr_output_layout_output *placed = wlr_output_layout_add_auto (floor->layout, output);
  floor->scene_output = wlr_scene_output_create (floor->scene, output);
  wlr_scene_output_layout_add_output (floor->scene_layout, placed, floor->scene_output);
  floor->frame.notify = handle_frame;
  wl_signal_add (&output->events.frame, &floor->frame);
}

static void handle_commit (struct wl_listener *listener, void *data)
{
  struct window *window = wl_container_of (listener, window, commit);
  if (!window->toplevel->base->initial_commit)
    return;
  if (window->toplevel->requested.fullscreen) {
    wlr_xdg_toplevel_set_fullscreen (window->toplevel, true);
    wlr_xdg_toplevel_set_size (window->toplevel, 1280, 800);
  } else {
    wlr_xdg_toplevel_set_size (window->toplevel, 0, 0);
  }
}

static void handle_map (struct wl_listener *listener, void *data)
{
  struct window *window = wl_container_of (listener, window, map);
  struct floor *floor = window->floor;
  if (floor->active)
    wlr_xdg_toplevel_set_activated (floor->active, false);
  floor->active = window->toplevel;
  wlr_scene_node_raise_to_top (&window->tree->node);
  wlr_xdg_toplevel_set_activated (window->toplevel, true);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct window *window = wl_container_of (listener, window, destroy);
  if (window->floor->active == window->toplevel)
    window->floor->active = NULL;
  wl_list_remove (&window->map.link);
  wl_list_remove (&window->commit.link);
  wl_list_remove (&window->destroy.link);
  g_free (window);
}

static void handle_new_toplevel (struct wl_listener *listener, void *data)
{
  struct floor *floor = wl_container_of (listener, floor, new_toplevel);
  struct window *window = g_new0 (struct window, 1);
  window->floor = floor;
  window->toplevel = data;
  window->tree = wlr_scene_xdg_surface_create (&floor->scene->tree, window->toplevel->base);
  window->map.notify = handle_map;
  wl_signal_add (&window->toplevel->base->surface->events.map, &window->map);
  window->commit.notify = handle_commit;
  wl_signal_add (&window->toplevel->base->surface->events.commit, &window->commit);
  window->destroy.notify = handle_destroy;
  wl_signal_add (&window->toplevel->events.destroy, &window->destroy);
}

int main (void)
{
  struct floor floor = {.display = wl_display_create()};
  struct wl_event_loop *loop = wl_display_get_event_loop (floor.display);
  floor.backend = wlr_headless_backend_create (loop);
  floor.renderer = wlr_renderer_autocreate (floor.backend);
  floor.allocator = wlr_allocator_autocreate (floor.backend, floor.renderer);
  wlr_renderer_init_wl_display (floor.renderer, floor.display);
  wlr_compositor_create (floor.display, 6, floor.renderer);
  wlr_subcompositor_create (floor.display);
  wlr_data_device_manager_create (floor.display);
  floor.layout = wlr_output_layout_create (floor.display);
  floor.scene = wlr_scene_create();
  floor.scene_layout = wlr_scene_attach_output_layout (floor.scene, floor.layout);
  struct wlr_xdg_shell *shell = wlr_xdg_shell_create (floor.display, 3);
  wlr_seat_create (floor.display, "seat0");
  /* The pointer's images, which everybody has to read. */
  struct wlr_xcursor_manager *theme = wlr_xcursor_manager_create (NULL, 24);
  wlr_xcursor_manager_load (theme, 1);
  floor.new_output.notify = handle_new_output;
  wl_signal_add (&floor.backend->events.new_output, &floor.new_output);
  floor.new_toplevel.notify = handle_new_toplevel;
  wl_signal_add (&shell->events.new_toplevel, &floor.new_toplevel);
  if (!wl_display_add_socket_auto (floor.display) || !wlr_backend_start (floor.backend)) {
    fprintf (stderr, "floor: cannot start\n");
    return 1;
  }
  wlr_headless_add_output (floor.backend, 1280, 800);
  wl_display_run (floor.display);
  wlr_xcursor_manager_destroy (theme);
  return 0;
}
