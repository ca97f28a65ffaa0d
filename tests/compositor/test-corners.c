/* Corners of outputs that do something when the pointer stays in them. */

#include <string.h>

#include "client.h"
#include "devices.h"
#include "fixture.h"
#include "output.h"
#include "overview_show.h"
#include "reload.h"
#include "view.h"

struct scene {
  struct inos_compositor *compositor;
  struct inos_seat *seat;
  struct wlr_pointer mouse;
};

static void begin (struct scene *scene, const char *config)
{
  *scene = (struct scene){.compositor = start_configured (config)};
  scene->seat = scene->compositor->seat;
  add_pointer (scene->compositor, &scene->mouse);
  move_to (scene->seat, &scene->mouse, 600, 400);
}

static void finish (struct scene *scene)
{
  wlr_pointer_finish (&scene->mouse);
  inos_compositor_destroy (scene->compositor);
}

/* All that waits less than so many ms has been done. */
static void wait_for (int ms)
{
  gint64 until = g_get_monotonic_time() + ms * 1000;
  while (g_get_monotonic_time() < until)
    g_main_context_iteration (NULL, FALSE);
}

/* Waits as long as it takes, on a machine that is busy too. */
static void until_workspace (struct scene *scene, unsigned int index)
{
  gint64 latest = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
  while (scene->compositor->active_workspace != index && g_get_monotonic_time() < latest)
    g_main_context_iteration (NULL, TRUE);
  assert_int_equal (scene->compositor->active_workspace, index);
}

static void test_each_corner (void **state)
{
  struct scene scene;
  begin (&scene, "[corners]\ndelay=0\ntop-left=workspace 2\ntop-right=workspace 3\n"
                 "bottom-left=workspace 4\nbottom-right=workspace 1\n");
  move_to (scene.seat, &scene.mouse, -50, -50);
  until_workspace (&scene, 1);
  move_to (scene.seat, &scene.mouse, 5000, -50);
  until_workspace (&scene, 2);
  move_to (scene.seat, &scene.mouse, -50, 5000);
  until_workspace (&scene, 3);
  move_to (scene.seat, &scene.mouse, 5000, 5000);
  until_workspace (&scene, 0);
  finish (&scene);
}

/* An edge is no corner, and one that nothing is said of does nothing. */
static void test_nothing_else_does (void **state)
{
  struct scene scene;
  begin (&scene, "[corners]\ndelay=0\ntop-left=workspace 2\n");
  move_to (scene.seat, &scene.mouse, 0, 400);
  move_to (scene.seat, &scene.mouse, 640, -50);
  move_to (scene.seat, &scene.mouse, 5000, -50);
  wait_for (30);
  assert_int_equal (scene.compositor->active_workspace, 0);
  finish (&scene);
}

/* It is done once, until the corner is left and entered again; who only comes by means nothing. */
static void test_once (void **state)
{
  struct scene scene;
  begin (&scene, "[corners]\ndelay=60\ntop-left=workspace next\n");
  move_to (scene.seat, &scene.mouse, -50, -50);
  move_by (&scene.mouse, 100, 100);
  wait_for (100);
  assert_int_equal (scene.compositor->active_workspace, 0);
  move_to (scene.seat, &scene.mouse, -50, -50);
  move_by (&scene.mouse, -9, 0);
  until_workspace (&scene, 1);
  move_by (&scene.mouse, -9, -9);
  wait_for (100);
  assert_int_equal (scene.compositor->active_workspace, 1);
  move_by (&scene.mouse, 100, 100);
  move_by (&scene.mouse, -200, -200);
  until_workspace (&scene, 2);
  finish (&scene);
}

