/* The things that test-random.c does in any order. */
#pragma once

#include <wlr/types/wlr_keyboard.h>
#include <wlr/types/wlr_pointer.h>
#include <wlr/types/wlr_touch.h>

#include "actor.h"

/* A stand-in for hardware. */
struct device {
  enum { KEYBOARD, POINTER, TOUCH } kind;
  union {
    struct wlr_keyboard keyboard;
    struct wlr_pointer pointer;
    struct wlr_touch touch;
  };
  uint32_t down; /* a bit for each key, button or finger that is down */
};

struct world {
  struct inos_compositor *compositor;
  GPtrArray *actors;     /* struct actor */
  GPtrArray *devices;    /* struct device */
  struct locker *locker; /* may be NULL */
  GRand *rand;           /* of the step */
  GString *told;         /* what the step does */
};

struct operation {
  const char *name;
  int weight; /* how often, beside others */
  void (*run) (struct world *world);
};

/* Ended by a NULL name. */
extern const struct operation operations[];

/* From 0 to below `below`, by the step's generator. */
int random_pick (struct world *world, int below);

/* Locks, covers an output, unlocks, or lets the locker die. */
void random_lock (struct world *world);
/* The locker acts on what it was told; one that was dropped is forgotten. */
void random_lock_settle (struct world *world, bool all);
/* Ends with the locker dead. */
void random_lock_end (struct world *world);

/* Unplugs it. */
void device_free (struct device *device);
