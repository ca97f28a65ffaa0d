/* Keyboards and the pointer: layouts from the configuration, bindings, moving and resizing. */

#include <wlr/util/edges.h>

#include "client.h"
#include "devices.h"
#include "fixture.h"
#include "grab.h"
#include "view.h"

static void assert_layout (const char *config, const char *name)
{
  struct inos_compositor *compositor = start_configured (config);
  struct wlr_keyboard keyboard;
  add_keyboard (compositor, &keyboard);
  assert_string_equal (xkb_keymap_layout_get_name (keyboard.keymap, 0), name);
  wlr_keyboard_finish (&keyboard);
  inos_compositor_destroy (compositor);
}

static void test_layout_from_config (void **state)
{
  assert_layout ("[keyboard]\nlayout=de\n", "German");
  assert_layout ("[keyboard]\nlayout=fr\nvariant=bepo\n", "French (BEPO)");
  assert_layout ("[keyboard]\nlayout=nosuchlayout\n", "English (US)");
}

struct announced {
  struct wl_listener listener;
  GString *actions;
};

static void handle_action (struct wl_listener *listener, void *data)
{
  struct announced *announced = wl_container_of (listener, announced, listener);
  g_string_append_printf (announced->actions, "%s ", (const char *)data);
}

static void test_super_alone_and_in_company (void **state)
{
  struct inos_compositor *compositor = start_configured ("[bindings]\nSuper+Shift+p=power-menu\n");
  struct announced announced = {.listener.notify = handle_action, .actions = g_string_new (NULL)};
  wl_signal_add (&compositor->events.action, &announced.listener);
  struct wlr_keyboard keyboard;
  add_keyboard (compositor, &keyboard);

  key (&keyboard, KEY_LEFTMETA, true);
  key (&keyboard, KEY_LEFTMETA, false);
  assert_string_equal (announced.actions->str, "launcher ");
  /* With another key in between it is a modifier. */
  key (&keyboard, KEY_LEFTMETA, true);
  key (&keyboard, KEY_2, true);
  key (&keyboard, KEY_2, false);
  key (&keyboard, KEY_LEFTMETA, false);
  assert_string_equal (announced.actions->str, "launcher ");
  assert_int_equal (compositor->active_workspace, 1);
  key (&keyboard, KEY_LEFTMETA, true);
  key (&keyboard, KEY_LEFTSHIFT, true);
  key (&keyboard, KEY_P, true);
  key (&keyboard, KEY_P, false);
  key (&keyboard, KEY_LEFTSHIFT, false);
  key (&keyboard, KEY_LEFTMETA, false);
  assert_string_equal (announced.actions->str, "launcher power-menu ");

  wl_list_remove (&announced.listener.link);
  g_string_free (announced.actions, TRUE);
  wlr_keyboard_finish (&keyboard);
  inos_compositor_destroy (compositor);
}

static void test_move_and_resize (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct client *client = client_connect (compositor);
  struct window *window = window_open (client, "a", "a");
  struct inos_view *view = inos_view_find (compositor, 1);
  struct inos_seat *seat = compositor->seat;
  struct wlr_box before = inos_view_box (view);

  wlr_cursor_warp (seat->cursor, NULL, before.x + 10, before.y + 10);
  inos_grab_move (seat, view);
  wlr_cursor_warp (seat->cursor, NULL, before.x + 110, before.y + 60);
  inos_grab_motion (seat);
  inos_grab_end (seat);
  struct wlr_box moved = inos_view_box (view);
  assert_int_equal (moved.x, before.x + 100);
  assert_int_equal (moved.y, before.y + 50);

  /* By the top left corner: the bottom right one stays where it is. */
  wlr_cursor_warp (seat->cursor, NULL, moved.x, moved.y);
  inos_grab_resize (seat, view, WLR_EDGE_LEFT | WLR_EDGE_TOP);
  wlr_cursor_warp (seat->cursor, NULL, moved.x - 40, moved.y - 30);
  inos_grab_motion (seat);
  client_roundtrip (client);
  assert_int_equal (window->width, moved.width + 40);
  assert_int_equal (window->height, moved.height + 30);
  inos_grab_end (seat);
  client_roundtrip (client);
  window_draw (window);
  struct wlr_box resized = inos_view_box (view);
  assert_int_equal (resized.x + resized.width, moved.x + moved.width);
  assert_int_equal (resized.y + resized.height, moved.y + moved.height);
  assert_int_equal (resized.width, moved.width + 40);

  /* The window goes while it is being moved. */
  inos_grab_move (seat, view);
  window_close (window);
  assert_int_equal (seat->grab.kind, INOS_GRAB_NONE);
  assert_null (seat->grab.view);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

static void click (struct inos_seat *seat, int x, int y)
{
  struct wlr_pointer_button_event event = {.button = BTN_LEFT};
  wlr_cursor_warp (seat->cursor, NULL, x, y);
  event.state = WL_POINTER_BUTTON_STATE_PRESSED;
  wl_signal_emit_mutable (&seat->cursor->events.button, &event);
  event.state = WL_POINTER_BUTTON_STATE_RELEASED;
  wl_signal_emit_mutable (&seat->cursor->events.button, &event);
}

static void test_click_focuses (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct client *client = client_connect (compositor);
  struct window *first = window_open (client, "a", "first");
  struct window *second = window_open (client, "b", "second");
  inos_view_move (inos_view_find (compositor, 1), 0, 0);
  inos_view_move (inos_view_find (compositor, 2), 600, 400);
  assert_true (second->activated);
  click (compositor->seat, 20, 20);
  client_roundtrip (client);
  assert_true (first->activated);
  assert_false (second->activated);
  click (compositor->seat, 620, 420);
  client_roundtrip (client);
  assert_true (second->activated);
  /* The bare desktop takes nothing away. */
  click (compositor->seat, 1270, 10);
  client_roundtrip (client);
  assert_true (second->activated);
  window_close (second);
  window_close (first);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_layout_from_config),
    cmocka_unit_test (test_super_alone_and_in_company),
    cmocka_unit_test (test_move_and_resize),
    cmocka_unit_test (test_click_focuses),
  };
  return run_compositor_tests (tests);
}
