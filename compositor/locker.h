/* The program that locks the session: [lock] command, else inos-lock where it is installed beside
 * the compositor, else swaylock.
 *
 * It is watched: when the session is locked and nobody is left who can unlock it, it is started
 * again, at first soon and then ever later. So is one that ends before it has locked, a few times.
 * inos-lock gets a connection of its own, so that it may lock whatever [protocols] allow names.
 */
#pragma once

#include "compositor.h"

struct inos_locker;

struct inos_locker *inos_locker_create (struct inos_compositor *compositor);
/* A program that runs goes on. NULL does nothing. */
void inos_locker_destroy (struct inos_locker *locker);

/* Starts the program unless it runs. Returns false and sets error where none is set or it cannot
 * be started. */
bool inos_locker_start (struct inos_locker *locker, GError **error);

/* The session is locked, and whoever locked it is gone. */
void inos_locker_replace (struct inos_locker *locker);

/* The session is locked by a program, this one or another: what runs has done what it was for. */
void inos_locker_holds (struct inos_locker *locker);

/* The session is unlocked: what was to be started anew is not. */
void inos_locker_stop_waiting (struct inos_locker *locker);
