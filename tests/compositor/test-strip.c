/* Going about by direction, and the columns of a strip: by keys, as a person does it. */

#include <wlr/types/wlr_output_layout.h>

#include "client.h"
#include "devices.h"
#include "fixture.h"
#include "layout.h"
#include "output.h"
#include "tiles.h"
#include "verify.h"
#include "view.h"
#include "workspace.h"

enum { WINDOWS = 4, WIDTH = 1280, HEIGHT = 800, GAP = 8 };

struct desk {
  struct inos_compositor *compositor;
  struct client *client;
  struct window *windows[WINDOWS];
  struct wlr_keyboard keyboard;
};

static int start (void **state, struct inos_compositor *compositor)
{
  struct desk *desk = *state = g_new0 (struct desk, 1);
  desk->compositor = compositor;
  desk->client = client_connect (compositor);
  for (int i = 0; i < WINDOWS; i++)
    desk->windows[i] = window_open (desk->client, "a", "a");
  add_keyboard (compositor, &desk->keyboard);
  return 0;
}

static int setup (void **state)
{
  return start (state, start_compositor (1));
}

static int setup_two (void **state)
{
  return start (state, start_compositor (2));
}

static int teardown (void **state)
{
  struct desk *desk = *state;
  for (int i = 0; i < WINDOWS; i++)
    window_close (desk->windows[i]);
  client_disconnect (desk->client);
  wlr_keyboard_finish (&desk->keyboard);
  inos_compositor_destroy (desk->compositor);
  g_free (desk);
  return 0;
}

/* Lets every window draw what it was asked for, and everything be true. */
static void draw (struct desk *desk)
{
  client_roundtrip (desk->client);
  for (int i = 0; i < WINDOWS; i++)
    window_draw (desk->windows[i]);
  client_roundtrip (desk->client);
  g_autofree char *wrong = inos_verify_invariants (desk->compositor);
  if (wrong)
    fail_msg ("%s", wrong);
}

enum { CTRL = 1, SHIFT = 2, ALT = 4 };

/* Super, those and the key. */
static void press (struct desk *desk, int modifiers, uint32_t code)
{
  static const uint32_t keys[] = {KEY_LEFTCTRL, KEY_LEFTSHIFT, KEY_LEFTALT};
  for (int i = 0; i < 3; i++) {
    if (modifiers & 1 << i)
      key (&desk->keyboard, keys[i], true);
  }
  chord (&desk->keyboard, code);
  for (int i = 0; i < 3; i++) {
    if (modifiers & 1 << i)
      key (&desk->keyboard, keys[i], false);
  }
  draw (desk);
}

static struct inos_view *view_of (struct desk *desk, uint32_t id)
{
  return inos_view_find (desk->compositor, id);
}

static void focus (struct desk *desk, uint32_t id)
{
  inos_view_focus (view_of (desk, id));
  draw (desk);
}

#define assert_focused(desk, wanted)                                                               \
  assert_int_equal (inos_view_focused ((desk)->compositor)->id, wanted)

static void use_layout (struct desk *desk, enum inos_layout layout)
{
  inos_tiles_set_layout (desk->compositor, 0, layout);
  draw (desk);
}

/* Which windows are in a column with their left edge where that of `id` is, from top to bottom. */
static void assert_column (struct desk *desk, const uint32_t *ids, int count)
{
  struct wlr_box first = view_of (desk, ids[0])->tile;
  int y = first.y, height = 0;
  for (int i = 0; i < count; i++) {
    struct wlr_box box = view_of (desk, ids[i])->tile;
    assert_int_equal (box.x, first.x);
    assert_int_equal (box.width, first.width);
    assert_int_equal (box.y, y);
    y += box.height + GAP;
    height += box.height;
  }
  assert_int_equal (height, HEIGHT - (count + 1) * GAP);
}

static void assert_order (struct desk *desk, const uint32_t *ids, int count)
{
  for (int i = 1; i < count; i++) {
    struct wlr_box left = view_of (desk, ids[i - 1])->tile, right = view_of (desk, ids[i])->tile;
    assert_int_equal (right.x, left.x + left.width + GAP);
  }
}

