/* What a person set for every desktop, in GSettings: it counts below compositor.ini, at once, and
 * only what was really set. */

#include <gio/gio.h>
#include <libinput.h>
#include <string.h>
#include <wlr/types/wlr_xcursor_manager.h>

#include "client.h"
#include "device_config.h"
#include "devices.h"
#include "fixture.h"
#include "keyboard_layout.h"
#include "reload.h"
#include "shared_settings.h"
#include "shared_values.h"

/* Any value of that key, as a person or a program would write it. */
static void set (const char *schema, const char *key, const char *value)
{
  g_autoptr (GSettings) settings = g_settings_new (schema);
  assert_true (g_settings_set_value (settings, key, g_variant_new_parsed (value)));
  pump();
}

/* Nothing is left for the next test. */
static void reset_all (void)
{
  for (int i = 0; i < INOS_SHARED_SCHEMA_COUNT; i++) {
    const char *name = inos_shared_schema_name ((enum inos_shared_schema)i);
    g_autoptr (GSettingsSchema) schema =
      g_settings_schema_source_lookup (g_settings_schema_source_get_default(), name, TRUE);
    if (!schema)
      continue;
    g_autoptr (GSettings) settings = g_settings_new (name);
    g_auto (GStrv) keys = g_settings_schema_list_keys (schema);
    for (char **key = keys; *key; key++)
      g_settings_reset (settings, *key);
  }
}

static struct inos_compositor *start (const char *path)
{
  struct inos_compositor *compositor = start_with_file (path);
  inos_shared_settings_load (compositor);
  return compositor;
}

static void end (struct inos_compositor *compositor, char *path)
{
  inos_compositor_destroy (compositor);
  reset_all();
  unlink (path);
  g_free (path);
}

static double device (struct inos_compositor *compositor, const char *kind,
                      enum inos_device_setting setting)
{
  struct inos_device_config config =
    inos_device_config_resolve (compositor->config.devices, kind, NULL);
  return inos_device_config_get (&config, setting, -7);
}

static void test_defaults_are_nobodys_wish (void **state)
{
  char *path = write_config ("");
  struct inos_compositor *compositor = start (path);
  assert_null (inos_shared_settings_file (compositor->shared));
  assert_int_equal (compositor->config.repeat_delay, 500);
  assert_true (device (compositor, "mouse", INOS_DEVICE_NATURAL_SCROLL) == -7);
  end (compositor, path);
}

static void test_keyboard (void **state)
{
  char *path = write_config ("");
  set ("org.gnome.desktop.input-sources", "sources",
       "[('ibus', 'anthy'), ('xkb', 'de+nodeadkeys'), ('xkb', 'fr')]");
  set ("org.gnome.desktop.input-sources", "xkb-options", "['caps:escape', 'compose:ralt']");
  set ("org.gnome.desktop.peripherals.keyboard", "delay", "uint32 250");
  set ("org.gnome.desktop.peripherals.keyboard", "repeat-interval", "uint32 20");
  struct inos_compositor *compositor = start (path);
  struct wlr_keyboard keyboard;
  add_keyboard (compositor, &keyboard);
  assert_string_equal (compositor->config.layout, "de,fr");
  assert_string_equal (compositor->config.variant, "nodeadkeys,");
  assert_string_equal (compositor->config.options, "caps:escape,compose:ralt");
  assert_int_equal (keyboard.repeat_info.delay, 250);
  assert_int_equal (keyboard.repeat_info.rate, 50);
  assert_int_equal (inos_keyboard_layout_count (compositor->seat), 2);
  /* At once. */
  set ("org.gnome.desktop.input-sources", "sources", "[('xkb', 'es')]");
  assert_string_equal (xkb_keymap_layout_get_name (keyboard.keymap, 0), "Spanish");
  set ("org.gnome.desktop.peripherals.keyboard", "repeat", "false");
  assert_int_equal (keyboard.repeat_info.rate, 0);
  wlr_keyboard_finish (&keyboard);
  end (compositor, path);
}

