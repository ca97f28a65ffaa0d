#include "room.h"

#include "fixture.h"
#include "seats.h"
#include "verify.h"
#include "view.h"
#include "xdg-shell-client-protocol.h"

void room_assert_sound (struct room *room)
{
  g_autofree char *wrong = inos_verify_invariants (room->compositor);
  if (wrong)
    fail_msg ("%s", wrong);
}

void room_settle (struct room *room)
{
  struct window *windows[] = {room->left, room->right};
  client_roundtrip (room->client);
  for (size_t i = 0; i < G_N_ELEMENTS (windows); i++) {
    for (int n = 0; n < 5 && windows[i] && windows[i]->acknowledged != windows[i]->serial; n++) {
      window_draw (windows[i]);
      client_roundtrip (room->client);
    }
  }
  room_assert_sound (room);
}

static void sit_down (struct room *room, struct person *person, struct inos_seat *seat)
{
  assert_non_null (seat);
  person->seat = seat;
  add_keyboard_to (seat, &person->keys);
  add_pointer_to (seat, &person->mouse);
  move_to (seat, &person->mouse, 1200, 700);
}

static void take_seat (struct room *room, struct person *person, int nth)
{
  person->wl_seat = client_bind_nth (room->client, &wl_seat_interface, 9, nth);
  person->pointer = wl_seat_get_pointer (person->wl_seat);
  person->keyboard = wl_seat_get_keyboard (person->wl_seat);
  client_roundtrip (room->client);
}

static void leave_seat (struct person *person)
{
  wl_pointer_destroy (person->pointer);
  wl_keyboard_destroy (person->keyboard);
  wl_seat_destroy (person->wl_seat);
}

int room_setup (void **state)
{
  struct room *room = g_new0 (struct room, 1);
  room->compositor = start_compositor (1);
  sit_down (room, &room->a, room->compositor->seat);
  sit_down (room, &room->b, inos_seats_add (room->compositor, "second"));
  room->client = client_connect (room->compositor);
  take_seat (room, &room->a, 0);
  take_seat (room, &room->b, 1);
  room->left = window_open (room->client, "left", "Left");
  room->right = window_open (room->client, "right", "Right");
  room->left_view = inos_view_find (room->compositor, 1);
  room->right_view = inos_view_find (room->compositor, 2);
  inos_view_move (room->left_view, 100, 100);
  inos_view_move (room->right_view, 600, 100);
  room_settle (room);
  *state = room;
  return 0;
}

int room_teardown (void **state)
{
  struct room *room = *state;
  if (room->left)
    window_close (room->left);
  if (room->right)
    window_close (room->right);
  leave_seat (&room->a);
  leave_seat (&room->b);
  client_disconnect (room->client);
  struct person *people[] = {&room->a, &room->b};
  for (size_t i = 0; i < G_N_ELEMENTS (people); i++) {
    wlr_keyboard_finish (&people[i]->keys);
    wlr_pointer_finish (&people[i]->mouse);
  }
  inos_compositor_destroy (room->compositor);
  g_free (room);
  return 0;
}

void room_click (struct room *room, struct person *person, double x, double y)
{
  move_to (person->seat, &person->mouse, x, y);
  client_roundtrip (room->client);
  button (&person->mouse, BTN_LEFT, true);
  button (&person->mouse, BTN_LEFT, false);
  room_settle (room);
}

void room_click_left (struct room *room, struct person *person)
{
  room_click (room, person, 200, 200);
}

void room_click_right (struct room *room, struct person *person)
{
  room_click (room, person, 700, 200);
}

void room_assert_focus (struct room *room, struct inos_view *of_a, struct inos_view *of_b)
{
  assert_ptr_equal (inos_seat_focused (room->a.seat), of_a);
  assert_ptr_equal (inos_seat_focused (room->b.seat), of_b);
  room_assert_sound (room);
}

void room_take (struct room *room, struct person *person, struct window *window, double x, double y)
{
  move_to (person->seat, &person->mouse, x, y);
  client_roundtrip (room->client);
  button (&person->mouse, BTN_LEFT, true);
  uint32_t serial = wl_display_get_serial (room->compositor->display);
  xdg_toplevel_move (window->toplevel, person->wl_seat, serial);
  room_settle (room);
}

void room_let_go (struct room *room, struct person *person)
{
  button (&person->mouse, BTN_LEFT, false);
  room_settle (room);
}
