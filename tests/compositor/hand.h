/* A program that types and points: a remote desktop, or a keyboard on the screen. */
#pragma once

#include "client.h"

struct hand {
  struct client *client;
  struct wl_seat *seat;
  struct wl_proxy *keyboards, *keyboard, *pointers, *pointer;
};

/* Makes a virtual keyboard and a virtual pointer of that seat, which hand_finish destroys too. */
void hand_init (struct hand *hand, struct client *client, struct wl_seat *seat);
void hand_finish (struct hand *hand);
void hand_type (struct hand *hand, uint32_t code);
/* At a point of a desktop of that size. */
void hand_click (struct hand *hand, uint32_t x, uint32_t y, uint32_t width, uint32_t height);
