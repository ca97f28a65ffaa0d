/* Idleness: who wants to know that the person is away, and who keeps the screen awake. */
#pragma once

#include "compositor.h"

struct inos_seat;

void *inos_idle_create (struct inos_compositor *compositor, int version);
void inos_idle_destroy (void *state);

/* The person did something: a key, a button, a motion, a touch. */
void inos_idle_activity (struct inos_seat *seat);

/* Whether something that is shown keeps the screen awake now, a film for instance. */
bool inos_idle_inhibited (struct inos_compositor *compositor);
