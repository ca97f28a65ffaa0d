/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "files_disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NUMBERS_MOST 10000
/* What a suffix leaves of a name's bytes. */
#define STEM_MOST (NAME_MAX - 24)

static gboolean fail_errno (GError **error, int number)
{
  g_set_error_literal (error, G_IO_ERROR, (int)g_io_error_from_errno (number), g_strerror (number));
  return FALSE;
}

static gboolean fail_deep (GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               _ ("More than %d folders lie in each other there."), INOS_DISK_DEPTH_MOST);
  return FALSE;
}

static void advance (const InosDiskWatch *watch, const char *name, guint64 bytes)
{
  if (watch && watch->advance)
    watch->advance (watch->data, name, bytes);
}

static GCancellable *cancellable_of (const InosDiskWatch *watch)
{
  return watch ? watch->cancellable : NULL;
}

gboolean inos_disk_exists (GFile *file)
{
  struct stat status;

  return g_file_peek_path (file) && lstat (g_file_peek_path (file), &status) == 0;
}

/* Where a file system has no RENAME_NOREPLACE: link() and mkdir() refuse what is there too, but
 * folders have no such thing, so that a moment is left. */
static gboolean rename_plainly (const char *from, const char *to, GError **error)
{
  struct stat status;

  if (lstat (to, &status) == 0)
    return fail_errno (error, EEXIST);
  return rename (from, to) == 0 || fail_errno (error, errno);
}

gboolean inos_disk_rename (GFile *from, GFile *to, GError **error)
{
  const char *a = g_file_peek_path (from), *b = g_file_peek_path (to);

  if (renameat2 (AT_FDCWD, a, AT_FDCWD, b, RENAME_NOREPLACE) == 0)
    return TRUE;
  if (errno == EINVAL || errno == ENOSYS)
    return rename_plainly (a, b, error);
  if (errno == EXDEV) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, g_strerror (EXDEV));
    return FALSE;
  }
  return fail_errno (error, errno);
}

/* Removing */

typedef struct {
  const InosDiskWatch *watch;
  gboolean ours; /* folders that may only be read are no obstacle */
} Removing;

static gboolean remove_inside (int parent, const char *name, guint depth, const Removing *how,
                               GError **error);

