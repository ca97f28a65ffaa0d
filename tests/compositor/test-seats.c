/* Two people at one desktop: each has a pointer and a keyboard focus, and neither is in the other's
 * way. */

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_xcursor_manager.h>

#include "action.h"
#include "fixture.h"
#include "locker.h"
#include "output.h"
#include "room.h"
#include "seats.h"
#include "traffic.h"
#include "view.h"
#include "xdg-shell-client-protocol.h"

/* Word by word what a program is told. */
static void test_each_has_a_focus (void **state)
{
  struct room *room = *state;
  struct traffic *traffic = traffic_listen (room->client);
  traffic_heading (traffic, "the first person clicks the left window");
  room_click_left (room, &room->a);
  traffic_heading (traffic, "the second clicks the right one");
  room_click_right (room, &room->b);
  room_assert_focus (room, room->left_view, room->right_view);
  traffic_heading (traffic, "each types");
  tap (&room->a.keys, KEY_A);
  tap (&room->b.keys, KEY_B);
  room_settle (room);
  traffic_heading (traffic, "the first clicks the right one too");
  room_click_right (room, &room->a);
  room_assert_focus (room, room->right_view, room->right_view);
  traffic_heading (traffic, "both type");
  tap (&room->a.keys, KEY_A);
  tap (&room->b.keys, KEY_B);
  room_settle (room);
  traffic_heading (traffic, "the second clicks the left one");
  room_click_left (room, &room->b);
  room_assert_focus (room, room->right_view, room->left_view);
  traffic_assert (traffic, "two-seats");
}

/* A window is drawn as focused while anybody has it. */
static void test_activated_while_anybody_has_it (void **state)
{
  struct room *room = *state;
  room_click_left (room, &room->a);
  assert_true (room->left->activated && !room->right->activated);
  room_click_right (room, &room->b);
  assert_true (room->left->activated && room->right->activated);
  room_click_right (room, &room->a);
  assert_true (!room->left->activated && room->right->activated);
  room_click_left (room, &room->a);
  assert_true (room->left->activated && room->right->activated);
}

static void test_windows_that_go (void **state)
{
  struct room *room = *state;
  room_click_left (room, &room->a);
  room_click_right (room, &room->b);
  inos_view_set_minimized (room->right_view, true);
  room_assert_focus (room, room->left_view, NULL);
  /* The bus or a panel brings it back for who did something last. */
  inos_view_focus (room->right_view);
  room_assert_focus (room, room->left_view, room->right_view);
  g_clear_pointer (&room->left, window_close);
  room_settle (room);
  /* Nobody types into another's window for want of one. */
  room_assert_focus (room, NULL, room->right_view);
  room_click_right (room, &room->a);
  room_assert_focus (room, room->right_view, room->right_view);
  g_clear_pointer (&room->right, window_close);
  room_settle (room);
  room_assert_focus (room, NULL, NULL);
}

/* Each comes back to what it used before. */
static void test_each_has_an_order (void **state)
{
  struct room *room = *state;
  struct window *third = window_open (room->client, "third", "Third");
  struct inos_view *third_view = inos_view_find (room->compositor, 3);
  inos_view_move (third_view, 600, 400);
  room_click_left (room, &room->b);
  room_click (room, &room->a, 700, 500);
  room_click_right (room, &room->b);
  room_assert_focus (room, third_view, room->right_view);
  g_clear_pointer (&room->right, window_close);
  room_settle (room);
  room_assert_focus (room, third_view, room->left_view);
  window_close (third);
  room_settle (room);
  room_assert_focus (room, NULL, room->left_view);
}

