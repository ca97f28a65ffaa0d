/* New settings while the compositor runs: taken at once, or refused as a whole and reported. */

#include <string.h>
#include <wlr/types/wlr_xcursor_manager.h>

#include "devices.h"
#include "fixture.h"
#include "keyboard.h"
#include "keyboard_layout.h"
#include "reload.h"

static void rewrite (const char *path, const char *text)
{
  assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void test_good_settings_hold_at_once (void **state)
{
  g_autofree char *path = write_config ("[keyboard]\nlayout=us\n");
  struct inos_compositor *compositor = start_with_file (path);
  struct wlr_keyboard keyboard;
  add_keyboard (compositor, &keyboard);
  rewrite (path, "[keyboard]\nlayout=de,fr\nrepeat-rate=40\n[bindings]\nSuper+x=workspace 2\n"
                 "[cursor]\nsize=48\n");
  assert_true (inos_reload (compositor));
  assert_string_equal (xkb_keymap_layout_get_name (keyboard.keymap, 0), "German");
  assert_int_equal (inos_keyboard_layout_count (compositor->seat), 2);
  assert_int_equal (keyboard.repeat_info.rate, 40);
  chord (&keyboard, KEY_X);
  assert_int_equal (compositor->active_workspace, 1);
  assert_int_equal (compositor->seat->xcursor->size, 48);
  wlr_keyboard_finish (&keyboard);
  inos_compositor_destroy (compositor);
  unlink (path);
}

struct errors {
  struct wl_listener listener;
  int count;
};

static void handle_error (struct wl_listener *listener, void *data)
{
  struct errors *errors = wl_container_of (listener, errors, listener);
  errors->count++;
}

static void test_wrong_settings_change_nothing (void **state)
{
  g_autofree char *path = write_config ("[keyboard]\nrepeat-rate=40\n");
  struct inos_compositor *compositor = start_with_file (path);
  struct errors errors = {.listener.notify = handle_error};
  wl_signal_add (&compositor->events.config_error, &errors.listener);
  rewrite (path, "[keyboard]\nrepeat-rate=33\nrepeat-delay=many\n");
  assert_false (inos_reload (compositor));
  assert_int_equal (errors.count, 1);
  assert_int_equal (compositor->config.repeat_rate, 40);
  assert_int_equal (compositor->config_error.line, 3);
  assert_non_null (strstr (compositor->config_error.message, "repeat-delay"));
  rewrite (path, "[keyboard]\nrepeat-rate=33\n");
  assert_true (inos_reload (compositor));
  assert_int_equal (compositor->config.repeat_rate, 33);
  assert_null (compositor->config_error.message);
  wl_list_remove (&errors.listener.link);
  inos_compositor_destroy (compositor);
  unlink (path);
}

/* A compositor that starts with a wrong file says so too. */
static void test_wrong_from_the_start (void **state)
{
  g_autofree char *path = write_config ("\n[keyboard]\nrepeat-rate=many\n");
  struct inos_compositor *compositor = start_with_file (path);
  assert_int_equal (compositor->config_error.line, 3);
  assert_int_equal (compositor->config.repeat_rate, 25);
  inos_compositor_destroy (compositor);
  unlink (path);
}

static void test_the_file_is_followed (void **state)
{
  g_autofree char *path = write_config ("[keyboard]\nrepeat-rate=40\n");
  struct inos_compositor *compositor = start_with_file (path);
  inos_reload_watch (compositor);
  rewrite (path, "[keyboard]\nrepeat-rate=41\n");
  gint64 end = g_get_monotonic_time() + 5 * G_USEC_PER_SEC;
  while (compositor->config.repeat_rate != 41 && g_get_monotonic_time() < end) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (1000);
  }
  assert_int_equal (compositor->config.repeat_rate, 41);
  /* It goes while a change waits to be read. */
  rewrite (path, "[keyboard]\nrepeat-rate=42\n");
  g_usleep (20000);
  g_main_context_iteration (NULL, FALSE);
  inos_compositor_destroy (compositor);
  unlink (path);
}

static void give_keymap (struct wlr_keyboard *keyboard, const char *layout)
{
  struct xkb_context *context = xkb_context_new (XKB_CONTEXT_NO_FLAGS);
  const struct xkb_rule_names names = {.layout = layout};
  struct xkb_keymap *keymap = xkb_keymap_new_from_names (context, &names, 0);
  assert_true (wlr_keyboard_set_keymap (keyboard, keymap));
  xkb_keymap_unref (keymap);
  xkb_context_unref (context);
}

/* One that brings its own keymap, as programs that type do. */
static void add_typist (struct inos_compositor *compositor, struct wlr_keyboard *keyboard)
{
  static const struct wlr_keyboard_impl no_hardware = {.name = "typist"};
  wlr_keyboard_init (keyboard, &no_hardware, "typist");
  give_keymap (keyboard, "us");
  inos_keyboard_create (compositor->seat, keyboard);
}

/* What a key is known not to be is not known for ever. */
static void test_keys_are_learned_anew (void **state)
{
  g_autofree char *path = write_config ("[bindings]\nq=workspace 2\n");
  struct inos_compositor *compositor = start_with_file (path);
  struct wlr_keyboard typist;
  add_typist (compositor, &typist);
  tap (&typist, KEY_A);
  tap (&typist, KEY_A);
  assert_int_equal (compositor->active_workspace, 0);
  /* In France q is where a is here. */
  give_keymap (&typist, "fr");
  tap (&typist, KEY_A);
  assert_int_equal (compositor->active_workspace, 1);
  tap (&typist, KEY_X);
  tap (&typist, KEY_B);
  rewrite (path, "[bindings]\nx=workspace 3\nSuper+b=workspace 2\n");
  assert_true (inos_reload (compositor));
  tap (&typist, KEY_X);
  assert_int_equal (compositor->active_workspace, 2);
  /* Nor is it the same with modifiers. */
  tap (&typist, KEY_B);
  chord (&typist, KEY_B);
  assert_int_equal (compositor->active_workspace, 1);
  wlr_keyboard_finish (&typist);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_keys_are_learned_anew),
    cmocka_unit_test (test_good_settings_hold_at_once),
    cmocka_unit_test (test_wrong_settings_change_nothing),
    cmocka_unit_test (test_wrong_from_the_start),
    cmocka_unit_test (test_the_file_is_followed),
  };
  return run_compositor_tests (tests);
}
