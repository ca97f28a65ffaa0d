/* How outputs are set up, over D-Bus too, and that a set of monitors is remembered. */

#include <glib/gstdio.h>
#include <string.h>
#include <wlr/types/wlr_output.h>

#include "client.h"
#include "fixture.h"
#include "output.h"
#include "output_profile.h"
#include "output_settings.h"
#include "view.h"

static void settle (struct inos_compositor *compositor)
{
  struct client *client = client_connect (compositor);
  client_settle (client);
  client_disconnect (client);
}

static void test_settings (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct inos_output *output = inos_output_active (compositor);
  struct inos_output_settings settings = inos_output_settings_of (output);
  assert_true (settings.enabled);
  assert_int_equal (settings.width, 1280);
  settings.width = 800;
  settings.height = 600;
  settings.scale = 2;
  settings.transform = WL_OUTPUT_TRANSFORM_90;
  settings.x = 100;
  assert_true (inos_output_settings_apply (output, &settings));
  struct wlr_box box = inos_output_box (output);
  assert_int_equal (box.x, 100);
  assert_int_equal (box.width, 300);
  assert_int_equal (box.height, 400);
  struct inos_output_settings now = inos_output_settings_of (output), bad = now;
  assert_int_equal (now.transform, WL_OUTPUT_TRANSFORM_90);
  bad.scale = 0;
  assert_false (inos_output_settings_apply (output, &bad));
  bad = now;
  bad.scale = 1e30;
  assert_false (inos_output_settings_apply (output, &bad));
  bad = now;
  bad.width = 1 << 20;
  assert_false (inos_output_settings_apply (output, &bad));
  bad = now;
  bad.transform = 8;
  assert_false (inos_output_settings_apply (output, &bad));
  bad = now;
  bad.adaptive_sync = true; /* which this output cannot do */
  assert_false (inos_output_settings_apply (output, &bad));
  settings = inos_output_settings_of (output);
  assert_true (settings.scale == now.scale && settings.width == now.width);
  inos_compositor_destroy (compositor);
}

/* Monitors that say who they are, as no virtual output does. */
static struct inos_output *monitor (struct inos_compositor *compositor, const char *serial)
{
  struct inos_output *output = inos_output_add_virtual (compositor, 1000, 500);
  g_free (output->wlr->serial);
  output->wlr->serial = g_strdup (serial);
  return output;
}

static void test_a_set_is_remembered (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct inos_output *first = inos_output_active (compositor);
  first->wlr->serial = g_strdup ("desk");
  struct inos_output *second = monitor (compositor, "beamer");
  settle (compositor);
  struct inos_output_settings settings = inos_output_settings_of (second);
  settings.scale = 2;
  settings.x = 3000;
  assert_true (inos_output_settings_apply (second, &settings));
  assert_true (inos_output_profiles_save (compositor, NULL, NULL));
  wlr_output_destroy (second->wlr);
  settle (compositor);
  /* Another monitor is another set. */
  struct inos_output *other = monitor (compositor, "other");
  settle (compositor);
  assert_true (other->wlr->scale == 1);
  wlr_output_destroy (other->wlr);
  second = monitor (compositor, "beamer");
  settle (compositor);
  assert_true (second->wlr->scale == 2);
  assert_int_equal (inos_output_box (second).x, 3000);
  inos_compositor_destroy (compositor);
}

/* What is in the file may be anything. */
static void test_a_spoilt_file (void **state)
{
  g_autofree char *path = g_build_filename (g_get_user_state_dir(), "inos", "outputs.ini", NULL);
  g_autofree char *text = NULL;
  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (char *c = text; *c; c++) {
    if (*c == '1')
      *c = '-';
  }
  assert_true (g_file_set_contents (path, text, -1, NULL));
  struct inos_compositor *compositor = start_compositor (1);
  inos_output_active (compositor)->wlr->serial = g_strdup ("desk");
  monitor (compositor, "beamer");
  settle (compositor);
  inos_compositor_destroy (compositor);
  assert_true (g_file_set_contents (path, "nonsense", -1, NULL));
  compositor = start_compositor (1);
  monitor (compositor, "third");
  settle (compositor);
  inos_compositor_destroy (compositor);
  g_unlink (path);
}

static void assert_at (struct inos_output *output, int x, int y)
{
  struct wlr_box box = inos_output_box (output);
  assert_int_equal (box.x, x);
  assert_int_equal (box.y, y);
}

/* Who sets one output up moves no other, but one beside another that becomes smaller comes along.
 */
static void test_the_others_stay (void **state)
{
  struct inos_compositor *compositor = start_compositor (2);
  struct inos_output *first = wl_container_of (compositor->outputs.next, first, link);
  struct inos_output *second = wl_container_of (compositor->outputs.prev, second, link);
  struct inos_output_settings settings = inos_output_settings_of (second);
  assert_at (second, 1280, 0);
  settings.scale = 1.25;
  assert_true (inos_output_settings_apply (second, &settings));
  assert_at (first, 0, 0);
  assert_at (second, 1280, 0);
  settings = inos_output_settings_of (first);
  settings.scale = 2;
  assert_true (inos_output_settings_apply (first, &settings));
  assert_at (first, 0, 0);
  assert_at (second, 640, 0);
  settings = inos_output_settings_of (second);
  settings.x = 0;
  settings.y = 400;
  assert_true (inos_output_settings_apply (second, &settings));
  assert_at (first, 0, 0);
  assert_at (second, 0, 400);
  inos_compositor_destroy (compositor);
}

static bool scans_out (struct inos_output *output, struct window *window, bool fullscreen)
{
  struct inos_view *view = inos_view_find (output->compositor, 1);
  inos_view_set_fullscreen (view, fullscreen, NULL);
  client_settle (window->client);
  window_draw (window);
  client_settle (window->client);
  return output->scans_out;
}

/* A window that fills the screen and hides all is not drawn again. */
static void test_shown_from_the_windows_own_buffer (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct inos_output *output = inos_output_active (compositor);
  struct client *client = client_connect (compositor);
  struct window *window = window_open (client, "film", "A film");
  assert_false (scans_out (output, window, false));
  uint64_t frames = output->frames, scanned_out = output->scanned_out;
  assert_int_equal (scanned_out, 0);
  assert_true (scans_out (output, window, true));
  assert_true (output->scanned_out > 0);
  assert_true (output->frames - frames >= output->scanned_out);
  assert_false (scans_out (output, window, false));
  window_close (window);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_settings),
    cmocka_unit_test (test_the_others_stay),
    cmocka_unit_test (test_shown_from_the_windows_own_buffer),
    cmocka_unit_test (test_a_set_is_remembered),
    cmocka_unit_test (test_a_spoilt_file),
  };
  g_autofree char *folder = g_dir_make_tmp ("inos-outputs-XXXXXX", NULL);
  g_setenv ("XDG_STATE_HOME", folder, TRUE);
  int failed = run_compositor_tests (tests);
  g_autofree char *inner = g_build_filename (folder, "inos", NULL);
  g_rmdir (inner);
  g_rmdir (folder);
  return failed;
}
