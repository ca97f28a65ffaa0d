/* Behind the lock screen nobody gets input, and what a person was in the middle of ends. */

#include <linux/input-event-codes.h>
#include <string.h>
#include <wlr/interfaces/wlr_keyboard.h>
#include <wlr/interfaces/wlr_touch.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_data_device.h>
#include <wlr/types/wlr_keyboard.h>
#include <wlr/types/wlr_pointer.h>
#include <wlr/types/wlr_seat.h>

#include "action.h"
#include "fixture.h"
#include "grab.h"
#include "lock.h"
#include "locker.h"
#include "seat.h"
#include "view.h"

#include "xdg-shell-client-protocol.h"

static const struct wlr_keyboard_impl no_hardware = {.name = "test"};

static void type (struct wlr_keyboard *keyboard, uint32_t code)
{
  struct wlr_keyboard_key_event event = {
    .keycode = code, .update_state = true, .state = WL_KEYBOARD_KEY_STATE_PRESSED};
  wlr_keyboard_notify_key (keyboard, &event);
  event.state = WL_KEYBOARD_KEY_STATE_RELEASED;
  wlr_keyboard_notify_key (keyboard, &event);
}

static void button (struct inos_seat *seat, bool down)
{
  struct wlr_pointer_button_event event = {.button = BTN_LEFT,
                                           .state = down ? WL_POINTER_BUTTON_STATE_PRESSED
                                                         : WL_POINTER_BUTTON_STATE_RELEASED};
  wl_signal_emit_mutable (&seat->cursor->events.button, &event);
}

static void handle_action (struct wl_listener *listener, void *data)
{
  fail_msg ("the binding '%s' acted behind the lock screen", (const char *)data);
}

static void test_input_is_the_lockers_alone (void **state)
{
  struct desk *desk = *state;
  struct inos_seat *seat = desk->compositor->seat;
  struct wl_listener action = {.notify = handle_action};
  struct window *window = desk_red_window (desk);
  struct wlr_keyboard keyboard;
  wlr_keyboard_init (&keyboard, &no_hardware, "test");
  inos_seat_add_device (seat, &keyboard.base);
  struct input victim, own;
  input_init (&victim, desk->client);
  wlr_cursor_warp (seat->cursor, NULL, 640, 400);
  inos_seat_refresh_cursor (seat);
  type (&keyboard, KEY_A);
  client_roundtrip (desk->client);
  assert_int_equal (victim.keys, 2);

  wl_signal_add (&desk->compositor->events.action, &action);
  struct locker *locker = locker_start (desk->compositor);
  input_init (&own, locker->client);
  /* Nobody has it until the locker's surface is there. */
  type (&keyboard, KEY_A);
  button (seat, true);
  button (seat, false);
  assert_null (seat->wlr->keyboard_state.focused_surface);
  assert_null (seat->wlr->pointer_state.focused_surface);
  locker_cover (locker, 0);
  locker_cover (locker, 1);
  type (&keyboard, KEY_LEFTMETA);
  type (&keyboard, KEY_A);
  button (seat, true);
  button (seat, false);
  client_roundtrip (desk->client);
  client_roundtrip (locker->client);
  assert_int_equal (victim.keys, 2);
  assert_int_equal (victim.buttons, 0);
  assert_int_equal (own.keys, 4);
  assert_int_equal (own.buttons, 2);
  /* Nor does asking for it help. */
  inos_view_focus (inos_view_find (desk->compositor, 1));
  type (&keyboard, KEY_A);
  client_roundtrip (desk->client);
  assert_int_equal (victim.keys, 2);
  wl_list_remove (&action.link);

  input_finish (&own);
  locker_unlock (locker);
  type (&keyboard, KEY_A);
  client_roundtrip (desk->client);
  assert_int_equal (victim.keys, 4);
  input_finish (&victim);
  wlr_keyboard_finish (&keyboard);
  window_close (window);
}

static void test_moves_and_the_switcher_end (void **state)
{
  struct desk *desk = *state;
  struct inos_seat *seat = desk->compositor->seat;
  struct window *window = desk_red_window (desk);
  struct window *other = window_open (desk->client, "b", "b");
  inos_grab_move (seat, inos_view_find (desk->compositor, 1));
  inos_action_run (desk->compositor, "switch-next");
  assert_true (seat->switcher.active);
  struct locker *locker = locker_start (desk->compositor);
  assert_int_equal (seat->grab.kind, INOS_GRAB_NONE);
  assert_null (seat->grab.view);
  assert_false (seat->switcher.active);
  locker_kill (locker);
  window_close (other);
  window_close (window);
  assert_true (desk->compositor->locked);
}

