/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Which program it is that wants to be allowed something, as the kernel knows it.
 */

#include <gio/gio.h>
#include <sys/types.h>

/* Adds "program", "command", "app" and "pid" of shell/polkit/talk.h. pid: 0 where nobody says. */
void inos_polkit_add_asker (GVariantDict *dict, pid_t pid);

/* A text of anybody's, which may be NULL and need not be UTF-8, on one line, cut at max_bytes.
 * Transfer full. */
char *inos_polkit_clean (const char *text, gsize max_bytes);
