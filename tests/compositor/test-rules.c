/* Rules of compositor.ini, and places that are remembered from one session to the next. */

#include <string.h>

#include "xdg-shell-client-protocol.h"
#include "client.h"
#include "fixture.h"
#include "places.h"
#include "rule.h"
#include "seat.h"
#include "view.h"
#include "workspace.h"

struct files {
  char *folder, *config, *places;
};

static struct files make_files (const char *config)
{
  struct files files = {.folder = g_dir_make_tmp ("inos-rules-XXXXXX", NULL)};
  files.config = g_build_filename (files.folder, "compositor.ini", NULL);
  files.places = g_build_filename (files.folder, "state", "windows.ini", NULL);
  assert_true (g_file_set_contents (files.config, config, -1, NULL));
  return files;
}

static void remove_files (struct files *files)
{
  g_autofree char *state = g_path_get_dirname (files->places);
  unlink (files->config);
  unlink (files->places);
  rmdir (state);
  rmdir (files->folder);
  g_free (files->folder);
  g_free (files->config);
  g_free (files->places);
}

static struct inos_compositor *start (const struct files *files, int outputs)
{
  struct inos_options options = {
    .headless = true,
    .outputs = outputs,
    .width = 1280,
    .height = 800,
    .socket = "",
    .config_path = files->config,
    .places_path = files->places,
  };
  struct inos_compositor *compositor = inos_compositor_create (&options, NULL);
  assert_non_null (compositor);
  return compositor;
}

static void test_rules_apply (void **state)
{
  struct files files = make_files ("[rule music]\nmatch-app-id=org.example.Mu*\nworkspace=3\n"
                                   "on-top=true\nprivate=true\n"
                                   "[rule notes]\nmatch-title=*Note?\nposition=20, 40\n"
                                   "size=500x300\nsticky=true\n"
                                   "[rule big]\nmatch-app-id=big\nmaximized=true\n"
                                   "[rule nobody]\nfullscreen=true\n"
                                   "[rule hidden]\nmatch-app-id=hidden\nminimized=true\n");
  struct inos_compositor *compositor = start (&files, 1);
  assert_int_equal (compositor->config.rules_of_windows->len, 5);
  struct client *client = client_connect (compositor);
  struct window *music = window_open (client, "org.example.Music", "m");
  struct window *notes = window_open (client, "n", "My Notes");
  struct window *big = window_open (client, "big", "b");
  struct window *hidden = window_open (client, "hidden", "h");
  struct inos_view *view = inos_view_find (compositor, 1);
  assert_int_equal (view->workspace, 2);
  assert_true (view->on_top && view->is_private);
  assert_int_equal (compositor->active_workspace, 0);
  view = inos_view_find (compositor, 2);
  assert_int_equal (view->x, 20);
  assert_int_equal (view->y, 40);
  assert_int_equal (inos_view_box (view).width, 500);
  assert_true (view->sticky);
  client_roundtrip (client);
  assert_true (big->maximized);
  assert_true (inos_view_find (compositor, 4)->minimized);
  assert_true (big->activated);
  assert_false (notes->fullscreen);
  window_close (hidden);
  window_close (big);
  window_close (notes);
  window_close (music);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
  remove_files (&files);
}

static void test_wrong_rules_are_named (void **state)
{
  static const char *const wrong[] = {
    "size=0x300",   "size=axb",      "size=500", "position=1",   "workspace=0",    "workspace=17",
    "sticky=maybe", "decoration=us", "match=a",  "size=99999x1", "position=1,2,3", "workspace=-1",
  };
  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *text = g_strdup_printf ("[rule x]\n%s\n", wrong[i]);
    g_autoptr (GKeyFile) file = g_key_file_new();
    g_autoptr (GError) error = NULL;
    assert_true (g_key_file_load_from_data (file, text, (gsize)-1, G_KEY_FILE_NONE, NULL));
    assert_null (inos_rule_read (file, "rule x", &error));
    assert_non_null (error);
  }
  assert_false (inos_rule_is_group ("rule "));
  assert_false (inos_rule_is_group ("rules"));
}

static void test_too_many_rules (void **state)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (int i = 0; i <= INOS_RULES_MOST; i++)
    g_string_append_printf (text, "[rule %d]\nmatch-app-id=a\n", i);
  struct files files = make_files (text->str);
  struct inos_config config;
  g_autoptr (GError) error = NULL;
  assert_false (inos_config_load (&config, files.config, &error));
  inos_config_finish (&config);
  remove_files (&files);
}

static void test_places_are_remembered (void **state)
{
  struct files files = make_files ("");
  struct inos_compositor *compositor = start (&files, 1);
  struct client *client = client_connect (compositor);
  struct window *window = window_open (client, "org.example.[App]", "a");
  window->width = 444;
  window->height = 333;
  window_draw (window);
  inos_view_move (inos_view_find (compositor, 1), 70, 90);
  window_draw (window);
  window_close (window);
  assert_false (g_file_test (files.places, G_FILE_TEST_EXISTS)); /* not at once */
  client_disconnect (client);
  inos_compositor_destroy (compositor);
  assert_true (g_file_test (files.places, G_FILE_TEST_EXISTS));

  compositor = start (&files, 1);
  client = client_connect (compositor);
  window = window_open (client, "org.example.[App]", "a");
  struct wlr_box box = inos_view_box (inos_view_find (compositor, 1));
  assert_int_equal (box.x, 70);
  assert_int_equal (box.y, 90);
  assert_int_equal (box.width, 444);
  assert_int_equal (box.height, 333);
  /* A second window of the program has no place yet. */
  struct window *second = window_open (client, "org.example.[App]", "b");
  assert_int_equal (inos_view_box (inos_view_find (compositor, 2)).width, 320);
  window_close (second);
  window_close (window);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
  remove_files (&files);
}

