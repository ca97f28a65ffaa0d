/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a window of Files has, and its commands, which the table in files.c names. All take the
 * InosAppWindow as context.
 */

#include "../message.h"
#include "../thumbs.h"
#include "app_window.h"
#include "files_job.h"
#include "files_thumbs.h"
#include "files_view.h"
#include "settings_undo.h"

#define INOS_FILES_VIEWS_MOST 32

typedef struct InosFilesDrag InosFilesDrag;

typedef struct {
  InosAppWindow *window;
  InosPlaces *places;
  GPtrArray *views; /* InosView, in the order of its tabs */
  guint last_view, last_item;
  InosJobs *jobs;
  InosUndos *undos;
  InosFileThumbs *thumbs;
  InosFilesDrag *drag;
  GCancellable *cancellable; /* of what answers later */
  gboolean greeted;          /* a page has begun before */
  gboolean about;            /* it begins with the properties of what is selected */
  char *said;                /* what a page that begins has to say; may be NULL */
  JsonObject *news;          /* number of a view → how often it had news */
} InosFiles;

InosFiles *inos_files_of (gpointer context);
/* Answers with an error and returns NULL where there is none such. */
InosView *inos_files_get_view (InosFiles *self, JsonObject *args, InosReply *reply);
/* As above; the InosItem of "items" of "view". */
GPtrArray *inos_files_get_items (InosFiles *self, JsonObject *args, InosReply *reply);
InosItem *inos_files_get_item (InosFiles *self, InosView *view, JsonObject *args, InosReply *reply);
/* Their files; transfer full. */
GPtrArray *inos_files_of_items (GPtrArray *items);
/* All views look at it again. */
void inos_files_touch (InosFiles *self, GFile *file);
/* Copies or moves files into a folder, and answers as deeds do. view: its number. FALSE where
 * nothing has begun. */
gboolean inos_files_carry (InosFiles *self, gboolean move, GPtrArray *files, GFile *folder,
                           guint view, InosReply *reply);
/* Moves files to the trash, and answers as deeds do. FALSE where nothing has begun. */
gboolean inos_files_discard (InosFiles *self, GPtrArray *files, InosReply *reply);

/* files_deeds.c. Those that change something answer {"undo", "done", "error", "ids"}. */
void inos_files_run_answer (gpointer context, JsonObject *args, InosReply *reply);
void inos_files_run_cancel (gpointer context, JsonObject *args, InosReply *reply);
void inos_files_run_delete (gpointer context, JsonObject *args, InosReply *reply);
void inos_files_run_folder (gpointer context, JsonObject *args, InosReply *reply);
void inos_files_run_rename (gpointer context, JsonObject *args, InosReply *reply);
void inos_files_run_restore (gpointer context, JsonObject *args, InosReply *reply);
void inos_files_run_trash (gpointer context, JsonObject *args, InosReply *reply);
void inos_files_run_undo (gpointer context, JsonObject *args, InosReply *reply);

/* files_clip.c */
void inos_files_run_copy (gpointer context, JsonObject *args, InosReply *reply);
void inos_files_run_paste (gpointer context, JsonObject *args, InosReply *reply);
/* As other programs take them; NULL where there are too many. Transfer full. */
GdkContentProvider *inos_files_offer (GPtrArray *files);
/* The files of this computer that a list names, GFile. */
GPtrArray *inos_files_parse_uris (const char *text);

/* files_drag.c */
InosFilesDrag *inos_files_drag_create (InosFiles *files);
void inos_files_drag_destroy (InosFilesDrag *self);
/* The page has gone: nobody says any more where what was let go on it belongs. */
void inos_files_drag_lost (InosFilesDrag *self);
void inos_files_run_drag (gpointer context, JsonObject *args, InosReply *reply);
void inos_files_run_drop (gpointer context, JsonObject *args, InosReply *reply);
void inos_files_run_over (gpointer context, JsonObject *args, InosReply *reply);

/* files_open.c */
void inos_files_run_apps (gpointer context, JsonObject *args, InosReply *reply);
void inos_files_run_launch (gpointer context, JsonObject *args, InosReply *reply);
void inos_files_run_with (gpointer context, JsonObject *args, InosReply *reply);

/* files_about.c */
void inos_files_run_about (gpointer context, JsonObject *args, InosReply *reply);
void inos_files_run_measure (gpointer context, JsonObject *args, InosReply *reply);
