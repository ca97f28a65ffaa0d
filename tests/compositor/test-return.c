/* Windows come back to their places with the output that they were on. */

#include <string.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>

#include "client.h"
#include "fixture.h"
#include "output.h"
#include "output_settings.h"
#include "snap.h"
#include "tiles.h"
#include "verify.h"
#include "view.h"
#include "workspace.h"

struct desk {
  struct inos_compositor *compositor;
  struct client *client;
};

/* No virtual output says who it is, as monitors do. */
static struct inos_output *plug (struct inos_compositor *compositor, const char *serial)
{
  struct inos_output *output = inos_output_add_virtual (compositor, 1280, 800);
  g_free (output->wlr->serial);
  output->wlr->serial = g_strdup (serial);
  return output;
}

static void settle (struct desk *desk)
{
  client_roundtrip (desk->client);
  client_roundtrip (desk->client);
  g_autofree char *wrong = inos_verify_invariants (desk->compositor);
  if (wrong)
    fail_msg ("%s", wrong);
}

static struct desk open_desk (const char *text)
{
  struct desk desk = {.compositor = start_configured (text)};
  inos_output_active (desk.compositor)->wlr->serial = g_strdup ("left");
  plug (desk.compositor, "right");
  desk.client = client_connect (desk.compositor);
  settle (&desk);
  return desk;
}

static void close_desk (struct desk *desk)
{
  client_disconnect (desk->client);
  inos_compositor_destroy (desk->compositor);
}

static struct inos_output *find (struct desk *desk, const char *serial)
{
  struct inos_output *output;
  wl_list_for_each (output, &desk->compositor->outputs, link) {
    if (g_strcmp0 (output->wlr->serial, serial) == 0)
      return output;
  }
  fail_msg ("output %s is not there", serial);
  return NULL;
}

static void unplug (struct desk *desk, const char *serial)
{
  wlr_output_destroy (find (desk, serial)->wlr);
  settle (desk);
}

static struct inos_view *newest (struct desk *desk)
{
  struct inos_view *view;
  wl_list_for_each (view, &desk->compositor->views, link)
    return view;
  return NULL;
}

static struct inos_view *open_at (struct desk *desk, int x, int y, struct window **window)
{
  *window = window_open (desk->client, "org.example.App", "Window");
  struct inos_view *view = newest (desk);
  inos_view_move (view, x, y);
  view->floating = inos_view_box (view);
  inos_view_join_output (view);
  settle (desk);
  return view;
}

static void draw (struct desk *desk, struct window *window)
{
  settle (desk);
  window_draw (window);
  settle (desk);
}

static void assert_at (struct inos_view *view, int x, int y)
{
  assert_int_equal (view->x, x);
  assert_int_equal (view->y, y);
}

static void test_floating (void **state)
{
  struct desk desk = open_desk ("");
  struct window *window;
  struct inos_view *view = open_at (&desk, 1480, 120, &window);
  unplug (&desk, "right");
  assert_at (view, 200, 120);
  plug (desk.compositor, "right");
  settle (&desk);
  assert_at (view, 1480, 120);
  assert_ptr_equal (inos_view_output (view), find (&desk, "right"));
  close_desk (&desk);
}

/* It is on screen in the turn of the loop in which the output came: before any frame. */
static void test_within_one_frame (void **state)
{
  struct desk desk = open_desk ("");
  struct window *window;
  struct inos_view *view = open_at (&desk, 1480, 120, &window);
  unplug (&desk, "right");
  plug (desk.compositor, "right");
  wl_event_loop_dispatch_idle (desk.compositor->loop);
  assert_at (view, 1480, 120);
  close_desk (&desk);
}

