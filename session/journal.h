/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * The session's own messages: every g_message() of this process goes to standard error and, once
 * there is one, to a file with the time, so that a session that ended by itself can be explained
 * afterwards. For main(), once a process.
 */
void inos_journal_install (void);
void inos_journal_open (const char *path);