static gboolean remove_each (DIR *dir, guint depth, const Removing *how, GError **error)
{
  const struct dirent *entry;

  while ((entry = readdir (dir))) { // NOLINT(concurrency-mt-unsafe): the stream is this thread's
    if (g_str_equal (entry->d_name, ".") || g_str_equal (entry->d_name, ".."))
      continue;
    if (g_cancellable_set_error_if_cancelled (cancellable_of (how->watch), error) ||
        !remove_inside (dirfd (dir), entry->d_name, depth, how, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean remove_folder (int parent, const char *name, guint depth, const Removing *how,
                               GError **error)
{
  gboolean open = !how->ours || fchmodat (parent, name, 0700, AT_SYMLINK_NOFOLLOW) == 0;
  int fd = open ? openat (parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  gboolean ok;

  if (!dir) {
    int number = errno;

    if (fd >= 0)
      close (fd);
    /* One that is empty need not be read. */
    return unlinkat (parent, name, AT_REMOVEDIR) == 0 || fail_errno (error, number);
  }
  ok = remove_each (dir, depth + 1, how, error);
  closedir (dir);
  return ok && (unlinkat (parent, name, AT_REMOVEDIR) == 0 || fail_errno (error, errno));
}

/* By descriptors: a folder that becomes a link meanwhile leads nowhere. */
static gboolean remove_inside (int parent, const char *name, guint depth, const Removing *how,
                               GError **error)
{
  struct stat status;

  if (depth > INOS_DISK_DEPTH_MOST)
    return fail_deep (error);
  if (fstatat (parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT || fail_errno (error, errno);
  if (S_ISDIR (status.st_mode))
    return remove_folder (parent, name, depth, how, error);
  if (unlinkat (parent, name, 0) != 0 && errno != ENOENT)
    return fail_errno (error, errno);
  advance (how->watch, NULL, 0);
  return TRUE;
}

gboolean inos_disk_delete (GFile *file, const InosDiskWatch *watch, GError **error)
{
  struct stat status;
  const char *path = g_file_peek_path (file);

  if (lstat (path, &status) != 0)
    return fail_errno (error, errno);
  return remove_inside (AT_FDCWD, path, 0, &(Removing){.watch = watch}, error);
}

void inos_disk_drop_draft (GFile *draft)
{
  remove_inside (AT_FDCWD, g_file_peek_path (draft), 0, &(Removing){.ours = TRUE}, NULL);
}

/* Copying */

typedef struct {
  const InosDiskWatch *watch;
  const char *name;
  goffset told;
} Copying;

static void on_progress (goffset now, goffset total, gpointer data)
{
  Copying *copying = data;

  if (now > copying->told)
    advance (copying->watch, copying->name, (guint64)(now - copying->told));
  copying->told = now;
}

static gboolean copy_tree (GFile *from, GFile *to, guint depth, const InosDiskWatch *watch,
                           GError **error);

static gboolean copy_children (GFile *from, GFile *to, guint depth, const InosDiskWatch *watch,
                               GError **error)
{
  GCancellable *cancellable = cancellable_of (watch);
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
    from, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, cancellable, error);
  GFile *child;
  GFileInfo *info;

  if (!children)
    return FALSE;
  while (g_file_enumerator_iterate (children, &info, &child, cancellable, error)) {
    g_autoptr (GFile) target = NULL;

    if (!info)
      return TRUE;
    target = g_file_get_child (to, g_file_info_get_name (info));
    if (!copy_tree (child, target, depth + 1, watch, error))
      return FALSE;
  }
  return FALSE;
}

static gboolean copy_folder (GFile *from, GFile *to, guint depth, const InosDiskWatch *watch,
                             GError **error)
{
  if (mkdir (g_file_peek_path (to), 0700) != 0)
    return fail_errno (error, errno);
  if (!copy_children (from, to, depth, watch, error))
    return FALSE;
  g_file_copy_attributes (from, to, G_FILE_COPY_NOFOLLOW_SYMLINKS, cancellable_of (watch), NULL);
  return TRUE;
}

static gboolean copy_tree (GFile *from, GFile *to, guint depth, const InosDiskWatch *watch,
                           GError **error)
{
  g_autofree char *name = inos_disk_shown_name (from);
  Copying copying = {watch, name, 0};
  struct stat status;

  if (g_cancellable_set_error_if_cancelled (cancellable_of (watch), error))
    return FALSE;
  if (depth > INOS_DISK_DEPTH_MOST)
    return fail_deep (error);
  if (lstat (g_file_peek_path (from), &status) != 0)
    return fail_errno (error, errno);
  advance (watch, name, 0);
  if (S_ISDIR (status.st_mode))
    return copy_folder (from, to, depth, watch, error);
  if (!S_ISREG (status.st_mode) && !S_ISLNK (status.st_mode)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "not a file");
    return FALSE;
  }
  return g_file_copy (from, to, G_FILE_COPY_NOFOLLOW_SYMLINKS, cancellable_of (watch), on_progress,
                      &copying, error);
}

/* Under a name that nobody looks for, so that what has its own name is whole. */
static GFile *draft_for (GFile *to)
{
  g_autoptr (GFile) folder = g_file_get_parent (to);
  g_autofree char *name = g_strdup_printf (".inos-%08x%08x.part", g_random_int(), g_random_int());

  return folder ? g_file_get_child (folder, name) : NULL;
}

gboolean inos_disk_copy (GFile *from, GFile *to, const InosDiskWatch *watch, GError **error)
{
  g_autoptr (GFile) draft = draft_for (to);

  if (!draft)
    return fail_errno (error, EEXIST);
  if (copy_tree (from, draft, 0, watch, error) && inos_disk_rename (draft, to, error))
    return TRUE;
  inos_disk_drop_draft (draft);
  return FALSE;
}

gboolean inos_disk_move (GFile *from, GFile *to, const InosDiskWatch *watch, gboolean *left,
                         GError **error)
{
  g_autoptr (GError) failed = NULL;
  g_autofree char *name = inos_disk_shown_name (from);
  guint64 bytes = 0, files = 0;

  if (inos_disk_rename (from, to, &failed)) {
    inos_disk_measure (to, cancellable_of (watch), &bytes, &files);
    advance (watch, name, bytes);
    return TRUE;
  }
  if (!g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED)) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  if (!inos_disk_copy (from, to, watch, error))
    return FALSE;
  if (!inos_disk_delete (from, NULL, NULL) && left)
    *left = TRUE;
  return TRUE;
}

void inos_disk_measure (GFile *file, GCancellable *cancellable, guint64 *bytes, guint64 *files)
{
  g_file_measure_disk_usage (file, G_FILE_MEASURE_APPARENT_SIZE, cancellable, NULL, NULL, bytes,
                             NULL, files, NULL);
}

/* Names */

gboolean inos_disk_is_inside (GFile *folder, GFile *file)
{
  char *inner = realpath (g_file_peek_path (folder), NULL);
  g_autoptr (GFile) parent = g_file_get_parent (file);
  g_autofree char *base = g_file_get_basename (file);
  char *outer = parent ? realpath (g_file_peek_path (parent), NULL) : NULL;
  g_autofree char *whole = outer ? g_build_filename (outer, base, NULL) : NULL;
  gsize length = whole ? strlen (whole) : 0;
  gboolean inside = inner && whole && strncmp (inner, whole, length) == 0 &&
                    (inner[length] == '\0' || inner[length] == '/');

  free (inner);
  free (outer);
  return inside;
}

gboolean inos_disk_is_one (GFile *file, GFile *folder)
{
  struct stat a, b;

  return lstat (g_file_peek_path (file), &a) == 0 && stat (g_file_peek_path (folder), &b) == 0 &&
         a.st_dev == b.st_dev;
}

/* Where its ending begins; its end where it has none. */
static const char *ending_of (const char *name)
{
  const char *dot = strrchr (name, '.');

  if (!dot || dot == name || strchr (dot, ' ') || strlen (dot) > 12)
    return name + strlen (name);
  return dot - name > 4 && g_str_has_prefix (dot - 4, ".tar.") ? dot - 4 : dot;
}

GFile *inos_disk_free_name (GFile *folder, const char *name)
{
  const char *ending = ending_of (name);
  gsize room = strlen (ending) < STEM_MOST ? STEM_MOST - strlen (ending) : 1;
  gsize length = MIN ((gsize)(ending - name), room);

  for (guint i = 1; i < NUMBERS_MOST; i++) {
    g_autofree char *stem = g_strndup (name, length);
    g_autofree char *each =
      i == 1 ? g_strdup (name) : g_strdup_printf ("%s (%u)%s", stem, i, ending);
    g_autoptr (GFile) file = NULL;

    /* No half of a letter is left, where the name had none. */
    if (i > 1 && g_utf8_validate (name, -1, NULL) && !g_utf8_validate (each, -1, NULL)) {
      length--;
      continue;
    }
    file = g_file_get_child (folder, each);
    if (!inos_disk_exists (file))
      return g_steal_pointer (&file);
  }
  return g_file_get_child (folder, name);
}

const char *inos_disk_why_no_name (const char *name)
{
  if (name[0] == '\0')
    return _ ("A name has at least one letter.");
  if (g_str_equal (name, ".") || g_str_equal (name, ".."))
    return _ ("“.” and “..” are the folder itself and the one above it. Choose another name.");
  if (strchr (name, '/'))
    return _ ("A name has no “/”, which stands between folders.");
  if (strlen (name) > NAME_MAX)
    return _ ("This name is too long. A disk takes up to 255 bytes.");
  return NULL;
}

/* What strangers put into names to make them look like others, and ends of lines. */
static gboolean is_harmful (gunichar c)
{
  return c == 0x61c || c == 0x200b || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x2069) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
         (c >= 0x80 && c < 0xa0);
}

char *inos_disk_shown_text (const char *bytes)
{
  g_autofree char *valid = g_filename_display_name (bytes);
  GString *shown = g_string_new (NULL);

  for (const char *c = valid; *c; c = g_utf8_next_char (c)) {
    gunichar letter = g_utf8_get_char (c);

    if (letter < 0x20)
      g_string_append_unichar (shown, 0x2400 + letter);
    else if (letter == 0x7f)
      g_string_append_unichar (shown, 0x2421);
    else
      g_string_append_unichar (shown, is_harmful (letter) ? 0xfffd : letter);
  }
  return g_string_free (shown, FALSE);
}

char *inos_disk_shown_name (GFile *file)
{
  g_autofree char *base = g_file_get_basename (file);

  return inos_disk_shown_text (base ? base : "");
}

char *inos_disk_say (const GError *error, const char *name)
{
  static const struct {
    int code;
    const char *sentence;
  } sentences[] = {
    {G_IO_ERROR_NOT_FOUND, N_ ("“%s” is not there any more. It may have been moved or deleted.")},
    {G_IO_ERROR_PERMISSION_DENIED,
     N_ ("You may not do that with “%s”. Its owner decides who may.")},
    {G_IO_ERROR_NO_SPACE,
     N_ ("The disk is full, so that there is no room for “%s”. Delete something, or empty the "
         "trash, and try again.")},
    {G_IO_ERROR_READ_ONLY, N_ ("The disk that “%s” is on can only be read.")},
    {G_IO_ERROR_EXISTS, N_ ("There is something of the name “%s” already. Choose another name.")},
    {G_IO_ERROR_FILENAME_TOO_LONG, N_ ("The name “%s” is too long for this disk.")},
    {G_IO_ERROR_INVALID_FILENAME, N_ ("This disk takes no such name as “%s”.")},
    {G_IO_ERROR_NOT_DIRECTORY, N_ ("“%s” is no folder.")},
    {G_IO_ERROR_NOT_EMPTY, N_ ("The folder “%s” is not empty.")},
    {G_IO_ERROR_TOO_MANY_LINKS, N_ ("“%s” is a link that leads to itself.")},
    {G_IO_ERROR_NOT_REGULAR_FILE, N_ ("“%s” is no file that could be copied.")},
    {G_IO_ERROR_BUSY, N_ ("“%s” is in use. Close what uses it, and try again.")},
    {G_IO_ERROR_WOULD_RECURSE, N_ ("The folder “%s” cannot be put into itself.")},
  };

  for (gsize i = 0; error && i < G_N_ELEMENTS (sentences); i++)
    if (error->domain == G_IO_ERROR && error->code == sentences[i].code)
      return g_strdup_printf (_ (sentences[i].sentence),
                              name); // NOLINT(clang-diagnostic-format-nonliteral)
  return g_strdup_printf (_ ("“%s”: %s"), name,
                          error ? error->message : _ ("Nobody knows what went wrong."));
}