static const struct wlr_touch_impl no_touch_hardware = {.name = "test"};

static void on_down (void *data, struct wl_touch *touch, uint32_t serial, uint32_t time,
                     struct wl_surface *surface, int32_t id, wl_fixed_t x, wl_fixed_t y)
{
  ++*(int *)data;
}

static void on_up (void *data, struct wl_touch *touch, uint32_t serial, uint32_t time, int32_t id)
{
  *(int *)data += 100;
}

static void on_touch_motion (void *data, struct wl_touch *touch, uint32_t time, int32_t id,
                             wl_fixed_t x, wl_fixed_t y)
{
  *(int *)data += 10000;
}

static void on_touch_frame (void *data, struct wl_touch *touch)
{
}

/* Fingers on the lock screen are the locker's, for as long as they stay down. */
static void test_fingers_are_the_lockers (void **state)
{
  static const struct wl_touch_listener listener = {
    .down = on_down, .up = on_up, .motion = on_touch_motion, .frame = on_touch_frame};
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  struct wlr_touch touch;
  wlr_touch_init (&touch, &no_touch_hardware, "test");
  inos_seat_add_device (desk->compositor->seat, &touch.base);
  struct locker *locker = locker_start (desk->compositor);
  locker_cover (locker, 0);
  struct wl_seat *seats[2] = {client_bind (desk->client, &wl_seat_interface, 1),
                              client_bind (locker->client, &wl_seat_interface, 1)};
  struct wl_touch *touches[2];
  int seen[2] = {0};
  for (int i = 0; i < 2; i++) {
    touches[i] = wl_seat_get_touch (seats[i]);
    wl_touch_add_listener (touches[i], &listener, &seen[i]);
  }
  client_roundtrip (desk->client);
  client_roundtrip (locker->client);
  struct wlr_touch_down_event down = {.touch = &touch, .touch_id = 1, .x = 0.25, .y = 0.5};
  wl_signal_emit_mutable (&touch.events.down, &down);
  struct wlr_touch_motion_event motion = {.touch = &touch, .touch_id = 1, .x = 0.26, .y = 0.5};
  wl_signal_emit_mutable (&touch.events.motion, &motion);
  client_roundtrip (locker->client);
  assert_int_equal (seen[1], 10001);
  wl_touch_destroy (touches[1]);
  wl_seat_destroy (seats[1]);
  /* The window below does not get the finger when the lock screen goes, only the next one. */
  locker_unlock (locker);
  client_settle (desk->client);
  motion.x = 0.25;
  wl_signal_emit_mutable (&touch.events.motion, &motion);
  struct wlr_touch_up_event up = {.touch = &touch, .touch_id = 1};
  wl_signal_emit_mutable (&touch.events.up, &up);
  client_roundtrip (desk->client);
  assert_int_equal (seen[0], 0);
  wl_signal_emit_mutable (&touch.events.down, &down);
  client_roundtrip (desk->client);
  assert_int_equal (seen[0], 1);
  wl_touch_destroy (touches[0]);
  wl_seat_destroy (seats[0]);
  wlr_touch_finish (&touch);
  window_close (window);
}

static void test_fingers_are_lifted (void **state)
{
  static const struct wl_touch_listener listener = {
    .down = on_down, .up = on_up, .motion = on_touch_motion, .frame = on_touch_frame};
  struct desk *desk = *state;
  struct inos_seat *seat = desk->compositor->seat;
  struct window *window = desk_red_window (desk);
  struct wlr_touch touch;
  wlr_touch_init (&touch, &no_touch_hardware, "test");
  inos_seat_add_device (seat, &touch.base);
  struct wl_seat *wl_seat = client_bind (desk->client, &wl_seat_interface, 1);
  struct wl_touch *wl_touch = wl_seat_get_touch (wl_seat);
  int seen = 0;
  wl_touch_add_listener (wl_touch, &listener, &seen);
  client_roundtrip (desk->client);
  struct wlr_touch_down_event down = {
    .touch = &touch, .touch_id = 1, .x = 0.25, .y = 0.5}; /* the middle of the first output */
  wl_signal_emit_mutable (&touch.events.down, &down);
  client_roundtrip (desk->client);
  assert_int_equal (seen, 1);
  struct locker *locker = locker_start (desk->compositor);
  struct wlr_touch_motion_event motion = {.touch = &touch, .touch_id = 1, .x = 0.26, .y = 0.5};
  wl_signal_emit_mutable (&touch.events.motion, &motion);
  client_roundtrip (desk->client);
  assert_int_equal (seen, 101);
  down.touch_id = 2;
  wl_signal_emit_mutable (&touch.events.down, &down);
  client_roundtrip (desk->client);
  assert_int_equal (seen, 101);
  locker_kill (locker);
  wl_touch_destroy (wl_touch);
  wl_seat_destroy (wl_seat);
  wlr_touch_finish (&touch);
  window_close (window);
}

