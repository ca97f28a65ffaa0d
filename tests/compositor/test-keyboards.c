/* Several keyboards: they share modifiers, lights and the layout that is typed in. */

#include <wlr/types/wlr_keyboard_group.h>
#include <wlr/types/wlr_seat.h>

#include "action.h"
#include "client.h"
#include "devices.h"
#include "fixture.h"
#include "keyboard.h"
#include "keyboard_layout.h"

static uint32_t lights;

static void show_lights (struct wlr_keyboard *keyboard, uint32_t leds)
{
  lights = leds;
}

static void add_lit_keyboard (struct inos_compositor *compositor, struct wlr_keyboard *keyboard)
{
  static const struct wlr_keyboard_impl impl = {.name = "lit", .led_update = show_lights};
  wlr_keyboard_init (keyboard, &impl, "lit");
  inos_seat_add_device (compositor->seat, &keyboard->base);
}

static uint32_t modifiers (struct inos_compositor *compositor)
{
  return wlr_keyboard_get_modifiers (wlr_seat_get_keyboard (compositor->seat->wlr));
}

static void test_modifiers_are_shared (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct wlr_keyboard first, second;
  add_keyboard (compositor, &first);
  add_lit_keyboard (compositor, &second);
  key (&first, KEY_LEFTMETA, true);
  assert_int_equal (modifiers (compositor), WLR_MODIFIER_LOGO);
  tap (&second, KEY_3);
  assert_int_equal (compositor->active_workspace, 2);
  key (&first, KEY_LEFTMETA, false);
  assert_int_equal (modifiers (compositor), 0);
  lights = 0;
  tap (&first, KEY_CAPSLOCK);
  assert_int_equal (lights, WLR_LED_CAPS_LOCK);
  /* One that comes later is told. */
  struct wlr_keyboard third;
  lights = 0;
  add_lit_keyboard (compositor, &third);
  assert_int_equal (third.modifiers.locked, first.modifiers.locked);
  assert_int_equal (lights, WLR_LED_CAPS_LOCK);
  tap (&third, KEY_CAPSLOCK);
  assert_int_equal (first.modifiers.locked, 0);
  /* One that goes takes its keys along. */
  key (&first, KEY_LEFTMETA, true);
  wlr_keyboard_finish (&first);
  assert_int_equal (modifiers (compositor), 0);
  wlr_keyboard_finish (&second);
  wlr_keyboard_finish (&third);
  inos_compositor_destroy (compositor);
}

static void test_layouts_are_switched (void **state)
{
  struct inos_compositor *compositor =
    start_configured ("[keyboard]\nlayout=us,de,fr\nvariant=,nodeadkeys,\n");
  struct inos_seat *seat = compositor->seat;
  struct wlr_keyboard first, second;
  assert_int_equal (inos_keyboard_layout_count (seat), 3);
  assert_string_equal (inos_keyboard_layout_name (seat, 1), "German (no dead keys)");
  add_keyboard (compositor, &first);
  add_keyboard (compositor, &second);
  assert_true (inos_action_run (compositor, "layout 3"));
  assert_int_equal (seat->layout, 2);
  assert_int_equal (second.modifiers.group, 2);
  /* The first keyboard's shift key does not bring the first layout back. */
  tap (&first, KEY_LEFTSHIFT);
  assert_int_equal (wlr_seat_get_keyboard (seat->wlr)->modifiers.group, 2);
  chord (&first, KEY_SPACE);
  assert_int_equal (seat->layout, 0);
  chord (&second, KEY_SPACE);
  assert_int_equal (seat->layout, 1);
  assert_int_equal (first.modifiers.group, 1);
  assert_false (inos_keyboard_layout_set (seat, 3));
  assert_true (inos_action_run (compositor, "layout 99"));
  assert_int_equal (seat->layout, 1);
  /* A keyboard that is plugged in types the same. */
  struct wlr_keyboard third;
  add_keyboard (compositor, &third);
  assert_int_equal (third.modifiers.group, 1);
  assert_int_equal (first.modifiers.group, 1);
  wlr_keyboard_finish (&third);
  wlr_keyboard_finish (&second);
  wlr_keyboard_finish (&first);
  inos_compositor_destroy (compositor);
}

