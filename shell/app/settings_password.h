/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One's own password, changed by passwd(1), which asks PAM: the program is answered as a person
 * would at a terminal.
 */

#include <gio/gio.h>

/* error: a sentence, or NULL where it has been changed. */
typedef void (*InosPasswordFunc) (const char *error, gpointer data);

gboolean inos_password_can_change (void);
void inos_password_change (const char *old, const char *wanted, InosPasswordFunc done,
                           gpointer data);