/* A drag from the window, begun with a press. */
static void test_drags_end (void **state)
{
  struct desk *desk = *state;
  struct inos_seat *seat = desk->compositor->seat;
  struct window *window = desk_red_window (desk);
  struct input input;
  input_init (&input, desk->client);
  wlr_cursor_warp (seat->cursor, NULL, 640, 400);
  inos_seat_refresh_cursor (seat);
  button (seat, true);
  client_roundtrip (desk->client);
  struct wl_data_device_manager *manager =
    client_bind (desk->client, &wl_data_device_manager_interface, 3);
  struct wl_seat *wl_seat = client_bind (desk->client, &wl_seat_interface, 1);
  struct wl_data_device *device = wl_data_device_manager_get_data_device (manager, wl_seat);
  struct wl_data_source *source = wl_data_device_manager_create_data_source (manager);
  struct wl_surface *icon = wl_compositor_create_surface (desk->client->wl_compositor);
  wl_data_source_offer (source, "text/plain");
  wl_data_source_set_actions (source, WL_DATA_DEVICE_MANAGER_DND_ACTION_COPY);
  wl_data_device_start_drag (device, source, window->surface, icon, input.serial);
  client_roundtrip (desk->client);
  assert_non_null (seat->wlr->drag);
  struct locker *locker = locker_start (desk->compositor);
  assert_null (seat->wlr->drag);
  locker_cover (locker, 0);
  /* The button is still down, and the client tries again. */
  struct wl_data_source *another = wl_data_device_manager_create_data_source (manager);
  wl_data_source_offer (another, "text/plain");
  wl_data_device_start_drag (device, another, window->surface, icon, input.serial);
  client_roundtrip (desk->client);
  client_roundtrip (desk->client);
  assert_null (seat->wlr->drag);
  assert_false (wlr_seat_pointer_has_grab (seat->wlr));
  wl_data_source_destroy (another);
  button (seat, false);
  assert_ptr_equal (seat->wlr->keyboard_state.focused_surface, inos_lock_focus (desk->compositor));
  locker_unlock (locker);
  assert_ptr_equal (inos_view_focused (desk->compositor), inos_view_find (desk->compositor, 1));
  wl_data_source_destroy (source);
  wl_data_device_destroy (device);
  wl_data_device_manager_destroy (manager);
  wl_seat_destroy (wl_seat);
  wl_surface_destroy (icon);
  input_finish (&input);
  window_close (window);
}

#define BLOCKS 64
#define PATTERN 0xa5

/* A drag without a source that nobody began with a press is refused. Its icon lives on: what the
 * icon's end writes to is not somebody else's memory by then. */
static void test_a_refused_drag_leaves_no_trace (void **state)
{
  struct desk *desk = *state;
  struct window *window = desk_red_window (desk);
  struct wl_data_device_manager *manager =
    client_bind (desk->client, &wl_data_device_manager_interface, 3);
  struct wl_seat *wl_seat = client_bind (desk->client, &wl_seat_interface, 1);
  struct wl_data_device *device = wl_data_device_manager_get_data_device (manager, wl_seat);
  struct wl_surface *icon = wl_compositor_create_surface (desk->client->wl_compositor);
  uint8_t *blocks[BLOCKS];
  client_roundtrip (desk->client);
  wl_data_device_start_drag (device, NULL, window->surface, icon, 4711);
  client_roundtrip (desk->client);
  assert_null (desk->compositor->seat->wlr->drag);
  for (int i = 0; i < BLOCKS; i++) {
    blocks[i] = g_malloc (sizeof (struct wlr_drag));
    memset (blocks[i], PATTERN, sizeof (struct wlr_drag));
  }
  wl_surface_destroy (icon);
  client_roundtrip (desk->client);
  for (int i = 0; i < BLOCKS; i++) {
    for (size_t at = 0; at < sizeof (struct wlr_drag); at++)
      assert_int_equal (blocks[i][at], PATTERN);
    g_free (blocks[i]);
  }
  wl_data_device_destroy (device);
  wl_data_device_manager_destroy (manager);
  wl_seat_destroy (wl_seat);
  window_close (window);
}

struct menu {
  struct wl_surface *surface;
  struct xdg_surface *xdg_surface;
  struct xdg_popup *popup;
  struct wl_buffer *buffer;
  bool done;
};

