/* compositor.ini: defaults, good values, and wrong ones that are named and change nothing. */

#include <string.h>

#include "action.h"
#include "binding.h"
#include "config.h"
#include "fixture.h"

static char *write_file (const char *text)
{
  char *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("compositor-XXXXXX.ini", &path, &error);
  assert_true (fd >= 0);
  close (fd);
  assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

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
  g_autofree char *path = write_file ("[keyboard]\nlayout=de\nrepeat-rate=40\n"
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
  } cases[] = {
    {"[workspaces]\ncount=0\n", "count"},
    {"[workspaces]\ncount=17\n", "1 to 16"},
    {"[workspaces]\ncount=many\n", "count"},
    {"[keyboard]\nrepeat-delay=99999999999999999999\n", "repeat-delay"},
    {"[keyboard]\nlayuot=de\n", "layuot"},
    {"[touchpad]\ntap-to-click=perhaps\n", "tap-to-click"},
    {"nonsense\n", "compositor-"},
    {"[cursor]\nsize=24\n[cursr]\nsize=24\n", "cursr"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    struct inos_config config;
    g_autoptr (GError) error = NULL;
    g_autofree char *path = write_file (cases[i].text);
    assert_false (inos_config_load (&config, path, &error));
    assert_non_null (strstr (error->message, cases[i].in_message));
    assert_non_null (strstr (error->message, path));
    assert_int_equal (config.workspaces, 4);
    assert_int_equal (config.cursor_size, 0);
    inos_config_finish (&config);
    unlink (path);
  }
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

static void test_bad_bindings_are_left_out (void **state)
{
  struct inos_config config;
  g_autofree char *path =
    write_file ("[bindings]\nHyper+x=close\nSuper+=close\nSuper+nokey=close\nSuper+x=dance\n"
                "Super+a+b+c+d+e+f+g+h+i+j=close\nSuper+q=\n");
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
    cmocka_unit_test (test_missing_file_is_fine),      cmocka_unit_test (test_values_are_read),
    cmocka_unit_test (test_wrong_values_are_named),    cmocka_unit_test (test_actions),
    cmocka_unit_test (test_bad_bindings_are_left_out),
  };
  return run_compositor_tests (tests);
}
