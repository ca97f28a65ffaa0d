/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * session.ini, in which a person's choices are written one at a time, and all else stays as it is.
 */

/* Returns: (transfer full): what is in the file at @path, with its comments; empty where there is
 * none. NULL and @error where it cannot be read or is wrong: written anew it would lose what is in
 * it. */
GKeyFile *inos_settings_file_open (const char *path, GError **error);
gboolean inos_settings_file_save (GKeyFile *file, const char *path, GError **error);
