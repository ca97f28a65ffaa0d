/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * The session's own messages: every g_message() of this process goes to standard error and, where
 * `path` is not NULL, to that file with the time, so that a session that ended by itself can be
 * explained afterwards. Once a process.
 */
void inos_journal_open (const char *path);
