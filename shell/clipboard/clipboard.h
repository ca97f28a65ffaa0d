/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What was copied is kept for a while, until the session ends or a person says otherwise, and one
 * of it can be put on the clipboard again.
 * Whether anything is kept is GSettings' to say: org.inos.desktop keep-clipboard.
 */

#include "clips.h"

typedef struct InosClipboard InosClipboard;

typedef struct {
  /* inos_clipboard_describe() says something else. */
  void (*changed) (gpointer data);
} InosClipboardHooks;

/* thumbs: belongs to the caller, and outlives this. */
InosClipboard *inos_clipboard_create (InosThumbs *thumbs, const InosClipboardHooks *hooks,
                                      gpointer data);
void inos_clipboard_destroy (InosClipboard *self); /* self may be NULL */

/* FALSE where the compositor shows nobody what is copied. */
gboolean inos_clipboard_is_there (const InosClipboard *self);
gboolean inos_clipboard_keeps (const InosClipboard *self);
/* Also forgets what was kept, where it is not to be; FALSE and an error: for this session alone. */
gboolean inos_clipboard_set_keeps (InosClipboard *self, gboolean keeps, GError **error);
const InosClips *inos_clipboard_get_clips (const InosClipboard *self);

/* Each FALSE with an error where there is none of this id, or it cannot be. */
gboolean inos_clipboard_choose (InosClipboard *self, guint id, GError **error);
gboolean inos_clipboard_keep (InosClipboard *self, guint id, gboolean keep, GError **error);
gboolean inos_clipboard_remove (InosClipboard *self, guint id, GError **error);
/* All that nobody keeps. Returns how many. */
guint inos_clipboard_clear (InosClipboard *self);
/* Within ten seconds. */
gboolean inos_clipboard_undo (InosClipboard *self, GError **error);

/* For pages; see lib/clipboard.ts. Transfer full. */
JsonNode *inos_clipboard_describe (InosClipboard *self);
