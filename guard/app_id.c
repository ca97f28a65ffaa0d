/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "guard/app_id.h"

#include <string.h>

#define FLATPAK_SCOPE "app-flatpak-"
#define SNAP_SCOPE "snap."
#define SCOPE_END ".scope"
#define HYPHEN "\\x2d"

bool inos_app_id_is_valid (const char *id)
{
  gsize size = id != NULL ? strlen (id) : 0;

  if (size == 0 || size > INOS_APP_ID_MAX || id[0] == '.' || id[0] == '-' || id[size - 1] == '.')
    return false;
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isalnum (id[i]) && strchr (".-_", id[i]) == NULL)
      return false;
  return true;
}

static enum inos_sandbox take (const char *name, char id[INOS_APP_ID_MAX + 1])
{
  id[0] = '\0';
  if (!inos_app_id_is_valid (name))
    return INOS_SANDBOX_UNKNOWN;
  g_strlcpy (id, name, INOS_APP_ID_MAX + 1);
  return INOS_SANDBOX_APP;
}

enum inos_sandbox inos_app_id_from_flatpak (const char *text, gsize size,
                                            char id[INOS_APP_ID_MAX + 1])
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  g_autofree char *name = NULL;

  if (size <= INOS_APP_ID_FILE_MAX &&
      g_key_file_load_from_data (file, text, size, G_KEY_FILE_NONE, NULL))
    name = g_key_file_get_string (file, "Application", "name", NULL);
  return take (name, id);
}

/* "snap.NAME.…" up to the second dot. */
static enum inos_sandbox from_snap (const char *scope, char id[INOS_APP_ID_MAX + 1])
{
  const char *end = strchr (scope + strlen (SNAP_SCOPE), '.');
  g_autofree char *name = end != NULL ? g_strndup (scope, (gsize)(end - scope)) : NULL;

  return take (name, id);
}

/* "app-flatpak-ID-NUMBER.scope" */
static enum inos_sandbox from_flatpak_scope (const char *scope, char id[INOS_APP_ID_MAX + 1])
{
  g_autoptr (GString) name = g_string_new (scope + strlen (FLATPAK_SCOPE));
  char *hyphen = strrchr (name->str, '-');

  if (hyphen == NULL)
    return take (NULL, id);
  g_string_truncate (name, (gsize)(hyphen - name->str));
  g_string_replace (name, HYPHEN, "-", 0);
  return take (name->str, id);
}

/* The last part of a path that is a sandbox's scope says whose: scopes lie in each other. */
static enum inos_sandbox from_path (char *path, char id[INOS_APP_ID_MAX + 1])
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  for (guint i = g_strv_length (parts); i > 0; i--) {
    const char *part = parts[i - 1];

    if (g_str_has_prefix (part, SNAP_SCOPE) &&
        (g_str_has_suffix (part, SCOPE_END) || g_str_has_suffix (part, ".service")))
      return from_snap (part, id);
    if (g_str_has_prefix (part, FLATPAK_SCOPE) && g_str_has_suffix (part, SCOPE_END))
      return from_flatpak_scope (part, id);
  }
  return INOS_SANDBOX_NONE;
}

enum inos_sandbox inos_app_id_from_cgroup (const char *text, gsize size,
                                           char id[INOS_APP_ID_MAX + 1])
{
  g_autofree char *copy = g_strndup (text, MIN (size, INOS_APP_ID_FILE_MAX));
  g_auto (GStrv) lines = g_strsplit (copy, "\n", -1);

  id[0] = '\0';
  for (guint i = 0; lines[i] != NULL; i++) {
    enum inos_sandbox found = from_path (lines[i], id);

    if (found != INOS_SANDBOX_NONE)
      return found;
  }
  return INOS_SANDBOX_NONE;
}
