/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lock screen as a whole: brings together who types (display.h), what becomes of it
 * (attempt.h), who checks it (checker.h) and what is shown (view.h). */
#pragma once

#include <stdbool.h>

/* Locks the session until somebody is let in, or until the compositor says that it is not locked
 * any more. checker: path of the program that asks PAM. Returns the exit status. */
int inos_lock_run (const char *checker);

/* The same screen before there is a session: asks who is there, too, and ends, without unlocking,
 * when that person's session is about to start. Escape with nothing typed asks for another name.
 * checker: path of the program that asks greetd. state: the folder where that keeps who was let in
 * last, and to which session. people: whether those are offered who have an account here. Returns
 * the exit status, 0 for a session. */
int inos_greeter_run (const char *checker, const char *state, bool people);