static void test_the_file_wins (void **state)
{
  char *path =
    write_config ("[keyboard]\nlayout=us\nrepeat-delay=600\n[mouse]\nleft-handed=false\n");
  set ("org.gnome.desktop.input-sources", "sources", "[('xkb', 'de+nodeadkeys')]");
  set ("org.gnome.desktop.peripherals.keyboard", "delay", "uint32 250");
  set ("org.gnome.desktop.peripherals.mouse", "left-handed", "true");
  set ("org.gnome.desktop.peripherals.mouse", "natural-scroll", "true");
  struct inos_compositor *compositor = start (path);
  assert_string_equal (compositor->config.layout, "us");
  assert_null (compositor->config.variant); /* it belongs to another layout */
  assert_int_equal (compositor->config.repeat_delay, 600);
  assert_true (device (compositor, "mouse", INOS_DEVICE_LEFT_HANDED) == 0);
  assert_true (device (compositor, "mouse", INOS_DEVICE_NATURAL_SCROLL) == 1);
  /* What the file leaves is theirs. */
  assert_true (g_file_set_contents (path, "", 0, NULL));
  assert_true (inos_reload (compositor));
  assert_string_equal (compositor->config.layout, "de");
  assert_int_equal (compositor->config.repeat_delay, 250);
  assert_true (device (compositor, "mouse", INOS_DEVICE_LEFT_HANDED) == 1);
  /* Also where there is no file, or a wrong one: what held goes on. */
  assert_true (g_file_set_contents (path, "[keyboard]\nrepeat-delay=x\n", -1, NULL));
  assert_false (inos_reload (compositor));
  assert_string_equal (compositor->config.layout, "de");
  unlink (path);
  assert_true (inos_reload (compositor));
  assert_string_equal (compositor->config.layout, "de");
  end (compositor, path);
}

static void test_pointing (void **state)
{
  char *path = write_config ("");
  struct inos_compositor *compositor = start (path);
  set ("org.gnome.desktop.peripherals.mouse", "speed", "0.5");
  set ("org.gnome.desktop.peripherals.mouse", "accel-profile", "'flat'");
  set ("org.gnome.desktop.peripherals.mouse", "left-handed", "true");
  set ("org.gnome.desktop.peripherals.mouse", "middle-click-emulation", "true");
  set ("org.gnome.desktop.peripherals.touchpad", "tap-to-click", "false");
  set ("org.gnome.desktop.peripherals.touchpad", "natural-scroll", "false");
  set ("org.gnome.desktop.peripherals.touchpad", "disable-while-typing", "false");
  set ("org.gnome.desktop.peripherals.touchpad", "click-method", "'areas'");
  set ("org.gnome.desktop.peripherals.touchpad", "send-events", "'disabled-on-external-mouse'");
  set ("org.gnome.desktop.peripherals.touchpad", "edge-scrolling-enabled", "true");
  assert_true (device (compositor, "mouse", INOS_DEVICE_ACCELERATION) == 0.5);
  assert_true (device (compositor, "mouse", INOS_DEVICE_PROFILE) ==
               LIBINPUT_CONFIG_ACCEL_PROFILE_FLAT);
  assert_true (device (compositor, "mouse", INOS_DEVICE_MIDDLE_EMULATION) == 1);
  assert_true (device (compositor, "touchpad", INOS_DEVICE_LEFT_HANDED) == 1);
  assert_true (device (compositor, "touchpad", INOS_DEVICE_TAP) == 0);
  assert_true (device (compositor, "touchpad", INOS_DEVICE_NATURAL_SCROLL) == 0);
  assert_true (device (compositor, "touchpad", INOS_DEVICE_DISABLE_WHILE_TYPING) == 0);
  assert_true (device (compositor, "touchpad", INOS_DEVICE_CLICK_METHOD) ==
               LIBINPUT_CONFIG_CLICK_METHOD_BUTTON_AREAS);
  assert_true (device (compositor, "touchpad", INOS_DEVICE_SCROLL_METHOD) ==
               LIBINPUT_CONFIG_SCROLL_EDGE);
  assert_true (device (compositor, "touchpad", INOS_DEVICE_SEND_EVENTS) ==
               LIBINPUT_CONFIG_SEND_EVENTS_DISABLED_ON_EXTERNAL_MOUSE);
  set ("org.gnome.desktop.peripherals.touchpad", "left-handed", "'right'");
  assert_true (device (compositor, "touchpad", INOS_DEVICE_LEFT_HANDED) == 0);
  set ("org.gnome.desktop.peripherals.touchpad", "edge-scrolling-enabled", "false");
  set ("org.gnome.desktop.peripherals.touchpad", "two-finger-scrolling-enabled", "false");
  assert_true (device (compositor, "touchpad", INOS_DEVICE_SCROLL_METHOD) ==
               LIBINPUT_CONFIG_SCROLL_NO_SCROLL);
  end (compositor, path);
}