/* It was never as large as anybody chose, so the next one may be what its program likes. */
static void test_place_of_one_that_only_filled_the_screen (void **state)
{
  struct files files = make_files ("");
  struct inos_compositor *compositor = start (&files, 1);
  struct client *client = client_connect (compositor);
  struct window *window = window_new (client, "film", "a");
  xdg_toplevel_set_fullscreen (window->toplevel, NULL);
  window_show (window);
  assert_true (window->fullscreen);
  window_close (window);
  window = window_open (client, "film", "a");
  assert_int_equal (inos_view_box (inos_view_find (compositor, 2)).width, 320);
  window_close (window);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
  remove_files (&files);
}

/* Nobody loses places where the session ends badly, nothing is written, and nobody woken, for a
 * window that closes where one was before. */
static void test_places_are_written_once (void **state)
{
  struct files files = make_files ("");
  struct inos_compositor *compositor = start (&files, 1);
  struct client *client = client_connect (compositor);
  window_close (window_open (client, "org.example.App", "a"));
  assert_true (inos_places_waits (compositor->places));
  while (inos_places_waits (compositor->places))
    g_main_context_iteration (NULL, TRUE);
  while (!g_file_test (files.places, G_FILE_TEST_EXISTS))
    g_usleep (1000); /* another thread writes it */
  for (int i = 0; i < 20; i++)
    window_close (window_open (client, "org.example.App", "a"));
  assert_false (inos_places_waits (compositor->places));
  struct window *window = window_open (client, "org.example.App", "a");
  inos_view_move (inos_view_focused (compositor), 11, 22);
  window_draw (window);
  window_close (window);
  assert_true (inos_places_waits (compositor->places));
  client_disconnect (client);
  inos_compositor_destroy (compositor);
  g_autofree char *text = NULL;
  assert_true (g_file_get_contents (files.places, &text, NULL, NULL));
  assert_non_null (strstr (text, "x=11\n"));
  remove_files (&files);
}

/* A disk that is full or a folder that is not ours is no reason to hang. */
static void test_places_that_cannot_be_written (void **state)
{
  struct files files = make_files ("");
  g_autofree char *state_folder = g_path_get_dirname (files.places);
  assert_true (g_file_set_contents (state_folder, "", 0, NULL));
  struct inos_compositor *compositor = start (&files, 1);
  struct client *client = client_connect (compositor);
  wlr_log_init (WLR_SILENT, NULL);
  window_close (window_open (client, "org.example.App", "a"));
  while (inos_places_waits (compositor->places))
    g_main_context_iteration (NULL, TRUE);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
  wlr_log_init (WLR_ERROR, NULL);
  unlink (state_folder);
  remove_files (&files);
}

static void test_places_are_bounded (void **state)
{
  struct files files = make_files ("");
  g_autoptr (GString) text = g_string_new (NULL);
  for (int i = 0; i < INOS_PLACES_MOST + 20; i++)
    g_string_append_printf (text, "[app%d]\nx=1\ny=1\nwidth=9\nheight=9\nused=%d\n", i, 1000 + i);
  g_autofree char *folder = g_path_get_dirname (files.places);
  g_mkdir_with_parents (folder, 0700);
  assert_true (g_file_set_contents (files.places, text->str, -1, NULL));
  struct inos_compositor *compositor = start (&files, 1);
  struct client *client = client_connect (compositor);
  window_close (window_open (client, "new", "n"));
  /* Names that are too long are not kept. */
  g_autofree char *longer = g_strnfill (300, 'x');
  window_close (window_open (client, longer, "n"));
  client_disconnect (client);
  inos_compositor_destroy (compositor);
  g_autoptr (GKeyFile) file = g_key_file_new();
  assert_true (g_key_file_load_from_file (file, files.places, G_KEY_FILE_NONE, NULL));
  size_t count;
  g_strfreev (g_key_file_get_groups (file, &count));
  assert_int_equal (count, INOS_PLACES_MOST);
  assert_true (g_key_file_has_group (file, "new"));
  assert_false (g_key_file_has_group (file, "app20"));
  assert_true (g_key_file_has_group (file, "app21"));
  remove_files (&files);
}

/* A file that somebody broke. */
static void test_broken_places (void **state)
{
  static const char *const texts[] = {
    "[a]\nx=1\n",
    "[a]\nx=999999999\ny=1\nwidth=5\nheight=5\n",
    "nonsense",
    "[a]\nx=1\ny=1\nwidth=-5\nheight=99999\n",
    "[a]\nx=b\ny=1\nwidth=5\nheight=5\n",
  };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
    struct files files = make_files ("");
    g_autofree char *folder = g_path_get_dirname (files.places);
    g_mkdir_with_parents (folder, 0700);
    assert_true (g_file_set_contents (files.places, texts[i], -1, NULL));
    struct inos_compositor *compositor = start (&files, 1);
    struct client *client = client_connect (compositor);
    struct window *window = window_open (client, "a", "n");
    assert_int_equal (inos_view_box (inos_view_find (compositor, 1)).width, 320);
    window_close (window);
    client_disconnect (client);
    inos_compositor_destroy (compositor);
    remove_files (&files);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_rules_apply),
    cmocka_unit_test (test_wrong_rules_are_named),
    cmocka_unit_test (test_too_many_rules),
    cmocka_unit_test (test_places_are_remembered),
    cmocka_unit_test (test_place_of_one_that_only_filled_the_screen),
    cmocka_unit_test (test_places_are_written_once),
    cmocka_unit_test (test_places_that_cannot_be_written),
    cmocka_unit_test (test_places_are_bounded),
    cmocka_unit_test (test_broken_places),
  };
  return run_compositor_tests (tests);
}