/* What opens is for who did something last, or who is at that program already. */
static void test_a_new_window (void **state)
{
  struct room *room = *state;
  room_click_left (room, &room->a);
  room_click (room, &room->b, 700, 600);
  struct client *other = client_connect (room->compositor);
  struct window *window = window_open (other, "new", "New");
  client_roundtrip (other);
  /* All clients of a test are one process: it is that of the window that the first person is at. */
  room_assert_focus (room, inos_view_find (room->compositor, 3), NULL);
  room_click (room, &room->a, 1200, 600);
  window_close (window);
  client_roundtrip (other);
  g_clear_pointer (&room->left, window_close);
  g_clear_pointer (&room->right, window_close);
  room_settle (room);
  room_assert_focus (room, NULL, NULL);
  room_click (room, &room->b, 700, 600);
  /* A program that knows nothing of the second person's seat cannot be typed into by them. */
  window = window_open (other, "new", "New");
  client_roundtrip (other);
  room_assert_focus (room, inos_view_find (room->compositor, 4), NULL);
  window_close (window);
  struct wl_seat *seat = client_bind_nth (other, &wl_seat_interface, 9, 1);
  window = window_open (other, "new", "New");
  client_roundtrip (other);
  room_assert_focus (room, NULL, inos_view_find (room->compositor, 5));
  window_close (window);
  wl_seat_release (seat);
  client_disconnect (other);
}

static void test_move_at_the_same_time (void **state)
{
  struct room *room = *state;
  room_take (room, &room->a, room->left, 200, 200);
  room_take (room, &room->b, room->right, 700, 200);
  assert_int_equal (room->a.seat->grab.kind, INOS_GRAB_MOVE);
  assert_int_equal (room->b.seat->grab.kind, INOS_GRAB_MOVE);
  for (int i = 0; i < 10; i++) {
    move_by (&room->a.mouse, 5, 10);
    move_by (&room->b.mouse, -3, 20);
    room_settle (room);
  }
  room_let_go (room, &room->a);
  room_let_go (room, &room->b);
  assert_true (room->left_view->x == 150 && room->left_view->y == 200);
  assert_true (room->right_view->x == 570 && room->right_view->y == 300);
  room_assert_focus (room, room->left_view, room->right_view);
}

/* A window is in one hand. */
static void test_take_over (void **state)
{
  struct room *room = *state;
  room_take (room, &room->a, room->left, 200, 200);
  move_by (&room->a.mouse, 10, 0);
  room_take (room, &room->b, room->left, 220, 200);
  assert_int_equal (room->a.seat->grab.kind, INOS_GRAB_NONE);
  assert_ptr_equal (room->b.seat->grab.view, room->left_view);
  move_by (&room->a.mouse, 100, 100);
  move_by (&room->b.mouse, 0, 50);
  room_settle (room);
  assert_true (room->left_view->x == 110 && room->left_view->y == 150);
  room_let_go (room, &room->a);
  room_let_go (room, &room->b);
}

static void test_resize_while_the_other_types (void **state)
{
  struct room *room = *state;
  room_click_right (room, &room->b);
  move_to (room->a.seat, &room->a.mouse, 200, 200);
  client_roundtrip (room->client);
  button (&room->a.mouse, BTN_LEFT, true);
  xdg_toplevel_resize (room->left->toplevel, room->a.wl_seat,
                       wl_display_get_serial (room->compositor->display),
                       XDG_TOPLEVEL_RESIZE_EDGE_BOTTOM_RIGHT);
  room_settle (room);
  assert_true (room->left_view->resizing);
  move_by (&room->a.mouse, 80, 40);
  tap (&room->b.keys, KEY_A);
  room_settle (room);
  assert_true (room->left->width == 400 && room->left->height == 240);
  room_assert_focus (room, room->left_view, room->right_view);
  room_let_go (room, &room->a);
  assert_false (room->left_view->resizing);
}

/* Each keyboard has the bindings, which act on the window of who pressed them. */
static void test_bindings (void **state)
{
  struct room *room = *state;
  room_click_left (room, &room->a);
  room_click_right (room, &room->b);
  chord (&room->b.keys, KEY_UP);
  room_settle (room);
  assert_true (room->right_view->maximized && !room->left_view->maximized);
  chord (&room->a.keys, KEY_UP);
  room_settle (room);
  assert_true (room->left_view->maximized);
  /* Alt+Tab goes through the windows as each has used them. */
  key (&room->b.keys, KEY_LEFTALT, true);
  tap (&room->b.keys, KEY_TAB);
  key (&room->b.keys, KEY_LEFTALT, false);
  room_settle (room);
  room_assert_focus (room, room->left_view, room->left_view);
}