static void test_access (void **state)
{
  char *path = write_config ("");
  struct inos_compositor *compositor = start (path);
  const struct inos_config *config = &compositor->config;
  set ("org.gnome.desktop.a11y.keyboard", "stickykeys-enable", "true");
  set ("org.gnome.desktop.a11y.keyboard", "mousekeys-enable", "true");
  set ("org.gnome.desktop.a11y.keyboard", "slowkeys-enable", "true");
  set ("org.gnome.desktop.a11y.keyboard", "bouncekeys-enable", "true");
  set ("org.gnome.desktop.a11y.keyboard", "bouncekeys-delay", "450");
  set ("org.gnome.desktop.a11y.applications", "screen-magnifier-enabled", "true");
  assert_true (config->sticky_keys && config->mouse_keys);
  assert_int_equal (config->slow_keys, 300); /* the schema's own */
  assert_int_equal (config->bounce_keys, 450);
  assert_int_equal (config->magnifier, 200);
  set ("org.gnome.desktop.a11y.magnifier", "mag-factor", "3.5");
  assert_int_equal (config->magnifier, 350);
  set ("org.gnome.desktop.a11y.applications", "screen-magnifier-enabled", "false");
  assert_int_equal (config->magnifier, 100);
  set ("org.gnome.desktop.a11y.keyboard", "slowkeys-enable", "false");
  assert_int_equal (config->slow_keys, 0);
  end (compositor, path);
}

static void test_pointer_and_workspaces (void **state)
{
  char *path = write_config ("");
  struct inos_compositor *compositor = start (path);
  set ("org.gnome.desktop.interface", "cursor-size", "64");
  assert_int_equal (compositor->seat->xcursor->size, 64);
  set ("org.gnome.desktop.wm.preferences", "num-workspaces", "6");
  set ("org.gnome.desktop.wm.preferences", "workspace-names", "['Mail', 'Web']");
  assert_int_equal (compositor->config.workspaces, 6);
  assert_string_equal (compositor->config.workspace_names, "Mail;Web");
  end (compositor, path);
}

static void test_title_buttons (void **state)
{
  char *path = write_config ("");
  struct inos_compositor *compositor = start (path);
  const struct inos_title_buttons *buttons = &compositor->config.title_buttons;
  assert_int_equal (buttons->right_count, 3);
  set ("org.gnome.desktop.wm.preferences", "button-layout", "'close,icon:appmenu,minimize'");
  assert_int_equal (buttons->left_count, 1);
  assert_int_equal (buttons->left[0], INOS_TITLE_CLOSE);
  assert_int_equal (buttons->right_count, 1);
  assert_int_equal (buttons->right[0], INOS_TITLE_MINIMIZE);
  set ("org.gnome.desktop.wm.preferences", "button-layout", "''");
  assert_int_equal (buttons->left_count + buttons->right_count, 0);
  wlr_log_init (WLR_SILENT, NULL);
  set ("org.gnome.desktop.wm.preferences", "button-layout", "'close,close:close'");
  wlr_log_init (WLR_ERROR, NULL);
  assert_int_equal (buttons->right_count, 3);
  end (compositor, path);
}

