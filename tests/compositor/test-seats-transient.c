/* Remote desktops with a seat of their own: what it does there is not in the way of who sits at the
 * machine, and all of it goes with the object. */

#include <linux/input-event-codes.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_seat.h>

#include "ext-transient-seat-v1-client-protocol.h"
#include "fixture.h"
#include "hand.h"
#include "room.h"
#include "seats.h"
#include "view.h"
#include "xdg-shell-client-protocol.h"

/* What a remote desktop has. */
struct guest {
  struct client *client;
  struct ext_transient_seat_manager_v1 *manager;
  struct ext_transient_seat_v1 *transient;
  uint32_t global; /* of its seat; 0: not told yet */
  bool denied;
};

static void on_ready (void *data, struct ext_transient_seat_v1 *transient, uint32_t global)
{
  ((struct guest *)data)->global = global;
}

static void on_denied (void *data, struct ext_transient_seat_v1 *transient)
{
  ((struct guest *)data)->denied = true;
}

static void ask (struct guest *guest)
{
  static const struct ext_transient_seat_v1_listener listener = {on_ready, on_denied};
  guest->transient = ext_transient_seat_manager_v1_create (guest->manager);
  ext_transient_seat_v1_add_listener (guest->transient, &listener, guest);
  client_roundtrip (guest->client);
}

static void guest_come (struct guest *guest, struct inos_compositor *compositor)
{
  *guest = (struct guest){.client = client_connect (compositor)};
  guest->manager = client_bind (guest->client, &ext_transient_seat_manager_v1_interface, 1);
  assert_non_null (guest->manager);
  ask (guest);
}

static struct wl_seat *seat_of (struct guest *guest)
{
  return wl_registry_bind (guest->client->registry, guest->global, &wl_seat_interface, 9);
}

static void guest_go (struct guest *guest)
{
  if (guest->transient)
    ext_transient_seat_v1_destroy (guest->transient);
  ext_transient_seat_manager_v1_destroy (guest->manager);
  client_disconnect (guest->client);
}

/* A pointer and a keyboard that are made for the seat drive it, and it alone. */
static void test_a_guest_works (void **state)
{
  struct room *room = *state;
  struct guest guest;
  struct hand hand;
  room_click_left (room, &room->a);
  double x = room->a.seat->cursor->x;
  guest_come (&guest, room->compositor);
  assert_false (guest.denied);
  hand_init (&hand, guest.client, seat_of (&guest));
  struct inos_seat *seat = inos_seats_find (room->compositor, "transient-1");
  assert_non_null (seat);
  room_assert_focus (room, room->left_view, NULL);
  hand_click (&hand, 700, 200, 1280, 800);
  room_settle (room);
  assert_ptr_equal (inos_seat_focused (seat), room->right_view);
  room_assert_focus (room, room->left_view, NULL);
  assert_true (room->left->activated && room->right->activated);
  assert_true (room->a.seat->cursor->x == x && seat->cursor->x == 700);
  hand_type (&hand, KEY_A);
  room_settle (room);
  assert_true (wlr_seat_get_keyboard (seat->wlr) != wlr_seat_get_keyboard (room->a.seat->wlr));
  /* Its seat goes, and what was made for it does nothing more. */
  ext_transient_seat_v1_destroy (guest.transient);
  guest.transient = NULL;
  client_roundtrip (guest.client);
  assert_null (inos_seats_find (room->compositor, "transient-1"));
  hand_click (&hand, 10, 10, 1280, 800);
  hand_type (&hand, KEY_A);
  room_settle (room);
  assert_true (room->left->activated && !room->right->activated);
  assert_true (room->a.seat->cursor->x == x);
  hand_finish (&hand);
  guest_go (&guest);
}

/* Programs that have bound the seat go on asking with it. */
static void test_a_dead_seat_is_used (void **state)
{
  struct room *room = *state;
  struct guest guest;
  struct hand hand;
  guest_come (&guest, room->compositor);
  hand_init (&hand, guest.client, seat_of (&guest));
  struct wl_seat *theirs =
    wl_registry_bind (room->client->registry, guest.global, &wl_seat_interface, 9);
  struct wl_pointer *pointer = wl_seat_get_pointer (theirs);
  hand_click (&hand, 700, 200, 1280, 800);
  client_roundtrip (room->client);
  guest_go (&guest);
  pump();
  room_assert_sound (room);
  struct wl_pointer *late = wl_seat_get_pointer (theirs);
  xdg_toplevel_move (room->right->toplevel, theirs, 1);
  xdg_toplevel_resize (room->right->toplevel, theirs, 1, 5);
  xdg_toplevel_show_window_menu (room->right->toplevel, theirs, 1, 5, 5);
  wl_pointer_set_cursor (pointer, 1, NULL, 0, 0);
  wl_pointer_set_cursor (late, 1, NULL, 0, 0);
  room_settle (room);
  wl_pointer_release (late);
  wl_pointer_release (pointer);
  wl_seat_release (theirs);
  room_settle (room);
}

static void test_a_guest_that_crashes (void **state)
{
  struct room *room = *state;
  struct guest guest;
  struct hand hand;
  guest_come (&guest, room->compositor);
  hand_init (&hand, guest.client, seat_of (&guest));
  struct inos_seat *seat = inos_seats_find (room->compositor, "transient-1");
  inos_seat_focus_view (seat, room->right_view);
  room_settle (room);
  wl_client_destroy (guest.client->server_side);
  pump();
  assert_int_equal (wl_list_length (&room->compositor->seats), 2);
  room_settle (room);
  assert_false (room->left->activated && room->right->activated);
  client_disconnect (guest.client);
}

/* As many as there may be; then no more until one goes. */
static void test_denied (void **state)
{
  struct room *room = *state;
  struct guest guests[INOS_SEATS_MOST] = {0}, late;
  int n = 0;
  while (wl_list_length (&room->compositor->seats) < INOS_SEATS_MOST) {
    guest_come (&guests[n], room->compositor);
    assert_true (guests[n].global > 0 && !guests[n].denied);
    n++;
  }
  assert_int_equal (n, INOS_SEATS_MOST - 2);
  guest_come (&late, room->compositor);
  assert_true (late.denied && late.global == 0);
  ext_transient_seat_v1_destroy (late.transient);
  guest_go (&guests[--n]);
  ask (&late);
  assert_true (late.global > 0);
  guest_go (&late);
  while (n > 0)
    guest_go (&guests[--n]);
  pump();
  assert_int_equal (wl_list_length (&room->compositor->seats), 2);
  room_assert_sound (room);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_a_guest_works, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_a_dead_seat_is_used, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_a_guest_that_crashes, room_setup, room_teardown),
    cmocka_unit_test_setup_teardown (test_denied, room_setup, room_teardown),
  };
  return run_compositor_tests (tests);
}
