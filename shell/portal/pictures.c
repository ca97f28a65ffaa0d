/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "pictures.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "Screenshot-"
#define SUFFIX ".png"
#define LISTED 4096 /* names; of more, these */

typedef struct {
  char *path;
  gint64 time; /* ns */
} Picture;

static void picture_free (gpointer data)
{
  Picture *picture = data;

  g_free (picture->path);
  g_free (picture);
}

static int by_time (gconstpointer a, gconstpointer b)
{
  const Picture *first = *(const Picture *const *)a, *second = *(const Picture *const *)b;

  return first->time == second->time ? strcmp (first->path, second->path)
                                     : (first->time > second->time) - (first->time < second->time);
}

static void add (GPtrArray *list, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  struct stat status;
  Picture *picture;

  if (!g_str_has_prefix (name, PREFIX) || !g_str_has_suffix (name, SUFFIX) ||
      lstat (path, &status) != 0 || !S_ISREG (status.st_mode))
    return;
  picture = g_new0 (Picture, 1);
  *picture = (Picture){g_steal_pointer (&path),
                       (gint64)status.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) +
                         status.st_mtim.tv_nsec};
  g_ptr_array_add (list, picture);
}

void inos_pictures_trim (const char *folder, guint most)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (picture_free);
  const char *name;

  while (dir && list->len < LISTED && (name = g_dir_read_name (dir)))
    add (list, folder, name);
  g_ptr_array_sort (list, by_time);
  for (guint i = 0; list->len > most && i < list->len - most; i++)
    unlink (((Picture *)list->pdata[i])->path);
}

int inos_pictures_open (char **path, GError **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir(), "inos", "screenshots", NULL);
  g_autofree char *file = g_strconcat (folder, "/" PREFIX "XXXXXX" SUFFIX, NULL);
  int fd, reason;

  g_mkdir_with_parents (folder, 0700);
  inos_pictures_trim (folder, INOS_PICTURES_MAX - 1);
  fd = g_mkstemp_full (file, O_WRONLY | O_CLOEXEC, 0600);
  reason = errno;
  if (fd < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (reason), "cannot write into %s: %s",
                 folder, g_strerror (reason));
  else
    *path = g_steal_pointer (&file);
  return fd;
}
