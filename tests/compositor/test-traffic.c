/* What clients are told, word by word, when windows are opened, changed and moved about: each text
 * is in traffic/, to be read as what the compositor promises. */

#include "traffic.h"

#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output.h>

#include "action.h"
#include "devices.h"
#include "fixture.h"
#include "fractional-scale-v1-client-protocol.h"
#include "output.h"
#include "output_settings.h"
#include "switcher.h"
#include "view.h"
#include "xdg-decoration-unstable-v1-client-protocol.h"
#include "xdg-shell-client-protocol.h"

struct desk {
  struct inos_compositor *compositor;
  struct client *client;
  struct traffic *traffic;
  struct wl_seat *seat;
  struct wl_pointer *pointer;
  struct wl_keyboard *keyboard;
  struct wlr_keyboard keys;
  struct wlr_pointer mouse;
};

static int setup (void **state)
{
  struct desk *desk = g_new0 (struct desk, 1);
  desk->compositor = start_compositor (1);
  add_keyboard (desk->compositor, &desk->keys);
  add_pointer (desk->compositor, &desk->mouse);
  move_to (desk->compositor->seat, &desk->mouse, 1200, 700);
  desk->client = client_connect (desk->compositor);
  /* The newest, which is told its scale. */
  wl_compositor_destroy (desk->client->wl_compositor);
  desk->client->wl_compositor = client_bind (desk->client, &wl_compositor_interface, 6);
  desk->traffic = traffic_listen (desk->client);
  *state = desk;
  return 0;
}

static void take_seat (struct desk *desk)
{
  desk->seat = client_bind (desk->client, &wl_seat_interface, 9);
  desk->pointer = wl_seat_get_pointer (desk->seat);
  desk->keyboard = wl_seat_get_keyboard (desk->seat);
  client_roundtrip (desk->client);
}

static int teardown (void **state)
{
  struct desk *desk = *state;
  if (desk->seat) {
    wl_pointer_destroy (desk->pointer);
    wl_keyboard_destroy (desk->keyboard);
    wl_seat_destroy (desk->seat);
  }
  client_disconnect (desk->client);
  wlr_keyboard_finish (&desk->keys);
  wlr_pointer_finish (&desk->mouse);
  inos_compositor_destroy (desk->compositor);
  g_free (desk);
  return 0;
}

static void heading (struct desk *desk, const char *text)
{
  traffic_heading (desk->traffic, text);
}

/* The client draws until it is told nothing new. */
static void settle (struct window *window)
{
  client_roundtrip (window->client);
  for (int i = 0; i < 5 && window->acknowledged != window->serial; i++) {
    window_draw (window);
    client_roundtrip (window->client);
  }
}

static void act (struct desk *desk, struct window *window, const char *action)
{
  heading (desk, action);
  assert_true (inos_action_run (desk->compositor, action));
  settle (window);
}

static void test_map (void **state)
{
  struct desk *desk = *state;
  take_seat (desk);
  heading (desk, "a window is made");
  struct window *window = window_new (desk->client, "org.example", "Map");
  client_roundtrip (desk->client);
  heading (desk, "its first commit, then its first picture");
  window_show (window);
  settle (window);
  heading (desk, "another one");
  struct window *other = window_open (desk->client, "org.example", "Other");
  settle (other);
  settle (window);
  heading (desk, "the other one goes");
  window_close (other);
  settle (window);
  act (desk, window, "close");
  heading (desk, "it goes");
  window_close (window);
  traffic_assert (desk->traffic, "map");
}

static void test_states (void **state)
{
  struct desk *desk = *state;
  struct window *window = window_open (desk->client, "org.example", "States");
  settle (window);
  static const char *const actions[] = {
    "maximize",   "maximize", "fullscreen", "fullscreen", "snap left", "snap up",
    "snap right", "maximize", "fullscreen", "fullscreen", "maximize",  "snap down",
  };
  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++)
    act (desk, window, actions[i]);
  act (desk, window, "workspace 2");
  act (desk, window, "workspace 1");
  act (desk, window, "minimize");
  heading (desk, "Alt+Tab");
  inos_switcher_step (desk->compositor->seat, 1);
  inos_switcher_accept (desk->compositor->seat);
  settle (window);
  heading (desk, "the client asks to be maximized, then for the whole screen, and back");
  xdg_toplevel_unset_maximized (window->toplevel);
  settle (window);
  xdg_toplevel_set_maximized (window->toplevel);
  settle (window);
  xdg_toplevel_set_fullscreen (window->toplevel, NULL);
  settle (window);
  xdg_toplevel_unset_fullscreen (window->toplevel);
  settle (window);
  xdg_toplevel_unset_maximized (window->toplevel);
  settle (window);
  window_close (window);
  traffic_assert (desk->traffic, "states");
}

