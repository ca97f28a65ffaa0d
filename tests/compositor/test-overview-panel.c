/* The overview and what is beside its windows: the strip of workspaces, and panels above it. */

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>

#include "client.h"
#include "devices.h"
#include "fixture.h"
#include "layer-client.h"
#include "overview_private.h"
#include "view.h"
#include "xdg-shell-client-protocol.h"

struct stand {
  struct inos_compositor *compositor;
  struct inos_seat *seat;
  struct client *client;
  struct wlr_pointer mouse;
  struct wlr_keyboard keyboard;
};

static void begin (struct stand *stand)
{
  *stand = (struct stand){.compositor = start_compositor (1)};
  stand->seat = stand->compositor->seat;
  add_keyboard (stand->compositor, &stand->keyboard);
  add_pointer (stand->compositor, &stand->mouse);
  stand->client = client_connect (stand->compositor);
}

static void end (struct stand *stand)
{
  client_disconnect (stand->client);
  wlr_pointer_finish (&stand->mouse);
  wlr_keyboard_finish (&stand->keyboard);
  inos_compositor_destroy (stand->compositor);
}

static struct inos_overview_screen *screen_of (struct stand *stand)
{
  struct inos_overview_screen *screen;
  pump();
  return wl_container_of (stand->compositor->overview->screens.next, screen, link);
}

static guint windows_in_first_cell (struct stand *stand)
{
  client_roundtrip (stand->client);
  const struct inos_overview_cell *cell = g_ptr_array_index (screen_of (stand)->cells, 0);
  return cell->windows->len;
}

/* The strip's nodes are made anew where it shows other things, and only there. */
static void test_the_strip_is_kept (void **state)
{
  struct stand stand;
  begin (&stand);
  struct window *window = window_open (stand.client, "a", "One");
  inos_overview_open (stand.compositor);
  const struct wlr_scene_tree *strip = screen_of (&stand)->strip;
  assert_int_equal (windows_in_first_cell (&stand), 1);
  xdg_toplevel_set_title (window->toplevel, "Another");
  client_roundtrip (stand.client);
  assert_ptr_equal (screen_of (&stand)->strip, strip);
  struct window *second = window_open (stand.client, "b", "Two");
  assert_int_equal (windows_in_first_cell (&stand), 2);
  window_close (second);
  assert_int_equal (windows_in_first_cell (&stand), 1);
  /* Its colours are others. */
  inos_overview_redraw (stand.compositor);
  assert_int_equal (windows_in_first_cell (&stand), 1);
  window_close (window);
  end (&stand);
}

static void on_configure (void *data, struct wl_proxy *surface, uint32_t serial, uint32_t width,
                          uint32_t height)
{
  layer_surface_set (surface, LAYER_SURFACE_ACK_CONFIGURE, (int32_t)serial, 0, 0, 0);
}

static void on_closed (void *data, struct wl_proxy *surface)
{
}

/* A panel with something to type into, 200 by 100 in the middle of the screen. */
struct panel {
  struct wl_proxy *shell, *layer;
  struct wl_surface *surface;
  struct wl_buffer *buffer;
};

static void panel_open (struct panel *panel, struct client *client)
{
  static const struct layer_surface_listener listener = {on_configure, on_closed};
  enum { ON_DEMAND = 2, TOP = 2 };
  *panel = (struct panel){
    .shell = client_bind (client, &test_layer_shell_interface, 4),
    .surface = wl_compositor_create_surface (client->wl_compositor),
    .buffer = client_buffer (client, 200, 100, 0),
  };
  panel->layer = layer_surface_create (panel->shell, panel->surface, NULL, TOP);
  wl_proxy_add_listener (panel->layer, (void (**) (void))&listener, NULL);
  layer_surface_set (panel->layer, LAYER_SURFACE_SET_SIZE, 200, 100, 0, 0);
  layer_surface_set (panel->layer, LAYER_SURFACE_SET_KEYBOARD_INTERACTIVITY, ON_DEMAND, 0, 0, 0);
  wl_surface_commit (panel->surface);
  client_roundtrip (client);
  wl_surface_attach (panel->surface, panel->buffer, 0, 0);
  wl_surface_commit (panel->surface);
  client_roundtrip (client);
}

static void panel_close (struct panel *panel, struct client *client)
{
  layer_surface_set (panel->layer, LAYER_SURFACE_DESTROY, 0, 0, 0, 0);
  wl_buffer_destroy (panel->buffer);
  wl_surface_destroy (panel->surface);
  wl_proxy_destroy (panel->shell);
  client_roundtrip (client);
}

/* What is clicked above the overview is typed into, until the overview is clicked. */
static void test_a_panel_is_typed_into (void **state)
{
  struct stand stand;
  struct panel panel;
  begin (&stand);
  struct window *first = window_open (stand.client, "a", "One");
  struct window *second = window_open (stand.client, "b", "Two");
  panel_open (&panel, stand.client);
  inos_overview_open (stand.compositor);
  pump();
  uint32_t chosen = inos_overview_selected (stand.compositor);
  move_to (stand.seat, &stand.mouse, 640, 400);
  button (&stand.mouse, BTN_LEFT, true);
  button (&stand.mouse, BTN_LEFT, false);
  tap (&stand.keyboard, KEY_A);
  tap (&stand.keyboard, KEY_TAB);
  tap (&stand.keyboard, KEY_ESC);
  assert_int_equal (stand.compositor->overview->typed->len, 0);
  assert_int_equal (inos_overview_selected (stand.compositor), chosen);
  assert_true (inos_overview_is_open (stand.compositor));
  assert_ptr_equal (stand.seat->wlr->keyboard_state.focused_surface, stand.seat->clicked_layer);
  /* A button that does nothing there. */
  move_to (stand.seat, &stand.mouse, 640, 790);
  button (&stand.mouse, BTN_RIGHT, true);
  button (&stand.mouse, BTN_RIGHT, false);
  assert_null (stand.seat->clicked_layer);
  tap (&stand.keyboard, KEY_TAB);
  assert_int_not_equal (inos_overview_selected (stand.compositor), chosen);
  tap (&stand.keyboard, KEY_ESC);
  assert_false (inos_overview_is_open (stand.compositor));
  panel_close (&panel, stand.client);
  window_close (second);
  window_close (first);
  end (&stand);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_strip_is_kept),
    cmocka_unit_test (test_a_panel_is_typed_into),
  };
  return run_compositor_tests (tests);
}
