/* Work that takes long, drawing above all, waits for its turn. It is done when all that was there
 * to be read has been handled and clients have been told of input, and between one piece of it and
 * the next what came meanwhile is handled: input never waits for more than one picture. */
#pragma once

#include <stdbool.h>
#include <wayland-server-core.h>

struct inos_turns;

struct inos_turn {
  struct wl_list link;      /* inos_turns.waiting; next is NULL where it does not wait */
  void (*run) (void *data); /* may take the next turn too */
  void *data;
};

struct inos_turns *inos_turns_create (struct wl_display *display);
/* Nobody may be waiting any more. NULL does nothing. */
void inos_turns_destroy (struct inos_turns *turns);

/* There was input, and who is to hear of it does so before the next piece of work. Others can wait
 * until after it, and then be sent all at once. */
void inos_turns_hurry (struct inos_turns *turns);
/* Sends client, which may be NULL, the input that it was just told of: the path there is the one
 * whose length a hand feels, so it goes past everything that can wait. Of what happens in the same
 * millisecond, in time, only the first goes so; the rest is sent together. */
void inos_turns_tell (struct inos_turns *turns, struct wl_client *client, uint32_t time);
/* Sends clients what there is for them. */
void inos_turns_flush (struct inos_turns *turns);

/* It is run once, soon. */
void inos_turn_take (struct inos_turns *turns, struct inos_turn *turn);
/* It is not run, if it was going to be. */
void inos_turn_leave (struct inos_turn *turn);
