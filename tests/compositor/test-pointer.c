/* What programs do with the pointer: lock it, confine it, follow its motion and its gestures. */

#include <string.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_seat.h>

#include "client.h"
#include "devices.h"
#include "fixture.h"
#include "keyboard_access.h"
#include "locker.h"
#include "output.h"
#include "pointer_place.h"
#include "view.h"

#include "pointer-constraints-unstable-v1-client-protocol.h"
#include "pointer-gestures-unstable-v1-client-protocol.h"
#include "relative-pointer-unstable-v1-client-protocol.h"

struct scene {
  struct inos_compositor *compositor;
  struct inos_seat *seat;
  struct wlr_pointer mouse;
  struct client *client;
  struct window *window;
  struct inos_view *view;
  struct wl_seat *wl_seat;
  struct wl_pointer *pointer;
  struct zwp_pointer_constraints_v1 *constraints;
  GString *log; /* what the client received */
};

/* A window of 320 by 200 at 100, 100 with the pointer in its middle. */
static void begin (struct scene *scene)
{
  *scene = (struct scene){.compositor = start_compositor (1), .log = g_string_new (NULL)};
  scene->seat = scene->compositor->seat;
  add_pointer (scene->compositor, &scene->mouse);
  scene->client = client_connect (scene->compositor);
  scene->window = window_open (scene->client, "a", "a");
  scene->view = inos_view_find (scene->compositor, 1);
  scene->wl_seat = client_bind (scene->client, &wl_seat_interface, 5);
  scene->pointer = wl_seat_get_pointer (scene->wl_seat);
  scene->constraints = client_bind (scene->client, &zwp_pointer_constraints_v1_interface, 1);
  client_roundtrip (scene->client);
  inos_view_move (scene->view, 100, 100);
  move_to (scene->seat, &scene->mouse, 260, 200);
  client_roundtrip (scene->client);
  g_string_truncate (scene->log, 0);
}

static void finish (struct scene *scene)
{
  window_close (scene->window);
  zwp_pointer_constraints_v1_destroy (scene->constraints);
  wl_pointer_destroy (scene->pointer);
  wl_seat_destroy (scene->wl_seat);
  client_disconnect (scene->client);
  wlr_pointer_finish (&scene->mouse);
  inos_compositor_destroy (scene->compositor);
  g_string_free (scene->log, TRUE);
}

/* Compares what the client received since the last time. */
static void assert_log (struct scene *scene, const char *expected)
{
  client_roundtrip (scene->client);
  assert_string_equal (scene->log->str, expected);
  g_string_truncate (scene->log, 0);
}

static void assert_at (struct scene *scene, int x, int y)
{
  assert_int_equal ((int)scene->seat->cursor->x, x);
  assert_int_equal ((int)scene->seat->cursor->y, y);
}

/* How many pictures of the pointer the output shows. */
static int shown (struct inos_compositor *compositor)
{
  int n = 0;
  struct wlr_output_cursor *cursor;
  wl_list_for_each (cursor, &inos_output_active (compositor)->wlr->cursors, link)
    n += cursor->enabled && cursor->texture;
  return n;
}

/* Nor is it in the way of who has fingers alone, or nothing. */
static void test_nothing_to_point_with (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct wlr_pointer mouse;
  assert_int_equal (shown (compositor), 0);
  add_pointer (compositor, &mouse);
  assert_int_equal (shown (compositor), 1);
  wlr_pointer_finish (&mouse);
  assert_int_equal (shown (compositor), 0);
  compositor->config.mouse_keys = true;
  inos_keyboard_access_configure (compositor->seat);
  assert_int_equal (shown (compositor), 1);
  inos_compositor_destroy (compositor);
}

static void on_locked (void *data, struct zwp_locked_pointer_v1 *locked)
{
  g_string_append (((struct scene *)data)->log, "locked ");
}

static void on_unlocked (void *data, struct zwp_locked_pointer_v1 *locked)
{
  g_string_append (((struct scene *)data)->log, "unlocked ");
}