/* The left one goes: the other moves to where it was, with its windows, and back again. */
static void test_the_other_moves (void **state)
{
  struct desk desk = open_desk ("");
  struct window *windows[2];
  struct inos_view *left = open_at (&desk, 100, 50, &windows[0]);
  struct inos_view *right = open_at (&desk, 1480, 120, &windows[1]);
  unplug (&desk, "left");
  assert_int_equal (inos_output_box (find (&desk, "right")).x, 0);
  assert_at (right, 200, 120);
  assert_at (left, 100, 50);
  plug (desk.compositor, "left");
  settle (&desk);
  assert_int_equal (inos_output_box (find (&desk, "left")).x, 0);
  assert_int_equal (inos_output_box (find (&desk, "right")).x, 1280);
  assert_at (right, 1480, 120);
  assert_at (left, 100, 50);
  close_desk (&desk);
}

static void test_states (void **state)
{
  struct desk desk = open_desk ("");
  struct window *windows[3];
  struct inos_view *maximized = open_at (&desk, 1480, 120, &windows[0]);
  struct inos_view *full = open_at (&desk, 1500, 130, &windows[1]);
  struct inos_view *half = open_at (&desk, 1520, 140, &windows[2]);
  inos_view_set_maximized (maximized, true);
  inos_view_set_fullscreen (full, true, NULL);
  inos_snap_view (half, inos_snap_from_name ("right"), NULL);
  for (int i = 0; i < 3; i++)
    draw (&desk, windows[i]);
  assert_at (maximized, 1280, 0);
  assert_at (half, 1920, 0);
  unplug (&desk, "right");
  for (int i = 0; i < 3; i++)
    draw (&desk, windows[i]);
  assert_at (maximized, 0, 0);
  assert_at (half, 640, 0);
  plug (desk.compositor, "right");
  for (int i = 0; i < 3; i++)
    draw (&desk, windows[i]);
  assert_at (maximized, 1280, 0);
  assert_at (full, 1280, 0);
  assert_at (half, 1920, 0);
  inos_view_set_maximized (maximized, false);
  inos_view_set_fullscreen (full, false, NULL);
  draw (&desk, windows[0]);
  draw (&desk, windows[1]);
  assert_at (maximized, 1480, 120);
  assert_at (full, 1500, 130);
  close_desk (&desk);
}

static void test_tiled (void **state)
{
  struct desk desk = open_desk ("[tiling]\nlayout=dwindle\n");
  struct window *windows[3];
  struct inos_view *views[3];
  struct wlr_box before[3];
  struct inos_output *right = find (&desk, "right");
  for (int i = 0; i < 3; i++) {
    windows[i] = window_open (desk.client, "org.example.App", "Window");
    views[i] = newest (&desk);
    if (i > 0)
      views[i]->tile_output = right;
  }
  inos_tiles_arrange (desk.compositor);
  for (int i = 0; i < 3; i++) {
    draw (&desk, windows[i]);
    before[i] = views[i]->tile;
  }
  assert_true (before[1].x >= 1280);
  unplug (&desk, "right");
  for (int i = 0; i < 3; i++) {
    draw (&desk, windows[i]);
    assert_true (views[i]->tile.x < 1280);
  }
  right = plug (desk.compositor, "right");
  for (int i = 0; i < 3; i++)
    draw (&desk, windows[i]);
  for (int i = 0; i < 3; i++) {
    assert_true (wlr_box_equal (&views[i]->tile, &before[i]));
    assert_int_equal (views[i]->x, before[i].x);
  }
  assert_ptr_equal (views[2]->tile_output, right);
  close_desk (&desk);
}

static void test_all_outputs (void **state)
{
  struct desk desk = open_desk ("");
  struct window *windows[2];
  struct inos_view *left = open_at (&desk, 100, 50, &windows[0]);
  struct inos_view *right = open_at (&desk, 1480, 120, &windows[1]);
  unplug (&desk, "left");
  unplug (&desk, "right");
  assert_non_null (desk.compositor->fallback);
  plug (desk.compositor, "right");
  settle (&desk);
  assert_null (desk.compositor->fallback);
  plug (desk.compositor, "left");
  settle (&desk);
  assert_at (left, 100, 50);
  assert_at (right, 1480, 120);
  unplug (&desk, "right");
  unplug (&desk, "left");
  plug (desk.compositor, "left");
  plug (desk.compositor, "right");
  settle (&desk);
  assert_at (left, 100, 50);
  assert_at (right, 1480, 120);
  close_desk (&desk);
}