static void test_locked (void **state)
{
  struct room *room = *state;
  room_click_left (room, &room->a);
  room_take (room, &room->b, room->right, 700, 200);
  struct locker *locker = locker_start (room->compositor);
  locker_wait (locker);
  locker_cover (locker, 0);
  assert_int_equal (room->b.seat->grab.kind, INOS_GRAB_NONE);
  struct person *people[] = {&room->a, &room->b};
  for (size_t i = 0; i < G_N_ELEMENTS (people); i++) {
    tap (&people[i]->keys, KEY_A);
    room_click (room, people[i], 700, 200);
    const struct wlr_seat *wlr = people[i]->seat->wlr;
    assert_ptr_equal (wl_resource_get_client (wlr->keyboard_state.focused_surface->resource),
                      locker->client->server_side);
    assert_ptr_equal (wl_resource_get_client (wlr->pointer_state.focused_surface->resource),
                      locker->client->server_side);
  }
  locker_unlock (locker);
  room_settle (room);
  room_assert_focus (room, room->left_view, room->right_view);
}

/* Nor is a person who comes while it is locked let in. */
static void test_seat_that_comes_while_locked (void **state)
{
  struct room *room = *state;
  struct locker *locker = locker_start (room->compositor);
  locker_wait (locker);
  locker_cover (locker, 0);
  struct inos_seat *third = inos_seats_add (room->compositor, "third");
  struct wlr_pointer mouse;
  add_pointer_to (third, &mouse);
  move_to (third, &mouse, 700, 200);
  button (&mouse, BTN_LEFT, true);
  button (&mouse, BTN_LEFT, false);
  room_assert_sound (room);
  assert_ptr_equal (wl_resource_get_client (third->wlr->pointer_state.focused_surface->resource),
                    locker->client->server_side);
  wlr_pointer_finish (&mouse);
  inos_seats_remove (third);
  locker_unlock (locker);
  room_settle (room);
}

/* How many pictures of pointers the output shows. */
static int shown (struct room *room)
{
  int n = 0;
  struct wlr_output_cursor *cursor;
  wl_list_for_each (cursor, &inos_output_active (room->compositor)->wlr->cursors, link)
    n += cursor->enabled && cursor->texture;
  return n;
}

static void test_pointers_are_drawn (void **state)
{
  struct room *room = *state;
  assert_int_equal (shown (room), 2);
  struct inos_seat *third = inos_seats_add (room->compositor, "third");
  assert_int_equal (shown (room), 2);
  struct wlr_pointer mouse;
  add_pointer_to (third, &mouse);
  assert_int_equal (shown (room), 3);
  inos_action_run (room->compositor, "high-contrast-pointer");
  assert_string_equal (third->xcursor->name, room->a.seat->xcursor->name);
  assert_int_equal (shown (room), 3);
  wlr_pointer_finish (&mouse);
  assert_int_equal (shown (room), 2);
  inos_seats_remove (third);
  assert_int_equal (shown (room), 2);
  room_assert_sound (room);
}

/* As many as there may be, each with a name of its own. */
static void test_most (void **state)
{
  struct room *room = *state;
  assert_null (inos_seats_add (room->compositor, "second"));
  assert_null (inos_seats_add (room->compositor, INOS_MAIN_SEAT));
  for (int i = 2; i < INOS_SEATS_MOST; i++) {
    g_autofree char *name = g_strdup_printf ("seat-%d", i);
    assert_non_null (inos_seats_add (room->compositor, name));
    room_assert_sound (room);
  }
  assert_null (inos_seats_add (room->compositor, "one-more"));
  inos_seats_remove (inos_seats_find (room->compositor, "seat-3"));
  assert_non_null (inos_seats_add (room->compositor, "one-more"));
  room_assert_sound (room);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_each_has_a_focus, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_activated_while_anybody_has_it, room_setup,
                                     room_teardown),
    cmocka_unit_test_setup_teardown (test_windows_that_go, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_each_has_an_order, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_a_new_window, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_move_at_the_same_time, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_take_over, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_resize_while_the_other_types, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_bindings, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_locked, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_seat_that_comes_while_locked, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_pointers_are_drawn, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_most, room_setup, room_teardown),
  };
  return run_compositor_tests (tests);
}
