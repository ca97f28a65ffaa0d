/* Layouts as functions of boxes, and workspaces that have one. */

#include "action.h"
#include "client.h"
#include "fixture.h"
#include "grab.h"
#include "layout.h"
#include "output.h"
#include "seat.h"
#include "tiles.h"
#include "view.h"
#include "workspace.h"
#include "xdg-shell-client-protocol.h"

#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>

enum { MOST = 12 };

static void assert_apart (const struct wlr_box *boxes, unsigned int count)
{
  struct wlr_box common;
  for (unsigned int i = 0; i < count; i++) {
    assert_true (boxes[i].width > 0 && boxes[i].height > 0);
    for (unsigned int j = 0; j < i; j++)
      assert_false (wlr_box_intersection (&common, &boxes[i], &boxes[j]));
  }
}

static void assert_inside (const struct wlr_box *boxes, unsigned int count, struct wlr_box area)
{
  for (unsigned int i = 0; i < count; i++) {
    struct wlr_box common;
    assert_true (wlr_box_intersection (&common, &boxes[i], &area));
    assert_true (wlr_box_equal (&common, &boxes[i]));
  }
}

static void test_dwindle_fills_and_keeps_apart (void **state)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);
  struct wlr_box boxes[MOST];
  double shares[MOST];
  for (int round = 0; round < 2000; round++) {
    struct wlr_box area = {g_rand_int_range (rand, -2000, 2000), g_rand_int_range (rand, 0, 1000),
                           g_rand_int_range (rand, 600, 4000), g_rand_int_range (rand, 600, 2500)};
    unsigned int count = (unsigned int)g_rand_int_range (rand, 1, 7);
    int gap = round % 2 ? 0 : g_rand_int_range (rand, 0, 12);
    for (int i = 0; i < MOST; i++)
      shares[i] = g_rand_double_range (rand, 0.3, 0.7);
    inos_layout_dwindle (area, gap, shares, count, boxes);
    assert_apart (boxes, count);
    assert_inside (boxes, count, area);
    gint64 sum = 0;
    for (unsigned int i = 0; i < count; i++)
      sum += (gint64)boxes[i].width * boxes[i].height;
    if (gap == 0)
      assert_true (sum == (gint64)area.width * area.height);
  }
  /* More than fit: no crash, and nothing without a size. */
  double half[200];
  struct wlr_box many[200];
  for (int i = 0; i < 200; i++)
    half[i] = 0.5;
  inos_layout_dwindle ((struct wlr_box){0, 0, 100, 100}, 8, half, 200, many);
  for (int i = 0; i < 200; i++)
    assert_true (many[i].width > 0 && many[i].height > 0);
}

static void test_scroll_shows_the_focused_column (void **state)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);
  struct wlr_box boxes[MOST];
  double shares[MOST];
  int offset = 0;
  for (int round = 0; round < 2000; round++) {
    struct wlr_box area = {g_rand_int_range (rand, -2000, 2000), 30,
                           g_rand_int_range (rand, 600, 4000), g_rand_int_range (rand, 600, 2500)};
    unsigned int count = (unsigned int)g_rand_int_range (rand, 1, MOST + 1);
    unsigned int focus = (unsigned int)g_rand_int_range (rand, 0, (int)count);
    int gap = g_rand_int_range (rand, 0, 12);
    for (int i = 0; i < MOST; i++)
      shares[i] = g_rand_double_range (rand, 0, 1.2);
    offset = inos_layout_scroll (area, gap, shares, count, focus, offset, boxes);
    assert_true (offset >= 0);
    assert_apart (boxes, count);
    assert_inside (&boxes[focus], 1, area);
    /* Focusing again what is seen moves nothing. */
    assert_int_equal (inos_layout_scroll (area, gap, shares, count, focus, offset, boxes), offset);
    for (unsigned int i = 1; i < count; i++)
      assert_int_equal (boxes[i].x, boxes[i - 1].x + boxes[i - 1].width + gap);
  }
}

static void test_names (void **state)
{
  for (int i = 0; i < INOS_LAYOUT_COUNT; i++)
    assert_int_equal (inos_layout_from_name (inos_layout_name ((enum inos_layout)i)), i);
  assert_int_equal (inos_layout_from_name ("spiral"), INOS_LAYOUT_COUNT);
}

struct desk {
  struct inos_compositor *compositor;
  struct client *client;
  struct window *windows[3];
};

static int setup (void **state)
{
  struct desk *desk = g_new0 (struct desk, 1);
  desk->compositor = start_compositor (1);
  desk->client = client_connect (desk->compositor);
  for (int i = 0; i < 3; i++)
    desk->windows[i] = window_open (desk->client, "a", "a");
  *state = desk;
  return 0;
}

static int teardown (void **state)
{
  struct desk *desk = *state;
  for (int i = 0; i < 3; i++)
    window_close (desk->windows[i]);
  client_disconnect (desk->client);
  inos_compositor_destroy (desk->compositor);
  g_free (desk);
  return 0;
}

/* Lets every window draw what it was asked for. */
static void draw (struct desk *desk)
{
  client_roundtrip (desk->client);
  for (int i = 0; i < 3; i++)
    window_draw (desk->windows[i]);
  client_roundtrip (desk->client);
}

static struct wlr_box box_of (struct desk *desk, uint32_t id)
{
  return inos_view_box (inos_view_find (desk->compositor, id));
}

static void assert_tiles (struct desk *desk, const uint32_t *ids, unsigned int count)
{
  struct wlr_box boxes[MOST];
  for (unsigned int i = 0; i < count; i++)
    boxes[i] = box_of (desk, ids[i]);
  assert_apart (boxes, count);
  assert_inside (boxes, count, inos_output_active (desk->compositor)->usable);
}