static void test_what_a_person_moved_stays (void **state)
{
  struct desk desk = open_desk ("");
  struct window *windows[3];
  struct inos_view *moved = open_at (&desk, 1480, 120, &windows[0]);
  struct inos_view *snapped = open_at (&desk, 1500, 130, &windows[1]);
  struct inos_view *other = open_at (&desk, 1520, 140, &windows[2]);
  unplug (&desk, "right");
  inos_view_move (moved, 33, 44);
  inos_snap_view (snapped, inos_snap_from_name ("left"), NULL);
  draw (&desk, windows[1]);
  plug (desk.compositor, "right");
  settle (&desk);
  assert_at (moved, 33, 44);
  assert_at (snapped, 0, 0);
  assert_at (other, 1520, 140);
  close_desk (&desk);
}

static void test_workspaces_per_output (void **state)
{
  struct desk desk = open_desk ("[workspaces]\nper-output=true\n");
  struct inos_compositor *compositor = desk.compositor;
  struct window *window;
  struct inos_view *view = open_at (&desk, 1480, 120, &window);
  unsigned int its = find (&desk, "right")->workspace, others = find (&desk, "left")->workspace;
  assert_int_equal (view->workspace, its);
  assert_int_not_equal (its, others);
  unplug (&desk, "right");
  assert_false (view->tree->node.enabled);
  assert_int_equal (compositor->active_workspace, others);
  /* Somebody looks at it on the output that is left. */
  inos_workspace_switch (compositor, its);
  settle (&desk);
  assert_true (view->tree->node.enabled);
  plug (compositor, "right");
  settle (&desk);
  assert_int_equal (find (&desk, "right")->workspace, its);
  assert_int_equal (find (&desk, "left")->workspace, others);
  assert_true (view->tree->node.enabled);
  assert_at (view, 1480, 120);
  /* What was moved to another workspace stays there. */
  unplug (&desk, "right");
  inos_view_set_workspace (view, others);
  settle (&desk);
  plug (compositor, "right");
  settle (&desk);
  assert_int_equal (view->workspace, others);
  assert_ptr_equal (inos_view_output (view), find (&desk, "left"));
  close_desk (&desk);
}

/* Switched off for good by a person is as good as unplugged. */
static void test_off_and_on (void **state)
{
  struct desk desk = open_desk ("");
  struct window *window;
  struct inos_view *view = open_at (&desk, 1480, 120, &window);
  struct inos_output *right = find (&desk, "right");
  struct inos_output_settings settings = inos_output_settings_of (right);
  settings.enabled = false;
  assert_true (inos_output_settings_apply (right, &settings));
  settle (&desk);
  assert_at (view, 200, 120);
  settings = inos_output_settings_of (right);
  assert_int_equal (settings.x, 1280);
  settings.enabled = true;
  assert_true (inos_output_settings_apply (right, &settings));
  settle (&desk);
  assert_at (view, 1480, 120);
  close_desk (&desk);
}

/* A window that opened while there was no output is where the first one comes. */
static void test_opened_without_outputs (void **state)
{
  struct desk desk = open_desk ("");
  struct window *window;
  unplug (&desk, "right");
  unplug (&desk, "left");
  struct inos_view *view = open_at (&desk, 77, 88, &window);
  plug (desk.compositor, "left");
  settle (&desk);
  assert_at (view, 77, 88);
  plug (desk.compositor, "right");
  settle (&desk);
  assert_ptr_equal (inos_view_output (view), find (&desk, "left"));
  close_desk (&desk);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_floating),
    cmocka_unit_test (test_within_one_frame),
    cmocka_unit_test (test_the_other_moves),
    cmocka_unit_test (test_states),
    cmocka_unit_test (test_tiled),
    cmocka_unit_test (test_all_outputs),
    cmocka_unit_test (test_what_a_person_moved_stays),
    cmocka_unit_test (test_workspaces_per_output),
    cmocka_unit_test (test_off_and_on),
    cmocka_unit_test (test_opened_without_outputs),
  };
  return run_compositor_tests (tests);
}