static void test_focus_in_a_spiral (void **state)
{
  struct desk *desk = *state;
  /* 1 | 2 over (3 | 4). */
  use_layout (desk, INOS_LAYOUT_DWINDLE);
  focus (desk, 1);
  press (desk, CTRL, KEY_LEFT);
  assert_focused (desk, 1);
  focus (desk, 2);
  focus (desk, 1);
  press (desk, CTRL, KEY_RIGHT);
  assert_focused (desk, 2);
  press (desk, CTRL, KEY_UP);
  assert_focused (desk, 2);
  focus (desk, 3);
  focus (desk, 2);
  press (desk, CTRL, KEY_DOWN);
  assert_focused (desk, 3);
  press (desk, CTRL, KEY_RIGHT);
  assert_focused (desk, 4);
  press (desk, CTRL, KEY_UP);
  assert_focused (desk, 2);
  press (desk, CTRL, KEY_LEFT);
  assert_focused (desk, 1);
}

static void test_focus_in_a_stack (void **state)
{
  struct desk *desk = *state;
  static const int places[][2] = {{0, 0}, {700, 20}, {30, 500}, {720, 510}};
  for (uint32_t id = 1; id <= WINDOWS; id++)
    inos_view_move (view_of (desk, id), places[id - 1][0], places[id - 1][1]);
  focus (desk, 1);
  press (desk, CTRL, KEY_RIGHT);
  assert_focused (desk, 2);
  press (desk, CTRL, KEY_DOWN);
  assert_focused (desk, 4);
  press (desk, CTRL, KEY_LEFT);
  assert_focused (desk, 3);
  press (desk, CTRL, KEY_DOWN);
  assert_focused (desk, 3);
  /* What is minimized is passed over. */
  inos_view_set_minimized (view_of (desk, 1), true);
  focus (desk, 3);
  press (desk, CTRL, KEY_UP);
  assert_focused (desk, 3);
}

static void test_workspaces_one_by_one (void **state)
{
  struct desk *desk = *state;
  struct inos_compositor *compositor = desk->compositor;
  press (desk, 0, KEY_PAGEUP);
  assert_int_equal (compositor->active_workspace, 0);
  press (desk, 0, KEY_PAGEDOWN);
  assert_int_equal (compositor->active_workspace, 1);
  press (desk, 0, KEY_PAGEUP);
  focus (desk, 2);
  press (desk, SHIFT, KEY_PAGEDOWN);
  assert_int_equal (compositor->active_workspace, 1);
  assert_int_equal (view_of (desk, 2)->workspace, 1);
  assert_focused (desk, 2);
  press (desk, SHIFT, KEY_PAGEUP);
  press (desk, SHIFT, KEY_PAGEUP);
  assert_int_equal (compositor->active_workspace, 0);
  assert_int_equal (view_of (desk, 2)->workspace, 0);
  for (int i = 0; i < 9; i++)
    press (desk, 0, KEY_PAGEDOWN);
  assert_int_equal (compositor->active_workspace, 3);
}

static void test_outputs_by_direction (void **state)
{
  struct desk *desk = *state;
  struct inos_compositor *compositor = desk->compositor;
  struct inos_output *left = inos_output_at (compositor, 10, 10);
  struct inos_output *right = inos_output_at (compositor, WIDTH + 10, 10);
  assert_ptr_not_equal (left, right);
  wlr_cursor_warp (compositor->seat->cursor, NULL, 10, 10);
  focus (desk, 1);
  inos_view_move (view_of (desk, 1), 100, 100);
  press (desk, ALT | SHIFT, KEY_RIGHT);
  assert_ptr_equal (inos_view_output (view_of (desk, 1)), right);
  assert_int_equal (view_of (desk, 1)->x, WIDTH + 100);
  assert_focused (desk, 1);
  assert_ptr_equal (inos_output_active (compositor), right);
  press (desk, ALT | SHIFT, KEY_UP);
  assert_int_equal (view_of (desk, 1)->x, WIDTH + 100);
  press (desk, ALT, KEY_LEFT);
  assert_ptr_equal (inos_output_active (compositor), left);
  assert_ptr_equal (inos_view_output (inos_view_focused (compositor)), left);
  /* At the end of an output the focus goes on to the next. */
  for (int i = 0; i < WINDOWS; i++)
    press (desk, CTRL, KEY_RIGHT);
  assert_focused (desk, 1);
  /* What is laid out is laid out there, and back again. */
  use_layout (desk, INOS_LAYOUT_SCROLL);
  assert_ptr_equal (view_of (desk, 1)->tile_output, right);
  press (desk, ALT | SHIFT, KEY_LEFT);
  assert_ptr_equal (view_of (desk, 1)->tile_output, left);
  assert_true (view_of (desk, 1)->x < WIDTH);
}

