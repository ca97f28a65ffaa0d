/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/*
 * The session's word with logind and UPower on the system bus, and with the compositor on its own:
 * what idleness has led to there is told here, and the other way round.
 *
 * - The session is locked before the machine sleeps: a delay inhibitor is held until every monitor
 *   shows the lock screen, or until it has taken too long.
 * - The compositor's action "suspend" puts the machine to sleep; Lock of logind locks, and Unlock
 *   unlocks.
 * - logind hears whether the session is locked and idle, the compositor whether the machine lives
 *   on its battery and whether somebody told logind to stay awake.
 *
 * Where there is no system bus, or nobody on it answers, nothing of that happens, and nothing else
 * is the worse for it.
 */
struct inos_login;

/* logind asks for the session to be unlocked. */
typedef void (*inos_login_unlock_func) (void *data);

/* `bus` is the session's; the connection to the system's is made in the background. */
struct inos_login *inos_login_new (GDBusConnection *bus, inos_login_unlock_func unlock, void *data);
/* NULL does nothing. */
void inos_login_free (struct inos_login *login);
