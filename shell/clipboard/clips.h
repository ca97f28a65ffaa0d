/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What was copied, the newest first: texts and pictures, in memory alone. At most INOS_CLIPS_MAX of
 * INOS_CLIPS_MAX_BYTES in all; the oldest go, but for those that a person keeps.
 */

#include "../thumbs.h"

#include <json-glib/json-glib.h>

#define INOS_CLIPS_MAX 50
#define INOS_CLIPS_MAX_KEPT 25
#define INOS_CLIPS_MAX_BYTES (32 * 1024 * 1024)
#define INOS_CLIPS_MAX_TEXT (1024 * 1024)
#define INOS_CLIPS_MAX_PICTURE (8 * 1024 * 1024)
/* Of a text, what pages and the bus are told of it, characters. */
#define INOS_CLIPS_MAX_SHOWN 400

typedef struct {
  guint id;
  gint64 time; /* when it was copied or chosen last, µs since 1970 */
  gboolean picture;
  gboolean kept;
  guint thumb; /* of a picture */
  GBytes *data;
} InosClip;

typedef struct InosClips InosClips;

/* thumbs: belongs to the caller, and outlives this. */
InosClips *inos_clips_create (InosThumbs *thumbs);
void inos_clips_destroy (InosClips *self); /* self may be NULL */

/* data: not taken. Where it is there already it becomes the newest. Returns NULL where it is
 * empty, too large, no UTF-8 or no PNG of a size that can be shown. */
const InosClip *inos_clips_add (InosClips *self, GBytes *data, gboolean picture);
/* The newest; NULL: there is none. */
const InosClip *inos_clips_first (const InosClips *self);
/* NULL: there is none of this id. */
const InosClip *inos_clips_find (const InosClips *self, guint id);
guint inos_clips_get_n (const InosClips *self);
const InosClip *inos_clips_get (const InosClips *self, guint index);

/* FALSE where there is none, or too many are kept already. */
gboolean inos_clips_keep (InosClips *self, guint id, gboolean keep);
gboolean inos_clips_remove (InosClips *self, guint id);
/* All but those that are kept. Returns how many. */
guint inos_clips_clear (InosClips *self);
/* Brings back what was removed or cleared last, once; FALSE: nothing was. */
gboolean inos_clips_undo (InosClips *self);
/* What could be brought back cannot any more. */
void inos_clips_forget (InosClips *self);

/* What is shown of a text, in one piece of valid UTF-8, or "" of a picture. Transfer full. */
char *inos_clip_words (const InosClip *clip);
/* An array for pages; see lib/clipboard.ts. Transfer full. */
JsonNode *inos_clips_describe (const InosClips *self);