static void on_confined (void *data, struct zwp_confined_pointer_v1 *confined)
{
  g_string_append (((struct scene *)data)->log, "confined ");
}

static void on_unconfined (void *data, struct zwp_confined_pointer_v1 *confined)
{
  g_string_append (((struct scene *)data)->log, "unconfined ");
}

static struct zwp_locked_pointer_v1 *lock (struct scene *scene, struct wl_region *region,
                                           uint32_t lifetime)
{
  static const struct zwp_locked_pointer_v1_listener listener = {on_locked, on_unlocked};
  struct zwp_locked_pointer_v1 *locked = zwp_pointer_constraints_v1_lock_pointer (
    scene->constraints, scene->window->surface, scene->pointer, region, lifetime);
  zwp_locked_pointer_v1_add_listener (locked, &listener, scene);
  client_roundtrip (scene->client);
  return locked;
}

static struct zwp_confined_pointer_v1 *confine (struct scene *scene, struct wl_region *region)
{
  static const struct zwp_confined_pointer_v1_listener listener = {on_confined, on_unconfined};
  struct zwp_confined_pointer_v1 *confined = zwp_pointer_constraints_v1_confine_pointer (
    scene->constraints, scene->window->surface, scene->pointer, region,
    ZWP_POINTER_CONSTRAINTS_V1_LIFETIME_PERSISTENT);
  zwp_confined_pointer_v1_add_listener (confined, &listener, scene);
  client_roundtrip (scene->client);
  return confined;
}

static struct wl_region *region_of (struct scene *scene, int x, int y, int width, int height)
{
  struct wl_region *region = wl_compositor_create_region (scene->client->wl_compositor);
  wl_region_add (region, x, y, width, height);
  return region;
}

static void test_a_locked_pointer_stays (void **state)
{
  struct scene scene;
  begin (&scene);
  struct zwp_locked_pointer_v1 *locked =
    lock (&scene, NULL, ZWP_POINTER_CONSTRAINTS_V1_LIFETIME_PERSISTENT);
  assert_log (&scene, "locked ");
  move_by (&scene.mouse, 50, 20);
  assert_at (&scene, 260, 200);
  struct wlr_pointer_motion_absolute_event event = {.pointer = &scene.mouse, .x = 0.9, .y = 0.9};
  wl_signal_emit_mutable (&scene.mouse.events.motion_absolute, &event);
  assert_at (&scene, 260, 200);
  /* The program drew its own pointer elsewhere, and says so. */
  zwp_locked_pointer_v1_set_cursor_position_hint (locked, wl_fixed_from_int (10),
                                                  wl_fixed_from_int (20));
  wl_surface_commit (scene.window->surface);
  client_roundtrip (scene.client);
  assert_at (&scene, 260, 200);
  zwp_locked_pointer_v1_destroy (locked);
  assert_log (&scene, "");
  assert_at (&scene, 110, 120);
  assert_null (scene.seat->constraint);
  move_by (&scene.mouse, 5, 5);
  assert_at (&scene, 115, 125);
  finish (&scene);
}

static void test_a_hint_outside_the_window_is_ignored (void **state)
{
  struct scene scene;
  begin (&scene);
  struct zwp_locked_pointer_v1 *locked =
    lock (&scene, NULL, ZWP_POINTER_CONSTRAINTS_V1_LIFETIME_PERSISTENT);
  zwp_locked_pointer_v1_set_cursor_position_hint (locked, wl_fixed_from_int (-4000),
                                                  wl_fixed_from_int (5000));
  wl_surface_commit (scene.window->surface);
  zwp_locked_pointer_v1_destroy (locked);
  client_roundtrip (scene.client);
  assert_at (&scene, 260, 200);
  finish (&scene);
}

