/* Bindings: modes, buttons, the wheel, switches and swipes. */

#include <wlr/interfaces/wlr_switch.h>

#include "action.h"
#include "client.h"
#include "device.h"
#include "device_config.h"
#include "devices.h"
#include "fixture.h"
#include "locker.h"
#include "view.h"

struct announced {
  struct wl_listener listener;
  GString *actions;
};

static void handle_action (struct wl_listener *listener, void *data)
{
  struct announced *announced = wl_container_of (listener, announced, listener);
  g_string_append_printf (announced->actions, "%s ", (const char *)data);
}

static void listen (struct announced *announced, struct inos_compositor *compositor)
{
  *announced = (struct announced){.listener.notify = handle_action};
  announced->actions = g_string_new (NULL);
  wl_signal_add (&compositor->events.action, &announced->listener);
}

static void unlisten (struct announced *announced)
{
  wl_list_remove (&announced->listener.link);
  g_string_free (announced->actions, TRUE);
}

static void test_modes (void **state)
{
  struct inos_compositor *compositor = start_configured (
    "[bindings]\nSuper+m=mode go\nSuper+n=mode nowhere\n[bindings go]\na=workspace 3\nb=mode "
    "default\n");
  struct inos_seat *seat = compositor->seat;
  struct wlr_keyboard keyboard;
  add_keyboard (compositor, &keyboard);
  tap (&keyboard, KEY_A);
  assert_int_equal (compositor->active_workspace, 0);
  chord (&keyboard, KEY_N);
  assert_null (seat->mode);
  chord (&keyboard, KEY_M);
  assert_string_equal (seat->mode, "go");
  tap (&keyboard, KEY_A);
  assert_int_equal (compositor->active_workspace, 2);
  /* The usual bindings are off. */
  chord (&keyboard, KEY_2);
  assert_int_equal (compositor->active_workspace, 2);
  tap (&keyboard, KEY_ESC);
  assert_string_equal (seat->mode, "");
  chord (&keyboard, KEY_2);
  assert_int_equal (compositor->active_workspace, 1);
  chord (&keyboard, KEY_M);
  tap (&keyboard, KEY_B);
  assert_string_equal (seat->mode, "");
  wlr_keyboard_finish (&keyboard);
  inos_compositor_destroy (compositor);
}

static void scroll (struct wlr_pointer *mouse, int discrete, double delta)
{
  struct wlr_pointer_axis_event event = {
    .pointer = mouse, .delta = delta, .delta_discrete = discrete};
  wl_signal_emit_mutable (&mouse->events.axis, &event);
}

static void test_buttons_and_the_wheel (void **state)
{
  struct inos_compositor *compositor = start_configured (
    "[bindings]\nSuper+ScrollUp=power-menu\nSuper+ScrollDown=launcher\nSuper+Button2=overview\n");
  struct inos_seat *seat = compositor->seat;
  struct announced announced;
  struct wlr_keyboard keyboard;
  struct wlr_pointer mouse;
  listen (&announced, compositor);
  add_keyboard (compositor, &keyboard);
  add_pointer (compositor, &mouse);
  scroll (&mouse, 120, 15);
  key (&keyboard, KEY_LEFTMETA, true);
  scroll (&mouse, -120, -15);
  scroll (&mouse, 60, 7);
  assert_string_equal (announced.actions->str, "power-menu ");
  scroll (&mouse, 60, 7);
  /* A touchpad has no notches. */
  scroll (&mouse, 0, 10);
  scroll (&mouse, 0, 10);
  assert_string_equal (announced.actions->str, "power-menu launcher launcher ");
  scroll (&mouse, INT32_MAX, 1e300);
  g_string_truncate (announced.actions, 0);
  button (&mouse, BTN_MIDDLE, true);
  button (&mouse, BTN_MIDDLE, false);
  assert_string_equal (announced.actions->str, "overview ");
  assert_int_equal (seat->swallowed_button_count, 0);
  key (&keyboard, KEY_LEFTMETA, false);
  /* Super was not alone. */
  assert_string_equal (announced.actions->str, "overview ");
  unlisten (&announced);
  wlr_pointer_finish (&mouse);
  wlr_keyboard_finish (&keyboard);
  inos_compositor_destroy (compositor);
}

