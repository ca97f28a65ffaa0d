/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What takes a while to find, found in a thread and handed over in batches: the files below a
 * folder whose names have a text in them, and what is in the trash. Links are not followed, and
 * there is an end to it.
 */

#include <gio/gio.h>

#define INOS_WALK_FOUND_MOST 5000

/* One file that was found. */
typedef struct {
  GFile *file;
  GFileInfo *info;
  GFile *origin; /* of what is in the trash; may be NULL */
  GFile *note;   /* as above */
  gint64 time;   /* when it was put there */
} InosFound;

/* found: InosFound, owned by the walk; NULL: that was all, and cut where it was not. */
typedef void (*InosWalkFunc) (GPtrArray *found, gboolean cut, gpointer data);

/* func is called in this thread's loop, and not any more once cancellable is cancelled. */
void inos_walk_search (GFile *folder, const char *text, GCancellable *cancellable,
                       InosWalkFunc func, gpointer data);
void inos_walk_trash (GCancellable *cancellable, InosWalkFunc func, gpointer data);
/* As search compares names: without case, and without accents' different spellings. */
char *inos_walk_fold (const char *text);
