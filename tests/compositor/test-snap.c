/* Halves, quarters and all of an output; edges that hold; places that wait for the client. */

#include "action.h"
#include "client.h"
#include "fixture.h"
#include "grab.h"
#include "resistance.h"
#include "seat.h"
#include "snap.h"
#include "view.h"

#include <wlr/types/wlr_cursor.h>
#include <wlr/util/edges.h>

enum { L = WLR_EDGE_LEFT, R = WLR_EDGE_RIGHT, T = WLR_EDGE_TOP, B = WLR_EDGE_BOTTOM };

static const struct wlr_box area = {100, 50, 1001, 601};

static void assert_box (struct wlr_box box, int x, int y, int width, int height)
{
  struct wlr_box wanted = {x, y, width, height};
  if (!wlr_box_equal (&box, &wanted))
    fail_msg ("%d,%d %dx%d, not %d,%d %dx%d", box.x, box.y, box.width, box.height, x, y, width,
              height);
}

static void test_boxes_fill_the_area (void **state)
{
  static const uint32_t quarters[] = {L | T, R | T, L | B, R | B};
  int sum = 0;
  for (size_t i = 0; i < 4; i++) {
    struct wlr_box box = inos_snap_box (area, quarters[i]), common;
    sum += box.width * box.height;
    assert_true (wlr_box_intersection (&common, &box, &area) && wlr_box_equal (&common, &box));
    for (size_t j = 0; j < i; j++) {
      struct wlr_box other = inos_snap_box (area, quarters[j]);
      assert_false (wlr_box_intersection (&common, &box, &other));
    }
  }
  assert_int_equal (sum, area.width * area.height);
  assert_box (inos_snap_box (area, L), 100, 50, 500, 601);
  assert_box (inos_snap_box (area, INOS_SNAP_MAXIMIZED), 100, 50, 1001, 601);
}

static void test_keys_combine (void **state)
{
  static const uint32_t steps[][3] = {
    {0, L, L},
    {0, R, R},
    {0, T, INOS_SNAP_MAXIMIZED},
    {0, B, INOS_SNAP_MINIMIZED},
    {L, R, 0},
    {R, L, 0},
    {L, T, L | T},
    {L, B, L | B},
    {L | T, B, L},
    {L | B, T, L},
    {L | T, R, R | T},
    {R | B, L, L | B},
    {L | T, L, L | T},
    {R | T, T, INOS_SNAP_MAXIMIZED},
    {INOS_SNAP_MAXIMIZED, B, 0},
    {INOS_SNAP_MAXIMIZED, L, L},
    {R | B, B, INOS_SNAP_MINIMIZED},
    {T, L, T | L},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++)
    assert_int_equal (inos_snap_next (steps[i][0], steps[i][1]), steps[i][2]);
  assert_int_equal (inos_snap_from_name ("top-left"), L | T);
  assert_int_equal (inos_snap_from_name ("nowhere"), UINT32_MAX);
  assert_string_equal (inos_snap_name (INOS_SNAP_MAXIMIZED), "maximized");
}

static void test_zones (void **state)
{
  assert_int_equal (inos_snap_zone (area, 600, 350, 8), 0);
  assert_int_equal (inos_snap_zone (area, 101, 350, 8), L);
  assert_int_equal (inos_snap_zone (area, 1100, 350, 8), R);
  assert_int_equal (inos_snap_zone (area, 600, 52, 8), INOS_SNAP_MAXIMIZED);
  assert_int_equal (inos_snap_zone (area, 600, 648, 8), 0);
  assert_int_equal (inos_snap_zone (area, 101, 60, 8), L | T);
  assert_int_equal (inos_snap_zone (area, 1100, 640, 8), R | B);
  assert_int_equal (inos_snap_zone (area, 101, 60, 0), 0);
}

static void test_edges_resist (void **state)
{
  const struct inos_obstacle obstacles[] = {{area, true}, {{400, 100, 100, 100}, false}};
  struct wlr_box box = {95, 300, 50, 50};
  assert_box (inos_resist_move (box, obstacles, 2, 16), 100, 300, 50, 50);
  box.x = 84; /* far enough beyond */
  assert_box (inos_resist_move (box, obstacles, 2, 16), 84, 300, 50, 50);
  box = (struct wlr_box){360, 120, 50, 50}; /* ten px into the neighbour */
  assert_box (inos_resist_move (box, obstacles, 2, 16), 350, 120, 50, 50);
  box.y = 300; /* past it */
  assert_box (inos_resist_move (box, obstacles, 2, 16), 360, 300, 50, 50);
  box = (struct wlr_box){1040, 610, 70, 50};
  assert_box (inos_resist_move (box, obstacles, 2, 16), 1031, 601, 70, 50);
  assert_box (inos_resist_resize (box, R | B, obstacles, 2, 16), 1040, 610, 61, 41);
  assert_box (inos_resist_resize (box, L, obstacles, 2, 16), 1040, 610, 70, 50);
  box = (struct wlr_box){95, 45, 70, 70};
  assert_box (inos_resist_resize (box, L | T, obstacles, 2, 16), 100, 50, 65, 65);
  assert_box (inos_resist_move (box, obstacles, 2, 0), 95, 45, 70, 70);
}

struct desk {
  struct inos_compositor *compositor;
  struct client *client;
  struct window *window;
  struct inos_view *view;
};

