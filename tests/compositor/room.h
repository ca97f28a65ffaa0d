/* A desktop with two people at it, each with a seat, for tests. */
#pragma once

#include "client.h"
#include "devices.h"

/* One of the two, with what the client bound of their seat. */
struct person {
  struct inos_seat *seat;
  struct wlr_keyboard keys;
  struct wlr_pointer mouse;
  struct wl_seat *wl_seat;
  struct wl_pointer *pointer;
  struct wl_keyboard *keyboard;
};

struct room {
  struct inos_compositor *compositor;
  struct client *client;
  struct person a, b;
  struct window *left, *right;
  struct inos_view *left_view, *right_view;
};

/* Fixtures of cmocka: two windows of 320 by 200, side by side; the second person has touched
 * nothing yet. */
int room_setup (void **state);
int room_teardown (void **state);

/* Nothing that must be true of the compositor is wrong. */
void room_assert_sound (struct room *room);
/* The client draws until it is told nothing new. */
void room_settle (struct room *room);
void room_click (struct room *room, struct person *person, double x, double y);
void room_click_left (struct room *room, struct person *person);
void room_click_right (struct room *room, struct person *person);
/* Either may be NULL: that person has none. */
void room_assert_focus (struct room *room, struct inos_view *of_a, struct inos_view *of_b);
/* Holds the window where it is clicked, and the program asks to be moved by that press. */
void room_take (struct room *room, struct person *person, struct window *window, double x,
                double y);
void room_let_go (struct room *room, struct person *person);
