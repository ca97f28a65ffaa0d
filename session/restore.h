/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/*
 * Which windows were open, and their programs started again: see docs/session.md. The compositor
 * keeps the roll of what is open; this keeps earlier rolls, starts programs by their desktop
 * entries, and is org.inos.Session1.Windows on the session bus.
 */
struct inos_restore;

/* `roll`: where the compositor writes which windows are open. `config_home`: XDG_CONFIG_HOME.
 * `keeps`: the roll outlives the session, else it is removed with it. */
struct inos_restore *inos_restore_new (const char *roll, const char *config_home, gboolean keeps);
/* The roll is that of the session before: to be called before the compositor writes a new one.
 * `good`: that session had started well; the roll of another one counts only if it is no shorter
 * than the one before it, whose windows it may not have come to restore. */
void inos_restore_put_aside (struct inos_restore *restore, gboolean good);
void inos_restore_free (struct inos_restore *restore);

/* Exports the interface. */
gboolean inos_restore_connect (struct inos_restore *restore, GDBusConnection *bus, GError **error);

/* The compositor died: what it wrote last is what may be restored. Returns false where it died so
 * soon after windows were restored that one of their programs may be why: these are started only
 * when a person asks for it. */
gboolean inos_restore_note_crash (struct inos_restore *restore);
/* The desktop is there, for the first time or after that. `cut_off`: the session before this one
 * did not end by a log-out. Starts what the person's setting says. */
void inos_restore_begin (struct inos_restore *restore, gboolean cut_off);