static void test_super_and_a_button_move (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct client *client = client_connect (compositor);
  struct window *window = window_open (client, "a", "a");
  struct inos_view *view = inos_view_find (compositor, 1);
  struct wlr_keyboard keyboard;
  struct wlr_pointer mouse;
  add_keyboard (compositor, &keyboard);
  add_pointer (compositor, &mouse);
  inos_view_move (view, 100, 100);
  move_to (compositor->seat, &mouse, 200, 200);
  key (&keyboard, KEY_LEFTMETA, true);
  button (&mouse, BTN_LEFT, true);
  assert_int_equal (compositor->seat->grab.kind, INOS_GRAB_MOVE);
  move_by (&mouse, 50, 60);
  button (&mouse, BTN_LEFT, false);
  assert_int_equal (view->x, 150);
  assert_int_equal (view->y, 160);
  button (&mouse, BTN_RIGHT, true);
  assert_int_equal (compositor->seat->grab.kind, INOS_GRAB_RESIZE);
  button (&mouse, BTN_RIGHT, false);
  key (&keyboard, KEY_LEFTMETA, false);
  window_close (window);
  client_disconnect (client);
  wlr_pointer_finish (&mouse);
  wlr_keyboard_finish (&keyboard);
  inos_compositor_destroy (compositor);
}

/* Each device scrolls as fast as its settings say, and as it says itself where they say nothing. */
static void test_speed_of_scrolling (void **state)
{
  struct inos_compositor *compositor = start_configured ("[mouse]\nscroll-speed=2.5\n");
  struct wlr_pointer mouse;
  struct input input;
  add_pointer (compositor, &mouse);
  struct client *client = client_connect (compositor);
  input_init (&input, client);
  struct window *window = window_open (client, "a", "A title");
  struct wlr_box box = inos_view_box (inos_view_focused (compositor));
  move_to (compositor->seat, &mouse, box.x + 20, box.y + 20);
  scroll (&mouse, 120, 10);
  client_roundtrip (client);
  assert_true (input.scrolled == 25);
  g_autoptr (GError) error = NULL;
  assert_true (
    inos_device_config_set (compositor->config.devices, "test", "scroll-speed", "0.5", &error));
  inos_devices_apply (compositor->seat);
  scroll (&mouse, 0, 10);
  client_roundtrip (client);
  assert_true (input.scrolled == 5);
  window_close (window);
  input_finish (&input);
  client_disconnect (client);
  wlr_pointer_finish (&mouse);
  inos_compositor_destroy (compositor);
}

static void toggle (struct wlr_switch *lid, enum wlr_switch_type type, bool on)
{
  struct wlr_switch_toggle_event event = {
    .switch_type = type,
    .switch_state = on ? WLR_SWITCH_STATE_ON : WLR_SWITCH_STATE_OFF,
  };
  wl_signal_emit_mutable (&lid->events.toggle, &event);
}

static void test_switches (void **state)
{
  static const struct wlr_switch_impl impl = {.name = "lid"};
  struct inos_compositor *compositor =
    start_configured ("[switches]\nlid-close=power-menu\ntablet-mode-on=overview\nlid-open=\n");
  struct announced announced;
  struct wlr_switch lid;
  listen (&announced, compositor);
  wlr_switch_init (&lid, &impl, "lid");
  inos_seat_add_device (compositor->seat, &lid.base);
  toggle (&lid, WLR_SWITCH_TYPE_LID, true);
  toggle (&lid, WLR_SWITCH_TYPE_LID, false);
  toggle (&lid, WLR_SWITCH_TYPE_TABLET_MODE, true);
  toggle (&lid, WLR_SWITCH_TYPE_TABLET_MODE, false);
  assert_string_equal (announced.actions->str, "power-menu overview ");
  unlisten (&announced);
  wlr_switch_finish (&lid);
  inos_compositor_destroy (compositor);
}

static void swipe (struct wlr_pointer *pad, uint32_t fingers, double dx, double dy, int times)
{
  struct wlr_pointer_swipe_begin_event begin = {.pointer = pad, .fingers = fingers};
  struct wlr_pointer_swipe_update_event update = {
    .pointer = pad, .fingers = fingers, .dx = dx, .dy = dy};
  struct wlr_pointer_swipe_end_event end = {.pointer = pad};
  wl_signal_emit_mutable (&pad->events.swipe_begin, &begin);
  for (int i = 0; i < times; i++)
    wl_signal_emit_mutable (&pad->events.swipe_update, &update);
  wl_signal_emit_mutable (&pad->events.swipe_end, &end);
}

static void test_swipes (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct announced announced;
  struct wlr_pointer pad;
  listen (&announced, compositor);
  add_pointer (compositor, &pad);
  swipe (&pad, 3, -50, 0, 9);
  assert_int_equal (compositor->active_workspace, 2);
  swipe (&pad, 3, 50, 0, 4);
  assert_int_equal (compositor->active_workspace, 1);
  swipe (&pad, 4, -50, 0, 20);
  assert_int_equal (compositor->active_workspace, 1);
  swipe (&pad, 3, 50, 0, 100);
  assert_int_equal (compositor->active_workspace, 0);
  swipe (&pad, 3, 0, -40, 20);
  assert_string_equal (announced.actions->str, "overview ");
  unlisten (&announced);
  wlr_pointer_finish (&pad);
  inos_compositor_destroy (compositor);
}

