/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings_file.h"

#include <glib/gstdio.h>

GKeyFile *inos_settings_file_open (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  GError *wrong = NULL;
  if (g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, &wrong))
    return g_steal_pointer (&file);
  if (g_error_matches (wrong, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
    g_error_free (wrong);
    return g_steal_pointer (&file);
  }
  g_propagate_prefixed_error (error, wrong, "%s: ", path);
  return NULL;
}

gboolean inos_settings_file_save (GKeyFile *file, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_mkdir_with_parents (folder, 0700);
  return g_key_file_save_to_file (file, path, error);
}