static void test_own_size (void **state)
{
  struct desk *desk = *state;
  struct window *window = window_open (desk->client, "org.example", "Own size");
  settle (window);
  act (desk, window, "maximize");
  act (desk, window, "maximize");
  heading (desk, "the client grows by itself");
  window->width = 500;
  window->height = 350;
  window_draw (window);
  heading (desk, "another window takes the focus");
  struct window *other = window_open (desk->client, "org.example", "Other");
  settle (other);
  settle (window);
  assert_int_equal (window->width, 500);
  assert_int_equal (window->height, 350);
  window_close (other);
  settle (window);
  window_close (window);
  traffic_assert (desk->traffic, "own-size");
}

static void test_tile (void **state)
{
  struct desk *desk = *state;
  struct window *first = window_open (desk->client, "org.example", "First");
  act (desk, first, "layout-mode dwindle");
  heading (desk, "a second window");
  struct window *second = window_open (desk->client, "org.example", "Second");
  settle (second);
  settle (first);
  act (desk, second, "tile-ratio 10");
  settle (first);
  act (desk, second, "layout-mode scroll");
  settle (first);
  act (desk, second, "layout-mode floating");
  settle (first);
  window_close (second);
  window_close (first);
  traffic_assert (desk->traffic, "tile");
}

static void test_scale (void **state)
{
  struct desk *desk = *state;
  struct wp_fractional_scale_manager_v1 *manager =
    client_bind (desk->client, &wp_fractional_scale_manager_v1_interface, 1);
  struct wl_output *output = client_bind (desk->client, &wl_output_interface, 4);
  struct window *window = window_new (desk->client, "org.example", "Scale");
  struct wp_fractional_scale_v1 *fraction =
    wp_fractional_scale_manager_v1_get_fractional_scale (manager, window->surface);
  window_show (window);
  act (desk, window, "maximize");
  static const double scales[] = {1.5, 2, 1};
  for (size_t i = 0; i < G_N_ELEMENTS (scales); i++) {
    g_autofree char *text = g_strdup_printf ("the output's scale is %g", scales[i]);
    heading (desk, text);
    struct inos_output *active = inos_output_active (desk->compositor);
    struct inos_output_settings settings = inos_output_settings_of (active);
    settings.scale = scales[i];
    assert_true (inos_output_settings_apply (active, &settings));
    settle (window);
  }
  wp_fractional_scale_v1_destroy (fraction);
  wp_fractional_scale_manager_v1_destroy (manager);
  window_close (window);
  wl_output_release (output);
  traffic_assert (desk->traffic, "scale");
}

static void test_output (void **state)
{
  struct desk *desk = *state;
  struct wl_output *bound = client_bind (desk->client, &wl_output_interface, 4);
  struct window *window = window_open (desk->client, "org.example", "Output");
  act (desk, window, "maximize");
  heading (desk, "another mode");
  struct inos_output *output = inos_output_active (desk->compositor);
  struct inos_output_settings settings = inos_output_settings_of (output);
  settings.width = 1024;
  settings.height = 600;
  assert_true (inos_output_settings_apply (output, &settings));
  settle (window);
  heading (desk, "turned by a quarter");
  settings = inos_output_settings_of (output);
  settings.transform = WL_OUTPUT_TRANSFORM_90;
  assert_true (inos_output_settings_apply (output, &settings));
  settle (window);
  heading (desk, "its monitor is unplugged");
  wlr_output_destroy (output->wlr);
  settle (window);
  heading (desk, "one is plugged in");
  inos_output_add_virtual (desk->compositor, 1280, 800);
  settle (window);
  window_close (window);
  wl_output_release (bound);
  traffic_assert (desk->traffic, "output");
}

static void on_popup_surface (void *data, struct xdg_surface *surface, uint32_t serial)
{
  xdg_surface_ack_configure (surface, serial);
}

static void on_place (void *data, struct xdg_popup *popup, int32_t x, int32_t y, int32_t width,
                      int32_t height)
{
}

static void on_popup_done (void *data, struct xdg_popup *popup)
{
  *(bool *)data = true;
}

static void on_repositioned (void *data, struct xdg_popup *popup, uint32_t token)
{
}

static struct xdg_positioner *positioner_at (struct desk *desk, int x, int y)
{
  struct xdg_positioner *positioner = xdg_wm_base_create_positioner (desk->client->wm_base);
  xdg_positioner_set_size (positioner, 120, 90);
  xdg_positioner_set_anchor_rect (positioner, x, y, 10, 10);
  xdg_positioner_set_anchor (positioner, XDG_POSITIONER_ANCHOR_BOTTOM_RIGHT);
  xdg_positioner_set_gravity (positioner, XDG_POSITIONER_GRAVITY_BOTTOM_RIGHT);
  xdg_positioner_set_constraint_adjustment (positioner,
                                            XDG_POSITIONER_CONSTRAINT_ADJUSTMENT_FLIP_X |
                                              XDG_POSITIONER_CONSTRAINT_ADJUSTMENT_SLIDE_Y);
  xdg_positioner_set_reactive (positioner);
  return positioner;
}

