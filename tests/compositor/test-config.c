/* compositor.ini: defaults, good values, and wrong ones that are named and change nothing. */

#include <libinput.h>
#include <string.h>

#include "action.h"
#include "binding_table.h"
#include "config.h"
#include "device_config.h"
#include "fixture.h"

static void test_missing_file_is_fine (void **state)
{
  struct inos_config config;
  assert_true (inos_config_load (&config, "/nonexistent/compositor.ini", NULL));
  assert_int_equal (config.workspaces, 4);
  assert_int_equal (config.repeat_rate, 25);
  inos_config_finish (&config);
}

static void test_values_are_read (void **state)
{
  struct inos_config config;
  g_autofree char *path = write_config ("[keyboard]\nlayout=de\nrepeat-rate=40\n"
                                        "[workspaces]\ncount=9\n[bindings]\nSuper+t=exec foot\n");
  assert_true (inos_config_load (&config, path, NULL));
  assert_string_equal (config.layout, "de");
  assert_int_equal (config.repeat_rate, 40);
  assert_int_equal (config.workspaces, 9);
  assert_string_equal (g_hash_table_lookup (config.bindings, "Super+t"), "exec foot");
  inos_config_finish (&config);
  unlink (path);
}

static void test_wrong_values_are_named (void **state)
{
  static const struct {
    const char *text, *in_message;
    unsigned int line;
  } cases[] = {
    {"[workspaces]\ncount=0\n", "count", 2},
    {"[workspaces]\ncount=17\n", "1 to 16", 2},
    {"[workspaces]\ncount=many\n", "count", 2},
    {"[keyboard]\nrepeat-delay=99999999999999999999\n", "repeat-delay", 2},
    {"[keyboard]\nlayuot=de\n", "layuot", 2},
    {"[touchpad]\ntap-to-click=perhaps\n", "tap-to-click", 2},
    {"[cursor]\nsize=24\n# size\nrubbish\n", "rubbish", 4},
    {"[mouse]\nacceleration = 0.5\nacceleration = 2\n", "-1 to 1", 3},
    {"[mouse]\nscroll-method=spin\n", "two-finger", 2},
    {"[device A B]\ncalibration=1 0 0 0 1\n", "six numbers", 2},
    {"[device A B]\ncalibration=1 0 0 0 1 nan\n", "six numbers", 2},
    {"[device]\nsend-events=off\n", "[device] send-events", 2},
    {"nonsense\n", "compositor-", 1},
    {"[cursor]\nsize=24\n[cursr]\nsize=24\n", "cursr", 4},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    struct inos_config config;
    g_autoptr (GError) error = NULL;
    g_autofree char *path = write_config (cases[i].text);
    assert_false (inos_config_load (&config, path, &error));
    assert_non_null (strstr (error->message, cases[i].in_message));
    assert_non_null (strstr (error->message, path));
    assert_int_equal (config.wrong_line, cases[i].line);
    assert_int_equal (config.workspaces, 4);
    assert_int_equal (config.cursor_size, 0);
    inos_config_finish (&config);
    unlink (path);
  }
}

