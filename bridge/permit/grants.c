/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/permit/grants.h"

#include "guard/app_id.h"
#include "bridge/permit/capabilities.h"

#include <gio/gio.h>
#include <string.h>

struct inos_grants {
  char *path;      /* may be NULL */
  GPtrArray *list; /* struct inos_grant, sorted */
};

static void grant_free (void *data)
{
  struct inos_grant *grant = data;

  g_free (grant->app);
  g_free (grant);
}

static int compare (const struct inos_grant *grant, const char *app, const char *capability)
{
  int order = strcmp (grant->app, app);

  return order != 0 ? order : strcmp (grant->capability, capability);
}

static bool find (struct inos_grants *grants, const char *app, const char *capability, guint *index)
{
  for (guint i = 0; i < grants->list->len; i++) {
    const struct inos_grant *grant = g_ptr_array_index (grants->list, i);

    if (strcmp (grant->app, app) == 0 && strcmp (grant->capability, capability) == 0) {
      *index = i;
      return true;
    }
  }
  return false;
}

bool inos_grants_has (struct inos_grants *grants, const char *app, const char *capability)
{
  guint index;

  return find (grants, app, capability, &index);
}

static void insert (struct inos_grants *grants, const char *app, const char *capability,
                    gint64 since)
{
  struct inos_grant *grant = g_new0 (struct inos_grant, 1);
  guint at = grants->list->len;

  *grant = (struct inos_grant){g_strdup (app), capability, since};
  while (at > 0 && compare (g_ptr_array_index (grants->list, at - 1), app, capability) > 0)
    at--;
  g_ptr_array_insert (grants->list, (gint)at, grant);
}

/* The file */

static bool parse_line (struct inos_grants *grants, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 4);
  const struct inos_grantable *row;
  gint64 since;

  if (g_strv_length (words) != 3 || !inos_app_id_is_valid (words[0]) ||
      (row = inos_grantable_find (words[1])) == NULL ||
      !g_ascii_string_to_signed (words[2], 10, 0, G_MAXINT64, &since, NULL))
    return false;
  if (grants->list->len >= INOS_GRANTS_MAX || inos_grants_has (grants, words[0], row->name))
    return false;
  insert (grants, words[0], row->name, since);
  return true;
}

guint inos_grants_parse (struct inos_grants *grants, const char *text, gsize size)
{
  guint bad = 0;

  if (size > INOS_GRANTS_FILE_MAX)
    return 1;
  for (const char *line = text, *end = text + size; line < end;) {
    const char *stop = memchr (line, '\n', (gsize)(end - line));
    gsize length = (gsize)((stop != NULL ? stop : end) - line);
    g_autofree char *copy = g_strndup (line, length);

    /* What ends without an end of line was cut off; what has a zero in it was not written by us. */
    if (length > 0 && (stop == NULL || strlen (copy) != length || !parse_line (grants, copy)))
      bad++;
    line += length + 1;
  }
  return bad;
}

char *inos_grants_write (struct inos_grants *grants)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < grants->list->len; i++) {
    const struct inos_grant *grant = g_ptr_array_index (grants->list, i);

    g_string_append_printf (text, "%s %s %" G_GINT64_FORMAT "\n", grant->app, grant->capability,
                            grant->since);
  }
  return g_string_free_and_steal (text);
}

static bool save (struct inos_grants *grants, GError **error)
{
  g_autofree char *text = inos_grants_write (grants);
  g_autofree char *folder = grants->path != NULL ? g_path_get_dirname (grants->path) : NULL;

  if (grants->path == NULL)
    return true;
  g_mkdir_with_parents (folder, 0700);
  return g_file_set_contents_full (grants->path, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

static void load (struct inos_grants *grants)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize size;
  guint bad;

  if (!g_file_get_contents (grants->path, &text, &size, &error)) {
    if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      g_warning ("cannot read what was granted to applications, so nothing is: %s", error->message);
    return;
  }
  bad = inos_grants_parse (grants, text, size);
  if (bad > 0)
    g_warning ("%u line(s) of %s grant nothing: each is an application, a capability and a time; "
               "'inosctl permissions' shows what holds",
               bad, grants->path);
}

struct inos_grants *inos_grants_new (const char *path)
{
  struct inos_grants *grants = g_new0 (struct inos_grants, 1);

  grants->path = g_strdup (path);
  grants->list = g_ptr_array_new_with_free_func (grant_free);
  if (path != NULL)
    load (grants);
  return grants;
}

void inos_grants_free (struct inos_grants *grants)
{
  if (grants == NULL)
    return;
  g_ptr_array_unref (grants->list);
  g_free (grants->path);
  g_free (grants);
}

GPtrArray *inos_grants_list (struct inos_grants *grants)
{
  return grants->list;
}

bool inos_grants_add (struct inos_grants *grants, const char *app, const char *capability,
                      gint64 now, GError **error)
{
  const struct inos_grantable *row = inos_grantable_find (capability);
  guint index;

  if (!inos_app_id_is_valid (app)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "an application is named by 1 to %d letters, digits, '.', '-' and '_'",
                 INOS_APP_ID_MAX);
    return false;
  }
  if (row == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "there is no capability of that name that can be granted");
    return false;
  }
  if (find (grants, app, row->name, &index))
    return true;
  if (grants->list->len >= INOS_GRANTS_MAX) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                 "%d permissions are granted already; revoke some", INOS_GRANTS_MAX);
    return false;
  }
  insert (grants, app, row->name, now);
  if (save (grants, error))
    return true;
  if (find (grants, app, row->name, &index))
    g_ptr_array_remove_index (grants->list, index);
  return false;
}

bool inos_grants_remove (struct inos_grants *grants, const char *app, const char *capability,
                         guint *count, GError **error)
{
  *count = 0;
  for (guint i = grants->list->len; i > 0; i--) {
    const struct inos_grant *grant = g_ptr_array_index (grants->list, i - 1);

    if (strcmp (grant->app, app) == 0 &&
        (capability == NULL || strcmp (grant->capability, capability) == 0)) {
      g_ptr_array_remove_index (grants->list, i - 1);
      (*count)++;
    }
  }
  return *count == 0 || save (grants, error);
}
