/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/*
 * Says something to the person as a notification that stays until it is read, as soon as something
 * on the session bus shows notifications.
 */
struct inos_tell;

struct inos_tell *inos_tell_new (GDBusConnection *bus);
/* What was not said yet stays unsaid. */
void inos_tell_free (struct inos_tell *tell);

/* `body` is text, not markup. */
void inos_tell_say (struct inos_tell *tell, const char *summary, const char *body);
