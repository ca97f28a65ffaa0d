/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The ways back of what a window of Settings has changed, each with a number that its page knows it
 * by. A page can take back what was done, but not say what that was. One that fails can be tried
 * again.
 */

#include "../reply.h"

typedef struct InosUndos InosUndos;

/* Goes back, and answers. */
typedef void (*InosUndoFunc) (gpointer data, InosReply *reply);

InosUndos *inos_undos_new (void);
InosUndos *inos_undos_ref (InosUndos *self);
void inos_undos_unref (InosUndos *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InosUndos, inos_undos_unref)

/* Returns its number, never 0. The oldest goes where there are too many. */
guint inos_undos_add (InosUndos *self, InosUndoFunc run, gpointer data, GDestroyNotify free);
/* Answers the page with {"undo": the number of a new one}. */
void inos_undos_answer (InosUndos *self, InosUndoFunc run, gpointer data, GDestroyNotify free,
                        InosReply *reply);
/* Goes that way back, and forgets it where that has worked. */
void inos_undos_run (InosUndos *self, guint serial, InosReply *reply);