static void test_popup (void **state)
{
  static const struct xdg_surface_listener surface_listener = {on_popup_surface};
  static const struct xdg_popup_listener popup_listener = {on_place, on_popup_done,
                                                           on_repositioned};
  struct desk *desk = *state;
  take_seat (desk);
  struct window *window = window_open (desk->client, "org.example", "Popup");
  settle (window);
  struct inos_view *view = inos_view_focused (desk->compositor);
  inos_view_move (view, 900, 500);
  heading (desk, "the pointer is pressed in the window, and it opens a menu");
  move_to (desk->compositor->seat, &desk->mouse, 1000, 600);
  client_roundtrip (desk->client);
  button (&desk->mouse, BTN_RIGHT, true);
  button (&desk->mouse, BTN_RIGHT, false);
  uint32_t serial = wl_display_get_serial (desk->compositor->display);
  struct wl_surface *surface = wl_compositor_create_surface (desk->client->wl_compositor);
  struct xdg_surface *role = xdg_wm_base_get_xdg_surface (desk->client->wm_base, surface);
  struct xdg_positioner *positioner = positioner_at (desk, 100, 100);
  struct xdg_popup *popup = xdg_surface_get_popup (role, window->xdg_surface, positioner);
  xdg_positioner_destroy (positioner);
  bool done = false;
  xdg_surface_add_listener (role, &surface_listener, NULL);
  xdg_popup_add_listener (popup, &popup_listener, &done);
  xdg_popup_grab (popup, desk->seat, serial);
  wl_surface_commit (surface);
  client_roundtrip (desk->client);
  struct wl_buffer *buffer = client_buffer (desk->client, 120, 90, 0);
  wl_surface_attach (surface, buffer, 0, 0);
  wl_surface_commit (surface);
  client_roundtrip (desk->client);
  heading (desk, "it wants another place, where the screen ends");
  positioner = positioner_at (desk, 300, 190);
  xdg_popup_reposition (popup, positioner, 7);
  xdg_positioner_destroy (positioner);
  client_roundtrip (desk->client);
  wl_surface_commit (surface);
  client_roundtrip (desk->client);
  heading (desk, "the window is moved to where there is room");
  inos_view_move (view, 100, 100);
  client_roundtrip (desk->client);
  heading (desk, "a click beside closes it");
  move_to (desk->compositor->seat, &desk->mouse, 1200, 700);
  button (&desk->mouse, BTN_LEFT, true);
  button (&desk->mouse, BTN_LEFT, false);
  client_roundtrip (desk->client);
  assert_true (done);
  xdg_popup_destroy (popup);
  xdg_surface_destroy (role);
  wl_surface_destroy (surface);
  wl_buffer_destroy (buffer);
  client_roundtrip (desk->client);
  window_close (window);
  traffic_assert (desk->traffic, "popup");
}

static void on_mode (void *data, struct zxdg_toplevel_decoration_v1 *decoration, uint32_t mode)
{
}

static void test_decorated_resize (void **state)
{
  static const struct zxdg_toplevel_decoration_v1_listener listener = {on_mode};
  struct desk *desk = *state;
  struct zxdg_decoration_manager_v1 *manager =
    client_bind (desk->client, &zxdg_decoration_manager_v1_interface, 1);
  struct window *window = window_new (desk->client, "org.example", "Frame");
  struct zxdg_toplevel_decoration_v1 *decoration =
    zxdg_decoration_manager_v1_get_toplevel_decoration (manager, window->toplevel);
  zxdg_toplevel_decoration_v1_add_listener (decoration, &listener, NULL);
  zxdg_toplevel_decoration_v1_set_mode (decoration, ZXDG_TOPLEVEL_DECORATION_V1_MODE_SERVER_SIDE);
  window_show (window);
  settle (window);
  struct inos_view *view = inos_view_focused (desk->compositor);
  struct wlr_box box = inos_view_box (view);
  heading (desk, "its lower right corner is dragged");
  struct inos_seat *seat = desk->compositor->seat;
  move_to (seat, &desk->mouse, box.x + box.width + 2, box.y + box.height + 2);
  button (&desk->mouse, BTN_LEFT, true);
  settle (window);
  move_by (&desk->mouse, 40, 30);
  settle (window);
  move_by (&desk->mouse, 40, 30);
  settle (window);
  button (&desk->mouse, BTN_LEFT, false);
  settle (window);
  act (desk, window, "maximize");
  act (desk, window, "fullscreen");
  heading (desk, "the client would rather draw its title itself");
  zxdg_toplevel_decoration_v1_set_mode (decoration, ZXDG_TOPLEVEL_DECORATION_V1_MODE_CLIENT_SIDE);
  settle (window);
  zxdg_toplevel_decoration_v1_destroy (decoration);
  zxdg_decoration_manager_v1_destroy (manager);
  window_close (window);
  traffic_assert (desk->traffic, "resize");
}

int main (void)
{
#define WITH_DESK(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    WITH_DESK (test_map),    WITH_DESK (test_own_size),
    WITH_DESK (test_states), WITH_DESK (test_tile),
    WITH_DESK (test_scale),  WITH_DESK (test_output),
    WITH_DESK (test_popup),  WITH_DESK (test_decorated_resize),
  };
  return run_compositor_tests (tests);
}