static void pinch (struct wlr_pointer *pad, uint32_t fingers, double scale)
{
  struct wlr_pointer_pinch_begin_event begin = {.pointer = pad, .fingers = fingers};
  struct wlr_pointer_pinch_update_event update = {.pointer = pad, .fingers = fingers};
  struct wlr_pointer_pinch_end_event end = {.pointer = pad};
  wl_signal_emit_mutable (&pad->events.pinch_begin, &begin);
  for (int i = 1; i <= 8; i++) {
    update.scale = 1 + (scale - 1) * i / 8;
    wl_signal_emit_mutable (&pad->events.pinch_update, &update);
  }
  wl_signal_emit_mutable (&pad->events.pinch_end, &end);
}

static void hold (struct wlr_pointer *pad, uint32_t fingers, uint32_t ms, bool cancelled)
{
  struct wlr_pointer_hold_begin_event begin = {
    .pointer = pad, .time_msec = 1000, .fingers = fingers};
  struct wlr_pointer_hold_end_event end = {
    .pointer = pad, .time_msec = 1000 + ms, .cancelled = cancelled};
  wl_signal_emit_mutable (&pad->events.hold_begin, &begin);
  wl_signal_emit_mutable (&pad->events.hold_end, &end);
}

static void test_swipes_that_are_switched_off (void **state)
{
  struct inos_compositor *compositor =
    start_configured ("[gestures]\nworkspaces=false\noverview=false\n");
  struct announced announced;
  struct wlr_pointer pad;
  listen (&announced, compositor);
  add_pointer (compositor, &pad);
  swipe (&pad, 3, -50, 0, 9);
  assert_int_equal (compositor->active_workspace, 0);
  swipe (&pad, 3, 0, -40, 20);
  assert_string_equal (announced.actions->str, "");
  unlisten (&announced);
  wlr_pointer_finish (&pad);
  inos_compositor_destroy (compositor);
}

/* Each gesture with each action, and what nobody bound does nothing. */
static void test_gestures_are_bindings (void **state)
{
  struct inos_compositor *compositor = start_configured (
    "[bindings]\nswipe3-up=\nswipe3-down=launcher\nswipe4-left=power-menu\nPinch4-In=overview\n"
    "pinch3-out=notifications\nhold4=suspend\nSuper+swipe4-right=workspace next\n"
    "pinch3-in=workspace previous\n");
  struct announced announced;
  struct wlr_keyboard keyboard;
  struct wlr_pointer pad;
  listen (&announced, compositor);
  add_keyboard (compositor, &keyboard);
  add_pointer (compositor, &pad);
  /* Taken away; bound; once in a swipe, however long it is; workspaces still go on. */
  swipe (&pad, 3, 0, -40, 20);
  assert_string_equal (announced.actions->str, "");
  swipe (&pad, 3, 0, 40, 20);
  assert_string_equal (announced.actions->str, "launcher ");
  swipe (&pad, 4, -50, 0, 40);
  assert_string_equal (announced.actions->str, "launcher power-menu ");
  swipe (&pad, 3, -50, 0, 9);
  assert_int_equal (compositor->active_workspace, 2);
  /* Only with the modifier. */
  swipe (&pad, 4, 50, 0, 4);
  assert_int_equal (compositor->active_workspace, 2);
  key (&keyboard, KEY_LEFTMETA, true);
  swipe (&pad, 4, 50, 0, 4);
  key (&keyboard, KEY_LEFTMETA, false);
  assert_int_equal (compositor->active_workspace, 3);
  g_string_truncate (announced.actions, 0);
  pinch (&pad, 4, 0.9);
  pinch (&pad, 4, 2);
  assert_string_equal (announced.actions->str, "");
  /* Once in a pinch. */
  pinch (&pad, 3, 0.3);
  assert_int_equal (compositor->active_workspace, 2);
  pinch (&pad, 4, 0.3);
  pinch (&pad, 3, 2);
  assert_string_equal (announced.actions->str, "overview notifications ");
  g_string_truncate (announced.actions, 0);
  hold (&pad, 4, 50, false);
  hold (&pad, 4, 900, true);
  hold (&pad, 3, 900, false);
  assert_string_equal (announced.actions->str, "");
  hold (&pad, 4, 900, false);
  assert_string_equal (announced.actions->str, "suspend ");
  assert_false (compositor->locked);
  unlisten (&announced);
  wlr_keyboard_finish (&keyboard);
  wlr_pointer_finish (&pad);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_modes),
    cmocka_unit_test (test_buttons_and_the_wheel),
    cmocka_unit_test (test_speed_of_scrolling),
    cmocka_unit_test (test_switches),
    cmocka_unit_test (test_super_and_a_button_move),
    cmocka_unit_test (test_swipes),
    cmocka_unit_test (test_swipes_that_are_switched_off),
    cmocka_unit_test (test_gestures_are_bindings),
  };
  return run_compositor_tests (tests);
}
