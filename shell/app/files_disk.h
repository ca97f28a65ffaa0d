/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What Files does to the disk, in a thread that may wait: copying, moving and removing whole trees.
 * Nothing that was there is ever written over, links are not followed, and what was begun and not
 * finished is taken away again. Names are bytes.
 */

#include <gio/gio.h>

/* Levels of folders. */
#define INOS_DISK_DEPTH_MOST 256

/* Told from the thread, as it goes. */
typedef struct {
  GCancellable *cancellable;
  void (*advance) (gpointer data, const char *name, guint64 bytes);
  gpointer data;
} InosDiskWatch;

/* TRUE also for a link that leads nowhere. */
gboolean inos_disk_exists (GFile *file);
/* On one disk, and only where nothing is at to; G_IO_ERROR_EXISTS otherwise, and
 * G_IO_ERROR_WOULD_RECURSE or _NOT_SUPPORTED where it is another disk. */
gboolean inos_disk_rename (GFile *from, GFile *to, GError **error);
/* Whole trees, to where nothing is. */
gboolean inos_disk_copy (GFile *from, GFile *to, const InosDiskWatch *watch, GError **error);
/* left: TRUE is stored where all of it is at to, and some of it at from too, since that could not
 * be removed; may be NULL. */
gboolean inos_disk_move (GFile *from, GFile *to, const InosDiskWatch *watch, gboolean *left,
                         GError **error);
gboolean inos_disk_delete (GFile *file, const InosDiskWatch *watch, GError **error);
/* Of what was copied and not finished: also folders that may only be read. */
void inos_disk_drop_draft (GFile *draft);
/* What it holds in all; what cannot be read counts for nothing. */
void inos_disk_measure (GFile *file, GCancellable *cancellable, guint64 *bytes, guint64 *files);

/* TRUE where folder is file, or lies below it, links followed. */
gboolean inos_disk_is_inside (GFile *folder, GFile *file);
/* TRUE where file lies on the disk that folder, links followed, is on. */
gboolean inos_disk_is_one (GFile *file, GFile *folder);
/* A name like that of file that nothing in folder has: "a (2).txt". Transfer full. */
GFile *inos_disk_free_name (GFile *folder, const char *name);
/* NULL where a person may give a file this name; else why not. */
const char *inos_disk_why_no_name (const char *name);
/* What went wrong with the file of that name, what it means, what to do. error may be NULL. */
char *inos_disk_say (const GError *error, const char *name);
/* As a person may be shown it, on one line. */
char *inos_disk_shown_name (GFile *file);
char *inos_disk_shown_text (const char *bytes);
