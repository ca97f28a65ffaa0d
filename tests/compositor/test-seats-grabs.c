/* What one of two people is in the middle of, while the other does something or goes. */

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_seat.h>

#include "fixture.h"
#include "layer-client.h"
#include "layer_surface.h"
#include "room.h"
#include "seats.h"
#include "view.h"
#include "xdg-shell-client-protocol.h"

/* The seat goes in the middle of whatever is done with it; its windows stay. */
static void assert_seat_may_go (struct room *room)
{
  inos_seats_remove (room->b.seat);
  room->b.seat = room->a.seat;
  room_settle (room);
  button (&room->b.mouse, BTN_LEFT, false);
  move_by (&room->b.mouse, 10, 10);
  tap (&room->b.keys, KEY_A);
  room_settle (room);
}

static void test_seat_goes_while_it_moves (void **state)
{
  struct room *room = *state;
  room_click_left (room, &room->a);
  room_take (room, &room->b, room->right, 700, 200);
  assert_seat_may_go (room);
  assert_false (room->right->activated);
  assert_true (room->left->activated);
  assert_int_equal (wl_list_length (&room->compositor->seats), 1);
  /* What only the other used is the first one's to come back to. */
  g_clear_pointer (&room->left, window_close);
  room_settle (room);
  assert_ptr_equal (inos_view_focused (room->compositor), room->right_view);
}

static void test_seat_goes_while_it_switches (void **state)
{
  struct room *room = *state;
  room_click_left (room, &room->a);
  room_click_right (room, &room->b);
  key (&room->b.keys, KEY_LEFTALT, true);
  tap (&room->b.keys, KEY_TAB);
  assert_true (room->b.seat->switcher.active);
  assert_seat_may_go (room);
  key (&room->b.keys, KEY_LEFTALT, false);
  room_settle (room);
  assert_ptr_equal (inos_view_focused (room->compositor), room->left_view);
}

static void test_seat_goes_while_it_drags (void **state)
{
  struct room *room = *state;
  struct wl_data_device_manager *manager =
    client_bind (room->client, &wl_data_device_manager_interface, 3);
  struct wl_data_device *device = wl_data_device_manager_get_data_device (manager, room->b.wl_seat);
  struct wl_data_source *source = wl_data_device_manager_create_data_source (manager);
  struct wl_surface *icon = wl_compositor_create_surface (room->client->wl_compositor);
  move_to (room->b.seat, &room->b.mouse, 700, 200);
  client_roundtrip (room->client);
  button (&room->b.mouse, BTN_LEFT, true);
  wl_data_device_start_drag (device, source, room->right->surface, icon,
                             wl_display_get_serial (room->compositor->display));
  client_roundtrip (room->client);
  assert_non_null (room->b.seat->wlr->drag);
  move_by (&room->b.mouse, -10, 0);
  assert_seat_may_go (room);
  wl_data_source_destroy (source);
  wl_data_device_destroy (device);
  wl_data_device_manager_destroy (manager);
  wl_surface_destroy (icon);
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
  ++*(int *)data;
}

static void on_repositioned (void *data, struct xdg_popup *popup, uint32_t token)
{
}

struct menu {
  struct wl_surface *surface;
  struct xdg_surface *xdg;
  struct xdg_popup *popup;
  int done;
};

static void open_menu (struct room *room, struct person *person, struct window *window, double x,
                       double y, struct menu *menu)
{
  static const struct xdg_surface_listener surface_listener = {on_popup_surface};
  static const struct xdg_popup_listener popup_listener = {on_place, on_popup_done,
                                                           on_repositioned};
  room_click (room, person, x, y);
  uint32_t serial = wl_display_get_serial (room->compositor->display);
  struct xdg_positioner *positioner = xdg_wm_base_create_positioner (room->client->wm_base);
  xdg_positioner_set_size (positioner, 120, 90);
  xdg_positioner_set_anchor_rect (positioner, 10, 10, 10, 10);
  menu->done = 0;
  menu->surface = wl_compositor_create_surface (room->client->wl_compositor);
  menu->xdg = xdg_wm_base_get_xdg_surface (room->client->wm_base, menu->surface);
  menu->popup = xdg_surface_get_popup (menu->xdg, window->xdg_surface, positioner);
  xdg_positioner_destroy (positioner);
  xdg_surface_add_listener (menu->xdg, &surface_listener, NULL);
  xdg_popup_add_listener (menu->popup, &popup_listener, &menu->done);
  xdg_popup_grab (menu->popup, person->wl_seat, serial);
  wl_surface_commit (menu->surface);
  client_roundtrip (room->client);
  struct wl_buffer *buffer = client_buffer (room->client, 120, 90, 0);
  wl_surface_attach (menu->surface, buffer, 0, 0);
  wl_surface_commit (menu->surface);
  client_roundtrip (room->client);
  wl_buffer_destroy (buffer);
  room_assert_sound (room);
}

static void close_menu (struct room *room, struct menu *menu)
{
  xdg_popup_destroy (menu->popup);
  xdg_surface_destroy (menu->xdg);
  wl_surface_destroy (menu->surface);
  room_settle (room);
}

static bool has_keyboard (const struct person *person, const struct menu *menu)
{
  const struct wlr_surface *surface = person->seat->wlr->keyboard_state.focused_surface;
  return surface && wl_resource_get_id (surface->resource) ==
                      wl_proxy_get_id ((struct wl_proxy *)menu->surface);
}

