/* ext-session-lock: while the session is locked only the locker's surfaces are drawn and get input.
 *
 * Two walls: every other layer of the scene is switched off, and above where they were each output
 * has a plain dark backdrop with the locker's surface on it. Both stand before the next frame of
 * any output, one that is plugged in now included. They fall by the locker's own word only: when it
 * dies the screen stays dark until another one takes over. */
#pragma once

#include "compositor.h"

struct wlr_surface;

void *inos_lock_create (struct inos_compositor *compositor, int version);
void inos_lock_destroy (void *state);

/* The surface that has the keyboard while locked: the one on the active output, else any. May be
 * NULL: none is there yet, or the locker died. */
struct wlr_surface *inos_lock_focus (struct inos_compositor *compositor);

/* Whether a locker lives that can unlock the session. */
bool inos_lock_has_locker (struct inos_compositor *compositor);

/* Whether the session is locked and every output that is on has shown nothing else since: the
 * moment from which the machine may sleep. */
bool inos_lock_is_shown (struct inos_compositor *compositor);

/* Starts the program that locks the session, unless one holds it already. Returns false and sets
 * error where none is set or it cannot be started; the session is locked when it asks for that. */
bool inos_lock_now (struct inos_compositor *compositor, GError **error);

/* Locks before there is anything to be seen, and starts the program that may unlock. */
void inos_lock_from_start (struct inos_compositor *compositor);

/* Unlocks without the locker's word, which is told that it is no longer needed: for logind, through
 * the session's own socket, and for nobody else. */
void inos_lock_release (struct inos_compositor *compositor);