static void test_columns_take_several (void **state)
{
  struct desk *desk = *state;
  use_layout (desk, INOS_LAYOUT_SCROLL);
  assert_order (desk, (uint32_t[]){1, 2, 3, 4}, 4);
  /* 1 | 2 + 3 | 4 */
  focus (desk, 2);
  press (desk, 0, KEY_COMMA);
  assert_column (desk, (uint32_t[]){2, 3}, 2);
  assert_order (desk, (uint32_t[]){1, 3, 4}, 3);
  assert_focused (desk, 2);
  press (desk, CTRL, KEY_DOWN);
  assert_focused (desk, 3);
  press (desk, CTRL, KEY_DOWN);
  assert_focused (desk, 3);
  press (desk, CTRL, KEY_LEFT);
  assert_focused (desk, 1);
  press (desk, CTRL, KEY_UP);
  assert_focused (desk, 1);
  /* 2 + 3 + 1 | 4: one that is alone joins what is beside it. */
  press (desk, 0, KEY_RIGHTBRACE);
  assert_column (desk, (uint32_t[]){2, 3, 1}, 3);
  assert_order (desk, (uint32_t[]){1, 4}, 2);
  /* 3 | 2 + 1 | 4: and one that is not goes out. */
  focus (desk, 3);
  press (desk, 0, KEY_LEFTBRACE);
  assert_column (desk, (uint32_t[]){2, 1}, 2);
  assert_order (desk, (uint32_t[]){3, 2, 4}, 3);
  /* 3 | 1 | 2 | 4 */
  focus (desk, 2);
  press (desk, 0, KEY_DOT);
  assert_order (desk, (uint32_t[]){3, 1, 2, 4}, 4);
  press (desk, 0, KEY_DOT);
  assert_order (desk, (uint32_t[]){3, 1, 2, 4}, 4);
  /* The last of a strip has nobody to its right. */
  focus (desk, 4);
  press (desk, 0, KEY_RIGHTBRACE);
  press (desk, 0, KEY_COMMA);
  assert_order (desk, (uint32_t[]){3, 1, 2, 4}, 4);
}

static void test_columns_move (void **state)
{
  struct desk *desk = *state;
  use_layout (desk, INOS_LAYOUT_SCROLL);
  focus (desk, 1);
  press (desk, 0, KEY_COMMA);
  /* 1 + 2 | 3 | 4 */
  press (desk, CTRL | SHIFT, KEY_RIGHT);
  assert_order (desk, (uint32_t[]){3, 1, 4}, 3);
  assert_column (desk, (uint32_t[]){1, 2}, 2);
  focus (desk, 4);
  press (desk, CTRL | SHIFT, KEY_LEFT);
  assert_order (desk, (uint32_t[]){3, 4, 2}, 3);
  press (desk, CTRL | SHIFT, KEY_LEFT);
  press (desk, CTRL | SHIFT, KEY_LEFT);
  assert_order (desk, (uint32_t[]){4, 3, 2}, 3);
  /* Within a column, and out of it into another's place. */
  focus (desk, 2);
  press (desk, SHIFT, KEY_LEFT);
  assert_column (desk, (uint32_t[]){2, 1}, 2);
  press (desk, SHIFT, KEY_LEFT);
  assert_column (desk, (uint32_t[]){3, 1}, 2);
  assert_order (desk, (uint32_t[]){4, 2, 1}, 3);
  /* A new window comes beside the column, and does not part it. */
  struct window *window = window_open (desk->client, "b", "b");
  client_roundtrip (desk->client);
  window_draw (window);
  draw (desk);
  focus (desk, 3);
  struct window *second = window_open (desk->client, "b", "b");
  client_roundtrip (desk->client);
  window_draw (second);
  draw (desk);
  assert_column (desk, (uint32_t[]){3, 1}, 2);
  assert_order (desk, (uint32_t[]){3, 6}, 2);
  window_close (window);
  window_close (second);
  draw (desk);
  /* The column goes on without its first. */
  inos_view_set_minimized (view_of (desk, 3), true);
  draw (desk);
  assert_column (desk, (uint32_t[]){1}, 1);
}

