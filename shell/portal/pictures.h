/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The files of pictures that portals hand out. Who asked for one copies it, or not: the newest
 * stay, for a while, in $XDG_CACHE_HOME/inos/screenshots.
 */

#include <glib.h>

#define INOS_PICTURES_MAX 32

/* Opens a new file that nobody else reads; path: (out) transfer full. Returns -1 with error. */
int inos_pictures_open (char **path, GError **error);
/* Deletes the oldest in a folder, so that at most that many are left. Only files that
 * inos_pictures_open() has made. */
void inos_pictures_trim (const char *folder, guint most);
