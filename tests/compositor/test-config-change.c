/* org.inos.Compositor1.Config.Change: settings that are written into the file and hold at once. */

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include "bus-peer.h"

#define TEN "éééééééééé"
#define CONFIG ROOT_INTERFACE ".Config"

struct scene {
  struct peer peer;
  char *path;
};

static void begin (struct scene *scene, const char *text)
{
  scene->path = write_config (text);
  peer_begin (&scene->peer, start_with_file (scene->path));
}

static void finish (struct scene *scene)
{
  peer_end (&scene->peer);
  unlink (scene->path);
  g_free (scene->path);
}

static char *change (struct scene *scene, const char *settings)
{
  return peer_call (&scene->peer, PATH, CONFIG, "Change",
                    g_variant_new ("(@a(ssas))", g_variant_new_parsed (settings)));
}

static void assert_file (struct scene *scene, const char *expected)
{
  g_autofree char *text = NULL;
  assert_true (g_file_get_contents (scene->path, &text, NULL, NULL));
  assert_string_equal (text, expected);
}

static void test_the_rest_stays (void **state)
{
  struct scene scene;
  begin (&scene, "# mine\n[keyboard]\n# slow\nrepeat-rate=30\n\n[windows]\nsnap-distance=9\n");
  assert_answer (
    change (&scene, "[('keyboard', 'repeat-rate', ['40']), ('cursor', 'size', ['48'])]"),
    "([('cursor', 'size', []), ('keyboard', 'repeat-rate', ['30'])],)");
  assert_int_equal (scene.peer.compositor->config.repeat_rate, 40);
  assert_int_equal (scene.peer.compositor->config.cursor_size, 48);
  assert_file (&scene, "# mine\n[keyboard]\n# slow\nrepeat-rate=40\n\n[windows]\nsnap-distance=9\n"
                       "\n[cursor]\nsize=48\n");
  assert_answer (
    change (&scene, "[('cursor', 'size', @as []), ('keyboard', 'repeat-rate', ['30'])]"),
    "([('keyboard', 'repeat-rate', ['40']), ('cursor', 'size', ['48'])],)");
  assert_int_equal (scene.peer.compositor->config.repeat_rate, 30);
  assert_int_equal (scene.peer.compositor->config.cursor_size, 0);
  finish (&scene);
}

static void test_what_is_wrong_changes_nothing (void **state)
{
  static const struct {
    const char *settings, *part;
  } cases[] = {
    {"[('keyboard', 'repeat-rate', ['40']), ('keyboard', 'repeat-delay', ['never'])]",
     "repeat-delay must be"},
    {"[('keyboard', 'dance', ['1'])]", "no setting [keyboard] dance"},
    {"[('night-light', 'latitude', ['50'])]", "longitude"},
    {"[('keyboard', 'layout', ['de\\n[lock]'])]", "cannot be written"},
    {"[('a]b', 'layout', ['de'])]", "cannot be written"},
    {"[('keyboard', 'a=b', ['de'])]", "cannot be written"},
    {"[('keyboard', '#a', ['de'])]", "cannot be written"},
    {"[('', 'layout', ['de'])]", "cannot be written"},
    {"[('keyboard', 'layout', ['de', 'us'])]", "cannot be written"},
    /* Cut at a character: its second byte would be the 65th. */
    {"[(']" TEN TEN TEN TEN "', 'layout', ['de'])]", "[]" TEN TEN TEN "é] layout cannot"},
    {"[('keyboard', '=" TEN TEN TEN TEN "', ['de'])]", "] =" TEN TEN TEN "é cannot"},
  };
  struct scene scene;
  begin (&scene, "[keyboard]\nrepeat-rate=30\n");
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    assert_says (change (&scene, cases[i].settings), cases[i].part);
    assert_file (&scene, "[keyboard]\nrepeat-rate=30\n");
    assert_int_equal (scene.peer.compositor->config.repeat_rate, 30);
  }
  assert_null (scene.peer.compositor->config_error.message);
  finish (&scene);
}

static void test_a_mistake_is_mended_first (void **state)
{
  struct scene scene;
  begin (&scene, "[keyboard]\nrepeat-rate=often\n");
  assert_says (change (&scene, "[('cursor', 'size', ['48'])]"), "mistake already");
  assert_file (&scene, "[keyboard]\nrepeat-rate=often\n");
  finish (&scene);
}

static void test_there_need_not_be_a_file (void **state)
{
  struct scene scene;
  begin (&scene, "");
  unlink (scene.path);
  assert_answer (change (&scene, "[('bindings', 'Super+q', [''])]"),
                 "([('bindings', 'Super+q', [])],)");
  assert_file (&scene, "[bindings]\nSuper+q=\n");
  finish (&scene);
}

static void test_a_link_stays_one (void **state)
{
  struct scene scene;
  begin (&scene, "");
  g_autofree char *real = g_strconcat (scene.path, ".real", NULL);
  assert_int_equal (rename (scene.path, real), 0);
  assert_int_equal (symlink (real, scene.path), 0);
  assert_answer (change (&scene, "[('cursor', 'size', ['32'])]"), "([('cursor', 'size', [])],)");
  assert_true (g_file_test (scene.path, G_FILE_TEST_IS_SYMLINK));
  assert_file (&scene, "[cursor]\nsize=32\n");
  unlink (real);
  finish (&scene);
}

static void on_late (GObject *source, GAsyncResult *result, void *data)
{
  g_autoptr (GVariant) value =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  *(bool *)data = true;
}

/* It may end while the file is being written. */
static void test_the_compositor_ends_meanwhile (void **state)
{
  struct scene scene;
  bool done = false;
  begin (&scene, "");
  g_dbus_connection_call (
    scene.peer.theirs, NULL, PATH, CONFIG, "Change",
    g_variant_new ("(@a(ssas))", g_variant_new_parsed ("[('cursor', 'size', ['32'])]")), NULL,
    G_DBUS_CALL_FLAGS_NONE, 5000, NULL, on_late, &done);
  for (int i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  finish (&scene);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_rest_stays),
    cmocka_unit_test (test_what_is_wrong_changes_nothing),
    cmocka_unit_test (test_a_mistake_is_mended_first),
    cmocka_unit_test (test_there_need_not_be_a_file),
    cmocka_unit_test (test_a_link_stays_one),
    cmocka_unit_test (test_the_compositor_ends_meanwhile),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