static void test_the_keymap_may_switch_itself (void **state)
{
  struct inos_compositor *compositor =
    start_configured ("[keyboard]\nlayout=us,de\noptions=grp:caps_toggle\n");
  struct wlr_keyboard keyboard;
  add_keyboard (compositor, &keyboard);
  tap (&keyboard, KEY_CAPSLOCK);
  assert_int_equal (compositor->seat->layout, 1);
  tap (&keyboard, KEY_CAPSLOCK);
  assert_int_equal (compositor->seat->layout, 0);
  wlr_keyboard_finish (&keyboard);
  inos_compositor_destroy (compositor);
}

static bool has_keymap, got_none, entered_without;

static void handle_keymap (void *data, struct wl_keyboard *keyboard, uint32_t format, int32_t fd,
                           uint32_t size)
{
  has_keymap = format == WL_KEYBOARD_KEYMAP_FORMAT_XKB_V1 && size > 0;
  got_none |= !has_keymap;
  close (fd);
}

static void handle_enter (void *data, struct wl_keyboard *keyboard, uint32_t serial,
                          struct wl_surface *surface, struct wl_array *keys)
{
  entered_without = !has_keymap;
}

static void ignore (void *data, struct wl_keyboard *keyboard, uint32_t serial,
                    struct wl_surface *surface)
{
}

static void ignore_key (void *data, struct wl_keyboard *keyboard, uint32_t serial, uint32_t time,
                        uint32_t code, uint32_t state)
{
}

static void ignore_modifiers (void *data, struct wl_keyboard *keyboard, uint32_t serial,
                              uint32_t depressed, uint32_t latched, uint32_t locked, uint32_t group)
{
}

static void ignore_repeat (void *data, struct wl_keyboard *keyboard, int32_t rate, int32_t delay)
{
}

/* Chromium crashes in front of a keyboard whose keymap it was not told. */
static void test_a_focus_has_a_keymap_without_keyboards (void **state)
{
  static const struct wl_keyboard_listener listener = {
    handle_keymap, handle_enter, ignore, ignore_key, ignore_modifiers, ignore_repeat,
  };
  struct inos_compositor *compositor = start_compositor (1);
  struct client *client = client_connect (compositor);
  struct wl_seat *seat = client_bind (client, &wl_seat_interface, 5);
  struct wl_keyboard *keyboard = wl_seat_get_keyboard (seat);
  wl_keyboard_add_listener (keyboard, &listener, NULL);
  has_keymap = got_none = entered_without = false;
  struct window *window = window_open (client, "app", "title");
  assert_true (window->activated);
  assert_true (has_keymap);
  assert_false (entered_without);
  /* Virtual ones bring theirs later: swaylock ends itself when it is told of one without. */
  static const struct wlr_keyboard_impl no_hardware = {.name = "test"};
  struct wlr_keyboard first, second;
  wlr_keyboard_init (&first, &no_hardware, "first");
  inos_keyboard_create (compositor->seat, &first);
  wlr_keyboard_init (&second, &no_hardware, "second");
  inos_keyboard_create (compositor->seat, &second);
  client_roundtrip (client);
  wlr_keyboard_finish (&second);
  client_roundtrip (client);
  assert_false (got_none);
  wlr_keyboard_finish (&first);
  wl_keyboard_release (keyboard);
  wl_seat_destroy (seat);
  window_close (window);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_modifiers_are_shared),
    cmocka_unit_test (test_layouts_are_switched),
    cmocka_unit_test (test_the_keymap_may_switch_itself),
    cmocka_unit_test (test_a_focus_has_a_keymap_without_keyboards),
  };
  return run_compositor_tests (tests);
}