/* Who presses a button there meant what is there. */
static void test_a_button_ends_it (void **state)
{
  struct scene scene;
  begin (&scene, "[corners]\ndelay=50\ntop-left=workspace 2\n");
  move_to (scene.seat, &scene.mouse, -50, -50);
  button (&scene.mouse, BTN_LEFT, true);
  button (&scene.mouse, BTN_LEFT, false);
  wait_for (100);
  assert_int_equal (scene.compositor->active_workspace, 0);
  finish (&scene);
}

static void test_not_while_dragging (void **state)
{
  struct scene scene;
  begin (&scene, "[corners]\ndelay=0\ntop-left=workspace 2\n");
  struct client *client = client_connect (scene.compositor);
  struct window *window = window_open (client, "a", "a");
  struct inos_view *view = inos_view_find (scene.compositor, 1);
  inos_view_move (view, 500, 300);
  move_to (scene.seat, &scene.mouse, 510, 310);
  button (&scene.mouse, BTN_LEFT, true);
  move_to (scene.seat, &scene.mouse, -50, -50);
  wait_for (30);
  assert_int_equal (scene.compositor->active_workspace, 0);
  button (&scene.mouse, BTN_LEFT, false);
  window_close (window);
  client_disconnect (client);
  finish (&scene);
}

static void test_not_over_what_fills_the_screen (void **state)
{
  struct scene scene;
  begin (&scene, "[corners]\ndelay=0\ntop-left=workspace 2\n");
  struct client *client = client_connect (scene.compositor);
  struct window *window = window_open (client, "a", "a");
  struct inos_view *view = inos_view_find (scene.compositor, 1);
  inos_view_set_fullscreen (view, true, NULL);
  client_roundtrip (client);
  window_draw (window);
  client_settle (client);
  move_to (scene.seat, &scene.mouse, -50, -50);
  wait_for (30);
  assert_int_equal (scene.compositor->active_workspace, 0);
  inos_view_set_fullscreen (view, false, NULL);
  client_roundtrip (client);
  window_draw (window);
  client_settle (client);
  move_by (&scene.mouse, 100, 100);
  move_by (&scene.mouse, -200, -200);
  until_workspace (&scene, 1);
  window_close (window);
  client_disconnect (client);
  finish (&scene);
}

/* The pointer goes on to the output beside it, so that is no corner. */
static void test_between_outputs (void **state)
{
  struct scene scene;
  begin (&scene, "[corners]\ndelay=0\ntop-right=workspace 2\ntop-left=workspace 3\n");
  inos_output_add_virtual (scene.compositor, 1280, 800);
  pump();
  move_to (scene.seat, &scene.mouse, 1279, -50);
  move_to (scene.seat, &scene.mouse, 1280, -50);
  wait_for (30);
  assert_int_equal (scene.compositor->active_workspace, 0);
  move_to (scene.seat, &scene.mouse, 5000, -50);
  until_workspace (&scene, 1);
  finish (&scene);
}

static void test_overview (void **state)
{
  struct scene scene;
  begin (&scene, "[corners]\ndelay=0\ntop-left=overview\n");
  move_to (scene.seat, &scene.mouse, -50, -50);
  gint64 latest = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
  while (!inos_overview_is_open (scene.compositor) && g_get_monotonic_time() < latest)
    g_main_context_iteration (NULL, TRUE);
  assert_true (inos_overview_is_open (scene.compositor));
  finish (&scene);
}

static void test_wrong (void **state)
{
  assert_line_refused ("corners", "delay=-1\n", "from 0 to 5000");
  assert_line_refused ("corners", "middle=overview\n", "there is no setting [corners] middle");
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_each_corner),
    cmocka_unit_test (test_nothing_else_does),
    cmocka_unit_test (test_once),
    cmocka_unit_test (test_a_button_ends_it),
    cmocka_unit_test (test_not_while_dragging),
    cmocka_unit_test (test_not_over_what_fills_the_screen),
    cmocka_unit_test (test_between_outputs),
    cmocka_unit_test (test_overview),
    cmocka_unit_test (test_wrong),
  };
  return run_compositor_tests (tests);
}
