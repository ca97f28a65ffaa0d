/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Calls over D-Bus, one after the other, until one fails.
 */

#include "settings_undo.h"

#include <gio/gio.h>

#define INOS_COMPOSITOR_NAME "org.inos.Compositor1"
#define INOS_COMPOSITOR_PATH "/org/inos/Compositor1"

typedef struct InosCalls InosCalls;

InosCalls *inos_calls_new (GDBusConnection *bus);
InosCalls *inos_calls_ref (InosCalls *self);
void inos_calls_unref (InosCalls *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InosCalls, inos_calls_unref)

/* Of the compositor; arguments may be floating. interface: what comes after its name, "" for none.
 */
void inos_calls_add (InosCalls *self, const char *path, const char *interface, const char *method,
                     GVariant *arguments);
void inos_calls_add_to (InosCalls *self, const char *name, const char *path, const char *interface,
                        const char *method, GVariant *arguments);
/* The last one comes first: for a way back. */
void inos_calls_reverse (InosCalls *self);
guint inos_calls_count (InosCalls *self);

/* n_done: how many were answered well. last: what the last of these answered, may be NULL. */
typedef void (*InosCallsFunc) (guint n_done, GVariant *last, const GError *error, gpointer data);
/* Runs the first n; self is used until it is done. */
void inos_calls_run (InosCalls *self, guint n, InosCallsFunc done, gpointer data);
/* All of them at once, and waits until they are on their way: for the end of a program. */
void inos_calls_send (InosCalls *self);
/* Runs all, and answers: with back as the way back, or why it failed. */
void inos_calls_run_change (InosCalls *self, InosCalls *back, InosUndos *undos, InosReply *reply);
/* An InosUndoFunc, whose data is an InosCalls: runs all. */
void inos_calls_run_undo (gpointer calls, InosReply *reply);
/* Makes the one answer of a call that failed: a sentence for the person. */
void inos_calls_fail (const GError *error, InosReply *reply);
