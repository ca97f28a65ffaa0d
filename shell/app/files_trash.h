/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The trash, as freedesktop.org describes it: the person's own, and that of each disk that is
 * mounted. What its files say is a stranger's word: an entry that would be put back outside its own
 * disk has no origin. All of it reads the disk, and may be called from any thread.
 */

#include <gio/gio.h>
#include <sys/types.h>

#define INOS_TRASH_MOST 20000

typedef struct {
  GFile *file;   /* where it lies */
  GFile *note;   /* its .trashinfo; may be NULL */
  GFile *origin; /* where it was; may be NULL */
  gint64 time;   /* when it was put there, seconds; 0: nobody knows */
} InosTrashEntry;

void inos_trash_entry_free (gpointer entry);
/* The person's own, whether it is there or not. */
GFile *inos_trash_get_home (void);
/* The folders whose files are in the trash; GFile. */
GPtrArray *inos_trash_get_folders (void);
/* Those that may be read, InosTrashEntry, not more than INOS_TRASH_MOST. */
GPtrArray *inos_trash_list (GCancellable *cancellable);
/* As above, only of the disk that is mounted at top. */
GPtrArray *inos_trash_list_disk (const char *top, GCancellable *cancellable);
/* What lies in one of those folders itself, and not below it. folders: inos_trash_get_folders(). */
gboolean inos_trash_holds (GPtrArray *folders, GFile *file);
/* What is known of a file that lies there. Transfer full. */
InosTrashEntry *inos_trash_look (GFile *file);
/* Puts a file there. */
gboolean inos_trash_put (GFile *file, GCancellable *cancellable, GError **error);
/* Makes the folder that a file of the trash was in, should it have gone. FALSE and error where that
 * is not on the disk whose trash it is in: a stranger's stick may have links. */
gboolean inos_trash_make_way (GFile *file, GFile *origin, GError **error);
/* The one that was put there from a place, not before a time: that very file, or else the last; may
 * be NULL. device and inode are those of the file; 0: nobody knows. */
InosTrashEntry *inos_trash_find (GPtrArray *entries, GFile *origin, gint64 since, dev_t device,
                                 ino_t inode);
