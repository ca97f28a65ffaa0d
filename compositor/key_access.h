/* Keyboards for people who cannot press keys as others do: sticky, slow and bounce keys, and a
 * keypad that moves the pointer. It stands between the keyboards and the seat, knows neither, and
 * has no clock of its own: times are milliseconds of any clock that does not go back. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct inos_key_access;

struct inos_key_access_settings {
  bool sticky; /* a modifier that is pressed alone holds for the next key; twice, until once more */
  int slow;    /* ms for which a key must be held to count; 0: at once */
  int bounce;  /* ms for which a key that was let go of does not count again; 0: at once */
  bool mouse;  /* the keypad is a mouse */
};

/* What comes out. */
struct inos_key_access_sink {
  void (*key) (void *data, int64_t time, uint32_t code, bool down);
  void (*motion) (void *data, int64_t time, double dx, double dy);
  void (*button) (void *data, int64_t time, uint32_t button, bool down);
  void *data;
};

struct inos_key_access *inos_key_access_create (const struct inos_key_access_settings *settings,
                                                const struct inos_key_access_sink *sink);
/* Lets go of what is held, as of `time`, and frees. NULL does nothing. */
void inos_key_access_destroy (struct inos_key_access *access, int64_t time);

/* A key of a keyboard, by its code in linux/input-event-codes.h. */
void inos_key_access_key (struct inos_key_access *access, int64_t time, uint32_t code, bool down);

/* When inos_key_access_tick wants to be called next; -1 for not at all. */
int64_t inos_key_access_next (const struct inos_key_access *access);
void inos_key_access_tick (struct inos_key_access *access, int64_t time);