static int width_of (double share)
{
  return MIN ((int)(share * (WIDTH - GAP)) - GAP, WIDTH - 2 * GAP);
}

static void test_widths (void **state)
{
  struct desk *desk = *state;
  use_layout (desk, INOS_LAYOUT_SCROLL);
  focus (desk, 2);
  press (desk, 0, KEY_COMMA);
  static const double up[] = {2.0 / 3, 1, 1.0 / 3, 1.0 / 2};
  for (size_t i = 0; i < G_N_ELEMENTS (up); i++) {
    press (desk, 0, KEY_R);
    assert_int_equal (view_of (desk, 2)->tile.width, width_of (up[i]));
    assert_column (desk, (uint32_t[]){2, 3}, 2);
  }
  press (desk, SHIFT, KEY_R);
  assert_int_equal (view_of (desk, 3)->tile.width, width_of (1.0 / 3));
  press (desk, SHIFT, KEY_R);
  assert_int_equal (view_of (desk, 3)->tile.width, width_of (1));
  press (desk, 0, KEY_MINUS);
  assert_column (desk, (uint32_t[]){2, 3}, 2);
  assert_int_equal (view_of (desk, 3)->tile.width, width_of (0.95));
}

static void test_a_column_in_the_middle (void **state)
{
  struct desk *desk = *state;
  use_layout (desk, INOS_LAYOUT_SCROLL);
  focus (desk, 1);
  assert_int_equal (view_of (desk, 1)->tile.x, GAP);
  press (desk, 0, KEY_C);
  struct wlr_box box = view_of (desk, 1)->tile;
  assert_int_equal (box.x, (WIDTH - box.width) / 2);
  press (desk, 0, KEY_R);
  box = view_of (desk, 1)->tile;
  assert_int_equal (box.x, (WIDTH - box.width) / 2);
  /* Until another is used. */
  press (desk, CTRL, KEY_RIGHT);
  press (desk, CTRL, KEY_LEFT);
  assert_int_equal (view_of (desk, 1)->tile.x, GAP);
}

static void test_the_strip_goes_to_what_is_focused (void **state)
{
  struct desk *desk = *state;
  use_layout (desk, INOS_LAYOUT_SCROLL);
  focus (desk, 1);
  for (uint32_t id = 2; id <= WINDOWS; id++) {
    press (desk, CTRL, KEY_RIGHT);
    assert_focused (desk, id);
    struct wlr_box box = view_of (desk, id)->tile;
    assert_true (box.x >= 0 && box.x + box.width <= WIDTH);
  }
  assert_true (view_of (desk, 1)->tile_hidden);
}

int main (void)
{
#define WITH(setup, test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    WITH (setup, test_focus_in_a_spiral),
    WITH (setup, test_focus_in_a_stack),
    WITH (setup, test_workspaces_one_by_one),
    WITH (setup_two, test_outputs_by_direction),
    WITH (setup, test_columns_take_several),
    WITH (setup, test_columns_move),
    WITH (setup, test_widths),
    WITH (setup, test_a_column_in_the_middle),
    WITH (setup, test_the_strip_goes_to_what_is_focused),
  };
  return run_compositor_tests (tests);
}
