/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "files_trash.h"

#include "files_disk.h"

#include <gio/gunixmounts.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOTE_MAX_BYTES (64 * 1024)
#define GROUP "Trash Info"

void inos_trash_entry_free (gpointer data)
{
  InosTrashEntry *entry = data;

  g_clear_object (&entry->file);
  g_clear_object (&entry->note);
  g_clear_object (&entry->origin);
  g_free (entry);
}

GFile *inos_trash_get_home (void)
{
  return g_file_new_build_filename (g_get_user_data_dir(), "Trash", NULL);
}

/* Ours, and no link that somebody put there. */
static gboolean is_own_folder (const char *path)
{
  struct stat status;

  return lstat (path, &status) == 0 && S_ISDIR (status.st_mode) && status.st_uid == getuid();
}

static void add_of_disk (GPtrArray *trashes, const char *top)
{
  g_autofree char *id = g_strdup_printf ("%u", getuid());
  g_autofree char *shared = g_build_filename (top, ".Trash", id, NULL);
  g_autofree char *own = g_strdup_printf ("%s/.Trash-%s", g_str_equal (top, "/") ? "" : top, id);

  if (is_own_folder (shared))
    g_ptr_array_add (trashes, g_file_new_for_path (shared));
  if (is_own_folder (own))
    g_ptr_array_add (trashes, g_file_new_for_path (own));
}

/* Each with the folder that its relative origins begin in as "top". */
static GPtrArray *list_trashes (void)
{
  GPtrArray *trashes = g_ptr_array_new_with_free_func (g_object_unref);
  GList *mounts = g_unix_mount_entries_get (NULL);

  g_ptr_array_add (trashes, inos_trash_get_home());
  for (GList *link = mounts; link; link = link->next)
    if (!g_unix_mount_entry_is_system_internal (link->data))
      add_of_disk (trashes, g_unix_mount_entry_get_mount_path (link->data));
  g_list_free_full (mounts, (GDestroyNotify)g_unix_mount_entry_free);
  return trashes;
}

GPtrArray *inos_trash_get_folders (void)
{
  GPtrArray *folders = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) trashes = list_trashes();

  for (guint i = 0; i < trashes->len; i++)
    g_ptr_array_add (folders, g_file_get_child (trashes->pdata[i], "files"));
  return folders;
}

/* NULL for the home's, whose origins are whole paths. */
static GFile *top_of (GFile *trash)
{
  g_autoptr (GFile) home = inos_trash_get_home();
  g_autoptr (GFile) parent = g_file_get_parent (trash);
  g_autofree char *name = g_file_get_basename (trash);

  if (g_file_equal (trash, home) || !parent)
    return NULL;
  return g_str_has_prefix (name, ".Trash-") ? g_steal_pointer (&parent)
                                            : g_file_get_parent (parent);
}

static GFile *origin_of (const char *text, GFile *top)
{
  g_autofree char *path = g_uri_unescape_string (text, NULL);
  GFile *file;

  if (!path || path[0] == '\0')
    return NULL;
  if (path[0] == '/')
    return top ? NULL : g_file_new_for_path (path);
  if (!top)
    return NULL;
  file = g_file_resolve_relative_path (top, path);
  if (!g_file_has_prefix (file, top))
    g_clear_object (&file);
  return file;
}

static gint64 time_of (const char *text)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local();
  g_autoptr (GDateTime) date = text ? g_date_time_new_from_iso8601 (text, zone) : NULL;

  return date ? g_date_time_to_unix (date) : 0;
}

