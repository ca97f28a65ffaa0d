/* Windows that take our key bindings, and how a person gets them back; typing hides the pointer. */

#include "client.h"
#include "devices.h"
#include "fixture.h"
#include "locker.h"
#include "view.h"

#include "keyboard-shortcuts-inhibit-unstable-v1-client-protocol.h"

static void on_active (void *data, struct zwp_keyboard_shortcuts_inhibitor_v1 *inhibitor)
{
  g_string_append (data, "active ");
}

static void on_inactive (void *data, struct zwp_keyboard_shortcuts_inhibitor_v1 *inhibitor)
{
  g_string_append (data, "inactive ");
}

static void test_inhibitor_takes_bindings (void **state)
{
  static const struct zwp_keyboard_shortcuts_inhibitor_v1_listener listener = {on_active,
                                                                               on_inactive};
  struct inos_compositor *compositor = start_compositor (1);
  struct client *client = client_connect (compositor);
  struct wlr_keyboard keyboard;
  add_keyboard (compositor, &keyboard);
  struct window *window = window_open (client, "a", "a");
  struct wl_seat *seat = client_bind (client, &wl_seat_interface, 5);
  struct zwp_keyboard_shortcuts_inhibit_manager_v1 *manager =
    client_bind (client, &zwp_keyboard_shortcuts_inhibit_manager_v1_interface, 1);
  g_autoptr (GString) log = g_string_new (NULL);
  struct zwp_keyboard_shortcuts_inhibitor_v1 *inhibitor =
    zwp_keyboard_shortcuts_inhibit_manager_v1_inhibit_shortcuts (manager, window->surface, seat);
  zwp_keyboard_shortcuts_inhibitor_v1_add_listener (inhibitor, &listener, log);
  client_roundtrip (client);
  assert_string_equal (log->str, "active ");
  chord (&keyboard, KEY_2);
  assert_int_equal (compositor->active_workspace, 0);

  /* Another window has the keyboard: the bindings are ours. */
  struct window *other = window_open (client, "b", "b");
  client_roundtrip (client);
  chord (&keyboard, KEY_2);
  assert_int_equal (compositor->active_workspace, 1);
  chord (&keyboard, KEY_1);
  window_close (other);
  client_roundtrip (client);
  assert_string_equal (log->str, "active inactive active ");
  g_string_truncate (log, 0);

  chord (&keyboard, KEY_ESC);
  client_roundtrip (client);
  assert_string_equal (log->str, "inactive ");
  chord (&keyboard, KEY_3);
  assert_int_equal (compositor->active_workspace, 2);
  zwp_keyboard_shortcuts_inhibitor_v1_destroy (inhibitor);
  client_roundtrip (client);
  zwp_keyboard_shortcuts_inhibit_manager_v1_destroy (manager);
  wl_seat_destroy (seat);
  window_close (window);
  client_disconnect (client);
  wlr_keyboard_finish (&keyboard);
  inos_compositor_destroy (compositor);
}

/* Behind the lock screen neither the window nor a binding has the keys; afterwards the window has.
 */
static void test_inhibitor_is_idle_while_locked (void **state)
{
  static const struct zwp_keyboard_shortcuts_inhibitor_v1_listener listener = {on_active,
                                                                               on_inactive};
  struct inos_compositor *compositor = start_compositor (1);
  struct client *client = client_connect (compositor);
  struct wlr_keyboard keyboard;
  struct input victim, own;
  add_keyboard (compositor, &keyboard);
  struct window *window = window_open (client, "a", "a");
  input_init (&victim, client);
  struct wl_seat *seat = client_bind (client, &wl_seat_interface, 5);
  struct zwp_keyboard_shortcuts_inhibit_manager_v1 *manager =
    client_bind (client, &zwp_keyboard_shortcuts_inhibit_manager_v1_interface, 1);
  g_autoptr (GString) log = g_string_new (NULL);
  struct zwp_keyboard_shortcuts_inhibitor_v1 *inhibitor =
    zwp_keyboard_shortcuts_inhibit_manager_v1_inhibit_shortcuts (manager, window->surface, seat);
  zwp_keyboard_shortcuts_inhibitor_v1_add_listener (inhibitor, &listener, log);
  client_roundtrip (client);
  struct locker *locker = locker_start (compositor);
  client_roundtrip (client);
  assert_string_equal (log->str, "active inactive ");
  locker_cover (locker, 0);
  input_init (&own, locker->client);
  chord (&keyboard, KEY_2);
  client_roundtrip (client);
  client_roundtrip (locker->client);
  assert_int_equal (compositor->active_workspace, 0);
  assert_int_equal (victim.keys, 0);
  assert_int_equal (own.keys, 4);
  /* A new one changes nothing. */
  struct window *late = window_open (client, "b", "b");
  struct zwp_keyboard_shortcuts_inhibitor_v1 *second =
    zwp_keyboard_shortcuts_inhibit_manager_v1_inhibit_shortcuts (manager, late->surface, seat);
  chord (&keyboard, KEY_2);
  client_roundtrip (client);
  assert_int_equal (victim.keys, 0);
  assert_string_equal (log->str, "active inactive ");
  zwp_keyboard_shortcuts_inhibitor_v1_destroy (second);
  window_close (late);
  input_finish (&own);
  locker_unlock (locker);
  client_roundtrip (client);
  assert_string_equal (log->str, "active inactive active ");
  chord (&keyboard, KEY_2);
  client_roundtrip (client);
  assert_int_equal (victim.keys, 4);
  assert_int_equal (compositor->active_workspace, 0);
  zwp_keyboard_shortcuts_inhibitor_v1_destroy (inhibitor);
  zwp_keyboard_shortcuts_inhibit_manager_v1_destroy (manager);
  wl_seat_destroy (seat);
  input_finish (&victim);
  window_close (window);
  client_disconnect (client);
  wlr_keyboard_finish (&keyboard);
  inos_compositor_destroy (compositor);
}

static void test_typing_hides_the_pointer (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct inos_seat *seat = compositor->seat;
  struct wlr_keyboard keyboard;
  struct wlr_pointer mouse;
  add_keyboard (compositor, &keyboard);
  add_pointer (compositor, &mouse);
  tap (&keyboard, KEY_A);
  assert_false (seat->image.hidden);
  compositor->config.hide_while_typing = true;
  tap (&keyboard, KEY_LEFTSHIFT);
  assert_false (seat->image.hidden);
  tap (&keyboard, KEY_A);
  assert_true (seat->image.hidden);
  move_by (&mouse, 1, 0);
  assert_false (seat->image.hidden);
  assert_string_equal (seat->image.name, "default");
  tap (&keyboard, KEY_A);
  button (&mouse, BTN_LEFT, true);
  button (&mouse, BTN_LEFT, false);
  assert_false (seat->image.hidden);
  wlr_pointer_finish (&mouse);
  wlr_keyboard_finish (&keyboard);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_inhibitor_takes_bindings),
    cmocka_unit_test (test_inhibitor_is_idle_while_locked),
    cmocka_unit_test (test_typing_hides_the_pointer),
  };
  return run_compositor_tests (tests);
}
