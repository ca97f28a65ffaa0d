/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display.h"

#include "cursor-shape-v1-client-protocol.h"
#include "ext-session-lock-v1-client-protocol.h"
#include "fractional-scale-v1-client-protocol.h"
#include "screen.h"
#include "seat.h"
#include "source.h"
#include "viewporter-client-protocol.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

enum { COMPOSITOR = 4, OUTPUT = 3, SEAT = 5 }; /* versions */

static void *bind (struct inos_display *display, uint32_t name,
                   const struct wl_interface *interface, uint32_t version, uint32_t most)
{
  return wl_registry_bind (display->registry, name, interface, MIN (version, most));
}

static void take_output (struct inos_display *display, uint32_t name, uint32_t version)
{
  if (version < OUTPUT)
    return;
  struct wl_output *output = bind (display, name, &wl_output_interface, version, OUTPUT);
  struct inos_screen *screen = inos_screen_create (display, output, name);
  if (display->lock)
    inos_screen_cover (screen);
}

static void take_seat (struct inos_display *display, uint32_t name, uint32_t version)
{
  if (version >= SEAT)
    inos_seat_create (display, bind (display, name, &wl_seat_interface, version, SEAT), name);
}

static void handle_global (void *data, struct wl_registry *registry, uint32_t name,
                           const char *interface, uint32_t version)
{
  struct inos_display *display = data;
  const struct {
    const struct wl_interface *interface;
    uint32_t most;
    void **place;
  } globals[] = {
    {&wl_compositor_interface, COMPOSITOR, (void **)&display->compositor},
    {&wl_subcompositor_interface, 1, (void **)&display->subcompositor},
    {&wl_shm_interface, 1, (void **)&display->shm},
    {&ext_session_lock_manager_v1_interface, 1, (void **)&display->lock_manager},
    {&wp_viewporter_interface, 1, (void **)&display->viewporter},
    {&wp_fractional_scale_manager_v1_interface, 1, (void **)&display->scale_manager},
    {&wp_cursor_shape_manager_v1_interface, 1, (void **)&display->shape_manager},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (globals); i++) {
    if (strcmp (interface, globals[i].interface->name) == 0 && !*globals[i].place)
      *globals[i].place = bind (display, name, globals[i].interface, version, globals[i].most);
  }
  if (strcmp (interface, wl_output_interface.name) == 0)
    take_output (display, name, version);
  else if (strcmp (interface, wl_seat_interface.name) == 0)
    take_seat (display, name, version);
}

static void drop_screen (struct inos_display *display, struct inos_screen *screen)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &display->seats, link) {
    inos_seat_forget_surface (seat, screen->ground);
    inos_seat_forget_surface (seat, screen->column);
  }
  inos_screen_destroy (screen);
}

static void handle_global_remove (void *data, struct wl_registry *registry, uint32_t name)
{
  struct inos_display *display = data;
  struct inos_screen *screen, *next_screen;
  struct inos_seat *seat, *next_seat;
  wl_list_for_each_safe (screen, next_screen, &display->screens, link) {
    if (screen->name == name)
      drop_screen (display, screen);
  }
  wl_list_for_each_safe (seat, next_seat, &display->seats, link) {
    if (seat->name == name)
      inos_seat_destroy (seat);
  }
}

static const struct wl_registry_listener registry_listener = {
  .global = handle_global,
  .global_remove = handle_global_remove,
};

static void handle_locked (void *data, struct ext_session_lock_v1 *lock)
{
  struct inos_display *display = data;
  display->events->locked (display->data);
}

static void handle_finished (void *data, struct ext_session_lock_v1 *lock)
{
  struct inos_display *display = data;
  display->events->finished (display->data);
}

static const struct ext_session_lock_v1_listener lock_listener = {
  .locked = handle_locked,
  .finished = handle_finished,
};

static void on_lost (void *data)
{
  struct inos_display *display = data;
  display->events->lost (display->data);
}

static bool has_needed (struct inos_display *display, GError **error)
{
  if (!display->lock_manager)
    g_set_error (
      error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
      _ ("the compositor does not let this program lock the session (ext-session-lock)"));
  else if (!display->compositor || !display->subcompositor || !display->shm)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 _ ("the compositor offers nothing to draw with"));
  return display->lock_manager && display->compositor && display->subcompositor && display->shm;
}