static void test_only_the_active_window_locks (void **state)
{
  struct scene scene;
  begin (&scene);
  struct zwp_locked_pointer_v1 *locked =
    lock (&scene, NULL, ZWP_POINTER_CONSTRAINTS_V1_LIFETIME_PERSISTENT);
  assert_log (&scene, "locked ");
  struct window *other = window_open (scene.client, "b", "b");
  assert_log (&scene, "unlocked ");
  inos_view_move (inos_view_find (scene.compositor, 2), 700, 500);
  client_roundtrip (scene.client);
  move_by (&scene.mouse, 1, 0);
  assert_at (&scene, 261, 200);
  inos_view_focus (scene.view);
  move_by (&scene.mouse, 1, 0);
  assert_log (&scene, "locked ");
  window_close (other);
  zwp_locked_pointer_v1_destroy (locked);
  finish (&scene);
}

static void test_one_lock_for_one_time (void **state)
{
  struct scene scene;
  begin (&scene);
  struct zwp_locked_pointer_v1 *locked =
    lock (&scene, NULL, ZWP_POINTER_CONSTRAINTS_V1_LIFETIME_ONESHOT);
  struct window *other = window_open (scene.client, "b", "b");
  window_close (other);
  assert_log (&scene, "locked unlocked ");
  inos_view_focus (scene.view);
  move_by (&scene.mouse, 3, 0);
  assert_log (&scene, "");
  assert_at (&scene, 263, 200);
  zwp_locked_pointer_v1_destroy (locked);
  finish (&scene);
}

static void test_a_lock_waits_for_its_region (void **state)
{
  struct scene scene;
  begin (&scene);
  struct wl_region *region = region_of (&scene, 0, 0, 50, 50);
  struct zwp_locked_pointer_v1 *locked =
    lock (&scene, region, ZWP_POINTER_CONSTRAINTS_V1_LIFETIME_PERSISTENT);
  assert_log (&scene, "");
  move_to (scene.seat, &scene.mouse, 120, 120);
  assert_log (&scene, "locked ");
  move_by (&scene.mouse, 3, 0);
  assert_at (&scene, 120, 120);
  /* The window goes while it holds the pointer. */
  window_close (scene.window);
  assert_null (scene.seat->constraint);
  move_by (&scene.mouse, 3, 0);
  assert_at (&scene, 123, 120);
  scene.window = window_open (scene.client, "c", "c");
  wl_region_destroy (region);
  zwp_locked_pointer_v1_destroy (locked);
  finish (&scene);
}

static void test_a_confined_pointer_stays_inside (void **state)
{
  struct scene scene;
  begin (&scene);
  struct zwp_confined_pointer_v1 *confined = confine (&scene, NULL);
  assert_log (&scene, "confined ");
  move_by (&scene.mouse, 1000, 10);
  assert_at (&scene, 419, 210);
  move_by (&scene.mouse, -1000, -1000);
  assert_at (&scene, 100, 100);
  /* A smaller region takes the pointer in. */
  struct wl_region *region = region_of (&scene, 50, 60, 20, 20);
  zwp_confined_pointer_v1_set_region (confined, region);
  wl_surface_commit (scene.window->surface);
  client_roundtrip (scene.client);
  assert_at (&scene, 150, 160);
  move_by (&scene.mouse, 1000, 0);
  assert_at (&scene, 169, 160);
  zwp_confined_pointer_v1_destroy (confined);
  client_roundtrip (scene.client);
  move_by (&scene.mouse, 500, 0);
  assert_at (&scene, 669, 160);
  wl_region_destroy (region);
  finish (&scene);
}

static void on_relative (void *data, struct zwp_relative_pointer_v1 *relative, uint32_t high,
                         uint32_t low, wl_fixed_t dx, wl_fixed_t dy, wl_fixed_t unaccel_dx,
                         wl_fixed_t unaccel_dy)
{
  g_string_append_printf (((struct scene *)data)->log, "%u:%d,%d(%d,%d) ", low,
                          wl_fixed_to_int (dx), wl_fixed_to_int (dy), wl_fixed_to_int (unaccel_dx),
                          wl_fixed_to_int (unaccel_dy));
}

