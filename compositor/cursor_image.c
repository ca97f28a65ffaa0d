#include "cursor_image.h"

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_xcursor_manager.h>

#include "cursor_theme.h"
#include "listener.h"
#include "x11_scale.h"

static void handle_image_surface_gone (struct wl_listener *listener, void *data)
{
  struct inos_seat *seat = wl_container_of (listener, seat, image_surface_gone);
  DISCONNECT (seat->image_surface_gone);
  seat->image.surface = NULL;
}

/* A mouse, a pen or keys: a finger does not move the pointer, and no arrow is to lie in its way. */
static bool is_movable (const struct inos_seat *seat)
{
  return !wl_list_empty (&seat->pointers) || !wl_list_empty (&seat->tablets) ||
         seat->compositor->config.mouse_keys;
}

static void draw_surface (struct inos_seat *seat)
{
  double scale = inos_x11_surface_scale (seat->compositor, seat->image.surface);
  wlr_cursor_set_surface (seat->cursor, seat->image.surface, (int)(seat->image.x / scale),
                          (int)(seat->image.y / scale));
}

void inos_cursor_image_redraw (struct inos_seat *seat)
{
  if (seat->image.hidden)
    return;
  if (!is_movable (seat)) {
    wlr_cursor_unset_image (seat->cursor);
    return;
  }
  if (seat->image.name)
    wlr_cursor_set_xcursor (seat->cursor, seat->xcursor, seat->image.name);
  else
    draw_surface (seat);
}

void inos_cursor_image_reload (struct inos_seat *seat)
{
  struct wlr_xcursor_manager *last = seat->xcursor;
  seat->xcursor = inos_cursor_theme_load (&seat->compositor->config);
  inos_cursor_image_redraw (seat);
  wlr_xcursor_manager_destroy (last);
}

void inos_cursor_image_set_high_contrast (struct inos_compositor *compositor, bool on)
{
  struct inos_seat *seat;
  if (on == compositor->config.high_contrast_pointer)
    return;
  compositor->config.high_contrast_pointer = on;
  wl_list_for_each (seat, &compositor->seats, link)
    inos_cursor_image_reload (seat);
  wl_signal_emit_mutable (&compositor->events.access_change, compositor);
}

void inos_cursor_image_set_name (struct inos_seat *seat, const char *name)
{
  DISCONNECT (seat->image_surface_gone);
  seat->image.surface = NULL;
  if (g_strcmp0 (seat->image.name, name) != 0) {
    g_free (seat->image.name);
    seat->image.name = g_strdup (name);
  }
  inos_cursor_image_redraw (seat);
}

void inos_cursor_image_set_surface (struct inos_seat *seat, struct wlr_surface *surface, int x,
                                    int y)
{
  DISCONNECT (seat->image_surface_gone);
  g_clear_pointer (&seat->image.name, g_free);
  seat->image.surface = surface;
  seat->image.x = x;
  seat->image.y = y;
  if (surface)
    CONNECT_TO (&surface->events.destroy, seat, image_surface_gone);
  inos_cursor_image_redraw (seat);
}

void inos_cursor_image_hide (struct inos_seat *seat)
{
  if (seat->image.hidden || !seat->compositor->config.hide_while_typing)
    return;
  seat->image.hidden = true;
  wlr_cursor_unset_image (seat->cursor);
}

void inos_cursor_image_show (struct inos_seat *seat)
{
  if (!seat->image.hidden)
    return;
  seat->image.hidden = false;
  inos_cursor_image_redraw (seat);
}

void inos_cursor_image_finish (struct inos_seat *seat)
{
  DISCONNECT (seat->image_surface_gone);
  g_clear_pointer (&seat->image.name, g_free);
}
