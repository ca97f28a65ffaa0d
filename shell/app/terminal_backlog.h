/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a program has written and its page has not drawn yet. A page draws some ten megabytes a
 * second, and a program may write hundreds: of lines of which so many follow that no scrolling back
 * would reach them only what they leave behind is kept, so that what is seen in the end is the same
 * as if all had been drawn.
 */

#include <glib.h>

/* What waits at most; and at most where nothing of it can be left out. */
#define INOS_TERMINAL_BACKLOG_MAX ((gsize)4 * 1024 * 1024)
#define INOS_TERMINAL_BACKLOG_RESERVE ((gsize)256 * 1024)

typedef struct InosTerminalBacklog InosTerminalBacklog;

/* replay: of how many bytes at the beginning nothing is left out, since the page counts them. */
InosTerminalBacklog *inos_terminal_backlog_new (guint64 replay);
void inos_terminal_backlog_free (InosTerminalBacklog *self);

/* How many lines the page keeps, those on its screen among them; 0: nothing is left out. */
void inos_terminal_backlog_keep (InosTerminalBacklog *self, guint lines);

/* How many bytes may be added now; 0: first some have to be taken. */
gsize inos_terminal_backlog_room (const InosTerminalBacklog *self);
void inos_terminal_backlog_add (InosTerminalBacklog *self, const guchar *bytes, gsize size);

/* Whether something has been left out since the last were taken: it comes faster than it can be
 * drawn. */
gboolean inos_terminal_backlog_is_flooded (const InosTerminalBacklog *self);

/* The next bytes for the page, `most` at most; NULL where there are none. The caller owns them. */
GBytes *inos_terminal_backlog_take (InosTerminalBacklog *self, gsize most);