static void test_device_sections (void **state)
{
  struct inos_config config;
  g_autofree char *path = write_config (
    "[touchpad]\ntap-to-click=false\nacceleration=0.25\n[mouse]\nleft-handed=true\n"
    "[device Some Mouse]\nleft-handed=false\nacceleration-profile=flat\nmap-to-output=DP-1\n"
    "calibration=1 0 0.5 0 1 0\nsend-events=off\nscroll-speed=2.5\nrotation=90\n"
    "tap-buttons=left-middle-right\nclick-buttons=left-middle-right\nscroll-button-lock=true\n"
    "disable-while-trackpointing=false\n");
  assert_true (inos_config_load (&config, path, NULL));
  struct inos_device_config touchpad =
    inos_device_config_resolve (config.devices, "touchpad", "Some Pad");
  assert_true (inos_device_config_get (&touchpad, INOS_DEVICE_TAP, 7) == 0);
  assert_true (inos_device_config_get (&touchpad, INOS_DEVICE_NATURAL_SCROLL, 7) == 1);
  assert_true (inos_device_config_get (&touchpad, INOS_DEVICE_ACCELERATION, 7) == 0.25);
  assert_true (inos_device_config_get (&touchpad, INOS_DEVICE_LEFT_HANDED, 7) == 7);
  struct inos_device_config mouse = inos_device_config_resolve (config.devices, "mouse", NULL);
  assert_true (inos_device_config_get (&mouse, INOS_DEVICE_LEFT_HANDED, 7) == 1);
  assert_null (mouse.words[INOS_DEVICE_OUTPUT]);
  mouse = inos_device_config_resolve (config.devices, "mouse", "Some Mouse");
  assert_true (inos_device_config_get (&mouse, INOS_DEVICE_LEFT_HANDED, 7) == 0);
  assert_true (inos_device_config_get (&mouse, INOS_DEVICE_PROFILE, 7) ==
               LIBINPUT_CONFIG_ACCEL_PROFILE_FLAT);
  assert_true (inos_device_config_get (&mouse, INOS_DEVICE_SEND_EVENTS, 7) ==
               LIBINPUT_CONFIG_SEND_EVENTS_DISABLED);
  assert_true (inos_device_config_get (&mouse, INOS_DEVICE_SCROLL_SPEED, 7) == 2.5);
  assert_true (inos_device_config_get (&mouse, INOS_DEVICE_ROTATION, 7) == 90);
  assert_true (inos_device_config_get (&mouse, INOS_DEVICE_TAP_BUTTONS, 7) ==
               LIBINPUT_CONFIG_TAP_MAP_LMR);
  assert_true (inos_device_config_get (&mouse, INOS_DEVICE_CLICK_BUTTONS, 7) ==
               LIBINPUT_CONFIG_CLICKFINGER_MAP_LMR);
  assert_true (inos_device_config_get (&mouse, INOS_DEVICE_SCROLL_LOCK, 7) == 1);
  assert_true (inos_device_config_get (&mouse, INOS_DEVICE_DISABLE_WHILE_TRACKPOINTING, 7) == 0);
  assert_line_refused ("mouse", "scroll-speed=0", "a number from 0.1 to 10");
  assert_line_refused ("mouse", "rotation=360", "a number from 0 to 359");
  assert_string_equal (mouse.words[INOS_DEVICE_OUTPUT], "DP-1");
  assert_true (mouse.calibrated && mouse.calibration[2] == 0.5F);
  inos_config_finish (&config);
  unlink (path);
}

static void test_actions (void **state)
{
  assert_true (inos_action_exists ("close"));
  assert_true (inos_action_exists ("workspace 3"));
  assert_true (inos_action_exists ("exec foot -e top"));
  assert_false (inos_action_exists ("workspace"));
  assert_false (inos_action_exists ("close now"));
  assert_false (inos_action_exists ("clos"));
  assert_false (inos_action_exists (""));
}

/* The line is named, and an empty action is none to be wrong. */
static void test_wrong_bindings_are_named (void **state)
{
  static const char *const wrong[][3] = {
    {"bindings", "Hyper+x=close", "'Hyper+x' is not a combination of keys"},
    {"bindings", "Super+=close", "not a combination of keys"},
    {"bindings", "Super+nokey=close", "not a combination of keys"},
    {"bindings", "Super+a+b+c+d+e+f+g+h+i+j=close", "not a combination of keys"},
    {"bindings", "Super+x=dance", "[bindings] Super+x: 'dance' is not an action"},
    {"bindings", "Super+x=workspace", "'workspace' is not an action"},
    {"bindings", "Super+x=--loud close", "'--loud close' is not an action"},
    {"bindings", "Super+x=--locked", "'--locked' is not an action"},
    {"bindings", "swipe2-up=close", "'swipe2-up' is not a combination of keys"},
    {"bindings", "swipe3-round=close", "not a combination of keys"},
    {"bindings", "hold9=close", "not a combination of keys"},
    {"bindings sound", "x=dance", "[bindings sound] x: 'dance' is not an action"},
    {"switches", "lid-open=dance", "[switches] lid-open: 'dance' is not an action"},
    {"corners", "top-left=dance", "[corners] top-left: 'dance' is not an action"},
    {"keyboard", "shortcuts-escape=Super+Button1", "[keyboard] shortcuts-escape: "},
  };
  struct inos_config config;
  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_line_refused (wrong[i][0], wrong[i][1], wrong[i][2]);
  g_autofree char *path = write_config ("[bindings]\nSuper+q=\nSuper+x=--locked close\n");
  assert_true (inos_config_load (&config, path, NULL));
  struct inos_bindings *bindings = inos_bindings_create (&config);
  assert_non_null (bindings);
  inos_bindings_destroy (bindings);
  inos_config_finish (&config);
  unlink (path);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_missing_file_is_fine),
    cmocka_unit_test (test_values_are_read),
    cmocka_unit_test (test_wrong_values_are_named),
    cmocka_unit_test (test_device_sections),
    cmocka_unit_test (test_actions),
    cmocka_unit_test (test_wrong_bindings_are_named),
  };
  return run_compositor_tests (tests);
}
