/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The stream of one terminal: a socket from the node, from which is taken what the page asks for
 * and a little more, so that a page that is slow makes the program wait and nothing grows between
 * them. Where the page could not keep what it draws, it does not get it (terminal_backlog.h), and
 * nobody waits.
 */

#include <gio/gio.h>
#include <webkit/webkit.h>

/* What the page gets at once at most, and what may wait for the program. */
#define INOS_TERMINAL_CHUNK (128 * 1024)
#define INOS_TERMINAL_UNSENT_MAX (4 * 1024 * 1024)

typedef struct InosTerminalStream InosTerminalStream;

/* Takes fd. The first `replay` bytes are what was before. */
InosTerminalStream *inos_terminal_stream_create (int fd, guint64 replay);
/* How many lines the page keeps. */
void inos_terminal_stream_keep (InosTerminalStream *self, guint lines);
/* Answers a request that waits; self may be NULL. */
void inos_terminal_stream_destroy (InosTerminalStream *self);
void inos_terminal_stream_read (InosTerminalStream *self, WebKitURISchemeRequest *request);
gboolean inos_terminal_stream_write (InosTerminalStream *self, const guchar *bytes, gsize size,
                                     GError **error);