static struct desk open_desk (int outputs)
{
  struct desk desk = {.compositor = start_compositor (outputs)};
  desk.client = client_connect (desk.compositor);
  desk.window = window_open (desk.client, "a", "a");
  desk.view = inos_view_find (desk.compositor, 1);
  return desk;
}

static void close_desk (struct desk *desk)
{
  window_close (desk->window);
  client_disconnect (desk->client);
  inos_compositor_destroy (desk->compositor);
}

static void press (struct desk *desk, const char *action)
{
  assert_true (inos_action_run (desk->compositor, action));
  client_roundtrip (desk->client);
}

static void test_keys_snap_and_restore (void **state)
{
  struct desk desk = open_desk (1);
  struct wlr_box before = inos_view_box (desk.view);
  press (&desk, "snap right");
  assert_int_equal (desk.window->width, 640);
  assert_int_equal (desk.window->height, 800);
  assert_int_equal (desk.window->tiled, R | T | B);
  /* The window does not jump before the client has drawn. */
  assert_int_equal (desk.view->x, before.x);
  window_draw (desk.window);
  assert_box (inos_view_box (desk.view), 640, 0, 640, 800);
  press (&desk, "snap down");
  assert_int_equal (desk.window->tiled, R | B);
  window_draw (desk.window);
  assert_box (inos_view_box (desk.view), 640, 400, 640, 400);
  press (&desk, "snap up");
  press (&desk, "snap left");
  assert_int_equal (desk.window->tiled, 0);
  window_draw (desk.window);
  struct wlr_box after = inos_view_box (desk.view);
  assert_box (after, before.x, before.y, before.width, before.height);
  press (&desk, "snap up");
  assert_true (desk.window->maximized);
  press (&desk, "snap down");
  assert_false (desk.window->maximized);
  press (&desk, "snap down");
  assert_true (desk.view->minimized);
  close_desk (&desk);
}

static void test_snap_goes_on_to_the_next_output (void **state)
{
  struct desk desk = open_desk (2);
  struct inos_output *first = inos_view_output (desk.view);
  press (&desk, "snap right");
  window_draw (desk.window);
  press (&desk, "snap right");
  window_draw (desk.window);
  if (inos_view_output (desk.view) != first) {
    assert_int_equal (desk.view->snapped, L);
    press (&desk, "snap left");
    window_draw (desk.window);
    assert_ptr_equal (inos_view_output (desk.view), first);
  } else {
    assert_int_equal (desk.view->snapped, R);
  }
  close_desk (&desk);
}

static void drag (struct desk *desk, int x, int y)
{
  wlr_cursor_warp (desk->compositor->seat->cursor, NULL, x, y);
  inos_grab_motion (desk->compositor->seat);
}

static void test_drag_to_edges (void **state)
{
  struct desk desk = open_desk (1);
  struct inos_seat *seat = desk.compositor->seat;
  struct wlr_box before = inos_view_box (desk.view);
  wlr_cursor_warp (seat->cursor, NULL, before.x + 10, before.y + 10);
  inos_grab_move (seat, desk.view);
  drag (&desk, 700, 1);
  assert_non_null (seat->grab.preview);
  assert_int_equal (seat->grab.snap, INOS_SNAP_MAXIMIZED);
  drag (&desk, 700, 300);
  assert_null (seat->grab.preview);
  drag (&desk, 2, 10);
  assert_non_null (seat->grab.preview);
  inos_grab_end (seat);
  assert_null (seat->grab.preview);
  client_roundtrip (desk.client);
  assert_int_equal (desk.window->tiled, L | T);
  window_draw (desk.window);
  assert_box (inos_view_box (desk.view), 0, 0, 640, 400);
  /* Dragged away it has its own size again. */
  wlr_cursor_warp (seat->cursor, NULL, 300, 10);
  inos_grab_move (seat, desk.view);
  drag (&desk, 500, 300);
  inos_grab_end (seat);
  client_roundtrip (desk.client);
  assert_int_equal (desk.window->width, before.width);
  assert_int_equal (desk.window->tiled, 0);
  window_draw (desk.window);
  assert_int_equal (inos_view_box (desk.view).width, before.width);
  /* The window goes while the preview is shown. */
  inos_grab_move (seat, desk.view);
  drag (&desk, 1279, 400);
  assert_non_null (seat->grab.preview);
  close_desk (&desk);
}

/* A client that does not draw is moved all the same. */
static void test_place_does_not_wait_for_ever (void **state)
{
  struct desk desk = open_desk (1);
  press (&desk, "snap right");
  assert_int_not_equal (desk.view->x, 640);
  client_wait_until (desk.client, desk.view->x == 640);
  /* What it draws late is still the old size: not one to come back to. */
  desk.window->width = 320;
  desk.window->height = 200;
  assert_int_equal (desk.view->floating.width, 320);
  close_desk (&desk);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_boxes_fill_the_area),
    cmocka_unit_test (test_keys_combine),
    cmocka_unit_test (test_zones),
    cmocka_unit_test (test_edges_resist),
    cmocka_unit_test (test_keys_snap_and_restore),
    cmocka_unit_test (test_snap_goes_on_to_the_next_output),
    cmocka_unit_test (test_drag_to_edges),
    cmocka_unit_test (test_place_does_not_wait_for_ever),
  };
  return run_compositor_tests (tests);
}