static void test_relative_motion (void **state)
{
  static const struct zwp_relative_pointer_v1_listener listener = {on_relative};
  struct scene scene;
  begin (&scene);
  struct zwp_relative_pointer_manager_v1 *manager =
    client_bind (scene.client, &zwp_relative_pointer_manager_v1_interface, 1);
  struct zwp_relative_pointer_v1 *relative =
    zwp_relative_pointer_manager_v1_get_relative_pointer (manager, scene.pointer);
  zwp_relative_pointer_v1_add_listener (relative, &listener, &scene);
  client_roundtrip (scene.client);
  move_by (&scene.mouse, 10, -20);
  assert_log (&scene, "7000:10,-20(5,-10) ");
  /* It goes on where the pointer cannot. */
  struct zwp_locked_pointer_v1 *locked =
    lock (&scene, NULL, ZWP_POINTER_CONSTRAINTS_V1_LIFETIME_PERSISTENT);
  move_by (&scene.mouse, 4, 2);
  assert_log (&scene, "locked 7000:4,2(2,1) ");
  zwp_locked_pointer_v1_destroy (locked);
  client_roundtrip (scene.client);
  /* Over the bare desktop it is nobody's. */
  move_to (scene.seat, &scene.mouse, 900, 700);
  client_roundtrip (scene.client);
  g_string_truncate (scene.log, 0);
  move_by (&scene.mouse, 4, 2);
  assert_log (&scene, "");
  zwp_relative_pointer_v1_destroy (relative);
  zwp_relative_pointer_manager_v1_destroy (manager);
  finish (&scene);
}

/* Where the first output that shows the pointer shows it, in the layout. */
static int picture_x (struct inos_compositor *compositor)
{
  struct inos_output *output;
  wl_event_loop_dispatch (compositor->loop, 0);
  wl_list_for_each (output, &compositor->outputs, link) {
    struct wlr_output_cursor *cursor;
    struct wlr_box box;
    wlr_output_layout_get_box (compositor->layout, output->wlr, &box);
    wl_list_for_each (cursor, &output->wlr->cursors, link) {
      if (cursor->enabled && cursor->visible)
        return box.x + (int)cursor->x;
    }
  }
  return -1;
}

/* At the frame, over as many outputs as there are, however they change. */
static void test_the_picture_follows (void **state)
{
  struct inos_compositor *compositor = start_compositor (2);
  struct inos_seat *seat = compositor->seat;
  struct wlr_pointer mouse;
  add_pointer (compositor, &mouse);
  for (int x = 600; x < 2500; x += 300) {
    move_to (seat, &mouse, x, 400);
    assert_int_equal ((int)seat->cursor->x, x);
    assert_int_equal (picture_x (compositor), x);
  }
  move_by (&mouse, 5000, 5000);
  assert_int_equal ((int)seat->cursor->x, 2559);
  assert_int_equal ((int)seat->cursor->y, 799);
  struct inos_output *second = wl_container_of (compositor->outputs.prev, second, link);
  wlr_output_destroy (second->wlr);
  move_by (&mouse, 1, 0);
  assert_true (seat->cursor->x < 1280);
  move_to (seat, &mouse, 600, 400);
  assert_int_equal (picture_x (compositor), 600);
  wlr_pointer_finish (&mouse);
  inos_compositor_destroy (compositor);
}

/* Its mouse does not leave the output that it is for. */
static void test_a_mouse_for_one_output (void **state)
{
  struct inos_compositor *compositor = start_compositor (2);
  struct inos_seat *seat = compositor->seat;
  struct wlr_pointer mouse;
  add_pointer (compositor, &mouse);
  move_to (seat, &mouse, 600, 400);
  inos_pointer_place_map (seat, &mouse.base, inos_output_active (compositor)->wlr, NULL);
  move_by (&mouse, 1000, 0);
  assert_int_equal ((int)seat->cursor->x, 1279);
  wlr_pointer_finish (&mouse);
  inos_compositor_destroy (compositor);
}

