/* Windows that are moved and resized with the arrow keys: by whom, how far, and the way back. */

#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_seat.h>

#include "action.h"
#include "client.h"
#include "devices.h"
#include "fixture.h"
#include "locker.h"
#include "snap.h"
#include "tiles.h"
#include "verify.h"
#include "view.h"

struct stand {
  struct inos_compositor *compositor;
  struct inos_seat *seat;
  struct client *client;
  struct window *window;
  struct inos_view *view;
  struct input input;
  struct wlr_pointer mouse;
  struct wlr_keyboard keyboard;
  struct wlr_box before;
};

static int setup (void **state)
{
  struct stand *stand = g_new0 (struct stand, 1);
  stand->compositor = start_compositor (1);
  stand->compositor->config.edge_resistance = 0;
  stand->seat = stand->compositor->seat;
  add_keyboard (stand->compositor, &stand->keyboard);
  add_pointer (stand->compositor, &stand->mouse);
  stand->client = client_connect (stand->compositor);
  input_init (&stand->input, stand->client);
  stand->window = window_open (stand->client, "a", "A title");
  stand->view = inos_view_focused (stand->compositor);
  inos_view_move (stand->view, 200, 200);
  stand->view->floating = inos_view_box (stand->view);
  client_roundtrip (stand->client);
  stand->before = inos_view_box (stand->view);
  *state = stand;
  return 0;
}

static int teardown (void **state)
{
  struct stand *stand = *state;
  if (stand->window)
    window_close (stand->window);
  input_finish (&stand->input);
  client_disconnect (stand->client);
  wlr_pointer_finish (&stand->mouse);
  wlr_keyboard_finish (&stand->keyboard);
  inos_compositor_destroy (stand->compositor);
  g_free (stand);
  return 0;
}

static void with_alt (struct stand *stand, uint32_t code)
{
  key (&stand->keyboard, KEY_LEFTALT, true);
  tap (&stand->keyboard, code);
  key (&stand->keyboard, KEY_LEFTALT, false);
}

static void verify (struct stand *stand)
{
  client_roundtrip (stand->client);
  g_autofree char *wrong = inos_verify_invariants (stand->compositor);
  if (wrong)
    fail_msg ("%s", wrong);
}

#define assert_box(view, a, b, c, d)                                                               \
  do {                                                                                             \
    struct wlr_box is = inos_view_box (view), wanted = {a, b, c, d};                               \
    if (!wlr_box_equal (&is, &wanted))                                                             \
      fail_msg ("it is at %d,%d %dx%d", is.x, is.y, is.width, is.height);                          \
  } while (0)

static bool is_on (struct stand *stand)
{
  return stand->seat->grab.kind != INOS_GRAB_NONE;
}

/* In wide steps, in fine ones, again while the key is down, and until Return. */
static void test_moved (void **state)
{
  struct stand *stand = *state;
  struct wlr_box box = stand->before;
  with_alt (stand, KEY_F7);
  client_roundtrip (stand->client);
  int keys = stand->input.keys;
  assert_true (is_on (stand));
  tap (&stand->keyboard, KEY_RIGHT);
  tap (&stand->keyboard, KEY_DOWN);
  tap (&stand->keyboard, KEY_DOWN);
  assert_box (stand->view, box.x + 16, box.y + 32, box.width, box.height);
  key (&stand->keyboard, KEY_LEFTCTRL, true);
  tap (&stand->keyboard, KEY_LEFT);
  key (&stand->keyboard, KEY_LEFTCTRL, false);
  assert_box (stand->view, box.x + 15, box.y + 32, box.width, box.height);
  stand->compositor->config.repeat_delay = 10;
  stand->compositor->config.repeat_rate = 200;
  key (&stand->keyboard, KEY_RIGHT, true);
  for (int i = 0; i < 500 && inos_view_box (stand->view).x < box.x + 100; i++)
    wl_event_loop_dispatch (stand->compositor->loop, 10);
  key (&stand->keyboard, KEY_RIGHT, false);
  int x = inos_view_box (stand->view).x;
  assert_true (x >= box.x + 100);
  pump();
  wl_event_loop_dispatch (stand->compositor->loop, 30);
  assert_int_equal (inos_view_box (stand->view).x, x);
  verify (stand);
  tap (&stand->keyboard, KEY_A);
  tap (&stand->keyboard, KEY_ENTER);
  assert_false (is_on (stand));
  assert_box (stand->view, x, box.y + 32, box.width, box.height);
  verify (stand);
  assert_int_equal (stand->input.keys, keys);
  tap (&stand->keyboard, KEY_RIGHT);
  client_roundtrip (stand->client);
  assert_true (stand->input.keys > keys);
  assert_box (stand->view, x, box.y + 32, box.width, box.height);
}