static void read_note (InosTrashEntry *entry, GFile *top)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  g_autofree char *path = NULL;
  g_autofree char *date = NULL;
  const char *name = g_file_peek_path (entry->note);
  struct stat status;

  if (lstat (name, &status) != 0 || !S_ISREG (status.st_mode) || status.st_size > NOTE_MAX_BYTES) {
    g_clear_object (&entry->note);
    return;
  }
  if (!g_key_file_load_from_file (file, name, G_KEY_FILE_NONE, NULL))
    return;
  /* Not a string of the key file's own kind: its bytes are escaped, and a backslash is one. */
  path = g_key_file_get_value (file, GROUP, "Path", NULL);
  date = g_key_file_get_value (file, GROUP, "DeletionDate", NULL);
  entry->origin = path ? origin_of (path, top) : NULL;
  entry->time = time_of (date);
}

static void list_one (GFile *trash, GPtrArray *entries, GCancellable *cancellable)
{
  g_autoptr (GFile) files = g_file_get_child (trash, "files");
  g_autoptr (GFile) notes = g_file_get_child (trash, "info");
  g_autoptr (GFile) top = top_of (trash);
  g_autoptr (GDir) dir = g_dir_open (g_file_peek_path (files), 0, NULL);
  const char *name;

  while (dir && entries->len < INOS_TRASH_MOST && !g_cancellable_is_cancelled (cancellable) &&
         (name = g_dir_read_name (dir))) {
    InosTrashEntry *entry = g_new0 (InosTrashEntry, 1);
    g_autofree char *note = g_strconcat (name, ".trashinfo", NULL);

    entry->file = g_file_get_child (files, name);
    entry->note = g_file_get_child (notes, note);
    read_note (entry, top);
    g_ptr_array_add (entries, entry);
  }
}

GPtrArray *inos_trash_list (GCancellable *cancellable)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (inos_trash_entry_free);
  g_autoptr (GPtrArray) trashes = list_trashes();

  for (guint i = 0; i < trashes->len; i++)
    list_one (trashes->pdata[i], entries, cancellable);
  return entries;
}

/* Putting there */

static char *note_text (GFile *file)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *path =
    g_uri_escape_string (g_file_peek_path (file), G_URI_RESERVED_CHARS_ALLOWED_IN_PATH, FALSE);

  return g_strdup_printf ("[" GROUP "]\nPath=%s\nDeletionDate=%s\n", path, date);
}

/* A name that leaves room for the note's ending, which GLib does not look for. */
static gboolean put_under_short_name (GFile *file, GError **error)
{
  g_autoptr (GFile) trash = inos_trash_get_home();
  g_autofree char *name = g_strdup_printf ("%08x%08x", g_random_int(), g_random_int());
  g_autofree char *note_name = g_strconcat (name, ".trashinfo", NULL);
  g_autoptr (GFile) files = g_file_get_child (trash, "files");
  g_autoptr (GFile) notes = g_file_get_child (trash, "info");
  g_autoptr (GFile) target = g_file_get_child (files, name);
  g_autoptr (GFile) note = g_file_get_child (notes, note_name);
  g_autofree char *text = note_text (file);

  if (g_mkdir_with_parents (g_file_peek_path (files), 0700) < 0 ||
      g_mkdir_with_parents (g_file_peek_path (notes), 0700) < 0 ||
      !g_file_set_contents (g_file_peek_path (note), text, -1, error))
    return FALSE;
  if (inos_disk_rename (file, target, error))
    return TRUE;
  unlink (g_file_peek_path (note));
  return FALSE;
}

gboolean inos_trash_put (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_file_get_basename (file);

  if (strlen (name) + strlen (".trashinfo") > NAME_MAX)
    return put_under_short_name (file, error);
  return g_file_trash (file, cancellable, error);
}

InosTrashEntry *inos_trash_find (GPtrArray *entries, GFile *origin, gint64 since)
{
  InosTrashEntry *found = NULL;

  for (guint i = 0; i < entries->len; i++) {
    InosTrashEntry *entry = entries->pdata[i];

    if (entry->origin && entry->time >= since && g_file_equal (entry->origin, origin) &&
        (!found || entry->time >= found->time))
      found = entry;
  }
  return found;
}