static void on_pinch_begin (void *data, struct zwp_pointer_gesture_pinch_v1 *pinch, uint32_t serial,
                            uint32_t time, struct wl_surface *surface, uint32_t fingers)
{
  g_string_append_printf (((struct scene *)data)->log, "begin %u ", fingers);
}

static void on_pinch_update (void *data, struct zwp_pointer_gesture_pinch_v1 *pinch, uint32_t time,
                             wl_fixed_t dx, wl_fixed_t dy, wl_fixed_t scale, wl_fixed_t rotation)
{
  g_string_append_printf (((struct scene *)data)->log, "%d,%d %d%% %d ", wl_fixed_to_int (dx),
                          wl_fixed_to_int (dy), (int)(wl_fixed_to_double (scale) * 100),
                          wl_fixed_to_int (rotation));
}

static void on_pinch_end (void *data, struct zwp_pointer_gesture_pinch_v1 *pinch, uint32_t serial,
                          uint32_t time, int32_t cancelled)
{
  g_string_append (((struct scene *)data)->log, cancelled ? "cancelled " : "end ");
}

static void pinch_begin (struct wlr_pointer *pointer)
{
  struct wlr_pointer_pinch_begin_event event = {.pointer = pointer, .fingers = 2};
  wl_signal_emit_mutable (&pointer->events.pinch_begin, &event);
}

static void test_a_pinch_reaches_the_window (void **state)
{
  static const struct zwp_pointer_gesture_pinch_v1_listener listener = {
    on_pinch_begin, on_pinch_update, on_pinch_end};
  struct scene scene;
  begin (&scene);
  struct zwp_pointer_gestures_v1 *gestures =
    client_bind (scene.client, &zwp_pointer_gestures_v1_interface, 3);
  struct zwp_pointer_gesture_pinch_v1 *pinch =
    zwp_pointer_gestures_v1_get_pinch_gesture (gestures, scene.pointer);
  zwp_pointer_gesture_pinch_v1_add_listener (pinch, &listener, &scene);
  client_roundtrip (scene.client);
  pinch_begin (&scene.mouse);
  struct wlr_pointer_pinch_update_event update = {
    .pointer = &scene.mouse, .fingers = 2, .dx = 3, .dy = 4, .scale = 1.5, .rotation = 10};
  wl_signal_emit_mutable (&scene.mouse.events.pinch_update, &update);
  /* A window that opens above does not get the rest of it. */
  struct window *other = window_open (scene.client, "b", "b");
  inos_view_move (inos_view_find (scene.compositor, 2), 100, 100);
  client_roundtrip (scene.client);
  assert_ptr_equal (inos_view_from_surface (scene.seat->wlr->pointer_state.focused_surface),
                    scene.view);
  struct wlr_pointer_pinch_end_event end = {.pointer = &scene.mouse};
  wl_signal_emit_mutable (&scene.mouse.events.pinch_end, &end);
  wl_signal_emit_mutable (&scene.mouse.events.pinch_end, &end);
  assert_log (&scene, "begin 2 3,4 150% 10 end ");
  assert_ptr_equal (inos_view_from_surface (scene.seat->wlr->pointer_state.focused_surface),
                    inos_view_find (scene.compositor, 2));
  window_close (other);
  /* A touchpad that is pulled out ends what it began. */
  struct wlr_pointer touchpad;
  add_pointer (scene.compositor, &touchpad);
  client_roundtrip (scene.client);
  pinch_begin (&touchpad);
  wlr_pointer_finish (&touchpad);
  assert_log (&scene, "begin 2 cancelled ");
  assert_false (scene.seat->gesturing);
  zwp_pointer_gesture_pinch_v1_destroy (pinch);
  zwp_pointer_gestures_v1_release (gestures);
  finish (&scene);
}

