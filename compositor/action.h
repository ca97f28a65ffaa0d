/* Actions: what a key binding can ask for, one table. */
#pragma once

#include "compositor.h"

/* True where `action`, as written in a binding with its argument, names an action. */
bool inos_action_exists (const char *action);

/* Whether people need it on the lock screen too: it changes how the screen is shown, how bright it
 * is or how loud something plays. */
bool inos_action_works_locked (const char *action);

/* Whether it is done again for as long as its key is held, where nothing else is said. */
bool inos_action_repeats (const char *action);

/* Does it. Returns false where there is no such action. */
bool inos_action_run (struct inos_compositor *compositor, const char *action);

/* The window that actions are about: the one that is chosen where the overview is open, else the
 * one that has the keyboard of the seat that acts. NULL for none. */
struct inos_view *inos_action_view (struct inos_compositor *compositor);

/* Calls `each` with every action and whether it takes an argument. */
void inos_actions_for_each (void (*each) (const char *name, bool argument, void *data), void *data);
