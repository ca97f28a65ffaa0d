/* Several keyboards: they share modifiers, lights and the layout that is typed in. */

#include <string.h>
#include <wlr/types/wlr_keyboard_group.h>
#include <wlr/types/wlr_seat.h>

#include "action.h"
#include "client.h"
#include "device_config.h"
#include "devices.h"
#include "fixture.h"
#include "keyboard.h"
#include "keyboard_access.h"
#include "keyboard_layout.h"
#include "reload.h"

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

/* The file of a compositor that start_with_file() started says this now. */
static void rewrite (struct inos_compositor *compositor, const char *text)
{
  assert_true (g_file_set_contents (compositor->config_path, text, -1, NULL));
  assert_true (inos_reload (compositor));
}

/* Who types in the second layout goes on to, whatever else is set. */
static void test_other_settings_leave_the_keymap (void **state)
{
#define LAYOUTS "[keyboard]\nlayout=us,de\n"
  g_autofree char *path = write_config (LAYOUTS "[device test]\nlayout=fr\n");
  struct inos_compositor *compositor = start_with_file (path);
  struct inos_seat *seat = compositor->seat;
  struct wlr_keyboard plain, other;
  add_lit_keyboard (compositor, &plain);
  add_keyboard (compositor, &other);
  chord (&plain, KEY_SPACE);
  tap (&plain, KEY_CAPSLOCK);
  assert_int_equal (seat->layout, 1);
  uint32_t locked = plain.modifiers.locked;
  assert_true (locked);
  const struct xkb_keymap *of_all = seat->group->keyboard.keymap, *of_one = other.keymap;
  assert_ptr_not_equal (of_all, of_one);
  rewrite (compositor, LAYOUTS "repeat-delay=250\n[cursor]\nsize=48\n[device test]\nlayout=fr\n");
  assert_int_equal (plain.repeat_info.delay, 250);
  assert_int_equal (seat->layout, 1);
  assert_int_equal (plain.modifiers.group, 1);
  assert_int_equal (plain.modifiers.locked, locked);
  assert_ptr_equal (seat->group->keyboard.keymap, of_all);
  assert_ptr_equal (plain.keymap, of_all);
  assert_ptr_equal (other.keymap, of_one);
  /* Nor does one that says how keys are pressed. */
  rewrite (compositor, LAYOUTS "[accessibility]\nsticky-keys=true\n[device test]\nlayout=fr\n");
  assert_true (inos_keyboard_access_is_on (seat));
  assert_int_equal (seat->layout, 1);
  assert_int_equal (wlr_seat_get_keyboard (seat->wlr)->modifiers.group, 1);
  rewrite (compositor, LAYOUTS "repeat-delay=300\n[accessibility]\nsticky-keys=true\n");
  assert_int_equal (wlr_seat_get_keyboard (seat->wlr)->repeat_info.delay, 300);
  assert_int_equal (seat->layout, 1);
  /* The keyboard that has no layout of its own any more has that of the others. */
  assert_ptr_equal (other.keymap, of_all);
  /* And another layout is another keymap, which begins with its first. */
  rewrite (compositor, "[keyboard]\nlayout=es,de\n");
  assert_ptr_not_equal (plain.keymap, of_all);
  assert_int_equal (seat->layout, 0);
  assert_string_equal (inos_keyboard_layout_name (seat, 0), "Spanish");
  wlr_keyboard_finish (&other);
  wlr_keyboard_finish (&plain);
  inos_compositor_destroy (compositor);
  unlink (path);
#undef LAYOUTS
}