/* A game has the pointer, and two fingers are on the touchpad, when the screen locks. */
static void test_behind_the_lock_screen (void **state)
{
  static const struct zwp_relative_pointer_v1_listener relative_listener = {on_relative};
  static const struct zwp_pointer_gesture_pinch_v1_listener pinch_listener = {
    on_pinch_begin, on_pinch_update, on_pinch_end};
  struct scene scene;
  begin (&scene);
  struct zwp_relative_pointer_manager_v1 *manager =
    client_bind (scene.client, &zwp_relative_pointer_manager_v1_interface, 1);
  struct zwp_relative_pointer_v1 *relative =
    zwp_relative_pointer_manager_v1_get_relative_pointer (manager, scene.pointer);
  zwp_relative_pointer_v1_add_listener (relative, &relative_listener, &scene);
  struct zwp_pointer_gestures_v1 *gestures =
    client_bind (scene.client, &zwp_pointer_gestures_v1_interface, 3);
  struct zwp_pointer_gesture_pinch_v1 *pinch =
    zwp_pointer_gestures_v1_get_pinch_gesture (gestures, scene.pointer);
  zwp_pointer_gesture_pinch_v1_add_listener (pinch, &pinch_listener, &scene);
  struct zwp_locked_pointer_v1 *locked =
    lock (&scene, NULL, ZWP_POINTER_CONSTRAINTS_V1_LIFETIME_PERSISTENT);
  pinch_begin (&scene.mouse);
  assert_log (&scene, "locked begin 2 ");
  struct locker *locker = locker_start (scene.compositor);
  client_roundtrip (scene.client);
  assert_non_null (strstr (scene.log->str, "cancelled "));
  assert_non_null (strstr (scene.log->str, "unlocked "));
  g_string_truncate (scene.log, 0);
  /* All of it goes on, before the lock screen is there and after. */
  for (int i = 0; i < 2; i++) {
    struct wlr_pointer_pinch_update_event update = {
      .pointer = &scene.mouse, .fingers = 2, .dx = 3, .dy = 4, .scale = 1.5};
    wl_signal_emit_mutable (&scene.mouse.events.pinch_update, &update);
    struct wlr_pointer_pinch_end_event end = {.pointer = &scene.mouse};
    wl_signal_emit_mutable (&scene.mouse.events.pinch_end, &end);
    pinch_begin (&scene.mouse);
    move_by (&scene.mouse, 10, 0);
    assert_log (&scene, "");
    assert_at (&scene, 270 + 10 * i, 200);
    if (i == 0)
      locker_cover (locker, 0);
  }
  /* Nor does it help to ask for the pointer anew. */
  zwp_locked_pointer_v1_destroy (locked);
  locked = lock (&scene, NULL, ZWP_POINTER_CONSTRAINTS_V1_LIFETIME_PERSISTENT);
  move_by (&scene.mouse, 10, 0);
  assert_log (&scene, "");
  assert_at (&scene, 290, 200);
  locker_unlock (locker);
  move_by (&scene.mouse, 1, 0);
  client_roundtrip (scene.client);
  assert_non_null (strstr (scene.log->str, "locked "));
  zwp_locked_pointer_v1_destroy (locked);
  zwp_pointer_gesture_pinch_v1_destroy (pinch);
  zwp_pointer_gestures_v1_release (gestures);
  zwp_relative_pointer_v1_destroy (relative);
  zwp_relative_pointer_manager_v1_destroy (manager);
  finish (&scene);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_nothing_to_point_with),
    cmocka_unit_test (test_a_locked_pointer_stays),
    cmocka_unit_test (test_a_hint_outside_the_window_is_ignored),
    cmocka_unit_test (test_only_the_active_window_locks),
    cmocka_unit_test (test_one_lock_for_one_time),
    cmocka_unit_test (test_a_lock_waits_for_its_region),
    cmocka_unit_test (test_a_confined_pointer_stays_inside),
    cmocka_unit_test (test_relative_motion),
    cmocka_unit_test (test_the_picture_follows),
    cmocka_unit_test (test_a_mouse_for_one_output),
    cmocka_unit_test (test_a_pinch_reaches_the_window),
    cmocka_unit_test (test_behind_the_lock_screen),
  };
  return run_compositor_tests (tests);
}