static void test_dwindle_on_a_workspace (void **state)
{
  struct desk *desk = *state;
  struct wlr_box before = box_of (desk, 1);
  assert_true (inos_action_run (desk->compositor, "layout-mode dwindle"));
  draw (desk);
  assert_tiles (desk, (uint32_t[]){1, 2, 3}, 3);
  assert_int_equal (desk->windows[0]->tiled, 15);
  assert_int_equal (box_of (desk, 1).x, 8);
  assert_int_equal (box_of (desk, 1).height, 800 - 16);

  inos_view_focus (inos_view_find (desk->compositor, 1));
  assert_true (inos_action_run (desk->compositor, "tile-ratio 10"));
  draw (desk);
  assert_int_equal (box_of (desk, 1).width, (int)((1280 - 24) * 0.6));
  assert_true (inos_action_run (desk->compositor, "tile-move next"));
  draw (desk);
  assert_int_equal (box_of (desk, 2).x, 8);
  assert_tiles (desk, (uint32_t[]){1, 2, 3}, 3);

  assert_true (inos_action_run (desk->compositor, "tile-float"));
  draw (desk);
  assert_int_equal (box_of (desk, 1).width, before.width);
  assert_tiles (desk, (uint32_t[]){2, 3}, 2);
  assert_true (inos_action_run (desk->compositor, "tile-float"));
  inos_view_set_minimized (inos_view_find (desk->compositor, 3), true);
  draw (desk);
  assert_tiles (desk, (uint32_t[]){1, 2}, 2);
  inos_view_set_workspace (inos_view_find (desk->compositor, 2), 1);
  draw (desk);
  assert_int_equal (box_of (desk, 1).width, 1280 - 16);

  assert_true (inos_action_run (desk->compositor, "layout-mode floating"));
  draw (desk);
  struct wlr_box after = box_of (desk, 1);
  assert_memory_equal (&after, &before, sizeof before);
  assert_int_equal (desk->windows[0]->tiled, 0);
}

static void test_dialogs_and_new_windows (void **state)
{
  struct desk *desk = *state;
  inos_tiles_set_layout (desk->compositor, 0, INOS_LAYOUT_DWINDLE);
  xdg_toplevel_set_parent (desk->windows[2]->toplevel, desk->windows[0]->toplevel);
  inos_view_focus (inos_view_find (desk->compositor, 1));
  draw (desk);
  assert_false (inos_view_find (desk->compositor, 3)->tiled);
  struct window *window = window_open (desk->client, "b", "b");
  client_roundtrip (desk->client);
  window_draw (window);
  draw (desk);
  struct inos_workspace *workspace = g_ptr_array_index (desk->compositor->workspaces, 0);
  assert_ptr_equal (g_ptr_array_index (workspace->tiles, 1), inos_view_find (desk->compositor, 4));
  assert_tiles (desk, (uint32_t[]){1, 2, 4}, 3);
  /* What is dragged goes back into the layout where it is dropped. */
  struct inos_seat *seat = desk->compositor->seat;
  struct inos_view *view = inos_view_find (desk->compositor, 4);
  wlr_cursor_warp (seat->cursor, NULL, view->x + 5, view->y + 5);
  inos_grab_move (seat, view);
  assert_false (view->tiled);
  wlr_cursor_warp (seat->cursor, NULL, 100, 100);
  inos_grab_motion (seat);
  inos_grab_end (seat);
  assert_true (view->tiled);
  assert_ptr_equal (g_ptr_array_index (workspace->tiles, 0), view);
  wlr_cursor_warp (seat->cursor, NULL, view->x + 5, view->y + 5);
  inos_grab_move (seat, view);
  wlr_cursor_warp (seat->cursor, NULL, 100, 700);
  inos_grab_motion (seat);
  inos_grab_end (seat);
  assert_ptr_equal (g_ptr_array_index (workspace->tiles, 1), view);
  window_close (window);
}

static void test_scroll_follows_the_focus (void **state)
{
  struct desk *desk = *state;
  struct wlr_box screen = inos_output_box (inos_output_active (desk->compositor));
  inos_tiles_set_layout (desk->compositor, 0, INOS_LAYOUT_SCROLL);
  for (uint32_t id = 1; id <= 3; id++) {
    inos_view_focus (inos_view_find (desk->compositor, id));
    draw (desk);
    struct wlr_box box = box_of (desk, id);
    assert_inside (&box, 1, screen);
  }
  struct inos_view *first = inos_view_find (desk->compositor, 1);
  assert_true (first->x < 0);
  inos_tiles_grow (inos_view_find (desk->compositor, 3), 0.4);
  draw (desk);
  assert_false (first->tree->node.enabled);
  inos_view_focus (first);
  assert_true (first->tree->node.enabled);
}

static void test_tiles_survive_their_output (void **state)
{
  struct desk *desk = *state;
  inos_tiles_set_layout (desk->compositor, 0, INOS_LAYOUT_DWINDLE);
  for (int i = 0; i < 3; i++) {
    struct inos_output *old = inos_output_active (desk->compositor);
    inos_output_add_virtual (desk->compositor, 900, 700);
    wlr_output_destroy (old->wlr);
    draw (desk);
    assert_tiles (desk, (uint32_t[]){1, 2, 3}, 3);
  }
}

int main (void)
{
#define WITH_DESK(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_dwindle_fills_and_keeps_apart),
    cmocka_unit_test (test_scroll_shows_the_focused_column),
    cmocka_unit_test (test_names),
    WITH_DESK (test_dwindle_on_a_workspace),
    WITH_DESK (test_dialogs_and_new_windows),
    WITH_DESK (test_scroll_follows_the_focus),
    WITH_DESK (test_tiles_survive_their_output),
  };
  return run_compositor_tests (tests);
}
