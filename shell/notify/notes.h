/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * All notifications: which pop up, for how long, which are kept, what is closed and why. Knows
 * neither the bus nor a surface; time comes in, and the moment when something is due goes out.
 *
 * One that was shown for its time is kept in the history and is still its sender's, so that it can
 * be answered there; one whose sender gave it a time of its own is closed then, and only read.
 */

#include "note.h"

/* In the history, and of one sender. */
#define INOS_NOTES_MAX 200
#define INOS_NOTES_MAX_OF_SENDER 50
/* That pop up at a time; others wait. */
#define INOS_NOTES_MAX_UP 3
/* How long what was cleared can be had back. */
#define INOS_NOTES_UNDO_US (10 * G_TIME_SPAN_SECOND)

/* Of NotificationClosed. */
typedef enum {
  INOS_NOTE_EXPIRED = 1,
  INOS_NOTE_DISMISSED = 2,
  INOS_NOTE_CLOSED = 3,
  INOS_NOTE_FORGOTTEN = 4,
} InosNoteReason;

/* Why nothing that pops up comes or goes; bits. */
typedef enum {
  INOS_NOTES_HELD_BY_LOCK = 1,    /* only the lock screen is seen */
  INOS_NOTES_HELD_BY_POINTER = 2, /* or an answer is being written */
  INOS_NOTES_HELD_BY_CENTRE = 4,  /* the history is open */
} InosNotesHold;

typedef struct {
  /* Something is another than it was. */
  void (*changed) (gpointer data);
  /* A sender is to know. note goes afterwards where it is not kept. */
  void (*closed) (const InosNote *note, InosNoteReason reason, gpointer data);
  /* It is not in the history any longer. */
  void (*gone) (const InosNote *note, gpointer data);
} InosNotesHooks;

typedef struct InosNotes InosNotes;

/* path: of the journal; bus: the bus' id. */
InosNotes *inos_notes_create (const char *path, const char *bus, const InosNotesHooks *hooks,
                              gpointer data);
void inos_notes_destroy (InosNotes *self); /* self may be NULL */

/* Takes note; replaces: the id of an earlier one, or 0; one that does not belong to note's sender
 * stays as it is. silent: it does not pop up. Returns its id. */
guint inos_notes_add (InosNotes *self, InosNote *note, guint replaces, gboolean silent, gint64 now);
/* NULL where there is none, or it was cleared. */
InosNote *inos_notes_find (InosNotes *self, guint id);
/* InosNote, the newest first. */
GPtrArray *inos_notes_get_list (InosNotes *self);
/* How many wait for their turn to pop up. */
guint inos_notes_count_waiting (InosNotes *self);

/* Removes it; FALSE where there is none. */
gboolean inos_notes_close (InosNotes *self, guint id, InosNoteReason reason);
/* One of its actions was chosen: it goes, unless it is to stay. */
void inos_notes_answered (InosNotes *self, InosNote *note);
/* Its picture has come. */
void inos_notes_set_picture (InosNotes *self, InosNote *note, guint64 picture);
void inos_notes_sender_left (InosNotes *self, const char *sender);

/* Clears those of a source (see inos_note_get_source()), or all where it is NULL, or the one where
 * id is not 0. Returns how many; for a while they can be had back. */
guint inos_notes_clear (InosNotes *self, guint id, const char *source, gint64 now);
/* Brings back what was cleared last; FALSE where it is too late. */
gboolean inos_notes_undo (InosNotes *self, gint64 now);

void inos_notes_hold (InosNotes *self, InosNotesHold why, gboolean on, gint64 now);
/* Nothing pops up from now on but what is critical. */
void inos_notes_hush (InosNotes *self);

/* Those that came after the person last looked. */
guint inos_notes_count_unseen (InosNotes *self);
void inos_notes_see (InosNotes *self);

/* Does what is due; returns when to call it again, 0 for never. now: monotonic µs. */
gint64 inos_notes_tick (InosNotes *self, gint64 now);
