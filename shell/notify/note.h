/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A notification: what a program said, cut to what there is room for, and what has become of it.
 */

#include <json-glib/json-glib.h>

/* Bytes; what is longer is cut. */
#define INOS_NOTE_MAX_SUMMARY 256
#define INOS_NOTE_MAX_BODY 4096
#define INOS_NOTE_MAX_WORD 128 /* names, categories, keys and labels of actions */
#define INOS_NOTE_MAX_ACTIONS 8
#define INOS_NOTE_MAX_REPLY 4096

#define INOS_NOTE_REPLY_ACTION "inline-reply"
#define INOS_NOTE_DEFAULT_ACTION "default"

typedef enum {
  INOS_NOTE_LOW,
  INOS_NOTE_NORMAL,
  INOS_NOTE_CRITICAL,
} InosNoteUrgency;

typedef enum {
  INOS_NOTE_SHOWN, /* it pops up, or is to */
  INOS_NOTE_KEPT,  /* it is in the history, and still its sender's */
  INOS_NOTE_PAST,  /* its sender was told that it is closed; it can be read */
} InosNoteState;

typedef struct {
  char *key, *label;
} InosNoteAction;

typedef struct {
  guint id;
  InosNoteState state;
  char *sender; /* unique name on the bus; NULL where it has left */

  /* None is NULL. */
  char *app;     /* as it calls itself */
  char *entry;   /* its desktop file, without ".desktop" */
  char *icon;    /* name in the icon theme */
  char *summary; /* one line */
  char *body;    /* with markup, see markup.h */
  char *category;
  char *tag;          /* one of an app replaces the one before with the same tag */
  char *reply;        /* what stands in the empty field for an answer */
  GPtrArray *actions; /* InosNoteAction */

  InosNoteUrgency urgency;
  gboolean resident;  /* stays when one of its actions was chosen */
  gboolean transient; /* is not kept */
  int progress;       /* percent, -1 for none */
  int timeout;        /* ms as the sender has it: -1 as we like, 0 never */
  gint64 time;        /* µs since 1970 */
  guint64 picture;    /* number of its picture, 0 for none */

  /* Of one that pops up. */
  gboolean up;     /* it is seen */
  gint64 deadline; /* monotonic µs; 0 for none */
} InosNote;

/* What Notify brings. hints: a{sv}, of which any may have a wrong type and is not heeded then. */
InosNote *inos_note_new (const char *sender, const char *app, const char *icon, const char *summary,
                         const char *body, const char *const *actions, GVariant *hints,
                         int timeout);
void inos_note_free (InosNote *self); /* self may be NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InosNote, inos_note_free)

/* Where its picture is to come from: the hint with the pixels, or a file's path or the name of an
 * icon. Either may be NULL. Both are the caller's to free. */
void inos_note_find_picture (GVariant *hints, const char *app_icon, GVariant **pixels, char **name);

/* What mutes it: the desktop file, else the name. */
const char *inos_note_get_source (const InosNote *self);
gboolean inos_note_has_action (const InosNote *self, const char *key);
/* It is that program's to replace or to close: its own, or of one that has left. */
gboolean inos_note_belongs_to (const InosNote *self, const char *sender);
/* Its sender is there and waits for an answer. */
gboolean inos_note_can_act (const InosNote *self);
/* Whether one of the links in its body leads there. */
gboolean inos_note_has_link (const InosNote *self, const char *href);

/* As the history's file has it. */
JsonNode *inos_note_save (const InosNote *self);
/* NULL where it is none. */
InosNote *inos_note_load (JsonNode *node);
/* As a page has it; see lib/notes.ts. */
JsonNode *inos_note_describe (const InosNote *self);