static void test_resized (void **state)
{
  struct stand *stand = *state;
  struct wlr_box box = stand->before;
  with_alt (stand, KEY_F8);
  tap (&stand->keyboard, KEY_RIGHT);
  tap (&stand->keyboard, KEY_DOWN);
  client_roundtrip (stand->client);
  assert_int_equal (stand->window->width, box.width + 16);
  assert_int_equal (stand->window->height, box.height + 16);
  window_draw (stand->window);
  verify (stand);
  tap (&stand->keyboard, KEY_SPACE);
  client_roundtrip (stand->client);
  window_draw (stand->window);
  verify (stand);
  assert_box (stand->view, box.x, box.y, box.width + 16, box.height + 16);
  /* And back again. */
  with_alt (stand, KEY_F8);
  tap (&stand->keyboard, KEY_LEFT);
  tap (&stand->keyboard, KEY_ESC);
  assert_false (is_on (stand));
  client_roundtrip (stand->client);
  window_draw (stand->window);
  verify (stand);
  assert_box (stand->view, box.x, box.y, box.width + 16, box.height + 16);
}

/* What a window was before it was moved it is again: floating, a half, all, or a tile. */
static void test_escape (void **state)
{
  struct stand *stand = *state;
  struct wlr_box box = stand->before;
  with_alt (stand, KEY_F7);
  tap (&stand->keyboard, KEY_RIGHT);
  tap (&stand->keyboard, KEY_ESC);
  assert_box (stand->view, box.x, box.y, box.width, box.height);
  inos_view_set_maximized (stand->view, true);
  with_alt (stand, KEY_F7);
  assert_false (stand->view->maximized);
  tap (&stand->keyboard, KEY_RIGHT);
  verify (stand);
  tap (&stand->keyboard, KEY_ESC);
  assert_true (stand->view->maximized);
  verify (stand);
  inos_view_set_maximized (stand->view, false);
  assert_box (stand->view, box.x, box.y, box.width, box.height);
  inos_action_run (stand->compositor, "snap left");
  uint32_t place = stand->view->snapped;
  assert_true (place);
  with_alt (stand, KEY_F7);
  tap (&stand->keyboard, KEY_RIGHT);
  tap (&stand->keyboard, KEY_ESC);
  assert_int_equal (stand->view->snapped, place);
  verify (stand);
  inos_snap_view (stand->view, 0, NULL);
  inos_tiles_set_layout (stand->compositor, 0, INOS_LAYOUT_DWINDLE);
  assert_true (stand->view->tiled);
  with_alt (stand, KEY_F7);
  tap (&stand->keyboard, KEY_DOWN);
  assert_false (stand->view->tiled);
  tap (&stand->keyboard, KEY_ESC);
  assert_true (stand->view->tiled);
  verify (stand);
}

/* The mouse helps, and its click is nobody else's. */
static void test_click_ends_it (void **state)
{
  struct stand *stand = *state;
  with_alt (stand, KEY_F7);
  tap (&stand->keyboard, KEY_RIGHT);
  const struct wlr_cursor *cursor = stand->seat->cursor;
  move_to (stand->seat, &stand->mouse, cursor->x + 50, cursor->y + 5);
  int buttons = stand->input.buttons;
  button (&stand->mouse, BTN_LEFT, true);
  assert_true (is_on (stand));
  button (&stand->mouse, BTN_LEFT, false);
  assert_false (is_on (stand));
  verify (stand);
  assert_int_equal (stand->input.buttons, buttons);
  assert_box (stand->view, stand->before.x + 66, stand->before.y + 5, stand->before.width,
              stand->before.height);
}

static void test_what_cannot_be (void **state)
{
  struct stand *stand = *state;
  inos_view_set_fullscreen (stand->view, true, NULL);
  with_alt (stand, KEY_F7);
  assert_false (is_on (stand));
  inos_view_set_fullscreen (stand->view, false, NULL);
  inos_view_set_maximized (stand->view, true);
  with_alt (stand, KEY_F8);
  assert_false (is_on (stand));
  assert_true (stand->view->maximized);
  inos_view_set_maximized (stand->view, false);
  with_alt (stand, KEY_F7);
  assert_true (is_on (stand));
  /* The window goes meanwhile, with a key that is down. */
  key (&stand->keyboard, KEY_RIGHT, true);
  window_close (stand->window);
  stand->window = NULL;
  client_roundtrip (stand->client);
  assert_false (is_on (stand));
  wl_event_loop_dispatch (stand->compositor->loop, 30);
  key (&stand->keyboard, KEY_RIGHT, false);
  verify (stand);
  with_alt (stand, KEY_F7);
  assert_false (is_on (stand));
}

/* The picture of a window can be kept from programs with a key, too. */
static void test_private_by_key (void **state)
{
  struct stand *stand = *state;
  for (int i = 1; i < 3; i++) {
    key (&stand->keyboard, KEY_LEFTSHIFT, true);
    chord (&stand->keyboard, KEY_P);
    key (&stand->keyboard, KEY_LEFTSHIFT, false);
    assert_int_equal (stand->view->is_private, i % 2);
  }
}

int main (void)
{
#define TEST(function) cmocka_unit_test_setup_teardown (function, setup, teardown)
  const struct CMUnitTest tests[] = {
    TEST (test_moved),         TEST (test_resized),        TEST (test_escape),
    TEST (test_click_ends_it), TEST (test_what_cannot_be), TEST (test_private_by_key),
  };
  return run_compositor_tests (tests);
}
