/* Fingers on the title bars and edges that the compositor draws, and what becomes of a press there
 * when the session is locked meanwhile. */

#include <wlr/interfaces/wlr_touch.h>
#include <wlr/types/wlr_touch.h>

#include "devices.h"
#include "fixture.h"
#include "locker.h"
#include "view.h"
#include "window_frame.h"
#include "window_frame_private.h"

struct stand {
  struct inos_compositor *compositor;
  struct client *client;
  struct window *window;
  struct inos_view *view;
  struct wlr_touch touch;
  bool has_touch;
  uint32_t time;
};

static int setup (void **state)
{
  static const struct wlr_touch_impl no_hardware = {.name = "test"};
  struct stand *stand = g_new0 (struct stand, 1);
  stand->compositor = start_compositor (1);
  stand->client = client_connect (stand->compositor);
  stand->window = window_open (stand->client, "a", "A title");
  stand->view = inos_view_focused (stand->compositor);
  stand->time = 1000;
  inos_frame_set (stand->view, true);
  inos_view_move (stand->view, 200, 200);
  wlr_touch_init (&stand->touch, &no_hardware, "test");
  inos_seat_add_device (stand->compositor->seat, &stand->touch.base);
  stand->has_touch = true;
  *state = stand;
  return 0;
}

static void unplug (struct stand *stand)
{
  if (stand->has_touch)
    wlr_touch_finish (&stand->touch);
  stand->has_touch = false;
}

static int teardown (void **state)
{
  struct stand *stand = *state;
  unplug (stand);
  window_close (stand->window);
  client_disconnect (stand->client);
  inos_compositor_destroy (stand->compositor);
  g_free (stand);
  return 0;
}

static void put_down (struct stand *stand, double x, double y)
{
  struct wlr_touch_down_event event = {
    .touch = &stand->touch, .time_msec = stand->time += 10, .x = x / 1280, .y = y / 800};
  wl_signal_emit_mutable (&stand->touch.events.down, &event);
  wl_signal_emit_mutable (&stand->touch.events.frame, NULL);
}

static void pull (struct stand *stand, double x, double y)
{
  struct wlr_touch_motion_event event = {
    .touch = &stand->touch, .time_msec = stand->time += 10, .x = x / 1280, .y = y / 800};
  wl_signal_emit_mutable (&stand->touch.events.motion, &event);
  wl_signal_emit_mutable (&stand->touch.events.frame, NULL);
}

static void lift (struct stand *stand)
{
  struct wlr_touch_up_event event = {.touch = &stand->touch, .time_msec = stand->time += 10};
  wl_signal_emit_mutable (&stand->touch.events.up, &event);
  wl_signal_emit_mutable (&stand->touch.events.frame, NULL);
}

static void take_away (struct stand *stand)
{
  struct wlr_touch_cancel_event event = {.touch = &stand->touch};
  wl_signal_emit_mutable (&stand->touch.events.cancel, &event);
}

static double button_x (struct stand *stand, int from_right)
{
  struct wlr_box box = inos_frame_outer (stand->view, inos_view_box (stand->view));
  return box.x + box.width - (from_right + 0.5) * INOS_FRAME_TITLE;
}

static double bar_y (struct stand *stand)
{
  return stand->view->y - INOS_FRAME_TITLE / 2.0;
}

static bool is_closed (struct stand *stand)
{
  client_roundtrip (stand->client);
  return stand->window->closed;
}

static void test_drags (void **state)
{
  struct stand *stand = *state;
  double y = bar_y (stand);
  put_down (stand, 240, y);
  pull (stand, 260, y + 20);
  pull (stand, 300, y + 40);
  assert_int_equal (stand->compositor->seat->grab.kind, INOS_GRAB_MOVE);
  lift (stand);
  assert_int_equal (stand->compositor->seat->grab.kind, INOS_GRAB_NONE);
  assert_int_equal (stand->view->x, 260);
  assert_int_equal (stand->view->y, 240);
  /* The finger is up: what comes now is another one. */
  pull (stand, 500, 500);
  assert_int_equal (stand->view->x, 260);
}

static void test_two_taps_maximize (void **state)
{
  struct stand *stand = *state;
  /* A finger is never quite still. */
  for (int i = 0; i < 2; i++) {
    assert_false (stand->view->maximized);
    put_down (stand, 240, bar_y (stand));
    pull (stand, 246, bar_y (stand) - 4);
    lift (stand);
  }
  assert_true (stand->view->maximized);
  assert_int_equal (stand->view->frame->pressed, INOS_FRAME_NONE);
  for (int i = 0; i < 2; i++) {
    stand->time += 1000;
    put_down (stand, 240, bar_y (stand));
    lift (stand);
  }
  assert_true (stand->view->maximized);
}

