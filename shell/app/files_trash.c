/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "files_trash.h"

#include "files_disk.h"

#include <errno.h>
#include <gio/gunixmounts.h>
#include <glib/gi18n.h>
#include <limits.h>
#include <stdlib.h>
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

/* Nor are its parts: "files" that leads home would have the home shown as what may be deleted. */
static gboolean is_own_trash (const char *path)
{
  g_autofree char *files = g_build_filename (path, "files", NULL);
  g_autofree char *notes = g_build_filename (path, "info", NULL);
  struct stat status;

  return is_own_folder (path) && is_own_folder (files) &&
         (is_own_folder (notes) || (lstat (notes, &status) != 0 && errno == ENOENT));
}

/* Where everybody has one, nobody may take away another's. */
static gboolean is_for_all (const char *path)
{
  struct stat status;

  return lstat (path, &status) == 0 && S_ISDIR (status.st_mode) && (status.st_mode & S_ISVTX);
}

static void add_of_disk (GPtrArray *trashes, const char *top)
{
  g_autofree char *id = g_strdup_printf ("%u", getuid());
  g_autofree char *all = g_build_filename (top, ".Trash", NULL);
  g_autofree char *shared = g_build_filename (all, id, NULL);
  g_autofree char *own = g_strdup_printf ("%s/.Trash-%s", g_str_equal (top, "/") ? "" : top, id);

  if (is_for_all (all) && is_own_trash (shared))
    g_ptr_array_add (trashes, g_file_new_for_path (shared));
  if (is_own_trash (own))
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

gboolean inos_trash_holds (GPtrArray *folders, GFile *file)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);

  return folder &&
         g_ptr_array_find_with_equal_func (folders, folder, (GEqualFunc)g_file_equal, NULL);
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

static InosTrashEntry *entry_new (GFile *trash, GFile *top, const char *name)
{
  InosTrashEntry *entry = g_new0 (InosTrashEntry, 1);
  g_autofree char *note = g_strconcat (name, ".trashinfo", NULL);
  g_autoptr (GFile) files = g_file_get_child (trash, "files");
  g_autoptr (GFile) notes = g_file_get_child (trash, "info");

  entry->file = g_file_get_child (files, name);
  entry->note = g_file_get_child (notes, note);
  read_note (entry, top);
  return entry;
}

InosTrashEntry *inos_trash_look (GFile *file)
{
  g_autoptr (GFile) files = g_file_get_parent (file);
  g_autoptr (GFile) trash = g_file_get_parent (files);
  g_autoptr (GFile) top = top_of (trash);
  g_autofree char *name = g_file_get_basename (file);

  return entry_new (trash, top, name);
}

static void list_one (GFile *trash, GPtrArray *entries, GCancellable *cancellable)
{
  g_autoptr (GFile) files = g_file_get_child (trash, "files");
  g_autoptr (GFile) top = top_of (trash);
  g_autoptr (GDir) dir = g_dir_open (g_file_peek_path (files), 0, NULL);
  const char *name;

  while (dir && entries->len < INOS_TRASH_MOST && !g_cancellable_is_cancelled (cancellable) &&
         (name = g_dir_read_name (dir)))
    g_ptr_array_add (entries, entry_new (trash, top, name));
}

static GPtrArray *list_all (GPtrArray *trashes, GCancellable *cancellable)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (inos_trash_entry_free);

  for (guint i = 0; i < trashes->len; i++)
    list_one (trashes->pdata[i], entries, cancellable);
  return entries;
}

GPtrArray *inos_trash_list (GCancellable *cancellable)
{
  g_autoptr (GPtrArray) trashes = list_trashes();

  return list_all (trashes, cancellable);
}

GPtrArray *inos_trash_list_disk (const char *top, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) trashes = g_ptr_array_new_with_free_func (g_object_unref);

  add_of_disk (trashes, top);
  return list_all (trashes, cancellable);
}

/* Back from there */

/* Of what is there of it, links followed. NULL where that leads nowhere. */
static char *real_part (GFile *folder)
{
  g_autoptr (GFile) at = g_object_ref (folder);

  while (!inos_disk_exists (at)) {
    GFile *parent = g_file_get_parent (at);

    if (!parent)
      return NULL;
    g_object_unref (at);
    at = parent;
  }
  return realpath (g_file_peek_path (at), NULL);
}

static gboolean lies_in (GFile *folder, GFile *top)
{
  char *inner = real_part (folder), *outer = realpath (g_file_peek_path (top), NULL);
  gsize length = outer ? strlen (outer) : 0;
  gboolean inside = inner && outer && strncmp (inner, outer, length) == 0 &&
                    (length == 1 || inner[length] == '\0' || inner[length] == '/');

  free (inner);
  free (outer);
  return inside;
}

gboolean inos_trash_make_way (GFile *file, GFile *origin, GError **error)
{
  g_autoptr (GFile) files = g_file_get_parent (file);
  g_autoptr (GFile) trash = g_file_get_parent (files);
  g_autoptr (GFile) top = top_of (trash);
  g_autoptr (GFile) folder = g_file_get_parent (origin);

  if (!folder)
    return TRUE;
  if (!top || lies_in (folder, top)) {
    g_file_make_directory_with_parents (folder, NULL, NULL);
    if (!top || !inos_disk_exists (folder) || inos_disk_is_one (file, folder))
      return TRUE;
  }
  g_set_error_literal (
    error, G_IO_ERROR, G_IO_ERROR_FAILED,
    _ ("The folder that it was in is not on its disk any more. Cut it, and paste "
       "it where it should be."));
  return FALSE;
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
  g_autoptr (GError) failed = NULL;

  if (g_mkdir_with_parents (g_file_peek_path (files), 0700) < 0 ||
      g_mkdir_with_parents (g_file_peek_path (notes), 0700) < 0) {
    int number = errno;

    g_set_error (error, G_IO_ERROR, (int)g_io_error_from_errno (number),
                 _ ("The trash cannot be made: %s"), g_strerror (number));
    return FALSE;
  }
  if (!g_file_set_contents (g_file_peek_path (note), text, -1, error))
    return FALSE;
  if (inos_disk_rename (file, target, &failed))
    return TRUE;
  unlink (g_file_peek_path (note));
  if (g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG,
                         "its disk's trash takes no such long name");
  else
    g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

gboolean inos_trash_put (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_file_get_basename (file);

  if (strlen (name) + strlen (".trashinfo") > NAME_MAX)
    return put_under_short_name (file, error);
  return g_file_trash (file, cancellable, error);
}

static gboolean is_file (GFile *file, dev_t device, ino_t inode)
{
  struct stat status;

  return inode != 0 && lstat (g_file_peek_path (file), &status) == 0 && status.st_ino == inode &&
         status.st_dev == device;
}

InosTrashEntry *inos_trash_find (GPtrArray *entries, GFile *origin, gint64 since, dev_t device,
                                 ino_t inode)
{
  InosTrashEntry *found = NULL;

  for (guint i = 0; i < entries->len; i++) {
    InosTrashEntry *entry = entries->pdata[i];

    if (!entry->origin || entry->time < since || !g_file_equal (entry->origin, origin))
      continue;
    if (is_file (entry->file, device, inode))
      return entry;
    if (!found || entry->time >= found->time)
      found = entry;
  }
  return found;
}