/* The lock first: the compositor covers all by itself, whatever takes its time here. */
static bool lock (struct inos_display *display, GError **error)
{
  struct inos_screen *screen;
  if (wl_display_roundtrip (display->wl) < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                 _ ("the compositor ended the connection"));
    return false;
  }
  if (!has_needed (display, error))
    return false;
  display->lock = ext_session_lock_manager_v1_lock (display->lock_manager);
  ext_session_lock_v1_add_listener (display->lock, &lock_listener, display);
  wl_list_for_each (screen, &display->screens, link)
    inos_screen_cover (screen);
  wl_display_flush (display->wl);
  return true;
}

static void init_keys (struct inos_display *display)
{
  const char *locale = setlocale (LC_CTYPE, NULL);
  display->xkb = xkb_context_new (XKB_CONTEXT_NO_FLAGS);
  display->compose = xkb_compose_table_new_from_locale (display->xkb, locale ? locale : "C",
                                                        XKB_COMPOSE_COMPILE_NO_FLAGS);
}

bool inos_display_init (struct inos_display *display, const struct inos_look *look,
                        struct inos_view *view, const struct inos_display_events *events,
                        void *data, GError **error)
{
  *display = (struct inos_display){.look = look, .view = view, .events = events, .data = data};
  wl_list_init (&display->screens);
  wl_list_init (&display->seats);
  display->wl = wl_display_connect (NULL);
  if (!display->wl) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                 _ ("there is no Wayland compositor to connect to: %s"), g_strerror (errno));
    return false;
  }
  display->registry = wl_display_get_registry (display->wl);
  wl_registry_add_listener (display->registry, &registry_listener, display);
  if (!lock (display, error)) {
    inos_display_finish (display);
    return false;
  }
  init_keys (display);
  display->source = inos_wayland_source_new (display->wl, on_lost, display);
  return true;
}

static void release_globals (struct inos_display *display)
{
  g_clear_pointer (&display->viewporter, wp_viewporter_destroy);
  g_clear_pointer (&display->scale_manager, wp_fractional_scale_manager_v1_destroy);
  g_clear_pointer (&display->shape_manager, wp_cursor_shape_manager_v1_destroy);
  g_clear_pointer (&display->lock_manager, ext_session_lock_manager_v1_destroy);
  g_clear_pointer (&display->subcompositor, wl_subcompositor_destroy);
  g_clear_pointer (&display->compositor, wl_compositor_destroy);
  g_clear_pointer (&display->shm, wl_shm_destroy);
  g_clear_pointer (&display->registry, wl_registry_destroy);
}

void inos_display_finish (struct inos_display *display)
{
  struct inos_screen *screen, *next_screen;
  struct inos_seat *seat, *next_seat;
  if (!display->wl)
    return;
  wl_list_for_each_safe (screen, next_screen, &display->screens, link)
    inos_screen_destroy (screen);
  wl_list_for_each_safe (seat, next_seat, &display->seats, link)
    inos_seat_destroy (seat);
  g_clear_pointer (&display->source, inos_wayland_source_release);
  /* The lock's object stays where it was not unlocked: to destroy it would be wrong, and with the
   * connection it goes anyway. */
  if (display->lock)
    wl_proxy_destroy ((struct wl_proxy *)display->lock);
  release_globals (display);
  xkb_compose_table_unref (display->compose);
  xkb_context_unref (display->xkb);
  wl_display_disconnect (display->wl);
  display->wl = NULL;
}

void inos_display_draw (struct inos_display *display, bool only_words)
{
  struct inos_screen *screen;
  wl_list_for_each (screen, &display->screens, link)
    inos_screen_draw (screen, only_words);
}

void inos_display_shake (struct inos_display *display)
{
  struct inos_screen *screen;
  wl_list_for_each (screen, &display->screens, link)
    inos_screen_shake (screen);
}

void inos_display_unlock (struct inos_display *display)
{
  struct inos_screen *screen, *next;
  g_clear_pointer (&display->source, inos_wayland_source_release);
  ext_session_lock_v1_unlock_and_destroy (display->lock);
  display->lock = NULL;
  wl_list_for_each_safe (screen, next, &display->screens, link)
    drop_screen (display, screen);
  wl_display_roundtrip (display->wl);
}
