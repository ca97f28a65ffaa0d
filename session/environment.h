/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/*
 * The environment of everything in the session, apart from this process's own: what a Wayland
 * desktop sets, without what belongs to this process alone (NOTIFY_SOCKET and the like).
 */
struct inos_environment;

struct inos_environment *inos_environment_new (const char *config_home /* may be NULL */);
void inos_environment_free (struct inos_environment *environment);

void inos_environment_set (struct inos_environment *environment, const char *name,
                           const char *value);
const char *inos_environment_get (struct inos_environment *environment, const char *name);

/* What the compositor tells: its socket, and whether it draws without a GPU, so that GTK need not
 * try. */
void inos_environment_set_display (struct inos_environment *environment,
                                   const char *wayland_display, gboolean software);

/* The language is what this process' own environment says by now; what it was before is what the
 * bus gets back. */
void inos_environment_take_locale (struct inos_environment *environment);

/* Valid until the next inos_environment_set(). */
char **inos_environment_list (struct inos_environment *environment);
/* The same with the display around the session, where a nested compositor opens its window.
 * Free it with g_strfreev(). */
char **inos_environment_outer (struct inos_environment *environment);

/*
 * Tells the bus, for the programs it starts, and systemd's user manager where there is one.
 * Asynchronous; a refusal is logged. inos_environment_retract() takes it back.
 */
void inos_environment_export (struct inos_environment *environment, GDBusConnection *bus);
void inos_environment_retract (struct inos_environment *environment, GDBusConnection *bus);
