/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The notifications on disk: a journal, one JSON object a line, to which each change is appended
 * before the program that caused it hears anything. A shell that is killed loses none: a line that
 * was begun and not ended is no line. When it has grown long it is written anew, whole or not at
 * all.
 *
 *     {"bus":"…","next":12,"seen":0}   first: whose bus the senders' names are of, the next id
 *     {"note":{…}}                     one that is new, or is another now
 *     {"state":[7,1]}                  what has become of one
 *     {"gone":[7]}                     it is not kept any longer
 *     {"seen":1763800000000000}        all until then were looked at, µs since 1970
 */

#include "note.h"

typedef struct InosNoteStore InosNoteStore;

/* What a journal says. */
typedef struct {
  GPtrArray *notes; /* InosNote, the newest first */
  guint next;       /* the id that the next one gets */
  gint64 seen;      /* µs since 1970 */
} InosNoteMemory;

/* Reads the journal into memory, whose array is made here and is the caller's. Where it is of
 * another bus nobody is there who sent what is in it. A bad line is left out, and the log says so.
 */
InosNoteStore *inos_note_store_open (const char *path, const char *bus, InosNoteMemory *memory);
void inos_note_store_close (InosNoteStore *self); /* self may be NULL */

void inos_note_store_put (InosNoteStore *self, const InosNote *note);
void inos_note_store_set_state (InosNoteStore *self, const InosNote *note);
void inos_note_store_drop (InosNoteStore *self, guint id);
void inos_note_store_see (InosNoteStore *self, gint64 seen);

/* It has grown long: 2 MiB, and twice what it was when it was last rewritten.
 * inos_note_store_rewrite() makes it short. */
gboolean inos_note_store_is_long (InosNoteStore *self);
void inos_note_store_rewrite (InosNoteStore *self, const InosNoteMemory *memory);
