/* The things that test-random.c does in any order. */
#pragma once

#include <wlr/types/wlr_keyboard.h>
#include <wlr/types/wlr_pointer.h>
#include <wlr/types/wlr_tablet_pad.h>
#include <wlr/types/wlr_tablet_tool.h>
#include <wlr/types/wlr_touch.h>

#include "actor.h"

/* A stand-in for hardware. */
struct device {
  enum device_kind { KEYBOARD, POINTER, TOUCH, TABLET, PAD, KINDS } kind;
  union {
    struct wlr_keyboard keyboard;
    struct wlr_pointer pointer;
    struct wlr_touch touch;
    struct wlr_tablet tablet;
    struct wlr_tablet_pad pad;
  };
  struct wlr_tablet_tool pen; /* a tablet's */
  enum { NO_GESTURE, SWIPE, PINCH, HOLD } gesture;
  uint32_t down; /* a bit for each key, button or finger that is down */
};

struct world {
  struct inos_compositor *compositor;
  GPtrArray *actors;     /* struct actor */
  GPtrArray *devices;    /* struct device */
  struct locker *locker; /* may be NULL */
  char *config;          /* compositor.ini */
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
/* One of them; NULL where there is none. */
void *random_pick_of (struct world *world, GPtrArray *array);
struct actor *random_pick_actor (struct world *world);
struct piece *random_pick_piece (struct world *world);
struct piece *random_pick_window (struct world *world);
struct inos_output *random_pick_output (struct world *world);
struct inos_seat *random_pick_seat (struct world *world);

/* Locks, covers an output, unlocks, or lets the locker die. */
void random_lock (struct world *world);
/* The locker acts on what it was told; one that was dropped is forgotten. */
void random_lock_settle (struct world *world, bool all);
/* Ends with the locker dead. */
void random_lock_end (struct world *world);

/* Devices: random_devices.c. */
void random_plug (struct world *world);
void random_unplug (struct world *world);
void random_use (struct world *world);
/* Unplugs it. */
void device_free (struct device *device);

/* What clients ask for beside windows: random_requests.c. */
void random_capture (struct world *world);
void random_capture_window (struct world *world);
void random_input_method (struct world *world);
void random_text_input (struct world *world);
void random_drag_and_drop (struct world *world);
void random_virtual_pointer (struct world *world);
void random_end_thing (struct world *world);