static void on_menu_configure (void *data, struct xdg_popup *popup, int32_t x, int32_t y,
                               int32_t width, int32_t height)
{
}

static void on_menu_done (void *data, struct xdg_popup *popup)
{
  ((struct menu *)data)->done = true;
}

static void on_menu_surface (void *data, struct xdg_surface *surface, uint32_t serial)
{
  xdg_surface_ack_configure (surface, serial);
}

/* A menu that takes keyboard and pointer, by the press with that serial. */
static void menu_open (struct menu *menu, struct window *window, uint32_t serial)
{
  static const struct xdg_popup_listener popup_listener = {
    .configure = on_menu_configure,
    .popup_done = on_menu_done,
  };
  static const struct xdg_surface_listener surface_listener = {on_menu_surface};
  struct client *client = window->client;
  struct wl_seat *seat = client_bind (client, &wl_seat_interface, 1);
  struct xdg_positioner *positioner = xdg_wm_base_create_positioner (client->wm_base);
  xdg_positioner_set_size (positioner, 100, 100);
  xdg_positioner_set_anchor_rect (positioner, 0, 0, 1, 1);
  menu->done = false;
  menu->surface = wl_compositor_create_surface (client->wl_compositor);
  menu->xdg_surface = xdg_wm_base_get_xdg_surface (client->wm_base, menu->surface);
  xdg_surface_add_listener (menu->xdg_surface, &surface_listener, menu);
  menu->popup = xdg_surface_get_popup (menu->xdg_surface, window->xdg_surface, positioner);
  xdg_popup_add_listener (menu->popup, &popup_listener, menu);
  xdg_popup_grab (menu->popup, seat, serial);
  wl_surface_commit (menu->surface);
  client_roundtrip (client);
  menu->buffer = client_buffer (client, 100, 100, RED);
  wl_surface_attach (menu->surface, menu->buffer, 0, 0);
  wl_surface_commit (menu->surface);
  client_roundtrip (client);
  xdg_positioner_destroy (positioner);
  wl_seat_destroy (seat);
}

static void menu_close (struct menu *menu)
{
  xdg_popup_destroy (menu->popup);
  xdg_surface_destroy (menu->xdg_surface);
  wl_surface_destroy (menu->surface);
  wl_buffer_destroy (menu->buffer);
}

static void test_menus_close_and_none_opens (void **state)
{
  struct desk *desk = *state;
  struct inos_seat *seat = desk->compositor->seat;
  struct window *window = desk_red_window (desk);
  struct input input;
  input_init (&input, desk->client);
  wlr_cursor_warp (seat->cursor, NULL, 640, 400);
  inos_seat_refresh_cursor (seat);
  button (seat, true);
  button (seat, false);
  client_roundtrip (desk->client);
  struct menu menu;
  menu_open (&menu, window, input.serial);
  assert_true (wlr_seat_pointer_has_grab (seat->wlr));
  struct locker *locker = locker_start (desk->compositor);
  client_roundtrip (desk->client);
  assert_true (menu.done);
  assert_false (wlr_seat_pointer_has_grab (seat->wlr));
  menu_close (&menu);
  locker_cover (locker, 0);
  struct wlr_surface *own = inos_lock_focus (desk->compositor);
  assert_ptr_equal (seat->wlr->keyboard_state.focused_surface, own);
  /* One that opens behind the lock screen takes nothing. */
  menu_open (&menu, window, input.serial);
  assert_false (wlr_seat_pointer_has_grab (seat->wlr));
  assert_false (wlr_seat_keyboard_has_grab (seat->wlr));
  assert_ptr_equal (seat->wlr->keyboard_state.focused_surface, own);
  menu_close (&menu);
  client_roundtrip (desk->client);
  assert_ptr_equal (seat->wlr->keyboard_state.focused_surface, own);
  locker_unlock (locker);
  input_finish (&input);
  window_close (window);
}

int main (void)
{
#define WITH_DESK(test) cmocka_unit_test_setup_teardown (test, desk_setup, desk_teardown)
  const struct CMUnitTest tests[] = {
    WITH_DESK (test_input_is_the_lockers_alone),
    WITH_DESK (test_moves_and_the_switcher_end),
    WITH_DESK (test_fingers_are_lifted),
    WITH_DESK (test_drags_end),
    WITH_DESK (test_a_refused_drag_leaves_no_trace),
    WITH_DESK (test_menus_close_and_none_opens),
    WITH_DESK (test_fingers_are_the_lockers),
  };
  return run_compositor_tests (tests);
}