static void test_resizes (void **state)
{
  struct stand *stand = *state;
  struct wlr_box box = inos_view_box (stand->view);
  int right = box.x + box.width, bottom = box.y + box.height;
  put_down (stand, right + 3, bottom + 3);
  pull (stand, right + 43, bottom + 23);
  client_roundtrip (stand->client);
  assert_int_equal (stand->window->width, box.width + 40);
  assert_int_equal (stand->window->height, box.height + 20);
  take_away (stand);
  assert_int_equal (stand->compositor->seat->grab.kind, INOS_GRAB_NONE);
}

static void test_presses_buttons (void **state)
{
  struct stand *stand = *state;
  put_down (stand, button_x (stand, 0), bar_y (stand));
  assert_int_equal (stand->view->frame->pressed, INOS_FRAME_CLOSE);
  pull (stand, button_x (stand, 0) - 200, bar_y (stand));
  lift (stand);
  assert_false (is_closed (stand));
  put_down (stand, button_x (stand, 0), bar_y (stand));
  take_away (stand);
  assert_int_equal (stand->view->frame->pressed, INOS_FRAME_NONE);
  assert_false (is_closed (stand));
  put_down (stand, button_x (stand, 1), bar_y (stand));
  lift (stand);
  assert_true (stand->view->maximized);
  inos_view_set_maximized (stand->view, false);
  client_roundtrip (stand->client);
  window_draw (stand->window);
  put_down (stand, button_x (stand, 0), bar_y (stand));
  lift (stand);
  assert_int_equal (stand->view->frame->hover, INOS_FRAME_NONE);
  assert_true (is_closed (stand));
}

static void test_window_or_screen_goes (void **state)
{
  struct stand *stand = *state;
  struct window *other = window_open (stand->client, "b", "Another");
  stand->view = inos_view_focused (stand->compositor);
  inos_frame_set (stand->view, true);
  inos_view_move (stand->view, 700, 300);
  put_down (stand, button_x (stand, 0), bar_y (stand));
  assert_ptr_equal (stand->compositor->seat->on_frame.pressed, stand->view);
  window_close (other);
  client_roundtrip (stand->client);
  assert_null (stand->compositor->seat->on_frame.pressed);
  lift (stand);
  stand->view = inos_view_focused (stand->compositor);
  put_down (stand, button_x (stand, 0), bar_y (stand));
  assert_ptr_equal (stand->compositor->seat->on_frame.pressed, stand->view);
  unplug (stand);
  assert_null (stand->compositor->seat->on_frame.pressed);
  assert_int_equal (stand->view->frame->pressed, INOS_FRAME_NONE);
  assert_false (is_closed (stand));
}

/* Locking takes what is held away from the hand: nothing comes of it. */
static void test_locked_meanwhile (void **state)
{
  struct stand *stand = *state;
  struct wlr_pointer mouse;
  add_pointer (stand->compositor, &mouse);
  move_to (stand->compositor->seat, &mouse, button_x (stand, 0), bar_y (stand));
  for (int with_finger = 0; with_finger < 2; with_finger++) {
    if (with_finger)
      put_down (stand, button_x (stand, 0), bar_y (stand));
    else
      button (&mouse, BTN_LEFT, true);
    assert_int_equal (stand->view->frame->pressed, INOS_FRAME_CLOSE);
    struct locker *locker = locker_start (stand->compositor);
    locker_wait (locker);
    if (with_finger)
      lift (stand);
    else
      button (&mouse, BTN_LEFT, false);
    locker_unlock (locker);
    assert_false (is_closed (stand));
    assert_int_equal (stand->view->frame->pressed, INOS_FRAME_NONE);
  }
  wlr_pointer_finish (&mouse);
}

int main (void)
{
#define WITH_STAND(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    WITH_STAND (test_drags),
    WITH_STAND (test_two_taps_maximize),
    WITH_STAND (test_resizes),
    WITH_STAND (test_presses_buttons),
    WITH_STAND (test_window_or_screen_goes),
    WITH_STAND (test_locked_meanwhile),
  };
  return run_compositor_tests (tests);
}