/* What nobody can type with is refused like any other mistake, and the line is named. */
static void test_layout_that_is_none (void **state)
{
  g_autofree char *path = write_config ("[keyboard]\nlayout=de\n");
  struct inos_compositor *compositor = start_with_file (path);
  assert_true (
    g_file_set_contents (path, "[cursor]\nsize=48\n[keyboard]\nlayout=nonsense\n", -1, NULL));
  assert_false (inos_reload (compositor));
  assert_int_equal (compositor->config_error.line, 4);
  assert_non_null (strstr (compositor->config_error.message, "no layout 'nonsense'"));
  assert_string_equal (compositor->config.layout, "de");
  assert_int_equal (compositor->config.cursor_size, 0);
  rewrite (compositor, "[keyboard]\nlayout=fr\n");
  assert_string_equal (inos_keyboard_layout_name (compositor->seat, 0), "French");
  inos_compositor_destroy (compositor);
  unlink (path);
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

static void add_named (struct inos_compositor *compositor, struct wlr_keyboard *keyboard,
                       const char *name)
{
  static const struct wlr_keyboard_impl impl = {.name = "named", .led_update = show_lights};
  wlr_keyboard_init (keyboard, &impl, name);
  inos_seat_add_device (compositor->seat, &keyboard->base);
}

/* What the key writes on the keyboard that programs were told of last. */
static uint32_t written (struct inos_compositor *compositor, uint32_t code)
{
  struct wlr_keyboard *keyboard = wlr_seat_get_keyboard (compositor->seat->wlr);
  return xkb_state_key_get_utf32 (keyboard->xkb_state, code + 8);
}

static void test_one_keyboard_has_another_layout (void **state)
{
  struct inos_compositor *compositor = start_configured (
    "[keyboard]\nlayout=us,fr\n[device Foreign]\nlayout=de\n[device Broken]\nlayout=nowhere\n"
    "[device Swapped]\noptions=caps:swapescape\n");
  struct inos_seat *seat = compositor->seat;
  struct wlr_keyboard usual, foreign, broken, swapped;
  add_named (compositor, &usual, "Usual");
  add_named (compositor, &foreign, "Foreign");
  wlr_log_init (WLR_SILENT, NULL);
  add_named (compositor, &broken, "Broken");
  wlr_log_init (WLR_ERROR, NULL);
  tap (&foreign, KEY_Y);
  assert_int_equal (written (compositor, KEY_Y), 'z');
  tap (&usual, KEY_Y);
  assert_int_equal (written (compositor, KEY_Y), 'y');
  tap (&broken, KEY_Y);
  assert_int_equal (written (compositor, KEY_Y), 'y');
  /* The layout that is chosen is the others'. */
  assert_true (inos_keyboard_layout_set (seat, 1));
  tap (&foreign, KEY_Q);
  assert_int_equal (written (compositor, KEY_Q), 'q');
  tap (&usual, KEY_Q);
  assert_int_equal (written (compositor, KEY_Q), 'a');
  assert_true (inos_keyboard_layout_set (seat, 0));
  /* Bindings are everybody's. */
  chord (&foreign, KEY_3);
  assert_int_equal (compositor->active_workspace, 2);
  /* Options alone leave the layouts as they are. */
  add_named (compositor, &swapped, "Swapped");
  tap (&swapped, KEY_Y);
  assert_int_equal (written (compositor, KEY_Y), 'y');
  lights = 0;
  tap (&swapped, KEY_ESC);
  assert_int_equal (lights, WLR_LED_CAPS_LOCK);
  tap (&swapped, KEY_ESC);
  /* One that goes leaves one that is there. */
  tap (&foreign, KEY_A);
  wlr_keyboard_finish (&foreign);
  assert_non_null (wlr_seat_get_keyboard (seat->wlr));
  wlr_keyboard_finish (&swapped);
  wlr_keyboard_finish (&broken);
  wlr_keyboard_finish (&usual);
  inos_compositor_destroy (compositor);
}

static void set (struct inos_compositor *compositor, const char *name, const char *layout)
{
  assert_true (inos_device_config_set (compositor->config.devices, name, "layout", layout, NULL));
  inos_keyboard_layout_configure_device (compositor->seat, name);
}

static void test_a_keyboard_is_given_another_layout_and_back (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct wlr_keyboard first, second;
  add_named (compositor, &first, "First");
  add_named (compositor, &second, "Second");
  set (compositor, "Second", "de");
  tap (&second, KEY_Y);
  assert_int_equal (written (compositor, KEY_Y), 'z');
  key (&first, KEY_LEFTMETA, true);
  set (compositor, "Second", "");
  tap (&second, KEY_Y);
  assert_int_equal (written (compositor, KEY_Y), 'y');
  tap (&second, KEY_3);
  assert_int_equal (compositor->active_workspace, 2); /* modifiers are shared again */
  key (&first, KEY_LEFTMETA, false);
  /* With sticky keys all go one way, and back. */
  set (compositor, "Second", "de");
  compositor->config.sticky_keys = true;
  inos_keyboard_layout_configure_access (compositor->seat);
  tap (&second, KEY_Y);
  assert_int_equal (written (compositor, KEY_Y), 'y');
  compositor->config.sticky_keys = false;
  inos_keyboard_layout_configure_access (compositor->seat);
  tap (&second, KEY_Y);
  assert_int_equal (written (compositor, KEY_Y), 'z');
  wlr_keyboard_finish (&second);
  wlr_keyboard_finish (&first);
  inos_compositor_destroy (compositor);
}

/* The file gives a layout to one of two, whichever came first: both go on. */
static void test_a_file_gives_one_keyboard_a_layout (void **state)
{
  for (int which = 0; which < 2; which++) {
    g_autofree char *path = write_config ("[keyboard]\nlayout=us\n");
    struct inos_compositor *compositor = start_with_file (path);
    struct wlr_keyboard keyboards[2];
    add_named (compositor, &keyboards[0], "First");
    add_named (compositor, &keyboards[1], "Second");
    rewrite (compositor, which == 0 ? "[keyboard]\nlayout=us\n[device First]\nlayout=de\n"
                                    : "[keyboard]\nlayout=us\n[device Second]\nlayout=de\n");
    for (int i = 0; i < 2; i++) {
      tap (&keyboards[i], KEY_Y);
      assert_int_equal (written (compositor, KEY_Y), i == which ? 'z' : 'y');
      chord (&keyboards[i], i == 0 ? KEY_3 : KEY_2);
      assert_int_equal (compositor->active_workspace, i == 0 ? 2 : 1);
    }
    wlr_keyboard_finish (&keyboards[1]);
    wlr_keyboard_finish (&keyboards[0]);
    inos_compositor_destroy (compositor);
    unlink (path);
  }
}

static void test_only_devices_of_a_name_have_layouts (void **state)
{
  const char *const wrong[] = {"[mouse]\nlayout=de\n", "[touchpad]\nvariant=x\n"};
  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *path = write_config (wrong[i]);
    struct inos_config config;
    g_autoptr (GError) error = NULL;
    assert_false (inos_config_load (&config, path, &error));
    assert_non_null (strstr (error->message, "there is no setting"));
    inos_config_finish (&config);
    unlink (path);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_modifiers_are_shared),
    cmocka_unit_test (test_layouts_are_switched),
    cmocka_unit_test (test_other_settings_leave_the_keymap),
    cmocka_unit_test (test_layout_that_is_none),
    cmocka_unit_test (test_the_keymap_may_switch_itself),
    cmocka_unit_test (test_a_focus_has_a_keymap_without_keyboards),
    cmocka_unit_test (test_one_keyboard_has_another_layout),
    cmocka_unit_test (test_a_keyboard_is_given_another_layout_and_back),
    cmocka_unit_test (test_a_file_gives_one_keyboard_a_layout),
    cmocka_unit_test (test_only_devices_of_a_name_have_layouts),
  };
  return run_compositor_tests (tests);
}