/* The menu of one is not closed by what the other does. */
static void test_menus (void **state)
{
  struct room *room = *state;
  struct menu of_a, of_b;
  open_menu (room, &room->a, room->left, 200, 200, &of_a);
  open_menu (room, &room->b, room->right, 700, 200, &of_b);
  assert_true (has_keyboard (&room->a, &of_a));
  assert_true (has_keyboard (&room->b, &of_b));
  assert_true (room->left->activated && room->right->activated);
  assert_true (of_a.done == 0 && of_b.done == 0);
  room_click (room, &room->b, 1200, 700);
  assert_true (of_a.done == 0 && of_b.done > 0);
  close_menu (room, &of_b);
  assert_true (has_keyboard (&room->a, &of_a));
  assert_ptr_equal (inos_seat_focused (room->b.seat), room->right_view);
  close_menu (room, &of_a);
  room_assert_focus (room, room->left_view, room->right_view);
}

static void test_seat_goes_while_its_menu_is_open (void **state)
{
  struct room *room = *state;
  struct menu menu;
  room_click_left (room, &room->a);
  open_menu (room, &room->b, room->right, 700, 200, &menu);
  inos_seats_remove (room->b.seat);
  room->b.seat = room->a.seat;
  client_roundtrip (room->client);
  assert_true (menu.done > 0);
  close_menu (room, &menu);
  /* A program may still ask with the seat that is gone. */
  xdg_toplevel_move (room->right->toplevel, room->b.wl_seat, 1);
  xdg_toplevel_show_window_menu (room->right->toplevel, room->b.wl_seat, 1, 10, 10);
  room_settle (room);
}

static void on_layer_configure (void *data, struct wl_proxy *surface, uint32_t serial,
                                uint32_t width, uint32_t height)
{
  layer_surface_set (surface, LAYER_SURFACE_ACK_CONFIGURE, (int32_t)serial, 0, 0, 0);
}

static void on_layer_closed (void *data, struct wl_proxy *surface)
{
}

/* A panel's menu or a launcher: it wants the keyboard for itself. */
struct launcher {
  struct client *client;
  struct wl_proxy *shell, *layer;
  struct wl_surface *surface;
  struct wl_buffer *buffer;
};

static void launcher_open (struct launcher *launcher, struct client *client)
{
  static const struct layer_surface_listener listener = {on_layer_configure, on_layer_closed};
  *launcher = (struct launcher){
    .client = client,
    .shell = client_bind (client, &test_layer_shell_interface, 4),
    .surface = wl_compositor_create_surface (client->wl_compositor),
    .buffer = client_buffer (client, 200, 100, 0),
  };
  launcher->layer = layer_surface_create (launcher->shell, launcher->surface, NULL, 3);
  wl_proxy_add_listener (launcher->layer, (void (**) (void))&listener, NULL);
  layer_surface_set (launcher->layer, LAYER_SURFACE_SET_SIZE, 200, 100, 0, 0);
  layer_surface_set (launcher->layer, LAYER_SURFACE_SET_KEYBOARD_INTERACTIVITY, 1, 0, 0, 0);
  wl_surface_commit (launcher->surface);
  client_roundtrip (client);
  wl_surface_attach (launcher->surface, launcher->buffer, 0, 0);
  wl_surface_commit (launcher->surface);
  client_roundtrip (client);
}

static void launcher_close (struct launcher *launcher)
{
  layer_surface_set (launcher->layer, LAYER_SURFACE_DESTROY, 0, 0, 0, 0);
  wl_buffer_destroy (launcher->buffer);
  wl_surface_destroy (launcher->surface);
  wl_proxy_destroy (launcher->shell);
  client_roundtrip (launcher->client);
}

/* It takes the keyboard of who opened it alone. */
static void test_exclusive_layer_surface (void **state)
{
  struct room *room = *state;
  struct launcher launcher;
  room_click_left (room, &room->a);
  room_click_right (room, &room->b);
  launcher_open (&launcher, room->client);
  assert_non_null (inos_layer_exclusive (room->b.seat));
  room_assert_focus (room, room->left_view, NULL);
  room_click_right (room, &room->a);
  room_click_left (room, &room->a);
  room_assert_focus (room, room->left_view, NULL);
  inos_seats_remove (room->b.seat);
  room->b.seat = room->a.seat;
  assert_non_null (inos_layer_exclusive (room->a.seat));
  room_assert_focus (room, NULL, NULL);
  launcher_close (&launcher);
  room_settle (room);
}

/* Or of who is at the main seat, where the program does not know the other one. */
static void test_exclusive_of_a_program_with_one_seat (void **state)
{
  struct room *room = *state;
  struct launcher launcher;
  struct client *shell = client_connect (room->compositor);
  struct wl_seat *seat = client_bind (shell, &wl_seat_interface, 9);
  room_click_left (room, &room->a);
  room_click_right (room, &room->b);
  launcher_open (&launcher, shell);
  room_assert_focus (room, NULL, room->right_view);
  launcher_close (&launcher);
  room_settle (room);
  room_assert_focus (room, room->left_view, room->right_view);
  wl_seat_release (seat);
  client_disconnect (shell);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_seat_goes_while_it_moves, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_seat_goes_while_it_switches, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_seat_goes_while_it_drags, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_menus, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_seat_goes_while_its_menu_is_open, room_setup,
                                     room_teardown),
    cmocka_unit_test_setup_teardown (test_exclusive_layer_surface, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_exclusive_of_a_program_with_one_seat, room_setup,
                                     room_teardown),
  };
  return run_compositor_tests (tests);
}
