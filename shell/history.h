/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Which applications were started, newest first, kept in $XDG_STATE_HOME/inos/launcher.json:
 *
 *     { "version": 1, "recent": ["foot.desktop", …] }
 *
 * A broken file is reported and begun anew.
 */

#include <glib.h>

#define INOS_HISTORY_MAX 64

typedef struct InosHistory InosHistory;

/* path is where the file is or will be. */
InosHistory *inos_history_load (const char *path);
void inos_history_free (InosHistory *self); /* self may be NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InosHistory, inos_history_free)

/* Puts id first and writes the file. */
void inos_history_add (InosHistory *self, const char *id);
/* 0 for the newest, -1 for one that is not in it. */
int inos_history_rank (const InosHistory *self, const char *id);
