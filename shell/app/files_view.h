/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What one tab shows: a folder, what a search below it has found, the trash, or the mesh's place.
 * Its page knows each file by a number that this has given out, and by no path: a number that is
 * not here is refused. What changes on the disk is read again; what has changed waits here until
 * the page fetches it.
 */

#include "files_place.h"

typedef enum {
  INOS_VIEW_FOLDER,
  INOS_VIEW_SEARCH,
  INOS_VIEW_TRASH,
  INOS_VIEW_MESH,
} InosViewKind;

/* A file that a page has been shown. */
typedef struct {
  guint id;
  GFile *file;
  GFile *origin; /* where what is in the trash was; may be NULL */
  GFile *note;   /* its .trashinfo; may be NULL */
  gint64 time;   /* when it was put there */
  guint round;   /* in which reading of the folder it was seen */
  guint64 look;  /* of what the page was told last; 0: nothing yet */
} InosItem;

typedef struct InosView InosView;

/* news: there is something to be fetched. */
typedef struct {
  InosPlaces *places;
  guint *last_id; /* of all views of a window: no number is given out twice */
  void (*news) (InosView *view, gpointer data);
  gpointer data;
} InosViewHooks;

InosView *inos_view_create (guint number, const InosViewHooks *hooks);
void inos_view_destroy (gpointer self);
guint inos_view_get_number (const InosView *self);
InosViewKind inos_view_get_kind (const InosView *self);
/* NULL where it shows none. */
GFile *inos_view_get_folder (const InosView *self);

/* Goes there, and remembers where it was. The folder is looked at by who asks. */
void inos_view_go (InosView *self, InosViewKind kind, GFile *folder, GFile *select);
/* Back with -1, forward with 1. FALSE where there is nothing. */
gboolean inos_view_step (InosView *self, int by);
/* Looks for text below the folder; NULL: shows the folder again. FALSE where there is none. */
gboolean inos_view_search (InosView *self, const char *text);
/* Reads all of it again. */
void inos_view_reload (InosView *self);

/* Where it is, for the page. Transfer full. */
JsonNode *inos_view_describe (InosView *self);
/* {"rows", "gone", "done", "cut", "more", "error"}: what has changed since. Transfer full. */
JsonNode *inos_view_fetch (InosView *self);

/* NULL where the page was shown no such thing, or it has gone. */
InosItem *inos_view_find (InosView *self, guint id);
/* [first, last, first, last …]: InosItem of those numbers, not owned; NULL and error where that is
 * none or there are too many. */
GPtrArray *inos_view_take_items (InosView *self, JsonNode *runs, GError **error);
/* Something was done to a file: it is looked at again, where it is shown or belongs here. */
void inos_view_touch (InosView *self, GFile *file);
/* The number of a file of this folder, which may be shown only soon; 0 where it is not of it. */
guint inos_view_expect (InosView *self, GFile *file);
