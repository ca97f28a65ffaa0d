/* Idleness: who wants to know that the person is away, and who keeps the screen awake. */
#pragma once

#include "compositor.h"

struct inos_seat;
struct inos_view;

void *inos_idle_create (struct inos_compositor *compositor, int version);
void inos_idle_destroy (void *state);

/* The person did something: a key, a button, a motion, a touch. */
void inos_idle_activity (struct inos_seat *seat);

/* Who keeps the screen awake without a surface. */
enum inos_idle_holder {
  INOS_IDLE_SAVER = 1 << 0,  /* org.freedesktop.ScreenSaver */
  INOS_IDLE_LOGIND = 1 << 1, /* an inhibitor of idleness there */
};

void inos_idle_hold (struct inos_compositor *compositor, enum inos_idle_holder holder, bool on);

/* Whether the machine is to stay awake, also where the session is locked and the screen is not. */
bool inos_idle_held (struct inos_compositor *compositor);

/* Whether something that is shown keeps the screen awake now, a film for instance. */
bool inos_idle_inhibited (struct inos_compositor *compositor);

/* Calls `each` with everything that asks to keep the screen awake, heeded where it is shown.
 * view: may be NULL. */
void inos_idle_for_each (struct inos_compositor *compositor,
                         void (*each) (struct inos_view *view, bool shown, void *data), void *data);