/* What is wrong is passed over by itself, and what held or is right beside it stays. */
static void test_hostile (void **state)
{
  char *path = write_config ("");
  struct inos_compositor *compositor = start (path);
  const struct inos_config *config = &compositor->config;
  wlr_log_init (WLR_SILENT, NULL);
  set ("org.gnome.desktop.peripherals.keyboard", "delay", "uint32 4294967295");
  assert_int_equal (config->repeat_delay, 500);
  set ("org.gnome.desktop.peripherals.keyboard", "repeat-interval", "uint32 0");
  set ("org.gnome.desktop.interface", "cursor-size", "2147483647");
  set ("org.gnome.desktop.a11y.keyboard", "slowkeys-delay", "-5");
  set ("org.gnome.desktop.a11y.keyboard", "slowkeys-enable", "true");
  set ("org.gnome.desktop.wm.preferences", "workspace-names", "['a\\n[lock]\\ncommand=boom']");
  set ("org.gnome.desktop.interface", "cursor-theme", "'../../../etc'");
  assert_int_equal (config->repeat_rate, 25);
  assert_int_equal (config->cursor_size, 0);
  assert_int_equal (config->slow_keys, 0);
  assert_null (config->workspace_names);
  assert_int_equal (compositor->seat->xcursor->size, 24);
  static const char *const sources[] = {"[('xkb', 'nosuchlayout')]",
                                        "[('xkb', 'de+nosuchvariant')]",
                                        "[('xkb', '../../etc/passwd')]",
                                        "[('xkb', '')]",
                                        "[('xkb', 'us,de')]",
                                        "[('', ''), ('xkb', '+')]"};
  for (size_t i = 0; i < G_N_ELEMENTS (sources); i++) {
    set ("org.gnome.desktop.input-sources", "sources", sources[i]);
    assert_true (inos_keyboard_layout_count (compositor->seat) >= 1);
  }
  set ("org.gnome.desktop.input-sources", "sources", "[('xkb', 'nosuchlayout')]");
  set ("org.gnome.desktop.input-sources", "xkb-options", "['caps:escape']");
  assert_null (config->layout);
  assert_string_equal (config->options, "caps:escape");
  assert_null (compositor->config_error.message);
  wlr_log_init (WLR_ERROR, NULL);
  end (compositor, path);
}

/* Nothing is looked up until a program draws something. */
static void test_late (void **state)
{
  char *path = write_config ("");
  set ("org.gnome.desktop.peripherals.keyboard", "delay", "uint32 250");
  struct inos_compositor *compositor = start_with_file (path);
  inos_shared_settings_watch (compositor);
  pump();
  assert_int_equal (compositor->config.repeat_delay, 500);
  struct client *client = client_connect (compositor);
  struct window *window = window_new (client, "org.example.App", "One");
  window_show (window);
  gint64 latest = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
  while (compositor->config.repeat_delay != 250 && g_get_monotonic_time() < latest)
    g_main_context_iteration (NULL, TRUE);
  assert_int_equal (compositor->config.repeat_delay, 250);
  client_disconnect (client);
  end (compositor, path);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_defaults_are_nobodys_wish),
    cmocka_unit_test (test_keyboard),
    cmocka_unit_test (test_the_file_wins),
    cmocka_unit_test (test_pointing),
    cmocka_unit_test (test_access),
    cmocka_unit_test (test_pointer_and_workspaces),
    cmocka_unit_test (test_title_buttons),
    cmocka_unit_test (test_hostile),
    cmocka_unit_test (test_late),
  };
  return run_compositor_tests (tests);
}
